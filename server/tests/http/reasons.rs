//! Why a room is not offered, what would have it, and how fresh that is.

use booking::rules::Refusal;
use booking::search::change::Change;
use booking::search::found::{CheckedRoom, CheckedRooms, FoundRooms, Source};
use booking::search::{RoomQuery, RoomState, When};
use booking::time::{HOUR_MS, TimeRange};
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::send_in_outlook;
use crate::people::Caller;
use crate::placing::place_request;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

async fn ask(caller: &Caller, app: &TestApp, door: &str, query: &RoomQuery) -> CheckedRooms {
    let rooms: Vec<_> = app.rooms.iter().map(|room| room.id).collect();
    let arguments = json!({ "query": query, "rooms": rooms });
    caller.call(door, &arguments).await.unwrap()
}

async fn find(caller: &Caller, app: &TestApp, query: &RoomQuery) -> FoundRooms {
    let arguments = json!({ "query": query, "floor": app.rooms[0].floor });
    caller.call("rooms/find", &arguments).await.unwrap()
}

/// The room is taken in its own calendar, and the mirror has heard of it.
async fn taken(app: &TestApp, caller: &Caller, room: usize, range: TimeRange) {
    send_in_outlook(app, ALEX, &app.mailbox(room), range).await;
    eventually("the room is shown as busy", async || {
        let found = find(caller, app, &RoomQuery::any_room(range)).await;
        (found.states.as_bytes()[room] == RoomState::Busy.byte()).then_some(())
    })
    .await;
}

/// The question with the changes made.
fn changed(query: &RoomQuery, changes: &[Change]) -> RoomQuery {
    let mut query = query.clone();
    for change in changes {
        let When::Exact { ranges } = &mut query.when else {
            panic!("asked in exact times");
        };
        match change {
            Change::FreeAt { start } => {
                let by_ms = start.since_ms(ranges[0].start());
                ranges[0] = ranges[0].shifted_ms(by_ms);
            }
            Change::Shorter { range } => ranges[0] = *range,
            Change::ForFewer { people } => query.people = *people,
            Change::Without { equipment } => query.equipment.0 &= !equipment.0,
            Change::WithSteps => query.step_free = false,
            Change::Linked | Change::ReadAgain => panic!("nobody can ask for {change:?}"),
        }
    }
    query
}

/// covers: N-05
#[tokio::test(flavor = "multi_thread")]
async fn every_room_that_is_not_offered_says_why_and_its_smallest_change_has_it_offered() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let asked = tomorrow(10);
    // Half of it, all of it, and all of it with the hours around.
    let rest = TimeRange::new(asked.start().plus_ms(HOUR_MS / 2), asked.end()).unwrap();
    let long = TimeRange::new(
        asked.start().plus_ms(-2 * HOUR_MS),
        asked.end().plus_ms(HOUR_MS),
    );
    for (room, range) in [(1, rest), (2, asked), (3, long.unwrap())] {
        taken(&app, &adele, room, range).await;
    }
    let mut query = RoomQuery::any_room(asked);
    query.people = 7;
    let found = find(&adele, &app, &query).await;
    assert_eq!(found.states, "nbbb");

    for door in ["rooms/explain", "rooms/check"] {
        let told = ask(&adele, &app, door, &query).await;
        let answers: Vec<&CheckedRoom> = told.rooms.iter().take(4).collect();
        let remedies: Vec<&[Change]> = answers
            .iter()
            .map(|one| one.answer.remedy.as_slice())
            .collect();
        let start = |ms: i64| Change::FreeAt {
            start: asked.start().plus_ms(ms),
        };
        assert_eq!(
            remedies,
            [
                &[Change::ForFewer { people: 4 }][..],
                &[start(-HOUR_MS / 2), Change::ForFewer { people: 6 }],
                &[start(HOUR_MS)],
                &[start(2 * HOUR_MS)],
            ],
            "{door}"
        );
        for (place, one) in answers.into_iter().enumerate() {
            assert_ne!(one.answer.refusals, [], "{one:?}");
            let is_dated = match one.source {
                Source::Exchange { .. } => true,
                Source::Mirror { as_of } => as_of.is_some(),
            };
            assert!(is_dated, "{one:?}");
            let again = find(&adele, &app, &changed(&query, &one.answer.remedy)).await;
            assert_eq!(again.states.as_bytes()[place], RoomState::Free.byte());
        }
        // The other floor's are larger and free.
        assert!(
            told.rooms[4..]
                .iter()
                .all(|one| one.answer.refusals.is_empty())
        );
    }
    app.close().await;
}

/// covers part of: FX-31 (the reason is told; no page is seen to show it)
#[tokio::test(flavor = "multi_thread")]
async fn a_room_without_a_mailbox_is_refused_and_says_so() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let mut unlinked = app.rooms[0].clone();
    unlinked.link = None;
    let store = app.state.engine.store();
    store.upsert_rooms(&[unlinked]).await.unwrap();
    app.state.engine.reload_index().await.unwrap();

    let query = RoomQuery::any_room(tomorrow(10));
    let found = find(&adele, &app, &query).await;
    assert_eq!(found.states, "xfff");
    for door in ["rooms/explain", "rooms/check"] {
        let told = ask(&adele, &app, door, &query).await;
        let answer = &told.rooms[0].answer;
        assert_eq!(answer.state, RoomState::NotBookable);
        assert_eq!(answer.refusals, [Refusal::NotLinked], "{door}");
        assert_eq!(answer.remedy, [Change::Linked], "{door}");
    }
    let place = place_request(&app, 0, tomorrow(10), 1);
    let draft = json!({ "request": {
        "draft": uuid::Uuid::from_u128(1), "room": app.rooms[0].id, "range": tomorrow(10),
    }});
    for (door, request) in [("reservations/place", place), ("reservations/hold", draft)] {
        let refused = adele.call::<serde_json::Value>(door, &request).await;
        let refused = refused.unwrap_err();
        assert_eq!(refused.code, "refused", "{door}");
        assert_eq!(refused.refusals, [Refusal::NotLinked], "{door}");
    }
    assert!(app.events(ADELE).is_empty());
    app.close().await;
}
