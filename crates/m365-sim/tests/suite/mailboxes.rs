//! Mailboxes that are not in Exchange Online, or not any more.

use m365_sim::MailboxState;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Answer, ROOM1, World};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";
const DAY: &str = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";

fn schedule_of(address: &str) -> Value {
    json!({
        "schedules": [address],
        "startTime": { "dateTime": "2026-11-24T00:00:00", "timeZone": "UTC" },
        "endTime": { "dateTime": "2026-11-25T00:00:00", "timeZone": "UTC" },
    })
}

fn assert_not_enabled(answer: &Answer) {
    assert_eq!(answer.status, 404, "{}", answer.json);
    assert_eq!(answer.json["error"]["code"], "MailboxNotEnabledForRESTAPI");
    assert_eq!(
        answer.json["error"]["message"],
        "The mailbox is either inactive, soft-deleted, or is hosted on-premise."
    );
}

#[tokio::test]
async fn of_a_mailbox_on_premises_only_free_and_busy_can_be_read() {
    let world = World::contoso().await;
    let moved = json!({ "state": "onPremises" });
    let path = format!("mailboxes/{ROOM1}/state");
    assert_eq!(world.control(Method::POST, &path, moved).await.status, 204);
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
    let app = world.app().await;
    for path in [
        format!("users/{ROOM1}/events"),
        format!("users/{ROOM1}/calendarView?{DAY}"),
        format!("users/{ROOM1}/calendarView/delta?{DAY}"),
        format!("users/{ROOM1}/events/some-id"),
    ] {
        assert_not_enabled(&app.get(&path).await);
    }
    let through_it = format!("users/{ROOM1}/calendar/getSchedule");
    assert_not_enabled(&app.post(&through_it, schedule_of(ROOM1)).await);
    let subscription = json!({
        "changeType": "updated", "resource": format!("users/{ROOM1}/events"),
        "notificationUrl": "http://127.0.0.1:9/", "expirationDateTime": "2026-11-21T08:00:00Z",
    });
    assert_not_enabled(&app.post("subscriptions", subscription).await);
    let through_adele = format!("users/{ADELE}/calendar/getSchedule");
    let schedule = app.post(&through_adele, schedule_of(ROOM1)).await;
    assert_eq!(
        schedule.json["value"][0]["scheduleItems"][0]["status"],
        "busy"
    );
    assert_eq!(app.get(&format!("users/{ROOM1}")).await.status, 200);
}

#[tokio::test]
async fn the_meetings_of_somebody_gone_stay_in_the_rooms() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world.sim.drain().await;
    world
        .person(ADELE)
        .book(ROOM1, TEN, "2026-11-24T11:00:00")
        .await;
    world
        .sim
        .set_mailbox_state(ADELE, MailboxState::SoftDeleted)
        .unwrap();
    world.sim.drain().await;
    let app = world.app().await;
    assert_not_enabled(&app.get(&format!("users/{ADELE}/events")).await);
    let gone = app.get(&format!("users/{ADELE}")).await;
    assert_eq!(gone.json["error"]["code"], "Request_ResourceNotFound");
    let through_alex = format!("users/{ALEX}/calendar/getSchedule");
    let schedule = app.post(&through_alex, schedule_of(ADELE)).await;
    assert_eq!(schedule.json["value"][0]["error"]["responseCode"], "5009");
    let room = app.get(&format!("users/{ROOM1}/calendarView?{DAY}")).await;
    let kept = room.json["value"].as_array().unwrap();
    assert_eq!(kept.len(), 2);
    let id = kept[0]["id"].as_str().unwrap();
    let declined = app
        .post(&format!("users/{ROOM1}/events/{id}/decline"), json!({}))
        .await;
    assert_eq!(declined.status, 202, "{}", declined.json);
    let left = app.get(&format!("users/{ROOM1}/calendarView?{DAY}")).await;
    assert_eq!(left.json["value"].as_array().unwrap().len(), 1);
}
