//! The contract checker itself: a checker that sees nothing would let everything pass. Each rule is broken once.

use http::{HeaderMap, HeaderName, HeaderValue};
use m365_sim::contract::ContractObserver;
use m365_sim::{Exchange, Scenario, Sim, SimOptions};
use serde_json::{Value, json};

/// A good answer's headers.
const HEADERS: [(&str, &str); 3] = [
    ("request-id", "1"),
    ("client-request-id", "1"),
    ("content-type", "application/json; charset=utf-8"),
];
const VIEW: &str = "/v1.0/me/calendarView?startDateTime=2026-11-24T00:00:00&endDateTime=2026-11-25";

fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&str, &str)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn exchange(target: &str, status: u16, body: Value) -> Exchange {
    Exchange {
        method: "GET".to_owned(),
        target: target.to_owned(),
        request_headers: HeaderMap::new(),
        request_json: None,
        status,
        response_headers: headers(&HEADERS),
        response_json: Some(body),
        faulted: false,
        is_notification: false,
    }
}

fn answered(status: u16, response_headers: &[(&str, &str)]) -> Exchange {
    let error = json!({ "error": { "code": "Code", "message": "Message" } });
    let body = if status < 400 {
        json!({ "value": [] })
    } else {
        error
    };
    Exchange {
        response_headers: headers(response_headers),
        ..exchange(VIEW, status, body)
    }
}

fn notified(entry: Value) -> Exchange {
    Exchange {
        method: "POST".to_owned(),
        request_json: Some(json!({ "value": [entry] })),
        response_json: None,
        is_notification: true,
        ..exchange("http://127.0.0.1:1/notifications", 202, Value::Null)
    }
}

fn notification() -> Value {
    json!({
        "subscriptionId": "c6126aa3-0ed8-412f-a988-71e6cee627c4",
        "subscriptionExpirationDateTime": "2026-11-22T00:00:00Z",
        "clientState": null,
        "tenantId": "84bd8158-6d4d-4958-8b9f-9d6445542f95",
        "changeType": "created",
        "resource": "Users/1/Events/2",
        "resourceData": { "@odata.type": "#Microsoft.Graph.Event", "id": "2" },
    })
}

/// The same with one property put in, or taken out where it is null.
fn altered(mut entry: Value, name: &str, value: Value) -> Value {
    entry[name] = value;
    entry
}

/// Lets the observer see what is good, then what is not. `None`: the document is not here.
fn observed(good: &[Exchange], bad: &[Exchange]) -> Option<()> {
    let observer = ContractObserver::from_reference();
    let observe = observer.observer();
    for exchange in good {
        observe(exchange);
        assert_eq!(observer.violations(), [], "{exchange:?}");
    }
    if observer.checked() == 0 {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
        return None;
    }
    for breach in bad {
        let seen = observer.violations().len();
        observe(breach);
        assert!(observer.violations().len() > seen, "not seen: {breach:?}");
    }
    Some(())
}

#[test]
fn bodies_and_statuses_that_nobody_documents_are_seen() {
    let good = exchange("/v1.0/organization", 200, json!({ "value": [] }));
    let events = |event: Value| exchange("/v1.0/me/events", 200, json!({ "value": [event] }));
    let rooms = json!({ "value": [{ "capacity": "8" }] });
    observed(
        &[good],
        &[
            events(json!({ "subjekt": "misspelt" })),
            events(json!({ "showAs": "sleeping" })),
            exchange("/v1.0/me/events", 302, json!({})),
            exchange("/v1.0/places/graph.room", 200, rooms),
            exchange("/v1.0/rooms", 200, json!({ "value": [] })),
            exchange("/v1.0/me", 404, json!({ "message": "no error object" })),
            exchange(
                "/v1.0/users('a')/calendars",
                200,
                json!({ "value": [{ "nmae": "" }] }),
            ),
        ],
    );
}

