//! The search inside Outlook: the draft's question, the best three, the plan, everything else.

use booking::ids::RoomId;
use booking::provider::RoomResponse;
use leptos::prelude::*;

use super::Ready;
use super::asking::asking;
use super::draft::Covers;
use super::hold::{Holder, InDraft};
use super::message::{self, Message};
use crate::components::plan_view::{Framing, ScreenSize};
use crate::components::{Button, ButtonKind, Field, FieldKind, Freshness, Tag, ZoneNote};
use crate::pages::finder::building::BuildingPicker;
use crate::pages::finder::list::{Chosen, Hits, NearMisses, NotFree, One};
use crate::pages::finder::stage::Stage;
use crate::pages::finder::{Finder, describe};
use crate::text::clock::WallTime;
use crate::text::{command, page, room};

/// Cards on top.
const BEST_SHOWN: usize = 3;
/// Cards in the list of everything.
const HITS_SHOWN: usize = 20;

/// The pane once Outlook has told everything.
#[component]
pub(super) fn PaneSearch(ready: Ready) -> impl IntoView {
    let Ready {
        first,
        draft,
        key,
        reads_only: _,
    } = ready;
    let finder = Finder::new(first);
    let holder = Holder::new(finder, &draft, key);
    follow_best(finder, holder);
    finder.start();
    holder.start();
    message::renew_when_refused(finder);
    provide_context(asking(finder, holder));
    let act = Callback::new(move |id: RoomId| add_button(finder, holder, id));
    let answer = Callback::new(move |id: RoomId| answer_line(holder, id));
    let none_free = Memo::new(move |_| finder.found.with(|found| found.free == 0));
    let in_draft = Memo::new(move |_| holder.in_draft.get().map(|it| it.room));
    // Then it is this very meeting that makes the room busy.
    let was_sent = Signal::derive(move || {
        use RoomResponse::{Accepted, Tentative};
        let response = holder.in_draft.get().map(|it| it.response);
        matches!(response, Some(Accepted | Tentative))
    });
    view! {
        <Top finder holder />
        <section class="pane-best">
            <Message holder finder />
            <Show when=move || !none_free.get() || in_draft.get().is_some()>
                <h2>{page::BEST}</h2>
            </Show>
            // The room in the draft stays first, whatever is chosen on the plan.
            <One finder of=in_draft is_theirs=was_sent act=act answer=Some(answer) />
            <Chosen finder besides=BEST_SHOWN without=in_draft act=act />
            // With no room left the smallest change that helps comes first.
            <Show
                when=move || none_free.get()
                fallback=move || view! {
                    <Hits finder most=BEST_SHOWN without=in_draft act=act />
                }
            >
                <h2>{page::NO_HITS}</h2>
                <NearMisses finder />
            </Show>
        </section>
        {narrow_plan(finder)}
        <AllRooms finder in_draft none_free act />
        <footer class="pane-foot">
            <Freshness shown=Signal::derive(move || finder.shown()) now=finder.now />
        </footer>
    }
    .into_any()
}

/// The plan around the chosen room; nothing is acted on from it.
pub(super) fn narrow_plan(finder: Finder) -> impl IntoView {
    view! {
        <div class="pane-plan">
            <Stage
                finder
                framing=Framing::Selected
                first_size=ScreenSize { width_px: 320.0, height_px: 370.0 }
                on_activate=|_| {}
            />
        </div>
    }
}

/// Everything else, folded away.
#[component]
fn AllRooms(
    finder: Finder,
    in_draft: Memo<Option<RoomId>>,
    none_free: Memo<bool>,
    act: Callback<RoomId, AnyView>,
) -> impl IntoView {
    let has_near = move || finder.found.with(|found| !found.near_misses.is_empty());
    view! {
        <details class="pane-rooms">
            // Office.js decides what Tab reaches, and knows no summaries.
            <summary tabindex="0">
                <span>{page::ALL_ROOMS}</span>
                <span>{move || summary(finder)}</span>
            </summary>
            <h3>{page::FREE}</h3>
            <Hits finder skip=BEST_SHOWN most=HITS_SHOWN without=in_draft act=act />
            <Show when=move || has_near() && !none_free.get()>
                <h3>{page::WOULD_FIT_IF}</h3>
                <NearMisses finder />
            </Show>
            <h3>{page::NOT_FREE}</h3>
            <NotFree finder />
        </details>
    }
    .into_any()
}

/// One line: when and how many; a press opens what can be changed here.
#[component]
fn Top(finder: Finder, holder: Holder) -> impl IntoView {
    let open = RwSignal::new(false);
    let when = move || describe::asked_time(finder);
    let who = move || room::people(finder.query.with(|query| query.people));
    view! {
        <header class="pane-top">
            <h1>{page::FIND_A_ROOM}</h1>
            <button
                class="pane-asked"
                type="button"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                aria-description=command::CHANGE
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="pane-asked-when">{when}</span>
                <span class="pane-asked-who">{who}</span>
            </button>
            <ZoneNote at=Signal::derive(move || finder.time()) />
            {move || coverage(finder, holder.covers.get()).map(|text| view! {
                <p class="room-card-note">{text}</p>
            })}
            <Show when=move || open.get()>
                <WhatIsAsked finder holder />
            </Show>
        </header>
    }
    .into_any()
}

/// What the answer is worth for a draft that repeats.
fn coverage(finder: Finder, covers: Covers) -> Option<String> {
    match covers {
        Covers::Once => None,
        Covers::FirstOnly => Some(page::pane::FIRST_ONLY.to_owned()),
        Covers::All(meetings) => Some(page::pane::free_for_all(meetings)),
        Covers::Until(meetings, last) => {
            let zone = finder.found.with(|found| found.zone.clone());
            let day = WallTime::of(last, &zone).long_date();
            Some(page::pane::free_until(meetings, &day))
        }
    }
}

