//! From an empty pane to the first answer: Outlook, token, draft, search.

use std::collections::HashSet;

use booking::ids::MailboxAddress;
use booking::room::EquipmentSet;
use booking::search::{RoomQuery, When};
use booking::time::TimeRange;
use futures::join;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::Draft;
use super::{Ready, Step, office, token};
use crate::api::rooms::Catalogue;
use crate::pages::finder::first_answer;
use crate::text::page;

/// Starts, or starts again.
pub(super) fn boot(step: RwSignal<Step>) {
    step.set(Step::Starting);
    spawn_local(async move {
        let reached = run().await.unwrap_or_else(Step::Stuck);
        step.try_set(reached);
    });
}

async fn run() -> Result<Step, String> {
    let mode = office::ready()
        .await
        .map_err(|_| page::pane::NOT_IN_OUTLOOK.to_owned())?;
    // Both take their time, and neither needs the other.
    let (signed_in, draft) = join!(token::sign_in(), office::read_draft());
    signed_in.map_err(|_| page::pane::SIGN_IN_FAILED.to_owned())?;
    let draft = draft.map_err(|error| error.to_string())?;
    let range = draft.range.ok_or_else(|| page::pane::NO_TIME.to_owned())?;
    let asked = draft.clone();
    let first = first_answer(None, move |catalogue| {
        (question(catalogue, &asked, range), None, None)
    })
    .await
    .map_err(|problem| problem.message)?;
    Ok(match first {
        None => Step::NoRooms,
        Some(first) => Step::Ready(Box::new(Ready {
            first,
            draft,
            reads_only: mode == office::Mode::Read,
        })),
    })
}

fn question(catalogue: &Catalogue, draft: &Draft, range: TimeRange) -> RoomQuery {
    let mailboxes = mailboxes(catalogue);
    RoomQuery {
        building: catalogue.building,
        floor: None,
        when: When::Exact {
            ranges: vec![range],
        },
        people: draft.people(|address| mailboxes.contains(address)),
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    }
}

/// The mailboxes of all rooms: how a room is told from a person among the invited.
pub(super) fn mailboxes(catalogue: &Catalogue) -> HashSet<MailboxAddress> {
    catalogue
        .rooms
        .iter()
        .filter_map(|room| room.link.as_ref())
        .map(|link| link.mailbox.clone())
        .collect()
}
