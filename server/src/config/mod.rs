//! Process settings: what must be known before the database is open.
//!
//! Every setting is an environment variable named `ETAGE_…`; each of them works with its default,
//! and a name nobody knows is refused, so that a typing error is not silently a default. Secrets
//! may come from a file, named by the same variable with `_FILE` behind it.

mod cloud;
mod database;
mod env;
mod http;
mod letters;
mod microsoft;
mod privacy;
mod sync;

use std::path::PathBuf;

use self::http::or_none;

pub use database::Database;
pub use env::{ConfigError, Env};
pub use http::{Http, Tls};
pub use letters::Letters;
pub use microsoft::Microsoft;
pub use privacy::Privacy;
pub use sync::Sync;

/// Every process setting.
#[derive(Clone, Debug)]
pub struct Config {
    /// `ETAGE_DATA_DIR`: folder for the database and the sealing key. Default `./data`.
    pub data_dir: PathBuf,
    /// Listening, origins, certificate.
    pub http: Http,
    /// Database and sealing key.
    pub database: Database,
    /// Where Microsoft is.
    pub microsoft: Microsoft,
    /// Polling and notifications.
    pub sync: Sync,
    /// What people are told of each other.
    pub privacy: Privacy,
    /// What people are told by mail.
    pub letters: Letters,
    /// `ETAGE_SITE_DIR`: serve the site from this folder instead of the one in the program. `None`: the one in the program.
    pub site_dir: Option<PathBuf>,
    /// `ETAGE_LOG`: which lines the log has, a `tracing` filter. Default [`LOG_DEFAULT`].
    pub log: String,
}

