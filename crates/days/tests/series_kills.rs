//! Processes that die while they write a series.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use booking::ids::SeriesId;
use booking::recurrence::{End, Pattern, Series};
use booking::reservation::ReservationState;
use booking::room::EquipmentSet;
use booking::series::{DateWish, PlacedSeries, SeriesWish, WishedFor};
use booking::time::DAY_MS;
use days::process::{Outcome, Task};
use days::{Database, Plan, World, etage};
use uuid::Uuid;

/// A series passes the gate less often than that.
const MOMENTS_MAX: u64 = 200;

/// Four days from tomorrow on, in two rooms, the second day left out. Of no other moment's times: each has minutes of its
/// own.
fn wish(world: &World, moment: u64) -> SeriesWish {
    let (first, second) = (world.rooms[0].id, world.rooms[1].id);
    let wanted = [
        WishedFor::Room(first),
        WishedFor::Skip,
        WishedFor::Room(second),
        WishedFor::Room(first),
    ];
    let choices = (1..).zip(wanted);
    SeriesWish {
        building: None,
        floor: None,
        near: None,
        people: 1,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
        pattern: Series {
            pattern: Pattern::Daily,
            interval: 1,
            first_day: world.now().0.div_euclid(DAY_MS) + 2,
            end: End::After(4),
            start_minute: 6 * i64::try_from(moment).unwrap(),
            length_minutes: 5,
        },
        choices: choices
            .map(|(number, wanted)| DateWish { number, wanted })
            .collect(),
    }
}

fn key(moment: u64) -> SeriesId {
    SeriesId(Uuid::from_u128(0x5e00 + u128::from(moment)))
}

/// Runs the test for every moment at which a process can be killed: on all databases at hand together each once, until it
/// says that the process lived.
async fn at_any_moment(test: impl AsyncFn(&mut World, u64) -> bool) {
    let databases = Database::at_hand();
    let step = databases.len();
    for (first, database) in (0..).zip(databases) {
        eprintln!("on {database:?}");
        let mut world = World::open(Plan {
            database,
            ..Plan::default()
        })
        .await;
        let mut has_lived = false;
        for moment in (first..MOMENTS_MAX).step_by(step) {
            has_lived = test(&mut world, moment).await;
            if has_lived {
                break;
            }
        }
        assert!(has_lived, "a series passes the gate more often");
        world.end().await;
    }
}

async fn mine(world: &World, key: SeriesId) -> PlacedSeries {
    let engine = world.processes[0].engine();
    let mine = engine.my_series(&world.people[0]).await.unwrap();
    mine.into_iter().find(|one| one.id == key).unwrap()
}

/// One event that repeats, three dates that are confirmed, and the fourth in nobody's calendar.
async fn assert_written(world: &World, key: SeriesId) {
    let person = world.people[0].address.as_str();
    let events = world.sim.events(person).unwrap();
    let id = key.to_string();
    let masters = events.iter().filter(|one| {
        one.transaction_id.as_ref() == Some(&id) && one.is_series && !one.is_cancelled
    });
    let masters: Vec<_> = masters.collect();
    assert_eq!(masters.len(), 1, "{masters:?}");
    let series = mine(world, key).await;
    let states = series.dates.iter();
    let states: Vec<_> = states
        .map(|date| date.reserved.as_ref().map(|one| one.state))
        .collect();
    let confirmed = Some(ReservationState::Confirmed);
    assert_eq!(states, [confirmed, None, confirmed, confirmed]);
    assert!(series.is_written);
    let line = masters[0].locations.concat();
    assert!(
        line.contains(&world.rooms[0].name) && line.contains(&world.rooms[1].name),
        "{line}"
    );
}

/// covers part of: P-08, N-02
#[tokio::test]
async fn a_process_that_dies_at_any_moment_of_a_series_resumes_and_makes_no_second_master() {
    at_any_moment(async |world, moment| {
        let (person, key) = (world.people[0].clone(), key(moment));
        let wish = wish(world, moment);
        world.processes[0].gate().close_after(moment);
        let placed = world.processes[0]
            .work(async |engine| {
                let placed = etage::place_series(engine, &person, key, &wish).await;
                Task::Outbox.run(engine).await.unwrap();
                placed
            })
            .await;
        let was_killed = matches!(placed, Outcome::Killed);
        if was_killed {
            world.kill(0).await;
            world.start(0).await;
            // Whoever heard nothing presses once more, with the same key.
            let engine = world.processes[0].engine();
            etage::place_series(engine, &person, key, &wish)
                .await
                .unwrap();
        } else {
            world.processes[0].gate().stay_open();
            placed.done().unwrap();
        }
        world.settle().await;
        world.assert_all_is_well().await;
        assert_written(world, key).await;
        !was_killed
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_while_the_rooms_of_a_series_are_named_names_them_later() {
    at_any_moment(async |world, moment| {
        let (person, key) = (world.people[0].clone(), key(moment));
        let wish = wish(world, moment);
        let engine = world.processes[0].engine().clone();
        etage::place_series(&engine, &person, key, &wish)
            .await
            .unwrap();
        drop(engine);
        world.run(0, Task::Outbox).await.done().unwrap();
        world.turn().await;
        world.advance_ms(61_000);
        world.processes[0].gate().close_after(moment);
        let outcome = world.run(0, Task::Outbox).await;
        let was_killed = matches!(outcome, Outcome::Killed);
        if !was_killed {
            world.processes[0].gate().stay_open();
        }
        world.settle().await;
        world.assert_all_is_well().await;
        assert_written(world, key).await;
        !was_killed
    })
    .await;
}
