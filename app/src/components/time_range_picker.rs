//! When: a day and two times of day.

use leptos::prelude::*;

use super::{Field, FieldKind};
use crate::text::{clock, command};

/// A day with start and end, on the building's clock.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DayTimes {
    /// `2026-11-24`.
    pub date: String,
    /// `10:00`.
    pub from: String,
    /// `11:00`.
    pub to: String,
}

impl DayTimes {
    /// The same length from another start; the end stays before midnight.
    #[must_use]
    pub fn starting(&self, from: &str) -> Self {
        let minute = |time: &str| clock::minute_of_day(time);
        let to = match (minute(&self.from), minute(&self.to), minute(from)) {
            (Some(old_from), Some(old_to), Some(new_from)) if old_to > old_from => {
                clock::time_of_minute(new_from + (old_to - old_from))
            }
            _ => self.to.clone(),
        };
        Self {
            date: self.date.clone(),
            from: from.to_owned(),
            to,
        }
    }

    /// Whether the end comes after the start.
    pub fn in_order(&self) -> bool {
        clock::minute_of_day(&self.from) < clock::minute_of_day(&self.to)
    }
}

/// The fields of a [`DayTimes`]. Moving the start moves the end with it.
#[component]
pub fn TimeRangePicker(
    /// Unique on the page; the ids of the fields start with it.
    #[prop(into)]
    id: String,
    /// What the day is called.
    #[prop(default = command::DAY)]
    day_label: &'static str,
    /// What is chosen.
    #[prop(into)]
    value: Signal<DayTimes>,
    /// Told what the person chose; also where the end is not after the start.
    #[prop(into)]
    on_change: Callback<DayTimes>,
) -> impl IntoView {
    let set_date = move |date: String| {
        if !date.is_empty() {
            on_change.run(DayTimes {
                date,
                ..value.get_untracked()
            });
        }
    };
    let set_from = move |from: String| {
        if clock::minute_of_day(&from).is_some() {
            on_change.run(value.get_untracked().starting(&from));
        }
    };
    let set_to = move |to: String| {
        if clock::minute_of_day(&to).is_some() {
            on_change.run(DayTimes {
                to,
                ..value.get_untracked()
            });
        }
    };
    let problem = Signal::derive(move || {
        if value.with(DayTimes::in_order) {
            String::new()
        } else {
            command::TIMES_REVERSED.to_owned()
        }
    });
    let part = move |part: fn(DayTimes) -> String| Signal::derive(move || part(value.get()));
    view! {
        <fieldset class="time-range-picker">
            <Field
                id=format!("{id}-date")
                label=day_label
                kind=FieldKind::Date
                value=part(|value| value.date)
                on_change=set_date
            />
            <Field
                id=format!("{id}-from")
                label=command::FROM
                kind=FieldKind::Time
                value=part(|value| value.from)
                on_change=set_from
            />
            <Field
                id=format!("{id}-to")
                label=command::TO
                kind=FieldKind::Time
                value=part(|value| value.to)
                on_change=set_to
                problem=problem
            />
        </fieldset>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::DayTimes;

    fn times(from: &str, to: &str) -> DayTimes {
        DayTimes {
            date: "2026-11-24".to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
        }
    }

    #[test]
    fn moving_the_start_keeps_the_length() {
        assert_eq!(
            times("10:00", "11:30").starting("14:15"),
            times("14:15", "15:45")
        );
        assert_eq!(
            times("10:00", "11:30").starting("23:00"),
            times("23:00", "23:59")
        );
    }

    #[test]
    fn an_end_before_the_start_is_noticed() {
        assert!(times("10:00", "11:00").in_order());
        assert!(!times("11:00", "10:00").in_order());
    }
}
