//! Series, read as a whole.

use booking::provider::{CalendarProvider as _, EventChange, RoomResponse};
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS, TimeRange};
use http::Method;
use m365_sim::DeltaQuirks;
use serde_json::json;

use crate::support::{ADELE, MONDAY, World, address, room};

#[tokio::test]
async fn a_series_is_told_as_a_whole_and_again_when_one_occurrence_is_deleted() {
    let world = World::start().await;
    let series = json!({
        "subject": "Stand-up",
        "start": { "dateTime": "2026-11-24T09:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-11-24T09:15:00", "timeZone": "UTC" },
        "attendees": [{ "type": "resource", "emailAddress": { "address": "room1@contoso.com", "name": "Room 1" } }],
        "recurrence": {
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 3 },
        },
    });
    let master = world
        .outside(Method::POST, &format!("users/{ADELE}/events"), series)
        .await;
    world.sim.drain().await;

    let (changes, cursor) = world.round(&room(1), None).await.unwrap();
    let [
        EventChange::Series {
            series_id,
            occurrences,
        },
    ] = changes.as_slice()
    else {
        panic!("{changes:?}")
    };
    assert_eq!(occurrences.len(), 3);
    for (day, (busy, response)) in (1..).zip(occurrences) {
        assert_eq!(busy.range.start(), MONDAY.plus_ms(day * DAY_MS + HOUR_MS));
        assert_eq!(busy.series_id.as_ref(), Some(series_id));
        assert!(busy.ical_uid.is_some(), "the occurrence was read in full");
        assert_eq!(
            busy.organizer.as_ref().unwrap().address,
            Some(address(ADELE))
        );
        assert_eq!(*response, RoomResponse::Accepted);
    }

    let ours = format!(
        "users/{ADELE}/events/{}/instances",
        master["id"].as_str().unwrap()
    );
    let window = "startDateTime=2026-11-25T00:00:00Z&endDateTime=2026-11-26T00:00:00Z";
    let token = world
        .sim
        .token_for(
            ADELE,
            m365_sim::Scenario::CONTOSO_CLIENT_ID,
            &["Calendars.ReadWrite"],
        )
        .unwrap();
    let url = format!("{}/v1.0/{ours}?{window}", world.sim.url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let answer = http
        .get(url)
        .bearer_auth(&token.access_token)
        .send()
        .await
        .unwrap();
    let second: serde_json::Value = answer.json().await.unwrap();
    let second = second["value"][0]["id"].as_str().unwrap();
    world
        .outside(
            Method::DELETE,
            &format!("users/{ADELE}/events/{second}"),
            json!(null),
        )
        .await;
    world.sim.drain().await;

    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    let [EventChange::Series { occurrences, .. }] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    let days: Vec<_> = occurrences
        .iter()
        .map(|(busy, _)| busy.range.start().since_ms(MONDAY) / DAY_MS)
        .collect();
    assert_eq!(days, [1, 3]);
}

/// A meeting on every weekday for more than a year, at so many hours after eight.
async fn weekday_series(world: &World, hour: i64) {
    let at = |minutes: i64| {
        let at = MONDAY.plus_ms(hour * HOUR_MS + minutes * MINUTE_MS);
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap().to_string();
        json!({ "dateTime": at.trim_end_matches('Z'), "timeZone": "UTC" })
    };
    let series = json!({
        "subject": "Stand-up", "start": at(0), "end": at(15),
        "recurrence": {
            "pattern": {
                "type": "weekly", "interval": 1,
                "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
            },
            "range": { "type": "noEnd", "startDate": "2026-11-23" },
        },
    });
    world
        .outside(Method::POST, "users/room1@contoso.com/events", series)
        .await;
}

#[tokio::test]
async fn a_series_is_read_once_in_a_round_however_many_pages_name_it() {
    let world = World::start().await;
    for hour in 0..10 {
        weekday_series(&world, hour).await;
    }
    let year = TimeRange::new(MONDAY.plus_ms(-DAY_MS), MONDAY.plus_ms(402 * DAY_MS)).unwrap();
    let before = world.sim.requests().len();
    let (changes, _) = world.round_of(&room(1), year, None).await.unwrap();
    let meetings: Vec<_> = (changes.iter())
        .map(|change| match change {
            EventChange::Series { occurrences, .. } => occurrences.len(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(meetings, [288; 10]);
    // Ten series of two pages each; the rest is our signing in and the round itself.
    assert_eq!(world.requests_ending("/instances"), 20);
    let requests = world.sim.requests().len() - before;
    assert_eq!(requests, 37);
}

#[tokio::test]
async fn a_series_that_was_touched_outside_the_window_is_told_with_its_later_meetings() {
    let world = World::start().await;
    weekday_series(&world, 1).await;
    let later = TimeRange::new(MONDAY.plus_ms(7 * DAY_MS), MONDAY.plus_ms(9 * DAY_MS)).unwrap();
    let (changes, cursor) = world.round_of(&room(1), later, None).await.unwrap();
    let [
        EventChange::Series {
            series_id,
            occurrences,
        },
    ] = changes.as_slice()
    else {
        panic!("{changes:?}")
    };
    assert_eq!(occurrences.len(), 2);
    world.sim.set_delta_quirks(DeltaQuirks {
        removes_old_masters: true,
        ..DeltaQuirks::default()
    });
    let path = format!("users/room1@contoso.com/events/{series_id}");
    let touched = json!({ "subject": "Touched" });
    world.outside(Method::PATCH, &path, touched).await;
    let page = world.provider.changes(&room(1), later, Some(&cursor)).await;
    let page = page.unwrap();
    assert_eq!(
        (page.series.len(), page.removed.as_slice()),
        (0, std::slice::from_ref(series_id))
    );
    let again = world.provider.series(&room(1), later, &page.removed).await;
    assert_eq!(again.unwrap().changes, changes);
    world.outside(Method::DELETE, &path, json!(null)).await;
    let gone = world.provider.series(&room(1), later, &page.removed).await;
    let expected = EventChange::Gone {
        event_id: series_id.clone(),
    };
    assert_eq!(gone.unwrap().changes, [expected]);
}
