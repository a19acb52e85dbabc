//! Rooms, people and meetings that a scenario asks for by number, so that a large tenant is a small file.
//!
//! The same seed gives the same names and times of day. Which days the meetings are on follows the simulator's clock:
//! a tenant is full now, whenever it is started.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::{Timestamp, ToSpan};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde::{Deserialize, Serialize};

use super::{PersonRecord, RoomListRecord, RoomRecord, ScenarioEvent, TenantRecord, unusable};
use crate::error::SimError;
use crate::time_zone::known;

/// More of either is a mistake in the file.
const MAILBOXES_MAX: u32 = 100_000;
/// Further ahead no room can be booked.
const DAYS_MAX: u32 = 1_000;
/// Meetings begin and end on half hours from eight to six, local time.
const SLOTS: u32 = 20;
const FIRST_SLOT: i8 = 8;
const ROOMS_PER_BUILDING: u32 = 100;
const ROOMS_PER_FLOOR: u32 = 10;

const SUBJECTS: [&str; 8] = [
    "Weekly planning",
    "Design review",
    "Interview",
    "Budget",
    "Customer call",
    "Stand-up",
    "Workshop",
    "One to one",
];
const GIVEN_NAMES: [&str; 12] = [
    "Ada", "Ben", "Carla", "Dmitri", "Elif", "Femi", "Grete", "Hugo", "Ines", "Jonas", "Kaya",
    "Lena",
];
const FAMILY_NAMES: [&str; 11] = [
    "Holm", "Okafor", "Reyes", "Sokolov", "Yildiz", "Adeyemi", "Moser", "Duarte", "Lind", "Petrov",
    "Varga",
];
const CAPACITIES: [i32; 6] = [4, 4, 6, 8, 12, 20];

/// What to make up in a tenant, besides what is written out in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Generate {
    /// Where chance comes from.
    pub seed: u64,
    /// Rooms to add: `room0001@…` and so on, a hundred to a building, ten to a floor; every building is a room list.
    pub rooms: u32,
    /// People to add: `person0001@…` and so on.
    pub people: u32,
    /// Accepted meetings in every room of the tenant, those written out too. At most 20 fit into a day.
    pub events_per_room: u32,
    /// People invited to each meeting besides the organizer and the room.
    pub attendees_per_event: u32,
    /// The number of working days the meetings are spread over, from the day of the clock on.
    pub days: u32,
    /// Counts only this day of the week as a working day, such as `monday`; `None` is Monday to Friday.
    pub weekday: Option<WorkingDay>,
    /// The zone of the mailboxes added and of all meetings, Windows or IANA name.
    pub time_zone: String,
}

impl Default for Generate {
    fn default() -> Self {
        Self {
            seed: 1,
            rooms: 0,
            people: 0,
            events_per_room: 0,
            attendees_per_event: 0,
            days: 5,
            weekday: None,
            time_zone: "UTC".to_owned(),
        }
    }
}

/// A day of the week on which people work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "days need no words")]
pub enum WorkingDay {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
}

impl WorkingDay {
    fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Tuesday => Weekday::Tuesday,
            Self::Wednesday => Weekday::Wednesday,
            Self::Thursday => Weekday::Thursday,
            Self::Friday => Weekday::Friday,
        }
    }
}

impl TenantRecord {
    /// The tenant with everything written out that its `generate` asks for.
    ///
    /// # Errors
    /// [`SimError::ScenarioContent`] when the numbers are out of range or do not fit together.
    pub(super) fn filled(&self, now: Timestamp) -> Result<Self, SimError> {
        let mut tenant = self.clone();
        let Some(generate) = tenant.generate.take() else {
            return Ok(tenant);
        };
        generate.check(&tenant)?;
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(generate.seed));
        let people = (1..=generate.people).map(|number| generate.person(number, &tenant.domain));
        tenant.people.extend(people.collect::<Vec<_>>());
        generate.add_rooms(&mut tenant, &mut chance);
        let first = now.to_zoned(known(&generate.time_zone)).date();
        let days = generate.working_days(first);
        let rooms: Vec<String> = tenant
            .rooms
            .iter()
            .map(|room| room.address.clone())
            .collect();
        for room in rooms {
            for (number, day) in days.iter().enumerate() {
                let count = generate.events_on(number);
                generate.add_events(&mut tenant, &room, *day, count, &mut chance);
            }
        }
        Ok(tenant)
    }
}

