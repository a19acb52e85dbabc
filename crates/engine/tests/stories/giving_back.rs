//! The room alone is given back, and the meeting stays.

use crate::changing::{cancel, change, kept, with_reservation};
use crate::office::{ada, hour};
use crate::placing::{key, place, state};
use booking::BookingError;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{Cancelling, ReservationState, WhyNot};
use booking::time::MINUTE_MS;
use engine::Error;

#[tokio::test]
async fn only_the_room_is_given_back_and_the_meeting_stays() {
    let office = with_reservation().await;
    let cancelled = cancel(&office, Cancelling::RoomOnly).await;
    assert_eq!(cancelled.state, ReservationState::Cancelled);
    office.run().await;
    office.settle().await;
    let events = office.calendars.events();
    let [meeting] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert!(meeting.released);
    assert_eq!((meeting.range, meeting.location.as_str()), (hour(2), ""));
    assert!(place(&office, 2, 0).await.is_ok());
}

#[tokio::test]
async fn a_room_that_exchange_keeps_can_be_given_back_once_more_without_the_meeting() {
    let office = with_reservation().await;
    let denied = || ProviderError::Denied {
        context: "giving back".to_owned(),
    };
    let calendars = office.own_faults();
    calendars.fail_next(Call::EditEvent, denied());
    let give_back = async || {
        cancel(&office, Cancelling::RoomOnly).await;
        office.run().await;
    };
    give_back().await;
    let (state_now, note) = state(&office, 1).await;
    assert_eq!(state_now, ReservationState::Cancelled);
    assert!(note.is_some_and(|note| note.is_about_cancelling()));
    // It is tried for a day.
    office.clock.advance_ms(6 * MINUTE_MS);
    office.run().await;
    assert!(calendars.events()[0].released);
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, None));
}

#[tokio::test]
async fn a_room_is_not_given_back_while_another_is_to_take_its_place() {
    let office = with_reservation().await;
    change(&office, 1, hour(2)).await.unwrap();
    let person = ada();
    let given_back = (office.engine)
        .cancel_reservation(&person, key(1), Cancelling::RoomOnly)
        .await;
    assert!(matches!(
        given_back,
        Err(Error::Booking(BookingError::CannotChange(WhyNot::OnItsWay)))
    ));
    office.run().await;
    office.settle().await;
    assert_eq!(kept(&office).await.room, office.rooms[1].id);
    cancel(&office, Cancelling::RoomOnly).await;
    office.run().await;
    assert!(office.calendars.events()[0].released);
}
