//! Moving one date by hand.

use booking::time::civil::day_of_text;
use leptos::prelude::*;

use super::asked::DateChoice;
use super::date_choices::shown;
use super::planned::Planned;
use super::planner::Planner;
use crate::components::time_range_picker::DayTimes;
use crate::components::{Button, TimeRangePicker};
use crate::pages::portal::address::day_times;
use crate::text::clock::WallTime;
use crate::text::series as words;

/// The fields, which open. Nothing is asked before the button is pressed.
#[component]
pub(super) fn MoveDate(planner: Planner, day: StoredValue<String>) -> impl IntoView {
    let now = Memo::new(move |_| {
        let (planned, date) = day.with_value(|day| shown(planner, day))?;
        day_times(date.range, &planned.series.zone)
    });
    let times = RwSignal::new(now.get_untracked().unwrap_or_else(|| DayTimes {
        date: day.get_value(),
        from: String::new(),
        to: String::new(),
    }));
    // What was undone or moved elsewhere shows in the fields.
    Effect::new(move |_| {
        if let Some(now) = now.get() {
            times.set(now);
        }
    });
    let problem = Memo::new(move |_| {
        let times = times.get();
        let planned = planner.planned.get();
        planned.and_then(|planned| day.with_value(|day| crossing(&planned, day, &times.date)))
    });
    let can_move = move || {
        let times = times.get();
        times.in_order() && Some(&times) != now.get().as_ref() && problem.with(Option::is_none)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(can_move) {
            let to = times.get_untracked();
            day.with_value(|day| move_to(planner, day, to));
        }
    };
    view! {
        <details class="series-move">
            <summary>{words::MOVE}</summary>
            <form on:submit=submit>
                <TimeRangePicker id="series-move" value=times on_change=move |next| times.set(next) />
                <p class="field-problem" aria-live="polite">{move || problem.get()}</p>
                <Button submits=true disabled=Signal::derive(move || !can_move())>{words::MOVE_THERE}</Button>
            </form>
        </details>
    }
    .into_any()
}

/// Moves a date; the room that was chosen for it stays.
pub(super) fn move_to(planner: Planner, day: &str, times: DayTimes) {
    let room = untrack(|| planner.choice(day)).and_then(|choice| choice.room());
    planner.choose(day, DateChoice::of(room, Some(times)));
}

/// What is wrong with moving that date to another day: Exchange keeps the dates of a series in their order, and apart.
fn crossing(planned: &Planned, day: &str, to: &str) -> Option<String> {
    let at = planned.days.iter().position(|one| one == day)?;
    let to = day_of_text(to)?;
    let days = |at: usize| {
        let date = &planned.series.dates[at];
        let of = |range: booking::TimeRange| {
            day_of_text(&WallTime::of(range.start(), &planned.series.zone).date_field())
        };
        Some((of(date.original)?, of(date.range)?))
    };
    let is_kept =
        |at: &usize| planned.series.dates[*at].assigned != booking::series::Assigned::Skipped;
    let before = (0..at).rev().find(is_kept).and_then(days);
    let after = (at + 1..planned.days.len()).find(is_kept).and_then(days);
    let first = before.map(|(original, moved)| original.max(moved) + 1);
    let last = after.map(|(original, moved)| original.min(moved) - 1);
    let is_within = first.is_none_or(|first| first <= to) && last.is_none_or(|last| to <= last);
    (!is_within).then(|| words::only_between(first, last))
}

#[cfg(test)]
mod tests {
    use super::super::planned::tests::{auto, planned, room};
    use super::*;
    use booking::series::{Assigned, Choice};

    #[test]
    fn a_date_stays_between_the_days_of_its_neighbours_that_take_place() {
        let eight = auto(Assigned::Room(room(8)));
        let skipped = (Assigned::Skipped, Choice::Skip);
        let plan = Planned::new(planned(&[eight, eight, skipped, eight]));
        let crossing = |to: &str| crossing(&plan, "2026-12-01", to);
        assert_eq!(crossing("2026-11-25"), None);
        assert_eq!(crossing("2026-12-14"), None);
        assert_eq!(
            crossing("2026-12-15").as_deref(),
            Some(
                "Choose a day from Wed 25 Nov to Mon 14 Dec: a date stays between its neighbours."
            )
        );
        assert!(crossing("2026-11-24").is_some());
    }
}
