//! A plan as a person is shown it.

use booking::ids::RoomId;
use booking::person::Person;
use booking::rules::{HORIZON_DAYS, Refusal, time_refusals};
use booking::search::Wanted;
use booking::search::bits::RoomSet;
use booking::search::found::Source;
use booking::series::{
    Assigned, Candidate, OTHERS_MAX, Plan, PlannedDate, PlannedSeries, SeriesPolicy, SeriesWarning,
    UsedRoom,
};
use booking::time::{Instant, TimeRange};

use super::{Heard, SeriesQuestion, the_building};
use crate::live_index::BuildingIndex;
use crate::place_reservation::wanted_for;
use crate::{Engine, Error, when};

impl Engine {
    /// Adds to a plan what is to be told of each date.
    pub(super) fn told(
        &self,
        person: &Person,
        question: &SeriesQuestion,
        plan: &Plan,
        heard: &Heard,
    ) -> Result<PlannedSeries, Error> {
        let now = self.clock.now();
        let world = self.index.read();
        let building = the_building(&world, question.building)?;
        let teller = Teller {
            building,
            question,
            heard,
            candidates: question.candidates(building),
            person,
            now,
        };
        let dates: Vec<PlannedDate> = (0..question.dates.len())
            .map(|at| teller.date(at, plan.dates[at]))
            .collect();
        Ok(PlannedSeries {
            building: question.building,
            zone: question.zone.clone(),
            warnings: teller.warnings(&dates),
            rooms: teller.used(&dates),
            dates,
            changes: plan.changes,
            majority: plan.majority,
            elsewhere: plan.elsewhere,
            as_of: building.as_of(),
            now,
        })
    }
}

struct Teller<'a> {
    building: &'a BuildingIndex,
    question: &'a SeriesQuestion,
    heard: &'a Heard,
    candidates: Vec<Candidate>,
    person: &'a Person,
    now: Instant,
}

impl Teller<'_> {
    fn date(&self, at: usize, assigned: Assigned) -> PlannedDate {
        let date = &self.question.dates[at];
        let range = date.takes_place();
        let free = self.free(at, range);
        PlannedDate {
            number: date.number,
            original: date.range,
            range,
            utc_offset_minutes: when::utc_offset_minutes(&self.question.zone, range.start()),
            choice: date.choice,
            assigned,
            against: self.against(at, range, assigned),
            free: u32::try_from(free.count()).unwrap_or(u32::MAX),
            others: self.others(&free, assigned.room()),
            source: assigned.room().map(|room| self.source(room)),
        }
    }

    /// The rooms that are free then and fit.
    fn free(&self, at: usize, range: TimeRange) -> RoomSet {
        let wanted = Wanted {
            ranges: vec![range],
            ..self.question.wanted.clone()
        };
        let mut free = self.building.rooms.free(&wanted, self.now);
        for (_, room) in self.heard.struck.keys().filter(|(date, _)| *date == at) {
            if let Some(position) = self.building.rooms.position(*room)
                && free.contains(position)
            {
                free.remove(position);
            }
        }
        free
    }

    fn others(&self, free: &RoomSet, assigned: Option<RoomId>) -> Vec<RoomId> {
        let mut others: Vec<&Candidate> = free
            .iter()
            .filter_map(|position| self.candidates.get(position))
            .filter(|one| Some(one.room) != assigned)
            .collect();
        let nearness = |one: &&Candidate| (one.walk, one.spare_seats, one.order);
        if others.len() > OTHERS_MAX {
            // Sorting all of a thousand rooms for each date would take longer than the plan.
            others.select_nth_unstable_by_key(OTHERS_MAX, nearness);
            others.truncate(OTHERS_MAX);
        }
        others.sort_by_key(nearness);
        others.into_iter().map(|one| one.room).collect()
    }

    fn against(&self, at: usize, range: TimeRange, assigned: Assigned) -> Vec<Refusal> {
        match assigned {
            Assigned::Room(_) | Assigned::Skipped => Vec::new(),
            Assigned::NoneFree => time_refusals(range, self.now),
            Assigned::ChosenTaken(room) => {
                if let Some(told) = self.heard.struck.get(&(at, room)) {
                    return told.clone();
                }
                let wanted = wanted_for(range);
                let answer = self.building.answer(room, &wanted, self.person, self.now);
                answer.map_or_else(Vec::new, |answer| answer.refusals)
            }
        }
    }

    fn source(&self, room: RoomId) -> Source {
        match self.heard.words.get(&room) {
            Some(word) => Source::Exchange { at: word.at },
            None => Source::Mirror {
                as_of: self.building.synced.get(&room).copied(),
            },
        }
    }

    /// The rooms that the plan uses, in natural order.
    fn used(&self, dates: &[PlannedDate]) -> Vec<UsedRoom> {
        let mut used: Vec<(u32, UsedRoom)> = Vec::new();
        for one in &self.candidates {
            let assigned = dates.iter().filter_map(|date| date.assigned.room());
            let count = assigned.filter(|room| *room == one.room).count();
            let room = self.building.rooms.room(one.room);
            if let Some(room) = room.filter(|_| count > 0) {
                let room = UsedRoom {
                    room: room.id,
                    number: room.number.clone(),
                    name: room.name.clone(),
                    floor: room.floor,
                    dates: u32::try_from(count).unwrap_or(u32::MAX),
                };
                used.push((one.order, room));
            }
        }
        used.sort_by_key(|(order, _)| *order);
        used.into_iter().map(|(_, room)| room).collect()
    }

    fn warnings(&self, dates: &[PlannedDate]) -> Vec<SeriesWarning> {
        let mut warnings = Vec::new();
        if self.question.ends_early
            && let Some(last) = dates.last()
        {
            warnings.push(SeriesWarning::EndsEarly {
                last: last.range.start(),
                days_max: u32::try_from(HORIZON_DAYS).unwrap_or(u32::MAX),
            });
        }
        let policy = SeriesPolicy::ASSUMED;
        let mut beyond = dates.iter().filter(|date| {
            let start = date.range.start();
            date.assigned.room().is_some() && !policy.reaches(start, self.now)
        });
        if let Some(first) = beyond.next() {
            warnings.push(SeriesWarning::BeyondWindow {
                days: policy.window_days,
                is_assumed: !policy.is_known,
                first: first.number,
                dates: u32::try_from(1 + beyond.count()).unwrap_or(u32::MAX),
            });
        }
        if self.heard.is_silent {
            warnings.push(SeriesWarning::NotAsked);
        }
        warnings
    }
}
