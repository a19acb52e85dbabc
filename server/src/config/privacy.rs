//! What people are told of each other.

use super::{ConfigError, Env};

/// What is told.
#[derive(Clone, Copy, Debug)]
pub struct Privacy {
    /// `ETAGE_ORGANIZERS`: whether whoever opens a room is told who has it, `named` or `hidden`. Default `named`.
    pub tell_organizers: bool,
}

impl Privacy {
    pub(super) fn read(env: &Env) -> Result<Self, ConfigError> {
        let tell_organizers = match env.text("ETAGE_ORGANIZERS") {
            None | Some("named") => true,
            Some("hidden") => false,
            Some(text) => {
                return Err(ConfigError::Value {
                    name: "ETAGE_ORGANIZERS",
                    wrong: format!("“{text}” is neither"),
                    should: "named or hidden",
                });
            }
        };
        Ok(Self { tell_organizers })
    }

    pub(super) fn describe(self) -> Vec<(&'static str, String)> {
        let word = if self.tell_organizers {
            "named"
        } else {
            "hidden"
        };
        vec![("ETAGE_ORGANIZERS", word.to_owned())]
    }
}
