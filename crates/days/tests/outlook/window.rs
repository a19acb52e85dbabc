//! Events at the edges of the days that the mirror covers: from a day ago to twenty days ahead.

use booking::time::TimeRange;
use days::office::{ADELE, room_address};
use days::outlook::moved_to;
use days::{Meeting, RoomKind, World};
use m365_sim::DeltaQuirks;

use crate::scene::{at, at_once, by_mirror, days_later, finish, office, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

async fn put(world: &mut World, range: TimeRange) -> String {
    let meeting = Meeting::at(range).inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &meeting).await.unwrap();
    at_once(world).await;
    id
}

#[tokio::test]
async fn an_event_that_began_before_the_window_takes_the_rest_of_its_time() {
    let mut world = office(&TWO).await;
    // From Sunday of last week to Wednesday noon.
    let long = at(-8, 6, (10 * 24 + 6) * 60);
    let room = room_address(1);
    world
        .outlook
        .send(room.as_str(), &Meeting::at(long))
        .await
        .unwrap();
    at_once(&mut world).await;
    let edges = [at(0, 13, 60), at(2, 11, 60), at(2, 12, 60)];
    assert_eq!(plans(&world, edges).await, ["bf", "bf", "ff"]);
    assert_eq!(taken(&world, 1).await, [long]);
    // The window has moved past its start once more, and then past its end.
    days_later(&mut world, 2).await;
    assert_eq!(
        plans(&world, [at(2, 11, 60), at(2, 12, 60)]).await,
        ["bf", "ff"]
    );
    days_later(&mut world, 3).await;
    assert_eq!(taken(&world, 1).await, []);
    finish(world).await;
}

#[tokio::test]
async fn an_event_that_goes_on_beyond_the_window_takes_all_its_time() {
    let mut world = office(&TWO).await;
    let long = at(19, 12, 3 * 24 * 60);
    let room = room_address(1);
    world
        .outlook
        .send(room.as_str(), &Meeting::at(long))
        .await
        .unwrap();
    at_once(&mut world).await;
    assert_eq!(
        plans(&world, [at(19, 11, 60), at(19, 12, 60)]).await,
        ["ff", "bf"]
    );
    assert_eq!(taken(&world, 1).await, [long]);
    days_later(&mut world, 5).await;
    assert_eq!(
        plans(&world, [at(22, 11, 60), at(22, 12, 60)]).await,
        ["bf", "ff"]
    );
    finish(world).await;
}

#[tokio::test]
async fn an_event_that_is_moved_into_the_window_shows_and_one_that_is_moved_out_leaves() {
    let mut world = office(&TWO).await;
    let (far, near) = (at(40, 10, 60), at(5, 10, 60));
    let id = put(&mut world, far).await;
    assert_eq!(taken(&world, 1).await, []);
    let outlook = world.outlook.clone();
    outlook.change(ADELE, &id, &moved_to(near)).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, near).await, "bf");
    outlook.change(ADELE, &id, &moved_to(far)).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, near).await, "ff");
    assert_eq!(taken(&world, 1).await, []);
    let past = at(-5, 10, 60);
    outlook.change(ADELE, &id, &moved_to(near)).await.unwrap();
    at_once(&mut world).await;
    outlook.change(ADELE, &id, &moved_to(past)).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(plan(&world, near).await, "ff");
    finish(world).await;
}

#[tokio::test]
async fn an_event_beyond_the_window_shows_once_its_time_comes_near() {
    let mut world = office(&TWO).await;
    let far = at(25, 10, 60);
    put(&mut world, far).await;
    assert_eq!(by_mirror(&world, 1, far), "ff");
    days_later(&mut world, 8).await;
    assert_eq!(plan(&world, far).await, "bf");
    finish(world).await;
}

/// Its master has the times of the first meeting, which is over.
///
/// covers: FX-14
#[tokio::test]
async fn an_old_series_that_is_told_as_removed_keeps_its_meetings_unless_it_is_gone() {
    let mut world = office(&TWO).await;
    let weekly = serde_json::json!({
        "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"], "firstDayOfWeek": "monday",
    });
    let series = Meeting::at(at(1, 10, 45)).repeated(&weekly, 8);
    let series = series.inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &series).await.unwrap();
    at_once(&mut world).await;
    days_later(&mut world, 10).await;
    let days = [15, 22, 29].map(|day| at(day, 10, 45));
    assert_eq!(taken(&world, 1).await, days);
    world.sim.set_delta_quirks(DeltaQuirks {
        removes_old_masters: true,
        ..DeltaQuirks::default()
    });
    let outlook = world.outlook.clone();
    let touched = serde_json::json!({ "subject": "Touched" });
    outlook.change(ADELE, &id, &touched).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, days);
    let moved = moved_to(at(1, 12, 30));
    outlook.change(ADELE, &id, &moved).await.unwrap();
    at_once(&mut world).await;
    let later = [15, 22, 29].map(|day| at(day, 12, 30));
    assert_eq!(taken(&world, 1).await, later);
    outlook.delete(ADELE, &id).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(taken(&world, 1).await, []);
    assert_eq!(plan(&world, later[1]).await, "ff");
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_is_shown_as_far_as_the_window_goes_and_further_as_it_moves() {
    let mut world = office(&TWO).await;
    let weekly = serde_json::json!({
        "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"], "firstDayOfWeek": "monday",
    });
    let series = Meeting::at(at(1, 10, 45)).repeated(&weekly, 8);
    let series = series.inviting(&room_address(1));
    let id = world.outlook.send(ADELE, &series).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(
        taken(&world, 1).await,
        [1, 8, 15].map(|day| at(day, 10, 45))
    );
    days_later(&mut world, 10).await;
    assert_eq!(
        taken(&world, 1).await,
        [15, 22, 29].map(|day| at(day, 10, 45))
    );
    // Moved as a whole while its beginning is long over.
    let moved = moved_to(at(1, 12, 30));
    world.outlook.change(ADELE, &id, &moved).await.unwrap();
    at_once(&mut world).await;
    assert_eq!(
        taken(&world, 1).await,
        [15, 22, 29].map(|day| at(day, 12, 30))
    );
    finish(world).await;
}
