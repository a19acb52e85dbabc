//! The solver of series against plain enumeration: every room, and none, for every date.
//!
//! Nothing of the solver is used here but its answer: what is free is read off the bookings one by one, and plans are
//! put in order by lists of numbers.

use booking::event::BusyKind;
use booking::random::SeededRandom;
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::search::index::SearchIndex;
use booking::search::{Occupancy, OccupancyKind, Wanted};
use booking::series::{Assigned, Choice, FreeTable, SeriesDate, candidates, solve};
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use booking::{
    BuildingId, ConnectionId, FloorId, Instant, MailboxAddress, RoomId, TimeRange, ZoneName,
};
use uuid::Uuid;

const CASES: u64 = 10_000;
const SEED: u64 = 20_261_121;
const MIDNIGHT: Instant = Instant(20_833 * DAY_MS);
const PEOPLE: u32 = 4;
/// Their natural order is not that of their letters, nor that in which they are listed.
const NUMBERS: [&str; 4] = ["2.10", "10.1", "2.9", "1.30"];

/// A small office and a series in it.
#[derive(Debug)]
struct Case {
    rooms: Vec<Room>,
    /// How far people walk to each room.
    walk: Vec<u32>,
    /// When each room is taken.
    taken: Vec<Vec<TimeRange>>,
    dates: Vec<SeriesDate>,
}

/// covers part of: N-02 (fewest changes of room, then least walking: equal to trying everything)
#[test]
fn the_solver_finds_what_trying_everything_finds() {
    let (mut changed, mut without, mut tied) = (0, 0, 0);
    for seed in SEED..SEED + CASES {
        let case = case(seed);
        let found = solved(&case);
        let (best, is_tied) = enumerated(&case);
        let rooms: Vec<Option<RoomId>> = found.dates.iter().map(|date| date.room()).collect();
        assert_eq!(rooms, best, "seed {seed}: {case:#?}");
        assert_eq!(found.changes, changes(&best), "seed {seed}");
        for (date, assigned) in case.dates.iter().zip(&found.dates) {
            assert_eq!(*assigned, told(date, assigned.room()), "seed {seed}");
        }
        let usual = best.iter().flatten().map(|room| uses(&best, *room)).max();
        let placed = best.iter().flatten().count() as u32;
        assert_eq!(found.elsewhere, placed - usual.unwrap_or(0), "seed {seed}");
        assert_eq!(found.majority.map(|room| uses(&best, room)), usual);
        changed += u32::from(found.changes > 0);
        without += u32::from(best.contains(&None));
        tied += u32::from(is_tied);
    }
    // The cases are worth trying.
    let enough = CASES as u32 / 20;
    let seen = format!("{changed} with changes, {without} without a room, {tied} ties");
    assert!(
        [changed, without, tied].iter().all(|seen| *seen > enough),
        "{seen}"
    );
}

fn solved(case: &Case) -> booking::series::Plan {
    let mut index = SearchIndex::new(case.rooms.clone());
    for (room, taken) in case.rooms.iter().zip(&case.taken) {
        let occupancy = |range: &TimeRange| Occupancy {
            range: *range,
            kind: OccupancyKind::Calendar(BusyKind::Busy),
        };
        index.set_room_occupancies(room.id, taken.iter().map(occupancy).collect());
    }
    let wanted = Wanted {
        floor: None,
        ranges: Vec::new(),
        people: PEOPLE,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    };
    let walk = |room: &Room| case.walk[position(case, room.id).expect("it is in the office")];
    let rooms = candidates(&index, PEOPLE, walk);
    let free = FreeTable::ask(&index, &case.dates, &wanted, MIDNIGHT);
    solve(&case.dates, &rooms, &free)
}

/// The best plan there is, and whether another one is as good but for the numbers on the doors.
fn enumerated(case: &Case) -> (Vec<Option<RoomId>>, bool) {
    let options: Vec<Vec<Option<RoomId>>> =
        case.dates.iter().map(|date| options(case, date)).collect();
    let mut plans: Vec<Vec<Option<RoomId>>> = vec![Vec::new()];
    for options in &options {
        plans = plans
            .iter()
            .flat_map(|plan| {
                let with = |option| plan.iter().chain([option]).copied().collect();
                options.iter().map(with)
            })
            .collect();
    }
    let mut costs: Vec<(Vec<u64>, &Vec<Option<RoomId>>)> =
        plans.iter().map(|plan| (cost(case, plan), plan)).collect();
    costs.sort();
    let (best, plan) = &costs[0];
    let is_tied = costs.get(1).is_some_and(|(next, _)| next[..4] == best[..4]);
    ((*plan).clone(), is_tied)
}

/// Every room that a date may be in, and none.
fn options(case: &Case, date: &SeriesDate) -> Vec<Option<RoomId>> {
    let (range, chosen) = match date.choice {
        Choice::Auto => (date.range, None),
        Choice::Skip => return vec![None],
        Choice::Room(room) => (date.range, Some(room)),
        Choice::Moved { range, room } => (range, room),
    };
    let is_free = |at: usize| {
        let apart =
            |taken: &TimeRange| taken.end() <= range.start() || taken.start() >= range.end();
        case.taken[at].iter().all(apart)
    };
    let is_wanted = |room: &Room| match chosen {
        Some(chosen) => room.id == chosen,
        None => room.seats.is_none_or(|seats| seats.count >= PEOPLE),
    };
    let rooms = case.rooms.iter().enumerate();
    let open = rooms.filter(|(at, room)| is_free(*at) && is_wanted(room));
    open.map(|(_, room)| Some(room.id)).chain([None]).collect()
}

