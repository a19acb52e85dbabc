//! Rooms that decline when nobody looks any more, and the letter that says so.

use crate::office::{Office, ada, ben, exactly, hour};
use crate::placing::{key, place, state};
use booking::provider::testing::Call;
use booking::provider::{Letter, ProviderError, RoomResponse};
use booking::reservation::{ReservationState, StateNote};
use booking::time::{MINUTE_MS, SECOND_MS};
use engine::Settings;
use engine::sync::driver::run_all_once;

const ORIGIN: &str = "https://rooms.contoso.com";

/// An office that tells people by letter, on a fair day: these stories script what fails themselves.
pub async fn office() -> Office {
    let office = Office::with(Settings {
        letters_origin: Some(ORIGIN.to_owned()),
        ..Settings::default()
    })
    .await;
    office.own_faults();
    office
}

/// Ada books the first room, which accepts.
pub async fn accepted(office: &Office) {
    place(office, 1, 0).await.unwrap();
    office.run().await;
    office.settle().await;
    assert_eq!(state(office, 1).await.0, ReservationState::Confirmed);
}

/// The room of the only event at that time declines after all.
pub async fn decline(office: &Office) {
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.answer(number, RoomResponse::Declined);
    until_declined(office, 1).await;
}

/// The tasks run, and no longer than it takes until the reservation is known as declined.
async fn until_declined(office: &Office, number: u128) {
    for _ in 0..20 {
        office.note_all_changes().await;
        office.run().await;
        if state(office, number).await.0 == ReservationState::Declined {
            return;
        }
        office.clock.advance_ms(3 * SECOND_MS);
    }
    panic!("it was never known as declined");
}

/// A while passes in which letters are gathered and sent.
pub async fn pass(office: &Office) {
    office.clock.advance_ms(11 * SECOND_MS);
    run_all_once(&office.engine).await.unwrap();
}

fn letters(office: &Office) -> Vec<Letter> {
    office.calendars.letters()
}

fn denied() -> ProviderError {
    ProviderError::Denied {
        context: "sending".to_owned(),
    }
}

/// covers part of: P-03, N-01
#[tokio::test]
async fn a_late_decline_is_mailed_once_with_the_next_best() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    let late = (ReservationState::Declined, Some(StateNote::DeclinedLate));
    assert_eq!(state(&office, 1).await, late);
    assert_eq!(letters(&office), []);
    for _ in 0..5 {
        pass(&office).await;
    }
    let sent = letters(&office);
    assert_eq!(sent.len(), 1, "{sent:#?}");
    let Letter { to, subject, text } = &sent[0];
    assert_eq!(*to, ada().address);
    assert_eq!(subject, "Room 0.0 declined: Tue 24 Nov, 12:00–13:00");
    assert!(text.contains("Room 0.0 in Harbour House has declined your reservation"));
    // The event stays with its organizer, and the best are those that are as large.
    assert!(text.contains("still in your calendar"), "{text}");
    let place = format!(
        "- Room 0.1, 8 seats: {ORIGIN}/?building={}&date=2026-11-24&from=12:00&to=13:00&people=4&room={}\n",
        office.rooms[1].building, office.rooms[1].id
    );
    assert!(text.contains(&place), "{text}");
    assert!(text.contains(&format!("{ORIGIN}/reservations")));
    assert_eq!(office.calendars.events().len(), 1);
}

/// covers part of: FX-27 (no subject of a meeting is mailed)
#[tokio::test]
async fn a_letter_tells_nothing_of_the_meeting_itself() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    pass(&office).await;
    let sent = letters(&office);
    let told = format!("{} {}", sent[0].subject, sent[0].text);
    for unsaid in ["Planning", "ada@", "Ada", "room0@"] {
        assert!(!told.contains(unsaid), "{told}");
    }
}

#[tokio::test]
async fn a_mail_that_may_have_gone_is_not_sent_again() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    office.calendars.lose_answer_to_next_letter();
    for _ in 0..20 {
        pass(&office).await;
        office.clock.advance_ms(MINUTE_MS);
    }
    assert_eq!(letters(&office).len(), 1);
}

#[tokio::test]
async fn a_mail_that_a_process_died_over_is_not_sent_again() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    // It noted that it begins, and was heard of no more.
    let store = office.engine.store();
    office.clock.advance_ms(11 * SECOND_MS);
    let begun = store
        .begin_letters(ada().id, office.engine.clock().now())
        .await;
    assert_eq!(begun.unwrap().len(), 1);
    for _ in 0..20 {
        pass(&office).await;
        office.clock.advance_ms(MINUTE_MS);
    }
    assert_eq!(letters(&office), []);
    let jobs = store.jobs_of(key(1)).await.unwrap();
    assert!(jobs.iter().all(|job| job.given_up_at.is_some()), "{jobs:?}");
}

