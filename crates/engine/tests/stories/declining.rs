//! Rooms that are made to decline here, where somebody else hears of it first.

use booking::BookingError;
use booking::ids::MailboxAddress;
use booking::provider::testing::Call;
use booking::provider::{ProviderError, RoomResponse};
use booking::reservation::{Reservation, ReservationState, StateNote, WhyNoDecline};
use booking::time::SECOND_MS;
use engine::Error;
use store::declining::Declining;

use crate::office::{Office, ada, hour};
use crate::placing::{key, place, state};
use crate::swapping::place_with_swap;

/// An office whose tenant lets rooms be made to decline, on a fair day.
pub async fn office() -> Office {
    let office = Office::open().await;
    office.own_faults();
    let store = office.engine.store();
    for one in store.declining().await.unwrap() {
        let allowed = Declining {
            is_allowed: true,
            ..one
        };
        assert!(store.set_declining(&allowed).await.unwrap());
    }
    office
}

async fn decline(office: &Office) -> Result<Reservation, Error> {
    office.engine.decline_room(&ada(), key(1)).await
}

/// Exchange has the room decline, and we do not hear that it has.
async fn decline_unheard(office: &Office) {
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.answer(number, RoomResponse::Declined);
    let lost = ProviderError::Retry {
        after: None,
        context: "the connection was lost".to_owned(),
    };
    office.calendars.fail_next(Call::DeclineAsRoom, lost);
    decline(office).await.unwrap_err();
}

async fn hear(office: &Office) {
    for _ in 0..5 {
        office.clock.advance_ms(3 * SECOND_MS);
        office.note_all_changes().await;
        office.run().await;
    }
}

/// The rooms of the meetings that stand.
fn stand(office: &Office) -> Vec<MailboxAddress> {
    let events = office.calendars.events().into_iter();
    events.map(|one| one.room).collect()
}

const GIVEN_BACK: (ReservationState, Option<StateNote>) = (
    ReservationState::Declined,
    Some(StateNote::DeclinedHere { by_admin: false }),
);

#[tokio::test]
async fn a_meeting_stays_whose_room_is_heard_to_decline_before_we_are_answered() {
    let office = office().await;
    place(&office, 1, 0).await.unwrap();
    office.run().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Submitted);
    decline_unheard(&office).await;
    let waiting = state(&office, 1).await;
    assert_eq!(waiting.0, ReservationState::Submitted);
    assert!(matches!(waiting.1, Some(StateNote::Declining { .. })));
    hear(&office).await;
    assert_eq!(state(&office, 1).await, GIVEN_BACK);
    assert_eq!(stand(&office), [office.mailbox(0).clone()]);
}

#[tokio::test]
async fn no_other_room_is_asked_in_the_place_of_one_that_was_made_to_decline() {
    let office = office().await;
    place_with_swap(&office, 1).await;
    office.run().await;
    office.settle().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Confirmed);
    decline_unheard(&office).await;
    hear(&office).await;
    assert_eq!(state(&office, 1).await, GIVEN_BACK);
    assert_eq!(stand(&office), [office.mailbox(0).clone()]);
}

#[tokio::test]
async fn what_exchange_refuses_leaves_the_reservation_as_it_was() {
    let office = office().await;
    place(&office, 1, 0).await.unwrap();
    office.run().await;
    office.settle().await;
    let denied = ProviderError::Denied {
        context: "the role is missing".to_owned(),
    };
    office.calendars.fail_next(Call::DeclineAsRoom, denied);
    let refused = decline(&office).await.unwrap_err();
    let why = WhyNoDecline::NotPermitted;
    assert!(
        matches!(refused, Error::Booking(BookingError::CannotDecline(told)) if told == why),
        "{refused:?}"
    );
    let as_before = (ReservationState::Confirmed, None);
    assert_eq!(state(&office, 1).await, as_before);
    // And where it is done, it is told at once.
    assert_eq!(
        decline(&office).await.unwrap().state,
        ReservationState::Declined
    );
    assert_eq!(state(&office, 1).await, GIVEN_BACK);
}
