//! The table of operations: complete, true, and told in the documentation.

use std::path::Path;

use m365_sim::contract::ContractObserver;
use m365_sim::{OPERATIONS, Operation, Scope};
use reqwest::Method;
use serde_json::json;

use crate::support::{ADELE, Answer, ROOM1, World, answer};

/// The table's paths as the contract tells them.
fn plain(operation: &Operation) -> (String, String) {
    let path = operation.path.to_lowercase().replace("()", "");
    (operation.method.to_owned(), path)
}

/// A path of the table with something that exists, or could, in each placeholder.
fn address(operation: &Operation) -> String {
    let mut address = operation.path.trim_start_matches('/').to_owned();
    let fillings = [
        ("{user-id}", ROOM1),
        (
            "{place-id}/graph.roomList",
            "harbour-house@contoso.com/graph.roomList",
        ),
        ("{place-id}", ROOM1),
        ("{setting}", "timeZone"),
    ];
    for (placeholder, filling) in fillings {
        address = address.replace(placeholder, filling);
    }
    let segments = address.split('/').map(|segment| {
        if segment.starts_with('{') {
            "unknown"
        } else {
            segment
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// What the application is answered, or a person where only they may ask.
async fn asked(world: &World, operation: &Operation) -> Answer {
    let address = address(operation);
    let client = if address.split('/').next() == Some("me") {
        world.person(ADELE)
    } else {
        world.app().await
    };
    let method: Method = operation.method.parse().unwrap();
    let mut request = client.request(method, &address);
    if ["POST", "PATCH"].contains(&operation.method) {
        request = request.json(&json!({}));
    }
    answer(request).await
}

#[test]
fn every_operation_of_microsofts_document_is_in_the_table_once() {
    let table: Vec<_> = OPERATIONS.iter().map(plain).collect();
    for (number, one) in table.iter().enumerate() {
        assert!(!table[..number].contains(one), "twice: {one:?}");
    }
    let documented = ContractObserver::from_reference().operations();
    for one in &documented {
        assert!(table.contains(one), "not in the table: {one:?}");
    }
    if documented.is_empty() {
        println!("Skipped: Microsoft's OpenAPI document is not in ../shared.");
    }
}

#[tokio::test]
async fn served_operations_are_served_and_the_others_are_refused_as_documented() {
    let world = World::contoso().await;
    for operation in OPERATIONS {
        let answer = asked(&world, operation).await;
        let (status, error) = (answer.status.as_u16(), &answer.json["error"]);
        let told = format!("{} {}: {status} {error}", operation.method, operation.path);
        let message = error["message"].as_str().unwrap_or_default();
        match operation.scope {
            Scope::Served => {
                assert!(![405, 501].contains(&status), "{told}");
                assert!(!message.contains("for the segment"), "{told}");
            }
            Scope::Refused(_) => assert_eq!(status, 400, "{told}"),
            Scope::OutOfScope(_) => {
                assert_eq!(status, 501, "{told}");
                assert_eq!(error["code"], "NotImplemented", "{told}");
            }
        }
    }
}

#[tokio::test]
async fn what_nobody_documents_is_no_resource() {
    let world = World::contoso().await;
    let unknown = world.person(ADELE).get("me/rooms").await;
    assert_eq!(unknown.status, 400);
    let message = unknown.json["error"]["message"].as_str().unwrap();
    assert_eq!(message, "Resource not found for the segment 'rooms'.");
}

#[test]
fn the_reasons_for_what_is_not_served_are_told_in_the_documentation() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/SIMULATOR.md");
    let page = std::fs::read_to_string(page).unwrap();
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    for operation in OPERATIONS {
        if let Scope::OutOfScope(reason) | Scope::Refused(reason) = operation.scope {
            assert!(page.contains(reason), "docs/SIMULATOR.md lacks: {reason}");
        }
    }
}

#[tokio::test]
async fn keys_may_stand_in_parentheses() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let event = adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let id = event["id"].as_str().unwrap();
    let paths = [
        format!("me/events('{id}')"),
        format!("users('{ADELE}')/events/{id}"),
        format!("Users('{ADELE}')/calendar/events('{id}')"),
    ];
    for path in paths {
        let found = adele.get(&path).await;
        assert_eq!(found.status, 200, "{path}: {}", found.json);
        assert_eq!(found.json["id"], id, "{path}");
    }
    let rooms = "places('harbour-house@contoso.com')/microsoft.graph.roomList/rooms?$top=1";
    let page = adele.get(rooms).await;
    let next = page.json["@odata.nextLink"].as_str().unwrap();
    assert_eq!(adele.get(next).await.status, 200, "{next}");
}
