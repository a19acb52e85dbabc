//! What Etage shows of each room, and what is in its calendar: for how long the two differ.

use std::collections::BTreeSet;

use booking::event::BusyKind;
use booking::time::{DAY_MS, Instant, SECOND_MS, TimeRange};
use days::World;
use reqwest::Method;
use serde_json::Value;

use crate::people::mailbox;

/// Days that are compared; nobody books further.
const DAYS: i64 = 12;

/// When a room is taken.
type Taken = BTreeSet<(Instant, Instant, BusyKind)>;

/// All rooms, as of the last look.
pub(crate) struct Mirrors {
    compared: TimeRange,
    of_rooms: Vec<Mirror>,
    pub(crate) wrong_now_ms: i64,
    pub(crate) wrong_anywhere_ms: i64,
}

#[derive(Default)]
struct Mirror {
    calendar: Taken,
    shown: Taken,
}

impl Mirrors {
    pub(crate) async fn of(world: &World) -> Self {
        let start = world.now();
        let mut mirrors = Self {
            compared: TimeRange::new(start, start.plus_ms(DAYS * DAY_MS)).unwrap(),
            of_rooms: world.rooms.iter().map(|_| Mirror::default()).collect(),
            wrong_now_ms: 0,
            wrong_anywhere_ms: 0,
        };
        let all: Vec<usize> = (0..world.rooms.len()).collect();
        mirrors.look_at_calendars(world, &all).await;
        mirrors.look_at_mirror(world).await;
        assert!(
            mirrors.of_rooms.iter().all(Mirror::is_right),
            "the day begins with a mirror that is wrong"
        );
        mirrors
    }

    /// Reads the calendars of these rooms; those that have changed.
    pub(crate) async fn look_at_calendars(&mut self, world: &World, rooms: &[usize]) -> Vec<usize> {
        let mut changed = Vec::new();
        for room in rooms.iter().copied() {
            let calendar = self.calendar(world, room).await;
            if self.of_rooms[room].calendar != calendar {
                self.of_rooms[room].calendar = calendar;
                changed.push(room);
            }
        }
        changed
    }

    /// Reads what Etage keeps of the rooms whose colours were wrong: the others' have not changed.
    pub(crate) async fn look_at_mirror(&mut self, world: &World) {
        for (mirror, room) in self.of_rooms.iter_mut().zip(&world.rooms) {
            if mirror.is_right() {
                continue;
            }
            let kept = world.store().busy_times_of(room.id, self.compared).await;
            let kept = kept.unwrap().into_iter();
            mirror.shown = kept
                .map(|one| (one.range.start(), one.range.end(), one.kind))
                .collect();
        }
    }

    /// Time passes, and nothing happens in it.
    pub(crate) fn let_pass(&mut self, from: Instant, ms: i64) {
        for mirror in self.of_rooms.iter().filter(|one| !one.is_right()) {
            self.wrong_anywhere_ms += ms;
            let mut passed = 0;
            while passed < ms {
                let step = SECOND_MS.min(ms - passed);
                let at = from.plus_ms(passed);
                if colour(&mirror.calendar, at) != colour(&mirror.shown, at) {
                    self.wrong_now_ms += step;
                }
                passed += step;
            }
        }
    }

    async fn calendar(&self, world: &World, room: usize) -> Taken {
        let zone = jiff::tz::TimeZone::get("Europe/Berlin").unwrap();
        let start = jiff::Timestamp::from_millisecond(self.compared.start().0).unwrap();
        let from = start.to_zoned(zone).date();
        let path = format!(
            "mailboxes/{}/calendar?from={from}&days={}",
            mailbox(world, room),
            DAYS + 1
        );
        let shown = world.outlook.ask(Method::GET, &path, None).await.unwrap();
        let entries = shown["value"].as_array().unwrap().iter();
        entries
            .filter_map(taken)
            .filter(|(start, end, _)| *start < self.compared.end() && *end > self.compared.start())
            .collect()
    }
}

impl Mirror {
    fn is_right(&self) -> bool {
        self.calendar == self.shown
    }
}

/// The strongest of what is on then. `None`: free.
fn colour(taken: &Taken, at: Instant) -> Option<BusyKind> {
    let on = taken
        .iter()
        .filter(|(start, end, _)| *start <= at && at < *end);
    on.map(|(_, _, kind)| *kind).max()
}

/// `None`: it takes no time.
fn taken(entry: &Value) -> Option<(Instant, Instant, BusyKind)> {
    if entry["isCancelled"] == true || entry["response"] == "declined" {
        return None;
    }
    let kind = match entry["showAs"].as_str()? {
        "free" | "workingElsewhere" => return None,
        "tentative" => BusyKind::Tentative,
        _ => BusyKind::Busy,
    };
    let at = |side: &str| {
        let at: jiff::Timestamp = entry[side].as_str()?.parse().ok()?;
        Some(Instant(at.as_millisecond()))
    };
    Some((at("start")?, at("end")?, kind))
}
