//! The environment, read with care: unknown names are refused, values are named when wrong.

use std::collections::BTreeMap;
use std::str::FromStr;

use secrecy::SecretString;

/// Every name that means something.
pub(super) const KNOWN: &[&str] = &[
    "ETAGE_ALSO_ORIGINS",
    "ETAGE_CLIENT_CERTIFICATE_FILE",
    "ETAGE_CLIENT_KEY_FILE",
    "ETAGE_CLIENT_SECRET",
    "ETAGE_CLIENT_SECRET_FILE",
    "ETAGE_CHECK_HOURS",
    "ETAGE_CLOUD",
    "ETAGE_DATABASE_URL",
    "ETAGE_DATABASE_URL_FILE",
    "ETAGE_DATA_DIR",
    "ETAGE_FRAME_ANCESTORS",
    "ETAGE_GRAPH_URL",
    "ETAGE_LISTEN",
    "ETAGE_LISTEN_HTTP",
    "ETAGE_LOG",
    "ETAGE_LOGIN_URL",
    "ETAGE_NOTICES",
    "ETAGE_NOTIFICATION_URL",
    "ETAGE_OFFICE_JS_URL",
    "ETAGE_ORGANIZERS",
    "ETAGE_ORIGIN",
    "ETAGE_POLL_SECONDS",
    "ETAGE_SEALING_KEY",
    "ETAGE_SEALING_KEY_FILE",
    "ETAGE_SITE_DIR",
    "ETAGE_TLS_CERT_FILE",
    "ETAGE_TLS_KEY_FILE",
    "ETAGE_TRUST_CA_FILE",
];

/// A setting is wrong.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Nobody knows this name.
    #[error("{name} is not a setting of Etage. Did you mean {nearest}?")]
    Unknown {
        /// The name.
        name: String,
        /// The known name most like it.
        nearest: &'static str,
    },
    /// The value cannot be used.
    #[error("{name}: {wrong}. It should be {should}.")]
    Value {
        /// The setting.
        name: &'static str,
        /// What is wrong with it.
        wrong: String,
        /// What it should look like.
        should: &'static str,
    },
    /// A file cannot be read or written.
    #[error("{name}: the file {path} cannot be used")]
    File {
        /// The setting.
        name: &'static str,
        /// The file.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}

/// The variables a process was started with.
#[derive(Clone, Debug, Default)]
pub struct Env(BTreeMap<String, String>);

impl Env {
    /// This process's.
    pub fn of_process() -> Self {
        Self(
            // Variables of others need not be text.
            std::env::vars_os()
                .filter_map(|(name, value)| {
                    let name = name.into_string().ok()?;
                    let ours = name.starts_with("ETAGE_");
                    ours.then(|| (name, value.to_string_lossy().into_owned()))
                })
                .collect(),
        )
    }

    /// These, for tests.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        )
    }

    /// The text of a setting. `None`: not set, or empty.
    pub fn text(&self, name: &'static str) -> Option<&str> {
        self.0
            .get(name)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// A setting read as something.
    ///
    /// # Errors
    /// [`ConfigError::Value`] with `should` when it cannot be read.
    pub fn parsed<T: FromStr>(
        &self,
        name: &'static str,
        should: &'static str,
    ) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| ConfigError::Value {
            name,
            wrong: format!("“{text}” cannot be read"),
            should,
        })
    }

    /// A secret, from the variable or from the file that `file_name` names.
    ///
    /// # Errors
    /// [`ConfigError::File`] when the file cannot be read.
    pub fn secret(
        &self,
        name: &'static str,
        file_name: &'static str,
    ) -> Result<Option<SecretString>, ConfigError> {
        if let Some(text) = self.text(name) {
            return Ok(Some(SecretString::from(text)));
        }
        let Some(path) = self.text(file_name) else {
            return Ok(None);
        };
        std::fs::read_to_string(path)
            .map(|text| Some(SecretString::from(text.trim())))
            .map_err(|source| ConfigError::File {
                name: file_name,
                path: path.to_owned(),
                source,
            })
    }

    /// Refuses names that begin with `ETAGE_` and mean nothing.
    ///
    /// # Errors
    /// [`ConfigError::Unknown`] for the first of them.
    pub fn refuse_unknown(&self) -> Result<(), ConfigError> {
        match self.0.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            None => Ok(()),
            Some(name) => Err(ConfigError::Unknown {
                name: name.clone(),
                nearest: nearest(name),
            }),
        }
    }
}

fn nearest(name: &str) -> &'static str {
    let shared = |known: &&&str| {
        let front = known.bytes().zip(name.bytes()).take_while(|(a, b)| a == b);
        let back = known.bytes().rev().zip(name.bytes().rev());
        front.count() + back.take_while(|(a, b)| a == b).count()
    };
    KNOWN.iter().max_by_key(shared).map_or("", |known| known)
}
