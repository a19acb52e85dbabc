//! A busy office: meetings of the working days around now, the same for the same day and rooms.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{ToSpan, Zoned};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::people::Person;
use super::plan::Room;

/// A meeting that exists from the start, as the simulator's scenario wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    organizer: String,
    subject: &'static str,
    start: DateTime,
    end: DateTime,
    time_zone: String,
    attendees: Vec<String>,
    rooms: Vec<String>,
}

/// Days before and after today that have meetings: enough for a week's view either way.
const DAYS_BEFORE: i64 = 4;
const DAYS_AFTER: i64 = 7;
const DAY_STARTS_AT_HOUR: i8 = 8;
const HALF_HOURS: usize = 20;
/// Of a hundred half hours in a free room, how many a meeting begins in.
const MEETINGS_PERCENT: usize = 34;
/// Nobody sits in meetings all day.
const HALF_HOURS_PER_PERSON_MAX: u32 = 7;
const ATTENDEES_MAX: usize = 3;

const SUBJECTS: [&str; 14] = [
    "Weekly team meeting",
    "Design review",
    "Customer call",
    "Interview",
    "Sprint planning",
    "Budget round",
    "Onboarding",
    "Retrospective",
    "One to one",
    "Release check",
    "Workshop",
    "Supplier visit",
    "Architecture talk",
    "Project kick-off",
];

/// Every room's meetings, at the building's own times.
pub(crate) fn events(rooms: &[Room], people: &[Person], now: &Zoned) -> Vec<Event> {
    let zone = now.time_zone().iana_name().unwrap_or("UTC");
    // In a house with more rooms than its people can fill, meetings are smaller rather than all on one floor.
    let attendees_max = (people.len() / rooms.len().max(1)).clamp(1, ATTENDEES_MAX);
    let mut events = Vec::new();
    for offset in -DAYS_BEFORE..=DAYS_AFTER {
        let Ok(date) = now.date().checked_add(offset.days()) else {
            continue;
        };
        if matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday) && offset != 0 {
            continue;
        }
        let mut day = Day {
            date,
            zone,
            people,
            taken: vec![0; people.len()],
            events: Vec::new(),
        };
        for room in shuffled(rooms, date) {
            day.fill(room, attendees_max);
        }
        events.extend(day.events);
    }
    events
}

/// The rooms in another order each day, so that none is always the last to find people.
fn shuffled(rooms: &[Room], date: Date) -> Vec<&Room> {
    let mut rooms: Vec<&Room> = rooms.iter().collect();
    rooms.sort_by_cached_key(|room| Dice::new(&format!("{date} {}", room.number)).state);
    rooms
}

/// One day being filled, room by room.
struct Day<'a> {
    date: Date,
    zone: &'a str,
    people: &'a [Person],
    /// For each person, the half hours they already sit in a meeting, one bit each.
    taken: Vec<u32>,
    events: Vec<Event>,
}

