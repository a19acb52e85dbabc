//! What became of a series that was booked: how far it is while it is being written, and then exactly what there is.

use booking::ids::ReservationId;
use booking::reservation::ReservationState;
use booking::series::{DateReserved, PlacedDate, PlacedSeries};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::follow::follow;
use crate::api::ApiError;
use crate::api::series::{RetryDateRequest, retry};
use crate::components::{Button, Field, MessageBar, MessageKind, Spinner};
use crate::pages::random;
use crate::text::series::outcome::{self as words, Progress};
use crate::text::series::pattern;
use crate::text::{clock, command, reservation, room, series};

/// The outcome. `placed` always holds a series here; `subject`: what it is about, where that is still known.
#[component]
pub(super) fn Outcome(
    placed: RwSignal<Option<PlacedSeries>>,
    subject: RwSignal<String>,
) -> impl IntoView {
    let heading = NodeRef::<html::H1>::new();
    Effect::new(move |_| {
        if let Some(heading) = heading.get() {
            // The button that was pressed is gone. It fails only for what cannot have the focus.
            let _focused = heading.focus();
        }
    });
    follow(placed);
    let progress = Memo::new(move |_| placed.with(|placed| placed.as_ref().map(counted)));
    let problem = RwSignal::new(None::<ApiError>);
    let told = placed.with_untracked(|placed| {
        let placed = placed.as_ref()?;
        Some(pattern::told(&placed.pattern))
    });
    let is_offered = Memo::new(move |_| {
        let has_offer =
            |placed: &PlacedSeries| placed.dates.iter().any(|date| date.offered.is_some());
        placed.with(|placed| placed.as_ref().is_some_and(has_offer))
    });
    let dates =
        move || placed.with(|placed| placed.as_ref().map_or_else(Vec::new, |it| it.dates.clone()));
    view! {
        <div class="series-outcome">
            <h1 tabindex="-1" node_ref=heading>{words::BOOKED}</h1>
            <p>{told}</p>
            {move || progress.get().map(|progress| summary(&progress))}
            {move || problem.get().map(|problem| view! {
                <MessageBar kind=MessageKind::Error text=problem.sentence() />
            })}
            <Show when=move || is_offered.get()>
                <Field
                    id="series-again"
                    label=command::SUBJECT
                    value=subject
                    hint=words::AGAIN_HINT
                    on_change=move |text| subject.set(text)
                />
            </Show>
            <ol class="series-list">
                <For
                    each=dates
                    key=drawn
                    children=move |date| row(placed, &date, subject, problem)
                />
            </ol>
            <p class="series-outcome-links">
                <a href="/reservations" rel="external">{reservation::MINE}</a>
                <a href="/series/mine" rel="external">{series::MINE}</a>
                <a href="/series" rel="external">{words::ANOTHER}</a>
            </p>
        </div>
    }
    .into_any()
}

/// How far it is, in numbers.
pub(super) fn counted(series: &PlacedSeries) -> Progress {
    let mut progress = Progress::default();
    for date in &series.dates {
        match date.reserved.as_ref().map(|reserved| reserved.state) {
            None if date.is_watched => progress.watched += 1,
            None => progress.left_out += 1,
            Some(ReservationState::Held) => progress.waiting += 1,
            Some(ReservationState::Submitted) => progress.asked += 1,
            Some(
                ReservationState::Confirmed | ReservationState::CheckedIn | ReservationState::Ended,
            ) => progress.accepted += 1,
            Some(
                ReservationState::Declined
                | ReservationState::Cancelled
                | ReservationState::Released
                | ReservationState::Expired,
            ) => progress.declined += 1,
        }
    }
    progress.is_written = series.is_written;
    progress
}

fn summary(progress: &Progress) -> AnyView {
    let total = progress.booked();
    if progress.is_under_way() {
        let done = progress.accepted + progress.declined;
        return view! {
            <div class="series-progress" role="status">
                <Spinner text=words::UNDER_WAY />
                <progress max=total value=done aria-hidden="true"></progress>
                <p>{words::progress(progress)}</p>
            </div>
        }
        .into_any();
    }
    let kind = if progress.declined > 0 {
        MessageKind::Warning
    } else {
        MessageKind::Success
    };
    view! { <MessageBar kind=kind text=words::outcome(progress) /> }.into_any()
}

/// What a line shows: it is drawn anew when that changes.
fn drawn(date: &PlacedDate) -> impl std::hash::Hash + Eq + Send + Sync + use<> {
    let reserved = date.reserved.as_ref();
    let reserved = reserved.map(|one| (one.room, one.state, one.note.clone()));
    let offered = date.offered.as_ref().map(|offered| offered.room);
    (date.number, date.range, date.is_watched, reserved, offered)
}

