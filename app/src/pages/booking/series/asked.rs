//! What series is asked for, as the fields and the page's address hold it.

use std::collections::BTreeMap;

use booking::ids::{BuildingId, RoomId};
use booking::recurrence::{End, Nth, Pattern, Series, Weekdays};
use booking::room::EquipmentSet;
use booking::search::When;
use booking::series::{DateWish, SeriesWish, WishedFor};
use booking::time::ZoneName;
use booking::time::civil::{civil_from_days, day_of_text, weekday};

use crate::api::rooms::Catalogue;
use crate::components::time_range_picker::DayTimes;
use crate::text::clock::{self, WallTime};
use crate::text::series::pattern as words;

/// Dates asked for where the address does not say.
const DATES_DEFAULT: u32 = 12;
/// The same by years: no more can be booked ahead.
const YEARLY_DATES_DEFAULT: u32 = 2;
/// Most dates that a series may be asked to have.
pub(super) const DATES_MAX: u32 = booking::search::OCCURRENCES_MAX as u32;
/// Longest interval: a year in weeks, and more than enough of the others.
pub(super) const EVERY_MAX: u32 = 52;
const MONTHS_A_YEAR: i64 = 12;
const DAYS_A_WEEK: i64 = 7;

/// A series, and what each of its dates needs.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Asked {
    /// Where. `None`: there is no building.
    pub(super) building: Option<BuildingId>,
    /// The first day, and when a date starts and ends, on the building's clock.
    pub(super) times: DayTimes,
    /// How it repeats.
    pub(super) repeats: Repeats,
    /// Every how many days, weeks, months or years; 1 to [`EVERY_MAX`].
    pub(super) every: u32,
    /// On which days of a week; at least one. Counts only for [`Repeats::Weekly`].
    pub(super) days: Weekdays,
    /// Where it ends.
    pub(super) ends: Ends,
    /// People who will sit in the room; at least 1.
    pub(super) people: u32,
    /// Everything that must be in the room.
    pub(super) equipment: EquipmentSet,
    /// Whether it must be reachable without steps.
    pub(super) step_free: bool,
    /// What the person chose for single dates, by the day on which the pattern has them.
    pub(super) choices: BTreeMap<String, DateChoice>,
}

/// How a series repeats; which day of a month or year it is the first day tells.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Repeats {
    /// Every so many days.
    Daily,
    /// On some weekdays.
    Weekly,
    /// On that day of the month.
    MonthlyDay,
    /// On the first (…, fourth) such weekday of the month.
    MonthlyNth,
    /// On the last such weekday of the month.
    MonthlyLast,
    /// On that day of the year.
    Yearly,
}

impl Repeats {
    pub(super) const ALL: [Self; 6] = [
        Self::Daily,
        Self::Weekly,
        Self::MonthlyDay,
        Self::MonthlyNth,
        Self::MonthlyLast,
        Self::Yearly,
    ];

    /// In the address and in the field.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::MonthlyDay => "monthly_day",
            Self::MonthlyNth => "monthly_nth",
            Self::MonthlyLast => "monthly_last",
            Self::Yearly => "yearly",
        }
    }

    /// Which one a word means.
    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What its interval counts.
    pub(super) const fn unit(self) -> &'static str {
        match self {
            Self::Daily => words::DAY,
            Self::Weekly => words::WEEK,
            Self::MonthlyDay | Self::MonthlyNth | Self::MonthlyLast => words::MONTH,
            Self::Yearly => words::YEAR,
        }
    }

    /// Dates where nobody said how many.
    const fn dates_default(self) -> u32 {
        match self {
            Self::Yearly => YEARLY_DATES_DEFAULT,
            _ => DATES_DEFAULT,
        }
    }

    /// Whether a series can repeat so that starts on that day: the fifth Tuesday is the last one, and no other.
    pub(super) fn suits(self, first_day: i64) -> bool {
        match self {
            Self::MonthlyNth => nth(first_day) <= 4,
            Self::MonthlyLast => words::is_in_last_week(first_day),
            _ => true,
        }
    }
}

