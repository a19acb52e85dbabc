//! What a mailbox tells of itself: its calendars and its settings.

use reqwest::Method;
use serde_json::json;

use crate::support::{ADELE, ALEX, ROOM1, World, answer, meeting};

#[tokio::test]
async fn a_mailbox_lists_its_calendar_whose_id_leads_to_the_same_events() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let calendars = adele.get("me/calendars").await;
    assert_eq!(calendars.status, 200, "{}", calendars.json);
    let calendar = &calendars.json["value"][0];
    assert_eq!(calendar["name"], "Calendar");
    assert_eq!(
        calendar,
        &without_context(adele.get("me/calendar").await.json)
    );
    let id = calendar["id"].as_str().unwrap();

    let body = meeting(
        "By calendar",
        &[],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    let created = adele.post(&format!("me/calendars/{id}/events"), body).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let view = "calendarView?startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    let seen = adele.get(&format!("me/calendars('{id}')/{view}")).await;
    assert_eq!(seen.json["value"][0]["id"], created.json["id"]);
    let filtered = adele.get("me/calendars?$filter=name eq 'Holidays'").await;
    assert_eq!(filtered.json["value"], json!([]));
}

#[tokio::test]
async fn settings_are_read_whole_or_one_by_one_and_by_their_owner_only() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let whole = adele.get("me/mailboxSettings").await;
    assert_eq!(whole.status, 200, "{}", whole.json);
    assert_eq!(whole.json["timeZone"], "W. Europe Standard Time");
    let hours = adele.get("me/mailboxSettings/workingHours").await;
    assert_eq!(hours.json["startTime"], "08:00:00.0000000");
    let zone = adele.get("me/mailboxSettings/timeZone").await;
    assert_eq!(zone.json["value"], "W. Europe Standard Time");
    let purpose = format!("users/{ROOM1}/mailboxSettings/userPurpose");
    assert_eq!(world.app().await.get(&purpose).await.json["value"], "room");

    let others = adele.get(&format!("users/{ALEX}/mailboxSettings")).await;
    assert_eq!(others.status, 403);
    let changed = adele
        .patch("me/mailboxSettings", json!({ "timeZone": "UTC" }))
        .await;
    assert_eq!(changed.status, 501);
}

#[tokio::test]
async fn people_are_counted_as_plain_text_for_those_who_accept_a_lagging_index() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let count = adele
        .request(Method::GET, "users/$count")
        .header("ConsistencyLevel", "eventual");
    let counted = answer(count).await;
    assert_eq!(counted.headers["content-type"], "text/plain");
    assert_eq!(counted.json, 14);
    assert_eq!(adele.get("users/$count").await.status, 400);
}

#[tokio::test]
async fn what_is_kept_outside_the_directory_cannot_be_listed() {
    let world = World::contoso().await;
    let listed = world
        .person(ADELE)
        .get("users/?$select=displayName,skills")
        .await;
    assert_eq!(listed.status, 501);
    assert_eq!(listed.json["error"]["code"], "NotImplemented");
}

fn without_context(mut json: serde_json::Value) -> serde_json::Value {
    json.as_object_mut().unwrap().remove("@odata.context");
    json
}
