//! What people write into their meetings is nobody else's: a word put there is looked for in everything Etage keeps and says.

use std::time::Duration;

use booking::search::RoomQuery;
use booking::time::{HOUR_MS, TimeRange};
use futures::StreamExt;
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::{graph_time, send_event};
use crate::log::Log;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
/// Stands in subjects, bodies, places, categories, and in the names and addresses of the others invited.
const CANARY: &str = "yellowfinch";
fn names_the_canary(text: &str) -> bool {
    text.to_lowercase().contains(CANARY)
}

/// A meeting with the canary wherever somebody else than its organizer has nothing to read.
fn meeting(range: TimeRange, room: &str, sensitivity: &str) -> serde_json::Value {
    json!({
        "subject": format!("About the {CANARY}"),
        "body": { "contentType": "text", "content": format!("The {CANARY} flies at nine.") },
        "start": { "dateTime": graph_time(range.start()), "timeZone": "UTC" },
        "end": { "dateTime": graph_time(range.end()), "timeZone": "UTC" },
        "location": { "displayName": format!("Nest of the {CANARY}") },
        "categories": [CANARY],
        "sensitivity": sensitivity,
        "attendees": [
            { "type": "resource", "emailAddress": { "address": room } },
            { "type": "required", "emailAddress": {
                "name": format!("Guest {CANARY}"), "address": format!("{CANARY}@fabrikam.com"),
            }},
        ],
    })
}

/// covers: FX-10
/// covers part of: P-36 (nobody has a role that hides names yet)
#[tokio::test(flavor = "multi_thread")]
async fn a_word_written_into_meetings_is_found_nowhere_in_etage() {
    let log = Log::start();
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let range = tomorrow(9);
    let later = TimeRange::new(range.end(), range.end().plus_ms(HOUR_MS)).unwrap();
    let live = adele.get("/api/live?since=0").await;
    let room = app.mailbox(1);
    for (sensitivity, range) in [("normal", range), ("private", later)] {
        send_event(&app, ALEX, &meeting(range, &room, sensitivity)).await;
    }

    let mut said = String::new();
    let rooms: Vec<_> = app.rooms.iter().take(4).map(|room| room.id).collect();
    for range in [range, later] {
        let question = json!({ "query": RoomQuery::any_room(range), "floor": app.rooms[0].floor });
        eventually("the room is shown as busy", async || {
            let found = adele
                .post("rooms/find", &question)
                .await
                .text()
                .await
                .unwrap();
            let is_busy = found.contains("\"fbff\"");
            said.push_str(&found);
            is_busy.then_some(())
        })
        .await;
        let of_rooms = json!({ "query": RoomQuery::any_room(range), "rooms": rooms });
        for function in ["rooms/explain", "rooms/check"] {
            let answer = adele.post(function, &of_rooms).await;
            assert_eq!(answer.status(), 200, "{function}");
            said.push_str(&answer.text().await.unwrap());
        }
    }
    for path in ["/", "/reservations", "/pane"] {
        said.push_str(&adele.get(path).await.text().await.unwrap());
    }
    let mut stream = live.bytes_stream();
    while let Ok(Some(Ok(chunk))) =
        tokio::time::timeout(Duration::from_millis(200), stream.next()).await
    {
        said.push_str(&String::from_utf8_lossy(&chunk));
    }
    assert!(!names_the_canary(&said), "told to a browser: {said}");
    let logged = log.text();
    assert!(!names_the_canary(&logged), "in the log");
    // The organizer is kept: a sign that this looks at the right place.
    let kept = app.kept_on_disk();
    assert!(kept.contains("Alex Wilber"), "the organizer is kept");
    assert!(!names_the_canary(&kept), "in the database");
    app.close().await;
}
