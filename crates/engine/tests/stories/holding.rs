//! Drafts open in Outlook, and what becomes of them.

use crate::office::{Office, ada, asking, ben, hour};
use booking::BookingError;
use booking::ids::DraftKey;
use booking::person::Person;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{Cancelling, ReservationState, StateNote};
use booking::rules::{HOLD_HOURS_MAX, HOLDS_MAX, Refusal};
use booking::search::{RoomState, When};
use booking::time::{Clock, HOUR_MS, Instant, MINUTE_MS, SECOND_MS, TimeRange};
use engine::Error;
use engine::sync::driver::run_all_once;
use uuid::Uuid;

const DRAFT: DraftKey = DraftKey(Uuid::from_u128(0xd1));

async fn hold(office: &Office, room: usize) -> Result<(), Error> {
    hold_as(office, &ada(), DRAFT, room, hour(2)).await
}

async fn hold_as(
    office: &Office,
    person: &Person,
    draft: DraftKey,
    room: usize,
    range: TimeRange,
) -> Result<(), Error> {
    let room = office.rooms[room].id;
    let engine = &office.engine;
    let hold = async || engine.hold(person, draft, room, range).await.map(drop);
    office.through(2 * SECOND_MS, hold).await
}

async fn only(office: &Office) -> booking::reservation::Reservation {
    let mut mine = office.engine.my_reservations(&ada()).await.unwrap();
    assert_eq!(mine.len(), 1, "{mine:?}");
    mine.remove(0)
}

#[tokio::test]
async fn a_hold_keeps_others_off_and_is_seen_by_them() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    office.engine.catch_up().await.unwrap();
    let found = office
        .engine
        .find_rooms(&ben(), &asking(hour(2), 6), None)
        .unwrap();
    assert_eq!(found.states, "nhf");
    let other = DraftKey(Uuid::from_u128(0xd2));
    let refused = hold_as(&office, &ben(), other, 1, hour(2)).await;
    assert!(matches!(
        refused,
        Err(Error::Booking(BookingError::Refused(reasons))) if reasons == [Refusal::Held { range: hour(2) }]
    ));
}

#[tokio::test]
async fn a_draft_has_one_hold_which_moves_with_it() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    hold(&office, 2).await.unwrap();
    office.engine.catch_up().await.unwrap();
    let found = office
        .engine
        .find_rooms(&ben(), &asking(hour(2), 6), None)
        .unwrap();
    assert_eq!(found.states, "nfh");
    assert_eq!(only(&office).await.room, office.rooms[2].id);
}

#[tokio::test]
async fn a_room_is_never_added_on_the_mirrors_word_alone() {
    let office = Office::open().await;
    office.own_faults().fail_next(
        Call::BusyTimes,
        ProviderError::Retry {
            after: None,
            context: "slow".to_owned(),
        },
    );
    assert!(matches!(
        hold(&office, 1).await,
        Err(Error::Provider { .. })
    ));
    assert!(
        office
            .engine
            .my_reservations(&ada())
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn a_hold_lapses_unless_the_open_pane_keeps_it_alive() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    office.clock.advance_ms(2 * MINUTE_MS);
    let kept = office.engine.keep_hold(&ada(), DRAFT).await.unwrap();
    assert!(kept.is_some());
    office.clock.advance_ms(2 * MINUTE_MS);
    run_all_once(&office.engine).await.unwrap();
    assert_eq!(only(&office).await.state, ReservationState::Held);
    office.clock.advance_ms(MINUTE_MS);
    run_all_once(&office.engine).await.unwrap();
    assert_eq!(only(&office).await.state, ReservationState::Expired);
}

/// covers: WX-01
#[tokio::test]
async fn a_draft_that_was_sent_becomes_the_reservation_the_room_accepted() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    office
        .calendars
        .add_outside(&ada().address, office.mailbox(1), hour(2));
    office.settle().await;
    assert_eq!(only(&office).await.state, ReservationState::Confirmed);
}

/// By its UID the meeting is known again when it is moved in Outlook.
#[tokio::test]
async fn the_event_of_a_draft_becomes_known_though_its_room_confirmed_it_first() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let calendars = &office.calendars;
    let number = calendars.add_outside(&ada().address, office.mailbox(1), hour(2));
    office.settle().await;
    let mine = only(&office).await;
    assert_eq!(mine.state, ReservationState::Confirmed);
    let uid = mine.event.map(|event| event.ical_uid);
    assert_eq!(uid, Some(format!("uid-{number}")));
}

