//! A day of placing reservations, with rooms that answer when told.

use crate::office::{Office, ada, asking, ben, exactly, hour};
use booking::BookingError;
use booking::ids::ReservationId;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{Cancelling, Reservation, ReservationState, StateNote};
use booking::rules::Refusal;
use booking::time::{HOUR_MS, MINUTE_MS, SECOND_MS};
use engine::Error;
use engine::sync::{answers_task, events_task};
use uuid::Uuid;

pub fn key(number: u128) -> ReservationId {
    ReservationId(Uuid::from_u128(number))
}

pub async fn place(office: &Office, number: u128, room: usize) -> Result<Reservation, Error> {
    let room = office.rooms[room].id;
    office
        .engine
        .place_reservation(&ada(), key(number), room, &exactly(hour(2)), "Planning")
        .await
}

pub async fn state(office: &Office, number: u128) -> (ReservationState, Option<StateNote>) {
    let found = office.engine.store().reservation(key(number)).await;
    let reservation = found.unwrap().unwrap();
    (reservation.state, reservation.note)
}

/// covers: FX-04, FX-24
#[tokio::test]
async fn a_placed_reservation_is_confirmed_only_when_the_room_accepts() {
    let office = Office::open().await;
    let placed = place(&office, 1, 0).await.unwrap();
    assert_eq!(placed.state, ReservationState::Held);

    office.run().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Submitted);
    let events = office.calendars.events();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].organizer, ada().address);
    assert_eq!(&events[0].room, office.mailbox(0));

    office.settle().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
}

#[tokio::test]
async fn a_room_that_accepted_is_not_shown_as_free_until_its_calendar_is_read() {
    let office = Office::open().await;
    let engine = &office.engine;
    place(&office, 1, 0).await.unwrap();
    office.run().await;
    office.calendars.attend();
    office.clock.advance_ms(5_000);
    ask(&office).await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Confirmed);
    let states = async || {
        engine.catch_up().await.unwrap();
        let found = engine.find_rooms(&ben(), &asking(hour(2), 1), None);
        found.unwrap().states
    };
    assert_eq!(states().await, "hff");
    let read = async || events_task::run(engine).await.unwrap();
    office.through(2 * SECOND_MS, read).await;
    assert_eq!(states().await, "bff");
}

#[tokio::test]
async fn the_same_key_places_once() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    assert_eq!(office.calendars.events().len(), 1);
}

#[tokio::test]
async fn a_request_sent_again_is_answered_with_its_reservation_whatever_became_of_it() {
    let office = Office::open().await;
    let placed = place(&office, 1, 0).await.unwrap();
    assert_eq!(place(&office, 1, 0).await.unwrap(), placed);
    // Its time is over, so that nobody could ask for it any more.
    office.settle().await;
    office.settle().await;
    office.clock.advance_ms(booking::time::DAY_MS);
    let again = place(&office, 1, 0).await.unwrap();
    assert_eq!(
        (again.id, again.state),
        (key(1), ReservationState::Confirmed)
    );
    assert_eq!(office.calendars.events().len(), 1);
}

#[tokio::test]
async fn a_request_sent_again_after_it_was_taken_back_places_nothing() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    let cancelled = office
        .engine
        .cancel_reservation(&ada(), key(1), Cancelling::Whole)
        .await;
    assert_eq!(place(&office, 1, 0).await.unwrap(), cancelled.unwrap());
    office.settle().await;
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn the_key_of_somebody_elses_reservation_is_refused_for_any_room() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    for room in &office.rooms {
        let taken = office
            .engine
            .place_reservation(&ben(), key(1), room.id, &exactly(hour(2)), "")
            .await;
        assert!(
            matches!(taken, Err(Error::Booking(BookingError::NotYours))),
            "{taken:?}"
        );
    }
}

/// covers: FX-24
#[tokio::test]
async fn a_room_that_exchange_knows_to_be_busy_is_refused_though_the_index_says_free() {
    let office = Office::open().await;
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.calendars.attend();
    let struck = office.calendars.struck();
    let placed = place(&office, 1, 0).await;
    if office.calendars.struck() > struck {
        // Exchange did not say: the room itself does.
        office.settle().await;
        office.settle().await;
        let declined = (ReservationState::Declined, Some(StateNote::DeclinedByRoom));
        return assert_eq!(state(&office, 1).await, declined);
    }
    let Err(Error::Booking(BookingError::Refused(refusals))) = placed else {
        panic!("{placed:?}");
    };
    assert!(matches!(refusals[..], [Refusal::Taken { range, .. }] if range == hour(2)));
    assert!(
        office
            .engine
            .store()
            .reservation(key(1))
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn a_room_that_only_the_index_thinks_busy_can_be_placed() {
    let office = Office::open().await;
    let event = office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.settle().await;
    office.calendars.remove(event);
    assert!(place(&office, 1, 0).await.is_ok());
}

/// covers: FX-24
#[tokio::test]
async fn two_people_at_one_slot_leave_one_winner_and_one_event() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    let room = office.rooms[0].id;
    let second = office
        .engine
        .place_reservation(&ben(), key(2), room, &exactly(hour(2)), "")
        .await;
    let Err(Error::Booking(BookingError::Refused(refusals))) = second else {
        panic!("{second:?}");
    };
    assert_eq!(refusals, [Refusal::Held { range: hour(2) }]);
    office.settle().await;
    assert_eq!(office.calendars.events().len(), 1);
}

#[tokio::test]
async fn a_declined_reservation_says_so_and_leaves_no_event_behind() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    // Somebody in Outlook is quicker than our outbox, and the room answers them first.
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.calendars.attend();
    office.run().await;
    office.settle().await;
    office.settle().await;
    assert_eq!(
        state(&office, 1).await,
        (ReservationState::Declined, Some(StateNote::DeclinedByRoom))
    );
    let organizers: Vec<_> = office
        .calendars
        .events()
        .into_iter()
        .map(|event| event.organizer)
        .collect();
    assert_eq!(organizers, [ben().address]);
}

