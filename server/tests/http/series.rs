//! Series planned and placed in the portal: every date has a room, or says why not, and stands in both calendars.

use app::api::reservations::ReservationView;
use app::api::series::{PlaceSeriesRequest, RetryDateRequest};
use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::recurrence::{End, Pattern, Series, Weekdays};
use booking::reservation::ReservationState;
use booking::room::EquipmentSet;
use booking::rules::Refusal;
use booking::search::found::Source;
use booking::series::{
    Assigned, DateWish, PlacedDate, PlacedSeries, PlannedSeries, SeriesWarning, SeriesWish, Way,
    WishedFor,
};
use booking::time::{Clock as _, DAY_MS, MINUTE_MS, TimeRange, ZoneName};
use serde_json::json;
use server::clock::SystemClock;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

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

/// covers part of: P-08, N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_series_in_two_rooms_is_written_date_by_date_and_no_room_declines() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    // Two rooms are large enough; each is taken once.
    take(&app, 6, at_ten(0)).await;
    take(&app, 7, at_ten(3)).await;
    let wish = SeriesWish {
        people: 15,
        ..every(1, 4)
    };
    let (seventh, eighth) = (app.rooms[6].id, app.rooms[7].id);
    let expected = [eighth, seventh, seventh, seventh].map(Some);
    let planned = eventually("the mirror knows", async || {
        let planned = plan(&adele, &wish).await;
        (seen(&planned) == expected).then_some(planned)
    })
    .await;
    assert_eq!((planned.changes, planned.elsewhere), (1, 1));
    let used: Vec<_> = planned
        .rooms
        .iter()
        .map(|one| (one.room, one.dates))
        .collect();
    assert_eq!(used, [(seventh, 3), (eighth, 1)]);
    let placed = place(&adele, 1, &wish).await;
    assert_eq!(placed.way, Way::EachByItself);
    let written = written(&adele).await;
    let rooms: Vec<_> = written.dates.iter().map(reserved).collect();
    let confirmed = ReservationState::Confirmed;
    assert_eq!(
        rooms,
        expected.map(|room| room.map(|room| (room, confirmed)))
    );
    // Nobody was ever told no: every copy in a room's calendar is an accepted one.
    for room in [6, 7] {
        let ours = app.events(&app.mailbox(room));
        let ours: Vec<_> = ours.iter().filter(|one| one.organizer == ADELE).collect();
        let dates = if room == 6 { 3 } else { 1 };
        assert_eq!(ours.len(), dates, "{ours:?}");
        assert!(ours.iter().all(|one| one.response == "accepted"));
    }
    let own = app.events(ADELE);
    assert_eq!(own.len(), 1);
    let line = own[0].locations.concat();
    assert!(
        line.starts_with("Room 7; ") && line.ends_with(": Room 8"),
        "{line}"
    );
    app.close().await;
}

/// covers part of: N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_date_without_a_room_is_left_out_offered_when_one_is_free_and_placed_by_itself() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let theirs = take(&app, 7, at_ten(1)).await;
    let wish = SeriesWish {
        people: 17,
        ..every(1, 3)
    };
    let planned = eventually("the mirror knows", async || {
        let planned = plan(&adele, &wish).await;
        (planned.dates[1].assigned == Assigned::NoneFree).then_some(planned)
    })
    .await;
    assert_eq!(planned.dates[1].free, 0);
    place(&adele, 1, &wish).await;
    let written = written(&adele).await;
    let second = &written.dates[1];
    assert!(second.reserved.is_none() && second.is_watched);
    let copies = app.events(&app.mailbox(7));
    assert_eq!(
        copies.iter().filter(|one| one.organizer == ADELE).count(),
        1
    );

    let alex = app.at_portal(ALEX).await;
    let cancelled = alex
        .call::<ReservationView>("reservations/cancel", &json!({ "id": theirs }))
        .await;
    cancelled.unwrap();
    let engine = &app.state.engine;
    let offered = eventually("the room is offered", async || {
        engine::sync::watch_task::run(engine).await.unwrap();
        let mine: Vec<PlacedSeries> = adele.call("series/mine", &json!({})).await.unwrap();
        mine[0].dates[1].offered.clone()
    })
    .await;
    assert_eq!(offered.room, app.rooms[7].id);
    let request = json!({ "request": RetryDateRequest {
        series: written.id,
        number: 2,
        room: offered.room,
        subject: "Planning".to_owned(),
        key: ReservationId(Uuid::from_u128(0x77)),
    }});
    let strangers = alex.call::<PlacedSeries>("series/retry", &request).await;
    assert_eq!(strangers.unwrap_err().code, "not_yours");
    let placed: PlacedSeries = adele.call("series/retry", &request).await.unwrap();
    assert!(!placed.dates[1].is_watched && placed.dates[1].offered.is_none());
    eventually("its room has accepted", async || {
        let mine: Vec<PlacedSeries> = adele.call("series/mine", &json!({})).await.unwrap();
        let (_, state) = reserved(&mine[0].dates[1])?;
        (state == ReservationState::Confirmed).then_some(())
    })
    .await;
    assert_eq!(app.events(ADELE).len(), 2);
    app.close().await;
}

