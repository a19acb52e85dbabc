//! Settings to a running whole: the one place where all crates meet.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use booking::ids::ConnectionId;
use booking::person::PersonId;
use booking::random::Random;
use booking::time::{Clock, HOUR_MS};
use engine::providers::Providers;
use engine::{Engine, Parts, Settings};
use graph::Credential;
use graph::provider::{BookingAccess, BookingMailbox, GraphConfig, GraphProvider, resource_of};
use leptos::config::LeptosOptions;
use store::tenants::Connection;
use store::{SealingKey, Store};
use tokio_util::sync::CancellationToken;

use crate::checks::Checks;
use crate::config::Config;
use crate::data_dir;
use crate::share::Share;
use crate::sign_in::{SignIn, StoredGrants, Tenant};
use crate::site::Site;
use crate::state::{AppState, Reachable};
use crate::streams::Streams;

/// No question to Microsoft may take longer.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(30);
const CONNECT_TIME_MAX: Duration = Duration::from_secs(5);

/// The store, opened and brought to the newest schema.
///
/// # Errors
/// When the data folder or the database cannot be used; the text says which.
pub async fn open_store(config: &Config, random: &dyn Random) -> anyhow::Result<Store> {
    let database = config.database.file_in(&config.data_dir);
    data_dir::prepare(&config.data_dir, database)?;
    let key = config
        .database
        .sealing_key_or_made(&config.data_dir, random)?;
    let key = SealingKey::parse(&key).context(
        "ETAGE_SEALING_KEY must be 32 bytes in base64; `openssl rand -base64 32` makes one",
    )?;
    let store = Store::open(&config.database.url, key)
        .await
        .context("the database cannot be opened; check ETAGE_DATABASE_URL")?;
    store
        .migrate()
        .await
        .context("the database cannot be brought to the newest schema")?;
    Ok(store)
}

/// The client for every outgoing call.
///
/// # Errors
/// When the further authority cannot be read.
pub fn http_client(config: &Config) -> anyhow::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder()
        .timeout(ANSWER_TIME_MAX)
        .connect_timeout(CONNECT_TIME_MAX)
        // Redirects could carry a token to a stranger.
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("Etage/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &config.microsoft.trust_ca_file {
        let pem = std::fs::read(path)
            .with_context(|| format!("ETAGE_TRUST_CA_FILE: {} cannot be read", path.display()))?;
        let authorities = reqwest::Certificate::from_pem_bundle(&pem).with_context(|| {
            format!(
                "ETAGE_TRUST_CA_FILE: {} is not a PEM certificate",
                path.display()
            )
        })?;
        for authority in authorities {
            builder = builder.add_root_certificate(authority);
        }
    }
    builder.build().context("the HTTP client cannot be made")
}

/// The engine over a store, with a provider for each connection.
///
/// # Errors
/// When the store cannot be read or a connection makes no sense.
pub async fn engine(
    config: &Config,
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
) -> anyhow::Result<Arc<Engine>> {
    let providers = providers(config, &store, &clock, &random).await?;
    engine_with(config, store, clock, random, &providers).await
}

async fn engine_with(
    config: &Config,
    store: Store,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    each: &[(ConnectionId, Arc<GraphProvider>)],
) -> anyhow::Result<Arc<Engine>> {
    let mut providers = Providers::new();
    for (connection, provider) in each {
        providers.add(*connection, provider.clone());
    }
    let engine = Engine::start(Parts {
        store,
        providers,
        clock,
        random,
        settings: settings(config),
    })
    .await?;
    Ok(engine)
}

