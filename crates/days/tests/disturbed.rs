//! The mirror while a third of what Microsoft tells us is lost, comes twice or is overtaken.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use booking::random::SeededRandom;
use booking::time::MINUTE_MS;
use days::office::{ADELE, RoomKind, room_address};
use days::outlook::moved_to;
use days::{Meeting, Plan, World};
use engine::sync::sweep_task;
use m365_sim::{Fault, FaultAction, FaultMatch, FaultPlan};

const SEED: u64 = 20_261_121;
const ROOMS: usize = 4;
/// One of the three befalls a notification in three of ten cases.
const EACH: f64 = 0.1;
/// Changes that are told together.
const TOGETHER: i64 = 4;
/// The longest a room is not looked at, whatever is notified, with the time to read it.
const CYCLE_MINUTES: i64 = 11;

/// Meetings of Adele's: asked for, moved and cancelled, one a minute.
async fn an_hour_of_changes(world: &mut World) {
    let random = SeededRandom::new(SEED);
    let below = |end: u64| random.next_u64() % end;
    let mut meetings: Vec<String> = Vec::new();
    for minute in 0..60 {
        let when = world.in_minutes(100 * (minute + 1) + i64::try_from(below(50)).unwrap(), 30);
        let room = room_address(1 + usize::try_from(below(ROOMS as u64)).unwrap());
        let known = usize::try_from(below(meetings.len().max(1) as u64)).unwrap();
        match below(4) {
            0 if !meetings.is_empty() => {
                let id = &meetings[known];
                let change = moved_to(when);
                world.outlook.change(ADELE, id, &change).await.unwrap();
            }
            1 if !meetings.is_empty() => {
                let id = meetings.swap_remove(known);
                world.outlook.act(ADELE, &id, "cancel").await.unwrap();
            }
            _ => {
                let meeting = Meeting::at(when).inviting(&room);
                meetings.push(world.outlook.send(ADELE, &meeting).await.unwrap());
            }
        }
        // Only what another follows can be overtaken.
        if minute % TOGETHER == 0 {
            world.turn().await;
        }
        world.advance_ms(MINUTE_MS);
    }
}

/// covers part of: N-07
#[tokio::test]
async fn with_three_tenths_of_the_notifications_disturbed_every_room_is_equal_within_a_cycle() {
    println!("seed {SEED}");
    let mut world = World::open(Plan {
        rooms: vec![RoomKind::Accepts; ROOMS],
        ..Plan::default()
    })
    .await;
    let disturbances = [
        FaultAction::LoseNotification,
        FaultAction::DuplicateNotification,
        FaultAction::DelayNotification,
    ];
    let faults = disturbances.map(|action| Fault {
        probability: Some(EACH),
        ..Fault::always(FaultMatch::default(), action)
    });
    let plan = FaultPlan {
        seed: SEED,
        faults: faults.to_vec(),
    };
    world.sim.faults().follow(&plan).unwrap();
    an_hour_of_changes(&mut world).await;
    for _ in 0..CYCLE_MINUTES {
        world.advance_ms(MINUTE_MS);
        world.turn().await;
    }
    for told in world.sim.faults().all() {
        assert!(told.fired > 0, "{told:?}");
    }
    world.assert_mirror_equals_calendars().await;
    for _ in 0..ROOMS {
        sweep_task::run(world.processes[0].engine()).await.unwrap();
    }
    for room in &world.rooms {
        let engine = world.processes[0].engine();
        let checks = engine.room_health(room.id).await.unwrap().checks;
        // The hash of the mirror was that of a fresh reading; nothing had to be mended.
        assert!(checks.fingerprint.is_some(), "{checks:?}");
        assert_eq!((checks.found, checks.repaired), (0, 0));
    }
    world.end().await;
}
