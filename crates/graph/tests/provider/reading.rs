//! Rooms, changes and busy times.

use std::collections::BTreeSet;

use booking::event::BusyKind;
use booking::provider::{
    CalendarProvider, EventChange, MailboxFault, MailboxRole, Next, ProviderError, RoomResponse,
    SyncCursor,
};
use booking::room::Equipment;
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS, TimeRange};
use http::Method;
use m365_sim::{Fault, FaultAction, FaultMatch};
use serde_json::json;

use crate::support::{ADELE, MONDAY, World, address, draft, hours, room, window};

#[tokio::test]
async fn every_room_of_the_tenant_is_listed_with_what_is_in_it() {
    let world = World::start().await;
    let mut rooms = Vec::new();
    let mut page = None;
    loop {
        let got = world.provider.rooms(page).await.unwrap();
        rooms.extend(got.rooms);
        page = got.next;
        if page.is_none() {
            break;
        }
    }
    let mailboxes: BTreeSet<_> = rooms.iter().map(|room| room.mailbox.to_string()).collect();
    let expected: BTreeSet<_> = (1..=8).map(|number| room(number).to_string()).collect();
    assert_eq!(mailboxes, expected);
    let second = rooms.iter().find(|one| one.mailbox == room(2)).unwrap();
    assert_eq!(second.display_name, "Room 2");
    assert_eq!(second.building.as_deref(), Some("Harbour House"));
    assert_eq!((second.floor_number, second.capacity), (Some(1), Some(6)));
    assert!(second.equipment.has(Equipment::Video) && second.equipment.has(Equipment::Whiteboard));
    let third = rooms.iter().find(|one| one.mailbox == room(3)).unwrap();
    assert_eq!(third.step_free, Some(false));
}

#[tokio::test]
async fn a_booking_appears_as_a_change_and_a_cancelled_one_is_gone() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let (nothing, cursor) = world.round(&room(1), None).await.unwrap();
    assert_eq!(nothing, []);

    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let (changes, cursor) = world.round(&room(1), Some(cursor)).await.unwrap();
    let [EventChange::Busy(busy, response)] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!((busy.range, busy.kind), (hours(1, 1), BusyKind::Busy));
    assert_eq!(busy.ical_uid.as_ref(), Some(&event.ical_uid));
    assert_ne!(
        busy.event_id, event.event_id,
        "each mailbox has its own copy"
    );
    assert_eq!(*response, RoomResponse::Accepted);
    let organizer = busy.organizer.clone().unwrap();
    assert_eq!(organizer.address, Some(address(ADELE)));
    assert_eq!(organizer.display_name, "Adele Vance");

    world
        .provider
        .cancel_event(&adele, &event, "No longer needed")
        .await
        .unwrap();
    world.sim.drain().await;
    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    assert_eq!(
        changes,
        [EventChange::Gone {
            event_id: busy.event_id.clone()
        }]
    );
}

#[tokio::test]
async fn an_undecided_request_is_told_as_unanswered() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    let (changes, _) = world.round(&room(1), None).await.unwrap();
    let [EventChange::Busy(_, response)] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(*response, RoomResponse::None);
}

#[tokio::test]
async fn an_event_moved_in_outlook_is_told_with_its_new_time() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let (_, cursor) = world.round(&room(1), None).await.unwrap();

    let moved = json!({
        "start": { "dateTime": "2026-11-23T12:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-11-23T13:30:00", "timeZone": "UTC" },
    });
    world
        .outside(
            Method::PATCH,
            &format!("users/{ADELE}/events/{}", event.event_id),
            moved,
        )
        .await;
    world.sim.drain().await;
    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    let [EventChange::Busy(busy, _)] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    assert_eq!(busy.range.start(), hours(4, 1).start());
    assert_eq!(busy.range.duration_ms(), 90 * MINUTE_MS);
}

#[tokio::test]
async fn a_room_that_is_no_longer_invited_is_free_again() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let (told, cursor) = world.round(&room(1), None).await.unwrap();
    let [EventChange::Busy(busy, _)] = told.as_slice() else {
        panic!("{told:?}")
    };

    let other = json!({ "attendees": [
        { "type": "resource", "emailAddress": { "address": "room2@contoso.com", "name": "Room 2" } },
    ] });
    world
        .outside(
            Method::PATCH,
            &format!("users/{ADELE}/events/{}", event.event_id),
            other,
        )
        .await;
    world.sim.drain().await;
    let (changes, _) = world.round(&room(1), Some(cursor)).await.unwrap();
    assert_eq!(
        changes,
        [EventChange::Gone {
            event_id: busy.event_id.clone()
        }]
    );
    let (changes, _) = world.round(&room(2), None).await.unwrap();
    assert!(
        matches!(changes.as_slice(), [EventChange::Busy(..)]),
        "{changes:?}"
    );
}

