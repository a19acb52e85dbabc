//! What would have a room that is not to be had: told on its card, and asked for at a press where the page can.

use booking::ids::RoomId;
use booking::search::change::Change;
use booking::search::{RoomQuery, RoomState, Wanted};
use booking::time::TimeRange;
use leptos::prelude::*;

use super::Finder;
use crate::components::{Button, ButtonKind};
use crate::text::remedy as words;

/// How a page asks a changed question; given to everything on it as context. Without it changes are only told.
#[derive(Clone, Copy)]
pub struct Asking {
    /// The changed question. `None`: the page cannot ask it.
    pub question: Callback<Vec<Change>, Option<RoomQuery>>,
    /// Asks it.
    pub ask: Callback<RoomQuery>,
    /// What a press is called, out of what would have the room and the changed question.
    pub label: fn(String, &Changed) -> String,
}

/// A changed question.
#[derive(Clone, PartialEq, Debug)]
pub struct Changed {
    /// The question; its times are still those that were asked for.
    pub query: RoomQuery,
    /// The times to ask for instead. `None`: the same.
    pub ranges: Option<Vec<TimeRange>>,
}

/// The question with the changes made. `None`: one of them is of the room.
pub fn changed(finder: Finder, changes: &[Change]) -> Option<Changed> {
    if !changes.iter().all(|change| change.is_of_question()) {
        return None;
    }
    let mut query = finder.query.get();
    let ranges = finder.found.with(|found| found.ranges.clone());
    let asked = Wanted {
        floor: query.floor,
        ranges,
        people: query.people,
        equipment: query.equipment,
        step_free: query.step_free,
    };
    let wanted = changes
        .iter()
        .fold(asked.clone(), |wanted, change| change.applied(&wanted));
    query.people = wanted.people;
    query.equipment = wanted.equipment;
    query.step_free = wanted.step_free;
    Some(Changed {
        query,
        ranges: (wanted.ranges != asked.ranges).then_some(wanted.ranges),
    })
}

/// What is told, and what a press asks.
#[derive(Clone, PartialEq, Debug)]
struct Offer {
    words: String,
    query: Option<RoomQuery>,
}

/// The line on the card of a room; nothing where it is to be had, or nothing would help.
pub fn remedy(finder: Finder, id: RoomId) -> AnyView {
    offered(finder, move || {
        let answer = finder.answer(id);
        answer
            .filter(|answer| answer.state != RoomState::Yours)
            .map_or_else(Vec::new, |answer| answer.remedy)
    })
}

/// The line for changes that are known.
pub fn offered(
    finder: Finder,
    changes: impl Fn() -> Vec<Change> + Send + Sync + 'static,
) -> AnyView {
    let asking = use_context::<Asking>();
    // What stays the same is not drawn anew: a button keeps its focus.
    let offer = Memo::new(move |_| {
        let changes = changes();
        let (asked, zone) = finder.found.with(|found| {
            let first = found.ranges.first().copied();
            first.map(|first| (first, found.zone.clone()))
        })?;
        let words = words::remedy(&changes, asked, &zone)?;
        let changed = changed(finder, &changes);
        let query = asking.and_then(|asking| asking.question.run(changes));
        let words = match (asking, &query, changed) {
            (Some(asking), Some(_), Some(changed)) => (asking.label)(words, &changed),
            _ => words,
        };
        Some(Offer { words, query })
    });
    let line = move || {
        let Offer { words, query } = offer.get()?;
        let line = match (asking, query) {
            (Some(asking), Some(query)) => view! {
                <Button kind=ButtonKind::Link on_press=move |()| asking.ask.run(query.clone())>
                    {words}
                </Button>
            }
            .into_any(),
            _ => view! { <p class="room-card-note">{words}"."</p> }.into_any(),
        };
        Some(view! { <div class="room-card-remedy">{line}</div> })
    };
    line.into_any()
}
