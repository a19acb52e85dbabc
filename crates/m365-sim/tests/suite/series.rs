//! Repeating meetings.

use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, ROOM1, World, meeting};

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

#[tokio::test]
async fn a_series_is_one_event_and_many_in_a_view() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.post("me/events", weekly(4)).await;
    assert_eq!(created.status, 201, "{}", created.json);
    assert_eq!(created.json["type"], "seriesMaster");
    world.sim.drain().await;
    let view = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/calendarView?{WINDOW}"))
        .await;
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
    let room = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/calendarView?{WINDOW}"))
        .await;
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
    let view = adele.get(&format!("me/calendarView?{WINDOW}")).await;
    let second = format!(
        "me/events/{}",
        view.json["value"][1]["id"].as_str().unwrap()
    );
    let times = json!({
        "start": { "dateTime": "2026-12-01T13:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-12-01T14:00:00", "timeZone": "UTC" },
    });
    let moved = adele.patch(&second, times).await;
    assert_eq!(moved.json["type"], "exception", "{}", moved.json);
    world.sim.drain().await;
    let room = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/calendarView?{WINDOW}"))
        .await;
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
    let delta = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/calendarView/delta?{WINDOW}"))
        .await;
    let rows = delta.json["value"].as_array().unwrap();
    assert_eq!(rows.len(), 4);
    assert_eq!(rows[0]["type"], "seriesMaster");
    assert_eq!(rows[1]["seriesMasterId"], rows[0]["id"]);
    assert!(rows[1].get("subject").is_none() && rows[1].get("iCalUId").is_none());
}
