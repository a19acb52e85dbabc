//! The bench data: 60 bookings a room over 30 days and 50 weekly series of 12, from a fixed seed.

use booking::event::BusyKind;
use booking::room::{Equipment, EquipmentSet, Room, RoomLink, Seats};
use booking::search::index::SearchIndex;
use booking::search::{Occupancy, OccupancyKind, Wanted};
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use booking::{
    BuildingId, ConnectionId, FloorId, Instant, MailboxAddress, RoomId, TimeRange, ZoneName,
};
use uuid::Uuid;

/// Midnight of the first day of the data; also the present of all questions.
pub(crate) const NOW: Instant = Instant(20_833 * DAY_MS);
/// Days over which single bookings are spread.
pub(crate) const BOOKED_DAYS: i64 = 30;
/// Days that the data reaches into: the last series ends twelve weeks after day 30.
pub(crate) const DAYS: i64 = BOOKED_DAYS + 12 * 7;
/// What every measured question asks for beside the time.
pub(crate) const PEOPLE: u32 = 8;

const BOOKINGS_PER_DAY: i64 = 2;
const SERIES: usize = 50;
const WEEKS: i64 = 12;
const ROOMS_PER_FLOOR: usize = 100;

/// SplitMix64; the same numbers for the same seed on every machine.
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % bound) as i64
    }
}

/// How the bookings lie on the clock.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Times {
    /// On quarters of an hour, but one in twenty at odd minutes such as 10:03–10:17.
    MostlyRound,
    /// All at odd minutes.
    AllOdd,
}

/// An office before its index is made.
pub(crate) struct Office {
    pub(crate) rooms: Vec<Room>,
    pub(crate) occupancies: Vec<Vec<Occupancy>>,
}

impl Office {
    pub(crate) fn new(rooms: usize, times: Times, seed: u64) -> Self {
        Self::booked_for(BOOKED_DAYS, rooms, times, seed)
    }

    /// As many bookings a day, over so many days.
    pub(crate) fn booked_for(days: i64, rooms: usize, times: Times, seed: u64) -> Self {
        let numbers = &mut Numbers(seed);
        let mut occupancies: Vec<Vec<Occupancy>> = (0..rooms)
            .map(|_| {
                (0..days * BOOKINGS_PER_DAY)
                    .map(|_| booked(numbers, days, times))
                    .collect()
            })
            .collect();
        for _ in 0..SERIES {
            let first = booked(numbers, days, times);
            let room = numbers.below(rooms as u64) as usize;
            occupancies[room].extend((0..WEEKS).map(|week| Occupancy {
                range: first.range.shifted_ms(week * 7 * DAY_MS),
                ..first
            }));
        }
        Self {
            rooms: (0..rooms).map(|at| room(numbers, at)).collect(),
            occupancies,
        }
    }

    pub(crate) fn index(&self) -> SearchIndex {
        let mut index = SearchIndex::new(self.rooms.clone());
        for (room, occupancies) in self.rooms.iter().zip(&self.occupancies) {
            index.set_room_occupancies(room.id, occupancies.clone());
        }
        index
    }
}

/// Questions of one hour at random working times, capacity and two kinds of equipment; each
/// starts `off_ms` after a full slot and is asked for `weeks` weeks running.
pub(crate) fn questions(count: usize, off_ms: i64, weeks: i64, seed: u64) -> Vec<Wanted> {
    let numbers = &mut Numbers(seed);
    let mut question = || {
        let start = NOW
            .plus_ms(numbers.below(BOOKED_DAYS as u64) * DAY_MS + 8 * HOUR_MS)
            .plus_ms(numbers.below(9 * 12) * 5 * MINUTE_MS + off_ms);
        let first = range(start, HOUR_MS);
        Wanted {
            floor: None,
            ranges: (0..weeks)
                .map(|week| first.shifted_ms(week * 7 * DAY_MS))
                .collect(),
            people: PEOPLE,
            equipment: equipment(),
            step_free: false,
        }
    };
    (0..count).map(|_| question()).collect()
}

/// The equipment every measured question asks for.
pub(crate) fn equipment() -> EquipmentSet {
    EquipmentSet::EMPTY
        .with(Equipment::Video)
        .with(Equipment::Screen)
}

fn booked(numbers: &mut Numbers, days: i64, times: Times) -> Occupancy {
    let start = NOW
        .plus_ms(numbers.below(days as u64) * DAY_MS + 8 * HOUR_MS)
        .plus_ms(numbers.below(9 * 4) * 15 * MINUTE_MS);
    let length = (1 + numbers.below(6)) * 15 * MINUTE_MS;
    let odd = numbers.below(20) == 0 || times == Times::AllOdd;
    let range = if odd {
        range(start.plus_ms(3 * MINUTE_MS), length - MINUTE_MS)
    } else {
        range(start, length)
    };
    Occupancy {
        range,
        kind: OccupancyKind::Calendar(if numbers.below(10) == 0 {
            BusyKind::Tentative
        } else {
            BusyKind::Busy
        }),
    }
}

fn range(start: Instant, length_ms: i64) -> TimeRange {
    TimeRange::new(start, start.plus_ms(length_ms)).expect("lengths are positive")
}

fn room(numbers: &mut Numbers, at: usize) -> Room {
    let floor = at / ROOMS_PER_FLOOR;
    let number = format!("{floor}.{:03}", at % ROOMS_PER_FLOOR);
    let mailbox = format!("room{at}@contoso.com");
    Room {
        id: RoomId(Uuid::from_u128(at as u128 + 1)),
        building: BuildingId(Uuid::from_u128(1)),
        floor: FloorId(Uuid::from_u128(floor as u128 + 1)),
        name: number.clone(),
        number,
        seats: (numbers.below(20) != 0).then(|| Seats {
            count: [2, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 40][numbers.below(12) as usize],
            guessed: false,
        }),
        equipment: Equipment::ALL
            .into_iter()
            .filter(|_| numbers.below(3) != 0)
            .collect(),
        step_free: Some(numbers.below(4) != 0),
        link: Some(RoomLink {
            connection: ConnectionId(Uuid::from_u128(1)),
            mailbox: MailboxAddress::parse(&mailbox).expect("it is an address"),
        }),
        shape: None,
        zone: ZoneName::utc(),
    }
}