#[tokio::test]
async fn a_mail_that_is_refused_for_certain_goes_later() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    office.calendars.fail_next(Call::SendLetter, denied());
    pass(&office).await;
    assert_eq!(letters(&office), []);
    office.clock.advance_ms(10 * MINUTE_MS);
    pass(&office).await;
    pass(&office).await;
    assert_eq!(letters(&office).len(), 1);
}

#[tokio::test]
async fn without_permission_the_page_still_says_so() {
    let office = office().await;
    accepted(&office).await;
    decline(&office).await;
    for _ in 0..1_000 {
        office.calendars.fail_next(Call::SendLetter, denied());
    }
    for _ in 0..20 {
        pass(&office).await;
        office.clock.advance_ms(5 * MINUTE_MS);
    }
    assert_eq!(letters(&office), []);
    let late = (ReservationState::Declined, Some(StateNote::DeclinedLate));
    assert_eq!(state(&office, 1).await, late);
    // Its time is over, and nobody tries any more.
    office
        .clock
        .advance_ms(hour(2).end().since_ms(office.engine.clock().now()));
    pass(&office).await;
    let jobs = office.engine.store().jobs_of(key(1)).await.unwrap();
    assert!(jobs.iter().all(|job| job.given_up_at.is_some()), "{jobs:?}");
}

/// covers part of: P-03
#[tokio::test]
async fn the_page_offers_rooms_in_the_place_of_one_that_declined_and_of_no_other() {
    let office = Office::open().await;
    office.own_faults();
    accepted(&office).await;
    let offered = async || {
        let found = office.engine.store().reservation(key(1)).await;
        let described = office.engine.describe(found.unwrap().unwrap());
        let offers = described.instead.into_iter();
        offers.map(|offer| offer.number).collect::<Vec<_>>()
    };
    assert_eq!(offered().await, Vec::<String>::new());
    decline(&office).await;
    assert_eq!(offered().await, ["0.1", "0.2"]);
    // Nobody is told by letter who does not want that.
    pass(&office).await;
    assert_eq!(letters(&office), []);
    office
        .clock
        .advance_ms(hour(2).start().since_ms(office.engine.clock().now()));
    assert_eq!(offered().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_room_that_declines_at_once_is_told_on_the_page_alone() {
    let office = office().await;
    place(&office, 1, 0).await.unwrap();
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.calendars.attend();
    office.run().await;
    office.settle().await;
    office.settle().await;
    let at_once = (ReservationState::Declined, Some(StateNote::DeclinedByRoom));
    assert_eq!(state(&office, 1).await, at_once);
    pass(&office).await;
    assert_eq!(letters(&office), []);
}

#[tokio::test]
async fn a_delegate_who_declines_days_later_is_mailed_too() {
    let office = office().await;
    place(&office, 1, 0).await.unwrap();
    office.run().await;
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.answer(number, RoomResponse::Tentative);
    office.clock.advance_ms(90 * MINUTE_MS);
    office.note_all_changes().await;
    office.run().await;
    office.calendars.answer(number, RoomResponse::Declined);
    office.clock.advance_ms(MINUTE_MS);
    office.note_all_changes().await;
    office.run().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Declined);
    pass(&office).await;
    let sent = letters(&office);
    assert_eq!(sent.len(), 1, "{sent:#?}");
    assert!(sent[0].text.contains("is taken out"), "{}", sent[0].text);
}

#[tokio::test]
async fn what_is_declined_together_is_told_in_one_letter() {
    let office = office().await;
    let engine = &office.engine;
    for (number, after) in [(1, 2), (2, 4), (3, 6)] {
        let room = office.rooms[0].id;
        let (person, when) = (ada(), exactly(hour(after)));
        let placed = engine.place_reservation(&person, key(number), room, &when, "Planning");
        placed.await.unwrap();
    }
    office.run().await;
    office.settle().await;
    for after in [2, 4, 6] {
        let number = office.calendars.number_at(hour(after)).unwrap();
        office.calendars.answer(number, RoomResponse::Declined);
    }
    for number in 1..=3 {
        until_declined(&office, number).await;
    }
    for _ in 0..5 {
        pass(&office).await;
    }
    let sent = letters(&office);
    assert_eq!(sent.len(), 1, "{sent:#?}");
    assert_eq!(sent[0].subject, "Rooms declined 3 of your reservations");
    let jobs = engine.store().jobs_of(key(1)).await.unwrap();
    assert_eq!(jobs, []);
}
