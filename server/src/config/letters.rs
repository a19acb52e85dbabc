//! What people are told by mail.

use super::{ConfigError, Env};

/// Whether letters are sent.
#[derive(Clone, Copy, Debug)]
pub struct Letters {
    /// `ETAGE_NOTICES`: whether somebody whose room declines late is told by mail from the booking mailbox, `mail` or
    /// `none`. Default `none`: it needs a permission of its own.
    pub by_mail: bool,
}

impl Letters {
    pub(super) fn read(env: &Env) -> Result<Self, ConfigError> {
        let by_mail = match env.text("ETAGE_NOTICES") {
            None | Some("none") => false,
            Some("mail") => true,
            Some(text) => {
                return Err(ConfigError::Value {
                    name: "ETAGE_NOTICES",
                    wrong: format!("“{text}” is neither"),
                    should: "mail or none",
                });
            }
        };
        Ok(Self { by_mail })
    }

    pub(super) fn describe(self) -> Vec<(&'static str, String)> {
        let word = if self.by_mail { "mail" } else { "none" };
        vec![("ETAGE_NOTICES", word.to_owned())]
    }
}
