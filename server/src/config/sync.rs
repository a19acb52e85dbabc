//! Polling and notifications.

use url::Url;

use super::http::or_none;
use super::microsoft::secure_url;
use super::{ConfigError, Env, Http};

/// How the mirror is kept true.
#[derive(Clone, Debug)]
pub struct Sync {
    /// `ETAGE_POLL_SECONDS`: how often a room without notifications is read, in seconds. Default 60.
    pub poll_seconds: u32,
    /// `ETAGE_CHECK_HOURS`: how often each room's whole calendar is compared with the mirror, in hours; 0: never.
    /// Default 24.
    pub check_hours: u32,
    /// `ETAGE_NOTIFICATION_URL`: base address Graph posts to; `none` switches notifications off.
    /// Default: the origin, if it is https. `None`: rooms are polled.
    pub notification_url: Option<Url>,
}

impl Sync {
    pub(super) fn read(env: &Env, http: &Http) -> Result<Self, ConfigError> {
        let poll_seconds = env
            .parsed("ETAGE_POLL_SECONDS", "whole seconds, from 5 to 3600")?
            .unwrap_or(60);
        if !(5..=3600).contains(&poll_seconds) {
            return Err(ConfigError::Value {
                name: "ETAGE_POLL_SECONDS",
                wrong: format!("{poll_seconds} is out of range"),
                should: "whole seconds, from 5 to 3600",
            });
        }
        let check_hours = env
            .parsed("ETAGE_CHECK_HOURS", "whole hours, from 0 to 720")?
            .unwrap_or(24);
        if check_hours > 720 {
            return Err(ConfigError::Value {
                name: "ETAGE_CHECK_HOURS",
                wrong: format!("{check_hours} is out of range"),
                should: "whole hours, from 0 to 720; 0 never compares",
            });
        }
        let notification_url = match env.text("ETAGE_NOTIFICATION_URL") {
            Some("none") => None,
            Some(text) => Some(secure_url("ETAGE_NOTIFICATION_URL", text)?),
            None => Some(http.origin.clone()).filter(|origin| origin.scheme() == "https"),
        };
        Ok(Self {
            poll_seconds,
            check_hours,
            notification_url,
        })
    }

    pub(super) fn describe(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ETAGE_POLL_SECONDS", self.poll_seconds.to_string()),
            ("ETAGE_CHECK_HOURS", self.check_hours.to_string()),
            (
                "ETAGE_NOTIFICATION_URL",
                or_none(self.notification_url.as_ref()),
            ),
        ]
    }
}