#[tokio::test]
async fn a_draft_whose_room_declined_is_told_plainly() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(1), hour(2));
    office.calendars.attend();
    office
        .calendars
        .add_outside(&ada().address, office.mailbox(1), hour(2));
    office.settle().await;
    let mine = only(&office).await;
    assert_eq!(mine.state, ReservationState::Declined);
    assert_eq!(mine.note, Some(StateNote::DeclinedByRoom));
}

#[tokio::test]
async fn a_drafts_hold_is_given_up_in_outlook_and_nowhere_else() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let held = only(&office).await;
    assert!(!office.engine.describe(held.clone()).can_cancel);
    let refused = office
        .engine
        .cancel_reservation(&ada(), held.id, Cancelling::Whole)
        .await;
    assert!(matches!(
        refused,
        Err(Error::Booking(BookingError::Transition { .. }))
    ));
    assert_eq!(only(&office).await.state, ReservationState::Held);
}

#[tokio::test]
async fn nobody_moves_or_keeps_somebody_elses_hold() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let kept = office.engine.keep_hold(&ben(), DRAFT).await;
    assert!(matches!(kept, Err(Error::Booking(BookingError::NotYours))));
    let moved = hold_as(&office, &ben(), DRAFT, 2, hour(3)).await;
    assert!(matches!(moved, Err(Error::Booking(BookingError::NotYours))));
}

#[tokio::test]
async fn a_person_holds_rooms_for_so_many_drafts_and_no_more() {
    let office = Office::open().await;
    let hold = async |person: Person, draft: u32, slot: u32| {
        let range = hour(2 + i64::from(slot / 3));
        let draft = DraftKey(Uuid::from_u128(u128::from(draft)));
        hold_as(&office, &person, draft, slot as usize % 3, range).await
    };
    for draft in 0..HOLDS_MAX {
        hold(ada(), draft, draft).await.unwrap();
    }
    let refused = hold(ada(), HOLDS_MAX, HOLDS_MAX).await.unwrap_err();
    assert!(matches!(
        refused,
        Error::Booking(BookingError::TooManyHolds { max: HOLDS_MAX })
    ));
    assert!(
        refused
            .to_string()
            .starts_with("You are holding 10 rooms already; ")
    );
    // A swap takes no further room, and others have their own count.
    hold(ada(), 0, HOLDS_MAX).await.unwrap();
    hold(ben(), 100, HOLDS_MAX + 1).await.unwrap();
}

/// Keeps the hold as an open pane does, until it is told that this is over. When that was.
async fn keep_on(office: &Office) -> Instant {
    let until = office.clock.now().plus_ms(12 * HOUR_MS);
    while office.clock.now() < until {
        if office
            .engine
            .keep_hold(&ada(), DRAFT)
            .await
            .unwrap()
            .is_none()
        {
            return office.clock.now();
        }
        office.clock.advance_ms(MINUTE_MS);
    }
    panic!("a hold that is kept alive for ever");
}

#[tokio::test]
async fn an_open_pane_keeps_a_hold_no_further_than_the_room_could_be_booked_anew() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let ended = keep_on(&office).await;
    // The first minute that is further on than a quarter of an hour.
    let late_ms = ended.since_ms(hour(2).start()) - 15 * MINUTE_MS;
    assert!((1..=MINUTE_MS).contains(&late_ms), "{late_ms}");
    assert!(matches!(
        hold(&office, 1).await,
        Err(Error::Booking(BookingError::Refused(reasons))) if reasons == [Refusal::InThePast]
    ));
    office.clock.advance_ms(3 * MINUTE_MS);
    run_all_once(&office.engine).await.unwrap();
    assert_eq!(only(&office).await.state, ReservationState::Expired);
}

#[tokio::test]
async fn a_hold_of_a_forgotten_draft_ends_and_its_pane_cannot_make_it_again() {
    let office = Office::open().await;
    let tomorrow = hour(26);
    let hold = async |room: usize| hold_as(&office, &ada(), DRAFT, room, tomorrow).await;
    hold(1).await.unwrap();
    let made = office.clock.now();
    let ended = keep_on(&office).await;
    assert_eq!(ended, made.plus_ms(i64::from(HOLD_HOURS_MAX) * HOUR_MS));
    for _still_held_then_lapsed in 0..2 {
        assert!(matches!(
            hold(1).await,
            Err(Error::Booking(BookingError::HeldTooLong { .. }))
        ));
        office.clock.advance_ms(3 * MINUTE_MS);
        run_all_once(&office.engine).await.unwrap();
    }
    assert_eq!(only(&office).await.state, ReservationState::Expired);
    // Another room is another thought.
    hold(2).await.unwrap();
}

