//! Booking as the person: five steps that can be followed, known beforehand to work, and no different from Outlook's.

use std::collections::BTreeSet;

use app::api::reservations::{ChangeRequest, ReservationView};
use booking::ids::ReservationId;
use booking::reservation::{ReservationState, StateNote, Step};
use booking::search::When;
use m365_sim::{AccessPolicy, AccessRight, ExchangeAccess, MailboxState, Revocation, Scenario};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::{graph_time, send_event};
use crate::log::Log;
use crate::people::Caller;
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
const KEY: ReservationId = ReservationId(Uuid::from_u128(1));

async fn place(app: &TestApp, caller: &Caller, room: usize, key: u128) -> ReservationView {
    let request = place_request(app, room, tomorrow(10), key);
    caller.call("reservations/place", &request).await.unwrap()
}

async fn preflight(app: &TestApp, caller: &Caller) -> Result<(), app::api::ApiError> {
    let room = app.rooms[0].id;
    let asked = json!({ "room": room });
    caller.call("reservations/preflight", &asked).await
}

/// covers: FX-60
#[tokio::test(flavor = "multi_thread")]
async fn the_five_steps_are_in_the_trace_in_order() {
    let log = Log::start();
    let app = TestApp::start_on_a_good_day().await;
    let callers = [app.at_portal(ADELE).await, app.in_pane(ALEX)];
    for (key, caller) in callers.iter().enumerate() {
        // A pane's first call gives us the lasting permission, a little later.
        eventually("the person may book", async || {
            preflight(&app, caller).await.ok()
        })
        .await;
        let placed = place(&app, caller, key, key as u128 + 1).await;
        let id = placed.reservation.id;
        let confirmed = settled(caller, id).await.reservation;
        assert_eq!(confirmed.state, ReservationState::Confirmed);
        let steps = app.state.engine.store().steps_of(id).await.unwrap();
        let taken: Vec<Step> = steps.iter().map(|(step, _)| *step).collect();
        assert_eq!(taken, Step::ALL);
        assert!(steps.is_sorted_by_key(|(_, at)| *at), "{steps:?}");
        let told = log.text();
        let lines = told.lines().filter(|line| line.contains(&id.to_string()));
        let words = lines.filter_map(|line| {
            let mut steps = Step::ALL.into_iter();
            steps.find(|step| line.contains(&format!("step=\"{}\"", step.word())))
        });
        let words: Vec<Step> = words.collect();
        assert_eq!(words, Step::ALL, "{told}");
    }
    app.close().await;
}

