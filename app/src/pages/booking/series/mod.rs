//! Planning and booking a series. The address holds all that is asked for and chosen; the fields are drawn by the server,
//! the plan is asked for by the browser, because Exchange has its say in it.

mod address;
mod asked;
mod book;
mod date_choices;
mod follow;
mod mine;
mod move_date;
mod other_rooms;
mod outcome;
mod pattern_fields;
mod planned;
mod planner;
mod strip;

use booking::ids::SeriesId;
use booking::series::PlacedSeries;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use leptos_router::params::ParamsMap;

pub use self::mine::MySeriesPage;

use self::asked::Asked;
use self::book::Book;
use self::outcome::Outcome;
use self::pattern_fields::PatternFields;
use self::planner::Planner;
use self::strip::{PlanAgain, PlanShown, UndoAll};
use crate::api::ApiError;
use crate::api::rooms::{Catalogue, load_catalogue};
use crate::api::series::mine;
use crate::api::session::{Session, me};
use crate::api::wire::{BLOCKING, Wire};
use crate::components::freshness::Shown;
use crate::components::page_header::HeaderPage;
use crate::components::{EmptyState, Freshness, MessageBar, MessageKind, PageHeader, Spinner};
use crate::pages::mark_hydrated;
use crate::pages::portal::Unavailable;
use crate::text::{page, series as words};

/// Names the series in the address of one that was booked.
const BOOKED: &str = "booked";

/// What the page starts with: who, the rooms, and the series that the address names.
type First = (Session, Catalogue, Option<PlacedSeries>);

async fn load(params: ParamsMap) -> Result<First, ApiError> {
    let session = me().await?;
    let building = params.get_str("building").and_then(|id| id.parse().ok());
    let catalogue = load_catalogue(building).await?;
    let booked = params.get_str(BOOKED).and_then(|id| id.parse().ok());
    let placed = match booked.map(SeriesId) {
        Some(id) => mine().await?.into_iter().find(|one| one.id == id),
        None => None,
    };
    Ok((session, catalogue, placed))
}

/// The page.
#[component]
pub fn SeriesPage() -> impl IntoView {
    let params = use_query_map();
    let first = Resource::<_, Wire>::new_with_options(
        || (),
        move |()| load(params.get_untracked()),
        BLOCKING,
    );
    mark_hydrated();
    view! {
        <Title text=words::PLAN />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, content) = match first.await {
                    Ok((session, catalogue, placed)) => {
                        let asked = Asked::read(&params.get_untracked(), &catalogue);
                        (session, view! { <Series catalogue asked placed /> }.into_any())
                    }
                    Err(problem) => {
                        (Session::default(), view! { <Unavailable problem=problem /> }.into_any())
                    }
                };
                let person = session.person.map(|person| person.display_name);
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Reservation person=Signal::stored(person) role=session.role />
                        <main class="series-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

#[component]
fn Series(catalogue: Catalogue, asked: Asked, placed: Option<PlacedSeries>) -> impl IntoView {
    if catalogue.building.is_none() {
        return view! { <EmptyState title=page::NO_BUILDING hint=page::NO_BUILDING_HINT /> }
            .into_any();
    }
    let planner = Planner::new(catalogue, asked);
    let placed = RwSignal::new(placed);
    let subject = RwSignal::new(String::new());
    let is_placed = Memo::new(move |_| placed.with(Option::is_some));
    write_address(planner, placed);
    view! {
        <Show
            when=move || is_placed.get()
            fallback=move || view! { <Planning planner placed subject /> }
        >
            <Outcome placed subject />
        </Show>
    }
    .into_any()
}

#[component]
fn Planning(
    planner: Planner,
    placed: RwSignal<Option<PlacedSeries>>,
    subject: RwSignal<String>,
) -> impl IntoView {
    planner.start();
    let on_open = Callback::new(move |day| planner.open.set(Some(day)));
    let is_planned = Memo::new(move |_| planner.planned.with(Option::is_some));
    let source = move || {
        let planned = planner.planned.get();
        planned.map(|planned| {
            let shown = Signal::stored(Shown::From(planned.source()));
            view! { <Freshness shown now=planner.now /> }
        })
    };
    view! {
        <div class="series-column">
            <h1>{words::PLAN}</h1>
            <p class="field-hint">{words::HINT}</p>
            <PatternFields planner />
        </div>
        <div class="series-main">
            <Standing planner />
            <Show when=move || is_planned.get()>
                <PlanShown planner on_open />
                {source}
                <Book planner placed subject />
            </Show>
        </div>
    }
    .into_any()
}

/// What there is to say where the plan is not there, not the one that is asked for, or old. Beside what is asked for, so
/// that nothing jumps.
#[component]
fn Standing(planner: Planner) -> impl IntoView {
    let summary = Memo::new(move |_| planner.asked.with(Asked::summary));
    let is_first = Memo::new(move |_| planner.planned.with(Option::is_none));
    let is_asking = Memo::new(move |_| planner.is_asking.get());
    let is_old = Memo::new(move |_| planner.is_old());
    let line = move || match (is_asking.get(), is_old.get(), is_first.get()) {
        (true, true, _) => Some(words::OLD),
        (true, false, true) => Some(words::PLANNING),
        (true, false, false) => Some(words::PLANNING_AGAIN),
        (false, ..) => None,
    };
    let line = Memo::new(move |_| line());
    view! {
        <div class="series-standing">
            <p class="series-summary">{move || summary.get()}</p>
            {move || line.get().map(|line| view! { <Spinner text=line /> })}
        </div>
        <Trouble planner />
    }
    .into_any()
}

/// Why there is no plan, or none that can be believed, and what to do.
#[component]
fn Trouble(planner: Planner) -> impl IntoView {
    let wish = planner.wish();
    let is_incomplete = Memo::new(move |_| wish.with(Option::is_none));
    let is_left = Memo::new(move |_| planner.is_old() && planner.is_left());
    let problem = move |problem: ApiError| {
        if problem.needs_sign_in() {
            return view! { <crate::pages::portal::SignIn /> }.into_any();
        }
        view! {
            <MessageBar kind=MessageKind::Error text=problem.sentence()>
                <PlanAgain planner />
                <UndoAll planner />
            </MessageBar>
        }
        .into_any()
    };
    view! {
        {move || planner.problem.get().map(problem)}
        <Show when=move || is_incomplete.get()>
            <MessageBar text=words::INCOMPLETE />
        </Show>
        <Show when=move || is_left.get()>
            <MessageBar text=words::OLD_AND_LEFT><PlanAgain planner /></MessageBar>
        </Show>
    }
    .into_any()
}

/// Keeps the address true to what is asked for, and to what was booked.
fn write_address(planner: Planner, placed: RwSignal<Option<PlacedSeries>>) {
    let navigate = use_navigate();
    let address = Memo::new(move |_| {
        let booked = placed.with(|placed| placed.as_ref().map(|placed| placed.id));
        match booked {
            Some(id) => format!("?{BOOKED}={id}"),
            None => planner.asked.with(Asked::write),
        }
    });
    Effect::new(move |earlier: Option<String>| {
        let address = address.get();
        if earlier.is_some_and(|earlier| earlier != address) {
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&format!("/series{address}"), options);
        }
        address
    });
}
