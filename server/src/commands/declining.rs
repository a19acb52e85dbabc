//! `etage declining`: whether rooms of a tenant may be made to decline from Etage.

use anyhow::bail;
use clap::{Args, ValueEnum};
use store::declining::Declining;
use uuid::Uuid;

use super::say;
use crate::clock::SystemRandom;
use crate::config::Config;
use crate::wire;

/// What shall hold from now on.
#[derive(Debug, Args)]
pub(super) struct SetDeclining {
    /// The tenant's id, as `etage connect` was told it. Left out: says how it stands for all, and changes nothing.
    tenant: Option<Uuid>,
    /// Whether the owner of a reservation, and administrators, may have its room decline; the meeting then stays as it is.
    #[arg(long, requires = "tenant")]
    allow: Option<Answer>,
    /// Whether people from outside reserve rooms there, who cannot give them back otherwise.
    #[arg(long, requires = "tenant")]
    externals: Option<Answer>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Answer {
    Yes,
    No,
}

/// What Exchange has to let the application do, and how.
const PERMISSION: &str = "Exchange has to let the application answer for the rooms; in Exchange Online PowerShell:\n  \
    New-ManagementRoleAssignment -App CLIENT-ID -Role \"Application Calendars.ReadWrite\" -CustomResourceScope \"Room \
    mailboxes\"\nIt takes up to two hours to apply (docs/OPERATING.md, Declining).";

pub(super) async fn run(config: &Config, wanted: SetDeclining) -> anyhow::Result<()> {
    let store = wire::open_store(config, &SystemRandom).await?;
    let connections = store.connections().await?;
    let is_meant = |one: &Declining| {
        let tenant = wanted.tenant;
        tenant.is_none_or(|tenant| {
            let of_tenant = |known: &&store::tenants::Connection| known.tenant == tenant;
            let mut meant = connections.iter().filter(of_tenant);
            meant.any(|known| known.id == one.connection)
        })
    };
    let meant: Vec<Declining> = store
        .declining()
        .await?
        .into_iter()
        .filter(is_meant)
        .collect();
    if meant.is_empty() {
        let known: Vec<String> = connections
            .iter()
            .map(|one| format!("{} ({})", one.tenant, one.name))
            .collect();
        bail!(
            "no such tenant is connected; connected are: {}",
            known.join(", ")
        );
    }
    for mut one in meant {
        let was_allowed = one.is_allowed;
        one.is_allowed = wanted.allow.map_or(one.is_allowed, |it| it == Answer::Yes);
        one.has_externals = wanted
            .externals
            .map_or(one.has_externals, |it| it == Answer::Yes);
        if wanted.allow.is_some() || wanted.externals.is_some() {
            store.set_declining(&one).await?;
        }
        tell(&one, was_allowed);
    }
    Ok(())
}

fn tell(one: &Declining, was_allowed: bool) {
    let word = if one.is_allowed { "may" } else { "may not" };
    say(format_args!(
        "{}: rooms {word} be made to decline from Etage.",
        one.name
    ));
    if one.is_allowed && !was_allowed {
        say(PERMISSION);
    }
    if one.has_externals && !one.is_allowed {
        say(
            "People from outside reserve there, and cannot give a room back: allow it with `--allow yes`.",
        );
    }
}