#[tokio::test]
async fn a_calendar_system_that_is_down_loses_no_reservation() {
    let office = Office::open().await;
    for _ in 0..2 {
        office.own_faults().fail_next(
            Call::CreateEvent,
            ProviderError::Retry {
                after: None,
                context: "503".to_owned(),
            },
        );
    }
    place(&office, 1, 0).await.unwrap();
    for _ in 0..3 {
        office.settle().await;
    }
    office.settle().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Confirmed);
    assert_eq!(office.calendars.events().len(), 1);
}

async fn refused(office: &Office, number: u128) -> Vec<Refusal> {
    let placing = async || place(office, number, 0).await;
    match office.through(2 * SECOND_MS, placing).await {
        Err(Error::Booking(BookingError::Refused(refusals))) => refusals,
        other => panic!("{other:?}"),
    }
}

/// covers: FX-24
#[tokio::test]
async fn what_is_ones_own_already_is_refused_like_anybodys() {
    let office = Office::open().await;
    let placed = place(&office, 1, 0).await.unwrap();
    let held = [Refusal::Held { range: hour(2) }];
    assert_eq!(refused(&office, 2).await, held);
    office.run().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Submitted);
    assert!(matches!(
        refused(&office, 2).await[..],
        [Refusal::Taken { range, .. }] if range == hour(2)
    ));
    office.settle().await;
    assert!(matches!(
        refused(&office, 2).await[..],
        [Refusal::Taken { range, .. }] if range == hour(2)
    ));
    // The same request once more is no second one.
    assert_eq!(place(&office, 1, 0).await.unwrap().id, placed.id);
    assert_eq!(office.calendars.events().len(), 1);
}

/// covers: FX-24
#[tokio::test]
async fn what_we_confirmed_is_in_the_way_also_while_exchange_says_nothing() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    office.settle().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Confirmed);
    office.clock.advance_ms(booking::time::MINUTE_MS);
    office.own_faults().fail_next(
        Call::BusyTimes,
        ProviderError::Retry {
            after: None,
            context: "slow".to_owned(),
        },
    );
    let held = [Refusal::Held { range: hour(2) }];
    assert_eq!(refused(&office, 2).await, held);
}

/// covers: FX-30
#[tokio::test]
async fn cancelling_takes_the_event_away_and_frees_the_room() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    office.settle().await;
    let cancelled = office
        .engine
        .cancel_reservation(&ada(), key(1), Cancelling::Whole)
        .await
        .unwrap();
    assert_eq!(cancelled.state, ReservationState::Cancelled);
    office.settle().await;
    assert!(office.calendars.events().is_empty());
    assert!(place(&office, 2, 0).await.is_ok());
}

#[tokio::test]
async fn a_reservation_cancelled_before_exchange_heard_of_it_never_gets_an_event() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    office
        .engine
        .cancel_reservation(&ada(), key(1), Cancelling::Whole)
        .await
        .unwrap();
    office.settle().await;
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn nobody_cancels_what_is_somebody_elses() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    let refused = office
        .engine
        .cancel_reservation(&ben(), key(1), Cancelling::Whole)
        .await;
    assert!(matches!(
        refused,
        Err(Error::Booking(BookingError::NotYours))
    ));
}

fn missing() -> ProviderError {
    ProviderError::NotFound {
        context: "ErrorItemNotFound".to_owned(),
    }
}

/// The organizer's copies are asked how rooms answered.
async fn ask(office: &Office) {
    let asking = async || answers_task::run(&office.engine).await.unwrap();
    // As long as after two questions that were struck: a story may have asked once before.
    office.through(4 * SECOND_MS, asking).await;
}

/// Submitted, and five seconds later.
async fn submitted(office: &Office) {
    place(office, 1, 0).await.unwrap();
    office.run().await;
    assert_eq!(state(office, 1).await.0, ReservationState::Submitted);
    office.clock.advance_ms(5_000);
}

#[tokio::test]
async fn an_event_that_one_read_does_not_find_is_looked_for_before_its_reservation_ends() {
    let office = Office::open().await;
    submitted(&office).await;
    office.clock.advance_ms(HOUR_MS);
    office.own_faults().fail_next(Call::RoomAnswer, missing());
    ask(&office).await;
    assert_eq!(state(&office, 1).await, (ReservationState::Submitted, None));

    office.clock.advance_ms(HOUR_MS);
    office.calendars.attend();
    office.own_faults().fail_next(Call::RoomAnswer, missing());
    ask(&office).await;
    assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
}

#[tokio::test]
async fn an_event_written_a_moment_ago_is_not_taken_for_one_that_was_deleted() {
    let office = Office::open().await;
    submitted(&office).await;
    // Nowhere to be seen, by its id or its time.
    office.calendars.remove(1);
    answers_task::run(&office.engine).await.unwrap();
    assert_eq!(state(&office, 1).await, (ReservationState::Submitted, None));

    office.clock.advance_ms(MINUTE_MS);
    ask(&office).await;
    let gone = Some(StateNote::GoneFromCalendar);
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, gone));
}

/// covers: FX-18
#[tokio::test]
async fn what_is_taken_back_in_outlook_is_cancelled_here() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    office.settle().await;
    let number = 1;
    office.calendars.remove(number);
    office.settle().await;
    assert_eq!(
        state(&office, 1).await,
        (
            ReservationState::Cancelled,
            Some(StateNote::GoneFromCalendar)
        )
    );
}
