//! Meetings of every kind: all day, private, tentative, across midnight.

use days::office::{ADELE, ALEX, room_address};
use days::outlook::moved_to;
use days::{Meeting, RoomKind};
use m365_sim::Processing;
use reqwest::Method;
use serde_json::json;

use crate::scene::{at, at_once, date, finish, office, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

#[tokio::test]
async fn a_meeting_of_whole_days_takes_the_days_of_the_office() {
    let mut world = office(&TWO).await;
    let room = room_address(1);
    let long = Processing {
        maximum_duration_in_minutes: 0,
        ..Processing::default()
    };
    world.sim.set_processing(room.as_str(), long).unwrap();
    let days = Meeting::all_day(date(2), 2).inviting(&room);
    world.outlook.send(ADELE, &days).await.unwrap();
    at_once(&mut world).await;
    let edges = [at(1, 22, 60), at(1, 23, 60), at(3, 22, 60), at(3, 23, 60)];
    assert_eq!(plans(&world, edges).await, ["ff", "bf", "bf", "ff"]);
    assert_eq!(taken(&world, 1).await, [at(1, 23, 48 * 60)]);
    finish(world).await;
}

#[tokio::test]
async fn a_meeting_that_becomes_one_of_a_whole_day_takes_the_day() {
    let mut world = office(&TWO).await;
    let meeting = Meeting::at(at(2, 10, 60)).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    let day = Meeting::all_day(date(2), 1);
    let change =
        json!({ "isAllDay": true, "start": day.json()["start"], "end": day.json()["end"] });
    world.outlook.change(ADELE, &id, &change).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, [at(1, 23, 24 * 60)]);
    assert_eq!(plan(&world, at(2, 20, 60)).await, "bf");
    finish(world).await;
}

/// At the edges of the day the mirror has the hours of the zone it was written in, and Exchange those of the office.
#[tokio::test]
async fn a_meeting_of_a_whole_day_written_in_another_zone_takes_the_working_day_of_the_office() {
    let mut world = office(&TWO).await;
    let day = Meeting::all_day(date(2), 1).inviting(&room_address(1));
    let mut day = day.json().clone();
    for edge in ["start", "end"] {
        day[edge]["timeZone"] = json!("GMT Standard Time");
    }
    let path = format!("mailboxes/{ADELE}/events");
    let sent = world.outlook.ask(Method::POST, &path, Some(&day));
    sent.await.unwrap();
    at_once(&mut world).await;
    let hours = [at(1, 21, 60), at(2, 5, 60), at(2, 21, 60), at(3, 1, 60)];
    assert_eq!(plans(&world, hours).await, ["ff", "bf", "bf", "ff"]);
    world.end().await;
}

#[tokio::test]
async fn a_private_meeting_takes_its_room_like_any_other() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).private().called("Redundancies");
    let meeting = meeting.inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

/// Until the room is asked again, for another time.
#[tokio::test]
async fn a_tentative_meeting_shows_as_tentative_until_it_is_made_firm() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    let meeting = Meeting::at(when).shown_as("tentative");
    let meeting = meeting.inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "tf");
    let later = at(0, 15, 60);
    let mut firm = moved_to(later);
    firm["showAs"] = json!("busy");
    world.outlook.change(ADELE, &id, &firm).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [when, later]).await, ["ff", "bf"]);
    let mut free = moved_to(when);
    free["showAs"] = json!("free");
    world.outlook.change(ADELE, &id, &free).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plans(&world, [when, later]).await, ["ff", "ff"]);
    finish(world).await;
}

#[tokio::test]
async fn a_meeting_shown_as_out_of_office_takes_its_room_and_one_elsewhere_does_not() {
    let mut world = office(&TWO).await;
    let when = at(0, 13, 60);
    for (room, status) in [(1, "oof"), (2, "workingElsewhere")] {
        let meeting = Meeting::at(when).shown_as(status);
        let meeting = meeting.inviting(&room_address(room));
        world.outlook.send(ALEX, &meeting).await.unwrap();
    }
    at_once(&mut world).await;
    assert_eq!(plan(&world, when).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_meeting_across_midnight_takes_both_days() {
    let mut world = office(&TWO).await;
    // From 23:00 to 2:00 in the office, and from 22:00 to 1:00 in UTC.
    let night = at(1, 22, 180);
    let meeting = Meeting::at(night).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(&mut world).await;
    let hours = [
        at(1, 21, 60),
        at(1, 22, 60),
        at(1, 23, 60),
        at(2, 0, 60),
        at(2, 1, 60),
    ];
    assert_eq!(plans(&world, hours).await, ["ff", "bf", "bf", "bf", "ff"]);
    assert_eq!(taken(&world, 1).await, [night]);
    finish(world).await;
}
