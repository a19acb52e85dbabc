//! `etage connect`: a way into a tenant, tried before it is kept.

use std::sync::Arc;

use anyhow::Context;
use booking::ids::{ConnectionId, MailboxAddress};
use booking::provider::CalendarProvider;
use booking::time::Clock;
use clap::Args;
use graph::provider::GraphProvider;
use store::Store;
use store::tenants::Connection;
use uuid::Uuid;

use super::{credential, say};
use crate::clock::{SystemClock, SystemRandom};
use crate::config::{Config, Env};
use crate::sign_in::StoredGrants;
use crate::wire;

/// Which tenant, and as which application.
#[derive(Debug, Args)]
pub(super) struct Connect {
    /// The tenant's id (Entra admin centre, Overview).
    #[arg(long)]
    tenant: Uuid,
    /// The application's (client) id.
    #[arg(long)]
    client_id: Uuid,
    /// The mailbox that books for displays and guests.
    #[arg(long)]
    booking_mailbox: MailboxAddress,
    /// The object id of that mailbox's account (Entra admin centre, Users), where it books by its own permission and not
    /// by the application's. The account has to sign in once, as told afterwards. Left out: by the application's.
    #[arg(long, value_name = "OBJECT-ID")]
    service_account: Option<Uuid>,
    #[command(flatten)]
    files: credential::Files,
    /// What to call the connection.
    #[arg(long, default_value = "Microsoft 365")]
    name: String,
}

pub(super) async fn run(config: &Config, env: &Env, connect: Connect) -> anyhow::Result<()> {
    let credential = credential::given(env, &connect.files, SystemClock.now())?;
    let store = wire::open_store(config, &SystemRandom).await?;
    let connection = Connection {
        id: ConnectionId::random(&SystemRandom),
        tenant: connect.tenant,
        name: connect.name,
        client_id: connect.client_id.to_string(),
        credential: credential.to_kept(),
        booking_mailbox: connect.booking_mailbox,
        service_account: connect.service_account,
        created_at: SystemClock.now(),
    };
    // Before it is kept, because keeping it replaces the credential of a connection that may well work.
    let rooms = provider(config, &store, &connection)?
        .rooms(None)
        .await
        .context(
            "nothing was kept, because the tenant does not tell its rooms. Check tenant id, client id and \
             credential, and that the application has Place.Read.All and Calendars.Read with admin consent, then connect again",
        )?;
    store.add_connection(&connection, &SystemRandom).await?;
    say(format_args!(
        "{} is connected; it tells of {}{} rooms. A server that is running has to be restarted to use it.",
        connection.name,
        if rooms.next.is_some() {
            "more than "
        } else {
            ""
        },
        rooms.rooms.len()
    ));
    if connection.service_account.is_some() {
        // Its permission comes through the portal's door, as people's do.
        say(format_args!(
            "Then sign in as {} at {}/sign-in, in a private window; `etage doctor` tells whether that was enough.",
            connection.booking_mailbox,
            config.http.origin.as_str().trim_end_matches('/')
        ));
    }
    Ok(())
}

/// The tenant as these arguments reach it. Nobody is signed in, so no permission of a person is needed.
fn provider(
    config: &Config,
    store: &Store,
    connection: &Connection,
) -> anyhow::Result<GraphProvider> {
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let grants = StoredGrants::new(store.clone(), clock.clone(), random.clone());
    let http = wire::http_client(config)?;
    Ok(GraphProvider::new(
        wire::graph_config(config, connection)?,
        http,
        clock,
        random,
        Arc::new(grants),
    )?)
}
