//! Bodies that Microsoft documents, and bodies quoted from the service in public threads, are decoded as they stand.
//!
//! They lie outside the repository; where they are missing, the tests say so and check nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::path::PathBuf;

use graph::Page;
use graph::notification::{LifecycleEvent, Notifications};
use graph::types::{
    DateTimeTimeZone, Event, EventType, FreeBusyStatus, Organization, PatternedRecurrence,
    Repeating, ResponseType, Room, ScheduleInformation, ScheduleItem, Subscription, User,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The body of a documented example. `None`: the collection is not here.
fn body(name: &str) -> Option<Value> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/reference/graph/examples");
    if !folder.is_dir() {
        eprintln!(
            "skipped {name}: the collection of documented examples is not beside the project"
        );
        return None;
    }
    let text = std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let mut example: Value = serde_json::from_str(&text).unwrap();
    Some(example["body"].take())
}

/// The example's body, decoded. `None`: the collection is not here.
fn decoded<T: DeserializeOwned>(name: &str) -> Option<T> {
    let body = body(name)?;
    Some(serde_json::from_str(&body.to_string()).unwrap_or_else(|error| panic!("{name}: {error}")))
}

#[test]
fn documented_rooms_are_decoded() {
    let Some(page) = decoded::<Page<Room>>("033-place-list-resp") else {
        return;
    };
    let room = &page.value[0];
    assert_eq!(room.email_address.as_deref(), Some("cf200@contoso.com"));
    assert_eq!((room.capacity, room.floor_number), (Some(40), Some(2)));
    assert_eq!(room.display_device_name.as_deref(), Some("surface hub"));
    decoded::<Room>("030-place-get-resp");
}

#[test]
fn documented_schedules_are_decoded() {
    let Some(page) = decoded::<Page<ScheduleInformation>>("001-calendar-getschedule-resp") else {
        return;
    };
    assert_eq!(page.value.len(), 2);
    let items = page.value[1].schedule_items.as_deref().unwrap();
    assert_eq!(items[2].0.status, Some(FreeBusyStatus::Tentative));
    let is_whole = |item: &ScheduleItem| item.start.is_some() && item.end.is_some();
    assert!(items.iter().all(|item| is_whole(&item.0)));
}

#[test]
fn documented_events_are_decoded() {
    for name in [
        "015-user-post-events-resp",
        "016-user-post-events-resp",
        "008-event-get-resp",
        "003-calendar-post-events-resp",
    ] {
        let Some(event) = decoded::<Event>(name) else {
            return;
        };
        assert!(!event.id.is_empty() && event.start.is_some(), "{name}");
        let first = event.attendees.iter().flatten().next();
        if let Some(status) = first.and_then(|attendee| attendee.status) {
            assert_eq!(status.response, Some(ResponseType::None), "{name}");
        }
    }
    for name in [
        "014-user-list-events-resp",
        "002-calendar-list-events-resp",
        "009-event-list-instances-resp",
    ] {
        let page = decoded::<Page<Event>>(name).unwrap();
        assert!(!page.value.is_empty(), "{name}");
    }
}

#[test]
fn documented_recurrences_are_decoded() {
    let Some(event) = body("100-outlook-schedule-recurring-events-body") else {
        return;
    };
    let recurrence = event["recurrence"].clone();
    let told: PatternedRecurrence = serde_json::from_value(recurrence).unwrap();
    let at = |text: &str| DateTimeTimeZone {
        date_time: text.to_owned(),
        time_zone: None,
    };
    let mondays = Repeating {
        start: at("2017-09-04T10:00:00"),
        end: at("2017-09-04T11:00:00"),
        is_all_day: None,
        recurrence: told,
    };
    let (series, zone) = graph::provider::recurrence::read(&mondays).unwrap();
    let again = graph::provider::recurrence::write(&series, &zone).unwrap();
    assert_eq!(again.recurrence.pattern.days_of_week.unwrap(), ["monday"]);
    assert_eq!(again.recurrence.range.end_date.unwrap(), "2017-12-31");
}

#[test]
fn documented_rounds_of_changes_are_decoded() {
    for name in ["006-event-delta-resp", "074-delta-query-events-resp"] {
        let Some(page) = decoded::<Page<Event>>(name) else {
            return;
        };
        assert!(page.next_link.is_some() && !page.value.is_empty(), "{name}");
    }
    let occurrence: Event = decoded("132-obs-microsoft-graph-docs-contrib-issues-34-body").unwrap();
    assert_eq!(occurrence.kind, Some(EventType::Occurrence));
    assert_eq!(
        occurrence.series_master_id.as_deref(),
        Some("seriesMasterId")
    );
    assert_eq!(occurrence.ical_uid, None);
    let start = occurrence.start.unwrap().instant().unwrap();
    assert_eq!(start.to_string(), "2023-07-23T10:25:00Z");
}

#[test]
fn documented_subscriptions_are_decoded() {
    for name in [
        "038-subscription-post-subscriptions-resp",
        "039-subscription-update-resp",
        "123-outlook-change-notifications-overview-resp",
    ] {
        let Some(subscription) = decoded::<Subscription>(name) else {
            return;
        };
        assert!(!subscription.id.is_empty(), "{name}");
    }
}

#[test]
fn documented_notifications_are_decoded() {
    let Some(change) = body("106-webhooks-body") else {
        return;
    };
    let change = Notifications::read(change.to_string().as_bytes()).unwrap();
    assert_eq!((change.readable.len(), change.unreadable), (1, 0));
    assert_eq!(change.readable[0].lifecycle_event, None);
    for (name, event) in [
        (
            "107-webhooks-lifecycle-body",
            LifecycleEvent::SubscriptionRemoved,
        ),
        (
            "108-webhooks-lifecycle-body",
            LifecycleEvent::ReauthorizationRequired,
        ),
    ] {
        let body = body(name).unwrap().to_string();
        let read = Notifications::read(body.as_bytes()).unwrap();
        assert_eq!(read.readable[0].lifecycle_event, Some(event), "{name}");
    }
}

#[test]
fn documented_directory_entries_are_decoded() {
    let Some(user) = decoded::<User>("116-auth-v2-service-body") else {
        return;
    };
    assert_eq!(user.display_name.as_deref(), Some("Chris Green"));
    decoded::<User>("020-user-get-resp");
    let page: Page<Organization> = decoded("050-organization-list-resp").unwrap();
    assert_eq!(page.value[0].display_name.as_deref(), Some("Contoso"));
}
