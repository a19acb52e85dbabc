//! What goes wrong on purpose.

use m365_sim::{Fault, FaultAction, FaultMatch, FaultPlan, Scenario, Sim, SimError, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::{Receiver, change_types};
use crate::subscriptions::order;
use crate::support::{ADELE, ALEX, ROOM1, ROOM2, World, answer, own_form};

#[tokio::test]
async fn throttling_lasts_as_long_as_it_was_told_to() {
    let world = World::contoso().await;
    let app = world.app().await;
    world
        .sim
        .faults()
        .throttle("/v1.0/users/*/events", 2, 3)
        .unwrap();
    for _ in 0..2 {
        let refused = app.get(&format!("users/{ROOM1}/events")).await;
        assert_eq!(refused.status, 429);
        assert_eq!(refused.headers["retry-after"], "3");
        assert_eq!(refused.json["error"]["code"], "TooManyRequests");
    }
    assert_eq!(app.get(&format!("users/{ROOM1}/events")).await.status, 200);
    assert_eq!(world.sim.faults().all()[0].fired, 2);
    assert_eq!(
        world
            .sim
            .requests()
            .iter()
            .filter(|one| one.faulted)
            .count(),
        2
    );
}

#[tokio::test]
async fn a_fault_can_be_for_one_mailbox_by_address_or_id() {
    let world = World::contoso().await;
    let app = world.app().await;
    let body = json!({
        "match": { "method": "GET", "mailbox": ROOM1 },
        "action": { "kind": "status", "status": 503, "code": "serviceNotAvailable" },
        "count": null,
    });
    let added = world.control(Method::POST, "faults", body).await;
    assert_eq!(added.status, 201, "{}", added.json);
    let id = world.sim.mailbox_id(ROOM1).unwrap();
    assert_eq!(app.get(&format!("users/{id}/events")).await.status, 503);
    assert_eq!(
        app.get("users/Room1%40contoso.com/events").await.status,
        503
    );
    assert_eq!(app.get(&format!("users/{ROOM2}/events")).await.status, 200);
    world.control(Method::DELETE, "faults", json!(null)).await;
    assert_eq!(app.get(&format!("users/{id}/events")).await.status, 200);
}

#[tokio::test]
async fn a_fault_for_a_person_is_met_by_me() {
    let world = World::contoso().await;
    let body = json!({
        "match": { "mailbox": ADELE },
        "action": { "kind": "status", "status": 500, "code": "ErrorInternalServerError" },
    });
    world.control(Method::POST, "faults", body).await;
    assert_eq!(world.person(ALEX).get("me/events").await.status, 200);
    assert_eq!(world.person(ADELE).get("me/events").await.status, 500);
    assert_eq!(world.person(ADELE).get("me/events").await.status, 200);
}

#[tokio::test]
async fn one_room_can_fail_inside_a_free_busy_answer() {
    let world = World::contoso().await;
    world
        .sim
        .faults()
        .add(Fault::times(
            1,
            FaultMatch {
                mailbox: Some(ROOM1.to_owned()),
                ..FaultMatch::default()
            },
            FaultAction::ScheduleError {
                response_code: "5006".to_owned(),
                message: "The mailbox server is not available.".to_owned(),
            },
        ))
        .unwrap();
    let body = json!({
        "schedules": [ROOM1, ROOM2],
        "startTime": { "dateTime": "2026-11-24T08:00:00", "timeZone": "UTC" },
        "endTime": { "dateTime": "2026-11-24T09:00:00", "timeZone": "UTC" },
    });
    let answer = world
        .person(ADELE)
        .post("me/calendar/getSchedule", body)
        .await;
    assert_eq!(answer.json["value"][0]["error"]["responseCode"], "5006");
    assert_eq!(answer.json["value"][1]["availabilityView"], "00");
    assert_eq!(world.sim.faults().all()[0].fired, 1);
}

#[tokio::test]
async fn faults_that_cannot_be_are_refused_by_name_however_they_come() {
    let world = World::contoso().await;
    for (field, fault) in faults_that_cannot_be() {
        let plan = json!({ "faults": [{ "action": dropped() }, fault] });
        for (path, body) in [("faults", fault.clone()), ("faults/plan", plan.clone())] {
            let answer = world.control(Method::POST, path, body).await;
            assert_eq!(answer.status, 400, "{field}");
            let told = answer.json["error"].as_str().unwrap();
            assert!(told.contains(field), "{told}");
        }
        let fault: Fault = serde_json::from_value(fault).unwrap();
        let plan: FaultPlan = serde_json::from_value(plan).unwrap();
        let options = SimOptions::explicit().with_faults(plan.clone());
        let started = Sim::start(Scenario::contoso(), options).await.map(drop);
        let faults = world.sim.faults();
        for refused in [faults.add(fault).map(drop), faults.follow(&plan), started] {
            match refused {
                Err(SimError::Fault { reason }) => assert!(reason.contains(field), "{reason}"),
                other => panic!("{field}: {other:?}"),
            }
        }
        // Nor is the one before it in its plan there.
        assert!(faults.all().is_empty(), "{field}");
    }
    let never = world.sim.faults().throttle("/v1.0/users", 0, 1);
    assert!(never.is_err() && world.sim.faults().all().is_empty());
}

fn dropped() -> Value {
    json!({ "kind": "dropConnection" })
}

/// Faults that are refused, each with the field at fault.
fn faults_that_cannot_be() -> Vec<(&'static str, Value)> {
    let status = |status: u16, retry_after: f64| json!({ "kind": "status", "status": status, "code": "x", "retryAfterSeconds": retry_after });
    vec![
        ("status", json!({ "action": status(100, 1.0) })),
        ("retryAfterSeconds", json!({ "action": status(429, -1.0) })),
        (
            "probability",
            json!({ "action": dropped(), "probability": -3 }),
        ),
        (
            "probability",
            json!({ "action": dropped(), "probability": 1.5 }),
        ),
        ("count", json!({ "action": dropped(), "count": 0 })),
        (
            "method",
            json!({ "action": dropped(), "match": { "method": "BOGUS" } }),
        ),
        (
            "jitterMs",
            json!({ "action": { "kind": "delay", "delayMs": 0, "jitterMs": u64::MAX } }),
        ),
        (
            "skewMs",
            json!({ "action": { "kind": "clockSkew", "skewMs": i64::MIN } }),
        ),
        (
            "path",
            json!({ "action": { "kind": "loseNotification" }, "match": { "path": "/" } }),
        ),
    ]
}

#[tokio::test]
async fn a_clock_can_differ_for_some_requests() {
    let world = World::contoso().await;
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let form = own_form(&client_id, Scenario::CONTOSO_SECRET);
    let fault = json!({
        "match": { "path": "/contoso.com/oauth2" },
        "action": { "kind": "clockSkew", "skewMs": -86_400_000 },
    });
    let added = world.control(Method::POST, "faults", fault).await;
    assert_eq!(added.status, 201, "{}", added.json);
    let url = format!("{}/contoso.com/oauth2/v2.0/token", world.sim.url());
    let old = answer(world.http.post(&url).form(&form)).await;
    assert_eq!(old.headers["date"], "Thu, 19 Nov 2026 08:00:00 GMT");
    let token = old.json["access_token"].as_str().unwrap();
    let users = world.with_token(token).get("users").await;
    assert_eq!(users.status, 401, "{}", users.json);
    assert_eq!(world.app().await.get("users").await.status, 200);
}

#[tokio::test]
async fn a_cursor_can_expire_for_one_mailbox() {
    let world = World::contoso().await;
    let app = world.app().await;
    let fault = json!({ "match": { "mailbox": ROOM1 }, "action": { "kind": "expireCursor" } });
    world.control(Method::POST, "faults", fault).await;
    let next = async |room: &str| {
        let window = "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-30T00:00:00Z";
        let first = app
            .get(&format!("users/{room}/calendarView/delta?{window}"))
            .await;
        assert_eq!(first.status, 200, "{}", first.json);
        let links = ["@odata.nextLink", "@odata.deltaLink"];
        let link = links.iter().find_map(|link| first.json[link].as_str());
        app.get(link.unwrap()).await
    };
    assert_eq!(next(ROOM2).await.status, 200);
    let expired = next(ROOM1).await;
    assert_eq!(expired.status, 410);
    assert_eq!(expired.json["error"]["code"], "SyncStateNotFound");
    assert_eq!(next(ROOM1).await.status, 200);
}

#[tokio::test]
async fn a_dropped_connection_is_an_error_of_transport() {
    let world = World::contoso().await;
    let action = FaultAction::DropConnection;
    world
        .sim
        .faults()
        .add(Fault::times(1, FaultMatch::default(), action))
        .unwrap();
    let request = world.http.get(format!("{}/v1.0/me", world.sim.url()));
    assert!(request.send().await.is_err());
}

#[tokio::test]
async fn faults_meet_the_notifications_of_one_mailbox_so_often_and_are_counted() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let subscription = app.post("subscriptions", order(&receiver, "good")).await;
    assert_eq!(subscription.status, 201, "{}", subscription.json);
    // Booking tells of three changes: the request, the answer and the rewriting.
    let kinds = [
        ("loseNotification", vec!["updated", "updated"]),
        (
            "duplicateNotification",
            vec!["created", "created", "updated", "updated"],
        ),
        ("delayNotification", vec!["updated", "created", "updated"]),
    ];
    for (at, (kind, told)) in kinds.into_iter().enumerate() {
        let matched =
            |mailbox| json!({ "match": { "mailbox": mailbox }, "action": { "kind": kind } });
        for mailbox in [ROOM2, ROOM1] {
            let added = world
                .control(Method::POST, "faults", matched(mailbox))
                .await;
            assert_eq!(added.status, 201, "{}", added.json);
        }
        let hour = 9 + 2 * at;
        let (start, end) = (
            format!("2026-11-24T{hour:02}:00:00"),
            format!("2026-11-24T{:02}:00:00", hour + 1),
        );
        let event = world.person(ADELE).book(ROOM1, &start, &end).await;
        if kind == "delayNotification" {
            // The room decides first, so that another change is waiting.
            let changed = json!({ "subject": "Moved on" });
            let id = event["id"].as_str().unwrap();
            world
                .person(ADELE)
                .patch(&format!("me/events/{id}"), changed)
                .await;
        }
        world.sim.drain().await;
        let received = receiver.take();
        let kinds = change_types(&received);
        assert_eq!(kinds[..told.len()], told, "{kind}");
        let fired: Vec<u32> = world
            .sim
            .faults()
            .all()
            .iter()
            .map(|one| one.fired)
            .collect();
        assert_eq!(fired, [0, 1], "{kind}");
        world.sim.faults().clear();
    }
}

#[tokio::test]
async fn a_fault_keeps_its_id_for_itself() {
    let world = World::contoso().await;
    let add = async |method: &str| {
        let fault =
            json!({ "match": { "method": method }, "action": { "kind": "dropConnection" } });
        world.control(Method::POST, "faults", fault).await
    };
    let first = add("GET").await.json["id"].as_u64().unwrap();
    let path = format!("faults/{first}");
    world.control(Method::DELETE, &path, json!(null)).await;
    assert!(add("get").await.json["id"].as_u64().unwrap() > first);
}
