//! The plan before anything is booked: how it turned out, the strip, what should be known, and the same as a list.

use std::sync::Arc;

use booking::series::{PlannedDate, SeriesWarning, UsedRoom};
use leptos::prelude::*;

use super::date_choices::DateChoices;
use super::planned::{self, Numbers, Planned};
use super::planner::Planner;
use crate::components::series_strip::StripDate;
use crate::components::{Button, ButtonKind, MessageBar, MessageKind, SeriesStrip};
use crate::text::clock::{self, WallTime};
use crate::text::{room, series as words};

/// Everything about the plan. `on_open`: told the day of a date that was pressed.
#[component]
pub(super) fn PlanShown(planner: Planner, on_open: Callback<String>) -> impl IntoView {
    let numbers = planner.numbers();
    let told = move |tell: fn(&Planned, &Numbers) -> String| {
        Memo::new(move |_| {
            let planned = planner.planned.get();
            planned.map_or_else(String::new, |planned| {
                numbers.with(|numbers| tell(&planned, numbers))
            })
        })
    };
    let headline = told(|planned, numbers| words::headline(&planned.counted(numbers)));
    let story = told(|planned, numbers| words::story(&planned.counted(numbers)));
    let losses = told(Planned::losses);
    let dates = Memo::new(move |_| {
        let planned = planner.planned.get();
        planned.map_or_else(Vec::new, |planned| {
            numbers.with(|numbers| planned.strip(numbers))
        })
    });
    view! {
        <div class="series-told" aria-live="polite">
            <h2>{move || headline.get()}</h2>
            <p>{move || story.get()}</p>
        </div>
        <Show when=move || losses.with(|losses| !losses.is_empty())>
            <MessageBar kind=MessageKind::Warning text=losses />
        </Show>
        {move || planner.planned.get().map(warnings)}
        <p class="field-hint" id="series-strip-hint">{words::STRIP_HINT}</p>
        <SeriesStrip
            dates
            open=planner.open
            on_open
            busy=planner.is_asking
            described_by="series-strip-hint"
        />
        <DateChoices planner />
        <WithoutRoom planner on_open numbers />
        <RoomsUsed planner />
        <AsList dates planner />
    }
    .into_any()
}

/// What should be known before anything is booked.
fn warnings(planned: Arc<Planned>) -> AnyView {
    let zone = &planned.series.zone;
    let day = |at| WallTime::of(at, zone).short_date();
    let told = planned.series.warnings.iter().map(|warning| {
        let text = match *warning {
            SeriesWarning::EndsEarly { last, days_max } => words::ends_early(&day(last), days_max),
            SeriesWarning::BeyondWindow {
                days,
                is_assumed,
                first,
                dates,
            } => {
                let first = planned
                    .series
                    .dates
                    .iter()
                    .find(|date| date.number == first);
                let first = first.map(|date| day(date.range.start()));
                words::beyond_window(&first.unwrap_or_default(), dates, days, is_assumed)
            }
            SeriesWarning::NotAsked => words::NOT_ASKED.to_owned(),
        };
        view! { <MessageBar kind=MessageKind::Warning text=text /> }
    });
    told.collect_view().into_any()
}