/// Where a series ends.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Ends {
    /// After so many dates; 1 to [`DATES_MAX`].
    After(u32),
    /// With the last date that is not after this day, such as `2027-02-01`.
    On(String),
}

/// What a person chose for one date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum DateChoice {
    /// It does not take place.
    LeftOut,
    /// It has another room or another time, or both; never neither.
    Otherwise {
        /// This room and no other. `None`: whatever suits the series.
        room: Option<RoomId>,
        /// At this time. `None`: as the pattern has it.
        times: Option<DayTimes>,
    },
}

impl DateChoice {
    /// A choice of room and time. `None`: nothing is chosen.
    pub(super) fn of(room: Option<RoomId>, times: Option<DayTimes>) -> Option<Self> {
        (room.is_some() || times.is_some()).then_some(Self::Otherwise { room, times })
    }

    /// The room that was chosen.
    pub(super) const fn room(&self) -> Option<RoomId> {
        match self {
            Self::LeftOut => None,
            Self::Otherwise { room, .. } => *room,
        }
    }

    /// The time that was chosen.
    pub(super) const fn times(&self) -> Option<&DayTimes> {
        match self {
            Self::LeftOut => None,
            Self::Otherwise { times, .. } => times.as_ref(),
        }
    }
}

impl Asked {
    /// A series that repeats weekly on the weekday of its first day.
    pub(super) fn weekly(times: DayTimes, people: u32) -> Self {
        let days = day_of_text(&times.date).map_or(Weekdays::WORK, weekday_of);
        Self {
            building: None,
            times,
            repeats: Repeats::Weekly,
            every: 1,
            days,
            ends: Ends::After(DATES_DEFAULT),
            people,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
            choices: BTreeMap::new(),
        }
    }

    /// The first day, counted from 1970-01-01. `None`: the field holds no day.
    pub(super) fn first_day(&self) -> Option<i64> {
        day_of_text(&self.times.date)
    }

    /// The pattern on the wall of the building. `None`: a field holds what makes no sense.
    pub(super) fn series(&self) -> Option<Series> {
        let first_day = self.first_day()?;
        let start = clock::minute_of_day(&self.times.from)?;
        let end = clock::minute_of_day(&self.times.to).filter(|end| *end > start)?;
        let every = i64::from(self.every);
        let of_month = civil_from_days(first_day).2;
        let days = weekday_of(first_day);
        let (pattern, interval) = match self.repeats {
            Repeats::Daily => (Pattern::Daily, every),
            Repeats::Weekly => {
                let pattern = Pattern::Weekly {
                    days: self.days,
                    first_weekday: 0,
                };
                (pattern, every)
            }
            Repeats::MonthlyDay => (Pattern::MonthlyDay(of_month), every),
            Repeats::MonthlyNth => {
                let nth = Nth::Number(nth(first_day));
                (Pattern::MonthlyWeekday { days, nth }, every)
            }
            Repeats::MonthlyLast => {
                let nth = Nth::Last;
                (Pattern::MonthlyWeekday { days, nth }, every)
            }
            Repeats::Yearly => (Pattern::MonthlyDay(of_month), every * MONTHS_A_YEAR),
        };
        Some(Series {
            pattern,
            interval,
            first_day,
            end: match &self.ends {
                Ends::After(count) => End::After(*count),
                Ends::On(date) => End::On(day_of_text(date)?),
            },
            start_minute: i64::from(start),
            length_minutes: i64::from(end - start),
        })
    }

