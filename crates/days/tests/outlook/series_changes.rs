//! Series that are changed: one meeting of them, their end, their pattern, all that follows.

use booking::time::TimeRange;
use days::office::{ADELE, room_address};
use days::outlook::{moved_to, with_rooms};
use days::{Meeting, RoomKind, World};
use serde_json::{Value, json};

use crate::scene::{at, at_once, date, finish, occurrence, office, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

/// Tuesday to Saturday, a quarter to eleven by the clock on the wall.
const WEEK: [i64; 5] = [1, 2, 3, 4, 5];

fn on(days: &[i64]) -> Vec<TimeRange> {
    days.iter().map(|day| at(*day, 10, 45)).collect()
}

fn meeting() -> Meeting {
    Meeting::at(at(1, 10, 45)).daily(5)
}

/// An office with a series on five days in its first room, and the id of it.
async fn series() -> (World, String) {
    let mut world = office(&TWO).await;
    let series = meeting().inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &series).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, on(&WEEK));
    (world, id)
}

async fn change(world: &mut World, id: &str, change: &Value) {
    world.outlook.change(ADELE, id, change).await.unwrap();
    at_once(world).await;
}

/// covers: FX-14, FX-15
#[tokio::test]
async fn one_meeting_of_a_series_that_is_moved_moves_alone() {
    let (mut world, _) = series().await;
    let third = occurrence(&world.outlook, ADELE, at(3, 10, 45).start()).await;
    let moved = at(3, 15, 30);
    change(&mut world, &third, &moved_to(moved)).await;
    let shown = plans(&world, [at(2, 10, 45), at(3, 10, 45), moved, at(4, 10, 45)]).await;
    assert_eq!(shown, ["bf", "ff", "bf", "bf"]);
    let mut expected = on(&[1, 2, 4, 5]);
    expected.insert(2, moved);
    assert_eq!(taken(&world, 1).await, expected);
    let back = at(3, 10, 45);
    change(&mut world, &third, &moved_to(back)).await;
    assert_eq!(taken(&world, 1).await, on(&WEEK));
    finish(world).await;
}

/// covers: FX-14, FX-18
#[tokio::test]
async fn one_meeting_of_a_series_that_is_cancelled_frees_its_day_alone() {
    let (mut world, _) = series().await;
    let outlook = world.outlook.clone();
    let second = occurrence(&outlook, ADELE, at(2, 10, 45).start()).await;
    outlook.act(ADELE, &second, "cancel").await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, on(&[1, 3, 4, 5]));
    let fourth = occurrence(&outlook, ADELE, at(4, 10, 45).start()).await;
    outlook.delete(ADELE, &fourth).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(
        plans(&world, [at(4, 10, 45), at(5, 10, 45)]).await,
        ["ff", "bf"]
    );
    assert_eq!(taken(&world, 1).await, on(&[1, 3, 5]));
    finish(world).await;
}

/// Nothing but its master tells of it.
///
/// covers: FX-14
#[tokio::test]
async fn one_meeting_that_is_deleted_in_the_room_itself_frees_its_day() {
    let (mut world, _) = series().await;
    let room = room_address(1);
    let third = occurrence(&world.outlook, room.as_str(), at(3, 10, 45).start()).await;
    world.outlook.delete(room.as_str(), &third).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(3, 10, 45)).await, "ff");
    assert_eq!(taken(&world, 1).await, on(&[1, 2, 4, 5]));
    // Once the last of them has gone there is none left to tell of it.
    for (gone, left) in [(1, &[2, 4, 5][..]), (5, &[2, 4]), (2, &[4]), (4, &[])] {
        let next = occurrence(&world.outlook, room.as_str(), at(gone, 10, 45).start()).await;
        world.outlook.delete(room.as_str(), &next).await.unwrap();
        at_once(&mut world).await;
        assert_eq!(taken(&world, 1).await, on(left));
    }
    finish(world).await;
}