/// covers: FX-62
#[tokio::test(flavor = "multi_thread")]
async fn a_person_whose_permission_is_lost_is_told_before_booking() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await;
    preflight(&app, &adele).await.unwrap();
    let all = Revocation::Everything;
    app.sim.revoke_sign_ins(ADELE, all).unwrap();
    let told = preflight(&app, &adele).await.unwrap_err();
    assert_eq!(told.code, "sign_in_needed");
    assert_eq!(
        told.message,
        "Microsoft no longer lets us act for you. Sign in again; nothing was lost."
    );
    let adele = app.at_portal(ADELE).await;
    preflight(&app, &adele).await.unwrap();

    let on_premises = MailboxState::OnPremises;
    app.sim.set_mailbox_state(ADELE, on_premises).unwrap();
    let told = preflight(&app, &adele).await.unwrap_err();
    assert_eq!(told.code, "mailbox_elsewhere");
    assert!(told.message.contains("your mailbox"), "{told}");
    let active = MailboxState::Active;
    app.sim.set_mailbox_state(ADELE, active).unwrap();

    let access = ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right: AccessRight::RestrictAccess,
            mailboxes: vec![app.mailbox(1)],
        }),
        ..ExchangeAccess::default()
    };
    let client = Scenario::CONTOSO_CLIENT_ID;
    app.sim.set_exchange_access(client, access).unwrap();
    // What was said of the room a moment ago is believed for ten seconds.
    let told = eventually("the room's mailbox is known to be closed", async || {
        preflight(&app, &adele).await.err()
    })
    .await;
    assert_eq!(told.code, "mailbox_blocked");
    assert!(told.message.contains("this room's mailbox"), "{told}");
    assert!(app.events(ADELE).is_empty(), "nothing was written");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_in_the_pane_books_as_themself_through_on_behalf_of() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let placed = place(&app, &adele, 0, 1).await;
    let settled = settled(&adele, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    let own = app.events(ADELE);
    assert_eq!(own.len(), 1);
    assert!(own[0].is_organizer);
    let requests = app.sim.requests();
    let mut writes = requests
        .iter()
        .filter(|one| one.method == "POST" && one.path.ends_with("/me/events"));
    assert!(writes.all(|one| one.person.as_deref() == Some(ADELE)));
    let authorized = |path: &str| path.contains("authorize");
    assert!(
        !requests.iter().any(|one| authorized(&one.path)),
        "nobody signed in at the portal"
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_for_a_sign_in_goes_on_after_it_and_makes_one_event() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await;
    let all = Revocation::Everything;
    app.sim.revoke_sign_ins(ADELE, all).unwrap();
    let placed = place(&app, &adele, 0, 1).await;
    let waiting = eventually("the reservation waits for a sign-in", async || {
        let one: ReservationView = adele
            .call("reservations/one", &json!({ "id": placed.reservation.id }))
            .await
            .unwrap();
        let waits = one.reservation.note == Some(StateNote::SignInAgain);
        waits.then_some(one.reservation)
    })
    .await;
    assert_eq!(waiting.state, ReservationState::Held);
    assert!(app.events(ADELE).is_empty());
    let steps = app.state.engine.store().steps_of(waiting.id).await.unwrap();
    let taken: Vec<Step> = steps.iter().map(|(step, _)| *step).collect();
    assert_eq!(taken, [Step::Requested, Step::RoomFree]);

    let adele = app.at_portal(ADELE).await;
    let settled = settled(&adele, waiting.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    assert_eq!(app.events(ADELE).len(), 1);
    let steps = app.state.engine.store().steps_of(waiting.id).await.unwrap();
    let taken: Vec<Step> = steps.iter().map(|(step, _)| *step).collect();
    assert_eq!(taken, Step::ALL);
    app.close().await;
}

/// Everything that Graph tells a person of their event that invites this room.
async fn as_graph_tells(app: &TestApp, person: &str, room: &str) -> Value {
    let client = Scenario::CONTOSO_CLIENT_ID;
    let scopes = &["Calendars.ReadWrite"];
    let token = app.sim.token_for(person, client, scopes).unwrap();
    let url = format!("{}/v1.0/me/events", app.sim.url());
    let request = reqwest::Client::new().get(url);
    let answer = request.bearer_auth(token.access_token).send().await;
    let list: Value = answer.unwrap().json().await.unwrap();
    let events = list["value"].as_array().unwrap();
    let invites = |event: &&Value| event["attendees"].to_string().contains(room);
    events.iter().find(invites).unwrap().clone()
}

/// The paths at which two answers differ.
fn differences(path: &str, one: &Value, other: &Value, found: &mut BTreeSet<String>) {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
            for key in keys {
                let at = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let side = |side: &serde_json::Map<String, Value>| side.get(key).cloned();
                let (one, other) = (side(one), side(other));
                differences(
                    &at,
                    &one.unwrap_or_default(),
                    &other.unwrap_or_default(),
                    found,
                );
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (one, other) in one.iter().zip(other) {
                differences(path, one, other, found);
            }
        }
        _ if one == other => {}
        _ => {
            found.insert(path.to_owned());
        }
    }
}

/// What every event has of its own, and the time at which each room answered.
const OF_EACH: [&str; 9] = [
    "@odata.etag",
    "attendees.status.time",
    "changeKey",
    "createdDateTime",
    "iCalUId",
    "id",
    "lastModifiedDateTime",
    "uid",
    "webLink",
];

/// In what an event of ours differs from one that somebody sends in Outlook, and why.
const DIFFERS: [&str; 6] = [
    // A new time would have to be asked of us, who know of no other event.
    "allowNewTimeProposals",
    // The address of the room whose name is shown; it books nothing. Outlook puts it into the one, Graph's documentation of
    // writing into the other.
    "location.locationEmailAddress",
    "location.locationUri",
    "locations.locationEmailAddress",
    "locations.locationUri",
    // How a repeated request is known; Outlook has marks of its own.
    "transactionId",
];

/// covers: FX-61
#[tokio::test(flavor = "multi_thread")]
async fn a_booking_of_ours_looks_like_one_of_outlook() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await;
    let placed = place(&app, &adele, 0, 1).await;
    settled(&adele, placed.reservation.id).await;
    let (ours, theirs) = (app.mailbox(0), app.mailbox(1));
    let range = tomorrow(10);
    // As `toEvent` of end2end/outlook-host/page/graph_event.js writes a draft with a room and nothing else in it.
    let location = json!({
        "displayName": "Room 2", "locationType": "conferenceRoom", "locationUri": theirs, "uniqueId": theirs,
        "uniqueIdType": "directory",
    });
    let sent = json!({
        "subject": "Planning",
        "body": { "contentType": "text", "content": "" },
        "start": { "dateTime": graph_time(range.start()), "timeZone": "UTC" },
        "end": { "dateTime": graph_time(range.end()), "timeZone": "UTC" },
        "location": location,
        "locations": [location],
        "attendees": [{ "type": "resource", "emailAddress": { "address": theirs, "name": "Room 2" } }],
    });
    send_event(&app, ADELE, &sent).await;
    eventually("the room accepts what was sent in Outlook", async || {
        let events = app.events(&theirs);
        events
            .iter()
            .any(|one| one.response == "accepted")
            .then_some(())
    })
    .await;
    let as_one_room = |text: String| text.replace(&theirs, &ours).replace("Room 2", "Room 1");
    let told = as_graph_tells(&app, ADELE, &ours).await;
    let other = eventually("its organizer's copy has the answer", async || {
        let event = as_graph_tells(&app, ADELE, &theirs).await;
        let has_answer = event["attendees"].to_string().contains("accepted");
        has_answer.then_some(event)
    })
    .await;
    let other: Value = serde_json::from_str(&as_one_room(other.to_string())).unwrap();
    let mut found = BTreeSet::new();
    differences("", &told, &other, &mut found);
    found.retain(|path| !OF_EACH.contains(&path.as_str()));
    assert!(found.iter().eq(DIFFERS), "{found:?}\n{told:#}\n{other:#}");

    let copies = [&ours, &theirs].map(|room| {
        let event = app.events(room).remove(0);
        (
            (event.subject, event.start, event.end, event.show_as),
            (event.organizer, event.is_organizer, event.response),
            (event.body, event.sensitivity, event.attendees.len()),
        )
    });
    assert_eq!(copies[0], copies[1], "the rooms' copies");
    app.close().await;
}

