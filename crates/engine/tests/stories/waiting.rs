//! Promises that the calendar system does not take at once: they wait, within bounds, and say so.

use crate::office::{Office, ada, asking, ben, exactly, hour};
use crate::placing::{key, place, state};
use booking::BookingError;
use booking::provider::testing::Call;
use booking::provider::{Actor, CalendarProvider, EventDraft, ProviderError};
use booking::reservation::{CalendarFault, Cancelling, ReservationState, StateNote};
use booking::rules::Refusal;
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS, TimeRange};
use engine::Error;
use engine::sync::driver::run_all_once;

fn signed_out() -> ProviderError {
    ProviderError::SignInBroken {
        context: "invalid_grant".to_owned(),
    }
}

fn denied() -> ProviderError {
    ProviderError::Denied {
        context: "ErrorAccessDenied for ada@contoso.com".to_owned(),
    }
}

/// Lets time pass while every such call fails, in steps of ten minutes, until it is made no more.
async fn while_failing(office: &Office, call: Call, error: fn() -> ProviderError, ms: i64) {
    for _ in 0..ms / (10 * MINUTE_MS) {
        let (state, note) = state(office, 1).await;
        let has_failed = matches!(note, Some(StateNote::CancellationFailed { .. }));
        if has_failed || state == ReservationState::Declined {
            return;
        }
        office.own_faults().fail_next(call, error());
        office.clock.advance_ms(9 * MINUTE_MS);
        office.settle().await;
    }
}

async fn place_at(office: &Office, number: u128, range: TimeRange) {
    let room = office.rooms[0].id;
    office
        .engine
        .place_reservation(&ada(), key(number), room, &exactly(range), "Planning")
        .await
        .unwrap();
}

/// Placed, and accepted by the room.
async fn confirmed(office: &Office, range: TimeRange) {
    place_at(office, 1, range).await;
    office.settle().await;
    office.settle().await;
    assert_eq!(state(office, 1).await.0, ReservationState::Confirmed);
}

async fn cancel(office: &Office) -> ReservationState {
    let cancelled = office
        .engine
        .cancel_reservation(&ada(), key(1), Cancelling::Whole)
        .await;
    cancelled.unwrap().state
}

#[tokio::test]
async fn a_placement_without_permission_keeps_its_room_and_goes_on_after_signing_in() {
    let office = Office::open().await;
    office
        .own_faults()
        .fail_next(Call::CreateEvent, signed_out());
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    let waiting = (ReservationState::Held, Some(StateNote::SignInAgain));
    assert_eq!(state(&office, 1).await, waiting);
    let room = office.rooms[0].id;
    let other = office
        .engine
        .place_reservation(&ben(), key(2), room, &exactly(hour(2)), "")
        .await;
    assert!(matches!(
        other,
        Err(Error::Booking(BookingError::Refused(reasons))) if reasons == [Refusal::Held { range: hour(2) }]
    ));

    office.engine.permission_given(ada().id).await.unwrap();
    office.settle().await;
    office.settle().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
    assert_eq!(office.calendars.events().len(), 1);
}

#[tokio::test]
async fn a_placement_waits_for_permission_until_its_time_has_begun() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    while_failing(&office, Call::CreateEvent, signed_out, 2 * HOUR_MS).await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Held);
    while_failing(&office, Call::CreateEvent, signed_out, HOUR_MS / 2).await;
    let declined = (ReservationState::Declined, Some(StateNote::SignInAgain));
    assert_eq!(state(&office, 1).await, declined);
    office.engine.permission_given(ada().id).await.unwrap();
    office.settle().await;
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn a_placement_waits_for_permission_no_longer_than_a_day() {
    let office = Office::open().await;
    place_at(&office, 1, hour(100)).await;
    while_failing(&office, Call::CreateEvent, signed_out, 23 * HOUR_MS).await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Held);
    while_failing(&office, Call::CreateEvent, signed_out, 2 * HOUR_MS).await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Declined);
}

#[tokio::test]
async fn a_placement_that_waits_is_cancelled_without_an_event() {
    let office = Office::open().await;
    office
        .own_faults()
        .fail_next(Call::CreateEvent, signed_out());
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    assert_eq!(cancel(&office).await, ReservationState::Cancelled);
    office.settle().await;
    office.settle().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, None));
    assert!(office.calendars.events().is_empty());
    assert!(place(&office, 2, 0).await.is_ok());
}

