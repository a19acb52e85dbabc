use super::*;
use crate::event::BusyKind;
use crate::ids::{BuildingId, ConnectionId, MailboxAddress};
use crate::room::{EquipmentSet, Room, RoomLink, Seats};
use crate::search::change::Change;
use crate::search::near_miss::near_misses;
use crate::search::{Occupancy, OccupancyKind, RoomState};
use crate::time::{MINUTE_MS, TimeRange, ZoneName};
use uuid::Uuid;

const NOW: Instant = Instant(1_800_000_000_000);
const HERE: FloorId = FloorId(Uuid::from_u128(1));
const THERE: FloorId = FloorId(Uuid::from_u128(2));

fn room(number: &str, floor: FloorId, seats: Option<u32>) -> Room {
    let of_number = number
        .bytes()
        .fold(7, |id: u128, byte| id * 257 + u128::from(byte));
    Room {
        id: RoomId(Uuid::from_u128(of_number)),
        building: BuildingId(Uuid::nil()),
        floor,
        number: number.to_owned(),
        name: number.to_owned(),
        seats: seats.map(|count| Seats {
            count,
            guessed: false,
        }),
        equipment: EquipmentSet::EMPTY,
        step_free: None,
        link: Some(RoomLink {
            connection: ConnectionId(Uuid::nil()),
            mailbox: MailboxAddress::parse(&format!("r{number}@contoso.com")).unwrap(),
        }),
        shape: None,
        zone: ZoneName::utc(),
    }
}

/// From so many minutes after [`NOW`] up to so many.
fn range(from: i64, to: i64) -> TimeRange {
    let at = |minutes: i64| NOW.plus_ms(minutes * MINUTE_MS);
    TimeRange::new(at(from), at(to)).unwrap()
}

fn wanted(people: u32) -> Wanted {
    Wanted {
        floor: None,
        ranges: vec![range(60, 120)],
        people,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    }
}

fn busy(from: i64, to: i64) -> Occupancy {
    Occupancy {
        range: range(from, to),
        kind: OccupancyKind::Calendar(BusyKind::Busy),
    }
}

/// The rooms in rank order by their numbers, each with its reason.
fn ranked(
    index: &SearchIndex,
    people: u32,
    floor: Option<FloorId>,
    n: usize,
) -> Vec<(String, RankReason)> {
    let wanted = wanted(people);
    let free = index.free(&wanted, NOW);
    let number = |id| index.room(id).unwrap().number.clone();
    top(index, &free, &wanted, &Preference { floor }, n)
        .into_iter()
        .map(|hit| (number(hit.room), hit.reason))
        .collect()
}

fn told(expected: &[(&str, RankReason)]) -> Vec<(String, RankReason)> {
    expected
        .iter()
        .map(|(number, reason)| ((*number).to_owned(), *reason))
        .collect()
}

/// covers part of: P-04 (no past choices)
#[test]
fn the_smallest_room_that_fits_comes_first_and_untold_seats_last() {
    let index = SearchIndex::new(vec![
        room("1", HERE, None),
        room("2", HERE, Some(20)),
        room("3", HERE, Some(4)),
        room("4", HERE, Some(5)),
        room("5", HERE, Some(3)),
    ]);
    assert_eq!(
        ranked(&index, 4, None, 9),
        told(&[
            ("3", RankReason::SmallestThatFits),
            ("4", RankReason::SmallestThatFits),
            ("2", RankReason::SeatsKnown),
            ("1", RankReason::LastOne),
        ])
    );
}

/// covers part of: P-06 (no walking distance)
#[test]
fn the_preferred_floor_wins_over_a_seat_but_not_over_a_hall() {
    let index = SearchIndex::new(vec![
        room("101", HERE, Some(6)),
        room("102", HERE, Some(40)),
        room("201", THERE, Some(4)),
    ]);
    assert_eq!(
        ranked(&index, 4, Some(HERE), 9),
        told(&[
            ("101", RankReason::OnYourFloor),
            ("201", RankReason::SmallestThatFits),
            ("102", RankReason::LastOne),
        ])
    );
}