#[tokio::test]
async fn an_all_day_event_is_busy_for_the_day_of_its_own_zone() {
    let world = World::start().await;
    let time =
        |day: &str| json!({ "dateTime": format!("{day}T00:00:00"), "timeZone": "Europe/Helsinki" });
    let event = json!({
        "subject": "Closed", "isAllDay": true, "start": time("2026-11-25"), "end": time("2026-11-26"),
    });
    world
        .outside(Method::POST, "users/room1@contoso.com/events", event)
        .await;
    let (changes, _) = world.round(&room(1), None).await.unwrap();
    let [EventChange::Busy(busy, _)] = changes.as_slice() else {
        panic!("{changes:?}")
    };
    let start: jiff::Timestamp = "2026-11-24T22:00:00Z".parse().unwrap();
    assert_eq!(busy.range.start().0, start.as_millisecond());
    assert_eq!(busy.range.duration_ms(), DAY_MS);
}

/// covers part of: FX-14 (as Graph tells it; no occurrence is moved)
#[tokio::test]
async fn a_long_first_round_comes_in_pages_and_misses_nothing() {
    let world = World::start().await;
    for hour in 0..230_i64 {
        let start = jiff::Timestamp::from_millisecond(MONDAY.plus_ms(hour * HOUR_MS).0).unwrap();
        let end =
            jiff::Timestamp::from_millisecond(MONDAY.plus_ms((hour + 1) * HOUR_MS).0).unwrap();
        let time = |at: jiff::Timestamp| json!({ "dateTime": at.to_string().trim_end_matches('Z'), "timeZone": "UTC" });
        let event = json!({ "subject": "Block", "start": time(start), "end": time(end) });
        world
            .outside(Method::POST, "users/room1@contoso.com/events", event)
            .await;
    }
    let first = world
        .provider
        .changes(&room(1), window(), None)
        .await
        .unwrap();
    assert!(matches!(first.next, Next::More(_)));
    let (changes, _) = world.round(&room(1), None).await.unwrap();
    let starts: BTreeSet<_> = changes
        .iter()
        .map(|change| match change {
            EventChange::Busy(busy, RoomResponse::Accepted) => busy.range.start(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(starts.len(), 230);
}

#[tokio::test]
async fn an_expired_cursor_and_a_cursor_of_another_graph_say_so() {
    let world = World::start().await;
    let (_, cursor) = world.round(&room(1), None).await.unwrap();
    world.sim.expire_delta_tokens();
    let error = world.round(&room(1), Some(cursor)).await.unwrap_err();
    assert!(matches!(error, ProviderError::CursorExpired), "{error}");

    let before = world.sim.requests().len();
    let foreign = SyncCursor(
        "https://graph.fabrikam.example/v1.0/users/x/calendarView/delta?$deltatoken=1".to_owned(),
    );
    let error = world.round(&room(1), Some(foreign)).await.unwrap_err();
    assert!(matches!(error, ProviderError::CursorExpired), "{error}");
    assert_eq!(
        world.sim.requests().len(),
        before,
        "nothing may be asked anywhere"
    );
}

#[tokio::test]
async fn a_room_that_a_policy_keeps_us_out_of_is_denied_with_the_reason() {
    const RAOP: &str = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly \
        AccessPolicy settings.";
    let world = World::start().await;
    let denied = FaultAction::Status {
        status: 403,
        code: "ErrorAccessDenied".to_owned(),
        message: Some(RAOP.to_owned()),
        retry_after_seconds: None,
    };
    let matches = FaultMatch::path("/v1.0/users/room2@contoso.com");
    world.inject(Fault::times(1, matches, denied));
    let error = world.round(&room(2), None).await.unwrap_err();
    let wrong = error.mailbox_fault();
    assert_eq!(wrong, Some((MailboxRole::Room, MailboxFault::KeptOut)));
}

#[tokio::test]
async fn busy_times_come_in_the_order_asked_and_unknown_rooms_do_not_hide_others() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    world.booked(&adele, &draft(1, &room(2), hours(1, 1))).await;
    // The first to be asked does not exist, so it cannot be the one through whose eyes we look.
    let asked = [address("nobody@contoso.com"), room(3), room(2)];
    let answers = world
        .provider
        .busy_times(&asked, hours(0, 10))
        .await
        .unwrap();
    let order: Vec<_> = answers.iter().map(|answer| answer.room.clone()).collect();
    assert_eq!(order, asked);
    assert_eq!(answers[0].schedule.as_ref().unwrap_err().code, "5009");
    assert_eq!(answers[1].schedule, Ok(Vec::new()));
    let items = answers[2].schedule.as_ref().unwrap();
    assert_eq!(items.len(), 1);
    assert_eq!(
        (items[0].range, items[0].kind),
        (hours(1, 1), BusyKind::Busy)
    );
}

#[tokio::test]
async fn more_than_graph_answers_at_once_is_refused_before_asking() {
    let world = World::start().await;
    let rooms: Vec<_> = (1..=21).map(room).collect();
    let error = world
        .provider
        .busy_times(&rooms, hours(0, 1))
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::Unsupported { .. }));
    let long = TimeRange::new(MONDAY, MONDAY.plus_ms(62 * DAY_MS)).unwrap();
    let error = world
        .provider
        .busy_times(&[room(1)], long)
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::Unsupported { .. }));
    assert_eq!(world.sim.requests().len(), 0);
}