/// covers part of: P-08
#[tokio::test(flavor = "multi_thread")]
async fn dates_that_were_taken_meanwhile_are_named_with_the_reason_and_nothing_is_placed() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let wish = every(1, 3);
    let planned = plan(&adele, &wish).await;
    take(&app, 0, at_ten(1)).await;
    let request = place_request(1, &wish, &seen(&planned));
    let refused = adele
        .call::<PlacedSeries>("series/place", &request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "refused");
    let [date] = &refused.dates[..] else {
        panic!("{refused:?}")
    };
    assert_eq!((date.number, date.range), (2, at_ten(1)));
    assert_eq!(date.room, app.rooms[0].id);
    assert!(matches!(date.refusals[..], [Refusal::Taken { .. }]));
    let mine: Vec<PlacedSeries> = adele.call("series/mine", &json!({})).await.unwrap();
    assert_eq!(mine, []);
    assert!(app.events(ADELE).is_empty());
    // A fresh plan does with another room.
    let fresh = plan(&adele, &wish).await;
    assert_eq!(seen(&fresh), [Some(app.rooms[1].id); 3]);
    app.close().await;
}

/// covers part of: N-02
#[tokio::test(flavor = "multi_thread")]
async fn a_series_keeps_to_the_wall_over_a_clock_change_and_warns_of_what_lies_far_ahead() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let engine = &app.state.engine;
    let mut building = engine.store().buildings().await.unwrap().remove(0);
    building.zone = ZoneName("Europe/Berlin".to_owned());
    engine.store().upsert_building(&building).await.unwrap();
    engine.reload_index().await.unwrap();
    // More weeks than lie between two changes of the clocks.
    let planned = plan(&adele, &every(7, 33)).await;
    assert_eq!(planned.dates.len(), 33);
    let mut offsets: Vec<i32> = Vec::new();
    for (weeks, date) in (0..).zip(&planned.dates) {
        let ahead_ms = i64::from(date.utc_offset_minutes) * MINUTE_MS;
        let wall = at_ten(7 * weeks).shifted_ms(-ahead_ms);
        assert_eq!(date.range, wall, "ten o'clock on the wall: {date:?}");
        offsets.push(date.utc_offset_minutes);
    }
    offsets.sort_unstable();
    offsets.dedup();
    assert_eq!(offsets, [60, 120]);
    let [
        SeriesWarning::BeyondWindow {
            days: 180,
            is_assumed: true,
            first,
            dates,
        },
    ] = planned.warnings[..]
    else {
        panic!("{:?}", planned.warnings)
    };
    assert_eq!(first + dates, 34);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_that_makes_no_sense_is_refused_in_words() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let with = |change: &dyn Fn(&mut Series)| {
        let mut wish = every(1, 3);
        change(&mut wish.pattern);
        json!({ "wish": wish })
    };
    let weekless = Pattern::Weekly {
        days: Weekdays(0),
        first_weekday: 0,
    };
    let moved = SeriesWish {
        choices: vec![DateWish {
            number: 9,
            wanted: WishedFor::Skip,
        }],
        ..every(1, 3)
    };
    let table = [
        (with(&|one| one.interval = 0), "repeats every 1 to"),
        (with(&|one| one.pattern = weekless), "day of the week"),
        (with(&|one| one.first_day = 1), "over or has begun"),
        (with(&|one| one.first_day = i64::MAX), "first day"),
        (with(&|one| one.length_minutes = i64::MIN), "lasts from"),
        (with(&|one| one.end = End::After(0)), "ends before"),
        (with(&|one| one.length_minutes = 2_000), "overlap"),
        (json!({ "wish": moved }), "no date number 9"),
    ];
    for (request, words) in table {
        let refused = adele
            .call::<PlannedSeries>("series/plan", &request)
            .await
            .unwrap_err();
        assert_eq!(refused.code, "bad_request");
        assert!(refused.message.contains(words), "{}", refused.message);
    }
    let foreign = json!({ "wish": { "pattern": "fortnightly" } });
    assert_eq!(adele.post("series/plan", &foreign).await.status(), 400);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_learn_and_change_nothing_of_a_series() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let alex = app.at_portal(ALEX).await;
    let wish = every(1, 2);
    place(&adele, 1, &wish).await;
    let request = place_request(1, &wish, &[Some(app.rooms[3].id); 2]);
    let refused = alex.call::<PlacedSeries>("series/place", &request).await;
    assert_eq!(refused.unwrap_err().code, "not_yours");
    let theirs: Vec<PlacedSeries> = alex.call("series/mine", &json!({})).await.unwrap();
    assert_eq!(theirs, []);
    written(&adele).await;
    assert!(app.events(ALEX).is_empty());
    app.close().await;
}

/// The room of a date and how it stands. `None`: it was left out.
fn reserved(date: &PlacedDate) -> Option<(RoomId, ReservationState)> {
    let reserved = date.reserved.as_ref()?;
    Some((reserved.room, reserved.state))
}

/// Alex has this room then, in Outlook.
async fn take(app: &TestApp, room: usize, range: TimeRange) -> ReservationId {
    let alex = app.at_portal(ALEX).await;
    let key = 0xa1e0_0000 + room as u128;
    let request = crate::placing::place_request(app, room, range, key);
    let placed: ReservationView = alex.call("reservations/place", &request).await.unwrap();
    let settled = crate::placing::settled(&alex, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    settled.reservation.id
}