impl Generate {
    fn check(&self, tenant: &TenantRecord) -> Result<(), SimError> {
        let refused = |reason| {
            Err(unusable(
                "generator of tenant",
                &tenant.display_name,
                reason,
            ))
        };
        if self.rooms > MAILBOXES_MAX || self.people > MAILBOXES_MAX {
            return refused("at most 100,000 rooms and 100,000 people can be generated");
        }
        if self.events_per_room == 0 {
            return Ok(());
        }
        if !(1..=DAYS_MAX).contains(&self.days) {
            return refused("days is a number from 1 to 1,000");
        }
        if self.events_per_room.div_ceil(self.days) > SLOTS {
            return refused("at most 20 meetings a day fit: lower eventsPerRoom or raise days");
        }
        if self.people == 0 && tenant.people.is_empty() {
            return refused("meetings need somebody to organise them: raise people");
        }
        Ok(())
    }

    fn person(&self, number: u32, domain: &str) -> PersonRecord {
        let at = number as usize - 1;
        let given = GIVEN_NAMES[at % GIVEN_NAMES.len()];
        let family = FAMILY_NAMES[at % FAMILY_NAMES.len()];
        let round = at / (GIVEN_NAMES.len() * FAMILY_NAMES.len());
        let suffix = if round == 0 {
            String::new()
        } else {
            format!(" {}", round + 1)
        };
        PersonRecord {
            address: format!("person{number:04}@{domain}"),
            office_location: None,
            time_zone: self.time_zone.clone(),
            ..PersonRecord::contoso(&format!("{given} {family}{suffix}"), "Employee", "")
        }
    }

    fn add_rooms(&self, tenant: &mut TenantRecord, chance: &mut Chance) {
        let mut buildings: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for at in 0..self.rooms {
            let building = at / ROOMS_PER_BUILDING + 1;
            let floor = (at % ROOMS_PER_BUILDING / ROOMS_PER_FLOOR).cast_signed();
            let door = at % ROOMS_PER_FLOOR + 1;
            let label = format!("{building}.{floor}.{door:02}");
            let address = format!("room{:04}@{}", at + 1, tenant.domain);
            let has_video = chance.below(2) == 0;
            buildings.entry(building).or_default().push(address.clone());
            tenant.rooms.push(RoomRecord {
                building: Some(format!("Building {building}")),
                floor_number: Some(floor),
                floor_label: Some(floor.to_string()),
                capacity: Some(CAPACITIES[chance.below(CAPACITIES.len())]),
                is_wheel_chair_accessible: Some(chance.below(10) > 0),
                video_device_name: has_video.then(|| "Surface Hub".to_owned()),
                time_zone: self.time_zone.clone(),
                label: Some(label.clone()),
                ..RoomRecord::contoso(&format!("Room {label}"), &address)
            });
        }
        for (building, rooms) in buildings {
            tenant.room_lists.push(RoomListRecord {
                id: None,
                display_name: format!("Building {building}"),
                address: format!("building{building}@{}", tenant.domain),
                rooms,
            });
        }
    }

