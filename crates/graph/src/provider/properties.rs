//! Whatever Microsoft, or somebody in between, sends: nothing here panics, and nothing takes more than it is given.
//!
//! Each property is tried with so many inputs, made from a seed that is printed; `TEST_SEED` repeats a run or makes
//! another. Most inputs are real answers that were damaged, since noise alone does not get past the first bracket.

use std::time::Duration;

use booking::time::{Instant, TimeRange};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use url::Url;

use super::busy_times::{from_view, schedule};
use super::changes::Told;
use super::convert::taken;
use super::failure::provider_error;
use super::recurrence;
use super::rooms::room;
use crate::Operation;
use crate::access::token_answer;
use crate::error::{ErrorAnswer, GraphError, MESSAGE_CHARS_MAX, WORD_CHARS_MAX};
use crate::notification::{Notifications, validation_token};
use crate::page::{FollowLink, Page, own_link};
use crate::retry::{retry_after, wait_scope};
use crate::throttle::{SHARED_WAIT_MAX, SharedWait};
use crate::types::{DateTimeTimeZone, Event, Repeating, Room, Salvaged, ScheduleInformation};

/// Inputs tried for each property.
const CASES: u32 = 256;
const SEED: u64 = 20_261_120;

fn hold<S: Strategy>(strategy: S, property: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let given = std::env::var("TEST_SEED").ok();
    let seed = given.and_then(|text| text.parse().ok()).unwrap_or(SEED);
    println!("seed {seed}, {CASES} inputs");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&u64::to_le_bytes(seed));
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &bytes);
    let mut runner = TestRunner::new_with_rng(config, rng);
    if let Err(error) = runner.run(&strategy, property) {
        panic!("seed {seed}: {error}");
    }
}

/// What is put in the place of a piece of a real answer.
const PIECES: [&str; 16] = [
    "",
    "null",
    "{}",
    "[]",
    "\"\"",
    "-1",
    "1e400",
    "true",
    "99999999999999999999",
    "\\u0000",
    "\u{fffd}",
    "\"",
    "9999-12-31T23:59:60",
    "-009999-01-01T00:00:00",
    "tzone://Microsoft/Custom",
    "[[[[[[[[",
];

/// One of these texts, as it is or damaged in some places, or cut off.
fn damaged(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    let cut = (
        any::<prop::sample::Index>(),
        0..40_usize,
        select(&PIECES[..]),
    );
    let end = prop::option::of(any::<prop::sample::Index>());
    (select(texts), vec(cut, 0..4), end).prop_map(|(text, cuts, end)| {
        let mut bytes = text.as_bytes().to_vec();
        for (at, length, piece) in cuts {
            let start = at.index(bytes.len() + 1);
            let stop = (start + length).min(bytes.len());
            bytes.splice(start..stop, piece.bytes());
        }
        if let Some(end) = end {
            bytes.truncate(end.index(bytes.len() + 1));
        }
        bytes
    })
}

fn noise() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..200)
}

/// A damaged text three times out of four, noise otherwise.
fn input(texts: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![3 => damaged(texts), 1 => noise()]
}

#[test]
fn any_post_is_read_as_notifications_or_refused() {
    const POSTS: [&str; 2] = [
        r#"{"value":[{"subscriptionId":"s-1","clientState":"x","changeType":"updated","resource":"Users/1/Events/2"}]}"#,
        r#"{"value":[{"subscriptionId":"s-2","clientState":"x","lifecycleEvent":"missed"},{"a":1}]}"#,
    ];
    hold((input(&POSTS), any::<String>()), |(body, query)| {
        let _read_or_refused = Notifications::read(&body);
        validation_token(Some(&query));
        Ok(())
    });
}

