//! Series of every pattern, as long as they are left alone.

use days::office::{ADELE, room_address};
use days::{Meeting, RoomKind, World};
use m365_sim::Processing;
use serde_json::{Value, json};

use booking::time::TimeRange;

use crate::scene::{at, at_once, days_later, finish, office, office_from, plan, plans, taken};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

async fn send(world: &mut World, first: TimeRange, pattern: &Value, times: u32) {
    let series = Meeting::at(first).repeated(pattern, times);
    let series = series.inviting(&room_address(1));
    world.outlook.send(ADELE, &series).await.unwrap();
    at_once(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_daily_series_takes_every_day() {
    let mut world = office(&TWO).await;
    let pattern = json!({ "type": "daily", "interval": 2 });
    send(&mut world, at(1, 10, 45), &pattern, 4).await;
    let days = [1, 3, 5, 7].map(|day| at(day, 10, 45));
    assert_eq!(taken(&world, 1).await, days);
    let shown = plans(&world, [at(1, 10, 45), at(2, 10, 45), at(9, 10, 45)]).await;
    assert_eq!(shown, ["bf", "ff", "ff"]);
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_weekly_series_takes_each_of_its_days() {
    let mut world = office(&TWO).await;
    let pattern = json!({
        "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday", "thursday"], "firstDayOfWeek": "monday",
    });
    send(&mut world, at(1, 10, 45), &pattern, 5).await;
    let days = [1, 3, 8, 10, 15].map(|day| at(day, 10, 45));
    assert_eq!(taken(&world, 1).await, days);
    assert_eq!(plans(&world, [days[4], at(17, 10, 45)]).await, ["bf", "ff"]);
    finish(world).await;
}

/// A month without the day has the meeting on its last one.
///
/// covers: FX-14
#[tokio::test]
async fn a_series_on_a_day_of_the_month_comes_into_view_month_by_month() {
    let mut world = office(&TWO).await;
    let pattern = json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 30 });
    // 30 November, 30 December, 30 January, 28 February.
    let [first, second, third, fourth] = [7, 37, 68, 97].map(|day| at(day, 10, 45));
    send(&mut world, first, &pattern, 4).await;
    assert_eq!(plan(&world, first).await, "bf");
    for (days, one) in [(25, second), (31, third), (30, fourth)] {
        days_later(&mut world, days).await;
        assert_eq!(taken(&world, 1).await, [one]);
        assert_eq!(plan(&world, one).await, "bf");
    }
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_on_a_weekday_of_the_month_comes_into_view_month_by_month() {
    let mut world = office(&TWO).await;
    let pattern = json!({
        "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "second",
    });
    // 8 December and 12 January.
    let (first, second) = (at(15, 10, 45), at(50, 10, 45));
    send(&mut world, first, &pattern, 3).await;
    assert_eq!(taken(&world, 1).await, [first]);
    days_later(&mut world, 35).await;
    assert_eq!(taken(&world, 1).await, [second]);
    assert_eq!(plan(&world, second).await, "bf");
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn yearly_series_come_into_view_year_by_year() {
    let mut world = office(&TWO).await;
    let far = Processing {
        booking_window_in_days: 1_080,
        ..Processing::default()
    };
    world
        .sim
        .set_processing(room_address(1).as_str(), far)
        .unwrap();
    let by_date = json!({ "type": "absoluteYearly", "interval": 1, "month": 12, "dayOfMonth": 3 });
    let by_weekday = json!({
        "type": "relativeYearly", "interval": 1, "month": 12, "daysOfWeek": ["friday"], "index": "first",
    });
    // 3 and 4 December; a year later both are on Friday the 3rd.
    let (date, weekday) = (at(10, 10, 45), at(11, 14, 45));
    send(&mut world, date, &by_date, 2).await;
    send(&mut world, weekday, &by_weekday, 2).await;
    assert_eq!(taken(&world, 1).await, [date, weekday]);
    days_later(&mut world, 365).await;
    let next = [at(375, 10, 45), at(375, 14, 45)];
    assert_eq!(taken(&world, 1).await, next);
    assert_eq!(plans(&world, next).await, ["bf", "bf"]);
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_keeps_to_the_clock_on_the_wall_when_summer_begins() {
    let mut world = office_from(119, &TWO).await;
    let pattern = json!({ "type": "daily", "interval": 1 });
    send(&mut world, at(123, 9, 45), &pattern, 5).await;
    let days = [(123, 9), (124, 9), (125, 8), (126, 8), (127, 8)];
    assert_eq!(
        taken(&world, 1).await,
        days.map(|(day, hour)| at(day, hour, 45))
    );
    assert_eq!(
        plans(&world, [at(126, 8, 45), at(126, 9, 45)]).await,
        ["bf", "ff"]
    );
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_keeps_to_the_clock_on_the_wall_when_summer_ends() {
    let mut world = office_from(336, &TWO).await;
    let pattern = json!({ "type": "daily", "interval": 1 });
    send(&mut world, at(340, 8, 45), &pattern, 5).await;
    let days = [(340, 8), (341, 8), (342, 9), (343, 9), (344, 9)];
    assert_eq!(
        taken(&world, 1).await,
        days.map(|(day, hour)| at(day, hour, 45))
    );
    assert_eq!(
        plans(&world, [at(343, 8, 45), at(343, 9, 45)]).await,
        ["ff", "bf"]
    );
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_of_whole_days_takes_the_days_of_the_office() {
    let mut world = office(&TWO).await;
    let series = Meeting::all_day(crate::scene::date(2), 1);
    let mut series = series.inviting(&room_address(1)).json().clone();
    series["recurrence"] = json!({
        "pattern": { "type": "daily", "interval": 3 },
        "range": { "type": "numbered", "startDate": "2026-11-25", "numberOfOccurrences": 3 },
    });
    let path = format!("mailboxes/{ADELE}/events");
    let sent = world
        .outlook
        .ask(reqwest::Method::POST, &path, Some(&series));
    sent.await.unwrap();
    at_once(&mut world).await;
    let days = [1, 4, 7].map(|day| at(day, 23, 24 * 60));
    assert_eq!(taken(&world, 1).await, days);
    assert_eq!(plan(&world, at(5, 10, 60)).await, "bf");
    finish(world).await;
}

/// covers: FX-14
#[tokio::test]
async fn a_series_without_end_goes_on_as_time_passes() {
    let mut world = office(&TWO).await;
    let series = Meeting::at(at(1, 10, 45)).daily(1);
    let mut series = series.inviting(&room_address(1)).json().clone();
    series["recurrence"]["pattern"] = json!({
        "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"], "firstDayOfWeek": "monday",
    });
    series["recurrence"]["range"]["type"] = json!("noEnd");
    let cut = Processing {
        enforce_scheduling_horizon: false,
        ..Processing::default()
    };
    let room = room_address(1);
    world.sim.set_processing(room.as_str(), cut).unwrap();
    let path = format!("mailboxes/{ADELE}/events");
    let sent = world
        .outlook
        .ask(reqwest::Method::POST, &path, Some(&series));
    sent.await.unwrap();
    at_once(&mut world).await;
    assert_eq!(
        taken(&world, 1).await,
        [1, 8, 15].map(|day| at(day, 10, 45))
    );
    days_later(&mut world, 10).await;
    let later = [15, 22, 29].map(|day| at(day, 10, 45));
    assert_eq!(taken(&world, 1).await, later);
    assert_eq!(plan(&world, later[2]).await, "bf");
    finish(world).await;
}
