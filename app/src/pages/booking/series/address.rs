//! The whole state of the page in its address: a reload loses nothing, and a link shows somebody else the same.

use std::collections::BTreeMap;

use booking::recurrence::Weekdays;
use booking::time::civil::day_of_text;
use leptos_router::params::ParamsMap;

use super::asked::{Asked, DATES_MAX, DateChoice, EVERY_MAX, Ends, Repeats};
use crate::api::rooms::Catalogue;
use crate::components::time_range_picker::DayTimes;
use crate::pages::portal::address::{Written, equipment_asked, people_asked, times_asked};
use crate::text::clock;

/// In the order of [`Weekdays`].
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
/// Stands between the parts of a choice.
const PART: char = '~';
const LEFT_OUT: &str = "out";

impl Asked {
    /// Reads an address; what is missing or makes no sense becomes what most people want.
    pub(super) fn read(params: &ParamsMap, catalogue: &Catalogue) -> Self {
        let mut asked = Self::weekly(times_asked(params, catalogue), people_asked(params));
        asked.building = catalogue.building;
        asked.equipment = equipment_asked(params);
        asked.step_free = params.get_str("step_free").is_some();
        let first_day = asked.first_day().unwrap_or_default();
        let repeats = params.get_str("repeats").and_then(Repeats::of_word);
        if let Some(repeats) = repeats.filter(|repeats| repeats.suits(first_day)) {
            asked.set_repeats(repeats);
        }
        asked.every = number(params, "every", EVERY_MAX).unwrap_or(1);
        asked.days = weekdays(params).unwrap_or(asked.days);
        let until = params.get_str("until");
        if let Some(until) = until.filter(|day| day_of_text(day).is_some()) {
            asked.ends = Ends::On(until.to_owned());
        } else if let Some(count) = number(params, "dates", DATES_MAX) {
            asked.ends = Ends::After(count);
        }
        let choices = params.get_str("choices").unwrap_or_default();
        asked.choices = choices.split(',').filter_map(choice_of).collect();
        asked
    }

    /// Writes the address, starting with `?`.
    pub(super) fn write(&self) -> String {
        let mut written = Written::new();
        if let Some(building) = self.building {
            written.push("building", &building.to_string());
        }
        written.push("date", &self.times.date);
        written.push("from", &self.times.from);
        written.push("to", &self.times.to);
        written.push("repeats", self.repeats.word());
        if self.every > 1 {
            written.push("every", &self.every.to_string());
        }
        if self.repeats == Repeats::Weekly {
            written.push("days", &words_of(self.days));
        }
        match &self.ends {
            Ends::After(count) => written.push("dates", &count.to_string()),
            Ends::On(day) => written.push("until", day),
        }
        written.push("people", &self.people.to_string());
        written.push_equipment(self.equipment);
        if self.step_free {
            written.push("step_free", "1");
        }
        if !self.choices.is_empty() {
            written.push("choices", &choices_written(&self.choices));
        }
        written.0
    }
}

fn number(params: &ParamsMap, key: &str, max: u32) -> Option<u32> {
    let number = params.get_str(key)?.parse().ok()?;
    (1..=max).contains(&number).then_some(number)
}

fn weekdays(params: &ParamsMap) -> Option<Weekdays> {
    let words = params.get_str("days")?.split(',');
    let bits = words
        .filter_map(|word| WEEKDAYS.iter().position(|one| *one == word))
        .fold(0, |bits, weekday| bits | 1 << weekday);
    (bits != 0).then_some(Weekdays(bits))
}

fn words_of(days: Weekdays) -> String {
    let chosen = WEEKDAYS.iter().enumerate();
    let chosen = chosen.filter(|(weekday, _)| days.0 & (1 << weekday) != 0);
    chosen.map(|(_, word)| *word).collect::<Vec<_>>().join(",")
}

/// `2026-12-08~out`, `2026-12-15~r<room>`, `2026-12-22~t2026-12-23T10:00-11:00~r<room>`.
fn choice_of(text: &str) -> Option<(String, DateChoice)> {
    let mut parts = text.split(PART);
    let day = parts.next().filter(|day| day_of_text(day).is_some())?;
    let (mut room, mut times) = (None, None);
    for part in parts {
        if part == LEFT_OUT {
            return Some((day.to_owned(), DateChoice::LeftOut));
        }
        if let Some(id) = part.strip_prefix('r') {
            room = id.parse().ok();
        } else if let Some(at) = part.strip_prefix('t') {
            times = times_of(at);
        }
    }
    Some((day.to_owned(), DateChoice::of(room, times)?))
}

