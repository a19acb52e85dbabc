//! calendarView/delta.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Client, ROOM1, World, answer};

const WINDOW: &str = "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-12-23T00:00:00Z";

/// All rows of a round and its delta link, read in pages of `size`.
async fn round(client: &Client<'_>, link: &str, size: usize) -> (Vec<Value>, String) {
    let (mut rows, mut link) = (Vec::new(), link.to_owned());
    loop {
        let request = client.request(Method::GET, &link);
        let page = answer(request.header("Prefer", format!("odata.maxpagesize={size}"))).await;
        assert_eq!(page.status, 200, "{}", page.json);
        let value = page.json["value"].as_array().unwrap();
        assert!(value.len() <= size);
        rows.extend(value.iter().cloned());
        if let Some(delta) = page.json["@odata.deltaLink"].as_str() {
            return (rows, delta.to_owned());
        }
        link = page.json["@odata.nextLink"].as_str().unwrap().to_owned();
    }
}

fn start() -> String {
    format!("users/{ROOM1}/calendarView/delta()?{WINDOW}")
}

async fn book_days(world: &World, days: std::ops::Range<u32>) {
    for day in days {
        let (start, end) = (
            format!("2026-11-{day}T09:00:00"),
            format!("2026-11-{day}T10:00:00"),
        );
        world.person(ADELE).book(ROOM1, &start, &end).await;
    }
    world.sim.drain().await;
}

#[tokio::test]
async fn a_first_round_holds_everything_in_the_window_once() {
    let world = World::contoso().await;
    book_days(&world, 24..29).await;
    let app = world.app().await;
    for size in [1, 2, 50] {
        let (rows, link) = round(&app, &start(), size).await;
        assert_eq!(rows.len(), 5);
        assert!(
            rows.iter()
                .all(|row| row["@odata.type"] == "#microsoft.graph.event")
        );
        assert!(link.starts_with(&format!(
            "{}/v1.0/users/{ROOM1}/calendarView/delta()?",
            world.sim.url()
        )));
        let (again, _) = round(&app, &link, size).await;
        assert!(again.is_empty());
    }
}

#[tokio::test]
async fn a_later_round_holds_what_changed_and_what_went() {
    let world = World::contoso().await;
    book_days(&world, 24..27).await;
    let app = world.app().await;
    let (rows, link) = round(&app, &start(), 50).await;
    let gone = rows[0]["id"].as_str().unwrap();
    app.delete(&format!("users/{ROOM1}/events/{gone}")).await;
    world
        .person(ALEX)
        .book(ROOM1, "2026-11-27T09:00:00", "2026-11-27T10:00:00")
        .await;
    let (changes, link) = round(&app, &link, 50).await;
    assert_eq!(changes.len(), 2);
    assert_eq!(
        (&changes[0]["id"], &changes[0]["@removed"]["reason"]),
        (&json!(gone), &json!("deleted"))
    );
    assert_eq!(changes[1]["responseStatus"]["response"], "notResponded");
    world.sim.drain().await;
    let (answered, _) = round(&app, &link, 50).await;
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0]["responseStatus"]["response"], "accepted");
    assert_eq!(answered[0]["subject"], "Alex Wilber");
}

#[tokio::test]
async fn a_change_during_a_round_is_not_lost() {
    let world = World::contoso().await;
    book_days(&world, 24..28).await;
    let app = world.app().await;
    let request = app
        .request(Method::GET, &start())
        .header("Prefer", "odata.maxpagesize=2");
    let first = answer(request).await;
    let shown = first.json["value"][0]["id"].as_str().unwrap();
    app.delete(&format!("users/{ROOM1}/events/{shown}")).await;
    book_days(&world, 28..29).await;
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let (rest, link) = round(&app, next, 2).await;
    let (later, _) = round(&app, &link, 2).await;
    let all: Vec<&Value> = rest.iter().chain(&later).collect();
    assert!(
        all.iter()
            .any(|row| row["id"] == shown && row.get("@removed").is_some()),
        "{all:#?}"
    );
    assert_eq!(
        all.iter()
            .filter(|row| row.get("@removed").is_none())
            .count(),
        3
    );
}

#[tokio::test]
async fn a_touched_event_outside_the_window_is_reported_as_removed() {
    let world = World::contoso().await;
    let app = world.app().await;
    let (_, link) = round(&app, &start(), 50).await;
    world
        .person(ADELE)
        .book(ROOM1, "2027-02-01T09:00:00", "2027-02-01T10:00:00")
        .await;
    let (rows, _) = round(&app, &link, 50).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["@removed"]["reason"], "deleted");
}

#[tokio::test]
async fn unknown_and_expired_tokens_are_gone() {
    let world = World::contoso().await;
    let app = world.app().await;
    let (_, link) = round(&app, &start(), 50).await;
    let unknown = app
        .get(&format!("users/{ROOM1}/calendarView/delta?$deltatoken=abc"))
        .await;
    assert_eq!(unknown.status, 410);
    assert_eq!(unknown.json["error"]["code"], "SyncStateNotFound");
    world.sim.expire_delta_tokens();
    assert_eq!(app.get(&link).await.status, 410);
    assert!(round(&app, &start(), 50).await.0.is_empty());
}

#[tokio::test]
async fn query_options_are_refused() {
    let world = World::contoso().await;
    let refused = world
        .app()
        .await
        .get(&format!("{}&$select=subject", start()))
        .await;
    assert_eq!(refused.status, 400);
    let events = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/events/delta?{WINDOW}"))
        .await;
    assert_eq!(events.status, 400);
}
