//! Creating, finding, and cancelling events, and the room's answers.

use booking::event::EventRef;
use booking::provider::{Actor, CalendarProvider, ProviderError, RoomResponse, Which};
use m365_sim::{Fault, FaultAction, FaultMatch};

use crate::support::{ADELE, MEGAN, World, address, draft, hours, refusing, room};

/// How Exchange's immutable ids begin.
const IMMUTABLE_PREFIX: &str = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A";

/// covers: FX-25
#[tokio::test]
async fn a_persons_booking_is_in_their_calendar_with_the_room_invited() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    assert_eq!(event.mailbox, address(ADELE));

    let events = world.sim.events(ADELE).unwrap();
    let [own] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert!(own.is_organizer && own.subject == "Planning");
    // The one that stays when the event is moved to another folder, not the one that lists show by themselves.
    assert_ne!(own.id, event.event_id);
    assert_eq!(
        own.id.trim_start_matches("AAMkA"),
        event.event_id.trim_start_matches(IMMUTABLE_PREFIX)
    );
    assert_eq!(own.start.as_millisecond(), hours(1, 1).start().0);
    assert_eq!(own.end.as_millisecond(), hours(1, 1).end().0);
    assert_eq!(own.attendees[0].address, "room1@contoso.com");
    assert_eq!(own.attendees[0].kind, "resource");
    assert_eq!(own.locations, ["Room"]);

    let answer = world
        .provider
        .room_answer(&adele, &event, &room(1))
        .await
        .unwrap();
    assert_eq!(answer.response, RoomResponse::None);
    world.sim.drain().await;
    let answer = world
        .provider
        .room_answer(&adele, &event, &room(1))
        .await
        .unwrap();
    assert_eq!(answer.response, RoomResponse::Accepted);
}

#[tokio::test]
async fn of_two_bookings_for_one_time_the_room_accepts_the_first() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let first = world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    let second = world
        .provider
        .create_event(&Actor::BookingMailbox, &draft(2, &room(1), hours(1, 1)))
        .await
        .unwrap();
    world.sim.drain().await;
    let one = world
        .provider
        .room_answer(&adele, &first, &room(1))
        .await
        .unwrap();
    let other = world
        .provider
        .room_answer(&Actor::BookingMailbox, &second, &room(1))
        .await
        .unwrap();
    assert_eq!(
        (one.response, other.response),
        (RoomResponse::Accepted, RoomResponse::Declined)
    );
}

#[tokio::test]
async fn creating_twice_for_one_reservation_makes_one_event() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let wanted = draft(1, &room(1), hours(1, 1));
    let first = world.provider.create_event(&adele, &wanted).await.unwrap();
    let again = world.provider.create_event(&adele, &wanted).await.unwrap();
    assert_eq!(first, again);
    assert_eq!(world.sim.events(ADELE).unwrap().len(), 1);
}

#[tokio::test]
async fn a_refused_replay_is_answered_with_the_event_that_was_made_first() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let wanted = draft(1, &room(1), hours(1, 1));
    let first = world.provider.create_event(&adele, &wanted).await.unwrap();
    // What the service says when it takes the replay for another event.
    world.inject(Fault::times(
        1,
        FaultMatch {
            method: Some("POST".to_owned()),
            path: Some("/v1.0/me/events".to_owned()),
            mailbox: None,
        },
        refusing(409, "ErrorDuplicateTransactionId"),
    ));
    let again = world.provider.create_event(&adele, &wanted).await.unwrap();
    assert_eq!(first, again);
}

#[tokio::test]
async fn one_reservation_cannot_become_two_different_events() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    let error = world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(5, 1)))
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::Conflict { .. }), "{error}");
}

/// covers part of: FX-67 (there is no display yet)
#[tokio::test]
async fn the_booking_mailbox_books_without_anybody_signed_in() {
    let world = World::start().await;
    let event = world
        .booked(&Actor::BookingMailbox, &draft(1, &room(1), hours(1, 1)))
        .await;
    assert_eq!(event.mailbox, address(MEGAN));
    let answer = world
        .provider
        .room_answer(&Actor::BookingMailbox, &event, &room(1))
        .await
        .unwrap();
    assert_eq!(answer.response, RoomResponse::Accepted);
}

#[tokio::test]
async fn people_invited_besides_the_room_are_asked_as_people() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let mut wanted = draft(1, &room(1), hours(1, 1));
    wanted.attendees.push(address(MEGAN));
    world.provider.create_event(&adele, &wanted).await.unwrap();
    let invited = world.sim.events(MEGAN).unwrap();
    assert_eq!(invited.len(), 1);
    let kinds: Vec<_> = invited[0]
        .attendees
        .iter()
        .map(|one| (one.address.as_str(), one.kind.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [("room1@contoso.com", "resource"), (MEGAN, "required")]
    );
}