/// The dates that have none, each with its reason and the way to its choices.
#[component]
fn WithoutRoom(
    planner: Planner,
    on_open: Callback<String>,
    numbers: Memo<Numbers>,
) -> impl IntoView {
    let without = Memo::new(move |_| {
        let planned = planner.planned.get();
        planned.map_or_else(Vec::new, |planned| {
            let dates = planned.without_room().into_iter();
            dates
                .map(|(day, date)| {
                    let when = WallTime::of(date.range.start(), &planned.series.zone);
                    let why = numbers.with(|numbers| planned.reason(date, numbers));
                    (day.to_owned(), when.short_date(), why)
                })
                .collect::<Vec<_>>()
        })
    });
    let row = move |(day, when, why): (String, String, String)| {
        view! {
            <li class="series-lacking">
                <p><strong>{when.clone()}</strong>": "{why}</p>
                <Button label=words::choose_for(&when) on_press=move |()| on_open.run(day.clone())>
                    {words::CHOOSE}
                </Button>
            </li>
        }
    };
    view! {
        <Show when=move || without.with(|without| !without.is_empty())>
            <section aria-labelledby="series-lacking">
                <h3 id="series-lacking">{words::WITHOUT_ROOM}</h3>
                <ul class="series-list">
                    <For each=move || without.get() key=Clone::clone children=row />
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

/// Which rooms the plan uses, each with its colour.
#[component]
fn RoomsUsed(planner: Planner) -> impl IntoView {
    let used = Memo::new(move |_| {
        let planned = planner.planned.get();
        planned.map_or_else(Vec::new, |planned| {
            let tones = planned.tones();
            let rooms = planned.series.rooms.iter();
            let mut used: Vec<(u8, UsedRoom)> = rooms
                .map(|used| {
                    (
                        tones.get(&used.room).copied().unwrap_or_default(),
                        used.clone(),
                    )
                })
                .collect();
            used.sort_by_key(|(_, used)| std::cmp::Reverse(used.dates));
            used
        })
    });
    let row = move |(tone, used): (u8, UsedRoom)| {
        let seats = room::seats(planner.room(used.room).and_then(|room| room.seats));
        let facts = words::room_used(&seats, &planner.floor_label(used.floor), used.dates);
        let name = (used.name != used.number).then(|| used.name.clone());
        view! {
            <li class="series-room">
                <span class="series-swatch" data-tone=tone>{used.number}</span>
                <span>{name}<span class="series-room-facts">{facts}</span></span>
            </li>
        }
    };
    view! {
        <Show when=move || used.with(|used| !used.is_empty())>
            <section aria-labelledby="series-rooms">
                <h3 id="series-rooms">{words::ROOMS_USED}</h3>
                <ul class="series-rooms">
                    <For each=move || used.get() key=|(tone, used)| (*tone, used.room, used.dates) children=row />
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

/// What the strip shows, line by line.
#[component]
fn AsList(dates: Memo<Vec<StripDate>>, planner: Planner) -> impl IntoView {
    let row = move |date: StripDate| view! { <li>{date.spoken}</li> };
    let is_there = move || planner.planned.with(Option::is_some);
    view! {
        <Show when=is_there>
            <details class="series-as-list">
                <summary>{words::AS_LIST}</summary>
                <ol>
                    <For
                        each=move || dates.get()
                        key=|date| (date.key.clone(), date.spoken.clone())
                        children=row
                    />
                </ol>
            </details>
        </Show>
    }
    .into_any()
}

/// `Tue 8 Dec, 10:00–11:00`, and how it stands.
pub(super) fn titled(planned: &Planned, date: &PlannedDate, numbers: &Numbers) -> (String, String) {
    let when = clock::dated_span(date.range, &planned.series.zone);
    let standing = planned::standing(date, numbers);
    let why = planned.reason(date, numbers);
    let told = if why.is_empty() {
        format!("{standing}.")
    } else {
        why
    };
    (when, told)
}

/// The button that asks for a plan once more.
#[component]
pub(super) fn PlanAgain(planner: Planner) -> impl IntoView {
    view! {
        <Button kind=ButtonKind::Plain busy=planner.is_asking on_press=move |()| planner.ask_again()>
            {words::PLAN_AGAIN}
        </Button>
    }
}

/// Undoes what was chosen for single dates: one of these may be why there is no plan. Nothing where nothing was.
#[component]
pub(super) fn UndoAll(planner: Planner) -> impl IntoView {
    let is_chosen = Memo::new(move |_| planner.asked.with(|asked| !asked.choices.is_empty()));
    view! {
        <Show when=move || is_chosen.get()>
            <Button on_press=move |()| planner.asked.update(|asked| asked.choices.clear())>
                {words::UNDO_ALL}
            </Button>
        </Show>
    }
}
