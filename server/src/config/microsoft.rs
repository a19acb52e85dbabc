//! Where Microsoft is: the global cloud unless told otherwise.

use std::path::PathBuf;

use graph::cloud::Cloud;
use url::{Host, Url};

use super::http::or_none;
use super::{ConfigError, Env, cloud};

/// The services of Microsoft that are spoken to.
#[derive(Clone, Debug)]
pub struct Microsoft {
    /// `ETAGE_CLOUD`: `global`, `us-gov-l4`, `us-gov-l5` or `china`. `None`: not said, so global by default.
    pub cloud: Option<Cloud>,
    /// `ETAGE_GRAPH_URL`: Graph without its version. Default: the cloud's.
    pub graph_url: Url,
    /// `ETAGE_LOGIN_URL`: Entra ID. Default: the cloud's.
    pub login_url: Url,
    /// `ETAGE_OFFICE_JS_URL`: scripts the pane loads in this order, separated by commas. Default: Microsoft's office.js.
    pub office_js_urls: Vec<Url>,
    /// `ETAGE_TRUST_CA_FILE`: a further authority for outgoing calls, PEM. `None`: only the built-in ones.
    pub trust_ca_file: Option<PathBuf>,
}

const HTTPS: &str = "an https address (http only on this machine)";

impl Microsoft {
    pub(super) fn read(env: &Env) -> Result<Self, ConfigError> {
        let named = cloud::read(env)?;
        let cloud = named.unwrap_or(Cloud::Global);
        let graph_url = secure(env, "ETAGE_GRAPH_URL", cloud.graph_url())?;
        let login_url = secure(env, "ETAGE_LOGIN_URL", cloud.login_url())?;
        cloud::check(named, &graph_url, &login_url)?;
        Ok(Self {
            cloud: named,
            graph_url,
            login_url,
            office_js_urls: env
                .text("ETAGE_OFFICE_JS_URL")
                .unwrap_or("https://appsforoffice.microsoft.com/lib/1/hosted/office.js")
                .split(',')
                .map(|text| secure_url("ETAGE_OFFICE_JS_URL", text.trim()))
                .collect::<Result<_, _>>()?,
            trust_ca_file: env.text("ETAGE_TRUST_CA_FILE").map(PathBuf::from),
        })
    }

    pub(super) fn describe(&self) -> Vec<(&'static str, String)> {
        let scripts: Vec<&str> = self.office_js_urls.iter().map(Url::as_str).collect();
        vec![
            ("ETAGE_CLOUD", or_none(self.cloud.map(Cloud::name))),
            ("ETAGE_GRAPH_URL", self.graph_url.to_string()),
            ("ETAGE_LOGIN_URL", self.login_url.to_string()),
            ("ETAGE_OFFICE_JS_URL", scripts.join(", ")),
            (
                "ETAGE_TRUST_CA_FILE",
                or_none(self.trust_ca_file.as_ref().map(|path| path.display())),
            ),
        ]
    }
}

fn secure(env: &Env, name: &'static str, default: &str) -> Result<Url, ConfigError> {
    secure_url(name, env.text(name).unwrap_or(default))
}

/// Tokens travel there, so nothing but https will do outside this machine.
pub(super) fn secure_url(name: &'static str, text: &str) -> Result<Url, ConfigError> {
    let wrong = |wrong: String| ConfigError::Value {
        name,
        wrong,
        should: HTTPS,
    };
    let url = Url::parse(text).map_err(|_| wrong(format!("“{text}” cannot be read")))?;
    let local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => Ok(url),
        "http" if local => Ok(url),
        _ => Err(wrong(format!("“{text}” is not safe for tokens"))),
    }
}
