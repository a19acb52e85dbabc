//! The search out of memory, Exchange's own word over it, and what happens when Exchange fails.

use std::time::Duration;

use app::api::reservations::HoldView;
use app::api::rooms::Catalogue;
use booking::rules::DURATION_DAYS_MAX;
use booking::search::found::{CheckedRooms, FoundRooms, RoomsMoved, Source};
use booking::search::{RoomQuery, RoomState};
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};
use futures::StreamExt;
use m365_sim::{Fault, FaultAction, FaultMatch};
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";

async fn find(caller: &Caller, app: &TestApp, range: TimeRange) -> FoundRooms {
    let arguments = json!({ "query": RoomQuery::any_room(range), "floor": app.rooms[0].floor });
    caller.call("rooms/find", &arguments).await.unwrap()
}

async fn check(caller: &Caller, app: &TestApp, range: TimeRange) -> CheckedRooms {
    let rooms: Vec<_> = app.rooms.iter().take(4).map(|room| room.id).collect();
    let arguments = json!({ "query": RoomQuery::any_room(range), "rooms": rooms });
    caller.call("rooms/check", &arguments).await.unwrap()
}

/// Somebody sends an invitation in Outlook.
pub async fn send_in_outlook(app: &TestApp, organizer: &str, room: &str, range: TimeRange) {
    let event = json!({
        "subject": "Budget",
        "start": { "dateTime": graph_time(range.start()), "timeZone": "UTC" },
        "end": { "dateTime": graph_time(range.end()), "timeZone": "UTC" },
        "attendees": [{ "type": "resource", "emailAddress": { "address": room } }],
    });
    send_event(app, organizer, &event).await;
}

/// Somebody sends this event in Outlook.
pub async fn send_event(app: &TestApp, organizer: &str, event: &serde_json::Value) {
    let url = format!("{}/_sim/mailboxes/{organizer}/events", app.sim.url());
    let sent = reqwest::Client::new()
        .post(url)
        .json(event)
        .send()
        .await
        .unwrap();
    assert!(sent.status().is_success(), "{}", sent.text().await.unwrap());
}

/// A time in UTC, as Graph's `dateTime` has it.
pub fn graph_time(instant: booking::Instant) -> String {
    let seconds = instant.0 / 1_000;
    let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    format!(
        "{}T{:02}:{:02}:{:02}",
        date_of(day),
        second / 3600,
        second / 60 % 60,
        second % 60
    )
}

/// The civil date of a day since 1970, by Howard Hinnant's days algorithm
/// (<https://howardhinnant.github.io/date_algorithms.html#civil_from_days>).
fn date_of(day: i64) -> String {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let date = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{date:02}")
}

/// covers: FX-02, FX-03, FX-11, FX-13, WX-01
#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_sent_in_outlook_reaches_an_open_page_by_itself() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let range = tomorrow(9);
    let before = find(&adele, &app, range).await;
    assert_eq!(before.states, "ffff");
    let live = adele
        .get(&format!("/api/live?since={}", before.revision))
        .await;
    assert_eq!(live.status(), 200);

    send_in_outlook(&app, "alex.wilber@contoso.com", &app.mailbox(1), range).await;
    let mut stream = live.bytes_stream();
    let mut text = String::new();
    eventually(
        "the stream names the room and the search shows it busy",
        async || {
            let chunk = tokio::time::timeout(Duration::from_secs(5), stream.next()).await;
            text.push_str(&String::from_utf8_lossy(&chunk.ok()??.ok()?));
            let named = text.lines().any(|line| {
                serde_json::from_str::<RoomsMoved>(line)
                    .is_ok_and(|moved| moved.rooms.contains(&app.rooms[1].id))
            });
            (named && find(&adele, &app, range).await.states == "fbff").then_some(())
        },
    )
    .await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_question_to_exchange_answers_for_all_rooms_on_screen() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let asked_before = schedules(&app);
    let checked = check(&adele, &app, tomorrow(9)).await;
    assert_eq!(checked.rooms.len(), 4);
    for room in &checked.rooms {
        assert_eq!(room.answer.state, RoomState::Free);
        assert!(matches!(room.source, Source::Exchange { .. }));
    }
    check(&adele, &app, tomorrow(9)).await;
    assert_eq!(schedules(&app) - asked_before, 1);
    app.close().await;
}

/// How often Exchange was asked for free and busy. What a hostile day struck does not count: it is asked again.
pub fn schedules(app: &TestApp) -> usize {
    let requests = app.sim.requests();
    let asked = |path: &str| path.to_lowercase().contains("getschedule");
    let reached = requests.iter().filter(|one| !one.faulted);
    reached.filter(|one| asked(&one.path)).count()
}

