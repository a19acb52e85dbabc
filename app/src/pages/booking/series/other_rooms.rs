//! Every other room on one date: why it is not to be had, or that it is.

use std::cmp::Reverse;

use booking::ids::RoomId;
use booking::rules::Refusal;
use booking::search::found::EXPLAINED_MAX;
use booking::search::{RoomAnswer, RoomQuery, When};
use booking::time::{TimeRange, ZoneName};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::date_choices::{choose_room, shown};
use super::planner::Planner;
use crate::api::ApiError;
use crate::api::rooms::explain;
use crate::components::{Button, ButtonKind, Spinner};
use crate::text::{refusal, remedy, room as room_words, series as words};

/// One of them.
#[derive(Clone, PartialEq, Debug)]
struct Told {
    room: RoomId,
    number: String,
    /// The reasons, and what would have it. Empty: it is free.
    why: String,
    /// Whether it suits but for being taken.
    suits: bool,
    /// Whether it could be had as it is: too small, or without something, but free.
    is_free: bool,
    seats: u32,
}

impl Told {
    fn of(planner: Planner, answer: &RoomAnswer, range: TimeRange, zone: &ZoneName) -> Self {
        let refusals = &answer.refusals;
        let is_free = refusals.iter().all(Refusal::is_misfit);
        let mut why = refusal::refusals(refusals, zone);
        // What would have a room that can be had as it is needs no word.
        let help = remedy::remedy(&answer.remedy, range, zone);
        if let Some(help) = help.filter(|_| !is_free) {
            why.push_str(&format!(" {help}."));
        }
        let room = untrack(|| planner.room(answer.room));
        let seats = room.as_ref().and_then(|room| room.seats);
        Self {
            room: answer.room,
            number: room.map(|room| room.number).unwrap_or_default(),
            why,
            suits: !refusals.iter().any(Refusal::is_misfit),
            is_free,
            seats: seats.map_or(0, |seats| seats.count),
        }
    }

    /// Those that suit come first, then those that can be had, and of either the largest.
    fn order(&self) -> impl Ord + use<> {
        let (suits, is_free) = (self.suits, self.is_free);
        (Reverse(suits), Reverse(is_free), Reverse(self.seats))
    }
}

/// The list, which opens; nobody is asked before it does.
#[component]
pub(super) fn OtherRooms(planner: Planner, day: StoredValue<String>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let answer = RwSignal::new(None::<Result<Vec<Told>, ApiError>>);
    let asked = Memo::new(move |_| {
        let (planned, date) = day.with_value(|day| shown(planner, day))?;
        let shown: Vec<RoomId> = date
            .assigned
            .room()
            .into_iter()
            .chain(date.others)
            .collect();
        Some((planned.series.zone.clone(), date.range, shown))
    });
    Effect::new(move |_| {
        let Some((zone, range, shown)) = asked.get().filter(|_| is_open.get()) else {
            return;
        };
        let query = planner.asked.with_untracked(|wanted| RoomQuery {
            building: wanted.building,
            people: wanted.people,
            equipment: wanted.equipment,
            step_free: wanted.step_free,
            when: When::Exact {
                ranges: vec![range],
            },
            ..RoomQuery::any_room(range)
        });
        let rooms = others(planner, &shown);
        spawn_local(async move {
            let told = explain(query, rooms).await.map(|checked| {
                let rooms = checked.rooms.iter();
                let told = rooms.map(|one| Told::of(planner, &one.answer, range, &zone));
                let mut told: Vec<Told> = told.collect();
                told.sort_by_key(Told::order);
                told
            });
            answer.try_set(Some(told));
        });
    });
    view! {
        <details class="series-others" on:toggle=move |_| is_open.set(true)>
            <summary>{words::OTHERS}</summary>
            {move || match answer.get() {
                None => view! { <Spinner text=words::LOOKING /> }.into_any(),
                Some(Err(problem)) => view! { <p class="field-problem">{problem.sentence()}</p> }.into_any(),
                Some(Ok(told)) => list(planner, day, told),
            }}
        </details>
    }
    .into_any()
}

/// The rooms of the building besides those that are offered already.
fn others(planner: Planner, shown: &[RoomId]) -> Vec<RoomId> {
    planner.catalogue.with_untracked(|catalogue| {
        let rooms = catalogue.rooms.iter().map(|room| room.id);
        rooms
            .filter(|room| !shown.contains(room))
            .take(EXPLAINED_MAX)
            .collect()
    })
}

fn list(planner: Planner, day: StoredValue<String>, told: Vec<Told>) -> AnyView {
    let rows = told.into_iter().map(|one| {
        let Told {
            room,
            number,
            why,
            is_free,
            ..
        } = one;
        let name = room_words::name(&number);
        let take = move |()| day.with_value(|day| choose_room(planner, day, Some(room)));
        match (why.is_empty(), is_free) {
            (true, _) => view! {
                <li>
                    <Button kind=ButtonKind::Link on_press=take>{words::take(&name)}</Button>
                </li>
            }
            .into_any(),
            (false, true) => view! {
                <li>
                    {name.clone()}": "{why}" "
                    <Button kind=ButtonKind::Link label=words::take_anyway(&name) on_press=take>
                        {words::TAKE_ANYWAY}
                    </Button>
                </li>
            }
            .into_any(),
            (false, false) => view! { <li>{name}": "{why}</li> }.into_any(),
        }
    });
    view! { <ul class="series-reasons">{rows.collect_view()}</ul> }.into_any()
}