#[test]
fn of_equal_rooms_the_one_free_longest_comes_first_then_the_lowest_number() {
    let mut index = SearchIndex::new(vec![
        room("10", HERE, Some(4)),
        room("2", HERE, Some(4)),
        room("7", HERE, Some(4)),
        room("8", HERE, Some(4)),
        room("9", HERE, Some(4)),
    ]);
    let id = |index: &SearchIndex, at: usize| index.rooms()[at].id;
    let (seven, eight, nine) = (id(&index, 2), id(&index, 3), id(&index, 4));
    index.set_room_occupancies(seven, vec![busy(180, 200)]);
    index.set_room_occupancies(eight, vec![busy(120, 130)]);
    index.set_room_occupancies(nine, vec![busy(60, 61)]);
    assert_eq!(
        ranked(&index, 4, None, 9),
        told(&[
            ("2", RankReason::ByNumber),
            ("10", RankReason::FreeAllDay),
            ("7", RankReason::FreeLonger),
            ("8", RankReason::LastOne),
        ])
    );
}

#[test]
fn asking_for_few_gives_the_first_of_the_whole_order() {
    let rooms = (0..300_u32).map(|at| {
        let seats = (at % 7 != 0).then_some(2 + at * 31 % 17);
        room(
            &format!("{at}"),
            if at % 3 == 0 { HERE } else { THERE },
            seats,
        )
    });
    let mut index = SearchIndex::new(rooms.collect());
    for at in 0..300 {
        let (id, minute) = (index.rooms()[at].id, 120 + at as i64 % 5 * 30);
        index.apply(id, &[], &[busy(minute, minute + 10)]);
    }
    for people in [1, 4, 9, 18] {
        let all = ranked(&index, people, Some(HERE), usize::MAX);
        assert_eq!(all.last().unwrap().1, RankReason::LastOne);
        for n in [0, 1, 5, 20, all.len() - 1, all.len()] {
            assert_eq!(ranked(&index, people, Some(HERE), n), all[..n]);
        }
    }
}

#[test]
fn numbers_are_compared_as_people_read_them() {
    let ordered = [
        "", "2", "10", "10a", "10B", "10c", "A2", "a10", "A010b", "B1", "ä",
    ];
    for (at, earlier) in ordered.iter().enumerate() {
        for later in &ordered[at + 1..] {
            assert_eq!(
                natural_order(earlier, later),
                Ordering::Less,
                "{earlier} before {later}"
            );
            assert_eq!(
                natural_order(later, earlier),
                Ordering::Greater,
                "{later} after {earlier}"
            );
        }
        assert_eq!(natural_order(earlier, earlier), Ordering::Equal);
    }
}

#[test]
fn a_near_miss_names_the_smallest_change_and_what_stands_in_the_way() {
    let mut index = SearchIndex::new(vec![
        room("1", HERE, Some(4)),
        room("2", HERE, Some(4)),
        room("3", HERE, Some(2)),
        room("4", HERE, Some(4)),
    ]);
    let ids: Vec<RoomId> = index.rooms().iter().map(|room| room.id).collect();
    index.set_room_occupancies(ids[0], vec![busy(50, 89)]);
    index.set_room_occupancies(ids[1], vec![busy(115, 300)]);
    let misses = near_misses(&index, &wanted(4), NOW, 9);
    let told: Vec<(RoomId, Change, RoomState)> = misses
        .iter()
        .map(|miss| (miss.room, miss.change, miss.answer.state))
        .collect();
    let free_at = |minutes: i64| Change::FreeAt {
        start: NOW.plus_ms(minutes * MINUTE_MS),
    };
    assert_eq!(
        told,
        [
            (ids[1], free_at(45), RoomState::Busy),
            (ids[0], free_at(90), RoomState::Busy),
            (
                ids[2],
                Change::ForFewer { people: 2 },
                RoomState::FreeNotFitting
            ),
        ],
        "room 4 is free as asked and so no near miss"
    );
}