async fn providers(
    config: &Config,
    store: &Store,
    clock: &Arc<dyn Clock>,
    random: &Arc<dyn Random>,
) -> anyhow::Result<Vec<(ConnectionId, Arc<GraphProvider>)>> {
    let http = http_client(config)?;
    let grants = Arc::new(StoredGrants::new(
        store.clone(),
        Arc::clone(clock),
        Arc::clone(random),
    ));
    let connections = store.connections().await.context(
        "the connected tenants cannot be read; if the sealing key was changed or lost, put the old one back \
         (ETAGE_SEALING_KEY, or sealing.key in the data folder), or run `etage connect` again",
    )?;
    let mut providers = Vec::new();
    for connection in connections {
        let provider = GraphProvider::new(
            graph_config(config, &connection)?,
            http.clone(),
            Arc::clone(clock),
            Arc::clone(random),
            grants.clone(),
        )?;
        providers.push((connection.id, Arc::new(provider)));
    }
    Ok(providers)
}

/// A tenant as the settings and its connection reach it.
///
/// # Errors
/// When the connection's certificate cannot be read.
pub fn graph_config(config: &Config, connection: &Connection) -> anyhow::Result<GraphConfig> {
    Ok(GraphConfig {
        graph_url: config.microsoft.graph_url.clone(),
        login_url: config.microsoft.login_url.clone(),
        tenant: connection.tenant.to_string(),
        client_id: connection.client_id.clone(),
        credential: credential(connection)?,
        booking_mailbox: Some(BookingMailbox {
            address: connection.booking_mailbox.clone(),
            access: booking_access(connection),
        }),
        resource: None,
    })
}

fn booking_access(connection: &Connection) -> BookingAccess {
    let account = connection.service_account.map(|object| PersonId {
        tenant: connection.tenant,
        object,
    });
    account.map_or(BookingAccess::Application, BookingAccess::ServiceAccount)
}

/// What the application proves itself with in a connection's tenant.
///
/// # Errors
/// When it is a certificate that cannot be read.
pub fn credential(connection: &Connection) -> anyhow::Result<Credential> {
    Credential::from_kept(&connection.credential).with_context(|| {
        format!(
            "the credential of {} is kept, and no good; run `etage connect` again",
            connection.name
        )
    })
}

fn settings(config: &Config) -> Settings {
    Settings {
        poll_ms: i64::from(config.sync.poll_seconds) * 1_000,
        check_every_ms: i64::from(config.sync.check_hours) * HOUR_MS,
        checks_at_once: u32::from(config.sync.check_hours > 0),
        notification_url: config
            .sync
            .notification_url
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/').to_owned()),
        tell_organizers: config.privacy.tell_organizers,
        letters_origin: config.letters.by_mail.then(|| {
            let origin = config.http.origin.as_str();
            origin.trim_end_matches('/').to_owned()
        }),
        ..Settings::default()
    }
}

/// Everything a request can reach.
///
/// # Errors
/// As [`open_store`], [`http_client`] and [`engine()`].
pub async fn app_state(
    config: Config,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    stop: CancellationToken,
) -> anyhow::Result<AppState> {
    let store = open_store(&config, random.as_ref()).await?;
    let providers = providers(&config, &store, &clock, &random).await?;
    let engine = engine_with(
        &config,
        store.clone(),
        Arc::clone(&clock),
        Arc::clone(&random),
        &providers,
    )
    .await?;
    let share = Share::new(
        store.clone(),
        Arc::clone(&clock),
        random.as_ref(),
        providers,
    );
    let tenants = store
        .connections()
        .await?
        .into_iter()
        .map(|connection| {
            Ok(Tenant {
                connection: connection.id,
                tenant: connection.tenant,
                credential: credential(&connection)?,
                client_id: connection.client_id,
            })
        })
        .collect::<anyhow::Result<_>>()?;
    let sign_in = SignIn::new(
        tenants,
        config.microsoft.login_url.clone(),
        resource_of(&config.microsoft.graph_url),
        http_client(&config)?,
        store,
        clock,
        random,
    );
    Ok(AppState::from(Reachable {
        engine,
        sign_in: Arc::new(sign_in),
        site: Site::open(config.site_dir.clone()),
        leptos: LeptosOptions::builder().output_name("etage").build(),
        config: Arc::new(config),
        checks: Checks::default(),
        streams: Streams::default(),
        share: Arc::new(share),
        stop,
    }))
}
