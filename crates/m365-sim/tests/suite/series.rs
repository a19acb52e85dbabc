//! Repeating meetings.

use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Answer, Client, ROOM1, World, meeting};

/// A meeting in room 1 on Tuesdays at nine, from 24 November 2026 on.
pub(crate) fn weekly(occurrences: u32) -> Value {
    let mut body = meeting(
        "Weekly review",
        &[ROOM1],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    body["recurrence"] = json!({
        "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["Tuesday"] },
        "range": { "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": occurrences },
    });
    body
}

pub(crate) const WINDOW: &str =
    "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-12-31T00:00:00Z";

/// What is in room 1 by the window's time, as the application sees it.
async fn room_view(world: &World) -> Answer {
    let path = format!("users/{ROOM1}/calendarView?{WINDOW}");
    world.app().await.get(&path).await
}

/// The path of the second event in somebody's own window.
async fn second_occurrence(client: &Client<'_>) -> String {
    let view = client.get(&format!("me/calendarView?{WINDOW}")).await;
    format!(
        "me/events/{}",
        view.json["value"][1]["id"].as_str().unwrap()
    )
}

#[tokio::test]
async fn a_series_is_one_event_and_many_in_a_view() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.post("me/events", weekly(4)).await;
    assert_eq!(created.status, 201, "{}", created.json);
    assert_eq!(created.json["type"], "seriesMaster");
    world.sim.drain().await;
    let view = room_view(&world).await;
    let occurrences = view.json["value"].as_array().unwrap();
    assert_eq!(occurrences.len(), 4);
    assert_eq!(
        occurrences[3]["start"]["dateTime"],
        "2026-12-15T09:00:00.0000000"
    );
    assert!(
        occurrences
            .iter()
            .all(|one| one["type"] == "occurrence" && one["subject"] == "Adele Vance")
    );
    assert_ne!(occurrences[0]["iCalUId"], occurrences[1]["iCalUId"]);
    let id = created.json["id"].as_str().unwrap();
    let instances = adele
        .get(&format!("me/events/{id}/instances?{WINDOW}"))
        .await;
    assert_eq!(instances.json["value"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn one_conflict_declines_the_whole_series() {
    let world = World::contoso().await;
    world
        .person(ALEX)
        .book(ROOM1, "2026-12-08T09:30:00", "2026-12-08T10:30:00")
        .await;
    world.person(ADELE).post("me/events", weekly(4)).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "declined");
    assert_eq!(world.only_event(ROOM1).organizer, ALEX);
}

#[tokio::test]
async fn a_series_beyond_the_booking_window_is_declined() {
    let world = World::contoso().await;
    let mut endless = weekly(1);
    endless["recurrence"]["range"] = json!({ "type": "noEnd", "startDate": "2026-11-24" });
    world.person(ADELE).post("me/events", endless).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "declined");
}

#[tokio::test]
async fn a_cancelled_occurrence_frees_only_its_own_time() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    adele.post("me/events", weekly(3)).await;
    world.sim.drain().await;
    let view = adele.get(&format!("me/calendarView?{WINDOW}")).await;
    let second = view.json["value"][1]["id"].as_str().unwrap();
    let cancelled = adele
        .post(&format!("me/events/{second}/cancel"), json!({}))
        .await;
    assert_eq!(cancelled.status, 202);
    assert_eq!(adele.get(&format!("me/events/{second}")).await.status, 404);
    let room = room_view(&world).await;
    let kept: Vec<_> = room.json["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["isCancelled"].clone(), one["showAs"].clone()))
        .collect();
    let (held, off) = ((json!(false), json!("busy")), (json!(true), json!("free")));
    assert_eq!(kept, [held.clone(), off, held]);
    world
        .person(ALEX)
        .book(ROOM1, "2026-12-01T09:00:00", "2026-12-01T10:00:00")
        .await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ALEX, ROOM1), "accepted");
}

#[tokio::test]
async fn a_moved_occurrence_is_an_exception() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    adele.post("me/events", weekly(3)).await;
    let second = second_occurrence(&adele).await;
    let times = json!({
        "start": { "dateTime": "2026-12-01T13:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-12-01T14:00:00", "timeZone": "UTC" },
    });
    let moved = adele.patch(&second, times).await;
    assert_eq!(moved.json["type"], "exception", "{}", moved.json);
    world.sim.drain().await;
    let room = room_view(&world).await;
    assert_eq!(
        room.json["value"][1]["start"]["dateTime"],
        "2026-12-01T13:00:00.0000000"
    );
}

#[tokio::test]
async fn delta_shows_the_master_whole_and_occurrences_bare() {
    let world = World::contoso().await;
    world.person(ADELE).post("me/events", weekly(3)).await;
    world.sim.drain().await;
    let app = world.app().await;
    let first = app
        .get(&format!("users/{ROOM1}/calendarView/delta?{WINDOW}"))
        .await;
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let delta = app.get(next).await;
    let rows = delta.json["value"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["type"], "seriesMaster");
    assert_eq!(rows[1]["seriesMasterId"], rows[0]["id"]);
    assert!(rows[1].get("subject").is_none() && rows[1].get("iCalUId").is_none());
}

