//! Faults and the remote control.

use m365_sim::{Fault, FaultAction, FaultMatch};
use reqwest::Method;
use serde_json::json;

use crate::support::{ADELE, ALEX, ROOM1, ROOM2, World, meeting};

#[tokio::test]
async fn throttling_lasts_as_long_as_it_was_told_to() {
    let world = World::contoso().await;
    let app = world.app().await;
    world.sim.faults().throttle("/v1.0/users/*/events", 2, 3);
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
    world.sim.faults().add(Fault::times(
        1,
        FaultMatch {
            mailbox: Some(ROOM1.to_owned()),
            ..FaultMatch::default()
        },
        FaultAction::ScheduleError {
            response_code: "5006".to_owned(),
            message: "The mailbox server is not available.".to_owned(),
        },
    ));
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
async fn a_dropped_connection_is_an_error_of_transport() {
    let world = World::contoso().await;
    let action = FaultAction::DropConnection;
    world
        .sim
        .faults()
        .add(Fault::times(1, FaultMatch::default(), action));
    let request = world.http.get(format!("{}/v1.0/me", world.sim.url()));
    assert!(request.send().await.is_err());
}

#[tokio::test]
async fn sending_in_outlook_books_like_any_client() {
    let world = World::contoso().await;
    let body = meeting(
        "From Outlook",
        &[ROOM1],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    let path = format!("mailboxes/{ADELE}/events");
    let created = world.control(Method::POST, &path, body).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let drained = world.control(Method::POST, "drain", json!(null)).await;
    assert_eq!(drained.json["value"][0]["outcome"], "accepted");
    let events = world
        .control(
            Method::GET,
            &format!("mailboxes/{ROOM1}/events"),
            json!(null),
        )
        .await;
    assert_eq!(events.json["value"][0]["subject"], "Adele Vance");
    assert_eq!(events.json["value"][0]["start"], "2026-11-24T09:00:00Z");
    let event = format!("{path}/{}", created.json["id"].as_str().unwrap());
    let renamed = world
        .control(Method::PATCH, &event, json!({ "subject": "Renamed" }))
        .await;
    assert_eq!(renamed.json["subject"], "Renamed");
    assert_eq!(
        world
            .control(Method::DELETE, &event, json!(null))
            .await
            .status,
        204
    );
    assert!(world.only_event(ROOM1).is_cancelled);
}

#[tokio::test]
async fn the_world_tells_who_is_there() {
    let world = World::contoso().await;
    let shown = world.control(Method::GET, "world", json!(null)).await;
    let tenant = &shown.json["tenants"][0];
    assert_eq!(tenant["people"].as_array().unwrap().len(), 6);
    assert_eq!(tenant["rooms"].as_array().unwrap().len(), 8);
    assert_eq!(shown.json["clock"], crate::support::NOW);
    let moved = world
        .control(Method::POST, "clock", json!({ "advanceMs": 60_000 }))
        .await;
    assert_eq!(moved.json["now"], "2026-11-20T08:01:00Z");
    let refused = world
        .control(Method::POST, "clock", json!({ "advance": 1 }))
        .await;
    assert_eq!(refused.status, 400);
    assert!(refused.json["error"].as_str().unwrap().contains("advance"));
}

#[tokio::test]
async fn an_add_in_gets_its_token_without_a_page() {
    let world = World::contoso().await;
    let client_id = m365_sim::Scenario::CONTOSO_CLIENT_ID;
    let body = json!({
        "tenant": "contoso.com", "person": ALEX, "clientId": client_id, "scopes": [format!("{client_id}/access_as_user")],
    });
    let issued = world.control(Method::POST, "token", body).await;
    assert_eq!(issued.status, 200, "{}", issued.json);
    assert_eq!(issued.json["account"]["username"], ALEX);
    assert!(issued.json["access_token"].is_string());
    assert_eq!(issued.headers["access-control-allow-origin"], "*");
}

#[tokio::test]
async fn requests_are_logged_with_who_made_them() {
    let world = World::contoso().await;
    world.person(ADELE).get("me/events").await;
    let log = world.control(Method::GET, "requests", json!(null)).await;
    let last = log.json["value"]
        .as_array()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(
        (&last["person"], &last["mailbox"]),
        (&json!(ADELE), &json!(ADELE))
    );
    assert_eq!(
        (&last["path"], &last["status"]),
        (&json!("/v1.0/me/events"), &json!(200))
    );
    world.control(Method::DELETE, "requests", json!(null)).await;
    assert!(world.sim.requests().is_empty());
}

#[tokio::test]
async fn a_calendar_is_shown_as_its_owner_sees_it() {
    let world = World::contoso().await;
    let mut weekly = meeting(
        "Weekly review",
        &[ROOM1],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    weekly["recurrence"] = json!({
        "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"] },
        "range": { "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 3 },
    });
    let path = format!("mailboxes/{ADELE}/events");
    world.control(Method::POST, &path, weekly).await;
    world.sim.drain().await;
    let path = format!("mailboxes/{ROOM1}/calendar?from=2026-11-30&days=7");
    let shown = world.control(Method::GET, &path, json!(null)).await.json;
    assert_eq!(shown["timeZone"], "W. Europe Standard Time");
    assert_eq!(shown["value"].as_array().unwrap().len(), 1);
    let only = &shown["value"][0];
    assert_eq!(only["subject"], "Adele Vance");
    assert_eq!(only["localStart"], "2026-12-01T10:00:00");
    assert_eq!(only["isSeries"], true);
    let refused = world
        .control(
            Method::GET,
            &format!("mailboxes/{ROOM1}/calendar?days=0"),
            json!(null),
        )
        .await;
    assert_eq!(refused.status, 400);
    assert!(refused.json["error"].as_str().unwrap().contains("days"));
}

#[tokio::test]
async fn somebody_invited_answers_and_the_organizer_cancels() {
    let world = World::contoso().await;
    let mut event = meeting("Review", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    event["attendees"] = json!([{ "type": "required", "emailAddress": { "address": ALEX } }]);
    let path = format!("mailboxes/{ADELE}/events");
    let id = world.control(Method::POST, &path, event).await.json["id"].clone();
    let act = async |who: &str, id: &str, action: &str| {
        let path = format!("mailboxes/{who}/events/{id}/{action}");
        world.control(Method::POST, &path, json!(null)).await
    };
    let copy = world.only_event(ALEX).id;
    assert_eq!(act(ALEX, &copy, "accept").await.status, 204);
    assert_eq!(world.answer_of(ADELE, ALEX), "accepted");
    let refused = act(ALEX, &copy, "applaud").await;
    assert_eq!(refused.status, 404);
    assert!(refused.json["error"].as_str().unwrap().contains("decline"));
    let gone = act(ADELE, id.as_str().unwrap(), "cancel").await;
    assert_eq!(gone.status, 204);
    assert!(world.only_event(ALEX).is_cancelled);
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere() {
    let world = World::contoso().await;
    let page = async |path: &str| {
        let url = format!("{}{path}", world.sim.url());
        let response = world.http.get(url).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        let policy = response.headers()["content-security-policy"].clone();
        let policy = policy.to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        response.text().await.unwrap()
    };
    // Without the slash at the end it leads to where its files are found from.
    let text = page("/_sim").await;
    for file in ["page/page.css", "page/main.js"] {
        assert!(text.contains(file));
        let text = page(&format!("/_sim/{file}")).await;
        assert!(!text.contains("http://") && !text.contains("https://"));
    }
}

#[tokio::test]
async fn a_request_is_logged_with_its_query_its_time_and_the_fault_it_met() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let fault = world.sim.faults().throttle("/v1.0/me/events", 1, 1);
    adele.get("me/events?$top=3").await;
    adele.get("me/events").await;
    let logged = world.sim.requests();
    let told = |at: usize| (logged[at].query.as_deref(), logged[at].fault);
    assert_eq!(told(0), (Some("$top=3"), Some(fault)));
    assert_eq!(told(1), (None, None));
    assert!(logged.iter().all(|one| one.duration_us > 0));
    let last = world
        .control(Method::GET, "requests?last=1", json!(null))
        .await;
    assert_eq!(last.json["value"].as_array().unwrap().len(), 1);
}
