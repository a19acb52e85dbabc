//! Every door tried by somebody who should not get through.

use std::collections::{BTreeMap, BTreeSet};

use app::api::ApiError;
use booking::search::found::FoundRooms;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use leptos::server_fn::axum::server_fn_paths;
use m365_sim::Scenario;
use serde_json::json;
use server::streams::STREAMS_PER_PERSON_MAX;

use crate::app::{PATIENCE, TestApp, eventually, tomorrow};

const ADELE: &str = "adele.vance@contoso.com";

fn search() -> serde_json::Value {
    json!({ "floor": null, "query": {
        "building": null, "floor": null, "people": 1, "equipment": 0, "step_free": false,
        "when": { "as": "exact", "ranges": [tomorrow(9)] },
    }})
}

/// The one that tells a stranger who they are: nobody.
const OPEN_TO_ALL: [&str; 1] = ["session/me"];

/// What each server function that is not open to all is asked with.
fn doors() -> BTreeMap<&'static str, serde_json::Value> {
    let id = uuid::Uuid::from_u128(1);
    let query = search()["query"].clone();
    let explain = json!({ "query": query, "rooms": [] });
    let series = json!({
        "building": null, "floor": null, "people": 1, "equipment": 0, "step_free": false,
        "pattern": { "pattern": "daily", "interval": 1, "first_day": 20_000, "end": { "after": 2 },
            "start_minute": 600, "length_minutes": 60 },
    });
    let place = json!({ "request": { "room": id, "subject": "", "key": id,
        "when": { "as": "exact", "ranges": [tomorrow(9)] } } });
    BTreeMap::from([
        ("rooms/catalogue", json!({ "building": null })),
        ("rooms/plan", json!({ "floor": id })),
        ("rooms/find", search()),
        ("rooms/day", json!({ "query": query, "date": "2026-11-20" })),
        (
            "rooms/meetings",
            json!({ "room": id, "at": 1_795_507_200_000_i64 }),
        ),
        ("rooms/explain", explain.clone()),
        ("rooms/check", explain),
        (
            "reservations/hold",
            json!({ "request": { "draft": id, "room": id, "range": tomorrow(9) } }),
        ),
        ("reservations/keep_hold", json!({ "draft": id })),
        ("reservations/drop_hold", json!({ "draft": id })),
        ("reservations/place", place),
        (
            "reservations/change",
            json!({ "request": { "id": id, "room": id,
                "when": { "as": "exact", "ranges": [tomorrow(9)] } } }),
        ),
        ("reservations/one", json!({ "id": id })),
        ("reservations/preflight", json!({ "room": id })),
        ("reservations/cancel", json!({ "id": id })),
        ("reservations/decline", json!({ "id": id })),
        ("reservations/mine", json!({})),
        ("series/plan", json!({ "wish": series })),
        (
            "series/place",
            json!({ "request": { "key": id, "subject": "", "wish": series, "rooms": [] } }),
        ),
        ("series/mine", json!({})),
        (
            "series/retry",
            json!({ "request": { "series": id, "number": 1, "room": id, "subject": "", "key": id } }),
        ),
        ("admin/use_link", json!({ "secret": "" })),
        (
            "admin/rooms_overview",
            json!({ "query": { "text": "", "only": null, "building": null, "order": "state",
                "reversed": false, "page": 0 } }),
        ),
        ("admin/declining", json!({})),
        ("admin/sync_rooms", json!({ "room": null })),
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_function_wants_to_know_who_asks() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let doors = doors();
    let registered: BTreeSet<&str> = server_fn_paths()
        .map(|(path, _)| path.strip_prefix("/api/").unwrap())
        .filter(|door| !OPEN_TO_ALL.contains(door))
        .collect();
    assert_eq!(
        registered,
        doors.keys().copied().collect(),
        "a server function is tried here, or no longer there"
    );
    for (door, arguments) in doors {
        let refused = stranger
            .call::<serde_json::Value>(door, &arguments)
            .await
            .unwrap_err();
        assert_eq!(refused.code, "sign_in_needed", "{door}");
        assert_eq!(
            stranger.post(door, &arguments).await.status(),
            401,
            "{door}"
        );
    }
    assert_eq!(stranger.get("/api/live").await.status(), 401);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_is_too_large_is_refused_before_anything_is_made_of_it() {
    const BYTES_MAX: usize = 512 * 1024;
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let of_length = |length: usize| {
        let mut body = search();
        body["padding"] = json!("x".repeat(length - 100 - body.to_string().len()));
        body
    };
    assert!(
        adele
            .post("rooms/find", &of_length(BYTES_MAX))
            .await
            .status()
            .is_success()
    );
    let refused = adele
        .call::<FoundRooms>("rooms/find", &of_length(BYTES_MAX + 200))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "bad_request");
    assert!(refused.message.contains("limit"), "{}", refused.message);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_cookie_is_worth_nothing_to_a_page_of_another_site() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let answer = adele
        .post_from_elsewhere("reservations/mine", &json!({}))
        .await;
    assert!(!answer.status().is_success());
    assert!(
        adele
            .post("reservations/mine", &json!({}))
            .await
            .status()
            .is_success()
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_genuine_token_for_us_opens_the_pane() {
    let app = TestApp::start().await;
    let good = app.in_pane(ADELE);
    good.call::<FoundRooms>("rooms/find", &search())
        .await
        .unwrap();

    let client = Scenario::CONTOSO_CLIENT_ID;
    let graph = app
        .sim
        .token_for(ADELE, client, &["Calendars.ReadWrite"])
        .unwrap();
    let own = app
        .sim
        .token_for(ADELE, client, &[&format!("{client}/access_as_user")])
        .unwrap();
    let mut broken = own.access_token.clone();
    broken.truncate(broken.len() - 6);
    broken.push_str("AAAAAA");
    let forged = [
        ("a token for Graph", graph.access_token),
        ("an ID token", own.id_token),
        ("a broken signature", broken),
        ("no signature", unsigned(&own.access_token)),
        (
            "a key of the forger's choosing",
            symmetric(&own.access_token),
        ),
        ("no token at all", "nonsense".to_owned()),
    ];
    for (what, token) in forged {
        let refused = app
            .with_token(&token)
            .call::<FoundRooms>("rooms/find", &search())
            .await
            .unwrap_err();
        assert_eq!(refused.code, "sign_in_needed", "{what}");
    }
    app.close().await;
}

fn unsigned(token: &str) -> String {
    let payload = token.split('.').nth(1).unwrap();
    // {"alg":"none","typ":"JWT"}
    format!("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{payload}.")
}

fn symmetric(token: &str) -> String {
    let claims: serde_json::Value = jsonwebtoken::dangerous::insecure_decode(token)
        .unwrap()
        .claims;
    encode(
        &Header::new(Algorithm::HS256),
        &claims,
        &EncodingKey::from_secret(b"guess"),
    )
    .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_notification_changes_nothing_and_learns_nothing() {
    let app = TestApp::start().await;
    let url = format!("{}/notifications/graph", app.origin);
    let http = reqwest::Client::new();
    let forged = json!({ "value": [{
        "subscriptionId": "made-up", "clientState": "guessed", "changeType": "updated",
        "resource": "Users/x/Events/y",
    }]});
    let marks = async || {
        let syncs = app.state.engine.store().room_syncs().await.unwrap();
        syncs.iter().map(|sync| sync.dirty_seen).collect::<Vec<_>>()
    };
    // Rooms may still be subscribed to, which has each read once more; then it is tried again.
    eventually("what is forged marks no room", async || {
        let before = marks().await;
        let answer = http.post(&url).json(&forged).send().await.unwrap();
        assert_eq!(answer.status(), 202);
        let nonsense = http.post(&url).body("not json").send().await.unwrap();
        assert_eq!(nonsense.status(), 400);
        (marks().await == before).then_some(())
    })
    .await;

    let token = "Validation: Testing client <b>reachability</b>";
    let handshake = http
        .post(&url)
        .query(&[("validationToken", token)])
        .send()
        .await
        .unwrap();
    let kind = handshake.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("text/plain"), "{kind}");
    assert_eq!(handshake.text().await.unwrap(), token);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notification_that_cannot_be_looked_up_is_asked_for_again() {
    let app = TestApp::start().await;
    app.lose_table("subscriptions").await;
    let post = json!({ "value": [{ "subscriptionId": "any", "clientState": "any" }] });
    let answer = reqwest::Client::new()
        .post(format!("{}/notifications/graph", app.origin))
        .json(&post)
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), 503);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_told_to_sign_in_while_sessions_cannot_be_looked_up() {
    let app = TestApp::start().await;
    app.lose_table("sessions").await;
    let cookie = "etage_session=any";
    let page = app.stranger().get_with_cookie("/", cookie).await;
    assert_eq!(page.status(), 503);
    let text = page.text().await.unwrap();
    assert!(text.contains("(Incident "), "{text}");
    let live = app.stranger().get_with_cookie("/api/live", cookie).await;
    assert_eq!(live.status(), 503);
    let problem: ApiError = live.json().await.unwrap();
    assert_eq!(problem.code, "unexpected");
    assert!(problem.incident.is_some());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_stream_ends_when_the_person_signs_out() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let live = adele.get("/api/live").await;
    assert_eq!(live.status(), 200);
    adele.sign_out().await;
    let ended = tokio::time::timeout(PATIENCE, live.bytes()).await;
    assert!(ended.is_ok(), "the stream goes on");
    assert_eq!(adele.get("/api/live").await.status(), 401);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_opens_live_streams_without_end() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let mut open = Vec::new();
    for _ in 0..STREAMS_PER_PERSON_MAX {
        open.push(adele.get("/api/live").await);
    }
    assert!(open.iter().all(|stream| stream.status() == 200));
    assert_eq!(adele.get("/api/live").await.status(), 429);
    let alex = app.at_portal("alex.wilber@contoso.com").await;
    assert_eq!(alex.get("/api/live").await.status(), 200);
    drop(open);
    eventually("streams that are gone count no more", async || {
        (adele.get("/api/live").await.status() == 200).then_some(())
    })
    .await;
    app.close().await;
}
