//! Rooms whose mailboxes are not in the cloud: only when they are taken can be read.

use crate::office::{MORNING, Office, ada, asking, ben, exactly, hour};
use crate::placing::{key, state};
use booking::mirror::{MirrorState, PolledBecause, Reading, Watch};
use booking::reservation::{ReservationState, StateNote};
use booking::room_day::Who;
use booking::time::{HOUR_MS, MINUTE_MS};
use engine::Settings;

async fn hybrid() -> Office {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    office.calendars.set_push();
    let rooms = office.own_faults();
    rooms.set_on_premises(office.mailbox(0), true);
    rooms.add_outside(&ben().address, office.mailbox(0), hour(3));
    office.settle().await;
    office
}

#[tokio::test]
async fn a_room_that_is_not_in_the_cloud_is_shown_as_taken_by_nobody_known_and_says_so() {
    let office = hybrid().await;
    let engine = &office.engine;
    let found = engine.find_rooms(&ada(), &asking(hour(3), 1), None);
    assert_eq!(found.unwrap().states, "bff");
    let room = office.rooms[0].id;
    let busy = engine.store().busy_times_of(room, hour(3)).await.unwrap();
    assert_eq!(busy.len(), 1);
    assert_eq!((&busy[0].organizer, &busy[0].ical_uid), (&None, &None));
    let day = engine.room_day(&ada(), room, MORNING).await.unwrap();
    assert_eq!(day.reading, Reading::FreeBusyOnly);
    assert_eq!(day.meetings[0].who, Who::Unknown);
    let other = office.rooms[1].id;
    let day = engine.room_day(&ada(), other, MORNING).await.unwrap();
    assert_eq!(day.reading, Reading::Events);
    let health = engine.room_health(room).await.unwrap();
    assert_eq!(health.reading, Reading::FreeBusyOnly);
    assert_eq!(health.state, MirrorState::InSync);
    let Watch::Polled { because, .. } = health.watch else {
        panic!("{:?}", health.watch)
    };
    assert_eq!(because, PolledBecause::Hybrid);
    let totals = engine.rooms_health().await.unwrap().totals;
    assert_eq!((totals.free_busy_only, totals.pushed), (1, 2));

    // Moved to the cloud: its events are read again within the hour.
    office.calendars.set_on_premises(office.mailbox(0), false);
    office.clock.advance_ms(HOUR_MS);
    office.run().await;
    let health = engine.room_health(room).await.unwrap();
    assert_eq!(health.reading, Reading::Events);
    let busy = engine.store().busy_times_of(room, hour(3)).await.unwrap();
    assert_eq!(busy.len(), 1);
    assert!(busy[0].organizer.is_some());
}

#[tokio::test]
async fn a_reservation_of_ours_stands_there_as_long_as_something_takes_its_time() {
    let office = hybrid().await;
    let room = office.rooms[0].id;
    let placed = (office.engine)
        .place_reservation(&ada(), key(1), room, &exactly(hour(5)), "Planning")
        .await;
    placed.unwrap();
    for _ in 0..4 {
        office.settle().await;
    }
    assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
    let written = office.calendars.events().len();
    assert_eq!(written, 2);
    // Its organizer takes it back in Outlook.
    office.calendars.remove_between(hour(5));
    office.clock.advance_ms(10 * MINUTE_MS);
    office.settle().await;
    let gone = Some(StateNote::GoneFromCalendar);
    assert_eq!(state(&office, 1).await, (ReservationState::Cancelled, gone));
}

#[tokio::test]
async fn a_room_whose_schedule_cannot_be_read_either_says_so_and_names_nobody() {
    let office = hybrid().await;
    let mailbox = office.mailbox(0);
    office.calendars.set_unreadable(mailbox, true);
    office.settle().await;
    let room = office.rooms[0].id;
    let health = office.engine.room_health(room).await.unwrap();
    assert_eq!(health.state, MirrorState::Failing);
    let error = health.last_error.unwrap();
    assert!(
        error.contains("schedule") && error.contains("5009"),
        "{error}"
    );
    assert!(!error.contains(mailbox.as_str()), "{error}");
    // What is known stays.
    let found = office.engine.find_rooms(&ada(), &asking(hour(3), 1), None);
    assert_eq!(found.unwrap().states, "bff");
}
