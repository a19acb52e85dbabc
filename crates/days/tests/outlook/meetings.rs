//! Single meetings: created, moved, led to other rooms, cancelled.

use days::office::{ADELE, PRADEEP, room_address};
use days::outlook::{moved_to, with_rooms};
use days::{Meeting, RoomKind};
use serde_json::json;

use crate::scene::{at, at_once, finish, office, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

/// Every open page is told which room to look at again, whichever process it hangs on.
///
/// covers: FX-02, FX-03, FX-11, FX-13, WX-12
#[tokio::test]
async fn a_meeting_that_somebody_sends_shows_without_any_time_passing() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    assert_eq!(plan(&world, when).await, "ff");
    let mut pages = [0, 1].map(|process| world.processes[process].engine().listen().1);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    for page in &mut pages {
        assert_eq!(page.try_recv().unwrap().rooms, [world.rooms[0].id]);
    }
    let around = [at(0, 12, 60), when, at(0, 14, 60)];
    assert_eq!(plans(&world, around).await, ["ff", "bf", "ff"]);
    assert_eq!(taken(&world, 1).await, [when]);
    finish(world).await;
}

/// covers: WX-01
#[tokio::test]
async fn a_room_chosen_as_location_is_taken() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let id = world.outlook.send(ADELE, &Meeting::at(when)).await.unwrap();
    let room = room_address(2);
    let mut change = with_rooms(std::slice::from_ref(&room));
    change["location"] = json!({
        "displayName": "Room 2",
        "locationEmailAddress": room.as_str(),
        "locationType": "conferenceRoom",
    });
    world.outlook.change(ADELE, &id, &change).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "fb");
    finish(world).await;
}

/// covers: FX-15
#[tokio::test]
async fn a_meeting_that_is_moved_frees_its_time_and_takes_the_new_one() {
    let mut world = office(&TWO).await;
    let (before, after, longer) = (at(0, 13, 60), at(2, 9, 30), at(2, 9, 90));
    let meeting = Meeting::at(before).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    world
        .outlook
        .change(ADELE, &id, &moved_to(after))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [before, after]).await, ["ff", "bf"]);
    world
        .outlook
        .change(ADELE, &id, &moved_to(longer))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(2, 10, 30)).await, "bf");
    assert_eq!(taken(&world, 1).await, [longer]);
    finish(world).await;
}

/// covers: FX-16
#[tokio::test]
async fn a_meeting_that_gets_another_room_frees_the_first_and_takes_the_second() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    let other = with_rooms(&[room_address(2)]);
    world.outlook.change(ADELE, &id, &other).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "fb");
    finish(world).await;
}

/// covers: FX-17
#[tokio::test]
async fn a_meeting_in_several_rooms_takes_each_of_them() {
    let mut world = office(&[RoomKind::Accepts; 4]).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when)
        .inviting(&room_address(1))
        .inviting(&room_address(2))
        .inviting(&room_address(4));
    let id = world.outlook.send(PRADEEP, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bbfb");
    let after = at(1, 13, 60);
    world
        .outlook
        .change(PRADEEP, &id, &moved_to(after))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [when, after]).await, ["ffff", "bbfb"]);
    finish(world).await;
}

/// covers: FX-18
#[tokio::test]
async fn a_meeting_that_is_cancelled_frees_all_its_rooms() {
    let mut world = office(&[RoomKind::Accepts, RoomKind::ForgetsCancelled]).await;
    let (first, second) = (at(0, 13, 60), at(1, 13, 60));
    let both = |when| {
        Meeting::at(when)
            .inviting(&room_address(1))
            .inviting(&room_address(2))
    };
    let outlook = world.outlook.clone();
    let cancelled = outlook.send(ADELE, &both(first)).await.unwrap();
    let deleted = outlook.send(ADELE, &both(second)).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [first, second]).await, ["bb", "bb"]);
    outlook.act(ADELE, &cancelled, "cancel").await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [first, second]).await, ["ff", "bb"]);
    outlook.delete(ADELE, &deleted).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [first, second]).await, ["ff", "ff"]);
    finish(world).await;
}

/// covers: FX-19
#[tokio::test]
async fn a_room_that_is_uninvited_is_free_and_the_meeting_stays_with_the_others() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when)
        .inviting(&room_address(1))
        .inviting(&room_address(2));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    let one = with_rooms(&[room_address(2)]);
    world.outlook.change(ADELE, &id, &one).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "fb");
    world
        .outlook
        .change(ADELE, &id, &with_rooms(&[]))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "ff");
    let hers = world.sim.events(ADELE).unwrap();
    assert!(
        hers.iter()
            .any(|event| event.id == id && !event.is_cancelled)
    );
    finish(world).await;
}