impl Day<'_> {
    /// Gives a room its meetings: never two at once, and nobody in two.
    fn fill(&mut self, room: &Room, attendees_max: usize) {
        let mut dice = Dice::new(&format!("{} {}", room.number, self.date));
        let mut half_hour = 0;
        while half_hour < HALF_HOURS {
            let length = [1, 1, 2, 2, 2, 3, 4][dice.below(7)];
            let begins = dice.below(100) < MEETINGS_PERCENT && half_hour + length <= HALF_HOURS;
            if begins && self.add(room, half_hour, length, attendees_max, &mut dice) {
                half_hour += length;
            } else {
                half_hour += 1;
            }
        }
    }

    /// Adds a meeting if somebody is free to hold it.
    fn add(
        &mut self,
        room: &Room,
        half_hour: usize,
        length: usize,
        attendees_max: usize,
        dice: &mut Dice,
    ) -> bool {
        let slots = ((1_u32 << length) - 1) << half_hour;
        let others = dice.below(
            usize::try_from(room.seats)
                .unwrap_or(2)
                .clamp(1, attendees_max + 1),
        );
        let wanted = 1 + others;
        let first = dice.below(self.people.len());
        let free: Vec<usize> = (0..self.people.len())
            .map(|step| (first + step) % self.people.len())
            .filter(|person| self.taken[*person] & slots == 0)
            .filter(|person| {
                (self.taken[*person] | slots).count_ones() <= HALF_HOURS_PER_PERSON_MAX
            })
            .take(wanted)
            .collect();
        let Some((organizer, attendees)) = free.split_first() else {
            return false;
        };
        for person in &free {
            self.taken[*person] |= slots;
        }
        // One in eight begins at an odd minute, as in real calendars.
        let odd = if dice.below(8) == 0 { 5 } else { 0 };
        let at = |half_hours: usize| {
            let opening = self.date.at(DAY_STARTS_AT_HOUR, 0, 0, 0);
            opening.saturating_add(i64::try_from(half_hours * 30).unwrap_or_default().minutes())
        };
        self.events.push(Event {
            organizer: self.people[*organizer].address.clone(),
            subject: SUBJECTS[dice.below(SUBJECTS.len())],
            start: at(half_hour).saturating_add(odd.minutes()),
            end: at(half_hour + length),
            time_zone: self.zone.to_owned(),
            attendees: attendees
                .iter()
                .map(|person| self.people[*person].address.clone())
                .collect(),
            rooms: vec![room.address()],
        });
        true
    }
}

/// Numbers that look random and are the same for the same name: a demo restarted at noon keeps its morning.
struct Dice {
    state: [u8; 32],
    used: usize,
}

impl Dice {
    fn new(name: &str) -> Self {
        Self {
            state: Sha256::digest(name.as_bytes()).into(),
            used: 0,
        }
    }

    /// From 0 up to, not including, `limit`.
    fn below(&mut self, limit: usize) -> usize {
        if self.used + 4 > self.state.len() {
            self.state = Sha256::digest(self.state).into();
            self.used = 0;
        }
        let bytes = &self.state[self.used..self.used + 4];
        self.used += 4;
        let number = bytes
            .iter()
            .fold(0_usize, |number, byte| (number << 8) | usize::from(*byte));
        number % limit
    }
}

#[cfg(test)]
mod tests {
    use super::super::people::everybody;
    use super::*;

    fn rooms() -> Vec<Room> {
        let room = |number: &str| Room {
            number: number.to_owned(),
            name: None,
            seats: 8,
            level: 1,
            floor_label: "1".to_owned(),
        };
        vec![room("1.01"), room("1.02"), room("1.03")]
    }

    fn made() -> Vec<Event> {
        let monday: Zoned = "2026-11-23T10:00[Europe/Helsinki]".parse().unwrap();
        events(&rooms(), &everybody(3, "Europe/Helsinki"), &monday)
    }

    fn assert_never_twice_at_once(who: &str, mut events: Vec<&Event>) {
        events.sort_by_key(|event| event.start);
        for pair in events.windows(2) {
            assert!(
                pair[0].end <= pair[1].start,
                "{who} until {} and from {}",
                pair[0].end,
                pair[1].start
            );
        }
    }

    #[test]
    fn no_room_and_no_person_is_in_two_meetings_at_once() {
        let events = made();
        assert!(events.len() > 60, "{}", events.len());
        for room in rooms() {
            let address = room.address();
            let here = events
                .iter()
                .filter(|event| event.rooms.contains(&address))
                .collect();
            assert_never_twice_at_once(&address, here);
        }
        for person in everybody(3, "Europe/Helsinki") {
            let invited = |event: &&Event| {
                event.organizer == person.address || event.attendees.contains(&person.address)
            };
            assert_never_twice_at_once(&person.address, events.iter().filter(invited).collect());
        }
    }

    #[test]
    fn the_same_day_is_made_the_same_way_twice() {
        let twice = [made(), made()].map(|events| serde_json::to_string(&events).unwrap());
        assert_eq!(twice[0], twice[1]);
    }

    #[test]
    fn other_weekends_are_left_free() {
        let weekend = [Weekday::Saturday, Weekday::Sunday];
        assert!(
            made()
                .iter()
                .all(|event| !weekend.contains(&event.start.date().weekday()))
        );
    }
}
