//! A plan as the page shows it.

use std::collections::{BTreeMap, HashMap};

use booking::ids::RoomId;
use booking::search::found::Source;
use booking::series::{Assigned, Choice, OTHERS_MAX, PlannedDate, PlannedSeries, RefusedDate};
use booking::time::Instant;

use crate::components::series_strip::{StripDate, StripState, TONES};
use crate::text::clock::{self, WallTime};
use crate::text::series::{self as words, Counted};
use crate::text::{refusal, room as room_words};

/// What stands at the doors of a building's rooms.
pub(super) type Numbers = HashMap<RoomId, String>;

/// A plan, and what became of the one that was shown before.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Planned {
    /// The plan.
    pub(super) series: PlannedSeries,
    /// The day on which the pattern has each date, such as `2026-11-24`; names the date.
    pub(super) days: Vec<String>,
    /// Dates that have lost their room since the person last asked for something else, by their day.
    pub(super) lost: BTreeMap<String, Lost>,
}

/// A room that a date had until the plan had to be made anew.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lost {
    /// The room.
    pub(super) room: RoomId,
    /// Somebody has taken it. Otherwise it may be free still, and the plan has another one for the sake of other dates.
    pub(super) is_taken: bool,
}

impl Planned {
    /// An answer to a new question.
    pub(super) fn new(series: PlannedSeries) -> Self {
        let day =
            |date: &PlannedDate| WallTime::of(date.original.start(), &series.zone).date_field();
        Self {
            days: series.dates.iter().map(day).collect(),
            series,
            lost: BTreeMap::new(),
        }
    }

    /// An answer to the same question as `before` is one to: which rooms have gone meanwhile is told on their dates.
    /// `refused`: dates whose rooms the server has just said to be taken.
    pub(super) fn again(series: PlannedSeries, before: &Self, refused: &[RefusedDate]) -> Self {
        let mut planned = Self::new(series);
        for (day, date) in planned.days.iter().zip(&planned.series.dates) {
            let had = before
                .lost
                .get(day)
                .map(|lost| lost.room)
                .or_else(|| before.date(day)?.assigned.room());
            let Some(room) = had.filter(|had| Some(*had) != date.assigned.room()) else {
                continue;
            };
            let is_refused = refused
                .iter()
                .any(|one| one.number == date.number && one.room == room);
            // All that are free are named, unless there are many.
            let is_gone = date.others.len() < OTHERS_MAX && !date.others.contains(&room);
            let is_taken = is_refused || is_gone;
            planned.lost.insert(day.clone(), Lost { room, is_taken });
        }
        planned
    }

    /// The date of that day.
    pub(super) fn date(&self, day: &str) -> Option<&PlannedDate> {
        let at = self.days.iter().position(|one| one == day)?;
        self.series.dates.get(at)
    }

    /// How many dates would be booked.
    pub(super) fn placed(&self) -> usize {
        let rooms = self.series.dates.iter().map(|date| date.assigned.room());
        rooms.flatten().count()
    }

    /// Dates that should have a room and have none, each with its day.
    pub(super) fn without_room(&self) -> Vec<(&str, &PlannedDate)> {
        let dates = self.days.iter().map(String::as_str).zip(&self.series.dates);
        dates.filter(|(_, date)| lacks_room(date)).collect()
    }

    /// How many dates would be watched: those that have no room, and those left out on which none is free.
    pub(super) fn watched(&self) -> usize {
        let is_watched = |date: &&PlannedDate| {
            lacks_room(date) || date.assigned == Assigned::Skipped && date.free == 0
        };
        self.series.dates.iter().filter(is_watched).count()
    }

    /// The oldest word that the plan goes by.
    pub(super) fn source(&self) -> Source {
        let sources = self.series.dates.iter().filter_map(|date| date.source);
        let mirrored = Source::Mirror {
            as_of: self.series.as_of,
        };
        let age = |source: &Source| match source {
            Source::Mirror { as_of } => (0, as_of.unwrap_or(Instant(0))),
            Source::Exchange { at } => (1, *at),
        };
        sources.min_by_key(age).unwrap_or(mirrored)
    }

    /// Counts what is told of it.
    pub(super) fn counted(&self, numbers: &Numbers) -> Counted {
        let dates = &self.series.dates;
        let left_out = dates
            .iter()
            .filter(|date| date.assigned == Assigned::Skipped);
        Counted {
            dates: dates.len(),
            placed: self.placed(),
            left_out: left_out.count(),
            changes: self.series.changes,
            elsewhere: self.series.elsewhere,
            majority: self.series.majority.map(|room| number(numbers, room)),
        }
    }