#[tokio::test]
async fn a_persons_own_event_is_found_by_exact_time_and_room() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let megan = world.signed_in(MEGAN).await;
    let mut wanted = draft(1, &room(1), hours(1, 1));
    wanted.attendees.push(address(MEGAN));
    let event = world.booked(&adele, &wanted).await;

    let ours = Which::WrittenFor(wanted.reservation);
    let another = Which::WrittenFor(draft(2, &room(1), hours(1, 1)).reservation);
    let find = async |actor, room, range, which| {
        let provider = &world.provider;
        provider
            .find_event(actor, &room, range, which)
            .await
            .unwrap()
    };
    let found = find(&adele, room(1), hours(1, 1), ours).await;
    assert_eq!(found, Some((event, RoomResponse::Accepted)));
    for (actor, room, range, which) in [
        (&adele, room(2), hours(1, 1), ours),
        (&adele, room(1), hours(1, 2), ours),
        (&adele, room(1), hours(0, 2), ours),
        (&megan, room(1), hours(1, 1), ours),
        (&adele, room(1), hours(1, 1), another),
        // What we wrote is not what the person sent.
        (&adele, room(1), hours(1, 1), Which::SentByPerson),
    ] {
        let found = find(actor, room.clone(), range, which).await;
        assert_eq!(found, None, "{room} {range:?} {which:?}");
    }
}

#[tokio::test]
async fn cancelling_frees_the_room_and_cancelling_again_is_no_error() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    world
        .provider
        .cancel_event(&adele, &event, "No longer needed")
        .await
        .unwrap();
    world.sim.drain().await;
    let busy = world
        .provider
        .busy_times(&[room(1)], hours(0, 5))
        .await
        .unwrap();
    assert_eq!(busy[0].schedule, Ok(Vec::new()));
    assert_eq!(world.sim.events(ADELE).unwrap().len(), 0);

    world
        .provider
        .cancel_event(&adele, &event, "No longer needed")
        .await
        .unwrap();
    let error = world
        .provider
        .room_answer(&adele, &event, &room(1))
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::NotFound { .. }), "{error}");
}

/// A mailbox that is being moved, or whose licence was taken away for a moment, knows no event at all.
#[tokio::test]
async fn a_mailbox_that_is_not_there_says_nothing_about_the_event() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let codes = [
        ("MailboxNotEnabledForRESTAPI", true),
        ("ErrorInvalidUser", true),
        ("ErrorItemNotFound", false),
    ];
    for (code, of_the_mailbox) in codes {
        world.inject(Fault::times(
            1,
            FaultMatch {
                method: Some("GET".to_owned()),
                path: Some("/v1.0/me/events/*".to_owned()),
                mailbox: None,
            },
            refusing(404, code),
        ));
        let room = room(1);
        let answer = world.provider.room_answer(&adele, &event, &room).await;
        let error = answer.unwrap_err();
        let (later, missing) = (
            matches!(error, ProviderError::Retry { .. }),
            matches!(error, ProviderError::NotFound { .. }),
        );
        assert_eq!(
            (later, missing),
            (of_the_mailbox, !of_the_mailbox),
            "{error}"
        );
    }
}

#[tokio::test]
async fn an_event_that_cannot_be_cancelled_is_deleted() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    world.inject(Fault::times(
        1,
        FaultMatch::path("/v1.0/me/events/*/cancel"),
        FaultAction::Status {
            status: 400,
            code: "ErrorInvalidRequest".to_owned(),
            message: Some(
                "Your request can't be completed. You need to be an organizer to cancel a meeting."
                    .to_owned(),
            ),
            retry_after_seconds: None,
        },
    ));
    world
        .provider
        .cancel_event(&adele, &event, "")
        .await
        .unwrap();
    assert_eq!(world.sim.events(ADELE).unwrap().len(), 0);
}

/// Deleting it would tell nobody, and the room would stay booked.
#[tokio::test]
async fn a_copy_of_somebody_elses_meeting_is_neither_cancelled_nor_deleted() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let megan = world.signed_in(MEGAN).await;
    let mut wanted = draft(1, &room(1), hours(1, 1));
    wanted.attendees.push(address(MEGAN));
    let event = world.booked(&adele, &wanted).await;
    let copy = EventRef {
        event_id: world.sim.events(MEGAN).unwrap()[0].id.clone(),
        ..event
    };
    let cancelled = world.provider.cancel_event(&megan, &copy, "").await;
    let error = cancelled.unwrap_err();
    assert!(matches!(error, ProviderError::Denied { .. }), "{error}");
    assert_eq!(world.sim.events(MEGAN).unwrap().len(), 1);
}

/// Only Exchange itself can say that an event is gone: taking anything else for it would leave the room booked.
#[tokio::test]
async fn an_event_counts_as_cancelled_only_by_exchanges_own_word() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let cases = [
        (404, "", false),
        (404, "NotFound", false),
        (404, "MailboxNotEnabledForRESTAPI", false),
        (400, "ErrorInvalidIdMalformed", false),
        (400, "ErrorInvalidRequest", false),
        (400, "", false),
        (404, "ErrorItemNotFound", true),
    ];
    for (status, code, is_done) in cases {
        world.inject(Fault::times(
            1,
            FaultMatch::path("/v1.0/me/events/*"),
            refusing(status, code),
        ));
        let cancelled = world.provider.cancel_event(&adele, &event, "").await;
        assert_eq!(cancelled.is_ok(), is_done, "{status} {code}: {cancelled:?}");
        assert_eq!(world.sim.events(ADELE).unwrap().len(), 1, "{status} {code}");
    }
}