#[test]
fn any_page_of_events_rooms_or_schedules_is_taken_or_refused() {
    const PAGES: [&str; 4] = [
        r#"{"value":[{"id":"a","iCalUId":"u","type":"occurrence","seriesMasterId":"m","start":{"dateTime":"2026-11-23T09:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-11-23T10:00:00.0000000","timeZone":"UTC"},"isAllDay":true,"originalStartTimeZone":"Pacific Standard Time","showAs":"busy","organizer":{"emailAddress":{"name":"A","address":"a@contoso.com"}}}],"@odata.nextLink":"https://graph.microsoft.com/v1.0/x"}"#,
        r#"{"value":[{"id":"a","@removed":{"reason":"deleted"}},{"type":"seriesMaster","id":"m"}],"@odata.deltaLink":"https://graph.microsoft.com/v1.0/y"}"#,
        r#"{"value":[{"emailAddress":"room1@contoso.com","displayName":"Room","capacity":12,"floorNumber":3,"tags":["video"],"isWheelChairAccessible":true}]}"#,
        r#"{"value":[{"scheduleId":"room1@contoso.com","availabilityView":"0220","scheduleItems":[{"status":"busy","start":{"dateTime":"2026-11-23T09:00:00.0000000","timeZone":"UTC"},"end":{"dateTime":"2026-11-23T10:00:00.0000000","timeZone":"UTC"}}]}]}"#,
    ];
    hold(input(&PAGES), |body| {
        if let Ok(page) = serde_json::from_slice::<Page<Salvaged<Event>>>(&body) {
            for event in &page.value {
                drop(taken(&event.0, None));
            }
            drop(Told::sort(page.value.into_iter().map(|event| event.0)));
        }
        if let Ok(page) = serde_json::from_slice::<Page<Room>>(&body) {
            page.value.into_iter().for_each(|one| drop(room(one)));
        }
        if let Ok(page) = serde_json::from_slice::<Page<ScheduleInformation>>(&body) {
            let told = page.value.into_iter();
            told.for_each(|one| drop(schedule(one, hours(0, 8), None)));
        }
        Ok(())
    });
}

#[test]
fn any_error_answer_is_classed_shortened_and_shows_no_address() {
    const ERRORS: [&str; 2] = [
        r#"{"error":{"code":"ErrorItemNotFound","message":"The item ada@contoso.com was not found.","innerError":{"request-id":"r"}}}"#,
        r#"{"error":{"code":"","message":null}}"#,
    ];
    let strategy = (input(&ERRORS), 100..1_000_u16, noise());
    hold(strategy, |(body, status, id)| {
        let mut headers = HeaderMap::new();
        if let Ok(id) = HeaderValue::from_bytes(&id) {
            headers.insert("request-id", id);
        }
        let status = StatusCode::from_u16(status).map_err(|_| TestCaseError::reject("status"))?;
        let answer = ErrorAnswer::read(status, &headers, &body, None);
        prop_assert!(!answer.message.contains('@') && !answer.code.contains('@'));
        prop_assert!(answer.code.chars().count() <= WORD_CHARS_MAX);
        prop_assert!(answer.message.chars().count() <= MESSAGE_CHARS_MAX);
        wait_scope(&answer);
        let error = provider_error("testing", GraphError::Answer(Box::new(answer)));
        prop_assert!(!error.to_string().is_empty());
        Ok(())
    });
}

#[test]
fn any_retry_after_is_a_wait_with_an_end_or_none() {
    const WAITS: [&str; 4] = ["1", "2.128", "Wed, 21 Oct 2015 07:28:00 GMT", "1e308"];
    hold((input(&WAITS), any::<i32>()), |(text, now_s)| {
        let Ok(value) = HeaderValue::from_bytes(&text) else {
            return Ok(());
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, value);
        let now = Timestamp::from_second(i64::from(now_s)).unwrap_or(Timestamp::MIN);
        let wait = SharedWait::default();
        wait.extend(retry_after(&headers, now).unwrap_or(Duration::MAX));
        prop_assert!(wait.left() <= SHARED_WAIT_MAX);
        Ok(())
    });
}

#[test]
fn any_date_time_and_zone_is_an_instant_or_refused() {
    const TIMES: [&str; 4] = [
        "2026-11-20T09:00:00.0000000",
        "2026-03-29T02:30:00Z",
        "9999-12-31T23:59:59.9999999",
        "0001-01-01T00:00:00",
    ];
    const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "Pacific Standard Time", "../../etc"];
    let strategy = (input(&TIMES), input(&ZONES), any::<i64>());
    hold(strategy, |(time, zone, ms)| {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let value = DateTimeTimeZone {
            date_time: text(&time),
            time_zone: Some(text(&zone)),
        };
        drop((value.instant(), value.instant_in("Europe/Berlin")));
        if let Ok(instant) = Timestamp::from_millisecond(ms) {
            drop(DateTimeTimeZone::local(instant, &text(&zone)));
            DateTimeTimeZone::utc(instant);
        }
        Ok(())
    });
}

