//! The database and the key that seals secrets in it.

use std::path::Path;

use booking::random::Random;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ConfigError, Env};
use crate::data_dir::{DATABASE_FILE, write_private};

/// Where everything is kept.
#[derive(Clone, Debug)]
pub struct Database {
    /// `ETAGE_DATABASE_URL`: `sqlite:` or `postgres:`. Default: a file in the data folder.
    pub url: String,
    /// `ETAGE_SEALING_KEY`: 32 bytes in base64. `None`: made at the first start and kept in the data folder.
    pub sealing_key: Option<SecretString>,
}

/// The file in the data folder that holds a key we made ourselves.
const KEY_FILE: &str = "sealing.key";

impl Database {
    pub(super) fn read(env: &Env, data_dir: &Path) -> Result<Self, ConfigError> {
        let url = env.secret("ETAGE_DATABASE_URL", "ETAGE_DATABASE_URL_FILE")?;
        Ok(Self {
            url: url.map_or_else(
                || default_url(data_dir),
                |url| url.expose_secret().to_owned(),
            ),
            sealing_key: env.secret("ETAGE_SEALING_KEY", "ETAGE_SEALING_KEY_FILE")?,
        })
    }

    /// The file in the data folder that is the database. `None`: the database is elsewhere.
    pub fn file_in(&self, data_dir: &Path) -> Option<&'static str> {
        (self.url == default_url(data_dir)).then_some(DATABASE_FILE)
    }

    /// The sealing key: the configured one, or the one in the data folder, made if there is none. The folder has to
    /// be there.
    ///
    /// # Errors
    /// [`ConfigError::File`] when the folder cannot be read or written.
    pub fn sealing_key_or_made(
        &self,
        data_dir: &Path,
        random: &dyn Random,
    ) -> Result<SecretString, ConfigError> {
        use base64::Engine;
        if let Some(key) = &self.sealing_key {
            return Ok(key.clone());
        }
        let path = data_dir.join(KEY_FILE);
        let failed = |source| ConfigError::File {
            name: "ETAGE_SEALING_KEY",
            path: path.display().to_string(),
            source,
        };
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok(SecretString::from(text.trim())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let mut bytes = [0; 32];
                random.fill(&mut bytes);
                let text = base64::engine::general_purpose::STANDARD.encode(bytes);
                write_private(&path, &text).map_err(failed)?;
                Ok(SecretString::from(text))
            }
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) fn describe(&self) -> Vec<(&'static str, String)> {
        let url = Url::parse(&self.url).map_or_else(
            // It may hold a password all the same.
            |_| "not a URL".to_owned(),
            |mut url| {
                if url.password().is_some() {
                    // Fails only for URLs that cannot carry a password.
                    let _masked = url.set_password(Some(MASK));
                }
                mask_query(&mut url);
                url.to_string()
            },
        );
        let key = if self.sealing_key.is_some() {
            "configured"
        } else {
            "kept in the data folder"
        };
        vec![
            ("ETAGE_DATABASE_URL", url),
            ("ETAGE_SEALING_KEY", key.to_owned()),
        ]
    }
}

/// What stands in the place of a secret.
const MASK: &str = "***";

/// PostgreSQL takes its password among the options too.
fn mask_query(url: &mut Url) {
    let is_secret = |name: &str| {
        let name = name.to_ascii_lowercase();
        ["password", "key", "secret"]
            .iter()
            .any(|sign| name.contains(sign))
    };
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if !pairs.iter().any(|(name, _)| is_secret(name)) {
        return;
    }
    let masked = pairs.iter().map(|(name, value)| {
        let value = if is_secret(name) { MASK } else { value };
        (name.as_str(), value)
    });
    url.query_pairs_mut().clear().extend_pairs(masked);
}

fn default_url(data_dir: &Path) -> String {
    format!("sqlite://{}", data_dir.join(DATABASE_FILE).display())
}
