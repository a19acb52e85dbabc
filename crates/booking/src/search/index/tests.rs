//! The index against the judge, on random rooms, intervals, changes and questions.

mod world;

use uuid::Uuid;

use self::world::{World, random_room};
use super::*;
use crate::random::SeededRandom;
use crate::room::{EquipmentSet, Seats};
use crate::search::{OccupancyKind, RoomState};
use crate::time::{HOUR_MS, MINUTE_MS};

fn run(seed: u64, rooms: usize, now: Instant, steps: usize) {
    println!("seed {seed}, {rooms} rooms, now {}", now.0);
    let mut world = World::new(seed, rooms, now);
    for step in 0..steps {
        for _ in 0..world.below(3 * rooms as u64) {
            world.change();
        }
        if step % 7 == 6 {
            let now = world.now;
            world.index.drop_cold_days(now);
        }
        for _ in 0..6 {
            let wanted = world.wanted();
            world.compare(&wanted);
            world.compare_facets(&wanted);
            world.compare_near_misses(&wanted);
        }
    }
}

/// covers part of: P-07 (rooms know no layouts)
/// covers part of: N-05 (the smallest change makes the room free)
#[test]
fn the_index_agrees_with_the_judge_through_random_changes() {
    // A multiple of days, so that the past begins on a day border; and one that does not.
    for seed in 1..=12 {
        let now = Instant(20_833 * DAY_MS + (seed as i64 % 3) * 7_777_777);
        run(seed, 1 + seed as usize * 7, now, 14);
    }
}

#[test]
fn times_before_1970_are_days_like_any_other() {
    for seed in 100..=104 {
        run(seed, 20, Instant(-3 * DAY_MS - 1), 10);
    }
}

#[test]
fn sets_over_many_blocks_agree_too() {
    run(200, 1_100, Instant(20_833 * DAY_MS), 2);
}

/// Whole minutes within half an hour, so that slots hold several intervals and questions fall into
/// the gaps between them.
#[test]
fn gaps_between_intervals_within_one_slot_are_free() {
    for seed in 700..720 {
        println!("seed {seed}");
        let mut world = World::new(seed, 3, Instant(20_833 * DAY_MS));
        let minutes = |world: &World| {
            let start = world.now.plus_ms(world.below(30) * MINUTE_MS);
            TimeRange::new(start, start.plus_ms((world.below(6) + 1) * MINUTE_MS)).unwrap()
        };
        for _ in 0..200 {
            let (at, range) = (world.below(3) as usize, minutes(&world));
            let (id, one) = (world.index.rooms()[at].id, world.occupancy());
            let one = Occupancy { range, ..one };
            if world.truth[at].len() < 6 {
                world.truth[at].push(one);
                world.index.apply(id, &[], &[one]);
            } else {
                let gone = world.truth[at].swap_remove(0);
                world.index.apply(id, &[gone], &[]);
            }
            let ranges = vec![minutes(&world)];
            world.compare(&Wanted {
                ranges,
                ..world.wanted()
            });
        }
    }
}

#[test]
fn an_interval_of_years_is_drawn_into_every_day_that_is_kept() {
    let mut world = World::new(800, 5, Instant(20_833 * DAY_MS));
    let asked: Vec<Wanted> = (0..60).map(|_| world.wanted()).collect();
    asked.iter().for_each(|wanted| world.compare(wanted));
    let linked = world
        .index
        .rooms()
        .iter()
        .position(|room| room.link.is_some());
    let at = linked.unwrap();
    let id = world.index.rooms()[at].id;
    // Some begin where their first days share places with days that are kept, some elsewhere.
    for (first, last) in [
        (-512, -511),
        (-512, 30),
        (-700, -600),
        (-700, 1),
        (-700, 600),
    ] {
        let start = world.now.plus_ms(first * DAY_MS - 1);
        let end = world.now.plus_ms(last * DAY_MS + 7);
        let one = Occupancy {
            range: TimeRange::new(start, end).unwrap(),
            kind: OccupancyKind::Held,
        };
        world.index.apply(id, &[], &[one]);
        world.truth[at].push(one);
        asked.iter().for_each(|wanted| world.compare(wanted));
        world.index.apply(id, &[one], &[]);
        world.truth[at].pop();
        asked.iter().for_each(|wanted| world.compare(wanted));
    }
}

