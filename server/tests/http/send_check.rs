//! What Outlook's event handler asks, with a draft's ticket and nobody signed in.

use std::time::Duration;

use app::api::reservations::{HoldRequest, HoldView, ReservationView};
use booking::ids::DraftKey;
use booking::time::TimeRange;
use m365_sim::{Fault, FaultAction, FaultMatch};
use reqwest::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use server::checks::CHECKS_PER_MINUTE_MAX;
use server::routes::draft_check::QUESTION_BYTES_MAX;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::{schedules, send_in_outlook};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
/// Outlook keeps nobody waiting longer than this without a word.
const OUTLOOK_WAITS: Duration = Duration::from_secs(4);

#[derive(Debug, Deserialize)]
struct Told {
    verdict: String,
    text: String,
}

/// A room held for a draft, and the ticket that stays with the draft.
async fn ticket(
    app: &TestApp,
    person: &Caller,
    draft: u128,
    room: usize,
    range: TimeRange,
) -> String {
    let request = HoldRequest {
        draft: DraftKey(Uuid::from_u128(draft)),
        room: app.rooms[room].id,
        range,
    };
    let held: HoldView = person
        .call("reservations/hold", &json!({ "request": request }))
        .await
        .unwrap();
    held.ticket
}

/// The question about a draft with one room.
fn question(app: &TestApp, ticket: &str, room: usize, range: TimeRange) -> Value {
    json!({ "ticket": ticket, "event": "send", "start": range.start(), "end": range.end(),
        "rooms": [app.mailbox(room)], "people": 3 })
}

