//! The database and the key that seals secrets in it.

use std::path::Path;

use booking::random::Random;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{ConfigError, Env};

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
                || format!("sqlite://{}", data_dir.join("etage.db").display()),
                |url| url.expose_secret().to_owned(),
            ),
            sealing_key: env.secret("ETAGE_SEALING_KEY", "ETAGE_SEALING_KEY_FILE")?,
        })
    }

    /// The sealing key: the configured one, or the one in the data folder, made if there is none.
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
                std::fs::create_dir_all(data_dir).map_err(failed)?;
                write_private(&path, &text).map_err(failed)?;
                Ok(SecretString::from(text))
            }
            Err(error) => Err(failed(error)),
        }
    }

    pub(super) fn describe(&self) -> Vec<(&'static str, String)> {
        let url = Url::parse(&self.url).map_or_else(
            |_| self.url.clone(),
            |mut url| {
                if url.password().is_some() {
                    // Fails only for URLs that cannot carry a password.
                    let _masked = url.set_password(Some("…"));
                }
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

#[cfg(unix)]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    file.write_all(text.as_bytes())
}

#[cfg(not(unix))]
fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    std::fs::write(path, text)
}
