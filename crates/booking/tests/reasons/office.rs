//! A random room, what takes it, and a question.

use booking::event::BusyKind;
use booking::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use booking::random::SeededRandom;
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::search::change::Change;
use booking::search::{Occupancy, OccupancyKind, Wanted};
use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange, ZoneName};
use uuid::Uuid;

/// All times lie on these, so that trying every one of them is soon done.
pub const STEP_MS: i64 = 5 * MINUTE_MS;

/// One room and one question about it.
#[derive(Clone, Debug)]
pub struct Case {
    pub room: Room,
    pub occupancies: Vec<Occupancy>,
    pub wanted: Wanted,
    pub now: Instant,
}

impl Case {
    /// The only room of the office of this seed.
    pub fn random(seed: u64) -> Self {
        Self::office(seed, 1).remove(0)
    }

    /// Several rooms and the same question about each.
    pub fn office(seed: u64, rooms: usize) -> Vec<Self> {
        let random = SeededRandom::new(seed);
        let now = Instant(20_833 * DAY_MS + below(&random, 288) * STEP_MS);
        let wanted = wanted(&random, now);
        (0..rooms)
            .map(|at| Self {
                room: room(&random, at),
                occupancies: occupancies(&random, &wanted),
                wanted: wanted.clone(),
                now,
            })
            .collect()
    }

    /// What takes the room within a window.
    pub fn taken(&self, window: TimeRange) -> Vec<TimeRange> {
        let taken = self.occupancies.iter().map(|one| one.range);
        taken.filter(|one| one.overlaps(window)).collect()
    }

    /// Makes a change, of the question or of the room.
    pub fn make(&mut self, change: Change) {
        self.wanted = change.applied(&self.wanted);
        if change == Change::Linked {
            self.room.link = Some(link());
        }
    }
}

fn wanted(random: &SeededRandom, now: Instant) -> Wanted {
    let length_ms = match below(random, 14) {
        0 => 59 * DAY_MS + below(random, 3) * DAY_MS,
        1 => DAY_MS,
        2 => below(random, 6) * 4 * STEP_MS + STEP_MS,
        _ => (below(random, 8) + 1) * 15 * MINUTE_MS,
    };
    let start = now.plus_ms(match below(random, 12) {
        0 => -DAY_MS + below(random, 288) * STEP_MS,
        1 => -30 * MINUTE_MS + below(random, 9) * STEP_MS,
        2 => 398 * DAY_MS + below(random, 3 * 288) * STEP_MS,
        _ => below(random, 2 * 288) * STEP_MS,
    });
    let first = TimeRange::new(start, start.plus_ms(length_ms)).unwrap();
    let meetings = if below(random, 5) == 0 { 4 } else { 1 };
    let apart_ms = if below(random, 2) == 0 { 7 } else { 1 } * DAY_MS;
    Wanted {
        floor: None,
        ranges: (0..meetings)
            .map(|at| first.shifted_ms(at * apart_ms))
            .collect(),
        people: below(random, 10) as u32 + 1,
        equipment: EquipmentSet(below(random, 64) as u32 & below(random, 64) as u32),
        step_free: below(random, 5) == 0,
    }
}

fn room(random: &SeededRandom, at: usize) -> Room {
    let chance = |of: u64| below(random, of) == 0;
    Room {
        id: RoomId(Uuid::from_u128(at as u128 + 1)),
        building: BuildingId(Uuid::nil()),
        floor: FloorId(Uuid::nil()),
        number: at.to_string(),
        name: at.to_string(),
        seats: (!chance(6)).then(|| Seats {
            count: below(random, 14) as u32,
            guessed: chance(3),
        }),
        equipment: EquipmentSet((below(random, 64) | below(random, 64)) as u32),
        step_free: (!chance(3)).then(|| chance(2)),
        link: (!chance(9)).then(link),
        shape: None,
        zone: ZoneName::utc(),
    }
}

fn link() -> RoomLink {
    RoomLink {
        connection: ConnectionId(Uuid::nil()),
        mailbox: MailboxAddress::parse("room@contoso.com").unwrap(),
    }
}

/// Around the times that are asked for; now and then the same one twice, as calendars have it.
fn occupancies(random: &SeededRandom, wanted: &Wanted) -> Vec<Occupancy> {
    let mut occupancies = Vec::new();
    for _ in 0..below(random, 9) {
        let near = wanted.ranges[below(random, wanted.ranges.len() as u64) as usize];
        let start = near
            .start()
            .plus_ms(-6 * HOUR_MS + below(random, 144) * STEP_MS);
        let length_ms = match below(random, 10) {
            0 => DAY_MS,
            1 => 3 * DAY_MS,
            _ => (below(random, 30) + 1) * STEP_MS,
        };
        let kind = match below(random, 5) {
            0 => OccupancyKind::Held,
            1 => OccupancyKind::Calendar(BusyKind::Tentative),
            _ => OccupancyKind::Calendar(BusyKind::Busy),
        };
        let range = TimeRange::new(start, start.plus_ms(length_ms)).unwrap();
        occupancies.push(Occupancy { range, kind });
        if below(random, 8) == 0 {
            occupancies.push(Occupancy { range, kind });
        }
    }
    occupancies
}

fn below(random: &SeededRandom, bound: u64) -> i64 {
    (random.next_u64() % bound) as i64
}
