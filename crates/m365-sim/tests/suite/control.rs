//! The remote control.

use m365_sim::{Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, ROOM1, World, answer, meeting};

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
    for unusable in [
        json!({ "advanceMs": i64::MIN }),
        json!({ "now": "9999-01-01T00:00:00Z" }),
    ] {
        let refused = world.control(Method::POST, "clock", unusable).await;
        assert_eq!(refused.status, 400);
        assert!(refused.json["error"].as_str().unwrap().contains("2999"));
    }
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
}

#[tokio::test]
async fn only_pages_that_belong_here_may_use_the_remote_control_from_a_browser() {
    let world = World::contoso().await;
    let url = format!("{}/_sim/token", world.sim.url());
    let person = json!({ "person": ALEX, "clientId": m365_sim::Scenario::CONTOSO_CLIENT_ID, "scopes": ["User.Read"] });
    let origins = [
        (world.sim.url(), 200),
        ("https://localhost:3000", 200),
        ("https://news.contoso.test", 403),
        ("https://localhost.contoso.test", 403),
        ("null", 403),
    ];
    for (origin, status) in origins {
        let ask = |method| world.http.request(method, &url).header("origin", origin);
        let asked = answer(ask(Method::OPTIONS)).await;
        let told = answer(ask(Method::POST).json(&person)).await;
        assert_eq!(told.status, status, "{origin}: {}", told.json);
        let open_to = status == 200;
        for reply in [&asked, &told] {
            let allowed = reply.headers.get("access-control-allow-origin");
            assert_eq!(
                allowed.is_some_and(|one| one == origin),
                open_to,
                "{origin}"
            );
        }
    }
}

#[tokio::test]
async fn a_body_longer_than_graph_takes_is_refused_in_its_form() {
    let world = World::contoso().await;
    let body = json!({ "subject": "x".repeat(4 * 1024 * 1024) });
    let refused = world.person(ADELE).post("me/events", body).await;
    assert_eq!(refused.status, 413);
    assert!(
        refused.json["error"]["code"].is_string(),
        "{}",
        refused.json
    );
    let id = refused.headers["request-id"].to_str().unwrap();
    assert_eq!(refused.json["error"]["innerError"]["request-id"], id);
}

#[tokio::test]
async fn the_limits_are_told() {
    let options = SimOptions {
        subscription_minutes_max: 60,
        ..SimOptions::explicit()
    };
    let world = World::start(Scenario::contoso(), options).await;
    let status = world.control(Method::GET, "status", json!(null)).await.json;
    assert_eq!(status["subscriptionMinutesMax"], 60);
    assert_eq!(status["throttle"]["atOnce"], 4);
    assert_eq!(status["failures"], json!([]));
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
    let fault = world
        .sim
        .faults()
        .throttle("/v1.0/me/events", 1, 1)
        .unwrap();
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

#[tokio::test]
async fn the_log_keeps_long_queries_in_part() {
    let world = World::contoso().await;
    let long = format!("me/events?$filter={}", "x".repeat(50_000));
    world.person(ADELE).get(&long).await;
    let logged = world.sim.requests();
    let query = logged.last().unwrap().query.as_ref().unwrap();
    assert!((1_000..5_000).contains(&query.len()), "{}", query.len());
}

#[tokio::test]
async fn a_changed_occurrence_is_shown_and_refusals_are_quoted_once() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let series = adele.post("me/events", crate::series::weekly(2)).await.json;
    let instances = format!("me/events/{}/instances", series["id"].as_str().unwrap());
    let window = crate::series::WINDOW;
    let instances = adele.get(&format!("{instances}?{window}")).await.json;
    let second = instances["value"][1]["id"].as_str().unwrap();
    let path = format!("mailboxes/{ADELE}/events/{second}");
    let change = async |body: Value| world.control(Method::PATCH, &path, body).await;
    let changed = change(json!({ "subject": "Other" })).await.json;
    assert_eq!(
        (&changed["id"], &changed["subject"]),
        (&json!(second), &json!("Other"))
    );
    let refused = change(json!({ "bogus": 1 })).await.json;
    assert!(
        !refused["error"].as_str().unwrap().starts_with('"'),
        "{refused}"
    );
}
