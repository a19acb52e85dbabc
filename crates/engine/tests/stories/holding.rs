//! Drafts open in Outlook, and what becomes of them.

use crate::office::{Office, ada, asking, ben, hour};
use booking::BookingError;
use booking::ids::DraftKey;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{ReservationState, StateNote};
use booking::rules::Refusal;
use booking::time::MINUTE_MS;
use engine::Error;
use engine::sync::driver::run_all_once;
use uuid::Uuid;

const DRAFT: DraftKey = DraftKey(Uuid::from_u128(0xd1));

async fn hold(office: &Office, room: usize) -> Result<(), Error> {
    let room = office.rooms[room].id;
    office
        .engine
        .hold(&ada(), DRAFT, room, hour(2))
        .await
        .map(drop)
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
    let room = office.rooms[1].id;
    let refused = office.engine.hold(&ben(), other, room, hour(2)).await;
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
    office.calendars.fail_next(
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
async fn nobody_moves_or_keeps_somebody_elses_hold() {
    let office = Office::open().await;
    hold(&office, 1).await.unwrap();
    let kept = office.engine.keep_hold(&ben(), DRAFT).await;
    assert!(matches!(kept, Err(Error::Booking(BookingError::NotYours))));
    let moved = office
        .engine
        .hold(&ben(), DRAFT, office.rooms[2].id, hour(3))
        .await;
    assert!(matches!(moved, Err(Error::Booking(BookingError::NotYours))));
}
