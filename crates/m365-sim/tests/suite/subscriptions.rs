//! Subscriptions and notifications, with a receiver on a port of its own.

use m365_sim::{NotificationMode, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::receiver::{Receiver, change_types};
use crate::support::{ADELE, ALEX, ROOM1, World, meeting};

pub(crate) fn order(receiver: &Receiver, path: &str) -> Value {
    json!({
        "changeType": "created,updated,deleted",
        "notificationUrl": format!("{}/{path}", receiver.url),
        "lifecycleNotificationUrl": format!("{}/{path}", receiver.url),
        "resource": format!("users/{ROOM1}/events"),
        "expirationDateTime": "2026-11-22T00:00:00+00:00",
        "clientState": "a secret",
    })
}

#[tokio::test]
async fn changes_of_a_room_are_told_to_its_subscriber() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let subscription = app.post("subscriptions", order(&receiver, "good")).await;
    assert_eq!(subscription.status, 201, "{}", subscription.json);
    let created = world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let room_copy = world.only_event(ROOM1).id;
    world.sim.drain().await;
    world
        .person(ADELE)
        .delete(&format!("me/events/{}", created["id"].as_str().unwrap()))
        .await;
    app.delete(&format!("users/{ROOM1}/events/{room_copy}"))
        .await;
    world.sim.drain().await;
    let received = receiver.take();
    let kinds = change_types(&received);
    // The room's answer, the rewriting of its copy, and the cancellation are three updates.
    assert_eq!(
        kinds,
        ["created", "updated", "updated", "updated", "deleted"]
    );
    let first = &received[0]["value"][0];
    assert_eq!(first["subscriptionId"], subscription.json["id"]);
    assert_eq!(first["clientState"], "a secret");
    let owner = world.sim.mailbox_id(ROOM1).unwrap();
    assert_eq!(
        first["resource"],
        format!("Users/{owner}/Events/{room_copy}")
    );
    assert_eq!(first["resourceData"]["id"], room_copy);
    for body in &received {
        let problems = world.check("microsoft.graph.changeNotificationCollection", body);
        assert!(problems.is_empty(), "{problems:?}");
    }
}

#[tokio::test]
async fn a_receiver_that_does_not_echo_gets_no_subscription() {
    let world = World::contoso().await;
    let receiver = Receiver::start().await;
    let app = world.app().await;
    for path in ["mute", "raw", "endless"] {
        let refused = app.post("subscriptions", order(&receiver, path)).await;
        assert_eq!(refused.status, 400, "{path}: {}", refused.json);
        assert_eq!(refused.json["error"]["code"], "ValidationError");
    }
}

#[tokio::test]
async fn receivers_elsewhere_must_use_https() {
    let world = World::contoso().await;
    let receiver = Receiver::start().await;
    let mut body = order(&receiver, "good");
    body["notificationUrl"] = json!("http://booking.contoso.com/notifications");
    assert_eq!(
        world.app().await.post("subscriptions", body).await.status,
        400
    );
}

