//! What a room makes of one request, setting by setting.

use m365_sim::{AutomateProcessing, BookingType, Processing, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::series::weekly;
use crate::support::{ADELE, ROOM1, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";

/// A tenant whose room 1 has these settings.
pub(crate) async fn world_with(processing: Processing) -> World {
    let scenario = Scenario::contoso().with_processing(ROOM1, processing);
    World::start(scenario, SimOptions::explicit()).await
}

/// One row: its name, the settings, the request, what the organizer sees, and how the room shows it (`None`: not at all).
type Row = (
    &'static str,
    Processing,
    Value,
    &'static str,
    Option<&'static str>,
);

const BUSY: Option<&str> = Some("busy");
const TENTATIVE: Option<&str> = Some("tentative");

/// The defaults but for a change.
fn with(change: impl FnOnce(&mut Processing)) -> Processing {
    let mut processing = Processing::default();
    change(&mut processing);
    processing
}

/// An hour of an ordinary day.
fn plain() -> Value {
    meeting("Review", &[ROOM1], NINE, TEN)
}

/// Three hours.
fn long() -> Value {
    meeting("Long", &[ROOM1], NINE, "2026-11-24T12:00:00")
}

fn who_answers() -> Vec<Row> {
    use AutomateProcessing::{AutoUpdate, None as Nobody};
    let by = |who| with(|set| set.automate_processing = who);
    let reserved = with(|set| set.booking_type = BookingType::Reserved);
    vec![
        ("defaults", with(|_| {}), plain(), "accepted", BUSY),
        ("by hand", by(AutoUpdate), plain(), "none", TENTATIVE),
        ("nobody", by(Nobody), plain(), "none", None),
        ("reserved", reserved, plain(), "declined", None),
    ]
}

fn limits() -> Vec<Row> {
    let at_most = |minutes| with(|set| set.maximum_duration_in_minutes = minutes);
    let window = with(|set| set.booking_window_in_days = 30);
    let at_work = || with(|set| set.schedule_only_during_work_hours = true);
    let single = with(|set| set.allow_recurring_meetings = false);
    let of_workspaces = with(|set| {
        set.minimum_duration_in_minutes = 240;
        set.enforce_capacity = true;
    });
    let from_to = |start: &str, end: &str| meeting("Other", &[ROOM1], start, end);
    let february = from_to("2027-02-09T09:00:00", "2027-02-09T10:00:00");
    let evening = from_to("2026-11-24T18:00:00", "2026-11-24T19:00:00");
    vec![
        ("too long", at_most(120), long(), "declined", None),
        ("unlimited", at_most(0), long(), "accepted", BUSY),
        ("workspaces", of_workspaces, plain(), "accepted", BUSY),
        ("beyond the window", window, february, "declined", None),
        ("no series", single, weekly(2), "declined", None),
        ("after work", at_work(), evening, "declined", None),
        ("at work", at_work(), plain(), "accepted", BUSY),
    ]
}

/// Who may book, who may ask, and who may ask for more; in policy is at most two hours.
fn policies() -> Vec<Row> {
    let closed = |change: fn(&mut Processing)| {
        with(|set| {
            set.maximum_duration_in_minutes = 120;
            set.all_book_in_policy = false;
            change(set);
        })
    };
    let books = || closed(|set| set.book_in_policy = vec![ADELE.to_owned()]);
    let asks = || closed(|set| set.request_in_policy = vec![ADELE.to_owned()]);
    let all_ask = || closed(|set| set.all_request_in_policy = true);
    let asks_for_more = || closed(|set| set.request_out_of_policy = vec![ADELE.to_owned()]);
    let all_ask_for_more = closed(|set| set.all_request_out_of_policy = true);
    let untimed = closed(|set| {
        set.all_request_in_policy = true;
        set.tentative_pending_approval = false;
    });
    let (pending, declined) = ("tentativelyAccepted", "declined");
    vec![
        ("nobody books", closed(|_| {}), plain(), declined, None),
        ("books", books(), plain(), "accepted", BUSY),
        ("books too much", books(), long(), declined, None),
        ("all ask", all_ask(), plain(), pending, TENTATIVE),
        ("asks", asks(), plain(), pending, TENTATIVE),
        ("asks for too much", asks(), long(), declined, None),
        ("untimed", untimed, plain(), "none", Some("free")),
        ("more", asks_for_more(), long(), pending, TENTATIVE),
        ("not less", asks_for_more(), plain(), declined, None),
        ("all more", all_ask_for_more, long(), pending, TENTATIVE),
    ]
}

#[tokio::test]
async fn every_setting_decides_as_documented() {
    let rows = [who_answers(), limits(), policies()].concat();
    for (name, processing, body, answer, show_as) in rows {
        let world = world_with(processing).await;
        let created = world.person(ADELE).post("me/events", body).await;
        assert_eq!(created.status, 201, "{name}: {}", created.json);
        world.sim.drain().await;
        assert_eq!(world.answer_of(ADELE, ROOM1), answer, "{name}");
        let shown: Vec<String> = world
            .sim
            .events(ROOM1)
            .unwrap()
            .into_iter()
            .map(|copy| copy.show_as)
            .collect();
        assert_eq!(shown, show_as.as_slice(), "{name}");
    }
}

#[tokio::test]
async fn what_the_room_shows_is_rewritten_as_set() {
    let keep = Processing {
        delete_subject: false,
        add_organizer_to_subject: false,
        delete_comments: false,
        remove_private_property: false,
        ..Processing::default()
    };
    let both = Processing {
        delete_subject: false,
        ..Processing::default()
    };
    let empty = Processing {
        add_organizer_to_subject: false,
        ..Processing::default()
    };
    for (processing, subject, body, sensitivity) in [
        (Processing::default(), "Adele Vance", "", "normal"),
        (keep, "Review", "Numbers of the week", "private"),
        (both, "Adele Vance Review", "", "normal"),
        (empty, "", "", "normal"),
    ] {
        let world = world_with(processing).await;
        let mut body_sent = meeting("Review", &[ROOM1], NINE, TEN);
        body_sent["sensitivity"] = json!("private");
        world.person(ADELE).post("me/events", body_sent).await;
        world.sim.drain().await;
        let copy = world.only_event(ROOM1);
        assert_eq!(
            (
                copy.subject.as_str(),
                copy.body.as_str(),
                copy.sensitivity.as_str()
            ),
            (subject, body, sensitivity)
        );
    }
}

#[tokio::test]
async fn settings_that_exchange_does_not_take_are_refused_by_name() {
    let world = World::contoso().await;
    let path = format!("rooms/{ROOM1}/processing");
    for (setting, too_much) in [
        ("bookingWindowInDays", 1_081_u32),
        ("conflictPercentageAllowed", 101),
        ("maximumDurationInMinutes", u32::MAX),
    ] {
        let body = json!({ setting: too_much });
        let refused = world.control(reqwest::Method::POST, &path, body).await;
        assert_eq!(refused.status, 400, "{setting}");
        let told = refused.json["error"].as_str().unwrap();
        assert!(told.contains(setting), "{told}");
    }
    let far = with(|set| set.booking_window_in_days = 10_000_000);
    let scenario = Scenario::contoso().with_processing(ROOM1, far);
    let started = m365_sim::Sim::start(scenario, SimOptions::explicit()).await;
    let told = started.err().unwrap().to_string();
    assert!(told.contains("bookingWindowInDays"), "{told}");
}

#[tokio::test]
async fn a_change_of_one_setting_leaves_the_others_and_names_people_there_are() {
    let world = World::contoso().await;
    let path = format!("rooms/{ROOM1}/processing");
    let set = async |body: Value| world.control(reqwest::Method::POST, &path, body).await;
    assert_eq!(set(json!({ "bookingWindowInDays": 10 })).await.status, 204);
    assert_eq!(set(json!({ "allowConflicts": true })).await.status, 204);
    let stranger = set(json!({ "resourceDelegates": ["nobody@contoso.com"] })).await;
    let told = stranger.json["error"].as_str().unwrap();
    assert!(stranger.status == 400 && told.contains("nobody@"), "{told}");
    assert_eq!(set(json!({ "allowConflict": true })).await.status, 400);
    let shown = world
        .control(reqwest::Method::GET, "world", json!(null))
        .await
        .json;
    let mut rooms = shown["tenants"][0]["rooms"].as_array().unwrap().iter();
    let settings = &rooms.find(|room| room["address"] == ROOM1).unwrap()["processing"];
    assert_eq!(settings["bookingWindowInDays"], 10);
    assert_eq!(settings["allowConflicts"], true);
    assert_eq!(settings["resourceDelegates"], json!([]));
}
