//! A busy office: meetings of the working days around now, the same for the same day and rooms.

use jiff::civil::{Date, DateTime, Weekday};
use jiff::{ToSpan, Zoned};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::ZONE;
use super::people::{Person, colleagues};
use super::plan::Room;

/// A meeting that exists from the start, as the simulator's scenario wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event {
    organizer: String,
    subject: &'static str,
    start: DateTime,
    end: DateTime,
    time_zone: &'static str,
    attendees: Vec<String>,
    rooms: Vec<String>,
}

/// Days before and after today that have meetings: enough for a week's view either way.
const DAYS_BEFORE: i64 = 2;
const DAYS_AFTER: i64 = 7;
const DAY_STARTS_AT_HOUR: i8 = 8;
const DAY_ENDS_AT_HOUR: i8 = 18;
/// Of a hundred half hours in a room, how many a meeting begins in when the room is free.
const MEETINGS_PERCENT: usize = 34;

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

/// Every room's meetings.
pub(crate) fn events(rooms: &[Room], people: &[Person], now: &Zoned) -> Vec<Event> {
    let mut events = Vec::new();
    for offset in -DAYS_BEFORE..=DAYS_AFTER {
        let Ok(day) = now.date().checked_add(offset.days()) else {
            continue;
        };
        if matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && offset != 0 {
            continue;
        }
        for room in rooms {
            events.extend(room_day(room, day, colleagues(people)));
        }
    }
    events
}

/// One room's meetings on one day: never two at once, none before the office opens.
fn room_day(room: &Room, day: Date, people: &[Person]) -> Vec<Event> {
    let mut dice = Dice::new(&format!("{} {day}", room.number));
    let mut events = Vec::new();
    let mut half_hour = 0;
    let half_hours = i64::from(DAY_ENDS_AT_HOUR - DAY_STARTS_AT_HOUR) * 2;
    while half_hour < half_hours {
        let length = [1, 1, 2, 2, 2, 3, 4][dice.below(7)];
        let fits = half_hour + length <= half_hours;
        if fits && dice.below(100) < MEETINGS_PERCENT {
            events.push(meeting(room, day, half_hour, length, people, &mut dice));
            half_hour += length;
        } else {
            half_hour += 1;
        }
    }
    events
}

fn meeting(
    room: &Room,
    day: Date,
    half_hour: i64,
    length: i64,
    people: &[Person],
    dice: &mut Dice,
) -> Event {
    let opening = day.at(DAY_STARTS_AT_HOUR, 0, 0, 0);
    let start = opening.saturating_add((half_hour * 30).minutes());
    // One in eight is written down to odd minutes, as real calendars are.
    let odd = if dice.below(8) == 0 { 5 } else { 0 };
    let organizer = dice.below(people.len());
    let others = dice.below(usize::try_from(room.seats).unwrap_or(4).clamp(2, 6));
    let attendees = (1..=others).map(|step| {
        people[(organizer + step * 3) % people.len()]
            .address
            .clone()
    });
    let mut attendees: Vec<String> = attendees
        .filter(|address| *address != people[organizer].address)
        .collect();
    attendees.sort();
    attendees.dedup();
    Event {
        organizer: people[organizer].address.clone(),
        subject: SUBJECTS[dice.below(SUBJECTS.len())],
        start: start.saturating_add(odd.minutes()),
        end: start.saturating_add((length * 30).minutes()),
        time_zone: ZONE,
        attendees,
        rooms: vec![room.address()],
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
    use super::super::people;
    use super::*;

    fn room(number: &str) -> Room {
        Room {
            number: number.to_owned(),
            name: None,
            seats: 8,
            level: 1,
            floor_label: "1".to_owned(),
        }
    }

    fn monday() -> Zoned {
        "2026-11-23T10:00[Europe/Berlin]".parse().unwrap()
    }

    #[test]
    fn a_room_is_never_given_to_two_meetings_at_once() {
        let events = events(&[room("1.01")], &people::everybody(), &monday());
        assert!(events.len() > 20, "{}", events.len());
        for pair in events.windows(2) {
            assert!(
                pair[0].end <= pair[1].start,
                "{} and {}",
                pair[0].end,
                pair[1].start
            );
        }
    }

    #[test]
    fn the_same_day_is_made_the_same_way_twice() {
        let twice = [1, 2].map(|_| {
            serde_json::to_string(&events(&[room("1.01")], &people::everybody(), &monday()))
                .unwrap()
        });
        assert_eq!(twice[0], twice[1]);
    }

    #[test]
    fn other_weekends_are_left_free() {
        let events = events(&[room("1.01")], &people::everybody(), &monday());
        assert!(events.iter().all(|event| !matches!(
            event.start.date().weekday(),
            Weekday::Saturday | Weekday::Sunday
        )));
    }
}