#[test]
fn no_link_leads_anywhere_but_to_the_graph_that_was_configured() {
    const LINKS: [&str; 3] = [
        "https://graph.microsoft.com/v1.0/users/r@contoso.com/calendarView/delta()?$deltatoken=a",
        "https://graph.microsoft.com@contoso.com/v1.0/users",
        "//graph.microsoft.com/v1.0/\\..\\beta",
    ];
    let base = Url::parse("https://graph.microsoft.com/v1.0/").unwrap();
    hold(input(&LINKS), |link| {
        let link = String::from_utf8_lossy(&link).into_owned();
        if let Ok(url) = own_link(&base, &link) {
            prop_assert_eq!(url.host_str(), Some("graph.microsoft.com"));
            prop_assert_eq!(url.scheme(), "https");
            prop_assert!(url.path().starts_with("/v1.0/"));
            drop(FollowLink::<Event>::new(&link, None, "").build(&base));
        }
        Ok(())
    });
}

#[test]
fn any_answer_of_the_identity_provider_is_a_token_or_an_error() {
    const ANSWERS: [&str; 3] = [
        r#"{"token_type":"Bearer","expires_in":3599,"access_token":"t","refresh_token":"r"}"#,
        r#"{"expires_in":9223372036854775807,"access_token":"t"}"#,
        r#"{"error":"invalid_grant","error_description":"AADSTS50173","error_codes":[50173],"correlation_id":"c"}"#,
    ];
    hold((input(&ANSWERS), 100..1_000_u16), |(body, status)| {
        let status = StatusCode::from_u16(status).map_err(|_| TestCaseError::reject("status"))?;
        let now = Timestamp::UNIX_EPOCH;
        match token_answer(status, body, now) {
            Ok(end) => prop_assert!(end.duration_since(now) <= SignedDuration::from_hours(48)),
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        Ok(())
    });
}

#[test]
fn any_free_busy_string_becomes_intervals_in_order() {
    let view = prop_oneof!["[0-4]{0,200}", any::<String>()];
    hold((view, 0..1_000_i64, 1..100_i64), |(view, from, length)| {
        let items = from_view(&view, hours(from, length));
        for pair in items.windows(2) {
            prop_assert!(pair[0].range.end() <= pair[1].range.start());
        }
        Ok(())
    });
}

fn hours(from: i64, length: i64) -> TimeRange {
    let start = Instant(1_795_420_800_000 + from * 3_600_000);
    TimeRange::new(start, start.plus_ms(length * 3_600_000)).unwrap()
}

#[test]
fn any_repeating_event_is_expanded_in_order_or_refused() {
    const EVENTS: [&str; 2] = [
        r#"{"start":{"dateTime":"2026-11-24T10:00:00","timeZone":"UTC"},"end":{"dateTime":"2026-11-24T11:00:00","timeZone":"UTC"},"recurrence":{"pattern":{"type":"weekly","interval":2,"daysOfWeek":["tuesday"],"firstDayOfWeek":"monday"},"range":{"type":"numbered","startDate":"2026-11-24","numberOfOccurrences":9,"recurrenceTimeZone":"India Standard Time"}}}"#,
        r#"{"start":{"dateTime":"2026-11-24T10:00:00","timeZone":"Europe/Berlin"},"end":{"dateTime":"2026-11-24T11:00:00"},"recurrence":{"pattern":{"type":"relativeYearly","interval":1,"month":3,"daysOfWeek":["friday"],"index":"last"},"range":{"type":"endDate","startDate":"2026-11-24","endDate":"2036-11-24"}}}"#,
    ];
    let now = Instant(1_795_420_800_000);
    hold(input(&EVENTS), |bytes| {
        let Ok(event) = serde_json::from_slice::<Repeating>(&bytes) else {
            return Ok(());
        };
        if let Ok((series, zone)) = recurrence::read(&event) {
            let dates = series.dates(now, |_| 0).ranges;
            prop_assert!(dates.is_sorted());
            prop_assert!(dates.iter().all(|date| date.start() >= now));
            if let Some(written) = recurrence::write(&series, &zone) {
                prop_assert!(!written.recurrence.pattern.kind.is_empty());
            }
        }
        Ok(())
    });
}
