//! Rooms that say no, and others that are taken in their place because the person asked for that beforehand.

use crate::office::{Office, ada, ben, exactly, hour};
use crate::placing::{key, place, state};
use booking::provider::testing::Call;
use booking::provider::{ProviderError, RoomResponse};
use booking::reservation::{NotMoved, Reservation, ReservationState, StateNote, Swap};
use booking::room::EquipmentSet;
use engine::place_reservation::Wish;

/// Ada books the first room, for so many people, and takes another one if it says no.
pub async fn place_with_swap(office: &Office, people: u32) {
    let wish = Wish {
        subject: "Planning".to_owned(),
        swap: Some(Swap {
            people,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
            asked: Vec::new(),
        }),
        on_behalf: None,
    };
    let (person, when, room) = (ada(), exactly(hour(2)), office.rooms[0].id);
    let engine = &office.engine;
    let placed = engine.place_reservation(&person, key(1), room, &when, wish);
    placed.await.unwrap();
}

/// Somebody in Outlook is quicker, and has that room already.
fn take(office: &Office, room: usize) {
    let mailbox = office.mailbox(room);
    office
        .calendars
        .add_outside(&ben().address, mailbox, hour(2));
    office.calendars.attend();
}

async fn kept(office: &Office) -> Reservation {
    let found = office.engine.store().reservation(key(1)).await;
    found.unwrap().unwrap()
}

/// The rooms of our events that stand, and what their location lines say.
fn ours(office: &Office) -> Vec<(String, String)> {
    let events = office.calendars.events().into_iter();
    events
        .filter(|one| one.reservation.is_some())
        .map(|one| (one.room.to_string(), one.location))
        .collect()
}

async fn settle(office: &Office) {
    for _ in 0..5 {
        office.settle().await;
    }
}

/// covers part of: P-03 (a room that moves or is retired is in `importing.rs`)
#[tokio::test]
async fn a_declined_room_is_swapped_when_that_was_asked_for() {
    let office = Office::open().await;
    place_with_swap(&office, 1).await;
    take(&office, 0);
    office.run().await;
    settle(&office).await;
    let kept = kept(&office).await;
    let note = StateNote::Swapped {
        instead_of: "0.0".to_owned(),
    };
    assert_eq!(
        (kept.state, kept.range, kept.note),
        (ReservationState::Confirmed, hour(2), Some(note))
    );
    // The next best is the smallest that would do; one event all the way, which names it by now.
    assert_eq!(kept.room, office.rooms[1].id);
    let named = (office.mailbox(1).to_string(), "Room 0.1".to_owned());
    assert_eq!(ours(&office), [named]);
}

#[tokio::test]
async fn a_room_that_was_to_take_the_place_and_declines_too_is_followed_by_the_next() {
    let office = Office::open().await;
    place_with_swap(&office, 1).await;
    take(&office, 0);
    office.run().await;
    // The first has answered; the second is promised, and somebody is quicker there too.
    let answers = async || {
        engine::sync::answers_task::run(&office.engine)
            .await
            .unwrap();
    };
    office.calendars.attend();
    office.clock.advance_ms(5_000);
    office.through(5_000, answers).await;
    assert_eq!(kept(&office).await.room, office.rooms[1].id);
    take(&office, 1);
    settle(&office).await;
    let kept = kept(&office).await;
    assert_eq!(
        (kept.state, kept.room),
        (ReservationState::Confirmed, office.rooms[2].id)
    );
    let named = (office.mailbox(2).to_string(), "Room 0.2".to_owned());
    assert_eq!(ours(&office), [named]);
}

/// covers part of: P-03
#[tokio::test]
async fn a_swap_that_finds_nothing_says_so_and_ends() {
    let office = Office::open().await;
    place_with_swap(&office, 10).await;
    // The only other room for ten is taken.
    take(&office, 0);
    take(&office, 2);
    office.run().await;
    settle(&office).await;
    let none = StateNote::NoneInstead { asked: 1 };
    assert_eq!(
        state(&office, 1).await,
        (ReservationState::Declined, Some(none))
    );
    assert_eq!(ours(&office), []);
}

#[tokio::test]
async fn a_declined_room_is_swapped_for_nobody_who_did_not_ask() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    take(&office, 0);
    office.run().await;
    settle(&office).await;
    let declined = (ReservationState::Declined, Some(StateNote::DeclinedByRoom));
    assert_eq!(state(&office, 1).await, declined);
    assert_eq!(ours(&office), []);
}

#[tokio::test]
async fn a_room_that_declines_after_it_had_accepted_is_swapped_too() {
    let office = Office::open().await;
    place_with_swap(&office, 1).await;
    office.run().await;
    settle(&office).await;
    assert_eq!(kept(&office).await.state, ReservationState::Confirmed);
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.answer(number, RoomResponse::Declined);
    settle(&office).await;
    let kept = kept(&office).await;
    assert_eq!(
        (kept.state, kept.room),
        (ReservationState::Confirmed, office.rooms[1].id)
    );
}

#[tokio::test]
async fn a_swap_that_exchange_refuses_goes_on_to_the_next_room_and_not_round_in_a_circle() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    for _ in 0..9 {
        let denied = ProviderError::Denied {
            context: "changing".to_owned(),
        };
        calendars.fail_next(Call::EditEvent, denied);
    }
    place_with_swap(&office, 1).await;
    take(&office, 0);
    office.run().await;
    settle(&office).await;
    settle(&office).await;
    let none = StateNote::NoneInstead { asked: 3 };
    assert_eq!(
        state(&office, 1).await,
        (ReservationState::Declined, Some(none))
    );
    assert_eq!(calendars.calls(Call::EditEvent), 2);
}

#[tokio::test]
async fn a_change_of_what_was_swapped_goes_back_to_the_room_that_took_the_place() {
    let office = Office::open().await;
    place_with_swap(&office, 1).await;
    take(&office, 0);
    office.run().await;
    settle(&office).await;
    assert_eq!(kept(&office).await.room, office.rooms[1].id);
    let (person, room) = (ada(), office.rooms[1].id);
    let later = exactly(hour(5));
    let changed = office
        .engine
        .change_reservation(&person, key(1), room, &later)
        .await;
    changed.unwrap();
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(1), hour(5));
    office.calendars.attend();
    office.run().await;
    settle(&office).await;
    let kept = kept(&office).await;
    let note = StateNote::NotMoved {
        because: NotMoved::Declined,
    };
    assert_eq!(
        (kept.state, kept.room, kept.range, kept.note),
        (
            ReservationState::Confirmed,
            office.rooms[1].id,
            hour(2),
            Some(note)
        )
    );
}

#[tokio::test]
async fn while_exchange_is_silent_no_meeting_is_given_up_for_want_of_a_room() {
    let office = Office::open().await;
    place_with_swap(&office, 1).await;
    take(&office, 0);
    let calendars = office.own_faults();
    for _ in 0..2 {
        let slow = ProviderError::Retry {
            after: None,
            context: "slow".to_owned(),
        };
        calendars.fail_next(Call::BusyTimes, slow);
    }
    office.run().await;
    settle(&office).await;
    let kept = kept(&office).await;
    assert_eq!(
        (kept.state, kept.room),
        (ReservationState::Confirmed, office.rooms[1].id)
    );
}