/// covers: FX-14, FX-16
#[tokio::test]
async fn one_meeting_of_a_series_can_be_in_another_room() {
    let (mut world, _) = series().await;
    let third = occurrence(&world.outlook, ADELE, at(3, 10, 45).start()).await;
    change(&mut world, &third, &with_rooms(&[room_address(2)])).await;
    let shown = plans(&world, [at(2, 10, 45), at(3, 10, 45), at(4, 10, 45)]).await;
    assert_eq!(shown, ["bf", "fb", "bf"]);
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_that_is_made_shorter_frees_what_is_left_out_and_a_longer_one_takes_more() {
    let (mut world, id) = series().await;
    let mut recurrence = meeting().json()["recurrence"].clone();
    recurrence["range"]["numberOfOccurrences"] = json!(3);
    change(&mut world, &id, &json!({ "recurrence": recurrence })).await;
    assert_eq!(taken(&world, 1).await, on(&[1, 2, 3]));
    assert_eq!(plan(&world, at(4, 10, 45)).await, "ff");
    recurrence["range"]["numberOfOccurrences"] = json!(7);
    change(&mut world, &id, &json!({ "recurrence": recurrence })).await;
    assert_eq!(taken(&world, 1).await, on(&[1, 2, 3, 4, 5, 6, 7]));
    assert_eq!(plan(&world, at(7, 10, 45)).await, "bf");
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_with_another_pattern_takes_its_new_days_and_no_old_ones() {
    let (mut world, id) = series().await;
    let third = occurrence(&world.outlook, ADELE, at(3, 10, 45).start()).await;
    change(&mut world, &third, &moved_to(at(3, 15, 45))).await;
    let mut recurrence = meeting().json()["recurrence"].clone();
    recurrence["pattern"] = json!({
        "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday", "friday"], "firstDayOfWeek": "monday",
    });
    recurrence["range"]["numberOfOccurrences"] = json!(3);
    change(&mut world, &id, &json!({ "recurrence": recurrence })).await;
    assert_eq!(taken(&world, 1).await, on(&[1, 4, 8]));
    assert_eq!(
        plans(&world, [at(2, 10, 45), at(8, 10, 45)]).await,
        ["ff", "bf"]
    );
    finish(world).await;
}

/// covers: FX-14, FX-15
#[tokio::test]
async fn a_series_that_is_moved_moves_as_a_whole() {
    let (mut world, id) = series().await;
    change(&mut world, &id, &moved_to(at(1, 14, 30))).await;
    let afternoons: Vec<_> = WEEK.iter().map(|day| at(*day, 14, 30)).collect();
    assert_eq!(taken(&world, 1).await, afternoons);
    assert_eq!(
        plans(&world, [at(5, 10, 45), at(5, 14, 30)]).await,
        ["ff", "bf"]
    );
    finish(world).await;
}

/// Outlook ends the series the day before and sends another one.
///
/// covers: FX-14
#[tokio::test]
async fn this_meeting_and_all_that_follow_can_be_moved() {
    let (mut world, id) = series().await;
    let mut recurrence = meeting().json()["recurrence"].clone();
    recurrence["range"] = json!({
        "type": "endDate", "startDate": date(1).to_string(), "endDate": date(2).to_string(),
        "recurrenceTimeZone": recurrence["range"]["recurrenceTimeZone"],
    });
    let ended = json!({ "recurrence": recurrence });
    world.outlook.change(ADELE, &id, &ended).await.unwrap();
    let rest = Meeting::at(at(3, 14, 30)).daily(3);
    let rest = rest.inviting(&room_address(1)).inviting(&room_address(2));
    world.outlook.send(ADELE, &rest).await.unwrap();
    at_once(&mut world).await;
    let mut expected = on(&[1, 2]);
    expected.extend([3, 4, 5].map(|day| at(day, 14, 30)));
    assert_eq!(taken(&world, 1).await, expected);
    let shown = plans(&world, [at(2, 10, 45), at(3, 10, 45), at(3, 14, 30)]).await;
    assert_eq!(shown, ["bf", "ff", "bb"]);
    finish(world).await;
}

/// covers: FX-14, FX-18
#[tokio::test]
async fn a_series_that_is_cancelled_frees_every_day_also_those_that_were_changed() {
    let (mut world, id) = series().await;
    let third = occurrence(&world.outlook, ADELE, at(3, 10, 45).start()).await;
    change(&mut world, &third, &moved_to(at(3, 15, 45))).await;
    world.outlook.act(ADELE, &id, "cancel").await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, []);
    assert_eq!(
        plans(&world, [at(3, 15, 45), at(5, 10, 45)]).await,
        ["ff", "ff"]
    );
    finish(world).await;
}

/// covers: FX-14, FX-19
#[tokio::test]
async fn a_room_that_is_uninvited_from_a_series_is_free_on_every_day() {
    let (mut world, id) = series().await;
    change(&mut world, &id, &with_rooms(&[])).await;
    assert_eq!(taken(&world, 1).await, []);
    let hers = occurrence(&world.outlook, ADELE, at(4, 10, 45).start()).await;
    assert!(!hers.is_empty());
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_single_meeting_that_becomes_a_series_takes_every_day_and_the_other_way_round() {
    let mut world = office(&TWO).await;
    let single = Meeting::at(at(1, 10, 45)).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &single).await.unwrap();
    at_once(&mut world).await;
    let repeated = meeting();
    let parts = ["start", "end", "recurrence"];
    let repeated: serde_json::Map<String, Value> = parts
        .into_iter()
        .map(|part| (part.to_owned(), repeated.json()[part].clone()))
        .collect();
    change(&mut world, &id, &Value::Object(repeated)).await;
    assert_eq!(taken(&world, 1).await, on(&WEEK));
    change(&mut world, &id, &json!({ "recurrence": null })).await;
    assert_eq!(taken(&world, 1).await, on(&[1]));
    finish(world).await;
}
