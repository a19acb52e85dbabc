//! `etage connect`: a way into a tenant, tried before it is kept.

use anyhow::{Context, bail};
use booking::ids::{ConnectionId, MailboxAddress};
use booking::time::Clock;
use clap::Args;
use store::tenants::Connection;
use uuid::Uuid;

use super::say;
use crate::clock::{SystemClock, SystemRandom};
use crate::config::{Config, Env};
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
    /// What to call the connection.
    #[arg(long, default_value = "Microsoft 365")]
    name: String,
}

pub(super) async fn run(config: &Config, env: &Env, connect: Connect) -> anyhow::Result<()> {
    let Some(secret) = env.secret("ETAGE_CLIENT_SECRET", "ETAGE_CLIENT_SECRET_FILE")? else {
        bail!(
            "the application's secret is missing: put it into ETAGE_CLIENT_SECRET, or its file into ETAGE_CLIENT_SECRET_FILE"
        );
    };
    let store = wire::open_store(config, &SystemRandom).await?;
    let id = store
        .add_connection(
            &Connection {
                id: ConnectionId::random(&SystemRandom),
                tenant: connect.tenant,
                name: connect.name.clone(),
                client_id: connect.client_id.to_string(),
                credential: secret,
                booking_mailbox: connect.booking_mailbox,
                created_at: SystemClock.now(),
            },
            &SystemRandom,
        )
        .await?;
    let engine = super::engine(config).await?;
    let provider = engine
        .providers()
        .get(id)
        .context("the connection was not kept")?;
    let rooms = provider.rooms(None).await.context(
        "the connection is kept, but the tenant does not tell its rooms. Check tenant id, client id and secret, \
         and that the application has Place.Read.All and Calendars.Read with admin consent, then run `etage doctor`",
    )?;
    say(format_args!(
        "{} is connected; it tells of {}{} rooms.",
        connect.name,
        if rooms.next.is_some() {
            "more than "
        } else {
            ""
        },
        rooms.rooms.len()
    ));
    Ok(())
}
