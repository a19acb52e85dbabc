//! What Etage reserved, and somebody changes in Outlook.

use std::collections::BTreeSet;

use booking::ids::ReservationId;
use booking::reservation::{Reservation, ReservationState, StateNote};
use booking::time::TimeRange;
use days::office::{ADELE, room_address};
use days::outlook::{moved_to, with_rooms};
use days::process::Task;
use days::{RoomKind, World, etage};
use uuid::Uuid;

use crate::scene::{at, at_once, copy_in, office, plan, plans};

const KEY: ReservationId = ReservationId(Uuid::from_u128(0xe2));

/// An office in which Adele has reserved the first room in Etage; the id of her event.
async fn reserved(when: TimeRange) -> (World, String) {
    let (world, id) = asked_for(when, RoomKind::Accepts).await;
    assert_eq!(mine(&world).await.state, ReservationState::Confirmed);
    assert_eq!(plan(&world, when).await, "bf");
    (world, id)
}

/// One in which she has asked for the first room, which is of that kind.
async fn asked_for(when: TimeRange, kind: RoomKind) -> (World, String) {
    let mut world = office(&[kind, RoomKind::Accepts]).await;
    let (adele, room) = (world.people[0].clone(), world.rooms[0].id);
    let engine = world.processes[0].engine().clone();
    etage::place(&engine, &adele, KEY, room, when)
        .await
        .unwrap();
    world.run(0, Task::Outbox).await.done().unwrap();
    at_once(&mut world).await;
    let id = world.sim.events(ADELE).unwrap()[0].id.clone();
    // What is read in the very instant of a confirmation does not count against it.
    world.advance_ms(1);
    (world, id)
}

/// Her only reservation, as her list shows it in the other process.
async fn mine(world: &World) -> Reservation {
    let engine = world.processes[1].engine();
    let mut mine = engine.my_reservations(&world.people[0]).await.unwrap();
    assert_eq!(mine.len(), 1);
    mine.remove(0)
}

fn assert_stands(world: &World, id: &str) {
    let hers = world.sim.events(ADELE).unwrap();
    let event = hers.iter().find(|event| event.id == id).unwrap();
    assert!(!event.is_cancelled);
}

/// Comes to rest: all is well but for what was changed in Outlook, which is not as Etage wrote it.
async fn finish(mut world: World) {
    world.settle().await;
    let event = mine(&world).await.event.unwrap();
    let touched = BTreeSet::from([event.ical_uid]);
    let findings = world.judge().findings(&world, &touched).await;
    assert!(findings.is_empty(), "{findings:#?}");
    world.end().await;
}

/// covers: FX-15
#[tokio::test]
async fn a_reservation_follows_when_its_event_is_moved_in_outlook() {
    let (before, after) = (at(0, 13, 60), at(2, 9, 30));
    let (mut world, id) = reserved(before).await;
    let moved = moved_to(after);
    world.outlook.change(ADELE, &id, &moved).await.unwrap();
    at_once(&mut world).await;
    let one = mine(&world).await;
    assert_eq!((one.state, one.range), (ReservationState::Confirmed, after));
    assert_eq!(plans(&world, [before, after]).await, ["ff", "bf"]);
    finish(world).await;
}

#[tokio::test]
async fn a_reservation_that_waits_for_a_person_follows_when_its_event_is_moved_in_outlook() {
    let (before, after) = (at(0, 13, 60), at(2, 9, 30));
    let (mut world, id) = asked_for(before, RoomKind::HasDelegate).await;
    assert_eq!(mine(&world).await.state, ReservationState::Submitted);
    let moved = moved_to(after);
    world.outlook.change(ADELE, &id, &moved).await.unwrap();
    at_once(&mut world).await;
    let one = mine(&world).await;
    assert_eq!((one.state, one.range), (ReservationState::Submitted, after));
    assert_eq!(plans(&world, [before, after]).await, ["ff", "hf"]);
    finish(world).await;
}

/// covers: FX-16
#[tokio::test]
async fn a_reservation_ends_when_its_event_gets_another_room_in_outlook() {
    let when = at(0, 13, 60);
    let (mut world, id) = reserved(when).await;
    let other = with_rooms(&[room_address(2)]);
    world.outlook.change(ADELE, &id, &other).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(mine(&world).await.state, ReservationState::Cancelled);
    assert_eq!(plan(&world, when).await, "fb");
    assert_stands(&world, &id);
    finish(world).await;
}

/// covers: FX-18
#[tokio::test]
async fn a_reservation_ends_when_its_event_is_cancelled_in_outlook() {
    let when = at(0, 13, 60);
    let (mut world, id) = reserved(when).await;
    world.outlook.act(ADELE, &id, "cancel").await.unwrap();
    at_once(&mut world).await;
    assert_eq!(mine(&world).await.state, ReservationState::Cancelled);
    assert_eq!(plan(&world, when).await, "ff");
    finish(world).await;
}

/// covers: FX-19
#[tokio::test]
async fn a_reservation_ends_when_its_room_is_uninvited_in_outlook() {
    let when = at(0, 13, 60);
    let (mut world, id) = reserved(when).await;
    let nobody = with_rooms(&[]);
    world.outlook.change(ADELE, &id, &nobody).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(mine(&world).await.state, ReservationState::Cancelled);
    assert_eq!(plan(&world, when).await, "ff");
    assert_stands(&world, &id);
    finish(world).await;
}

#[tokio::test]
async fn a_room_that_declines_after_it_had_accepted_is_told_as_declined() {
    let when = at(0, 13, 60);
    let (mut world, id) = reserved(when).await;
    let room = room_address(1);
    let copy = copy_in(&world, &room);
    world
        .outlook
        .act(room.as_str(), &copy, "decline")
        .await
        .unwrap();
    at_once(&mut world).await;
    let one = mine(&world).await;
    assert_eq!(one.state, ReservationState::Declined);
    assert_eq!(one.note, Some(StateNote::DeclinedLate));
    assert_eq!(plan(&world, when).await, "ff");
    assert_stands(&world, &id);
    finish(world).await;
}
