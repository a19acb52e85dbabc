//! Results as lists: rooms to be had, and rooms that a small change would open.

use booking::ids::RoomId;
use booking::search::RoomState;
use booking::search::near_miss::NearMiss;
use booking::search::rank::Hit;
use leptos::prelude::*;

use super::remedy::{offered, remedy};
use super::{Finder, describe, fetch};
use crate::components::RoomCard;
use crate::components::room_card::RoomCardKind;
use crate::text::room as words;

/// Makes the act of a card.
pub type CardAct = Callback<RoomId, AnyView>;

/// Rooms that are free and fit, best first.
#[component]
pub fn Hits(
    /// The search.
    finder: Finder,
    /// How many to show at most.
    most: usize,
    /// How many to leave out at the front, because they are shown elsewhere.
    #[prop(optional)]
    skip: usize,
    /// A room that stands elsewhere, in the place of the first hit.
    #[prop(optional, into)]
    without: Signal<Option<RoomId>>,
    /// Makes the act of each card.
    #[prop(into)]
    act: CardAct,
    /// Makes what stands below a card after its act.
    #[prop(default = None)]
    answer: Option<CardAct>,
) -> impl IntoView {
    let hits = move || {
        let without = without.get();
        // It stands in the place of the first.
        let place = usize::from(without.is_some());
        let (skip, most) = match skip {
            0 => (0, most.saturating_sub(place)),
            _ => (skip - place, most),
        };
        finder.found.with(|found| {
            found
                .hits
                .iter()
                .filter(|hit| Some(hit.room) != without)
                .skip(skip)
                .take(most)
                .copied()
                .collect::<Vec<_>>()
        })
    };
    view! {
        <ul class="room-card-list">
            // Keyed by all of the hit: another reason or another end is another card.
            <For
                each=hits
                key=|hit| (hit.room, hit.reason, hit.free_until)
                children=move |hit| hit_card(finder, hit, act, answer)
            />
        </ul>
    }
    .into_any()
}

fn hit_card(finder: Finder, hit: Hit, act: CardAct, answer: Option<CardAct>) -> Option<AnyView> {
    let room = untrack(|| finder.room(hit.room))?;
    let id = room.id;
    let state = Memo::new(move |_| finder.state(id));
    let title = untrack(|| describe::title(finder, &room));
    let number = room.number.clone();
    let note = Memo::new(move |_| {
        let found = finder.found.get();
        let note = match finder.answer(id) {
            // Exchange knows better than the mirror, and says why.
            Some(known) if state.get() != RoomState::Free => describe::answer(&known, &found),
            _ => describe::hit_note(&room, &hit, &found),
        };
        describe::heard(finder, id, note)
    });
    let answer = move || (answer.map(|answer| answer.run(id)), remedy(finder, id));
    Some(
        view! {
            <RoomCard
                number=number
                state=state
                title=title
                note=note
                selected=Signal::derive(move || finder.selected.get() == Some(id))
                on_choose=move |()| finder.choose(Some(id))
                answer=answer
            >
                {act.run(id)}
            </RoomCard>
        }
        .into_any(),
    )
}

/// Rooms that would do if the question were changed a little.
#[component]
pub fn NearMisses(
    /// The search.
    finder: Finder,
) -> impl IntoView {
    let near = move || finder.found.with(|found| found.near_misses.clone());
    view! {
        <ul class="room-card-list">
            <For
                each=near
                key=|near| (near.room, near.change, near.answer.state)
                children=move |near| near_card(finder, near)
            />
        </ul>
    }
    .into_any()
}

fn near_card(finder: Finder, near: NearMiss) -> Option<AnyView> {
    let room = untrack(|| finder.room(near.room))?;
    let id = room.id;
    let found = finder.found.get_untracked();
    let note = describe::answer(&near.answer, &found);
    let change = near.change;
    let below = move || offered(finder, move || vec![change]);
    Some(
        view! {
            <RoomCard
                kind=RoomCardKind::Reason
                number=room.number
                state=Signal::derive(move || finder.state(id))
                title=""
                note=note
                selected=Signal::derive(move || finder.selected.get() == Some(id))
                on_choose=move |()| finder.choose(Some(id))
                answer=below
            />
        }
        .into_any(),
    )
}

