//! The one error of this crate's library face.

use std::net::SocketAddr;

/// Why a simulator could not be started or told something.
#[derive(Debug, thiserror::Error)]
pub enum SimError {
    /// The scenario is not the documented JSON; the source names the field and the line.
    #[error("the scenario cannot be read")]
    ScenarioFormat(#[source] serde_json::Error),
    /// The scenario contradicts itself, for example a room list naming a room that is not there.
    #[error("the scenario names {what} {name:?}, which is not usable: {reason}")]
    ScenarioContent {
        /// The kind of thing, such as "room".
        what: &'static str,
        /// Its name in the scenario.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A fault plan is not the documented JSON; the source names the field and the line.
    #[error("the fault plan cannot be read")]
    FaultPlan(#[source] serde_json::Error),
    /// There cannot be such a fault.
    #[error("the fault cannot be: {reason}")]
    Fault {
        /// What is wrong with it: the field, by its name in JSON, and its range.
        reason: &'static str,
    },
    /// The address could not be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The certificate or key is not usable PEM.
    #[error("the TLS certificate or key cannot be used")]
    Tls(#[source] rustls::Error),
    /// The PEM text could not be parsed or holds no key.
    #[error("the TLS certificate or key is not PEM")]
    Pem(#[source] rustls::pki_types::pem::Error),
    /// The client that posts notifications could not be built; usually the extra CA is not PEM.
    #[error("the client that posts notifications cannot be built")]
    NotificationClient(#[source] reqwest::Error),
    /// No signing key could be made.
    #[error("no token signing key could be generated")]
    SigningKey,
    /// A name given to the library is unknown, for example a mailbox address.
    #[error("there is no {what} {name:?} in this simulator")]
    Unknown {
        /// The kind of thing looked for.
        what: &'static str,
        /// What was asked for.
        name: String,
    },
    /// The contract document could not be read.
    #[cfg(feature = "contract")]
    #[error("the contract document {path} cannot be read")]
    ContractRead {
        /// Where it was looked for.
        path: std::path::PathBuf,
        /// The operating system's answer.
        #[source]
        source: std::io::Error,
    },
    /// The contract document is not YAML.
    #[cfg(feature = "contract")]
    #[error("the contract document is not YAML")]
    ContractFormat(#[source] serde_yaml_ng::Error),
}