#[tokio::test]
async fn what_exchange_says_of_a_refusal_is_told_in_words_of_ours() {
    let office = Office::open().await;
    office.own_faults().fail_next(Call::CreateEvent, denied());
    place(&office, 1, 0).await.unwrap();
    office.settle().await;
    let (state, note) = state(&office, 1).await;
    assert_eq!(state, ReservationState::Declined);
    assert!(
        matches!(
            note,
            Some(StateNote::RefusedByCalendar {
                fault: CalendarFault::Denied,
                incident: Some(_),
            })
        ),
        "{note:?}"
    );
}

/// The answer to the first attempt is lost on its way, though the event was written.
#[tokio::test]
async fn a_placement_that_is_given_up_leaves_no_event_behind() {
    let office = Office::open().await;
    let silent = ProviderError::Retry {
        after: None,
        context: "closed connection".to_owned(),
    };
    office.own_faults().fail_next(Call::CreateEvent, silent);
    let placed = place(&office, 1, 0).await.unwrap();
    run_all_once(&office.engine).await.unwrap();
    let written = EventDraft {
        reservation: placed.id,
        subject: "Planning".to_owned(),
        range: placed.range,
        zone: office.rooms[0].zone.clone(),
        room: office.mailbox(0).clone(),
        room_name: office.rooms[0].name.clone(),
        attendees: Vec::new(),
    };
    let actor = Actor::Person(ada().id);
    let created = office.calendars.create_event(&actor, &written);
    created.await.unwrap();

    office.own_faults().fail_next(Call::CreateEvent, denied());
    office.settle().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Declined);
    assert!(office.calendars.events().is_empty());
}

/// covers: FX-30
#[tokio::test]
async fn a_cancellation_that_exchange_does_not_take_is_told_and_tried_again() {
    for (error, fault) in [
        (denied as fn() -> _, CalendarFault::Denied),
        (signed_out, CalendarFault::SignInAgain),
    ] {
        let office = Office::open().await;
        confirmed(&office, hour(2)).await;
        office.own_faults().fail_next(Call::CancelEvent, error());
        cancel(&office).await;
        office.settle().await;
        let waiting = Some(StateNote::CancellationWaiting { fault });
        let told = (ReservationState::Cancelled, waiting);
        assert_eq!(state(&office, 1).await, told);

        office.engine.permission_given(ada().id).await.unwrap();
        office.settle().await;
        assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, None));
        assert!(office.calendars.events().is_empty());
    }
}

#[tokio::test]
async fn a_reservation_whose_time_passed_while_etage_was_stopped_for_days_is_over() {
    let office = Office::open().await;
    confirmed(&office, hour(2)).await;
    office.clock.advance_ms(3 * DAY_MS);
    office.run().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Ended, None));
}

/// Cancelled, and refused by Exchange until we asked no more.
async fn failed(office: &Office) {
    confirmed(office, hour(50)).await;
    cancel(office).await;
    while_failing(office, Call::CancelEvent, denied, 25 * HOUR_MS).await;
    let (state, note) = state(office, 1).await;
    assert_eq!(state, ReservationState::Cancelled);
    assert!(
        matches!(
            note,
            Some(StateNote::CancellationFailed {
                fault: CalendarFault::Denied,
                ..
            })
        ),
        "{note:?}"
    );
}

/// covers: FX-30
#[tokio::test]
async fn a_cancellation_that_failed_shows_the_room_as_taken_and_can_be_asked_for_again() {
    let office = Office::open().await;
    failed(&office).await;
    let calls = office.calendars.calls(Call::CancelEvent);
    office.clock.advance_ms(HOUR_MS);
    office.settle().await;
    assert_eq!(office.calendars.calls(Call::CancelEvent), calls);
    let found = office
        .engine
        .find_rooms(&ada(), &asking(hour(50), 1), None)
        .unwrap();
    assert_eq!(found.states, "bff");
    let mine = office.engine.my_reservations(&ada()).await.unwrap();
    assert!(office.engine.describe(mine[0].clone()).can_cancel);

    cancel(&office).await;
    office.settle().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, None));
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn a_cancellation_that_failed_is_a_plain_one_once_the_event_is_gone_in_outlook() {
    let office = Office::open().await;
    failed(&office).await;
    let mine = office.engine.my_reservations(&ada()).await.unwrap();
    assert!(mine[0].note.is_some());
    office.calendars.remove(1);
    office.settle().await;
    let mine = office.engine.my_reservations(&ada()).await.unwrap();
    assert_eq!(mine[0].note, None);
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, None));
}