/// The stated order of plans as a list of numbers, smaller is better.
fn cost(case: &Case, plan: &[Option<RoomId>]) -> Vec<u64> {
    let placed = || {
        plan.iter()
            .flatten()
            .filter_map(|room| position(case, *room))
    };
    let spare = |at: usize| match case.rooms[at].seats {
        Some(seats) => u64::from(seats.count.saturating_sub(PEOPLE)),
        None => u64::from(u32::MAX),
    };
    let mut cost = vec![
        plan.iter().filter(|room| room.is_none()).count() as u64,
        u64::from(changes(plan)),
        placed().map(|at| u64::from(case.walk[at])).sum(),
        placed().map(spare).sum(),
    ];
    cost.extend(placed().map(|at| door(&case.rooms[at].number)));
    cost
}

/// How often the room is another one than that of the date with a room before.
fn changes(plan: &[Option<RoomId>]) -> u32 {
    let mut changes = 0;
    let mut last = None;
    for room in plan.iter().flatten() {
        if last.is_some_and(|last| last != room) {
            changes += 1;
        }
        last = Some(room);
    }
    changes
}

fn uses(plan: &[Option<RoomId>], room: RoomId) -> u32 {
    plan.iter().filter(|used| **used == Some(room)).count() as u32
}

/// What a date with this room, or without, has to be told as.
fn told(date: &SeriesDate, room: Option<RoomId>) -> Assigned {
    match (room, date.choice) {
        (Some(room), _) => Assigned::Room(room),
        (None, Choice::Skip) => Assigned::Skipped,
        (None, Choice::Room(chosen)) => Assigned::ChosenTaken(chosen),
        (None, Choice::Moved { room, .. }) => {
            room.map_or(Assigned::NoneFree, Assigned::ChosenTaken)
        }
        (None, Choice::Auto) => Assigned::NoneFree,
    }
}

/// `2.10` as floor and number.
fn door(number: &str) -> u64 {
    let (floor, door) = number.split_once('.').expect("floor and number");
    let number = |text: &str| text.parse::<u64>().expect("a number");
    number(floor) * 1_000 + number(door)
}

fn position(case: &Case, room: RoomId) -> Option<usize> {
    case.rooms.iter().position(|one| one.id == room)
}

/// One to four rooms, one to six dates, a choice for some of them.
fn case(seed: u64) -> Case {
    let random = SeededRandom::new(seed);
    let below = |bound: u64| random.next_u64() % bound;
    let rooms: Vec<Room> = (0..=below(4))
        .map(|at| room(at as usize, below(8)))
        .collect();
    let offered = rooms.len() as u64 + below(2);
    // Many rooms are alike, so that there are ties.
    let walk = rooms.iter().map(|_| 300 * below(2) as u32).collect();
    let busy_percent = 5 + below(50);
    let dates: Vec<SeriesDate> = (0..=below(6))
        .map(|at| {
            let range = hour(8 + 2 * at, 0, 60);
            // At times one that is not in the office.
            let some_room = || RoomId(Uuid::from_u128(u128::from(1 + below(offered))));
            let moved = hour(9 + 2 * at, 15 * below(3), 30);
            let choice = match below(20) {
                0 => Choice::Skip,
                1 | 2 => Choice::Room(some_room()),
                3 | 4 => Choice::Moved {
                    range: moved,
                    room: None,
                },
                5 => Choice::Moved {
                    range: moved,
                    room: Some(some_room()),
                },
                _ => Choice::Auto,
            };
            SeriesDate {
                number: at as u32 + 1,
                original_start: range.start(),
                range,
                choice,
            }
        })
        .collect();
    let taken = rooms.iter().map(|_| {
        let hours = (8..20).filter(|_| below(100) < busy_percent);
        hours.map(|at| hour(at, below(50), 1 + below(10))).collect()
    });
    Case {
        taken: taken.collect(),
        rooms,
        walk,
        dates,
    }
}

fn hour(hour: u64, minute: u64, minutes: u64) -> TimeRange {
    let start = MIDNIGHT.plus_ms(hour as i64 * HOUR_MS + minute as i64 * MINUTE_MS);
    TimeRange::new(start, start.plus_ms(minutes as i64 * MINUTE_MS)).expect("it has a length")
}

fn room(at: usize, draw: u64) -> Room {
    let seats = [
        None,
        Some(2),
        Some(4),
        Some(4),
        Some(4),
        Some(6),
        Some(6),
        Some(8),
    ];
    let mailbox = format!("room{at}@contoso.com");
    Room {
        id: RoomId(Uuid::from_u128(at as u128 + 1)),
        building: BuildingId(Uuid::from_u128(1)),
        floor: FloorId(Uuid::from_u128(1)),
        name: NUMBERS[at].to_owned(),
        number: NUMBERS[at].to_owned(),
        seats: seats[draw as usize].map(|count| Seats {
            count,
            guessed: false,
        }),
        equipment: EquipmentSet::EMPTY,
        step_free: None,
        link: Some(RoomLink {
            connection: ConnectionId(Uuid::from_u128(1)),
            mailbox: MailboxAddress::parse(&mailbox).expect("it is an address"),
        }),
        shape: None,
        zone: ZoneName::utc(),
    }
}