async fn post(app: &TestApp, question: &Value) -> (StatusCode, Told) {
    let url = format!("{}/outlook/draft_check", app.origin);
    let request = reqwest::Client::new().post(url).json(question);
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn asked(app: &TestApp, question: &Value) -> Told {
    let (status, told) = post(app, question).await;
    assert_eq!(status, StatusCode::OK, "{told:?}");
    told
}

async fn until_the_calendar_shows(app: &TestApp, room: usize, range: TimeRange) {
    eventually("the room has accepted", async || {
        let events = app.events(&app.mailbox(room));
        let accepted = |event: &m365_sim::EventView| {
            event.start.as_millisecond() == range.start().0 && event.response == "accepted"
        };
        events.iter().any(accepted).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_free_room_may_be_sent_and_the_own_hold_is_no_obstacle() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    let told = asked(&app, &question(&app, &ticket, 0, tomorrow(10))).await;
    assert_eq!((told.verdict.as_str(), told.text.as_str()), ("free", ""));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_taken_meanwhile_is_told_with_its_reason_and_the_next_best_and_names_nobody() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    send_in_outlook(&app, ALEX, &app.mailbox(0), tomorrow(10)).await;
    until_the_calendar_shows(&app, 0, tomorrow(10)).await;
    let told = asked(&app, &question(&app, &ticket, 0, tomorrow(10))).await;
    assert_eq!(told.verdict, "taken");
    assert_eq!(
        told.text,
        "Room 0.1 is no longer free. Busy 10:00–11:00. Free then: Room 0.2, Room 0.3. \
         Open Etage to take another, or remove the room from the meeting."
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_send_at_once_for_a_room_that_nobody_holds_any_more_are_told_apart() {
    let app = TestApp::start().await;
    let (adele, alex) = (app.in_pane(ADELE), app.in_pane(ALEX));
    let adeles = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    let draft = json!({ "draft": Uuid::from_u128(1) });
    adele
        .call::<()>("reservations/drop_hold", &draft)
        .await
        .unwrap();
    let alexs = ticket(&app, &alex, 2, 0, tomorrow(10)).await;
    let draft = json!({ "draft": Uuid::from_u128(2) });
    alex.call::<()>("reservations/drop_hold", &draft)
        .await
        .unwrap();

    let (one, other) = (
        question(&app, &adeles, 0, tomorrow(10)),
        question(&app, &alexs, 0, tomorrow(10)),
    );
    let (one, other) = tokio::join!(asked(&app, &one), asked(&app, &other));
    let mut verdicts = [one.verdict, other.verdict];
    verdicts.sort();
    assert_eq!(verdicts, ["free", "taken"]);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_that_was_sent_before_is_not_in_its_own_way() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let room = app.mailbox(0);
    send_in_outlook(&app, ADELE, &room, tomorrow(10)).await;
    until_the_calendar_shows(&app, 0, tomorrow(10)).await;
    eventually("the mirror knows whose it is", async || {
        let store = app.state.engine.store();
        let busy = store
            .busy_times_of(app.rooms[0].id, tomorrow(10))
            .await
            .unwrap();
        (!busy.is_empty()).then_some(())
    })
    .await;
    // The pane held the room for a later time, and the meeting is moved back halfway.
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(12)).await;
    let halfway = tomorrow(10).shifted_ms(30 * 60_000);
    let told = asked(&app, &question(&app, &ticket, 0, halfway)).await;
    assert_eq!(told.verdict, "free");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_moved_takes_its_hold_along_or_gives_it_up() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    let moved_to = |hour| {
        let mut question = question(&app, &ticket, 0, tomorrow(hour));
        question["event"] = json!("time_changed");
        question
    };
    assert_eq!(asked(&app, &moved_to(12)).await.verdict, "free");
    let mine = async || {
        adele
            .call::<Vec<ReservationView>>("reservations/mine", &json!({}))
            .await
            .unwrap()
    };
    let held: Vec<TimeRange> = mine()
        .await
        .iter()
        .map(|one| one.reservation.range)
        .collect();
    assert_eq!(held, [tomorrow(12)]);

    send_in_outlook(&app, ALEX, &app.mailbox(0), tomorrow(14)).await;
    until_the_calendar_shows(&app, 0, tomorrow(14)).await;
    let told = asked(&app, &moved_to(14)).await;
    assert_eq!(told.verdict, "taken");
    assert!(
        told.text
            .starts_with("At the new time Room 0.1 is not free. Busy 14:00–15:00."),
        "{}",
        told.text
    );
    assert!(told.text.chars().count() <= 150, "{}", told.text);
    let open: Vec<_> = mine()
        .await
        .into_iter()
        .filter(|one| one.reservation.state.is_open())
        .collect();
    assert_eq!(open, [], "nothing is held where the draft no longer is");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_the_tickets_room_or_is_over_is_not_asked_about() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    for (room, range) in [(1, tomorrow(10)), (0, tomorrow(-40))] {
        let told = asked(&app, &question(&app, &ticket, room, range)).await;
        assert_eq!(told.verdict, "nothing_to_ask", "{room} {range:?}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_exchange_is_slow_the_handler_is_told_so_before_outlook_loses_patience() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    let slow = FaultMatch::path("/v1.0/users/*/calendar/getSchedule");
    app.own_faults()
        .add(Fault::times(
            20,
            slow,
            FaultAction::Delay {
                delay_ms: 20_000,
                jitter_ms: 0,
            },
        ))
        .unwrap();
    let question = question(&app, &ticket, 0, tomorrow(10));
    let told = tokio::time::timeout(OUTLOOK_WAITS, asked(&app, &question)).await;
    let told = told.expect("an answer in time");
    assert_eq!(told.verdict, "unknown");
    assert!(
        told.text.contains("You can send all the same"),
        "{}",
        told.text
    );
    app.own_faults().clear();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_learns_nothing_and_asks_exchange_nothing() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let genuine = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    // Each for a room that is free and for one that is not: the answers are the same.
    send_in_outlook(&app, ALEX, &app.mailbox(1), tomorrow(10)).await;
    until_the_calendar_shows(&app, 1, tomorrow(10)).await;
    let before = schedules(&app);
    let mut cut = genuine.clone();
    cut.truncate(genuine.len() - 4);
    let mut answers = Vec::new();
    for forged in [
        "",
        "x1:AAAA",
        cut.as_str(),
        "x1:bm90IGEgdGlja2V0LCBidXQgbG9uZyBlbm91Z2ggdG8gYmUgb25l",
    ] {
        for room in [0, 1] {
            let (status, told) = post(&app, &question(&app, forged, room, tomorrow(10))).await;
            assert_eq!(
                (status, told.verdict.as_str()),
                (StatusCode::FORBIDDEN, "unknown")
            );
            answers.push(told.text);
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert_eq!(schedules(&app), before);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_too_large_too_frequent_or_makes_no_sense_is_refused_by_name() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let ticket = ticket(&app, &adele, 1, 0, tomorrow(10)).await;
    let good = question(&app, &ticket, 0, tomorrow(10));

    let mut large = good.clone();
    large["padding"] = json!("x".repeat(QUESTION_BYTES_MAX));
    let (status, told) = post(&app, &large).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(told.text.contains("limit"), "{}", told.text);

    let mut reversed = good.clone();
    reversed["end"] = good["start"].clone();
    let (status, told) = post(&app, &reversed).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(
        told.text.contains("end must be after start"),
        "{}",
        told.text
    );

    let mut unknown = good.clone();
    unknown["event"] = json!("opened");
    let (status, told) = post(&app, &unknown).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(told.text.contains("opened"), "{}", told.text);

    // Two were counted, whichever minute it is; a new one may begin meanwhile.
    let mut refused = None;
    for _ in 0..2 * CHECKS_PER_MINUTE_MAX {
        let (status, told) = post(&app, &reversed).await;
        if status == StatusCode::TOO_MANY_REQUESTS {
            refused = Some(told);
            break;
        }
    }
    assert_eq!(refused.unwrap().verdict, "unknown");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn outlook_loads_the_page_the_script_and_the_list_at_the_manifests_addresses() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let page = stranger.get("/outlook_events").await;
    let policy = page.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("frame-ancestors https://outlook.office.com"),
        "{policy}"
    );
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("<script src=\"/outlook_events.js\">")
    );

    let script = stranger
        .get("/outlook_events.js")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        script.contains(&format!("\"{}\"", app.origin)),
        "it calls this server"
    );
    assert!(!script.contains("localhost:3000"));

    let list = stranger
        .get("/.well-known/microsoft-officeaddins-allowed.json")
        .await;
    let list: Value = list.json().await.unwrap();
    assert_eq!(
        list,
        json!({ "allowed": [format!("{}/outlook_events.js", app.origin)] })
    );

    // A script that runs without a page asks first whether it may.
    let url = format!("{}/outlook/draft_check", app.origin);
    let preflight = reqwest::Client::new().request(reqwest::Method::OPTIONS, url);
    let allowed = preflight.send().await.unwrap();
    assert_eq!(
        allowed.headers()["access-control-allow-headers"],
        "content-type"
    );
    assert!(
        !allowed
            .headers()
            .contains_key("access-control-allow-credentials")
    );
    app.close().await;
}
