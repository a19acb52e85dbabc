//! The search page. The address holds the whole state; the server renders the first answer and
//! the plan, and the browser goes on from there.

use booking::ids::RoomId;
use booking::search::When;
use booking::search::change::Change;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

use super::Unavailable;
use super::address::{Address, day_times, times_of, when};
use super::asked::Asked;
use super::reservation::PlaceDialog;
use crate::api::rooms::free_over_day;
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::plan_view::ScreenSize;
use crate::components::time_rail::MinuteSpan;
use crate::components::{
    Button, ButtonKind, EmptyState, Freshness, MessageBar, MessageKind, PageHeader, Spinner,
    TimeRail,
};
use crate::pages::finder::list::{Hits, NearMisses};
use crate::pages::finder::remedy::{Asking, Changed, changed, remedy};
use crate::pages::finder::stage::Stage;
use crate::pages::finder::{Finder, FirstAnswer, first_answer};
use crate::pages::live_notice::LiveNotice;
use crate::pages::mark_hydrated;
use crate::text::clock;
use crate::text::{command, page};

/// Most hits in the list.
const HITS_SHOWN: usize = 20;

/// The page.
#[component]
pub fn SearchPage() -> impl IntoView {
    let params = use_query_map();
    let first = Resource::<_, Wire>::new_with_options(
        || (),
        move |()| {
            let params = params.get_untracked();
            let building = params.get_str("building").and_then(|id| id.parse().ok());
            first_answer(building, move |catalogue| {
                let Address { query, floor, room } = Address::read(&params, catalogue);
                (query, floor, room)
            })
        },
        BLOCKING,
    );
    mark_hydrated();
    view! {
        <Title text=page::FIND_A_ROOM />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                match first.await {
                    Ok(Some(first)) => view! { <Search first=first /> }.into_any(),
                    Ok(None) => {
                        view! { <Bare><EmptyState title=page::NO_BUILDING hint=page::NO_BUILDING_HINT /></Bare> }
                            .into_any()
                    }
                    Err(problem) => view! { <Bare><Unavailable problem=problem /></Bare> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// The page without a search.
#[component]
fn Bare(children: Children) -> impl IntoView {
    view! {
        <div class="portal">
            <PageHeader at=HeaderPage::Search />
            <main id="content">{children()}</main>
        </div>
    }
    .into_any()
}

#[component]
fn Search(first: FirstAnswer) -> impl IntoView {
    let person = first
        .person
        .as_ref()
        .map(|person| person.display_name.clone());
    let role = first.role;
    let finder = Finder::new(first);
    finder.start();
    write_address(finder);
    provide_context(asking(finder));
    let placing = RwSignal::new(None::<RoomId>);
    let place = Signal::derive(move || finder.building().map(|it| it.name).unwrap_or_default());
    let act = Callback::new(move |id: RoomId| book_button(finder, placing, id, Label::Short));
    let rooms = NodeRef::new();
    let card_act = Callback::new(move |id: RoomId| {
        view! {
            {book_button(finder, placing, id, Label::WithTime)}
            {remedy(finder, id)}
        }
        .into_any()
    });
    view! {
        <div class="portal">
            <PageHeader at=HeaderPage::Search place=place person=Signal::stored(person) role=role />
            <main class="portal-search" id="content">
                <a class="skip-link" href="#rooms" rel="external">{command::SKIP_TO_ROOMS}</a>
                <div class="portal-column">
                    <Asked finder rooms />
                    <Results finder act=act rooms />
                    <div class="portal-column-foot">
                        <Freshness
                            shown=Signal::derive(move || finder.shown())
                            now=finder.now
                        />
                    </div>
                </div>
                <div class="portal-stage">
                    <Stage
                        finder
                        first_size=ScreenSize { width_px: 1_080.0, height_px: 760.0 }
                        card_action=Some(card_act)
                        on_activate=|_| {}
                    />
                    <div class="portal-rail"><Rail finder /></div>
                </div>
            </main>
            <PlaceDialog finder placing />
        </div>
    }
    .into_any()
}

#[component]
fn Results(
    finder: Finder,
    act: Callback<RoomId, AnyView>,
    rooms: NodeRef<html::Div>,
) -> impl IntoView {
    let free = Memo::new(move |_| finder.found.with(|found| found.free));
    let has_near = move || finder.found.with(|found| !found.near_misses.is_empty());
    let problem = move || {
        finder.trouble().map(|problem| {
            if problem.needs_sign_in() {
                view! { <super::SignIn /> }.into_any()
            } else {
                view! {
                    <MessageBar kind=MessageKind::Error text=problem.sentence()>
                        <Button on_press=move |()| finder.ask_again()>{command::TRY_AGAIN}</Button>
                    </MessageBar>
                }
                .into_any()
            }
        })
    };
    view! {
        <div node_ref=rooms class="portal-results" id="rooms" tabindex="-1" aria-busy=move || finder.searching.get().then_some("true")>
            {problem}
            <LiveNotice live=finder.live />
            <h2 aria-live="polite">{move || page::free_and_fitting(free.get())}</h2>
            <Hits finder most=HITS_SHOWN act=act />
            <Show when=move || free.get() == 0 && !has_near()>
                <p>{page::NO_HITS_HINT}</p>
            </Show>
            <Show when=has_near>
                <h2>{page::WOULD_FIT_IF}</h2>
                <NearMisses finder />
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Rail(finder: Finder) -> impl IntoView {
    let window = Memo::new(move |_| {
        let times = finder.query.with(|query| times_of(&query.when));
        let from = clock::minute_of_day(&times.from).unwrap_or(9 * 60);
        let to = clock::minute_of_day(&times.to)
            .filter(|to| *to > from)
            .unwrap_or(from + 15);
        MinuteSpan { from, to }
    });
    let set = move |next: MinuteSpan| {
        finder.query.update(|query| {
            let mut times = times_of(&query.when);
            times.from = clock::time_of_minute(next.from);
            times.to = clock::time_of_minute(next.to);
            query.when = when(times);
        });
    };
    view! { <TimeRail free=free_over_the_day(finder) window=window on_move=set /> }
}

/// Free rooms in each quarter of the shown day; asked for anew when the day, the wishes or the
/// calendars change, but not when the asked time only moves along the strip.
fn free_over_the_day(finder: Finder) -> RwSignal<Vec<u32>> {
    let free = RwSignal::new(Vec::new());
    let asked = Memo::new(move |_| {
        let mut query = finder.query.get();
        let times = times_of(&query.when);
        // One and the same time of day, so that only the rest of the question counts.
        query.when = When::Local {
            date: times.date.clone(),
            from: "09:00".to_owned(),
            to: "10:00".to_owned(),
        };
        (query, times.date, finder.found.with(|found| found.revision))
    });
    Effect::new(move |_| {
        let (query, date, revision) = asked.get();
        spawn_local(async move {
            // Without an answer the strip shows no bars, which is all it is for.
            if let Ok(counts) = free_over_day(query, date).await
                && asked
                    .try_get_untracked()
                    .is_some_and(|(_, _, now)| now == revision)
            {
                free.set(counts);
            }
        });
    });
    free
}

/// What the button beside a room says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Short,
    WithTime,
}

/// Opens the dialog; nothing for a room that cannot be had.
fn book_button(
    finder: Finder,
    placing: RwSignal<Option<RoomId>>,
    id: RoomId,
    label: Label,
) -> AnyView {
    let open = Memo::new(move |_| finder.state(id).is_open());
    let kind = Signal::derive(move || {
        if finder.selected.get() == Some(id) {
            ButtonKind::Primary
        } else {
            ButtonKind::Plain
        }
    });
    let number = untrack(|| finder.room(id))
        .map(|room| room.number)
        .unwrap_or_default();
    let text = move || match label {
        Label::Short => command::BOOK.to_owned(),
        Label::WithTime => {
            let range = finder.found.with(|found| found.ranges.first().copied());
            let zone = finder.found.with(|found| found.zone.clone());
            range.map_or_else(
                || command::BOOK.to_owned(),
                |range| command::book_span(&clock::span(range, &zone)),
            )
        }
    };
    view! {
        <Show when=move || open.get()>
            <Button
                kind=kind
                // What is shown may be the answer to an earlier question.
                disabled=Signal::derive(move || !finder.is_current())
                label=command::book_room(&number)
                on_press=move |()| {
                    finder.choose(Some(id));
                    placing.set(Some(id));
                }
            >
                {text}
            </Button>
        </Show>
    }
    .into_any()
}

/// How a changed question is asked here: its time has to be one of a single day.
fn asking(finder: Finder) -> Asking {
    Asking {
        question: Callback::new(move |changes: Vec<Change>| {
            let Changed { mut query, ranges } = changed(finder, &changes)?;
            if let Some(range) = ranges.and_then(|ranges| ranges.first().copied()) {
                let zone = finder.found.with(|found| found.zone.clone());
                query.when = when(day_times(range, &zone)?);
            }
            Some(query)
        }),
        ask: Callback::new(move |query| finder.query.set(query)),
        label: |words, _| words,
    }
}

/// Keeps the address and the search the same, whichever of them changes.
fn write_address(finder: Finder) {
    let params = use_query_map();
    let navigate = use_navigate();
    let address = Memo::new(move |_| {
        Address {
            query: finder.query.get(),
            floor: Some(finder.floor.get()),
            room: finder.selected.get(),
        }
        .write()
    });
    Effect::new(move |earlier: Option<String>| {
        let address = address.get();
        if earlier.is_some_and(|earlier| earlier != address) {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&format!("/{address}"), options);
        }
        address
    });
    // Back, forward and links within the page.
    Effect::new(move |earlier: Option<()>| {
        let params = params.get();
        if earlier.is_none() || params.get_str("date").is_none() {
            return;
        }
        let building = params.get_str("building").and_then(|id| id.parse().ok());
        let shown = finder.query.with_untracked(|query| query.building);
        if let Some(building) = building.filter(|building| Some(*building) != shown) {
            finder.show_building(building);
            return;
        }
        let read = finder
            .catalogue
            .with_untracked(|catalogue| Address::read(&params, catalogue));
        if read.write() != address.get_untracked() && matches!(read.query.when, When::Local { .. })
        {
            finder.query.set(read.query);
            finder.selected.set(read.room);
            if let Some(floor) = read.floor {
                finder.floor.set(floor);
            }
        }
    });
}
