//! Ordinary and immutable ids.

use reqwest::Method;
use serde_json::{Value, json};

use crate::series::{WINDOW, weekly};
use crate::support::{ADELE, Answer, Client, ROOM1, World, answer};

const IMMUTABLE: &str = "IdType=\"ImmutableId\"";

async fn immutably(client: &Client<'_>, method: Method, path: &str) -> Answer {
    answer(client.request(method, path).header("Prefer", IMMUTABLE)).await
}

fn id_of(event: &Value) -> String {
    event["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn immutable_ids_are_other_ids_of_the_same_items() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let ordinary = id_of(&created);
    let read = immutably(&adele, Method::GET, &format!("me/events/{ordinary}")).await;
    assert_eq!(read.headers["preference-applied"], IMMUTABLE);
    let immutable = id_of(&read.json);
    assert_ne!(immutable, ordinary);
    assert_eq!(read.json["changeKey"], created["changeKey"]);
    let view = world.only_event(ADELE);
    assert_eq!(
        (view.id, view.immutable_id),
        (ordinary.clone(), immutable.clone())
    );
    let back = adele.get(&format!("me/events/{immutable}")).await;
    assert_eq!(id_of(&back.json), ordinary);
    let listed = immutably(&adele, Method::GET, "me/events").await;
    assert_eq!(id_of(&listed.json["value"][0]), immutable);
    let gone = immutably(&adele, Method::DELETE, &format!("me/events/{immutable}")).await;
    assert_eq!(gone.status, 204);
    assert!(world.sim.events(ADELE).unwrap().is_empty());
}

#[tokio::test]
async fn occurrences_and_changes_have_ids_of_the_kind_asked_for() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.post("me/events", weekly(2)).await;
    let master = world.only_event(ADELE);
    assert_eq!(id_of(&created.json), master.id);
    let path = format!("me/calendarView?{WINDOW}");
    let view = immutably(&adele, Method::GET, &path).await;
    let second = &view.json["value"][1];
    assert_eq!(second["seriesMasterId"], master.immutable_id);
    let ordinary = adele.get(&format!("me/events/{}", id_of(second))).await;
    assert_eq!(ordinary.json["start"], second["start"]);
    assert_eq!(ordinary.json["seriesMasterId"], master.id);
    let first = adele.get(&format!("me/calendarView/delta?{WINDOW}")).await;
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let rows = immutably(&adele, Method::GET, next).await;
    assert_eq!(rows.json["value"][0]["id"], master.immutable_id);
    assert_eq!(rows.json["value"][1]["seriesMasterId"], master.immutable_id);
    adele.delete(&format!("me/events/{}", master.id)).await;
    let link = rows.json["@odata.deltaLink"].as_str().unwrap();
    let removed = immutably(&adele, Method::GET, link).await;
    assert_eq!(removed.json["value"][0]["id"], json!(master.immutable_id));
}

#[tokio::test]
async fn requests_that_are_refused_or_repeated_do_not_move_the_ids_of_events() {
    let (calm, busy) = (World::contoso().await, World::contoso().await);
    let fault = json!({
        "match": { "path": "/v1.0/me/events" },
        "action": { "kind": "status", "status": 503, "code": "ServiceUnavailable" },
        "count": 2,
    });
    busy.control(Method::POST, "faults", fault).await;
    for _ in 0..2 {
        assert_eq!(busy.person(ADELE).get("me/events").await.status, 503);
    }
    assert_eq!(busy.app().await.get("places/graph.room").await.status, 200);
    let mut ids = Vec::new();
    for world in [&calm, &busy] {
        let adele = world.person(ADELE);
        adele
            .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
            .await;
        ids.push((world.only_event(ADELE).id, world.only_event(ROOM1).id));
    }
    assert_eq!(ids[0], ids[1]);
}