/// What the pane asks for when it adds the first room.
fn first_room_for_a_draft(app: &TestApp) -> serde_json::Value {
    json!({ "request": {
        "draft": uuid::Uuid::from_u128(1), "room": app.rooms[0].id, "range": tomorrow(9),
    }})
}

fn fault(action: FaultAction, mailbox: Option<String>) -> Fault {
    Fault::times(
        20,
        FaultMatch {
            method: None,
            path: Some("/v1.0/users/*/calendar/getSchedule".to_owned()),
            mailbox,
        },
        action,
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn when_exchange_is_slow_the_mirror_answers_with_its_age() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    app.own_faults()
        .add(fault(
            FaultAction::Delay {
                delay_ms: 4_000,
                jitter_ms: 0,
            },
            None,
        ))
        .unwrap();
    let checked = check(&adele, &app, tomorrow(9)).await;
    for room in &checked.rooms {
        assert!(
            matches!(room.source, Source::Mirror { as_of: Some(_) }),
            "{room:?}"
        );
    }
    app.own_faults().clear();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_exchange_throttles_the_mirror_answers_and_a_room_cannot_be_added() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    app.own_faults()
        .throttle("/v1.0/users/*/calendar/getSchedule", 50, 30)
        .unwrap();
    let checked = check(&adele, &app, tomorrow(9)).await;
    assert!(matches!(checked.rooms[0].source, Source::Mirror { .. }));
    let request = first_room_for_a_draft(&app);
    let refused = adele
        .call::<HoldView>("reservations/hold", &request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "throttled");
    let incident = refused.incident.clone().unwrap();
    assert!(refused.sentence().contains(&incident), "{refused}");
    let answer = adele.post("reservations/hold", &request).await;
    assert_eq!(answer.status(), 503);
    app.own_faults().clear();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_unreadable_room_does_not_spoil_the_others() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let broken = FaultAction::ScheduleError {
        response_code: "5006".to_owned(),
        message: "The result set contains too many calendar entries.".to_owned(),
    };
    app.own_faults()
        .add(fault(broken, Some(app.mailbox(2))))
        .unwrap();
    let checked = check(&adele, &app, tomorrow(9)).await;
    assert!(matches!(checked.rooms[1].source, Source::Exchange { .. }));
    assert!(matches!(checked.rooms[2].source, Source::Mirror { .. }));
    app.own_faults().clear();
    app.close().await;
}

/// covers: OM-10
#[tokio::test(flavor = "multi_thread")]
async fn only_rooms_can_be_asked_about_and_the_catalogue_holds_nothing_else() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let catalogue: Catalogue = adele
        .call("rooms/catalogue", &json!({ "building": null }))
        .await
        .unwrap();
    assert_eq!(catalogue.rooms.len(), 8);
    let stranger = uuid::Uuid::from_u128(0xbad);
    let arguments = json!({ "query": RoomQuery::any_room(tomorrow(9)), "rooms": [stranger] });
    let checked: CheckedRooms = adele.call("rooms/check", &arguments).await.unwrap();
    assert!(checked.rooms.is_empty());
    let people = ["adele.vance@contoso.com", "alex.wilber@contoso.com"];
    for request in app.sim.requests() {
        let asked_as_app = request.person.is_none();
        let mailbox = request.mailbox.unwrap_or_default();
        assert!(
            !(asked_as_app && people.contains(&mailbox.as_str())),
            "the application looked into a person's mailbox: {}",
            request.path
        );
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exchange_that_denies_is_not_told_like_one_that_is_slow() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let denied = FaultAction::Status {
        status: 403,
        code: "ErrorAccessDenied".to_owned(),
        message: None,
        retry_after_seconds: None,
    };
    app.own_faults().add(fault(denied, None)).unwrap();
    let request = first_room_for_a_draft(&app);
    let refused = adele
        .call::<HoldView>("reservations/hold", &request)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "mailbox_blocked", "{refused}");
    app.own_faults().clear();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_time_a_room_can_be_had_for_is_one_that_exchange_can_be_asked_about() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    // Not on the hour, so that the hours around it are as many as can be.
    let start = tomorrow(9).start().plus_ms(59 * MINUTE_MS);
    let range = TimeRange::new(start, start.plus_ms(DURATION_DAYS_MAX * DAY_MS)).unwrap();
    let checked = check(&adele, &app, range).await;
    assert!(
        checked
            .rooms
            .iter()
            .all(|one| matches!(one.source, Source::Exchange { .. })),
        "{checked:?}"
    );
    app.close().await;
}