/// covers: FX-05, FX-27
#[tokio::test(flavor = "multi_thread")]
async fn what_people_write_in_outlook_stays() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await;
    let placed = place(&app, &adele, 0, 1).await;
    settled(&adele, placed.reservation.id).await;
    let event = app.events(ADELE).remove(0);
    let written = json!({
        "subject": "Budget, third attempt",
        "body": { "contentType": "text", "content": "Bring the numbers." },
        "attendees": [
            { "type": "resource", "emailAddress": { "address": app.mailbox(0), "name": "Room 1" } },
            { "type": "required", "emailAddress": { "address": ALEX, "name": "Alex Wilber" } },
            { "type": "optional", "emailAddress": { "address": "guest@fabrikam.com" } },
        ],
    });
    let url = format!(
        "{}/_sim/mailboxes/{ADELE}/events/{}",
        app.sim.url(),
        event.id
    );
    let changed = reqwest::Client::new()
        .patch(url)
        .json(&written)
        .send()
        .await;
    assert!(changed.unwrap().status().is_success());
    eventually(
        "the reservation is confirmed, and can be changed",
        async || {
            let asked = json!({ "id": KEY });
            let one: ReservationView = adele.call("reservations/one", &asked).await.unwrap();
            (one.reservation.state == ReservationState::Confirmed).then_some(())
        },
    )
    .await;
    let later = tomorrow(14);
    let request = json!({ "request": ChangeRequest {
        id: KEY,
        room: app.rooms[1].id,
        when: When::Exact { ranges: vec![later] },
    }});
    let changed: ReservationView = adele.call("reservations/change", &request).await.unwrap();
    let settled = settled(&adele, changed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    let event = app.events(ADELE).remove(0);
    assert_eq!(event.start.as_millisecond(), later.start().0);
    assert_eq!(event.subject, "Budget, third attempt");
    assert_eq!(event.body, "Bring the numbers.");
    let invited: Vec<&str> = event
        .attendees
        .iter()
        .map(|one| one.address.as_str())
        .collect();
    let room = app.mailbox(1);
    assert_eq!(invited, [room.as_str(), ALEX, "guest@fabrikam.com"]);
    app.close().await;
}