#[component]
fn WhatIsAsked(finder: Finder, holder: Holder) -> impl IntoView {
    let set_people = move |people: String| {
        if let Ok(people @ 1..=999) = people.parse::<u32>() {
            holder.people_are_set.set(true);
            finder.query.update(|query| query.people = people);
        }
    };
    let facets = move || finder.found.with(|found| found.facets.equipment.clone());
    view! {
        <div class="pane-change">
            <BuildingPicker id="pane-building" finder />
            <Field
                id="pane-people"
                label=command::PEOPLE
                kind=FieldKind::Count
                value=Signal::derive(move || finder.query.with(|query| query.people.to_string()))
                on_change=set_people
            />
            <ul class="tag-list" aria-label=page::FILTERS>
                <For
                    each=facets
                    key=|(kind, count)| (*kind, *count)
                    children=move |(kind, count)| view! {
                        <Tag
                            text=room::equipment(kind)
                            pressed=Signal::derive(move || finder.query.with(|it| it.equipment.has(kind)))
                            count=Some(count)
                            on_press=move |()| finder.query.update(|query| {
                                query.equipment = if query.equipment.has(kind) {
                                    query.equipment.without(kind)
                                } else {
                                    query.equipment.with(kind)
                                };
                            })
                        />
                    }
                />
                <Tag
                    text=command::STEP_FREE
                    pressed=Signal::derive(move || finder.query.with(|query| query.step_free))
                    count=Signal::derive(move || finder.found.with(|found| Some(found.facets.step_free)))
                    on_press=move |()| finder.query.update(|query| query.step_free = !query.step_free)
                />
            </ul>
        </div>
    }
    .into_any()
}

fn add_button(finder: Finder, holder: Holder, id: RoomId) -> AnyView {
    let number = number_of(finder, id);
    let added = Memo::new(move |_| holder.in_draft.get().is_some_and(|it| it.room == id));
    let busy = Signal::derive(move || holder.adding.get() == Some(id));
    let kind = Signal::derive(move || {
        if finder.selected.get() == Some(id) && !added.get() {
            ButtonKind::Primary
        } else {
            ButtonKind::Plain
        }
    });
    let label = {
        let number = number.clone();
        Signal::derive(move || match holder.in_draft.get() {
            Some(it) if it.room == id => command::remove_room(&number),
            Some(it) => command::swap_room(&number, &number_of(finder, it.room)),
            None => command::add_room(&number),
        })
    };
    let press = move |()| {
        finder.choose(Some(id));
        if added.get_untracked() {
            holder.remove(id);
        } else {
            holder.add(id);
        }
    };
    let text = move || match (added.get(), busy.get()) {
        (true, _) => command::REMOVE,
        (false, true) => page::pane::ADDING,
        // A draft has one room: another one takes its place.
        (false, false) if holder.in_draft.with(Option::is_some) => command::SWAP,
        (false, false) => command::ADD,
    };
    let offered = Memo::new(move |_| {
        added.get() || busy.get() || holder.has_time.get() && finder.state(id).is_open()
    });
    view! {
        <Show when=move || offered.get()>
            <Button kind=kind busy=busy label=label on_press=press>
                {text}
            </Button>
        </Show>
    }
    .into_any()
}

pub(super) fn number_of(finder: Finder, id: RoomId) -> String {
    untrack(|| finder.room(id))
        .map(|room| room.number)
        .unwrap_or_default()
}

fn answer_line(holder: Holder, id: RoomId) -> AnyView {
    (move || {
        holder.in_draft.get().filter(|it| it.room == id).map(|in_draft| {
            view! { <p class="room-card-note room-card-answer" role="status">{answer_words(in_draft)}</p> }
        })
    })
    .into_any()
}

pub(super) const fn answer_words(in_draft: InDraft) -> &'static str {
    match in_draft.response {
        RoomResponse::Accepted => page::pane::ACCEPTED,
        RoomResponse::Tentative => page::pane::NO_ANSWER_YET,
        RoomResponse::Declined => page::pane::DECLINED,
        RoomResponse::None => page::pane::ADDED,
    }
}

/// The plan shows the best room, unless the person has chosen another one that still stands; a
/// room that comes into the draft is shown.
fn follow_best(finder: Finder, holder: Holder) {
    let choose = move |shown: Option<Option<RoomId>>| {
        // Watched: the answer that no longer lists the room may come before it stands in the draft.
        let kept = holder.in_draft.get().map(|it| it.room);
        let selected = finder.selected.get_untracked();
        let best = finder.found.with(|found| {
            let stands = |id: &RoomId| found.hits.iter().any(|hit| hit.room == *id);
            let chosen = selected.filter(stands);
            let first = if shown == Some(kept) {
                chosen.or(kept)
            } else {
                kept.or(chosen)
            };
            first.or_else(|| found.hits.first().map(|hit| hit.room))
        });
        // Choosing anew would take a person back who looks at another floor.
        if best.is_some() && best != selected {
            finder.choose(best);
        }
        kept
    };
    let shown = untrack(|| choose(None));
    Effect::new(move |earlier: Option<Option<RoomId>>| choose(Some(earlier.unwrap_or(shown))));
}

fn summary(finder: Finder) -> String {
    let free = finder.found.with(|found| found.free);
    let all = finder.catalogue.with(|catalogue| catalogue.rooms.len());
    page::free_of_all(free, u32::try_from(all).unwrap_or(u32::MAX))
}