/// What is logged unless `ETAGE_LOG` says otherwise.
pub const LOG_DEFAULT: &str = "info,sqlx=warn,hyper=warn,rustls=warn,tower_http=info";

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    /// [`ConfigError`] naming the variable, what is wrong with it, and what it should look like.
    pub fn read(env: &Env) -> Result<Self, ConfigError> {
        env.refuse_unknown()?;
        let data_dir = PathBuf::from(env.text("ETAGE_DATA_DIR").unwrap_or("./data"));
        let http = Http::read(env)?;
        Ok(Self {
            database: Database::read(env, &data_dir)?,
            microsoft: Microsoft::read(env)?,
            sync: Sync::read(env, &http)?,
            privacy: Privacy::read(env)?,
            letters: Letters::read(env)?,
            site_dir: env.text("ETAGE_SITE_DIR").map(PathBuf::from),
            log: env.text("ETAGE_LOG").unwrap_or(LOG_DEFAULT).to_owned(),
            data_dir,
            http,
        })
    }

    /// The settings in force, one `NAME value` each, secrets masked; what `etage doctor` prints.
    pub fn describe(&self) -> Vec<(&'static str, String)> {
        let mut lines = vec![("ETAGE_DATA_DIR", self.data_dir.display().to_string())];
        lines.extend(self.http.describe());
        lines.extend(self.database.describe());
        lines.extend(self.microsoft.describe());
        lines.extend(self.sync.describe());
        lines.extend(self.privacy.describe());
        lines.extend(self.letters.describe());
        let site_dir = self.site_dir.as_ref().map(|path| path.display());
        lines.push(("ETAGE_SITE_DIR", or_none(site_dir)));
        lines.push(("ETAGE_LOG", self.log.clone()));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(&Env::of(pairs))
    }

    #[test]
    fn a_first_start_needs_no_setting_at_all() {
        let config = read(&[]).unwrap();
        assert_eq!(config.http.origin.as_str(), "http://localhost:3000/");
        assert!(config.database.url.starts_with("sqlite:"));
    }

    #[test]
    fn a_mistyped_name_is_refused_with_the_nearest_one() {
        let error = read(&[("ETAGE_ORIGN", "https://rooms.contoso.com")]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("ETAGE_ORIGN") && text.contains("ETAGE_ORIGIN"),
            "{text}"
        );
    }

    #[test]
    fn microsoft_is_never_spoken_to_in_the_clear_outside_this_machine() {
        assert!(read(&[("ETAGE_GRAPH_URL", "http://graph.contoso.com")]).is_err());
        assert!(read(&[("ETAGE_GRAPH_URL", "http://localhost:3090")]).is_ok());
    }

    #[test]
    fn a_cloud_names_its_addresses_and_the_audience_of_its_tokens() {
        for (cloud, login, graph) in [
            ("global", "login.microsoftonline.com", "graph.microsoft.com"),
            (
                "us-gov-l4",
                "login.microsoftonline.us",
                "graph.microsoft.us",
            ),
            (
                "us-gov-l5",
                "login.microsoftonline.us",
                "dod-graph.microsoft.us",
            ),
            (
                "china",
                "login.chinacloudapi.cn",
                "microsoftgraph.chinacloudapi.cn",
            ),
        ] {
            let microsoft = read(&[("ETAGE_CLOUD", cloud)]).unwrap().microsoft;
            assert_eq!(microsoft.login_url.host_str(), Some(login));
            assert_eq!(microsoft.graph_url.host_str(), Some(graph));
            let audience = graph::provider::resource_of(&microsoft.graph_url);
            assert_eq!(audience, format!("https://{graph}"));
        }
    }

    #[test]
    fn addresses_of_different_clouds_are_refused_by_name() {
        let us_graph = ("ETAGE_GRAPH_URL", "https://graph.microsoft.us");
        let us_login = ("ETAGE_LOGIN_URL", "https://login.microsoftonline.us");
        let china = ("ETAGE_CLOUD", "china");
        let nearby = ("ETAGE_GRAPH_URL", "http://localhost:3090");
        for (pairs, named) in [
            (vec![us_graph], "ETAGE_LOGIN_URL"),
            (vec![us_login], "ETAGE_LOGIN_URL"),
            (vec![china, us_graph], "ETAGE_GRAPH_URL"),
            (vec![china, us_login], "ETAGE_LOGIN_URL"),
            (vec![china, nearby], "ETAGE_GRAPH_URL"),
            (vec![("ETAGE_CLOUD", "germany")], "ETAGE_CLOUD"),
        ] {
            let error = read(&pairs).unwrap_err().to_string();
            assert!(error.contains(named) && error.contains("china"), "{error}");
        }
        assert!(read(&[us_graph, us_login]).is_ok());
        let partner = (
            "ETAGE_LOGIN_URL",
            "https://login.partner.microsoftonline.cn",
        );
        assert!(read(&[china, partner]).is_ok());
    }

    #[test]
    fn a_certificate_without_its_key_is_refused_by_name() {
        let error = read(&[("ETAGE_TLS_CERT_FILE", "cert.pem")]).unwrap_err();
        assert!(error.to_string().contains("ETAGE_TLS_KEY_FILE"));
    }

    #[test]
    fn secrets_are_masked_when_the_settings_are_described() {
        for url in [
            "postgres://etage:hunter2@db/etage",
            "postgres:///etage?host=/run/db&user=etage&password=hunter2",
            "postgres://db/etage?PassWord=hunter2",
            "postgres://db/etage?p%61ssword=hunter2",
        ] {
            let config = read(&[("ETAGE_DATABASE_URL", url)]).unwrap();
            let described = format!("{:?}", config.describe());
            assert!(!described.contains("hunter2"), "{described}");
            assert!(described.contains("etage"), "{described}");
        }
        let plain = "postgres:///etage?host=/run/db&options[search_path]=rooms";
        let config = read(&[("ETAGE_DATABASE_URL", plain)]).unwrap();
        let described = config.describe();
        assert!(described.contains(&("ETAGE_DATABASE_URL", plain.to_owned())));
    }

    #[test]
    fn every_setting_is_described() {
        let described = read(&[]).unwrap().describe();
        // Where a secret comes from is told with the secret; the application's own only a command reads.
        let left_out = [
            "ETAGE_CLIENT_CERTIFICATE_FILE",
            "ETAGE_CLIENT_KEY_FILE",
            "ETAGE_CLIENT_SECRET",
            "ETAGE_CLIENT_SECRET_FILE",
            "ETAGE_DATABASE_URL_FILE",
            "ETAGE_SEALING_KEY_FILE",
        ];
        for name in env::KNOWN.iter().filter(|name| !left_out.contains(name)) {
            assert!(described.iter().any(|(told, _)| told == name), "{name}");
        }
    }
}