/// The first start of each meeting in Adele's calendar in a window.
async fn starts(world: &World, window: &str) -> Vec<String> {
    let path = format!("me/calendarView?{window}&$top=100");
    let view = world.person(ADELE).get(&path).await;
    let events = view.json["value"].as_array().unwrap().iter();
    events
        .map(|one| one["start"]["dateTime"].as_str().unwrap()[..16].to_owned())
        .collect()
}

#[tokio::test]
async fn equal_times_and_an_equal_pattern_drop_no_exceptions_and_another_pattern_drops_them() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.post("me/events", weekly(4)).await;
    world.sim.drain().await;
    let path = format!("me/events/{}", created.json["id"].as_str().unwrap());
    let second = second_occurrence(&adele).await;
    let times = json!({
        "start": { "dateTime": "2026-12-01T13:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-12-01T14:00:00", "timeZone": "UTC" },
    });
    adele.patch(&second, times).await;
    world.sim.drain().await;
    let read = adele.get(&path).await.json;
    let equal = json!({
        "start": read["start"], "end": read["end"], "recurrence": read["recurrence"], "subject": "Renamed",
    });
    let kept = adele.patch(&path, equal).await;
    assert_eq!(kept.status, 200, "{}", kept.json);
    assert_eq!(kept.json["attendees"][0]["status"]["response"], "accepted");
    assert_eq!(starts(&world, WINDOW).await[1], "2026-12-01T13:00");
    let mut shorter = read["recurrence"].clone();
    shorter["range"]["numberOfOccurrences"] = json!(3);
    adele.patch(&path, json!({ "recurrence": shorter })).await;
    assert_eq!(
        starts(&world, WINDOW).await,
        ["2026-11-24T09:00", "2026-12-01T13:00", "2026-12-08T09:00"]
    );
    let mut rarer = read["recurrence"].clone();
    rarer["pattern"]["interval"] = json!(2);
    rarer["range"]["numberOfOccurrences"] = json!(2);
    adele.patch(&path, json!({ "recurrence": rarer })).await;
    assert_eq!(
        starts(&world, WINDOW).await,
        ["2026-11-24T09:00", "2026-12-08T09:00"]
    );
    world.sim.drain().await;
    let room = room_view(&world).await;
    assert_eq!(room.json["value"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_series_without_end_reaches_windows_years_away() {
    let world = World::contoso().await;
    let mut daily = weekly(1);
    daily["attendees"] = json!([]);
    daily["recurrence"] = json!({
        "pattern": { "type": "daily", "interval": 1 },
        "range": { "type": "noEnd", "startDate": "2026-11-24" },
    });
    world.person(ADELE).post("me/events", daily).await;
    let window = "startDateTime=2031-03-03T00:00:00Z&endDateTime=2031-03-06T00:00:00Z";
    assert_eq!(
        starts(&world, window).await,
        ["2031-03-03T09:00", "2031-03-04T09:00", "2031-03-05T09:00"]
    );
}

#[tokio::test]
async fn patterns_that_cannot_be_are_refused() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let monthly = |day: u32| json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": day });
    let yearly = json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 1, "month": 13 });
    let weekly_pattern = weekly(1)["recurrence"]["pattern"].clone();
    let numbered = |count: u32| json!({ "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": count });
    let ended = json!({ "type": "endDate", "startDate": "2026-11-24", "endDate": "2026-11-23" });
    for (pattern, range, status) in [
        (weekly_pattern.clone(), numbered(999), 201),
        (weekly_pattern.clone(), numbered(1_000), 400),
        (weekly_pattern.clone(), numbered(0), 400),
        (weekly_pattern, ended, 400),
        (monthly(31), numbered(2), 201),
        (monthly(32), numbered(2), 400),
        (yearly, numbered(2), 400),
    ] {
        let mut body = weekly(1);
        body["recurrence"] = json!({ "pattern": pattern, "range": range });
        let answer = adele.post("me/events", body).await;
        assert_eq!(answer.status, status, "{pattern} {range}: {}", answer.json);
    }
}

