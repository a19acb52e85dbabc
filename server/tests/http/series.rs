//! Series planned and placed in the portal: every date has a room, or says why not, and stands in both calendars.

use app::api::series::PlaceSeriesRequest;
use booking::ids::{RoomId, SeriesId};
use booking::recurrence::{End, Pattern, Series};
use booking::reservation::ReservationState;
use booking::room::EquipmentSet;
use booking::search::found::Source;
use booking::series::{Assigned, PlacedSeries, PlannedSeries, SeriesWish, Way};
use booking::time::{Clock as _, DAY_MS, TimeRange};
use serde_json::json;
use server::clock::SystemClock;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";

/// So many dates from tomorrow on, an hour each from ten, one every so many days.
fn every(days: i64, dates: u32) -> SeriesWish {
    SeriesWish {
        building: None,
        floor: None,
        near: None,
        people: 1,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
        pattern: Series {
            pattern: Pattern::Daily,
            interval: days,
            first_day: SystemClock.now().0.div_euclid(DAY_MS) + 1,
            end: End::After(dates),
            start_minute: 600,
            length_minutes: 60,
        },
        choices: Vec::new(),
    }
}

/// The times of a date that is so many days after the first, told apart from what the product expands.
fn at_ten(days: i64) -> TimeRange {
    tomorrow(10).shifted_ms(days * DAY_MS)
}

async fn plan(caller: &Caller, wish: &SeriesWish) -> PlannedSeries {
    let planned = caller.call("series/plan", &json!({ "wish": wish })).await;
    planned.unwrap()
}

fn place_request(key: u128, wish: &SeriesWish, rooms: &[Option<RoomId>]) -> serde_json::Value {
    json!({ "request": PlaceSeriesRequest {
        key: SeriesId(Uuid::from_u128(key)),
        subject: "Planning".to_owned(),
        wish: wish.clone(),
        rooms: rooms.to_vec(),
    }})
}

fn seen(plan: &PlannedSeries) -> Vec<Option<RoomId>> {
    plan.dates.iter().map(|date| date.assigned.room()).collect()
}

async fn place(caller: &Caller, key: u128, wish: &SeriesWish) -> PlacedSeries {
    let plan = plan(caller, wish).await;
    let request = place_request(key, wish, &seen(&plan));
    caller.call("series/place", &request).await.unwrap()
}

/// The series once it is written and every room has answered.
async fn written(caller: &Caller) -> PlacedSeries {
    eventually("the series is written and answered", async || {
        let mine: Vec<PlacedSeries> = caller.call("series/mine", &json!({})).await.unwrap();
        let is_answered =
            |state| !matches!(state, ReservationState::Held | ReservationState::Submitted);
        mine.into_iter().find(|series| {
            let mut reserved = series
                .dates
                .iter()
                .filter_map(|date| date.reserved.as_ref());
            series.is_written && reserved.all(|one| is_answered(one.state))
        })
    })
    .await
}

/// covers part of: P-08, N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_series_stands_in_the_persons_and_the_rooms_calendars_and_every_date_is_confirmed() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let wish = every(1, 5);
    let planned = plan(&adele, &wish).await;
    let room = app.rooms[0].id;
    assert_eq!((planned.changes, planned.elsewhere), (0, 0));
    assert_eq!(planned.majority, Some(room));
    for (days, date) in (0..).zip(&planned.dates) {
        assert_eq!(date.assigned, Assigned::Room(room));
        assert_eq!((date.range, date.original), (at_ten(days), at_ten(days)));
        assert!(
            matches!(date.source, Some(Source::Exchange { .. })),
            "{date:?}"
        );
        assert_eq!((date.free, date.others.len()), (8, 6));
    }
    assert!(app.events(ADELE).is_empty(), "a plan is written nowhere");

    let placed = place(&adele, 1, &wish).await;
    assert_eq!(placed.way, Way::Plain);
    let written = written(&adele).await;
    assert_eq!(written.dates.len(), 5);
    for date in &written.dates {
        let reserved = date.reserved.as_ref().unwrap();
        assert_eq!(reserved.state, ReservationState::Confirmed);
        assert_eq!(
            (reserved.room, reserved.room_number.as_str()),
            (room, "0.1")
        );
    }
    let own = app.events(ADELE);
    assert_eq!(own.len(), 1, "one event that repeats: {own:?}");
    assert_eq!(own[0].subject, "Planning");
    let rooms = app.events(&app.mailbox(0));
    assert_eq!(rooms.len(), 1);
    assert_eq!(rooms[0].response, "accepted");

    // The same key places once.
    let again = place_request(1, &wish, &seen(&planned));
    let again: PlacedSeries = adele.call("series/place", &again).await.unwrap();
    assert_eq!(again.id, written.id);
    assert_eq!(app.events(ADELE).len(), 1);
    app.close().await;
}
