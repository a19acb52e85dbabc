use uuid::Uuid;

use super::*;
use crate::ids::RoomId;
use crate::time::{DAY_MS, HOUR_MS, Instant, TimeRange};

const A: RoomId = RoomId(Uuid::from_u128(0xA));
const B: RoomId = RoomId(Uuid::from_u128(0xB));
const C: RoomId = RoomId(Uuid::from_u128(0xC));

/// Three rooms alike; a change costs, nothing else does.
fn alike() -> Vec<Candidate> {
    let candidate = |(order, room)| Candidate {
        room,
        walk: 0,
        spare_seats: 0,
        order,
    };
    (0..).zip([A, B, C]).map(candidate).collect()
}

/// A date each for `choices`.
fn dates(choices: &[Choice]) -> Vec<SeriesDate> {
    let date = |(number, choice): (u32, &Choice)| {
        let start = Instant(i64::from(number) * 7 * DAY_MS);
        SeriesDate {
            number,
            original_start: start,
            range: TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap(),
            choice: *choice,
        }
    };
    (1..).zip(choices).map(date).collect()
}

/// For each date the positions of the rooms that are free then.
fn table(free: &[&[usize]]) -> FreeTable {
    let set = |positions: &&[usize]| {
        let mut set = RoomSet::for_rooms(3);
        for position in *positions {
            set.insert(*position);
        }
        set
    };
    FreeTable::new(free.iter().map(set).collect())
}

/// The plan where nobody chose anything.
fn plan(free: &[&[usize]], rooms: &[Candidate]) -> Plan {
    solve(&dates(&vec![Choice::Auto; free.len()]), rooms, &table(free))
}

fn rooms_of(plan: &Plan) -> Vec<Option<RoomId>> {
    plan.dates.iter().map(|date| date.room()).collect()
}

#[test]
fn a_room_that_is_taken_once_is_left_for_good_rather_than_come_back_to() {
    // The first room is free on every date but the third, the second from the third on.
    let plan = plan(&[&[0], &[0], &[1], &[0, 1], &[0, 1], &[0, 1]], &alike());
    let (a, b) = (Some(A), Some(B));
    // Coming back on the fourth date and staying would be a second change.
    assert_eq!(rooms_of(&plan), [a, a, b, b, b, b]);
    let told = (plan.changes, plan.majority, plan.elsewhere);
    assert_eq!(told, (1, b, 2));
}

#[test]
fn a_date_without_any_free_room_is_skipped_and_costs_no_change_of_room() {
    let plan = plan(&[&[1], &[], &[0, 1]], &alike());
    let expected = [Assigned::Room(B), Assigned::NoneFree, Assigned::Room(B)];
    assert_eq!((&plan.dates[..], plan.changes), (&expected[..], 0));
}

#[test]
fn a_fixed_choice_is_kept_even_where_it_costs_changes() {
    let all: &[usize] = &[0, 1, 2];
    let choices = [Choice::Auto, Choice::Room(C), Choice::Auto, Choice::Room(A)];
    let solved = solve(
        &dates(&choices),
        &alike(),
        &table(&[all, all, &[0, 1], all]),
    );
    assert_eq!(rooms_of(&solved), [Some(C), Some(C), Some(A), Some(A)]);
    assert_eq!(solved.changes, 1);
    let choices = [Choice::Room(B), Choice::Room(RoomId(Uuid::nil()))];
    let taken = solve(&dates(&choices), &alike(), &table(&[&[0, 2], all]));
    let expected = [
        Assigned::ChosenTaken(B),
        Assigned::ChosenTaken(RoomId(Uuid::nil())),
    ];
    assert_eq!((&taken.dates[..], taken.majority), (&expected[..], None));
}

#[test]
fn less_walking_comes_before_empty_seats_and_after_changes() {
    let mut rooms = alike();
    (rooms[0].walk, rooms[1].walk, rooms[2].walk) = (1, 2, 2);
    (rooms[0].spare_seats, rooms[2].spare_seats) = (u32::MAX, 9);
    // The nearest room, though it is the largest; then, without it, the smaller of two equally far.
    assert_eq!(rooms_of(&plan(&[&[0, 1, 2]], &rooms)), [Some(A)]);
    assert_eq!(rooms_of(&plan(&[&[1, 2]], &rooms)), [Some(B)]);
    // Nearer on one date is not worth a change.
    let stays = plan(&[&[0, 1], &[1]], &rooms);
    assert_eq!(rooms_of(&stays), [Some(B), Some(B)]);
}

#[test]
fn equal_plans_go_by_the_numbers_on_the_doors() {
    let mut rooms = alike();
    (rooms[0].order, rooms[2].order) = (2, 0);
    let all: &[usize] = &[0, 1, 2];
    assert_eq!(rooms_of(&plan(&[all, all], &rooms)), [Some(C), Some(C)]);
    // One change, which may come before the second date or before the third: the first room wins at the first
    // date at which the two plans differ.
    let change = plan(&[&[0], &[0, 1], &[1]], &rooms);
    assert_eq!(rooms_of(&change), [Some(A), Some(B), Some(B)]);
}

#[test]
fn a_series_without_dates_or_without_rooms_has_an_empty_plan() {
    assert_eq!(plan(&[], &alike()), Plan::default());
    let nowhere = plan(&[&[0, 1], &[]], &[]);
    assert_eq!(nowhere.dates, [Assigned::NoneFree, Assigned::NoneFree]);
}

#[test]
fn a_room_struck_from_one_date_stays_on_the_others() {
    let mut free = table(&[&[0], &[0, 1], &[0]]);
    free.strike(1, 0);
    free.strike(1, 700);
    free.strike(9, 0);
    let struck = solve(&dates(&[Choice::Auto; 3]), &alike(), &free);
    assert_eq!(rooms_of(&struck), [Some(A), Some(B), Some(A)]);
}
