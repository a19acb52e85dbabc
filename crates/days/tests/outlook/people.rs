//! Organizers that Etage does not know, and organizers that are there no more.

use booking::person::PersonId;
use booking::room_day::Who;
use booking::time::{Instant, TimeRange};
use days::office::{ADELE, PRADEEP, room_address};
use days::outlook::moved_to;
use days::{Meeting, RoomKind, World};
use m365_sim::{MailboxState, Scenario};

use crate::scene::{at, at_once, finish, office, plan, plans};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

fn in_the_directory(world: &World, address: &str) -> PersonId {
    PersonId {
        tenant: Scenario::CONTOSO_TENANT_ID,
        object: world.sim.mailbox_id(address).unwrap(),
    }
}

/// Who has a room at a time, as its card tells Adele.
async fn told(world: &World, when: TimeRange) -> Vec<Who> {
    let engine = world.processes[1].engine();
    let asker = &world.people[0];
    let day = engine.room_day(asker, world.rooms[0].id, when.start());
    let day = day.await.unwrap();
    let then = day.meetings.into_iter().filter(|one| one.range == when);
    then.map(|one| one.who).collect()
}

/// covers: FX-21
/// covers part of: FX-20 (nobody's reservation, but by the name that its calendar tells)
#[tokio::test]
async fn a_meeting_of_somebody_unknown_takes_the_room_and_makes_no_person() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    let id = world.outlook.send(PRADEEP, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    let moved = at(1, 13, 60);
    world
        .outlook
        .change(PRADEEP, &id, &moved_to(moved))
        .await
        .unwrap();
    world.settle().await;
    assert_eq!(plans(&world, [when, moved]).await, ["ff", "bf"]);
    let pradeep = Who::Named("Pradeep Gupta".to_owned());
    assert_eq!(told(&world, moved).await, [pradeep]);
    let unknown = in_the_directory(&world, PRADEEP);
    assert_eq!(world.store().person(unknown).await.unwrap(), None);
    assert_eq!(
        world.store().grant(unknown).await.unwrap().map(|_| ()),
        None
    );
    for person in &world.people {
        let theirs = world.store().reservations_of(person.id, Instant(0));
        assert_eq!(theirs.await.unwrap(), []);
    }
    finish(world).await;
}

#[tokio::test]
async fn a_meeting_whose_organizer_is_gone_goes_on_taking_its_room() {
    let mut world = office(&TWO).await;
    let (one, series) = (at(0, 13, 60), at(1, 10, 45));
    let room = room_address(1);
    let meeting = Meeting::at(one).inviting(&room);
    world.outlook.send(PRADEEP, &meeting).await.unwrap();
    let daily = Meeting::at(series).daily(3).inviting(&room);
    world.outlook.send(PRADEEP, &daily).await.unwrap();
    at_once(&mut world).await;
    let gone = MailboxState::SoftDeleted;
    world.sim.set_mailbox_state(PRADEEP, gone).unwrap();
    world.settle().await;
    let shown = plans(&world, [one, series, at(3, 10, 45)]).await;
    assert_eq!(shown, ["bf", "bf", "bf"]);
    assert_eq!(told(&world, one).await.len(), 1);
    // What stands in the room's calendar can be taken out there.
    let copies = world.sim.events(room.as_str()).unwrap();
    let single = copies.iter().find(|event| !event.is_series).unwrap();
    world
        .outlook
        .delete(room.as_str(), &single.id)
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, one).await, "ff");
    finish(world).await;
}

/// covers part of: FX-20 (shown as anonymous, where its calendar tells no name)
#[tokio::test]
async fn what_is_put_straight_into_a_rooms_calendar_is_told_as_somebodys_and_makes_no_person() {
    let mut world = office(&TWO).await;
    let (room, when) = (room_address(1), at(0, 13, 60));
    let direct = Meeting::at(when);
    world.outlook.send(room.as_str(), &direct).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    assert_eq!(told(&world, when).await, [Who::Unknown]);
    let of_the_room = in_the_directory(&world, room.as_str());
    assert_eq!(world.store().person(of_the_room).await.unwrap(), None);
    finish(world).await;
}

/// Of somebody who uses Etage, and has reserved nothing there.
///
/// covers: FX-11
#[tokio::test]
async fn a_meeting_of_somebody_known_is_no_reservation_of_theirs() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    let engine = world.processes[1].engine().clone();
    let hers = engine.my_reservations(&world.people[0]).await.unwrap();
    assert_eq!(hers, []);
    finish(world).await;
}