    /// The colour of each room: the room of most dates has the first, the others follow as the dates come to them.
    pub(super) fn tones(&self) -> HashMap<RoomId, u8> {
        let used = self
            .series
            .dates
            .iter()
            .filter_map(|date| date.assigned.room());
        let mut tones = HashMap::new();
        for room in self.series.majority.into_iter().chain(used) {
            let next = (tones.len() % usize::from(TONES)) as u8;
            tones.entry(room).or_insert(next);
        }
        tones
    }

    /// The strip.
    pub(super) fn strip(&self, numbers: &Numbers) -> Vec<StripDate> {
        let tones = self.tones();
        let mut before = None;
        let mut strip = Vec::with_capacity(self.days.len());
        for (day, date) in self.days.iter().zip(&self.series.dates) {
            let room = date.assigned.room();
            let is_change = room.is_some() && before.is_some() && room != before;
            before = room.or(before);
            let lost = self.lost.get(day);
            strip.push(StripDate {
                key: day.clone(),
                day: WallTime::of(date.range.start(), &self.series.zone).short_date(),
                room: room.map(|room| number(numbers, room)).unwrap_or_default(),
                tone: room
                    .and_then(|room| tones.get(&room).copied())
                    .unwrap_or_default(),
                state: match date.assigned {
                    Assigned::Room(_) => StripState::Room,
                    Assigned::Skipped => StripState::LeftOut,
                    Assigned::NoneFree | Assigned::ChosenTaken(_) => StripState::NoRoom,
                },
                moved: if is_moved(date) {
                    clock::span(date.range, &self.series.zone)
                } else {
                    String::new()
                },
                is_change,
                is_chosen: date.choice != Choice::Auto,
                lost: lost
                    .map(|lost| words::was_in(&number(numbers, lost.room)))
                    .unwrap_or_default(),
                spoken: self.spoken(date, is_change, lost, numbers),
            });
        }
        strip
    }

    /// `Tue 8 Dec, 10:00–11:00: Room 1.08, change of room`.
    fn spoken(
        &self,
        date: &PlannedDate,
        is_change: bool,
        lost: Option<&Lost>,
        numbers: &Numbers,
    ) -> String {
        let mut parts = vec![standing(date, numbers)];
        if is_change {
            parts.push(words::CHANGE_OF_ROOM.to_owned());
        }
        if is_moved(date) {
            parts.push(words::MOVED.to_owned());
        } else if matches!(date.choice, Choice::Room(_)) {
            parts.push(words::CHOSEN.to_owned());
        }
        if let Some(lost) = lost {
            parts.push(words::lost(&number(numbers, lost.room), lost.is_taken));
        }
        let when = clock::dated_span(date.range, &self.series.zone);
        format!("{when}: {}", parts.join(", "))
    }

    /// What has changed by itself since the person last asked for something else. Empty: nothing.
    pub(super) fn losses(&self, numbers: &Numbers) -> String {
        let told = self.lost.iter().filter_map(|(day, lost)| {
            let date = self.date(day)?;
            let when = WallTime::of(date.range.start(), &self.series.zone).short_date();
            let room = room_words::name(&number(numbers, lost.room));
            Some((when, room, lost.is_taken))
        });
        words::losses(&told.collect::<Vec<_>>())
    }

    /// Why a date has no room, as a sentence. Empty: it has one, or is left out.
    pub(super) fn reason(&self, date: &PlannedDate, numbers: &Numbers) -> String {
        let reasons = refusal::refusals(&date.against, &self.series.zone);
        match date.assigned {
            Assigned::Room(_) | Assigned::Skipped => String::new(),
            Assigned::NoneFree if reasons.is_empty() => words::NONE_FREE.to_owned(),
            Assigned::NoneFree => reasons,
            Assigned::ChosenTaken(room) => words::chosen_taken(&number(numbers, room), &reasons),
        }
    }
}

/// Whether a date should have a room and has none.
pub(super) const fn lacks_room(date: &PlannedDate) -> bool {
    matches!(date.assigned, Assigned::NoneFree | Assigned::ChosenTaken(_))
}

/// Whether the person moved it.
pub(super) const fn is_moved(date: &PlannedDate) -> bool {
    matches!(date.choice, Choice::Moved { .. })
}

/// `Room 1.08`, `No room`, `Left out`.
pub(super) fn standing(date: &PlannedDate, numbers: &Numbers) -> String {
    match date.assigned {
        Assigned::Room(room) => room_words::name(&number(numbers, room)),
        Assigned::Skipped => words::LEFT_OUT.to_owned(),
        Assigned::NoneFree | Assigned::ChosenTaken(_) => words::NO_ROOM.to_owned(),
    }
}

/// What stands at a room's door.
pub(super) fn number(numbers: &Numbers, room: RoomId) -> String {
    numbers
        .get(&room)
        .cloned()
        .unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
pub(super) mod tests;
