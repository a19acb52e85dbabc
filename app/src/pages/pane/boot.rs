//! From an empty pane to the first answer: Outlook, token, draft, search.

use std::cell::Cell;
use std::collections::HashMap;

use booking::ids::{BuildingId, MailboxAddress, RoomId};
use booking::room::{EquipmentSet, Room};
use booking::search::{RoomQuery, When};
use booking::time::{Instant, ZoneName};
use futures::join;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::draft::{Asked, Draft};
use super::hold::kept;
use super::{Ready, Step, office, token};
use crate::api::rooms::{Catalogue, load_catalogue};
use crate::pages::finder::{FirstAnswer, first_answer};
use crate::text::{clock, page};

/// Most buildings in which the room of a draft is looked for.
const BUILDINGS_MAX: usize = 20;

/// Starts, or starts again.
pub(super) fn boot(step: RwSignal<Step>) {
    step.set(Step::Starting);
    spawn_local(async move {
        let reached = run().await.unwrap_or_else(Step::Stuck);
        let has_no_time = reached == Step::NoTime;
        step.try_set(reached);
        if has_no_time {
            wait_for_time(step).await;
        }
    });
}

thread_local! {
    /// Outlook tells of changes already; it is never told to stop.
    static LISTENS: Cell<bool> = const { Cell::new(false) };
}

async fn wait_for_time(step: RwSignal<Step>) {
    if !LISTENS.replace(true) {
        office::on_change(move || spawn_local(go_on(step))).await;
    }
    // It may have changed before anybody listened.
    go_on(step).await;
}

/// Starts again if that is what was missing.
async fn go_on(step: RwSignal<Step>) {
    let may_wait = |step: &Step| matches!(step, Step::Starting | Step::NoTime);
    if !step.try_with_untracked(may_wait).unwrap_or(false) {
        return;
    }
    let has_time = office::read_draft()
        .await
        .is_ok_and(|draft| draft.range.is_some());
    // Looked at after reading: what came while it was starting has to count as well.
    if has_time && step.try_get_untracked() == Some(Step::NoTime) {
        boot(step);
    }
}

async fn run() -> Result<Step, String> {
    let mode = office::ready()
        .await
        .map_err(|_| page::pane::NOT_IN_OUTLOOK.to_owned())?;
    // All take their time, and none needs another.
    let (signed_in, draft, key) = join!(
        token::sign_in(token::Prompt::Allowed),
        office::read_draft(),
        kept::key()
    );
    signed_in.map_err(|_| page::pane::SIGN_IN_FAILED.to_owned())?;
    let draft = draft.map_err(|error| error.to_string())?;
    if draft.range.is_none() {
        return Ok(Step::NoTime);
    }
    let first = first_for(None, &draft).await?;
    let first = match first {
        Some(first) => match building_of_room(&first.catalogue, &draft).await {
            Some(elsewhere) => first_for(Some(elsewhere), &draft).await?,
            None => Some(first),
        },
        None => None,
    };
    Ok(match first {
        None => Step::NoRooms,
        Some(first) => Step::Ready(Box::new(Ready {
            first,
            draft,
            key,
            reads_only: mode == office::Mode::Read,
        })),
    })
}

async fn first_for(
    building: Option<BuildingId>,
    draft: &Draft,
) -> Result<Option<FirstAnswer>, String> {
    let asked = draft.clone();
    first_answer(building, move |catalogue| {
        // Its floor is the one to start with, also where it is no hit any more.
        (
            question(catalogue, &asked),
            None,
            room_of(catalogue, &asked),
        )
    })
    .await
    .map_err(|problem| problem.sentence())
}

/// The other building in which the draft's room is. `None`: it has no room, or one that is known
/// already, or one that nobody knows.
async fn building_of_room(known: &Catalogue, draft: &Draft) -> Option<BuildingId> {
    if draft.locations.is_empty() || room_of(known, draft).is_some() {
        return None;
    }
    for building in known.buildings.iter().take(BUILDINGS_MAX) {
        if Some(building.id) != known.building
            && let Ok(other) = load_catalogue(Some(building.id)).await
            && room_of(&other, draft).is_some()
        {
            return Some(building.id);
        }
    }
    None
}

/// The draft's room, if it is one of these.
fn room_of(catalogue: &Catalogue, draft: &Draft) -> Option<RoomId> {
    let rooms = mailboxes(catalogue);
    let address = draft.room(|address| rooms.contains_key(address))?;
    rooms.get(address).copied()
}

fn question(catalogue: &Catalogue, draft: &Draft) -> RoomQuery {
    let rooms = mailboxes(catalogue);
    let asked = asked(catalogue, draft, catalogue.now);
    RoomQuery {
        building: catalogue.building,
        floor: None,
        when: asked.map_or(When::Exact { ranges: Vec::new() }, |asked| asked.when),
        people: draft.people(|address| rooms.contains_key(address)),
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    }
}

/// The times to ask for: meant in the zone of the person's device, or in that of the building.
/// `None`: the draft has no time.
pub(super) fn asked(catalogue: &Catalogue, draft: &Draft, now: Instant) -> Option<Asked> {
    let building = catalogue.buildings.iter();
    let building = building
        .filter(|one| Some(one.id) == catalogue.building)
        .map(|one| one.zone.clone());
    let zones: Vec<ZoneName> = clock::device_zone().into_iter().chain(building).collect();
    draft.asked(now, &zones, clock::offset_minutes)
}

/// The rooms by their mailboxes: how a room is told from a person among the invited.
pub(super) fn mailboxes(catalogue: &Catalogue) -> HashMap<MailboxAddress, RoomId> {
    let linked = |room: &Room| Some((room.link.as_ref()?.mailbox.clone(), room.id));
    catalogue.rooms.iter().filter_map(linked).collect()
}
