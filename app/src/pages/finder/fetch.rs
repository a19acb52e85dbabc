//! Questions to the server and what becomes of their answers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use booking::ids::{BuildingId, FloorId, RoomId};
use booking::room_day::RoomDay;
use booking::search::RoomQuery;
use booking::search::found::{CHECKED_MAX, CheckedRooms, EXPLAINED_MAX};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::{Finder, FirstAnswer};
use crate::api::ApiError;
use crate::api::rooms::{
    Catalogue, check_availability, explain, find_rooms, load_catalogue, load_plan, load_room_day,
};
use crate::api::session::{Session, me};

/// Hits that are confirmed with Exchange: as many as fit a screen.
const CONFIRMED_HITS_MAX: usize = 12;

/// How soon a question is asked again by itself when the server was not reached, and how seldom it may become.
const RETRY_MIN: Duration = Duration::from_secs(3);
const RETRY_MAX: Duration = Duration::from_secs(48);

/// So old what is told of an open room becomes at most while somebody looks.
const DAY_AGE_MS_MAX: i64 = 30_000;

/// Everything for the first paint. `building`: `None` for the first; `question`: makes the question
/// once the buildings and the time are known. `Ok(None)`: there are no rooms yet.
///
/// # Errors
/// That of the first call that fails; `sign_in_needed` when nobody is signed in.
pub async fn first_answer(
    building: Option<BuildingId>,
    question: impl FnOnce(&Catalogue) -> (RoomQuery, Option<FloorId>, Option<RoomId>),
) -> Result<Option<FirstAnswer>, ApiError> {
    let Session { person, role } = me().await?;
    let catalogue = load_catalogue(building).await?;
    if catalogue.building.is_none() {
        return Ok(None);
    }
    let (query, floor, selected) = question(&catalogue);
    let chosen = selected.and_then(|id| catalogue.rooms.iter().find(|room| room.id == id));
    let floor = floor.or(chosen.map(|room| room.floor));
    let found = find_rooms(query.clone(), floor).await?;
    let plan = load_plan(found.floor).await?;
    Ok(Some(FirstAnswer {
        person,
        role,
        selected: chosen.map(|room| room.id),
        catalogue,
        query,
        found,
        plan,
    }))
}

/// Asks whenever the question or the floor changes; not for the first answer, which is there.
pub(super) fn ask_when_changed(finder: Finder) {
    Effect::new(move |asked: Option<(RoomQuery, FloorId)>| {
        let asking = (finder.query.get(), finder.floor.get());
        match asked {
            None => confirm(finder, finder.turn.get_value()),
            Some(asked) if asked != asking => ask(finder),
            Some(_) => {}
        }
        asking
    });
}

/// Asks now, and again by itself until the server is reached.
pub(super) fn ask(finder: Finder) {
    ask_patiently(finder, RETRY_MIN);
}

fn ask_patiently(finder: Finder, retry: Duration) {
    let turn = next_turn(finder);
    let query = finder.query.get_untracked();
    let floor = finder.floor.get_untracked();
    finder.searching.set(true);
    spawn_local(async move {
        let answer = find_rooms(query.clone(), Some(floor)).await;
        if finder.turn.try_get_value() != Some(turn) {
            return;
        }
        finder.searching.set(false);
        match answer {
            Ok(found) => {
                let same_times = finder
                    .found
                    .with_untracked(|earlier| earlier.ranges == found.ranges);
                finder.problem.set(None);
                finder.now.set(found.now);
                finder.explained.set(Arc::default());
                // Exchange's word for another time says nothing about this one.
                if !same_times {
                    finder.checked.set(Arc::default());
                }
                finder.answered.set(query);
                finder.found.set(Arc::new(found));
                confirm(finder, turn);
            }
            Err(problem) => {
                retry_later(finder, turn, &problem, retry, ask_patiently);
                finder.problem.set(Some(problem));
            }
        }
    });
}

/// The live stream does not see to it: it may have stayed up while calls failed. Ends with the page, and when
/// another question was asked.
fn retry_later(
    finder: Finder,
    turn: u32,
    problem: &ApiError,
    retry: Duration,
    again: impl FnOnce(Finder, Duration) + 'static,
) {
    if problem.code != "offline" {
        return;
    }
    set_timeout(
        move || {
            if finder.turn.try_get_value() == Some(turn) {
                again(finder, (retry * 2).min(RETRY_MAX));
            }
        },
        retry,
    );
}

/// Asks the same in another building; what is on screen stays until the answer is there.
pub(super) fn show_building(finder: Finder, building: BuildingId) {
    show_patiently(finder, building, RETRY_MIN);
}

fn show_patiently(finder: Finder, building: BuildingId, retry: Duration) {
    let turn = next_turn(finder);
    let mut query = finder.query.get_untracked();
    query.building = Some(building);
    query.floor = None;
    finder.searching.set(true);
    spawn_local(async move {
        let answer = first_answer(Some(building), |_| (query, None, None)).await;
        if finder.turn.try_get_value() != Some(turn) {
            return;
        }
        finder.searching.set(false);
        match answer {
            Ok(Some(first)) => finder.take(first),
            // It is gone meanwhile.
            Ok(None) => finder.ask_again(),
            Err(problem) => {
                let again = move |finder, retry| show_patiently(finder, building, retry);
                retry_later(finder, turn, &problem, retry, again);
                finder.problem.set(Some(problem));
            }
        }
    });
}

