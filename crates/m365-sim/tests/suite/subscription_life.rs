//! What happens to subscriptions without their owners, and to notifications that nobody takes.

use jiff::SignedDuration;
use m365_sim::{
    AccessPolicy, AccessRight, Consent, ExchangeAccess, MailboxState, Scenario, StepReport,
};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::subscriptions::order;
use crate::support::{ADELE, ROOM1, World, meeting};

/// What the lifecycle notifications among these say.
fn events_of_life(received: &[Value]) -> Vec<String> {
    let entries = received.iter().map(|one| &one["value"][0]);
    entries
        .filter_map(|entry| entry["lifecycleEvent"].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn lifecycle_notifications_reach_their_own_address() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let body = json!({ "subscriptionId": created.json["id"], "event": "missed" });
    let queued = world
        .control(reqwest::Method::POST, "lifecycle", body)
        .await;
    assert_eq!(queued.status, 204, "{}", queued.json);
    world.sim.drain().await;
    assert_eq!(receiver.take()[0]["value"][0]["lifecycleEvent"], "missed");
}

#[tokio::test]
async fn an_app_is_asked_once_to_renew_before_the_end() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    world.sim.drain().await;
    assert!(receiver.take().is_empty());
    let at = |time: &str| world.sim.clock().set(time.parse().unwrap());
    at("2026-11-21T23:40:00Z");
    world.sim.drain().await;
    let received = receiver.take();
    assert_eq!(events_of_life(&received), ["reauthorizationRequired"]);
    let entry = &received[0]["value"][0];
    assert!(entry.get("resource").is_none() && entry.get("resourceData").is_none());
    let app = world.app().await;
    let asked = app.post(&format!("{path}/reauthorize"), json!({})).await;
    assert_eq!(asked.status, 204, "{}", asked.json);
    world.sim.drain().await;
    assert!(receiver.take().is_empty());
    let later = json!({ "expirationDateTime": "2026-11-23T00:00:00Z" });
    assert_eq!(app.patch(&path, later.clone()).await.status, 200);
    at("2026-11-22T23:45:00Z");
    world.sim.drain().await;
    let received = receiver.take();
    assert_eq!(events_of_life(&received), ["reauthorizationRequired"]);
    at("2026-11-23T00:00:01Z");
    let app = world.app().await;
    assert_eq!(app.patch(&path, later).await.status, 404);
}

#[tokio::test]
async fn what_was_given_up_is_told_as_missed_once() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let mut body = order(&receiver, "broken");
    body["lifecycleNotificationUrl"] = json!(format!("{}/good", receiver.url));
    let created = app.post("subscriptions", body).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let mut told = Vec::new();
    for hour in ["09", "11"] {
        let (start, end) = (
            format!("2026-11-24T{hour}:00:00"),
            format!("2026-11-24T{hour}:30:00"),
        );
        let block = meeting("Block", &[], &start, &end);
        let app = world.app().await;
        app.post(&format!("users/{ROOM1}/events"), block).await;
        world.sim.drain().await;
        assert!(receiver.take().is_empty(), "{hour}");
        world.sim.clock().advance(SignedDuration::from_hours(4));
        world.sim.drain().await;
        told.extend(events_of_life(&receiver.take()));
    }
    assert_eq!(told, ["missed"]);
}

/// The minutes after a change at which its notification is posted, while the clock goes on; all are refused.
async fn minutes_of_attempts(world: &World) -> Vec<i64> {
    let mut minutes = Vec::new();
    for second in (0..5 * 3_600).step_by(2) {
        for report in world.sim.drain().await {
            if let StepReport::Notification { status, .. } = report {
                assert_eq!(status, Some(503));
                minutes.push(second / 60);
            }
        }
        world.sim.clock().advance(SignedDuration::from_secs(2));
    }
    minutes
}

#[tokio::test]
async fn what_is_refused_is_tried_for_four_hours_with_growing_pauses() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let mut body = order(&receiver, "broken");
    body.as_object_mut()
        .unwrap()
        .remove("lifecycleNotificationUrl");
    app.post("subscriptions", body).await;
    let block = meeting("Block", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    app.post(&format!("users/{ROOM1}/events"), block).await;
    let minutes = minutes_of_attempts(&world).await;
    assert_eq!(
        minutes,
        [
            0, 0, 0, 0, 0, 1, 2, 4, 8, 17, 34, 64, 94, 124, 154, 184, 214
        ]
    );
}

#[tokio::test]
async fn an_owner_whose_permission_is_taken_away_is_asked_once_to_reauthorize() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    app.post("subscriptions", order(&receiver, "good")).await;
    let client_id = Scenario::CONTOSO_CLIENT_ID;
    let consent = |permissions: &[&str]| Consent {
        application_permissions: Some(permissions.iter().map(ToString::to_string).collect()),
        ..Consent::default()
    };
    let denying = ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right: AccessRight::DenyAccess,
            mailboxes: vec![ROOM1.to_owned()],
        }),
        ..ExchangeAccess::default()
    };
    let told = async || {
        world.sim.drain().await;
        world.sim.drain().await;
        events_of_life(&receiver.take())
    };
    for round in ["policy", "consent"] {
        assert_eq!(told().await, [""; 0], "{round}");
        if round == "policy" {
            let set = world.sim.set_exchange_access(client_id, denying.clone());
            set.unwrap();
        } else {
            let set = world
                .sim
                .set_consent(client_id, consent(&["Place.Read.All"]));
            set.unwrap();
        }
        assert_eq!(told().await, ["reauthorizationRequired"], "{round}");
        let access = ExchangeAccess::default();
        world.sim.set_exchange_access(client_id, access).unwrap();
        let all = consent(&["Calendars.Read", "Calendars.ReadWrite"]);
        world.sim.set_consent(client_id, all).unwrap();
        assert_eq!(told().await, [""; 0], "{round}");
    }
    let later = json!({ "access": { "policy": denying.policy }, "applyAfterMinutes": 30 });
    let path = format!("apps/{client_id}/exchange-access");
    world.control(reqwest::Method::POST, &path, later).await;
    assert_eq!(told().await, [""; 0]);
    world.sim.clock().advance(SignedDuration::from_mins(30));
    assert_eq!(told().await, ["reauthorizationRequired"]);
    let path = format!("apps/{client_id}/consent");
    let nothing = json!({ "applicationPermissions": [] });
    let withdrawn = world.control(reqwest::Method::POST, &path, nothing).await;
    assert_eq!(withdrawn.status, 204, "{}", withdrawn.json);
    assert_eq!(world.app().await.get("places/graph.room").await.status, 403);
}

#[tokio::test]
async fn a_mailbox_that_leaves_takes_its_subscriptions_along() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    world
        .sim
        .set_mailbox_state(ROOM1, MailboxState::OnPremises)
        .unwrap();
    world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    world.sim.drain().await;
    let received = receiver.take();
    assert_eq!(received.len(), 1);
    assert_eq!(events_of_life(&received), ["subscriptionRemoved"]);
    assert_eq!(app.get(&path).await.status, 404);
}

#[tokio::test]
async fn a_subscription_told_to_be_removed_is() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let removed = json!({ "subscriptionId": created.json["id"], "event": "subscriptionRemoved" });
    let told = world
        .control(reqwest::Method::POST, "lifecycle", removed)
        .await;
    assert_eq!(told.status, 204);
    world.sim.drain().await;
    assert_eq!(events_of_life(&receiver.take()), ["subscriptionRemoved"]);
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    let later = json!({ "expirationDateTime": "2026-11-23T00:00:00Z" });
    assert_eq!(app.patch(&path, later).await.status, 404);
}