    fn working_days(&self, first: Date) -> Vec<Date> {
        let is_working_day = |date: &Date| match self.weekday {
            Some(only) => date.weekday() == only.weekday(),
            None => !matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday),
        };
        first
            .series(1.day())
            .filter(is_working_day)
            .take(self.days as usize)
            .collect()
    }

    /// How many of a room's meetings are on the working day of this number.
    fn events_on(&self, day: usize) -> u32 {
        let until = |day: u64| u64::from(self.events_per_room) * day / u64::from(self.days.max(1));
        let count = until(day as u64 + 1) - until(day as u64);
        u32::try_from(count).unwrap_or(SLOTS)
    }

    /// Adds meetings that do not touch each other's time: each lies somewhere in its own part of the day.
    fn add_events(
        &self,
        tenant: &mut TenantRecord,
        room: &str,
        day: Date,
        count: u32,
        chance: &mut Chance,
    ) {
        for number in 0..count {
            let from = SLOTS * number / count;
            let free = (SLOTS * (number + 1) / count - from) as usize;
            let length = 1 + chance.below(free.min(4));
            let start = from as usize + chance.below(free - length + 1);
            let people = &tenant.people;
            let organizer = people[chance.below(people.len())].address.clone();
            let attendees = (0..self.attendees_per_event)
                .map(|_| people[chance.below(people.len())].address.clone())
                .filter(|invited| *invited != organizer)
                .collect();
            tenant.events.push(ScenarioEvent {
                organizer,
                subject: SUBJECTS[chance.below(SUBJECTS.len())].to_owned(),
                start: slot(day, start),
                end: slot(day, start + length),
                time_zone: self.time_zone.clone(),
                attendees,
                rooms: vec![room.to_owned()],
                show_as: "busy".to_owned(),
            });
        }
    }
}

/// When a half hour of a day begins.
fn slot(day: Date, number: usize) -> DateTime {
    let minutes = i64::try_from(number * 30).unwrap_or_default();
    day.to_datetime(Time::constant(FIRST_SLOT, 0, 0, 0))
        .saturating_add(minutes.minutes())
}

/// The stream of chance of one generator.
struct Chance(ChaCha8Rng);

impl Chance {
    /// A number below `bound`, which is not 0.
    fn below(&mut self, bound: usize) -> usize {
        self.0.next_u32() as usize % bound
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Scenario;

    const FRIDAY: &str = "2026-11-20T08:00:00Z";

    fn filled(generate: Generate) -> Result<TenantRecord, SimError> {
        let mut tenant = Scenario::contoso().tenants.remove(0);
        tenant.generate = Some(generate);
        tenant.filled(FRIDAY.parse().unwrap())
    }

    #[test]
    fn meetings_are_on_working_days_from_the_clock_on_and_never_overlap_in_a_room() {
        let tenant = filled(Generate {
            rooms: 12,
            people: 5,
            events_per_room: 60,
            days: 4,
            ..Generate::default()
        })
        .unwrap();
        assert_eq!((tenant.rooms.len(), tenant.people.len()), (20, 11));
        assert_eq!(tenant.events.len(), 20 * 60);
        let days: BTreeSet<Date> = tenant.events.iter().map(|one| one.start.date()).collect();
        let expected = ["2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25"];
        assert_eq!(days, expected.map(|day| day.parse().unwrap()).into());
        for room in &tenant.rooms {
            let mut times: Vec<_> = tenant
                .events
                .iter()
                .filter(|event| event.rooms[0] == room.address)
                .map(|event| (event.start, event.end))
                .collect();
            times.sort_unstable();
            assert!(times.windows(2).all(|two| two[0].1 <= two[1].0));
        }
    }

    #[test]
    fn a_weekday_alone_counts_and_the_seed_decides() {
        let monday = |seed| {
            filled(Generate {
                seed,
                events_per_room: 18,
                days: 1,
                weekday: Some(WorkingDay::Monday),
                ..Generate::default()
            })
            .unwrap()
        };
        let one = monday(7);
        let on_monday = |event: &ScenarioEvent| event.start.date().to_string() == "2026-11-23";
        assert!(one.events.iter().all(on_monday));
        assert_eq!(one, monday(7));
        assert_ne!(one, monday(8));
    }

    #[test]
    fn numbers_that_cannot_be_are_refused_with_what_to_do() {
        let too_full = Generate {
            events_per_room: 21,
            days: 1,
            ..Generate::default()
        };
        let refusal = filled(too_full).unwrap_err().to_string();
        assert!(refusal.contains("raise days"), "{refusal}");
    }
}
