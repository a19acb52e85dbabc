//! What Exchange does to calendars, as the provider tells it: exceptions of series, partial refusals, mailboxes that are
//! not in Exchange Online.

use booking::event::BusyKind;
use booking::provider::{CalendarProvider, EventChange, MailboxFault, MailboxRole, RoomResponse};
use booking::time::{DAY_MS, HOUR_MS};
use http::Method;
use m365_sim::{DeltaQuirks, Fault, FaultMatch, MailboxState, Processing, Scenario};
use serde_json::{Value, json};

use crate::support::{ADELE, MEGAN, MONDAY, World, draft, hours, refusing, room};

/// A daily meeting of three in room 1, from Tuesday on at nine, decided by the room.
async fn stand_up(world: &World) {
    let series = json!({
        "subject": "Stand-up",
        "start": { "dateTime": "2026-11-24T09:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-11-24T10:00:00", "timeZone": "UTC" },
        "attendees": [{ "type": "resource", "emailAddress": { "address": "room1@contoso.com" } }],
        "recurrence": {
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "numbered", "startDate": "2026-11-24", "numberOfOccurrences": 3 },
        },
    });
    let path = format!("users/{ADELE}/events");
    world.outside(Method::POST, &path, series).await;
    world.sim.drain().await;
}

/// The path of what Adele does on a day.
async fn event_on(world: &World, day: &str) -> String {
    let issued = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["Calendars.ReadWrite"])
        .unwrap();
    let window = format!("startDateTime={day}T00:00:00Z&endDateTime={day}T23:59:00Z");
    let url = format!("{}/v1.0/me/calendarView?{window}", world.sim.url());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = http.get(url).bearer_auth(&issued.access_token);
    let view: Value = request.send().await.unwrap().json().await.unwrap();
    let id = view["value"][0]["id"].as_str().unwrap();
    format!("users/{ADELE}/events/{id}")
}

/// Hours since Monday at eight, of each occurrence of the only series told.
fn starts(changes: &[EventChange]) -> Vec<i64> {
    let [EventChange::Series { occurrences, .. }] = changes else {
        panic!("{changes:?}")
    };
    occurrences
        .iter()
        .map(|(busy, response)| {
            assert_eq!(
                (busy.kind, *response),
                (BusyKind::Busy, RoomResponse::Accepted)
            );
            busy.range.start().since_ms(MONDAY) / HOUR_MS
        })
        .collect()
}

const TUESDAY_NINE: i64 = 25;

/// covers part of: FX-14 (exceptions as Graph tells them; what is kept of them is shown elsewhere)
#[tokio::test]
async fn a_moved_occurrence_is_told_at_its_new_time_and_a_refused_one_not_at_all() {
    let world = World::start().await;
    stand_up(&world).await;
    let (changes, cursor) = world.round(&room(1), None).await.unwrap();
    let pattern = [TUESDAY_NINE, TUESDAY_NINE + 24, TUESDAY_NINE + 48];
    assert_eq!(starts(&changes), pattern);

    let second = event_on(&world, "2026-11-25").await;
    let at = |hour: i64| {
        let time = |hour: i64| json!({ "dateTime": format!("2026-11-25T{hour}:00:00"), "timeZone": "UTC" });
        json!({ "start": time(hour), "end": time(hour + 1) })
    };
    world.outside(Method::PATCH, &second, at(13)).await;
    world.sim.drain().await;
    let (changes, cursor) = world.round(&room(1), Some(cursor)).await.unwrap();
    let moved = [TUESDAY_NINE, TUESDAY_NINE + 28, TUESDAY_NINE + 48];
    assert_eq!(starts(&changes), moved);

    let adele = world.signed_in(ADELE).await;
    let taken = hours(TUESDAY_NINE + 30, 1);
    world.booked(&adele, &draft(1, &room(1), taken)).await;
    let (_, cursor) = world.round(&room(1), Some(cursor)).await.unwrap();
    world.outside(Method::PATCH, &second, at(15)).await;
    world.sim.drain().await;
    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    assert_eq!(starts(&changes), [TUESDAY_NINE, TUESDAY_NINE + 48]);
}