#[tokio::test]
async fn a_subscription_is_renewed_listed_and_ends() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    let renewed = app
        .patch(
            &path,
            json!({ "expirationDateTime": "2026-11-23T00:00:00Z" }),
        )
        .await;
    assert_eq!(
        renewed.json["expirationDateTime"],
        "2026-11-23T00:00:00.0000000Z"
    );
    let late = app
        .patch(
            &path,
            json!({ "expirationDateTime": "2026-12-23T00:00:00Z" }),
        )
        .await;
    assert_eq!(late.status, 400);
    assert_eq!(
        app.get("subscriptions").await.json["value"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    assert_eq!(app.delete(&path).await.status, 204);
    assert_eq!(app.get(&path).await.status, 404);
    app.post("subscriptions", order(&receiver, "good")).await;
    world
        .sim
        .clock()
        .set("2026-11-22T00:00:01Z".parse().unwrap());
    let app = world.app().await;
    assert!(
        app.get("subscriptions").await.json["value"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn notifications_can_be_lost_and_doubled() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    app.post("subscriptions", order(&receiver, "good")).await;
    for (mode, count) in [
        (NotificationMode::Drop, 0),
        (NotificationMode::Duplicate, 2),
        (NotificationMode::Deliver, 1),
    ] {
        world.sim.set_notifications(mode);
        let block =
            crate::support::meeting("Block", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
        app.post(&format!("users/{ROOM1}/events"), block).await;
        world.sim.drain().await;
        assert_eq!(receiver.take().len(), count, "{mode:?}");
    }
}

#[tokio::test]
async fn what_a_subscription_is_not_made_of_is_refused() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let filtered = format!("users/{ROOM1}/events?$filter=isAllDay eq true");
    for (property, value, status) in [
        ("clientState", json!(5), 400),
        ("lifecycleNotificationUrl", json!(5), 400),
        ("bogus", json!(1), 400),
        ("latestSupportedTlsVersion", json!("bogus"), 400),
        ("changeType", json!("created,created"), 400),
        ("includeResourceData", json!("true"), 400),
        ("encryptionCertificate", json!("abc"), 501),
        ("resource", json!(filtered), 501),
    ] {
        let mut body = order(&receiver, "good");
        body[property] = value;
        let refused = app.post("subscriptions", body).await;
        assert_eq!(refused.status, status, "{property}: {}", refused.json);
    }
    let created = app.post("subscriptions", order(&receiver, "good")).await;
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    for property in ["clientState", "notificationUrl", "bogus"] {
        let mut body = json!({ "expirationDateTime": "2026-11-23T00:00:00Z" });
        body[property] = json!("https://contoso.com/");
        let refused = app.patch(&path, body).await;
        let told = refused.json["error"]["message"].as_str().unwrap();
        assert!(refused.status == 400 && told.contains(property), "{told}");
    }
}

#[tokio::test]
async fn people_watch_their_own_calendar_only() {
    let mut scenario = Scenario::contoso();
    let people = &mut scenario.tenants[0].people;
    let alex = people.iter_mut().find(|one| one.address == ALEX).unwrap();
    alex.calendar_shared_with.push(ADELE.into());
    let world = World::start(scenario, SimOptions::explicit()).await;
    let receiver = Receiver::start().await;
    let adele = world.person(ADELE);
    let shared = adele.get(&format!("users/{ALEX}/events")).await;
    assert_eq!(shared.status, 200, "{}", shared.json);
    let mut body = order(&receiver, "good");
    body["resource"] = json!(format!("users/{ALEX}/events"));
    let refused = adele.post("subscriptions", body.clone()).await;
    assert_eq!(refused.status, 403, "{}", refused.json);
    assert_eq!(refused.json["error"]["code"], "ErrorAccessDenied");
    for resource in [
        "me/events".to_owned(),
        "/me/calendar/events".to_owned(),
        format!("users/{ADELE}/calendar/events"),
        format!("Users('{ADELE}')/Events"),
    ] {
        body["resource"] = json!(resource);
        let created = adele.post("subscriptions", body.clone()).await;
        assert_eq!(created.status, 201, "{resource}: {}", created.json);
    }
}

#[tokio::test]
async fn notifications_can_overtake_one_another() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    app.post("subscriptions", order(&receiver, "good")).await;
    world.sim.set_notifications(NotificationMode::Reorder);
    let block = meeting("Block", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    let created = app.post(&format!("users/{ROOM1}/events"), block).await;
    let path = format!(
        "users/{ROOM1}/events/{}",
        created.json["id"].as_str().unwrap()
    );
    app.patch(&path, json!({ "subject": "Closed" })).await;
    world.sim.drain().await;
    let received = receiver.take();
    let kinds = change_types(&received);
    assert_eq!(kinds, ["updated", "created"]);
}

#[tokio::test]
async fn a_mailbox_has_no_more_than_a_thousand_subscriptions() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let mut body = order(&receiver, "good");
    body.as_object_mut()
        .unwrap()
        .remove("lifecycleNotificationUrl");
    for _ in 0..50 {
        let some = (0..20).map(|_| app.post("subscriptions", body.clone()));
        for created in futures::future::join_all(some).await {
            assert_eq!(created.status, 201, "{}", created.json);
        }
    }
    let refused = app.post("subscriptions", body.clone()).await;
    assert_eq!(refused.status, 403, "{}", refused.json);
    body["resource"] = json!(format!("users/{ALEX}/events"));
    assert_eq!(app.post("subscriptions", body).await.status, 201);
}

#[tokio::test]
async fn notifications_of_several_subscriptions_can_come_together() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let mut ids = Vec::new();
    for mailbox in [ROOM1, ALEX] {
        let mut body = order(&receiver, "good");
        body["resource"] = json!(format!("users/{mailbox}/events"));
        ids.push(app.post("subscriptions", body).await.json["id"].clone());
    }
    world.sim.set_notifications(NotificationMode::Together);
    for mailbox in [ROOM1, ALEX, ROOM1] {
        let block = meeting("Block", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
        app.post(&format!("users/{mailbox}/events"), block).await;
    }
    world.sim.drain().await;
    let received = receiver.take();
    assert_eq!(received.len(), 1);
    let told: Vec<_> = received[0]["value"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["subscriptionId"].clone())
        .collect();
    assert_eq!(told, [ids[0].clone(), ids[1].clone(), ids[0].clone()]);
    let problems = world.check("microsoft.graph.changeNotificationCollection", &received[0]);
    assert!(problems.is_empty(), "{problems:?}");
}
