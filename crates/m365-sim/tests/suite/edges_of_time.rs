//! Events where days, windows and clocks end.

use serde_json::{Value, json};

use crate::support::{ADELE, ROOM1, World, meeting};

/// A meeting in room 1 every day, six times.
fn daily(start: &str, end: &str) -> Value {
    let mut body = meeting("Stand-up", &[ROOM1], start, end);
    body["recurrence"] = json!({
        "pattern": { "type": "daily", "interval": 1 },
        "range": { "type": "numbered", "startDate": &start[..10], "numberOfOccurrences": 6 },
    });
    body
}

fn utc(time: &str) -> Value {
    json!({ "dateTime": time, "timeZone": "UTC" })
}

#[tokio::test]
async fn an_occurrence_does_not_reach_into_the_day_of_its_neighbour() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for (start, end, late, status) in [
        (
            "2026-11-24T12:00:00",
            "2026-11-24T13:00:00",
            "2026-11-26T07:00:00",
            400,
        ),
        (
            "2026-11-24T12:00:00",
            "2026-11-24T13:00:00",
            "2026-11-26T00:00:00",
            200,
        ),
        // These go on into the next day everywhere.
        (
            "2026-11-24T22:00:00",
            "2026-11-25T02:00:00",
            "2026-11-26T03:00:00",
            200,
        ),
        (
            "2026-11-24T22:00:00",
            "2026-11-25T02:00:00",
            "2026-11-26T23:00:00",
            400,
        ),
    ] {
        let series = adele.post("me/events", daily(start, end)).await.json;
        let id = series["id"].as_str().unwrap();
        let window = "startDateTime=2026-11-25T03:00:00Z&endDateTime=2026-11-26T00:00:00Z";
        let instances = adele
            .get(&format!("me/events/{id}/instances?{window}"))
            .await;
        let second = instances.json["value"][0]["id"].as_str().unwrap();
        let longer = adele
            .patch(&format!("me/events/{second}"), json!({ "end": utc(late) }))
            .await;
        assert_eq!(longer.status, status, "{start} to {late}: {}", longer.json);
        if status == 400 {
            assert_eq!(
                longer.json["error"]["code"],
                "ErrorOccurrenceCrossingBoundary"
            );
        }
    }
    let endless = daily("2026-11-24T12:00:00", "2026-11-27T13:00:00");
    let refused = adele.post("me/events", endless).await;
    assert_eq!(
        refused.json["error"]["code"],
        "ErrorOccurrenceTimeSpanTooBig"
    );
}

#[tokio::test]
async fn an_all_day_meeting_is_as_long_on_the_day_the_clock_goes_back() {
    let now = "2027-09-01T08:00:00Z".parse().unwrap();
    let options = m365_sim::SimOptions::explicit();
    let world = World::start_at(now, m365_sim::Scenario::contoso(), options).await;
    let day = |date| json!({ "dateTime": date, "timeZone": "W. Europe Standard Time" });
    let mut body = meeting(
        "Fair",
        &[ROOM1],
        "2027-10-31T00:00:00",
        "2027-11-01T00:00:00",
    );
    body["isAllDay"] = json!(true);
    (body["start"], body["end"]) = (day("2027-10-31T00:00:00"), day("2027-11-01T00:00:00"));
    let created = world.person(ADELE).post("me/events", body).await;
    assert_eq!(created.status, 201, "{}", created.json);
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
}

#[tokio::test]
async fn an_event_without_length_is_seen_from_where_it_begins() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let nine = "2026-11-24T09:00:00";
    adele
        .post("me/events", meeting("Bell", &[], nine, nine))
        .await;
    for (from, to, count) in [("09", "10", 1), ("08", "10", 1), ("08", "09", 0)] {
        let window =
            format!("startDateTime=2026-11-24T{from}:00:00Z&endDateTime=2026-11-24T{to}:00:00Z");
        let view = adele.get(&format!("me/calendarView?{window}")).await.json;
        assert_eq!(view["value"].as_array().unwrap().len(), count, "{window}");
    }
}

#[tokio::test]
async fn a_series_that_began_long_ago_goes_on() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for pattern in [
        json!({ "type": "daily", "interval": 1 }),
        json!({ "type": "weekly", "interval": 1, "daysOfWeek": ["tuesday"] }),
        json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": ["tuesday"], "index": "fourth" }),
        json!({ "type": "absoluteYearly", "interval": 2, "dayOfMonth": 24, "month": 11 }),
    ] {
        let mut body = daily("1602-01-01T09:00:00", "1602-01-01T10:00:00");
        body["recurrence"]["pattern"] = pattern.clone();
        body["recurrence"]["range"] = json!({ "type": "noEnd", "startDate": "1602-01-01" });
        body["attendees"] = json!([]);
        let created = adele.post("me/events", body).await;
        let id = created.json["id"].as_str().unwrap();
        let window = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";
        let instances = adele
            .get(&format!("me/events/{id}/instances?{window}"))
            .await
            .json;
        assert_eq!(instances["value"].as_array().unwrap().len(), 1, "{pattern}");
    }
}
