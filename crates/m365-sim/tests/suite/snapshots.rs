//! Going back to how things were.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, NOW, ROOM1, World, answer};

#[tokio::test]
async fn after_restoring_everything_is_as_it_was() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    book(&world, "09:00:00", "10:00:00").await;
    world.sim.drain().await;
    world
        .sim
        .faults()
        .throttle("/v1.0/me/calendar", 2, 1)
        .unwrap();
    let before = snapshot(&world).await;

    assert_eq!(adele.get("me/calendar").await.status, 429);
    book(&world, "11:00:00", "12:00:00").await;
    world.sim.drain().await;
    let only = world.sim.events(ADELE).unwrap().remove(0);
    let event = format!("mailboxes/{ADELE}/events/{}", only.id);
    world.control(Method::DELETE, &event, json!(null)).await;
    let state = json!({ "state": "onPremises" });
    let path = format!("mailboxes/{ROOM1}/state");
    world.control(Method::POST, &path, state).await;
    world
        .control(Method::POST, "clock", json!({ "advanceMs": 60_000 }))
        .await;
    world.sim.faults().throttle("/v1.0/places", 1, 1).unwrap();
    assert_ne!(snapshot(&world).await.1, before.1);

    let restored = restore(&world, before.0).await;
    assert_eq!(restored, 204);
    assert_eq!(snapshot(&world).await.1, before.1);
    assert_eq!(before.1["clock"], NOW);
    assert_eq!(adele.get("me/calendar").await.status, 429);
    assert_eq!(adele.get("me/calendar").await.status, 429);
    let events = adele.get("me/events").await.json;
    assert_eq!(events["value"][0]["id"], only.id);
}

#[tokio::test]
async fn what_was_still_to_happen_happens_again() {
    let world = World::contoso().await;
    book(&world, "09:00:00", "10:00:00").await;
    let before = world.sim.snapshot();
    for _ in 0..2 {
        assert_eq!(world.answer_of(ADELE, ROOM1), "none");
        world.sim.drain().await;
        assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
        world.sim.restore(&before);
    }
}

#[tokio::test]
async fn delta_goes_on_from_what_was_told_before_the_snapshot_and_from_nothing_later() {
    let world = World::contoso().await;
    let first =
        "me/calendarView/delta?startDateTime=2026-11-20T00:00:00Z&endDateTime=2026-12-20T00:00:00Z";
    let (_, early) = follow(&world, first).await;
    let before = snapshot(&world).await;
    book(&world, "09:00:00", "10:00:00").await;
    let (rows, late) = follow(&world, &early).await;
    assert_eq!(rows.len(), 1);

    restore(&world, before.0).await;
    assert_eq!(world.person(ADELE).get(&late).await.status, 410);
    let (rows, again) = follow(&world, &early).await;
    assert_eq!(rows, Vec::<Value>::new());
    book(&world, "14:00:00", "15:00:00").await;
    let (rows, _) = follow(&world, &again).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(world.person(ADELE).get(&late).await.status, 410);
}

#[tokio::test]
async fn what_is_made_after_restoring_is_not_taken_for_what_was_made_before() {
    let world = World::contoso().await;
    let before = world.sim.snapshot();
    let adele = world.person(ADELE);
    let (start, end) = ("2026-11-24T09:00:00", "2026-11-24T10:00:00");
    let first = adele.book(ROOM1, start, end).await;
    world.sim.restore(&before);
    let second = adele.book(ROOM1, start, end).await;
    for name in ["id", "iCalUId", "changeKey", "@odata.etag"] {
        assert_ne!(first[name], second[name], "{name}");
    }
    let path = format!("me/events/{}", second["id"].as_str().unwrap());
    let stale = adele
        .request(Method::PATCH, &path)
        .header("if-match", first["@odata.etag"].as_str().unwrap())
        .json(&json!({ "subject": "Stale" }));
    assert_eq!(answer(stale).await.status, 412);
}

#[tokio::test]
async fn snapshots_are_listed_deleted_and_not_kept_without_end() {
    let world = World::contoso().await;
    for _ in 0..16 {
        snapshot(&world).await;
    }
    let refused = world.control(Method::POST, "snapshots", json!(null)).await;
    assert_eq!(refused.status, 409);
    assert!(refused.json["error"].as_str().unwrap().contains("delete"));
    let gone = world
        .control(Method::DELETE, "snapshots/3", json!(null))
        .await;
    assert_eq!(gone.status, 204);
    let list = world.control(Method::GET, "snapshots", json!(null)).await;
    assert_eq!(list.json["value"].as_array().unwrap().len(), 15);
    assert_eq!(restore(&world, 3).await, 404);
}

async fn book(world: &World, start: &str, end: &str) {
    let at = |time: &str| format!("2026-11-24T{time}");
    world.person(ADELE).book(ROOM1, &at(start), &at(end)).await;
}

/// The number of a new snapshot, and what is in it.
async fn snapshot(world: &World) -> (u64, Value) {
    let taken = world.control(Method::POST, "snapshots", json!(null)).await;
    assert_eq!(taken.status, 201, "{}", taken.json);
    let id = taken.json["id"].as_u64().unwrap();
    let path = format!("snapshots/{id}");
    let mut shown = world.control(Method::GET, &path, json!(null)).await.json;
    shown.as_object_mut().unwrap().remove("id");
    (id, shown)
}

async fn restore(world: &World, id: u64) -> u16 {
    let path = format!("snapshots/{id}/restore");
    let answer = world.control(Method::POST, &path, json!(null)).await;
    answer.status.as_u16()
}

/// The rows of a round, and the link to the next.
async fn follow(world: &World, link: &str) -> (Vec<Value>, String) {
    let adele = world.person(ADELE);
    let mut next = link.to_owned();
    let mut rows = Vec::new();
    loop {
        let page = adele.get(&next).await;
        assert_eq!(page.status, 200, "{}", page.json);
        rows.extend(page.json["value"].as_array().unwrap().iter().cloned());
        if let Some(link) = page.json["@odata.deltaLink"].as_str() {
            return (rows, link.to_owned());
        }
        page.json["@odata.nextLink"]
            .as_str()
            .unwrap()
            .clone_into(&mut next);
    }
}
