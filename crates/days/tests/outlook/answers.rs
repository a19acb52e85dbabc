//! How rooms answer: late, through a delegate, in part, never; and what is put straight into their calendars.

use days::office::{ADELE, ALEX, PRADEEP, room_address};
use days::{Meeting, RoomKind, World};
use m365_sim::{AutomateProcessing, Processing};

use crate::scene::{at, at_once, copy_in, finish, occurrence, office, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

async fn act(world: &mut World, room: usize, action: &str) {
    let room = room_address(room);
    let copy = copy_in(world, &room);
    world
        .outlook
        .act(room.as_str(), &copy, action)
        .await
        .unwrap();
    at_once(world).await;
}

#[tokio::test]
async fn a_room_that_declines_after_it_had_accepted_is_free_again() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    act(&mut world, 1, "decline").await;
    assert_eq!(plan(&world, when).await, "ff");
    let hers = world.sim.events(ADELE).unwrap();
    let hers = hers.iter().find(|event| event.id == id).unwrap();
    assert_eq!(hers.attendees[0].response, "declined");
    finish(world).await;
}

#[tokio::test]
async fn a_room_that_declines_one_meeting_of_a_series_is_free_on_that_day() {
    let mut world = office(&TWO).await;
    let room = room_address(1);
    let series = Meeting::at(at(1, 10, 45)).daily(3).inviting(&room);
    world.outlook.send(ADELE, &series).await.unwrap();
    at_once(&mut world).await;
    let second = occurrence(&world.outlook, room.as_str(), at(2, 10, 45).start()).await;
    world
        .outlook
        .act(room.as_str(), &second, "decline")
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, [1, 3].map(|day| at(day, 10, 45)));
    assert_eq!(plan(&world, at(2, 10, 45)).await, "ff");
    finish(world).await;
}

#[tokio::test]
async fn what_a_delegate_decides_is_asked_for_until_then_and_taken_or_free_afterwards() {
    let mut world = office(&[RoomKind::HasDelegate, RoomKind::HasDelegate]).await;
    let when = at(0, 13, 60);
    for room in [1, 2] {
        let meeting = Meeting::at(when).inviting(&room_address(room));
        world.outlook.send(ADELE, &meeting).await.unwrap();
    }
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "tt");
    act(&mut world, 1, "accept").await;
    assert_eq!(plan(&world, when).await, "bt");
    act(&mut world, 2, "decline").await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_request_that_takes_no_time_until_a_delegate_decides_shows_once_it_is_accepted() {
    let mut world = office(&[RoomKind::HasDelegate, RoomKind::Accepts]).await;
    let room = room_address(1);
    let silent = Processing {
        all_book_in_policy: false,
        all_request_in_policy: true,
        tentative_pending_approval: false,
        ..Processing::default()
    };
    world.sim.set_processing(room.as_str(), silent).unwrap();
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).inviting(&room);
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "ff");
    act(&mut world, 1, "accept").await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_room_that_never_answers_by_itself_is_asked_for_until_a_person_answers() {
    let mut world = office(&TWO).await;
    let by_hand = Processing {
        automate_processing: AutomateProcessing::AutoUpdate,
        ..Processing::default()
    };
    for room in [1, 2] {
        let room = room_address(room);
        let changed = world.sim.set_processing(room.as_str(), by_hand.clone());
        changed.unwrap();
    }
    let when = at(0, 13, 60);
    let both = Meeting::at(when)
        .inviting(&room_address(1))
        .inviting(&room_address(2));
    world.outlook.send(PRADEEP, &both).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "tt");
    act(&mut world, 1, "accept").await;
    act(&mut world, 2, "decline").await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_room_whose_calendar_takes_no_requests_stays_free_until_somebody_writes_into_it() {
    let mut world = office(&[RoomKind::NeverAnswers, RoomKind::Accepts]).await;
    let (when, room) = (at(0, 13, 60), room_address(1));
    let meeting = Meeting::at(when).inviting(&room);
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "ff");
    world
        .outlook
        .send(room.as_str(), &Meeting::at(when))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn what_is_put_straight_into_a_rooms_calendar_takes_it_even_over_other_meetings() {
    let mut world = office(&TWO).await;
    let (room, asked, over) = (room_address(1), at(0, 13, 60), at(0, 13, 120));
    let meeting = Meeting::at(asked).inviting(&room);
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    let direct = world
        .outlook
        .send(room.as_str(), &Meeting::at(over))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, [asked, over]);
    world.outlook.act(ADELE, &id, "cancel").await.unwrap();
    at_once(&mut world).await;
    let hours = [asked, at(0, 14, 60)];
    assert_eq!(plans(&world, hours).await, ["bf", "bf"]);
    world.outlook.delete(room.as_str(), &direct).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, hours).await, ["ff", "ff"]);
    finish(world).await;
}

#[tokio::test]
async fn a_meeting_that_a_room_declines_for_another_leaves_the_other_as_it_is() {
    let mut world = office(&TWO).await;
    let room = room_address(1);
    let first = Meeting::at(at(0, 13, 60)).inviting(&room);
    world.outlook.send(ADELE, &first).await.unwrap();
    at_once(&mut world).await;
    let second = Meeting::at(at(0, 13, 120)).inviting(&room);
    world.outlook.send(ALEX, &second).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, [at(0, 13, 60)]);
    assert_eq!(
        plans(&world, [at(0, 13, 60), at(0, 14, 60)]).await,
        ["bf", "ff"]
    );
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_that_a_room_accepts_in_part_takes_the_days_it_has() {
    let mut world = office(&[RoomKind::AcceptsPartOfSeries, RoomKind::Accepts]).await;
    let room = room_address(1);
    let in_the_way = Meeting::at(at(2, 10, 30)).inviting(&room);
    world.outlook.send(ALEX, &in_the_way).await.unwrap();
    at_once(&mut world).await;
    let series = Meeting::at(at(1, 10, 45)).daily(4).inviting(&room);
    world.outlook.send(ADELE, &series).await.unwrap();
    at_once(&mut world).await;
    let expected = [at(1, 10, 45), at(2, 10, 30), at(3, 10, 45), at(4, 10, 45)];
    assert_eq!(taken(&world, 1).await, expected);
    assert_eq!(plan(&world, expected[2]).await, "bf");
    finish(world).await;
}