    /// What the planner is asked. `None`: a field holds what makes no sense, or there is no building.
    ///
    /// What was chosen for a day on which the series has no date, or of a room that is not there, is left out: it may
    /// come back with another pattern.
    pub(super) fn wish(&self, catalogue: &Catalogue) -> Option<SeriesWish> {
        let pattern = self.series()?;
        let building = catalogue
            .buildings
            .iter()
            .find(|one| Some(one.id) == catalogue.building)?;
        let days = days_of(&pattern, catalogue, &building.zone);
        let is_there = |room: &RoomId| catalogue.rooms.iter().any(|one| one.id == *room);
        let choices = (1..).zip(&days).filter_map(|(number, day)| {
            let wanted = match self.choices.get(day)? {
                DateChoice::LeftOut => WishedFor::Skip,
                DateChoice::Otherwise { room, times } => {
                    let room = room.filter(is_there);
                    match (times.clone(), room) {
                        (Some(DayTimes { date, from, to }), room) => WishedFor::Moved {
                            when: When::Local { date, from, to },
                            room,
                        },
                        (None, Some(room)) => WishedFor::Room(room),
                        (None, None) => return None,
                    }
                }
            };
            Some(DateWish { number, wanted })
        });
        Some(SeriesWish {
            building: Some(building.id),
            floor: None,
            near: None,
            people: self.people,
            equipment: self.equipment,
            step_free: self.step_free,
            pattern,
            choices: choices.collect(),
        })
    }

    /// In words: `Every 2 weeks on Tuesday, 10:00–11:00`. Empty where a field holds what makes no sense.
    pub(super) fn summary(&self) -> String {
        self.series().as_ref().map(words::told).unwrap_or_default()
    }

    /// Another first day or time; the weekday of a weekly series goes along with its first day.
    pub(super) fn set_times(&mut self, times: DayTimes) {
        let before = self.first_day().map(weekday_of);
        self.times = times;
        let Some(now) = self.first_day() else { return };
        if before == Some(self.days) {
            self.days = weekday_of(now);
        }
        if !self.repeats.suits(now) {
            self.repeats = match self.repeats {
                Repeats::MonthlyNth => Repeats::MonthlyLast,
                _ => Repeats::MonthlyNth,
            };
        }
    }

    /// Another way of repeating; a number of dates that nobody chose goes along.
    pub(super) fn set_repeats(&mut self, repeats: Repeats) {
        if self.ends == Ends::After(self.repeats.dates_default()) {
            self.ends = Ends::After(repeats.dates_default());
        }
        self.repeats = repeats;
    }

    /// Ends on a day from now on, or after some dates; with what most people want.
    pub(super) fn set_ends_on_day(&mut self, is_on_day: bool) {
        self.ends = if is_on_day {
            let weeks = i64::from(DATES_DEFAULT - 1);
            let last = self.first_day().unwrap_or_default() + weeks * DAYS_A_WEEK;
            Ends::On(booking::time::civil::date_text(last))
        } else {
            Ends::After(self.repeats.dates_default())
        };
    }

    /// Turns a weekday over; the last one stays.
    pub(super) fn turn_weekday(&mut self, weekday: u8) {
        let turned = self.days.0 ^ (1 << weekday);
        if turned & Weekdays::ALL.0 != 0 {
            self.days = Weekdays(turned);
        }
    }
}

/// The days of its dates, in order, as the planner numbers them.
fn days_of(series: &Series, catalogue: &Catalogue, zone: &ZoneName) -> Vec<String> {
    let ahead = |at| clock::offset_minutes(at, zone);
    let dates = series.dates(catalogue.now, ahead).ranges.into_iter();
    dates
        .map(|range| WallTime::of(range.start(), zone).date_field())
        .collect()
}

/// The set of just that day's weekday.
pub(super) const fn weekday_of(day: i64) -> Weekdays {
    Weekdays(1 << weekday(day))
}

/// Which of its weekdays in its month a day is, from 1 to 5.
const fn nth(day: i64) -> u8 {
    (civil_from_days(day).2 - 1) / DAYS_A_WEEK as u8 + 1
}

#[cfg(test)]
mod tests;