#[test]
fn many_may_ask_at_once_while_days_are_being_drawn() {
    let mut world = World::new(900, 200, Instant(20_833 * DAY_MS));
    (0..3_000).for_each(|_| world.change());
    let asked: Vec<Wanted> = (0..50).map(|_| world.wanted()).collect();
    let answers = |world: &World| -> Vec<RoomSet> {
        let free = |wanted| world.index.free(wanted, world.now);
        asked.iter().map(free).collect()
    };
    let together: Vec<Vec<RoomSet>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| answers(&world))).collect();
        let joined = threads.into_iter().map(|thread| thread.join().unwrap());
        joined.collect()
    });
    assert!(together.iter().all(|one| *one == answers(&world)));
    asked.iter().for_each(|wanted| world.compare(wanted));
}

#[test]
fn without_room_for_more_days_the_answers_stay_the_same() {
    let mut world = World::new(300, 40, Instant(20_833 * DAY_MS));
    (0..400).for_each(|_| world.change());
    // Each day of these lies in the place of another one that is asked for first.
    let far = world.range().shifted_ms(-512 * DAY_MS);
    let ask = |range| Wanted {
        ranges: vec![range],
        ..world.wanted()
    };
    world.index.free(&ask(far), Instant(far.start().0));
    let kept = world.index.days_kept();
    world.compare(&ask(far.shifted_ms(512 * DAY_MS)));
    assert!(kept > 0);
}

#[test]
fn more_kinds_of_seats_than_sets_are_still_told_apart() {
    let random = SeededRandom::new(400);
    let rooms = (0..700).map(|at| Room {
        seats: (at % 50 != 0).then_some(Seats {
            count: at as u32,
            guessed: false,
        }),
        ..random_room(&random, at)
    });
    let index = SearchIndex::new(rooms.collect());
    let now = Instant(20_833 * DAY_MS);
    for people in 0..710 {
        let wanted = Wanted {
            floor: None,
            ranges: vec![TimeRange::new(now, now.plus_ms(HOUR_MS)).unwrap()],
            people,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
        };
        let judged = index
            .rooms()
            .iter()
            .map(|room| judge(room, &[], &wanted, now));
        let expected = judged.filter(|answer| answer.state == RoomState::Free);
        assert_eq!(index.free(&wanted, now).count(), expected.count());
    }
}

#[test]
fn a_change_says_whether_it_changed_anything() {
    let mut world = World::new(500, 2, Instant(20_833 * DAY_MS));
    let (id, one, other) = (
        world.index.rooms()[0].id,
        world.occupancy(),
        world.occupancy(),
    );
    assert!(world.index.set_room_occupancies(id, vec![one, other]));
    assert!(!world.index.set_room_occupancies(id, vec![other, one]));
    assert!(world.index.apply(id, &[one], &[]));
    assert!(!world.index.apply(id, &[one], &[]), "it is gone already");
    let stranger = RoomId(Uuid::nil());
    assert!(!world.index.apply(stranger, &[], &[one]));
    let all = TimeRange::new(Instant(0), Instant(i64::MAX)).unwrap();
    assert!(world.index.occupancies(id, all).eq([&other]));
    assert_eq!(
        world.index.answer(stranger, &world.wanted(), world.now),
        None
    );
}

#[test]
fn a_room_that_is_named_twice_is_in_the_index_once() {
    let random = SeededRandom::new(600);
    let room = random_room(&random, 0);
    let index = SearchIndex::new(vec![room.clone(), random_room(&random, 1), room]);
    assert_eq!(index.rooms().len(), 2);
}
