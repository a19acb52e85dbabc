//! The contract checker itself: a checker that sees nothing would let everything pass.

use m365_sim::contract::ContractObserver;
use m365_sim::{Exchange, Scenario, Sim, SimOptions};
use serde_json::json;

fn exchange(target: &str, status: u16, body: serde_json::Value) -> Exchange {
    Exchange {
        method: "GET".to_owned(),
        target: target.to_owned(),
        request_headers: http::HeaderMap::new(),
        request_json: None,
        status,
        response_headers: http::HeaderMap::new(),
        response_json: Some(body),
        faulted: false,
    }
}

#[tokio::test]
async fn breaches_are_seen_and_good_answers_are_not() {
    let observer = ContractObserver::from_reference();
    observer.observer()(&exchange("/v1.0/organization", 200, json!({ "value": [] })));
    if observer.checked() == 0 {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
        return;
    }
    assert!(observer.violations().is_empty());
    let breaches = [
        exchange(
            "/v1.0/me/events",
            200,
            json!({ "value": [{ "subjekt": "misspelt" }] }),
        ),
        exchange(
            "/v1.0/me/events",
            200,
            json!({ "value": [{ "showAs": "sleeping" }] }),
        ),
        exchange("/v1.0/me/events", 302, json!({})),
        exchange(
            "/v1.0/places/graph.room",
            200,
            json!({ "value": [{ "capacity": "8" }] }),
        ),
        exchange("/v1.0/rooms", 200, json!({ "value": [] })),
        exchange("/v1.0/me", 404, json!({ "message": "no error object" })),
    ];
    for (number, breach) in breaches.iter().enumerate() {
        observer.observer()(breach);
        assert!(observer.violations().len() > number, "not seen: {breach:?}");
    }
}

#[tokio::test]
async fn requests_are_checked_too() {
    let observer = ContractObserver::from_reference();
    let options = SimOptions::explicit().with_observer(observer.observer());
    let sim = Sim::start(Scenario::contoso(), options).await.unwrap();
    let scopes = ["Calendars.ReadWrite"];
    let token = sim
        .token_for(
            "adele.vance@contoso.com",
            Scenario::CONTOSO_CLIENT_ID,
            &scopes,
        )
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http
        .post(format!("{}/v1.0/me/events", sim.url()))
        .bearer_auth(token.access_token);
    request
        .json(&json!({ "subjekt": "misspelt" }))
        .send()
        .await
        .unwrap();
    if observer.checked() == 0 {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
        return;
    }
    assert_eq!(observer.request_violations().len(), 1);
    assert!(observer.violations().is_empty());
}
