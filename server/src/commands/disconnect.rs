//! `etage disconnect`: a tenant's rooms taken away from their mailboxes, after saying what that takes away.

use anyhow::{Context, bail};
use clap::Args;
use engine::Engine;
use engine::unlink_rooms::Disconnection;
use store::tenants::Connection;
use uuid::Uuid;

use super::link_rooms::LISTED_MAX;
use super::say;
use crate::config::Config;

/// Which tenant, and whether it is meant.
#[derive(Debug, Args)]
pub(super) struct Disconnect {
    /// The tenant's id, as `etage connect` was told it.
    tenant: Uuid,
    /// Only say what would go, as without `--yes`.
    #[arg(long, conflicts_with = "yes")]
    dry_run: bool,
    /// Do it.
    #[arg(long)]
    yes: bool,
}

pub(super) async fn run(config: &Config, disconnect: Disconnect) -> anyhow::Result<()> {
    let engine = super::engine(config).await?;
    for connection in connections_to(&engine, disconnect.tenant).await? {
        let known = engine.disconnection(connection.id).await?;
        say(format_args!(
            "{}, tenant {}:",
            connection.name, connection.tenant
        ));
        tell(&known);
        if !disconnect.yes {
            continue;
        }
        let unlinked = engine.disconnect_rooms(connection.id).await?;
        let left = engine.end_subscriptions_of(connection.id).await.context(
            "the rooms are unlinked, but their subscriptions were not all ended; run this again",
        )?;
        done(unlinked, left);
    }
    if disconnect.yes {
        say(
            "The connection and its credential are kept, sealed: `etage link-rooms` links the rooms again, and they are \
             read anew. To shut Etage out for good, delete its application in the tenant (Entra admin centre, \
             Enterprise applications).",
        );
    } else {
        say(format_args!(
            "Nothing was changed. `etage disconnect {} --yes` does it.",
            disconnect.tenant
        ));
    }
    Ok(())
}

/// The ways into a tenant: one for each application.
async fn connections_to(engine: &Engine, tenant: Uuid) -> anyhow::Result<Vec<Connection>> {
    let all = engine.store().connections().await?;
    let known: Vec<String> = all
        .iter()
        .map(|one| format!("{} ({})", one.tenant, one.name))
        .collect();
    let meant: Vec<Connection> = all.into_iter().filter(|one| one.tenant == tenant).collect();
    if !meant.is_empty() {
        return Ok(meant);
    }
    if known.is_empty() {
        bail!("no tenant is connected, so there is none to disconnect");
    }
    bail!(
        "tenant {tenant} is not connected; connected are: {}",
        known.join(", ")
    )
}

/// What goes and what stays, a line each.
fn tell(known: &Disconnection) {
    let hanging = &known.hanging;
    let rooms = count(hanging.rooms, "linked room", "linked rooms");
    let numbers: Vec<&str> = known
        .rooms
        .iter()
        .map(|room| room.number.as_str())
        .collect();
    let more = match numbers.len().checked_sub(LISTED_MAX) {
        Some(more @ 1..) => format!(" and {more} more"),
        _ => String::new(),
    };
    let listed = numbers.iter().take(LISTED_MAX).copied();
    let listed: Vec<&str> = listed.collect();
    let colon = if listed.is_empty() { "" } else { ": " };
    say(format_args!(
        "  unlinks      {rooms}{colon}{}{more}",
        listed.join(", ")
    ));
    let subscriptions = count(hanging.subscriptions, "subscription", "subscriptions");
    say(format_args!("  ends         {subscriptions} at Microsoft"));
    let busy_times = count(
        hanging.busy_times,
        "mirrored busy time",
        "mirrored busy times",
    );
    say(format_args!(
        "  forgets      {busy_times}; the meetings stay in Exchange, with their rooms"
    ));
    let accepted = count(hanging.accepted, "reservation", "reservations");
    say(format_args!(
        "  lets go of   {accepted} made here and not over: the meetings stay in Exchange and the reservations in my \
         reservations, but what becomes of them is followed no more, and they are cancelled in Outlook"
    ));
    if hanging.on_their_way > 0 {
        let waiting = count(hanging.on_their_way, "reservation", "reservations");
        say(format_args!(
            "  breaks off   {waiting} still on the way: unless the rooms are linked again soon, their owners are told \
             that they failed"
        ));
    }
}

fn done(unlinked: usize, left: u32) {
    let unlinked = count(unlinked as u32, "room is", "rooms are");
    if left == 0 {
        say(format_args!(
            "{unlinked} unlinked, and Microsoft notifies of none any more."
        ));
    } else {
        let left = count(left, "subscription", "subscriptions");
        say(format_args!(
            "{unlinked} unlinked. {left} could not be ended at Microsoft now; what still comes is dropped. Run this \
             again; otherwise a running server tries every ten minutes, and they end by themselves within three days."
        ));
    }
}

/// `1 room`, `8 rooms`.
fn count(count: u32, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {many}"),
    }
}
