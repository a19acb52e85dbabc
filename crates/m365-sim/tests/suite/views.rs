//! Reading events: lists, views, time zones, selections.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADELE, ROOM1, World, answer, meeting};

const DAY: &str = "startDateTime=2026-11-24T00:00:00&endDateTime=2026-11-25T00:00:00";

#[tokio::test]
async fn a_view_is_paged_by_ten_in_order_of_time() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for hour in (6..18).rev() {
        let (start, end) = (
            format!("2026-11-24T{hour:02}:00:00"),
            format!("2026-11-24T{hour:02}:30:00"),
        );
        adele.book(ROOM1, &start, &end).await;
    }
    world.sim.drain().await;
    let app = world.app().await;
    let first = app.get(&format!("users/{ROOM1}/calendarView?{DAY}")).await;
    assert_eq!(first.json["value"].as_array().unwrap().len(), 10);
    assert_eq!(
        first.json["value"][0]["start"]["dateTime"],
        "2026-11-24T06:00:00.0000000"
    );
    let second = app
        .get(first.json["@odata.nextLink"].as_str().unwrap())
        .await;
    assert_eq!(second.json["value"].as_array().unwrap().len(), 2);
    assert_eq!(
        second.json["value"][1]["start"]["dateTime"],
        "2026-11-24T17:00:00.0000000"
    );
    let wide = app
        .get(&format!(
            "users/{ROOM1}/calendar/calendarView?{DAY}&$top=50&$select=start,end"
        ))
        .await;
    assert_eq!(wide.json["value"].as_array().unwrap().len(), 12);
    assert!(wide.json["value"][0].get("subject").is_none());
}

#[tokio::test]
async fn times_are_shown_in_the_preferred_zone() {
    let world = World::contoso().await;
    let created = world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    for (zone, hour) in [
        ("W. Europe Standard Time", "10"),
        ("America/New_York", "04"),
        ("UTC", "09"),
    ] {
        let request = world.person(ADELE).request(Method::GET, &path);
        let event = answer(request.header("Prefer", format!("outlook.timezone=\"{zone}\""))).await;
        assert_eq!(
            event.json["start"]["dateTime"],
            format!("2026-11-24T{hour}:00:00.0000000")
        );
        assert_eq!(event.json["start"]["timeZone"], zone);
        assert_eq!(
            event.headers["preference-applied"],
            format!("outlook.timezone=\"{zone}\"")
        );
    }
}

#[tokio::test]
async fn an_event_written_in_a_windows_zone_happens_at_the_right_moment() {
    let world = World::contoso().await;
    let mut body = meeting(
        "Summer",
        &[ROOM1],
        "2027-07-01T09:00:00",
        "2027-07-01T10:00:00",
    );
    body["start"]["timeZone"] = json!("W. Europe Standard Time");
    body["end"]["timeZone"] = json!("Europe/Berlin");
    let created = world.person(ADELE).post("me/events", body).await;
    assert_eq!(
        created.json["start"]["dateTime"],
        "2027-07-01T07:00:00.0000000"
    );
    assert_eq!(
        created.json["end"]["dateTime"],
        "2027-07-01T08:00:00.0000000"
    );
    assert_eq!(
        created.json["originalStartTimeZone"],
        "W. Europe Standard Time"
    );
}

#[tokio::test]
async fn an_all_day_event_keeps_its_dates_in_every_zone() {
    let world = World::contoso().await;
    let mut body = meeting("Fair", &[], "2026-11-24T00:00:00", "2026-11-25T00:00:00");
    body["isAllDay"] = json!(true);
    body["start"]["timeZone"] = json!("Europe/Berlin");
    body["end"]["timeZone"] = json!("Europe/Berlin");
    let request = world
        .person(ADELE)
        .request(Method::POST, "me/events")
        .json(&body);
    let created =
        answer(request.header("Prefer", "outlook.timezone=\"Pacific Standard Time\"")).await;
    assert_eq!(
        created.json["start"]["dateTime"],
        "2026-11-24T00:00:00.0000000"
    );
    body["start"]["dateTime"] = json!("2026-11-24T08:00:00");
    assert_eq!(
        world.person(ADELE).post("me/events", body).await.status,
        400
    );
}

#[tokio::test]
async fn misspelt_properties_and_unknown_zones_are_refused() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let mut misspelt = meeting("A", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    misspelt["organiser"] = json!("me");
    let refused = adele.post("me/events", misspelt).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json["error"]["message"]
            .as_str()
            .unwrap()
            .contains("organiser")
    );
    let mut lost = meeting("A", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    lost["start"]["timeZone"] = json!("Middle Earth Standard Time");
    assert_eq!(adele.post("me/events", lost).await.status, 400);
}

#[tokio::test]
async fn a_view_longer_than_five_years_is_refused() {
    let world = World::contoso().await;
    let window = "startDateTime=2026-01-01T00:00:00Z&endDateTime=2032-01-01T00:00:00Z";
    let refused = world
        .person(ADELE)
        .get(&format!("me/calendarView?{window}"))
        .await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json["error"]["message"]
            .as_str()
            .unwrap()
            .contains("Maximum number of days: 1825")
    );
    assert_eq!(world.person(ADELE).get("me/calendarView").await.status, 400);
}

#[tokio::test]
async fn a_stale_etag_is_refused() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    let etag = created["@odata.etag"].as_str().unwrap();
    let change = |subject: &str| {
        adele
            .request(Method::PATCH, &path)
            .header("If-Match", etag)
            .json(&json!({ "subject": subject }))
    };
    assert_eq!(answer(change("First")).await.status, 200);
    let second = answer(change("Second")).await;
    assert_eq!(second.status, 412);
    assert_eq!(second.json["error"]["code"], "ErrorIrresolvableConflict");
}

#[tokio::test]
async fn every_answer_carries_request_ids() {
    let world = World::contoso().await;
    let request = world
        .person(ADELE)
        .request(Method::GET, "me")
        .header("client-request-id", "mine");
    let found = answer(request).await;
    assert_eq!(found.headers["client-request-id"], "mine");
    let refused = world.person(ADELE).get("me/events/unknown").await;
    assert_eq!(
        refused.json["error"]["innerError"]["request-id"],
        refused.headers["request-id"].to_str().unwrap()
    );
}