#[tokio::test]
async fn parts_that_a_recurrence_lacks_or_does_not_know_are_refused_by_name() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for (part, property, value) in [
        ("range", "startDate", json!(null)),
        ("range", "startDate", json!("bogus")),
        ("range", "recurrenceTimeZone", json!(5)),
        ("range", "bogus", json!(1)),
        ("pattern", "interval", json!(null)),
        ("pattern", "interval", json!(u32::MAX)),
        ("pattern", "firstDayOfWeek", json!("bogus")),
        ("pattern", "daysOfWeek", json!("Tuesday")),
        ("pattern", "index", json!("bogus")),
        ("pattern", "dayOfMonth", json!(32)),
        ("pattern", "bogus", json!(1)),
    ] {
        let mut body = weekly(2);
        body["recurrence"][part][property] = value;
        let refused = adele.post("me/events", body).await;
        assert_eq!(refused.status, 400, "{property}: {}", refused.json);
        let told = refused.json["error"]["message"].as_str().unwrap();
        assert!(told.contains(&format!("'{property}'")), "{told}");
    }
    let mut dayless = weekly(2);
    dayless["recurrence"]["pattern"] = json!({ "type": "absoluteMonthly", "interval": 1 });
    assert_eq!(adele.post("me/events", dayless).await.status, 400);
}

#[tokio::test]
async fn a_series_begins_with_the_first_date_of_its_pattern() {
    let world = World::contoso().await;
    let mut body = weekly(2);
    body["recurrence"]["pattern"]["daysOfWeek"] = json!(["Thursday"]);
    let created = world.person(ADELE).post("me/events", body).await;
    assert_eq!(
        created.json["start"]["dateTime"],
        "2026-11-26T09:00:00.0000000"
    );
    assert_eq!(
        created.json["recurrence"]["range"]["startDate"],
        "2026-11-26"
    );
    assert_eq!(
        starts(&world, WINDOW).await,
        ["2026-11-26T09:00", "2026-12-03T09:00"]
    );
}

#[tokio::test]
async fn a_series_keeps_to_the_clock_of_its_own_zone() {
    let world = World::contoso().await;
    let series = |zone: &str, start: &str, end: &str, of: Option<&str>| {
        let mut body = meeting("Night shift", &[], start, end);
        body["start"]["timeZone"] = json!(zone);
        body["end"]["timeZone"] = json!(zone);
        body["recurrence"] = json!({
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "numbered", "startDate": &start[..10], "numberOfOccurrences": 3 },
        });
        if let Some(zone) = of {
            body["recurrence"]["range"]["recurrenceTimeZone"] = json!(zone);
        }
        body
    };
    let window = "startDateTime=2027-03-01T00:00:00Z&endDateTime=2027-04-15T00:00:00Z";
    // Berlin skips from two to three on 28 March 2027, New York two weeks earlier.
    let berlin = "W. Europe Standard Time";
    let cases = [
        (
            series(berlin, "2027-03-27T02:30:00", "2027-03-27T03:30:00", None),
            ["2027-03-27T01:30", "2027-03-28T01:30", "2027-03-29T00:30"],
        ),
        (
            series(
                "UTC",
                "2027-03-27T08:00:00",
                "2027-03-27T09:00:00",
                Some("Europe/Berlin"),
            ),
            ["2027-03-27T08:00", "2027-03-28T07:00", "2027-03-29T07:00"],
        ),
    ];
    for (body, expected) in cases {
        let created = world.person(ADELE).post("me/events", body).await;
        assert_eq!(created.status, 201, "{}", created.json);
        let zone = &created.json["recurrence"]["range"]["recurrenceTimeZone"];
        assert!([json!(berlin), json!("Europe/Berlin")].contains(zone));
        assert_eq!(starts(&world, window).await, expected);
        let path = format!("me/events/{}", created.json["id"].as_str().unwrap());
        world.person(ADELE).delete(&path).await;
    }
}

#[tokio::test]
async fn an_occurrence_whose_start_the_clock_skips_keeps_its_length() {
    let world = World::contoso().await;
    let mut body = meeting(
        "Night watch",
        &[],
        "2027-03-26T02:45:00",
        "2027-03-26T03:15:00",
    );
    for end in ["start", "end"] {
        body[end]["timeZone"] = json!("W. Europe Standard Time");
    }
    body["recurrence"] = json!({
        "pattern": { "type": "daily", "interval": 1 },
        "range": { "type": "numbered", "startDate": "2027-03-26", "numberOfOccurrences": 4 },
    });
    let adele = world.person(ADELE);
    assert_eq!(adele.post("me/events", body).await.status, 201);
    let day = "me/calendarView?startDateTime=2027-03-27T22:00:00Z&endDateTime=2027-03-28T22:00:00Z";
    let view = adele.get(day).await.json;
    let only = &view["value"][0];
    assert_eq!(only["start"]["dateTime"], "2027-03-28T01:45:00.0000000");
    assert_eq!(only["end"]["dateTime"], "2027-03-28T02:15:00.0000000");
}

#[tokio::test]
async fn a_pattern_that_makes_no_sense_is_refused() {
    let world = World::contoso().await;
    for (property, value) in [("interval", json!(-5)), ("daysOfWeek", json!(["funday"]))] {
        let mut body = weekly(3);
        body["recurrence"]["pattern"][property] = value;
        let refused = world.person(ADELE).post("me/events", body).await;
        assert_eq!(refused.status, 400, "{property}");
        let message = refused.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(property), "{message}");
    }
}
