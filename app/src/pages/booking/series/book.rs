//! Booking what is shown: one press, and nothing is booked that was not seen.

use booking::ids::SeriesId;
use booking::series::PlacedSeries;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::planner::Planner;
use crate::api::ApiError;
use crate::api::series::{PlaceSeriesRequest, place};
use crate::components::{Button, ButtonKind, Field, MessageBar, MessageKind};
use crate::pages::random;
use crate::text::{command, series as words};

/// What it is about, and the button. `placed`: set once it is; `subject`: what it is about.
#[component]
pub(super) fn Book(
    planner: Planner,
    placed: RwSignal<Option<PlacedSeries>>,
    subject: RwSignal<String>,
) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<ApiError>);
    // One key for all presses: a retry after a lost answer places nothing twice.
    let key = StoredValue::new(random::uuid().map(SeriesId));
    let count = Memo::new(move |_| {
        let planned = planner.planned.get();
        planned.map_or(0, |planned| planned.placed())
    });
    let watched = Memo::new(move |_| {
        let planned = planner.planned.get();
        planned.map_or(0, |planned| planned.watched())
    });
    let submit = move || {
        if busy.get_untracked() || !untrack(|| planner.is_current()) || count.get_untracked() == 0 {
            return;
        }
        let Some(request) = request(planner, key, &subject.get_untracked(), problem) else {
            return;
        };
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = place(request).await;
            busy.try_set(false);
            match answer {
                Ok(series) => {
                    placed.try_set(Some(series));
                }
                Err(refused) => {
                    planner.ask_after_refusal(refused.dates.clone());
                    problem.try_set(Some(refused));
                }
            }
        });
    };
    let is_waiting = Signal::derive(move || !planner.is_current());
    view! {
        <form
            class="series-book"
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <Show
                when=move || count.get() != 0
                fallback=|| view! { <p>{words::NOTHING_TO_BOOK}</p> }
            >
                <Field
                    id="series-subject"
                    label=command::SUBJECT
                    value=subject
                    hint=command::SUBJECT_HINT
                    on_change=move |text| subject.set(text)
                />
                <p>{move || words::watched(watched.get())}</p>
                {move || problem.get().map(|problem| view! {
                    <MessageBar kind=MessageKind::Error text=told(&problem) />
                })}
                <Button kind=ButtonKind::Primary submits=true busy=busy disabled=is_waiting>
                    {move || if busy.get() { words::BOOKING.to_owned() } else { words::book(count.get()) }}
                </Button>
            </Show>
        </form>
    }
    .into_any()
}

fn told(problem: &ApiError) -> String {
    if problem.dates.is_empty() {
        problem.sentence()
    } else {
        words::REFUSED.to_owned()
    }
}

/// What is on screen, as a request. `None`: it cannot be made, and `problem` says why.
fn request(
    planner: Planner,
    key: StoredValue<Result<SeriesId, ApiError>>,
    subject: &str,
    problem: RwSignal<Option<ApiError>>,
) -> Option<PlaceSeriesRequest> {
    let key = match key.get_value() {
        Ok(key) => key,
        Err(lacking) => {
            problem.set(Some(lacking));
            return None;
        }
    };
    let planned = planner.planned.get_untracked()?;
    let dates = planned.series.dates.iter();
    Some(PlaceSeriesRequest {
        key,
        subject: subject.to_owned(),
        wish: planner.answered()?,
        rooms: dates.map(|date| date.assigned.room()).collect(),
    })
}