#[test]
fn headers_that_are_missing_or_wrong_are_seen() {
    let id = ("request-id", "1");
    let echo = ("client-request-id", "1");
    let json_type = ("content-type", "application/json");
    let echoing = |sent: &str| Exchange {
        request_headers: headers(&[("client-request-id", sent)]),
        ..answered(200, &HEADERS)
    };
    let preferring = |preferred: &str| Exchange {
        request_headers: headers(&[("prefer", preferred)]),
        ..answered(
            200,
            &[
                id,
                echo,
                json_type,
                ("preference-applied", "outlook.timezone=\"UTC\""),
            ],
        )
    };
    let waiting = [id, echo, json_type, ("retry-after", "2.128")];
    let count = Exchange {
        response_headers: headers(&[id, echo, ("content-type", "text/plain")]),
        ..exchange("/v1.0/users/$count", 200, json!(7))
    };
    observed(
        &[
            answered(429, &waiting),
            echoing("1"),
            preferring("IdType=\"ImmutableId\", outlook.timezone=\"UTC\""),
            count,
        ],
        &[
            answered(200, &[echo, json_type]),
            answered(200, &[id, json_type]),
            answered(200, &[id, echo]),
            answered(200, &[id, echo, ("content-type", "text/plain")]),
            answered(404, &[echo, json_type]),
            answered(429, &HEADERS),
            answered(429, &[id, echo, json_type, ("retry-after", "soon")]),
            echoing("2"),
            preferring("IdType=\"ImmutableId\""),
            preferring("outlook.timezone=\"Pacific Standard Time\""),
        ],
    );
}

#[test]
fn query_options_that_are_not_documented_there_are_seen() {
    let list = || json!({ "value": [] });
    let view = |more: &str| exchange(&format!("{VIEW}{more}"), 200, list());
    let place = |query: &str| exchange(&format!("/v1.0/places/room{query}"), 200, json!({}));
    observed(
        &[
            view("&$top=5&$COUNT=true&skip=0&%24select=id"),
            place("?$select=id"),
        ],
        &[
            view("&$nonsense=1"),
            view("&$top=many"),
            view("&$count=perhaps"),
            view("&$select="),
            place("?$filter=capacity ge 4"),
            exchange(
                "/v1.0/me/calendarView?startDateTime=2026-11-24",
                200,
                list(),
            ),
        ],
    );
}

#[test]
fn notifications_that_are_not_as_documented_are_seen() {
    let lifecycle = || {
        let mut entry = altered(notification(), "lifecycleEvent", json!("missed"));
        for name in ["changeType", "resource", "resourceData"] {
            entry.as_object_mut().unwrap().remove(name);
        }
        entry
    };
    let with = |name: &str, value: Value| notified(altered(notification(), name, value));
    let nothing = Exchange {
        request_json: Some(json!({ "value": [] })),
        ..notified(Value::Null)
    };
    observed(
        &[notified(notification()), notified(lifecycle())],
        &[
            with("changeType", json!("moved")),
            with("subscriptionExpirationDateTime", json!("tomorrow")),
            with("resource", Value::Null),
            with("resourceData", Value::Null),
            with("tenantId", Value::Null),
            with("lifecycleEvent", json!("missed")),
            with("subject", json!("never told")),
            notified(altered(lifecycle(), "lifecycleEvent", json!("gone"))),
            nothing,
        ],
    );
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
    let events = format!("{}/v1.0/me/events", sim.url());
    let misspelt = json!({ "subjekt": "misspelt" });
    let create = http.post(&events).json(&misspelt);
    let list = http.get(format!("{events}?$nonsense=1"));
    for request in [create, list] {
        let request = request.bearer_auth(&token.access_token);
        assert_eq!(request.send().await.unwrap().status(), 400);
    }
    if observer.checked() == 0 {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
        return;
    }
    assert_eq!(observer.request_violations().len(), 2);
    assert!(observer.violations().is_empty());
}

#[test]
fn what_is_checked_in_the_background_is_told_when_asked_for() {
    let observer = ContractObserver::from_reference();
    let (observe, findings) = observer.in_background();
    let breach = exchange("/v1.0/rooms", 200, json!({ "value": [] }));
    for _ in 0..50 {
        observe(&breach);
    }
    let found = findings();
    if found["checked"] == 0 {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
        return;
    }
    assert_eq!(found["checked"], 50);
    assert_eq!(found["answers"].as_array().unwrap().len(), 50);
}
