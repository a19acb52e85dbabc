//! getSchedule.

use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, ROOM1, ROOM2, World};

fn query(schedules: &[&str], start: &str, end: &str) -> Value {
    json!({
        "schedules": schedules,
        "startTime": { "dateTime": start, "timeZone": "UTC" },
        "endTime": { "dateTime": end, "timeZone": "UTC" },
        "availabilityViewInterval": 30,
    })
}

fn morning(schedules: &[&str]) -> Value {
    query(schedules, "2026-11-24T08:00:00", "2026-11-24T12:00:00")
}

#[tokio::test]
async fn undecided_is_tentative_and_accepted_is_busy() {
    let world = World::contoso().await;
    world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let path = format!("users/{ROOM1}/calendar/getSchedule");
    let app = world.app().await;
    let before = app.post(&path, morning(&[ROOM1])).await;
    assert_eq!(before.json["value"][0]["availabilityView"], "00110000");
    world.sim.drain().await;
    let after = app.post(&path, morning(&[ROOM1, ROOM2])).await;
    assert_eq!(after.json["value"][0]["availabilityView"], "00220000");
    assert_eq!(after.json["value"][1]["availabilityView"], "00000000");
    let item = &after.json["value"][0]["scheduleItems"][0];
    assert_eq!(item["status"], "busy");
    assert_eq!(item["subject"], "Adele Vance");
    assert_eq!(
        item["start"],
        json!({ "dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC" })
    );
}

#[tokio::test]
async fn parameter_names_are_read_in_any_case() {
    let world = World::contoso().await;
    let lower = morning(&[ROOM1]);
    let pascal = json!({
        "Schedules": lower["schedules"], "StartTime": lower["startTime"], "EndTime": lower["endTime"],
        "AvailabilityViewInterval": 60,
    });
    let answer = world
        .person(ADELE)
        .post("me/calendar/getSchedule", pascal)
        .await;
    assert_eq!(answer.json["value"][0]["availabilityView"], "0000");
}

#[tokio::test]
async fn people_see_of_others_only_when_they_are_busy() {
    let world = World::contoso().await;
    world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let answer = world
        .person(ALEX)
        .post("me/calendar/getSchedule", morning(&[ADELE]))
        .await;
    let item = &answer.json["value"][0]["scheduleItems"][0];
    assert_eq!(item["status"], "busy");
    assert!(item.get("subject").is_none());
}

#[tokio::test]
async fn an_unknown_mailbox_is_an_entry_of_its_own() {
    let world = World::contoso().await;
    let answer = world
        .person(ADELE)
        .post(
            "me/calendar/getSchedule",
            morning(&["cellar@contoso.com", ROOM1]),
        )
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["value"][0]["error"]["responseCode"], "5009");
    assert!(answer.json["value"][0].get("availabilityView").is_none());
    assert_eq!(answer.json["value"][1]["availabilityView"], "00000000");
}

#[tokio::test]
async fn limits_of_the_service_are_kept() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let many: Vec<&str> = std::iter::repeat_n(ROOM1, 101).collect();
    let refused = adele.post("me/calendar/getSchedule", morning(&many)).await;
    assert_eq!(refused.json["error"]["code"], "ErrorMailboxDataArrayTooBig");
    let long = query(&[ROOM1], "2026-11-24T00:00:00", "2027-01-26T00:00:00");
    let refused = adele.post("me/calendar/getSchedule", long).await;
    assert_eq!(refused.json["error"]["code"], "ErrorTimeIntervalTooBig");
    let mut coarse = morning(&[ROOM1]);
    coarse["availabilityViewInterval"] = json!(2_000);
    assert_eq!(
        adele.post("me/calendar/getSchedule", coarse).await.status,
        400
    );
}

#[tokio::test]
async fn a_cancelled_meeting_takes_no_time() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    world.sim.drain().await;
    adele
        .delete(&format!("me/events/{}", created["id"].as_str().unwrap()))
        .await;
    let answer = adele
        .post("me/calendar/getSchedule", morning(&[ROOM1]))
        .await;
    assert_eq!(answer.json["value"][0]["availabilityView"], "00000000");
}

#[tokio::test]
async fn an_all_day_event_takes_the_days_of_the_mailbox_zone() {
    let world = World::contoso().await;
    let app = world.app().await;
    let midnight = |day: &str| json!({ "dateTime": format!("{day}T00:00:00"), "timeZone": "America/New_York" });
    let fair = json!({
        "subject": "Fair", "isAllDay": true, "showAs": "oof",
        "start": midnight("2026-11-24"), "end": midnight("2026-11-25"),
    });
    let created = app.post(&format!("users/{ROOM1}/events"), fair).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let mut body = query(&[ROOM1], "2026-11-23T22:00:00", "2026-11-25T01:00:00");
    body["availabilityViewInterval"] = json!(60);
    let path = format!("users/{ROOM1}/calendar/getSchedule");
    let schedule = app.post(&path, body).await;
    // Room 1 lives in Berlin, an hour ahead of UTC.
    let day = format!("0{}00", "3".repeat(24));
    assert_eq!(schedule.json["value"][0]["availabilityView"], day);
    let window = "startDateTime=2026-11-23T22:00:00Z&endDateTime=2026-11-24T04:59:00Z";
    let view = app
        .get(&format!("users/{ROOM1}/calendarView?{window}"))
        .await;
    assert_eq!(view.json["value"], json!([]));
}

#[tokio::test]
async fn parameters_of_another_type_are_refused_by_name() {
    let world = World::contoso().await;
    let app = world.app().await;
    for (name, value) in [
        ("availabilityViewInterval", json!("15")),
        ("availabilityViewInterval", json!(7.5)),
        ("schedules", json!([ROOM1, 5])),
        ("schedules", json!([ROOM1, null])),
        ("bogus", json!(1)),
    ] {
        let mut body = morning(&[ROOM1]);
        body[name] = value;
        let path = format!("users/{ROOM1}/calendar/getSchedule");
        let refused = app.post(&path, body).await;
        assert_eq!(refused.status, 400, "{name}: {}", refused.json);
        let told = refused.json["error"]["message"].as_str().unwrap();
        assert!(told.contains(&format!("'{name}'")), "{told}");
    }
}
