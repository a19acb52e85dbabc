//! What a world can be relied on for: nothing is lost in it that Etage may not lose.

use booking::ids::ReservationId;
use booking::reservation::{ReservationState, StateNote};
use days::office::{ADELE, PRADEEP, room_address};
use days::outlook::{moved_to, with_rooms};
use days::process::{Outcome, Task};
use days::{Database, Meeting, Plan, World, etage};
use m365_sim::{Fault, FaultAction, FaultMatch};
use uuid::Uuid;

const KEY: ReservationId = ReservationId(Uuid::from_u128(0xe1));

/// Runs the test on SQLite, and on PostgreSQL where there is one.
async fn on_both(processes: usize, test: impl AsyncFn(&mut World)) {
    for database in Database::at_hand() {
        eprintln!("on {database:?}");
        let mut world = World::open(Plan {
            database,
            processes,
            ..Plan::default()
        })
        .await;
        test(&mut world).await;
        world.end().await;
    }
}

#[tokio::test]
async fn what_people_do_in_outlook_shows_in_every_process() {
    on_both(2, async |world| {
        let outlook = world.outlook.clone();
        let (first, second) = (room_address(1), room_address(2));
        let meeting = Meeting::at(world.in_minutes(60, 60)).inviting(&first);
        let id = outlook.send(ADELE, &meeting).await.unwrap();
        let series = Meeting::at(world.in_minutes(180, 30)).inviting(&second);
        let series = outlook.send(PRADEEP, &series.daily(5)).await.unwrap();
        world.settle().await;
        world.assert_all_is_well().await;
        let kept = world
            .store()
            .busy_times_of(world.rooms[1].id, world.in_minutes(0, 30 * 24 * 60));
        assert_eq!(kept.await.unwrap().len(), 5);

        outlook
            .change(ADELE, &id, &moved_to(world.in_minutes(600, 30)))
            .await
            .unwrap();
        outlook
            .change(ADELE, &id, &with_rooms(&[second]))
            .await
            .unwrap();
        outlook.act(PRADEEP, &series, "cancel").await.unwrap();
        world.settle().await;
        world.assert_all_is_well().await;
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_at_any_moment_of_a_placement_loses_and_doubles_nothing() {
    on_both(1, async |world| {
        let person = world.people[0].clone();
        let room = world.rooms[0].id;
        for moment in 0..40 {
            let key = ReservationId(Uuid::from_u128(0xd0 + u128::from(moment)));
            let range = world.in_minutes(60 + 40 * i64::try_from(moment).unwrap(), 30);
            world.processes[0].gate().close_after(moment);
            let placed = world.processes[0]
                .work(async |engine| {
                    let placed = etage::place(engine, &person, key, room, range).await;
                    Task::Outbox.run(engine).await.unwrap();
                    placed
                })
                .await;
            let was_killed = matches!(placed, Outcome::Killed);
            if was_killed {
                world.kill(0).await;
            } else {
                world.processes[0].gate().stay_open();
            }
            world.settle().await;
            world.assert_all_is_well().await;
            if !was_killed {
                let kept = world.store().reservation(key).await.unwrap().unwrap();
                assert_eq!(kept.state, ReservationState::Confirmed);
                return;
            }
        }
        panic!("a placement that passes the gate more than forty times");
    })
    .await;
}

#[tokio::test]
async fn a_process_that_dies_at_any_moment_of_a_change_leaves_the_old_place_or_the_new_one() {
    on_both(1, async |world| {
        let person = world.people[0].clone();
        let rooms = [world.rooms[0].id, world.rooms[1].id];
        for moment in 0..60 {
            let key = ReservationId(Uuid::from_u128(0xd0 + u128::from(moment)));
            let start = 60 + 80 * i64::try_from(moment).unwrap();
            let old = (rooms[0], world.in_minutes(start, 30));
            let new = (rooms[1], world.in_minutes(start + 40, 30));
            let engine = world.processes[0].engine().clone();
            etage::place(&engine, &person, key, old.0, old.1)
                .await
                .unwrap();
            world.settle().await;
            world.processes[0].gate().close_after(moment);
            let changed = world.processes[0]
                .work(async |engine| {
                    let changed = etage::change(engine, &person, key, new.0, new.1).await;
                    Task::Outbox.run(engine).await.unwrap();
                    changed
                })
                .await;
            let was_killed = matches!(changed, Outcome::Killed);
            if was_killed {
                world.kill(0).await;
            } else {
                world.processes[0].gate().stay_open();
            }
            world.settle().await;
            world.assert_all_is_well().await;
            let kept = world.store().reservation(key).await.unwrap().unwrap();
            assert_eq!(
                (kept.state, kept.moving),
                (ReservationState::Confirmed, None)
            );
            let place = (kept.room, kept.range);
            assert!(place == old || place == new, "after {moment}: {kept:?}");
            if !was_killed {
                assert_eq!(place, new);
                return;
            }
        }
        panic!("a change that passes the gate more than sixty times");
    })
    .await;
}

#[tokio::test]
async fn a_reservation_reaches_the_calendar_of_its_room() {
    on_both(1, async |world| {
        let person = world.people[0].clone();
        let range = world.in_minutes(60, 30);
        let engine = world.processes[0].engine().clone();
        etage::place(&engine, &person, KEY, world.rooms[0].id, range)
            .await
            .unwrap();
        world.run(0, Task::Outbox).await.done().unwrap();
        assert_eq!(world.sim.events(person.address.as_str()).unwrap().len(), 1);
        world.settle().await;
        world.assert_all_is_well().await;
        let kept = world.store().reservation(KEY).await.unwrap().unwrap();
        assert_eq!(kept.state, ReservationState::Confirmed);
    })
    .await;
}

#[tokio::test]
async fn an_event_that_was_written_unheard_and_taken_back_in_outlook_ends_its_reservation() {
    on_both(1, async |world| {
        let person = world.people[0].clone();
        let range = world.in_minutes(600, 30);
        let engine = world.processes[0].engine().clone();
        etage::place(&engine, &person, KEY, world.rooms[0].id, range)
            .await
            .unwrap();
        let writing = FaultMatch {
            method: Some("POST".to_owned()),
            ..FaultMatch::path("/v1.0/me/events")
        };
        // As often as an attempt asks: then it gives up, and does not know.
        let lost = Fault::times(3, writing, FaultAction::LoseAnswer);
        world.sim.faults().add(lost).unwrap();
        world.run(0, Task::Outbox).await.done().unwrap();
        let written = world.sim.events(person.address.as_str()).unwrap();
        let outlook = world.outlook.clone();
        outlook
            .delete(person.address.as_str(), &written[0].id)
            .await
            .unwrap();
        world.settle().await;
        world.assert_mirror_equals_calendars().await;
        let kept = world.store().reservation(KEY).await.unwrap().unwrap();
        assert_eq!(kept.state, ReservationState::Cancelled);
        assert_eq!(kept.event, None);
        assert_eq!(kept.note, Some(StateNote::GoneFromCalendar));
    })
    .await;
}
