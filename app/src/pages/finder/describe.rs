//! Answers in words.

use booking::ids::RoomId;
use booking::room::Room;
use booking::search::found::FoundRooms;
use booking::search::rank::Hit;
use booking::search::{RoomAnswer, RoomState};
use booking::time::Instant;

use leptos::prelude::{Get, With};

use super::Finder;
use crate::components::plan_view::RoomLook;
use crate::components::room_details::RoomFacts;
use crate::text::clock::{self, WallTime};
use crate::text::{freshness, refusal, room};

/// The first line of a card: `11 seats · floor 1`.
pub fn title(finder: Finder, of: &Room) -> String {
    let floor = room::floor(&finder.floor_label(of.floor)).to_lowercase();
    format!("{} · {floor}", room::seats(of.seats))
}

/// The first of the asked times, in the building's zone; empty while there is none.
pub fn asked_time(finder: Finder) -> String {
    finder.found.with(|found| {
        let first = found.ranges.first();
        first.map_or_else(String::new, |range| clock::dated_span(*range, &found.zone))
    })
}

/// The second line of a hit: what is in it, why it is first, until when.
pub fn hit_note(of: &Room, hit: &Hit, found: &FoundRooms) -> String {
    let mut sentences: Vec<String> = Vec::new();
    let equipment = room::equipment_list(of.equipment);
    if !equipment.is_empty() {
        sentences.push(equipment);
    }
    if let Some(reason) = room::rank_reason(hit.reason) {
        sentences.push(reason.to_owned());
    }
    if let Some(until) = until_today(hit.free_until, found) {
        sentences.push(room::free_until(&until));
    }
    join(&sentences)
}

/// The sentence of an answer: until when it is free, or every reason against it.
pub fn answer(answer: &RoomAnswer, found: &FoundRooms) -> String {
    if !answer.refusals.is_empty() {
        return match found.ranges[..] {
            [_] => refusal::refusals(&answer.refusals, &found.zone),
            _ => refusal::refusals_of_series(&answer.refusals, &found.zone),
        };
    }
    match until_today(answer.free_until, found) {
        Some(until) if answer.state.is_open() => format!("{}.", room::free_until(&until)),
        None if answer.state == RoomState::Free => format!("{}.", room::FREE_OPEN_END),
        _ => format!("{}.", room::state(answer.state)),
    }
}

/// How a room looks on the plan.
pub fn look(
    of: &Room,
    state: RoomState,
    free_until: Option<Instant>,
    found: &FoundRooms,
) -> RoomLook {
    RoomLook {
        state,
        number: of.number.clone(),
        seats: of.seats.map(|seats| seats.count),
        until: until_today(free_until, found).map(|time| room::until(&time)),
    }
}

/// All for the card beside a room.
pub fn facts(finder: Finder, of: Room) -> RoomFacts {
    let found = finder.found.get();
    let state = finder.state(of.id);
    let sentence = finder.answer(of.id).map_or_else(
        || format!("{}.", room::state(state)),
        |it| answer(&it, &found),
    );
    let now = finder.now.get();
    let freshness = finder.source(of.id).map_or_else(
        || freshness::mirror(finder.mirrored_at(of.id), now),
        |source| freshness::source(&source, now),
    );
    let freshness = heard(finder, of.id, freshness);
    RoomFacts {
        floor: finder.floor_label(of.floor),
        state,
        sentence,
        freshness,
        room: of,
    }
}

/// Adds to what is said of a room that its calendar was not heard from for longer than it should be, where that is so.
pub fn heard(finder: Finder, id: RoomId, said: String) -> String {
    let Some(at) = finder.heard_at(id) else {
        return said;
    };
    let heard = freshness::heard(at, finder.now.get());
    match said.trim_end_matches('.') {
        "" => format!("{heard}."),
        said => format!("{said}. {heard}."),
    }
}

/// The time of day, where it is on the day that was asked for.
fn until_today(until: Option<Instant>, found: &FoundRooms) -> Option<String> {
    let until = WallTime::of(until?, &found.zone);
    let asked = WallTime::of(found.ranges.first()?.start(), &found.zone);
    until.same_day(asked).then(|| until.time())
}

fn join(sentences: &[String]) -> String {
    sentences.join(". ")
}