/// A room whose mailbox is being moved would be shown as free otherwise, until somebody changes the series.
#[tokio::test]
async fn a_series_is_gone_only_by_exchanges_own_word() {
    let world = World::start().await;
    stand_up(&world).await;
    let cases = [
        (404, "", false),
        (404, "MailboxNotEnabledForRESTAPI", false),
        (404, "ErrorInvalidUser", false),
        (404, "ResourceNotFound", false),
        (400, "ErrorInvalidIdMalformed", false),
        (404, "ErrorItemNotFound", true),
    ];
    for (status, code, is_gone) in cases {
        world.inject(Fault::times(
            1,
            FaultMatch::path("/v1.0/users/*/events/*/instances"),
            refusing(status, code),
        ));
        let round = world.round(&room(1), None).await;
        let told = round.map(|(changes, _)| {
            let [change] = changes.as_slice() else {
                panic!("{changes:?}")
            };
            matches!(change, EventChange::Gone { .. })
        });
        assert_eq!(told.ok(), is_gone.then_some(true), "{status} {code}");
    }
}

#[tokio::test]
async fn a_series_accepted_in_part_is_told_without_the_rest() {
    let scenario = Scenario::contoso().with_processing(
        "room1@contoso.com",
        Processing {
            maximum_conflict_instances: 1,
            conflict_percentage_allowed: 50,
            ..Processing::default()
        },
    );
    let world = World::with(scenario).await;
    let adele = world.signed_in(ADELE).await;
    let taken = hours(TUESDAY_NINE + 24, 1);
    world.booked(&adele, &draft(1, &room(1), taken)).await;
    let (_, cursor) = world.round(&room(1), None).await.unwrap();
    stand_up(&world).await;
    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    assert_eq!(starts(&changes), [TUESDAY_NINE, TUESDAY_NINE + 48]);
}

#[tokio::test]
async fn rooms_that_changed_are_told_right_however_the_rounds_come() {
    let world = World::start().await;
    for shows_masters in [true, false] {
        world.sim.set_delta_quirks(DeltaQuirks {
            empty_first_page: true,
            replay_percent: 100,
            shows_masters,
            removes_old_masters: false,
            tokens_kept: 1,
        });
        let (changes, cursor) = world.round(&room(1), None).await.unwrap();
        if shows_masters {
            assert_eq!(changes, []);
            stand_up(&world).await;
            let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
            assert_eq!(starts(&changes).len(), 3);
        } else {
            assert_eq!(starts(&changes).len(), 3);
        }
    }
}

#[tokio::test]
async fn rooms_on_premises_have_busy_times_and_no_events() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let rooms = [room(1), room(2), room(3)];
    for room in &rooms {
        world
            .sim
            .set_mailbox_state(&room.to_string(), MailboxState::OnPremises)
            .unwrap();
    }
    world.booked(&adele, &draft(1, &room(2), hours(1, 1))).await;
    let answers = world
        .provider
        .busy_times(&rooms, hours(0, 10))
        .await
        .unwrap();
    let counts: Vec<_> = answers
        .iter()
        .map(|answer| answer.schedule.as_ref().unwrap().len())
        .collect();
    assert_eq!(counts, [0, 1, 0]);
    let asked = format!("users/{MEGAN}/calendar/getSchedule");
    assert_eq!(world.requests_ending(&asked), 1);
    let error = world.round(&room(2), None).await.unwrap_err();
    let wrong = error.mailbox_fault();
    assert_eq!(wrong, Some((MailboxRole::Room, MailboxFault::Elsewhere)));
    assert!(
        error.to_string().contains("MailboxNotEnabledForRESTAPI"),
        "{error}"
    );
}

#[tokio::test]
async fn a_series_without_end_is_told_within_the_window() {
    let world = World::start().await;
    let time =
        |hour: u32| json!({ "dateTime": format!("2020-01-06T{hour:02}:00:00"), "timeZone": "UTC" });
    let block = json!({
        "subject": "Cleaning", "start": time(6), "end": time(7),
        "recurrence": {
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "noEnd", "startDate": "2020-01-06" },
        },
    });
    let path = "users/room1@contoso.com/events";
    world.outside(Method::POST, path, block).await;
    let (changes, _) = world.round(&room(1), None).await.unwrap();
    let [EventChange::Series { occurrences, .. }] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(occurrences.len(), 60);
    let first = occurrences[0].0.range.start();
    assert_eq!(first.since_ms(MONDAY).rem_euclid(DAY_MS), 22 * HOUR_MS);
}