/// Ada's draft is sent, but Ben was quicker; the room's calendar says that it changed.
async fn sent_in_vain(office: &Office) {
    for person in [ben(), ada()] {
        let room = office.mailbox(1);
        (office.calendars).add_outside(&person.address, room, hour(2));
        office.calendars.attend();
    }
    let room = office.rooms[1].id;
    office.engine.note_changes(&[room]).await.unwrap();
}

/// Outlook closes the pane on Send and tells nobody: the change of the room's calendar does.
#[tokio::test]
async fn a_draft_that_was_declined_is_known_at_once_though_the_pane_seems_open() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    sent_in_vain(&office).await;
    office.run().await;
    let mine = only(&office).await;
    assert_eq!(mine.state, ReservationState::Declined);
    assert_eq!(mine.note, Some(StateNote::DeclinedByRoom));
}

#[tokio::test]
async fn a_question_about_a_sent_draft_that_is_not_answered_is_asked_again_soon() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    sent_in_vain(&office).await;
    for _ in 0..2 {
        let silent = ProviderError::Retry {
            after: None,
            context: "no answer".to_owned(),
        };
        office.own_faults().fail_next(Call::FindEvent, silent);
    }
    for (pause_ms, state) in [
        (0, ReservationState::Held),
        (2 * SECOND_MS, ReservationState::Held),
        (3 * SECOND_MS, ReservationState::Held),
        (SECOND_MS, ReservationState::Declined),
    ] {
        office.clock.advance_ms(pause_ms);
        run_all_once(&office.engine).await.unwrap();
        assert_eq!(only(&office).await.state, state);
    }
}

#[tokio::test]
async fn an_open_pane_costs_exchange_one_question_for_each_change_of_its_room() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let room = office.rooms[1].id;
    let asked = async || {
        for _ in 0..3 {
            let kept = office.engine.keep_hold(&ada(), DRAFT).await;
            assert!(kept.unwrap().is_some());
            office.engine.note_changes(&[room]).await.unwrap();
            office.run().await;
        }
        office.calendars.calls(Call::FindEvent)
    };
    assert_eq!(asked().await, 0);
    let calendars = &office.calendars;
    calendars.add_outside(&ben().address, office.mailbox(1), hour(9));
    assert_eq!(asked().await, 1);
    assert_eq!(only(&office).await.state, ReservationState::Held);
}

#[tokio::test]
async fn a_room_held_for_one_meeting_is_not_called_ones_own_for_the_others() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let calendars = &office.calendars;
    calendars.add_outside(&ben().address, office.mailbox(1), hour(5));
    office.settle().await;
    let mut query = asking(hour(2), 6);
    query.when = When::Exact {
        ranges: vec![hour(2), hour(5)],
    };
    let found = office.engine.find_rooms(&ada(), &query, None).unwrap();
    assert_eq!(found.states, "nbf");
    let room = office.rooms[1].id;
    let known = office.engine.explain(&ada(), &query, &[room]).unwrap();
    assert!(
        matches!(known.rooms[0].answer.refusals[..], [Refusal::Taken { range, .. }] if range == hour(5)),
        "{known:?}"
    );
    let checked = office
        .engine
        .check_availability(&ada(), &query, &[room])
        .await
        .unwrap();
    assert_eq!(checked.rooms[0].answer.state, RoomState::Busy);
}

#[tokio::test]
async fn ones_own_hold_does_not_make_the_room_look_taken_when_the_draft_moves() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    office.engine.catch_up().await.unwrap();
    let later = asking(hour(2).shifted_ms(15 * MINUTE_MS), 6);
    let states = |person: &Person| {
        let found = office.engine.find_rooms(person, &later, None);
        found.unwrap().states
    };
    assert_eq!(
        (states(&ada()), states(&ben())),
        ("nff".into(), "nhf".into())
    );
    let room = office.rooms[1].id;
    let known = office.engine.explain(&ada(), &later, &[room]).unwrap();
    assert_eq!(known.rooms[0].answer.refusals, []);
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_for_a_secret_of_ours_that_has_expired() {
    let office = Office::open().await;
    let refused = ProviderError::ApplicationRefused {
        context: "invalid_client".to_owned(),
    };
    office.own_faults().fail_next(Call::BusyTimes, refused);
    let error = hold(&office, 0).await.unwrap_err();
    assert_eq!(error.code(), "exchange_denied");
    let sentence = error.sentence();
    assert!(sentence.contains("administrator"), "{sentence}");
    assert!(!sentence.contains("Sign in"), "{sentence}");
}