fn row(
    placed: RwSignal<Option<PlacedSeries>>,
    date: &PlacedDate,
    subject: RwSignal<String>,
    problem: RwSignal<Option<ApiError>>,
) -> AnyView {
    let zone = placed.with_untracked(|placed| placed.as_ref().map(|placed| placed.zone.clone()));
    let when = zone.map_or_else(String::new, |zone| clock::dated_span(date.range, &zone));
    let (number, story, look) = match &date.reserved {
        Some(reserved) => (
            reserved.room_number.clone(),
            story(reserved),
            look(reserved),
        ),
        None if date.is_watched => (
            words::NO_ROOM_MARK.to_owned(),
            words::IS_WATCHED.to_owned(),
            "left_out",
        ),
        None => (
            words::NO_ROOM_MARK.to_owned(),
            series::IS_LEFT_OUT.to_owned(),
            "left_out",
        ),
    };
    let offer = offer(placed, date, subject, problem);
    view! {
        <li class="series-booked" data-outcome=look>
            <span class="series-swatch" data-outcome=look>{number}</span>
            <div>
                <p class="room-card-title">{when}</p>
                <p class="room-card-note">{story}</p>
            </div>
            {offer}
        </li>
    }
    .into_any()
}

fn story(reserved: &DateReserved) -> String {
    let name = room::name(&reserved.room_number);
    reservation::story(reserved.state, reserved.note.as_ref(), &name)
}

const fn look(reserved: &DateReserved) -> &'static str {
    match reserved.state {
        ReservationState::Held | ReservationState::Submitted => "waiting",
        ReservationState::Confirmed | ReservationState::CheckedIn | ReservationState::Ended => {
            "accepted"
        }
        _ => "declined",
    }
}

/// A room that has become free for a date that has none: one press takes it.
fn offer(
    placed: RwSignal<Option<PlacedSeries>>,
    date: &PlacedDate,
    subject: RwSignal<String>,
    problem: RwSignal<Option<ApiError>>,
) -> Option<AnyView> {
    let offered = date.offered.clone()?;
    let number = date.number;
    let busy = RwSignal::new(false);
    let key = StoredValue::new(random::uuid().map(ReservationId));
    let take = move |()| {
        let Some(series) = placed.with_untracked(|placed| placed.as_ref().map(|placed| placed.id))
        else {
            return;
        };
        let key = match key.get_value() {
            Ok(key) => key,
            Err(lacking) => return problem.set(Some(lacking)),
        };
        let request = RetryDateRequest {
            series,
            number,
            room: offered.room,
            subject: subject.get_untracked(),
            key,
        };
        busy.set(true);
        spawn_local(async move {
            let answer = retry(request).await;
            busy.try_set(false);
            match answer {
                Ok(series) => {
                    problem.try_set(None);
                    placed.try_set(Some(series));
                }
                Err(refused) => {
                    problem.try_set(Some(refused));
                }
            }
        });
    };
    let name = room::name(&offered.number);
    Some(view! { <Button busy=busy on_press=take>{series::take(&name)}</Button> }.into_any())
}

#[cfg(test)]
mod tests {
    use booking::ids::{BuildingId, RoomId, SeriesId};
    use booking::recurrence::{End, Pattern, Series};
    use booking::series::Way;
    use booking::time::{Instant, TimeRange, ZoneName};
    use uuid::Uuid;

    use super::*;

    fn series(states: &[Option<ReservationState>]) -> PlacedSeries {
        let date = |(at, state): (usize, &Option<ReservationState>)| PlacedDate {
            number: at as u32 + 1,
            original_start: Instant(0),
            range: TimeRange::new(Instant(0), Instant(1)).unwrap(),
            utc_offset_minutes: 0,
            reserved: state.map(|state| DateReserved {
                id: ReservationId(Uuid::nil()),
                room: RoomId(Uuid::nil()),
                room_number: "1.08".to_owned(),
                state,
                note: None,
            }),
            is_watched: state.is_none(),
            offered: None,
        };
        PlacedSeries {
            id: SeriesId(Uuid::nil()),
            building: BuildingId(Uuid::nil()),
            zone: ZoneName::utc(),
            pattern: Series {
                pattern: Pattern::Daily,
                interval: 1,
                first_day: 0,
                end: End::After(3),
                start_minute: 600,
                length_minutes: 60,
            },
            way: Way::Plain,
            is_written: states.len() > 3,
            dates: states.iter().enumerate().map(date).collect(),
            created_at: Instant(0),
        }
    }

    #[test]
    fn nothing_that_waits_is_told_as_done() {
        use ReservationState::{Confirmed, Declined, Held, Submitted};
        let under_way = counted(&series(&[Some(Held), Some(Submitted), Some(Confirmed)]));
        assert!(under_way.is_under_way());
        assert_eq!(
            words::progress(&under_way),
            "1 of 3 accepted, 1 asked and not answered yet, 1 not sent yet."
        );
        let all = counted(&series(&[
            Some(Confirmed),
            Some(Confirmed),
            None,
            Some(Declined),
        ]));
        assert!(!all.is_under_way());
        assert_eq!(
            words::outcome(&all),
            "2 of 3 dates are booked. 1 was declined. 1 date is left out and watched: a room is offered here when there is one."
        );
        let not_written = counted(&series(&[Some(Confirmed)]));
        assert!(
            not_written.is_under_way(),
            "its location is still to be written"
        );
    }
}
