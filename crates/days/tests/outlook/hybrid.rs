//! Rooms whose mailboxes are not in the cloud: Microsoft tells when they are taken and nothing else, and never notifies.

use booking::mirror::{PolledBecause, Reading, Watch};
use booking::time::{HOUR_MS, MINUTE_MS};
use days::office::{ADELE, PRADEEP, room_address};
use days::outlook::{moved_to, with_rooms};
use days::{Meeting, RoomKind, World};
use m365_sim::MailboxState;

use crate::scene::{at, at_once, finish, occurrence, office, plan, plans, taken};

const HYBRID: [RoomKind; 2] = [RoomKind::OnPremises, RoomKind::Accepts];

/// The next look, which comes within five minutes.
async fn at_the_next_look(world: &mut World) {
    at_once(world).await;
    world.advance_ms(5 * MINUTE_MS);
    at_once(world).await;
}

/// covers: FX-15, FX-16
#[tokio::test]
async fn a_room_that_only_tells_when_it_is_taken_shows_within_minutes_what_is_done_to_its_meetings()
{
    let mut world = office(&HYBRID).await;
    let outlook = world.outlook.clone();
    let (before, after) = (at(0, 13, 60), at(1, 9, 30));
    let meeting = Meeting::at(before).inviting(&room_address(1));
    let id = outlook.send(PRADEEP, &meeting).await.unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(plan(&world, before).await, "bf");
    outlook
        .change(PRADEEP, &id, &moved_to(after))
        .await
        .unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(plans(&world, [before, after]).await, ["ff", "bf"]);
    let other = with_rooms(&[room_address(2)]);
    outlook.change(PRADEEP, &id, &other).await.unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(plan(&world, after).await, "fb");
    let tentative = Meeting::at(before).shown_as("tentative");
    let tentative = tentative.inviting(&room_address(1));
    let id = outlook.send(ADELE, &tentative).await.unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(plan(&world, before).await, "tf");
    outlook.act(ADELE, &id, "cancel").await.unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(plan(&world, before).await, "ff");
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_room_that_only_tells_when_it_is_taken_shows_every_meeting_of_a_series() {
    let mut world = office(&HYBRID).await;
    let series = Meeting::at(at(1, 10, 45)).daily(3);
    let series = series.inviting(&room_address(1));
    world.outlook.send(ADELE, &series).await.unwrap();
    at_the_next_look(&mut world).await;
    assert_eq!(taken(&world, 1).await, [1, 2, 3].map(|day| at(day, 10, 45)));
    let second = occurrence(&world.outlook, ADELE, at(2, 10, 45).start()).await;
    let moved = moved_to(at(2, 15, 45));
    world.outlook.change(ADELE, &second, &moved).await.unwrap();
    at_the_next_look(&mut world).await;
    let expected = [at(1, 10, 45), at(2, 15, 45), at(3, 10, 45)];
    assert_eq!(taken(&world, 1).await, expected);
    assert_eq!(
        plans(&world, [at(2, 10, 45), expected[1]]).await,
        ["ff", "bf"]
    );
    finish(world).await;
}

#[tokio::test]
async fn a_room_that_only_tells_when_it_is_taken_says_so_and_is_read_in_full_once_it_has_moved() {
    let mut world = office(&HYBRID).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_the_next_look(&mut world).await;
    let id = world.rooms[0].id;
    let engine = world.processes[1].engine().clone();
    let health = engine.room_health(id).await.unwrap();
    assert_eq!(health.reading, Reading::FreeBusyOnly);
    let Watch::Polled { because, .. } = health.watch else {
        panic!("{:?}", health.watch)
    };
    assert_eq!(because, PolledBecause::Hybrid);

    let room = room_address(1);
    let cloud = MailboxState::Active;
    world.sim.set_mailbox_state(room.as_str(), cloud).unwrap();
    world.advance_ms(HOUR_MS);
    world.settle().await;
    let health = engine.room_health(id).await.unwrap();
    assert_eq!(health.reading, Reading::Events);
    assert_eq!(plan(&world, when).await, "bf");
    let busy = world.store().busy_times_of(id, when).await.unwrap();
    assert_eq!(busy.len(), 1);
    assert!(busy[0].organizer.is_some());
    finish(world).await;
}
