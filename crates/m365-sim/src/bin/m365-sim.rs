//! The simulator as a program.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use m365_sim::{
    AccessEvaluation, FaultPlan, Findings, Mode, Observer, Scenario, Sim, SimError, SimOptions,
    Throttle, Tls,
};

/// A year: more would be a slip of the pen.
const SUBSCRIPTION_MINUTES_LIMIT: i64 = 525_600;

/// A simulated Microsoft 365 tenant over HTTP: Entra ID, Microsoft Graph, and rooms that answer.
#[derive(Debug, Parser)]
#[command(
    name = "m365-sim",
    version,
    after_help = "Once it listens, its page for people is at /_sim/ and its remote control below that.\n\
                  The small office knows the application 5a7e0001-0000-4000-8000-000000000001 with the secret contoso-secret."
)]
struct Arguments {
    /// What the tenants hold: small-office, campus, busy-monday, hostile-tenant or two-tenants, or a file, JSON.
    #[arg(long, value_name = "NAME or FILE", default_value = "small-office")]
    scenario: String,
    /// Where to listen; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The origin put into links, issuers and endpoints, when it differs from the address listened on.
    #[arg(long)]
    public_url: Option<String>,
    /// Certificate chain, PEM; serves https.
    #[arg(long, requires = "tls_key")]
    tls_cert: Option<PathBuf>,
    /// Private key, PEM.
    #[arg(long, requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// A CA, PEM, trusted when notifications are posted.
    #[arg(long)]
    trust_ca: Option<PathBuf>,
    /// How long rooms take to answer.
    #[arg(long, default_value_t = 400)]
    attendant_delay_ms: u64,
    /// How long notifications take to go out.
    #[arg(long, default_value_t = 100)]
    notification_delay_ms: u64,
    /// Let rooms answer and notifications go out only on /_sim/step and /_sim/drain, and let the clock stand.
    #[arg(long)]
    explicit: bool,
    /// Faults from the start: a plan, JSON.
    #[arg(long, conflicts_with = "hostile")]
    faults: Option<PathBuf>,
    /// Faults from the start: of all requests to Graph 10 % are throttled, 5 % fail and 2 % lose their connection; the
    /// number is where chance comes from.
    #[arg(long, value_name = "SEED")]
    hostile: Option<u64>,
    /// Microsoft's OpenAPI document, YAML: every exchange is held against it, and `/_sim/contract` tells what broke it.
    #[cfg(feature = "contract")]
    #[arg(long)]
    contract: Option<PathBuf>,
    /// Give clients that say they take claims challenges tokens for a day, and challenge them after a revocation.
    #[arg(long)]
    continuous_access_evaluation: bool,
    /// The longest life of a subscription, in minutes; Microsoft documents 4230.
    #[arg(long, default_value_t = 4_230, value_parser = clap::value_parser!(u32).range(1..=SUBSCRIPTION_MINUTES_LIMIT))]
    subscription_minutes_max: u32,
    /// How many requests of one application are served at a time in one mailbox.
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    throttle_at_once: u32,
    /// How many requests of one application are served in one mailbox within the window.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..))]
    throttle_in_window: u32,
    /// How long that window is, in seconds.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u32).range(1..))]
    throttle_window_seconds: u32,
    /// Where ids and tokens come from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// Why the program ends.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("cannot read {path}")]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("there is no scenario and no file {wanted:?}; the scenarios are {names}")]
    NoScenario { wanted: String, names: String },
    #[error(transparent)]
    Sim(#[from] SimError),
    #[error("cannot wait for the signal to stop")]
    Signal(#[source] std::io::Error),
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&failure);
            while let Some(error) = cause {
                eprintln!("m365-sim: {error}");
                cause = error.source();
            }
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Failure> {
    let scenario = scenario(&arguments.scenario)?;
    let sim = Sim::start(scenario, options(&arguments)?).await?;
    println!("m365-sim listening on {}", sim.url());
    tokio::signal::ctrl_c().await.map_err(Failure::Signal)
}

/// A shipped scenario by its name, or one in a file.
fn scenario(wanted: &str) -> Result<Scenario, Failure> {
    if Scenario::names().any(|name| name == wanted) {
        return Ok(Scenario::named(wanted)?);
    }
    let path = Path::new(wanted);
    if !path.exists() {
        return Err(Failure::NoScenario {
            wanted: wanted.to_owned(),
            names: Scenario::names().collect::<Vec<_>>().join(", "),
        });
    }
    Ok(Scenario::from_json(&read(path)?)?)
}

fn options(arguments: &Arguments) -> Result<SimOptions, Failure> {
    let mode = if arguments.explicit {
        Mode::Explicit
    } else {
        Mode::Auto {
            attendant_delay: Duration::from_millis(arguments.attendant_delay_ms),
            notification_delay: Duration::from_millis(arguments.notification_delay_ms),
        }
    };
    let tls = match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificates), Some(key)) => Some(Tls {
            certificates_pem: read(certificates)?,
            key_pem: read(key)?,
        }),
        _ => None,
    };
    let faults = match (&arguments.faults, arguments.hostile) {
        (Some(path), _) => FaultPlan::from_json(&read(path)?)?,
        (None, Some(seed)) => FaultPlan::hostile(seed),
        (None, None) => FaultPlan::default(),
    };
    let access_evaluation = if arguments.continuous_access_evaluation {
        AccessEvaluation::Continuous
    } else {
        AccessEvaluation::AtExpiry
    };
    let (observer, findings) = watched(arguments)?;
    Ok(SimOptions {
        access_evaluation,
        observer,
        findings,
        faults,
        bind: arguments.listen,
        mode,
        tls,
        public_url: arguments.public_url.clone(),
        extra_ca_pem: arguments.trust_ca.as_deref().map(read).transpose()?,
        seed: arguments.seed,
        subscription_minutes_max: arguments.subscription_minutes_max,
        throttle: Throttle {
            at_once: arguments.throttle_at_once,
            in_window: arguments.throttle_in_window,
            window_seconds: arguments.throttle_window_seconds,
        },
    })
}

/// Who watches, and what it has found.
#[cfg(feature = "contract")]
fn watched(arguments: &Arguments) -> Result<(Option<Observer>, Option<Findings>), Failure> {
    let Some(path) = &arguments.contract else {
        return Ok((None, None));
    };
    let contract = m365_sim::contract::ContractObserver::load(path)?;
    let (observer, findings) = contract.in_background();
    Ok((Some(observer), Some(findings)))
}

/// Nobody: this program was built without the feature `contract`.
#[cfg(not(feature = "contract"))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "with the feature, reading the document can fail"
)]
fn watched(_arguments: &Arguments) -> Result<(Option<Observer>, Option<Findings>), Failure> {
    Ok((None, None))
}

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|source| Failure::Read {
        path: path.to_owned(),
        source,
    })
}
