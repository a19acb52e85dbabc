//! Listening, origins, certificate.

use std::net::SocketAddr;
use std::path::PathBuf;

use url::Url;

use super::{ConfigError, Env};

/// How the process is reached.
#[derive(Clone, Debug)]
pub struct Http {
    /// `ETAGE_LISTEN`: address and port. Default `127.0.0.1:3000`.
    pub listen: SocketAddr,
    /// `ETAGE_TLS_CERT_FILE` and `ETAGE_TLS_KEY_FILE`: PEM files. `None`: plain http, for use behind a proxy.
    pub tls: Option<Tls>,
    /// `ETAGE_LISTEN_HTTP`: a plain listener beside the one with a certificate. `None`: none.
    pub listen_http: Option<SocketAddr>,
    /// `ETAGE_ORIGIN`: how browsers name this server. Default `https://localhost:3000`, or `http` without a certificate.
    pub origin: Url,
    /// `ETAGE_ALSO_ORIGINS`: further names it is used under, separated by commas.
    pub also_origins: Vec<Url>,
    /// `ETAGE_FRAME_ANCESTORS`: origins that may frame the pane beside Outlook's own, separated by commas.
    pub frame_ancestors: Vec<Url>,
}

/// A certificate and its key.
#[derive(Clone, Debug)]
pub struct Tls {
    /// Certificate chain, PEM.
    pub cert_file: PathBuf,
    /// Private key, PEM.
    pub key_file: PathBuf,
}

const ADDRESS: &str = "an address and a port, such as 127.0.0.1:3000";
const ORIGIN: &str = "an origin, such as https://rooms.contoso.com";

impl Http {
    pub(super) fn read(env: &Env) -> Result<Self, ConfigError> {
        let tls = tls(env)?;
        let default = if tls.is_some() {
            "https://localhost:3000"
        } else {
            "http://localhost:3000"
        };
        Ok(Self {
            listen: env
                .parsed("ETAGE_LISTEN", ADDRESS)?
                .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 3000))),
            listen_http: env.parsed("ETAGE_LISTEN_HTTP", ADDRESS)?,
            origin: origin("ETAGE_ORIGIN", env.text("ETAGE_ORIGIN").unwrap_or(default))?,
            also_origins: origins(env, "ETAGE_ALSO_ORIGINS")?,
            frame_ancestors: origins(env, "ETAGE_FRAME_ANCESTORS")?,
            tls,
        })
    }

    /// Every name this server is used under.
    pub fn origins(&self) -> impl Iterator<Item = &Url> {
        std::iter::once(&self.origin).chain(&self.also_origins)
    }

    /// Whether this is an origin of ours, as browsers write it.
    pub fn is_own(&self, origin: &str) -> bool {
        // Each was made an origin when it was read, and its text ends in the slash that every address has.
        self.origins()
            .any(|own| own.as_str().strip_suffix('/') == Some(origin))
    }

    pub(super) fn describe(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ETAGE_LISTEN", self.listen.to_string()),
            ("ETAGE_LISTEN_HTTP", or_none(self.listen_http)),
            (
                "ETAGE_TLS_CERT_FILE",
                or_none(self.tls.as_ref().map(|tls| tls.cert_file.display())),
            ),
            (
                "ETAGE_TLS_KEY_FILE",
                or_none(self.tls.as_ref().map(|tls| tls.key_file.display())),
            ),
            ("ETAGE_ORIGIN", self.origin.origin().ascii_serialization()),
            ("ETAGE_ALSO_ORIGINS", list(&self.also_origins)),
            ("ETAGE_FRAME_ANCESTORS", list(&self.frame_ancestors)),
        ]
    }
}

fn tls(env: &Env) -> Result<Option<Tls>, ConfigError> {
    let missing = |name| ConfigError::Value {
        name,
        wrong: "it is missing, while its counterpart is set".to_owned(),
        should: "set together: a certificate needs its key",
    };
    match (
        env.text("ETAGE_TLS_CERT_FILE"),
        env.text("ETAGE_TLS_KEY_FILE"),
    ) {
        (None, None) => Ok(None),
        (Some(_), None) => Err(missing("ETAGE_TLS_KEY_FILE")),
        (None, Some(_)) => Err(missing("ETAGE_TLS_CERT_FILE")),
        (Some(cert), Some(key)) => Ok(Some(Tls {
            cert_file: cert.into(),
            key_file: key.into(),
        })),
    }
}

fn origins(env: &Env, name: &'static str) -> Result<Vec<Url>, ConfigError> {
    env.text(name)
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| origin(name, text))
        .collect()
}

fn origin(name: &'static str, text: &str) -> Result<Url, ConfigError> {
    let wrong = |wrong: String| ConfigError::Value {
        name,
        wrong,
        should: ORIGIN,
    };
    let url = Url::parse(text).map_err(|_| wrong(format!("“{text}” cannot be read")))?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(wrong(format!("“{text}” names no web server")));
    }
    if url.path() != "/" || url.query().is_some() {
        return Err(wrong(format!("“{text}” has a path")));
    }
    // Whatever else may be in it, such as a user's name, is no part of an origin.
    Url::parse(&url.origin().ascii_serialization())
        .map_err(|_| wrong(format!("“{text}” cannot be read")))
}

fn list(urls: &[Url]) -> String {
    let texts: Vec<String> = urls
        .iter()
        .map(|url| url.origin().ascii_serialization())
        .collect();
    or_none((!texts.is_empty()).then(|| texts.join(", ")))
}

pub(super) fn or_none<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}
