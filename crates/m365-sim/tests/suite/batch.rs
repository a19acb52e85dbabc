//! Several requests in one.

use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, GONE_ID, ROOM1, ROOM2, World, meeting};

/// Requests of these addresses, numbered from 1.
fn gets(urls: &[String]) -> Vec<Value> {
    let numbered = urls.iter().enumerate();
    numbered
        .map(|(index, url)| json!({ "id": (index + 1).to_string(), "method": "GET", "url": url }))
        .collect()
}

/// The same requests, each depending on the one before it.
fn chained(mut requests: Vec<Value>) -> Vec<Value> {
    for (index, request) in requests.iter_mut().enumerate().skip(1) {
        request["dependsOn"] = json!([index.to_string()]);
    }
    requests
}

fn statuses(answer: &Value) -> Vec<u64> {
    let responses = answer["responses"].as_array().unwrap();
    let status = |one: &Value| one["status"].as_u64().unwrap();
    responses.iter().map(status).collect()
}

#[tokio::test]
async fn requests_run_at_once_so_that_a_fifth_on_one_mailbox_is_throttled() {
    let world = World::contoso().await;
    let app = world.app().await;
    let events = |room: &str| format!("users/{room}/events");
    let urls: Vec<_> = (0..6)
        .map(|_| events(ROOM1))
        .chain((0..4).map(|_| events(ROOM2)))
        .collect();
    let batch = app.post("$batch", json!({ "requests": gets(&urls) })).await;
    assert_eq!(batch.status, 200);
    assert!(batch.headers.get("retry-after").is_none());
    let responses = batch.json["responses"].as_array().unwrap();
    let throttled: Vec<_> = responses
        .iter()
        .filter(|one| one["status"] == 429)
        .collect();
    assert_eq!(throttled.len(), 2, "{:?}", statuses(&batch.json));
    for one in throttled {
        assert_eq!(one["headers"]["retry-after"], "1");
        assert_eq!(one["body"]["error"]["code"], "ApplicationThrottled");
    }
    let served = responses.iter().filter(|one| one["status"] == 200).count();
    assert_eq!(served, 8);

    let one_by_one = chained(gets(&vec![events(ROOM1); 6]));
    let batch = app.post("$batch", json!({ "requests": one_by_one })).await;
    assert_eq!(statuses(&batch.json), [200; 6]);
}

#[tokio::test]
async fn each_request_is_answered_by_itself() {
    let world = World::contoso().await;
    let body = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/me", "headers": null, "dependsOn": null },
        { "id": "2", "method": "POST", "url": "me/events", "headers": { "Content-Type": "application/json" },
          "body": meeting("In a batch", &[ROOM1], "2026-11-24T09:00:00", "2026-11-24T10:00:00") },
        { "id": "3", "method": "GET", "url": format!("/me/events/{GONE_ID}") },
    ] });
    let batch = world.person(ADELE).post("$batch", body).await;
    assert_eq!(statuses(&batch.json), [200, 201, 404], "{}", batch.json);
    assert_eq!(world.only_event(ROOM1).subject, "In a batch");
}

#[tokio::test]
async fn what_follows_a_failed_request_fails_with_it() {
    let world = World::contoso().await;
    let gone = format!("me/events/{GONE_ID}");
    let urls = ["me", &gone, "me", "me"].map(str::to_owned);
    let body = json!({ "requests": chained(gets(&urls)) });
    let batch = world.person(ADELE).post("$batch", body).await;
    assert_eq!(statuses(&batch.json), [200, 404, 424, 424]);
}

#[tokio::test]
async fn batches_that_are_not_as_documented_are_refused_whole() {
    let world = World::contoso().await;
    let me = || vec!["me".to_owned(); 4];
    let mut half_chained = gets(&me());
    half_chained[1]["dependsOn"] = json!(["1"]);
    let mut unknown = chained(gets(&me()));
    unknown[3]["dependsOn"] = json!(["7"]);
    let mut twice = gets(&me());
    twice[1]["id"] = json!("1");
    let mut untyped = gets(&me());
    untyped[0]["body"] = json!({ "subject": "No type" });
    let refused = [
        ("more than twenty", gets(&vec!["me".to_owned(); 21])),
        ("neither parallel nor sequential", half_chained),
        ("an unknown request to depend on", unknown),
        ("an id used twice", twice),
        ("a body without its type", untyped),
    ];
    for (name, requests) in refused {
        let batch = world
            .person(ADELE)
            .post("$batch", json!({ "requests": requests }))
            .await;
        assert_eq!(batch.status, 400, "{name}: {}", batch.json);
        assert_eq!(batch.json["error"]["code"], "BadRequest", "{name}");
    }
}

#[tokio::test]
async fn a_batch_is_not_a_step_of_a_batch_and_its_steps_use_its_token() {
    let world = World::contoso().await;
    let inner = json!({ "requests": gets(&["me".to_owned()]) });
    let alex = world.person(ALEX).request(reqwest::Method::GET, "me");
    let alex = alex.build().unwrap().headers()["authorization"].clone();
    let body = json!({ "requests": [
        { "id": "1", "method": "POST", "url": "/$batch", "headers": { "Content-Type": "application/json" }, "body": inner },
        { "id": "2", "method": "GET", "url": "/me", "headers": { "Authorization": alex.to_str().unwrap() } },
    ] });
    let batch = world.person(ADELE).post("$batch", body).await;
    assert_eq!(statuses(&batch.json), [400, 200], "{}", batch.json);
    let me = &batch.json["responses"][1]["body"];
    assert_eq!(me["mail"], ADELE, "{me}");
}

#[tokio::test]
async fn a_request_whose_answer_is_lost_or_breaks_off_fails_by_itself_with_an_error() {
    use m365_sim::{Fault, FaultAction, FaultMatch};

    let world = World::contoso().await;
    let app = world.app().await;
    let urls = [ROOM1, ROOM2].map(|room| format!("users/{room}/events"));
    for action in [
        FaultAction::DropConnection,
        FaultAction::TruncateBody { keep_bytes: 5 },
    ] {
        let matches = FaultMatch::path(format!("/v1.0/{}", urls[0]));
        world
            .sim
            .faults()
            .add(Fault::times(1, matches, action))
            .unwrap();
        let requests = chained(gets(&urls));
        let batch = app.post("$batch", json!({ "requests": requests })).await;
        assert_eq!(statuses(&batch.json), [502, 424]);
        for one in batch.json["responses"].as_array().unwrap() {
            let error = &one["body"]["error"];
            assert!(error["code"].is_string(), "{one}");
            assert_eq!(
                error["innerError"]["request-id"],
                one["headers"]["request-id"]
            );
        }
    }
}