fn times_of(text: &str) -> Option<DayTimes> {
    let (date, span) = text.split_once('T')?;
    let (from, to) = span.split_once('-')?;
    day_of_text(date)?;
    let time = |text: &str| clock::minute_of_day(text).map(clock::time_of_minute);
    let times = DayTimes {
        date: date.to_owned(),
        from: time(from)?,
        to: time(to)?,
    };
    times.in_order().then_some(times)
}

fn choices_written(choices: &BTreeMap<String, DateChoice>) -> String {
    let written = choices.iter().map(|(day, choice)| {
        let mut text = day.clone();
        match choice {
            DateChoice::LeftOut => {
                text.push(PART);
                text.push_str(LEFT_OUT);
            }
            DateChoice::Otherwise { room, times } => {
                if let Some(DayTimes { date, from, to }) = times {
                    text.push_str(&format!("{PART}t{date}T{from}-{to}"));
                }
                if let Some(room) = room {
                    text.push_str(&format!("{PART}r{room}"));
                }
            }
        }
        text
    });
    written.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use booking::Instant;

    use super::*;

    const ROOM: &str = "00000000-0000-0000-0000-000000000007";

    fn read(pairs: &[(&str, &str)]) -> Asked {
        let catalogue = Catalogue {
            buildings: Vec::new(),
            building: None,
            rooms: Vec::new(),
            // 2026-11-24T08:10:00Z, a Tuesday
            now: Instant(1_795_507_800_000),
            utc_offset_minutes: 120,
        };
        let mut params = ParamsMap::new();
        for (key, value) in pairs {
            params.insert((*key).to_owned(), (*value).to_owned());
        }
        Asked::read(&params, &catalogue)
    }

    #[test]
    fn an_empty_address_asks_for_twelve_weeks_from_the_next_half_hour_on() {
        assert_eq!(
            read(&[]).write(),
            "?date=2026-11-24&from=10:30&to=11:30&repeats=weekly&days=tue&dates=12&people=4"
        );
    }

    #[test]
    fn an_address_is_read_as_it_was_written_with_what_was_chosen_for_single_dates() {
        let choices =
            format!("2026-12-08~out,2026-12-15~r{ROOM},2026-12-22~t2026-12-23T12:00-13:00~r{ROOM}");
        let asked = read(&[
            ("date", "2026-12-01"),
            ("from", "09:00"),
            ("to", "09:45"),
            ("repeats", "weekly"),
            ("every", "2"),
            ("days", "tue,thu"),
            ("until", "2027-03-01"),
            ("people", "8"),
            ("equipment", "video,whiteboard"),
            ("step_free", "1"),
            ("choices", &choices),
        ]);
        assert_eq!(asked.choices.len(), 3);
        assert_eq!(asked.choices["2026-12-08"], DateChoice::LeftOut);
        assert_eq!(
            asked.write(),
            format!(
                "?date=2026-12-01&from=09:00&to=09:45&repeats=weekly&every=2&days=tue,thu\
                 &until=2027-03-01&people=8&equipment=video,whiteboard&step_free=1&choices={choices}"
            )
        );
    }

    #[test]
    fn nonsense_in_an_address_does_no_harm() {
        let asked = read(&[
            ("repeats", "hourly"),
            ("every", "0"),
            ("days", "today"),
            ("dates", "4000"),
            ("until", "soon"),
            (
                "choices",
                "2026-12-08,2026-12-15~rX,never~out,2026-12-22~t2026-12-22T12:00-11:00",
            ),
        ]);
        assert_eq!(asked, read(&[]));
    }

    #[test]
    fn a_way_of_repeating_that_does_not_suit_the_first_day_is_not_taken() {
        let asked = read(&[("date", "2026-12-29"), ("repeats", "monthly_nth")]);
        assert_eq!(asked.repeats, Repeats::Weekly);
        let last = read(&[("date", "2026-12-29"), ("repeats", "monthly_last")]);
        assert_eq!(last.repeats, Repeats::MonthlyLast);
    }
}