/// The chosen room, where it is not among the first hits: choosing on the plan moves the list.
#[component]
pub fn Chosen(
    /// The search.
    finder: Finder,
    /// How many hits are shown elsewhere.
    besides: usize,
    /// A room that stands elsewhere, in the place of the first hit.
    #[prop(into)]
    without: Signal<Option<RoomId>>,
    /// Makes the act of the card.
    #[prop(into)]
    act: CardAct,
) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let without = without.get();
        let id = finder.selected.get().filter(|id| Some(*id) != without)?;
        let shown = finder.found.with(|found| {
            let hits = found.hits.iter().filter(|hit| Some(hit.room) != without);
            let besides = besides.saturating_sub(usize::from(without.is_some()));
            hits.take(besides).any(|hit| hit.room == id)
        });
        Some(id).filter(|_| !shown)
    });
    view! { <One finder of=chosen act=act /> }.into_any()
}

/// The card of one room that need not be a hit.
#[component]
pub fn One(
    /// The search.
    finder: Finder,
    /// The room. `None`: no card.
    #[prop(into)]
    of: Signal<Option<RoomId>>,
    /// It is this person's at that time already, whatever its calendar tells.
    #[prop(optional, into)]
    is_theirs: Signal<bool>,
    /// Makes the act of the card.
    #[prop(into)]
    act: CardAct,
    /// Makes what stands below the card after its act.
    #[prop(default = None)]
    answer: Option<CardAct>,
) -> impl IntoView {
    move || {
        let room = of.get().and_then(|id| untrack(|| finder.room(id)))?;
        let id = room.id;
        fetch::explain_rooms(finder, &[id]);
        let title = untrack(|| describe::title(finder, &room));
        let state = Memo::new(move |_| {
            if is_theirs.get() {
                RoomState::Yours
            } else {
                finder.state(id)
            }
        });
        let equipment = words::equipment_list(room.equipment);
        let note = move || match state.get() {
            RoomState::Yours => equipment.clone(),
            state => sentence(finder, id, state),
        };
        let below = move || {
            let remedy = move || (!is_theirs.get()).then(|| remedy(finder, id));
            (answer.map(|answer| answer.run(id)), remedy)
        };
        Some(
            view! {
                <ul class="room-card-list">
                    <RoomCard
                        number=room.number
                        state=state
                        title=title
                        note=Signal::derive(note)
                        selected=Signal::derive(move || finder.selected.get() == Some(id))
                        on_choose=move |()| finder.choose(Some(id))
                        answer=below
                    >
                        {act.run(id)}
                    </RoomCard>
                </ul>
            }
            .into_any(),
        )
    }
}

/// The best that can be said of a room that is no hit.
fn sentence(finder: Finder, id: RoomId, state: RoomState) -> String {
    let found = finder.found.get();
    let sentence = finder.answer(id).map_or_else(
        || words::state(state).to_owned(),
        |answer| describe::answer(&answer, &found),
    );
    describe::heard(finder, id, sentence)
}

/// Rooms of the floor on screen that are not to be had, with their reasons.
#[component]
pub fn NotFree(
    /// The search.
    finder: Finder,
) -> impl IntoView {
    let rooms = Memo::new(move |_| {
        let taken = |state: RoomState| !state.is_open() && state != RoomState::Yours;
        finder
            .floor_states()
            .filter(|(_, state)| taken(*state))
            .map(|(room, _)| room.id)
            .collect::<Vec<_>>()
    });
    Effect::new(move |_| fetch::explain_rooms(finder, &rooms.get()));
    view! {
        <ul class="room-card-list">
            <For each=move || rooms.get() key=|id| *id children=move |id| reason_card(finder, id) />
        </ul>
    }
    .into_any()
}

fn reason_card(finder: Finder, id: RoomId) -> Option<AnyView> {
    let room = untrack(|| finder.room(id))?;
    let state = Memo::new(move |_| finder.state(id));
    let note = Memo::new(move |_| sentence(finder, id, state.get()));
    Some(
        view! {
            <RoomCard
                kind=RoomCardKind::Reason
                number=room.number
                state=state
                title=""
                note=note
                selected=Signal::derive(move || finder.selected.get() == Some(id))
                on_choose=move |()| finder.choose(Some(id))
                answer=move || remedy(finder, id)
            />
        }
        .into_any(),
    )
}
