//! The series of whoever is signed in: how each is getting on, and where a room was found for a date that has none.

use booking::series::PlacedSeries;
use leptos::prelude::*;
use leptos_meta::Title;

use super::BOOKED;
use super::outcome::counted;
use crate::api::ApiError;
use crate::api::series::mine;
use crate::api::session::{Session, me};
use crate::api::wire::{BLOCKING, Wire};
use crate::components::page_header::HeaderPage;
use crate::components::{EmptyState, PageHeader, Spinner};
use crate::pages::mark_hydrated;
use crate::pages::portal::Unavailable;
use crate::text::clock::WallTime;
use crate::text::series::{self as words, outcome, pattern};
use crate::text::{page, reservation};

/// The page.
#[component]
pub fn MySeriesPage() -> impl IntoView {
    let first = Resource::<_, Wire>::new_with_options(
        || (),
        |()| async {
            let session = me().await?;
            Ok::<(Session, Vec<PlacedSeries>), ApiError>((session, mine().await?))
        },
        BLOCKING,
    );
    mark_hydrated();
    view! {
        <Title text=words::MINE />
        <Suspense fallback=|| view! { <Spinner text=page::SEARCHING /> }>
            {move || Suspend::new(async move {
                let (session, content) = match first.await {
                    Ok((session, all)) => (session, list(&all)),
                    Err(problem) => {
                        (Session::default(), view! { <Unavailable problem=problem /> }.into_any())
                    }
                };
                let person = session.person.map(|person| person.display_name);
                view! {
                    <div class="portal">
                        <PageHeader at=HeaderPage::Reservation person=Signal::stored(person) role=session.role />
                        <main class="portal-page" id="content">{content}</main>
                    </div>
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn list(all: &[PlacedSeries]) -> AnyView {
    let rows = all.iter().map(row).collect_view();
    let content = if all.is_empty() {
        view! {
            <EmptyState title=words::NONE hint=words::NONE_HINT>
                <a href="/series" rel="external">{words::PLAN}</a>
            </EmptyState>
        }
        .into_any()
    } else {
        view! { <ul class="series-list">{rows}</ul> }.into_any()
    };
    view! {
        <h1>{words::MINE}</h1>
        {content}
        <p class="series-outcome-links">
            <a href="/reservations" rel="external">{reservation::MINE}</a>
            <a href="/series" rel="external">{outcome::ANOTHER}</a>
        </p>
    }
    .into_any()
}

fn row(series: &PlacedSeries) -> AnyView {
    let day = |at| WallTime::of(at, &series.zone).short_date();
    let starts = || series.dates.iter().map(|date| date.range.start());
    let span = match (starts().min(), starts().max()) {
        (Some(first), Some(last)) => words::from_to(&day(first), &day(last)),
        _ => String::new(),
    };
    let progress = counted(series);
    let standing = if progress.is_under_way() {
        outcome::progress(&progress)
    } else {
        outcome::outcome(&progress)
    };
    let offered = series.dates.iter().filter(|date| date.offered.is_some());
    let offered = words::offered(offered.count());
    let href = format!("/series?{BOOKED}={}", series.id);
    view! {
        <li class="series-one">
            <p class="room-card-title"><a href=href rel="external">{pattern::told(&series.pattern)}</a></p>
            <p class="room-card-note">{span}</p>
            <p class="room-card-note">{standing}</p>
            <p class="series-offered">{offered}</p>
        </li>
    }
    .into_any()
}