/// Asks Exchange about the rooms on screen.
fn confirm(finder: Finder, turn: u32) {
    let rooms = on_screen(finder);
    if rooms.is_empty() {
        return;
    }
    let query = finder.query.get_untracked();
    spawn_local(async move {
        let answer = check_availability(query, rooms).await;
        if finder.turn.try_get_value() != Some(turn) {
            return;
        }
        // Without an answer the mirror's stays on screen, with its age.
        if let Ok(checked) = answer {
            take_checked(finder, checked);
        }
    });
}

/// Puts Exchange's word over what was painted.
pub(super) fn take_checked(finder: Finder, answer: CheckedRooms) {
    finder.now.set(answer.now);
    let mut known: HashMap<_, _> = finder.checked.with_untracked(|known| (**known).clone());
    known.extend(answer.rooms.into_iter().map(|one| (one.answer.room, one)));
    finder.checked.set(Arc::new(known));
}

/// The chosen room, the first hits and the near misses, as many as one question may name.
fn on_screen(finder: Finder) -> Vec<RoomId> {
    let mut rooms: Vec<RoomId> = finder.selected.get_untracked().into_iter().collect();
    finder.found.with_untracked(|found| {
        let hits = found
            .hits
            .iter()
            .take(CONFIRMED_HITS_MAX)
            .map(|hit| hit.room);
        let near = found.near_misses.iter().map(|near| near.room);
        for room in hits.chain(near) {
            if rooms.len() < CHECKED_MAX && !rooms.contains(&room) {
                rooms.push(room);
            }
        }
    });
    rooms
}

/// Gets the drawing when another floor comes on screen.
pub(super) fn load_plan_when_changed(finder: Finder) {
    Effect::new(move |earlier: Option<FloorId>| {
        let floor = finder.floor.get();
        if earlier.is_some_and(|earlier| earlier != floor) {
            spawn_local(async move {
                let answer = load_plan(floor).await;
                if finder.floor.try_get_untracked() == Some(floor)
                    && let Ok(drawing) = answer
                {
                    finder.plan.set(drawing.map(Arc::new));
                }
            });
        }
        floor
    });
}

/// Asks Exchange about a room that was chosen and not asked about yet, such as a grey one.
pub(super) fn explain_chosen(finder: Finder) {
    Effect::new(move |_| {
        let Some(room) = finder.selected.get() else {
            return;
        };
        if finder
            .checked
            .with_untracked(|known| known.contains_key(&room))
        {
            return;
        }
        let query = finder.query.get_untracked();
        let turn = finder.turn.get_value();
        spawn_local(async move {
            let answer = check_availability(query, vec![room]).await;
            if finder.turn.try_get_value() == Some(turn)
                && let Ok(checked) = answer
            {
                take_checked(finder, checked);
            }
        });
    });
}

/// Gets the reasons for rooms whose card or list opens.
pub(super) fn explain_rooms(finder: Finder, rooms: &[RoomId]) {
    let unknown = |room: &&RoomId| untrack(|| finder.answer(**room)).is_none();
    let rooms: Vec<RoomId> = rooms
        .iter()
        .filter(unknown)
        .take(EXPLAINED_MAX)
        .copied()
        .collect();
    if rooms.is_empty() {
        return;
    }
    let query = finder.query.get_untracked();
    let turn = finder.turn.get_value();
    spawn_local(async move {
        let answer = explain(query, rooms).await;
        if finder.turn.try_get_value() == Some(turn)
            && let Ok(answers) = answer
        {
            let mut known = finder.explained.with_untracked(|known| (**known).clone());
            let answers = answers.rooms.into_iter();
            known.extend(answers.map(|one| (one.answer.room, one)));
            finder.explained.set(Arc::new(known));
        }
    });
}

/// What is on in a room on the day that is asked for, read anew with every answer to the search: one comes whenever a
/// room moves. A reading that found nothing new moves none, but the room is as it was said to be at a later time: so it
/// is asked for now and then besides, while anybody looks. Ends with whoever follows it.
pub(super) fn follow_day(finder: Finder, room: RoomId) -> RwSignal<Option<RoomDay>> {
    let day = RwSignal::new(None);
    let beat = Memo::new(move |_| finder.now.get().0 / DAY_AGE_MS_MAX);
    Effect::new(move |_| {
        beat.track();
        let Some((at, _)) = finder.time() else {
            return;
        };
        if document().hidden() {
            return;
        }
        let revision = finder.found.with_untracked(|found| found.revision);
        spawn_local(async move {
            let answer = load_room_day(room, at).await;
            let is_latest = finder
                .found
                .try_with_untracked(|found| found.revision == revision);
            if is_latest == Some(true)
                && let Ok(read) = answer
            {
                day.try_set(Some(read));
            }
        });
    });
    day
}

fn next_turn(finder: Finder) -> u32 {
    finder
        .turn
        .update_value(|turn| *turn = turn.wrapping_add(1));
    finder.turn.get_value()
}
