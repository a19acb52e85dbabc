//! What is read of rooms' calendars, over which time, and how often.

use std::time::Duration;

use crate::office::{Office, ada, asking, ben, exactly, hour};
use crate::placing::{key, state};
use booking::ids::RoomId;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::ReservationState;
use booking::rules::HORIZON_DAYS;
use booking::time::{Clock, DAY_MS, HOUR_MS, Instant, SECOND_MS};
use engine::Settings;
use engine::sync::events_task;
use uuid::Uuid;

/// The window of a resumed reading is the one it began with, so it ends earlier than today's would.
#[tokio::test]
async fn a_reservation_on_the_last_day_stands_though_the_reading_began_hours_ago() {
    for window_days in [HORIZON_DAYS, Settings::default().window_days] {
        let settings = Settings {
            window_days,
            ..Settings::default()
        };
        let office = Office::with(settings).await;
        office.clock.advance_ms(12 * HOUR_MS);
        let range = hour(HORIZON_DAYS * 24 + 4);
        let room = office.rooms[0].id;
        let placed = (office.engine)
            .place_reservation(&ada(), key(1), room, &exactly(range), "Planning")
            .await;
        placed.unwrap();
        for _ in 0..3 {
            office.settle().await;
        }
        assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
        if window_days > HORIZON_DAYS {
            let found = office.engine.find_rooms(&ada(), &asking(range, 1), None);
            assert_eq!(found.unwrap().states, "yff");
        }
    }
}

/// Every room is read anew, some seconds later. When that began.
async fn read_all(office: &Office) -> Instant {
    office.clock.advance_ms(3_000);
    let began = office.clock.now();
    office.note_all_changes().await;
    office.run().await;
    began
}

#[tokio::test]
async fn a_reading_that_finds_nothing_new_makes_the_mirror_younger_and_has_nobody_ask_again() {
    let settings = Settings {
        answer_kept_ms: HOUR_MS,
        ..Settings::default()
    };
    let office = Office::with(settings).await;
    let engine = &office.engine;
    let rooms: Vec<RoomId> = office.rooms.iter().map(|room| room.id).collect();
    let check = async || {
        let query = asking(hour(2), 1);
        let checked = engine.check_availability(&ada(), &query, &rooms).await;
        checked.unwrap();
        office.calendars.calls(Call::BusyTimes)
    };
    // Until Exchange's own word is kept, and the mirror stands in for nothing.
    let check_and_read = async || {
        let asked = check().await;
        read_all(&office).await;
        asked
    };
    let asked = office.through(SECOND_MS, check_and_read).await;
    let (_, mut moves) = engine.listen();
    let began = read_all(&office).await;
    assert!(moves.try_recv().is_err());
    assert_eq!(check().await, asked);
    let found = engine
        .find_rooms(&ada(), &asking(hour(2), 1), None)
        .unwrap();
    assert!(found.as_of >= Some(began));

    (office.calendars).add_outside(&ben().address, office.mailbox(1), hour(2));
    office.calendars.attend();
    read_all(&office).await;
    assert_eq!(moves.try_recv().unwrap().rooms, [rooms[1]]);
    assert!(moves.try_recv().is_err());
    assert_eq!(office.through(SECOND_MS, check).await, asked + 1);
}

#[tokio::test]
async fn a_room_that_is_read_for_the_first_time_moves_though_its_calendar_is_empty() {
    let office = Office::open().await;
    let engine = &office.engine;
    let mut fresh = office.rooms[0].clone();
    fresh.id = RoomId(Uuid::from_u128(0x999));
    fresh.number = "0.9".to_owned();
    fresh.link.as_mut().unwrap().mailbox = "room9@contoso.com".parse().unwrap();
    let store = engine.store();
    store
        .upsert_rooms(std::slice::from_ref(&fresh))
        .await
        .unwrap();
    engine.reload_index().await.unwrap();
    let (_, mut moves) = engine.listen();
    office.run().await;
    assert_eq!(moves.try_recv().unwrap().rooms, [fresh.id]);
}

#[tokio::test]
async fn whoever_was_shown_the_mirror_instead_of_exchanges_word_asks_again_when_it_is_read() {
    let office = Office::open().await;
    office.own_faults();
    let engine = &office.engine;
    let room = office.rooms[2].id;
    let slow = ProviderError::Retry {
        after: None,
        context: "slow".to_owned(),
    };
    office.calendars.fail_next(Call::BusyTimes, slow);
    let query = asking(hour(2), 1);
    let checked = engine.check_availability(&ada(), &query, &[room]).await;
    checked.unwrap();
    let (_, mut moves) = engine.listen();
    read_all(&office).await;
    assert_eq!(moves.try_recv().unwrap().rooms, [room]);
    read_all(&office).await;
    assert!(moves.try_recv().is_err());
}

fn silent() -> ProviderError {
    ProviderError::Retry {
        after: None,
        context: "no answer".to_owned(),
    }
}

#[tokio::test]
async fn a_calendar_that_names_a_time_is_asked_again_then_and_no_later() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let asked_before = calendars.calls(Call::Changes);
    for _ in 0..5 {
        let busy = ProviderError::Retry {
            after: Some(Duration::from_secs(3)),
            context: "503".to_owned(),
        };
        calendars.fail_next(Call::Changes, busy);
    }
    engine.note_changes(&[office.rooms[0].id]).await.unwrap();
    for _ in 0..16 {
        events_task::run(engine).await.unwrap();
        office.clock.advance_ms(1_000);
    }
    assert_eq!(calendars.calls(Call::Changes) - asked_before, 6);
}

#[tokio::test]
async fn calendars_that_do_not_answer_are_asked_ever_more_rarely_until_they_do() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let rooms: Vec<RoomId> = office.rooms.iter().map(|room| room.id).collect();
    let asked_before = calendars.calls(Call::Changes);
    // Each of the three rooms fails seven times: at once, and after 2, 6, 14, 30, 62 and 122 seconds.
    for _ in 0..21 {
        calendars.fail_next(Call::Changes, silent());
    }
    engine.note_changes(&rooms).await.unwrap();
    let asked = async |seconds: i64| {
        for _ in 0..seconds {
            events_task::run(engine).await.unwrap();
            engine.catch_up().await.unwrap();
            office.clock.advance_ms(1_000);
        }
        calendars.calls(Call::Changes) - asked_before
    };
    assert_eq!(asked(15).await, 12);
    assert_eq!(asked(167).await, 21);
    assert_eq!(asked(1).await, 24);

    // What fails anew is tried again soon.
    calendars.fail_next(Call::Changes, silent());
    engine.note_changes(&rooms[..1]).await.unwrap();
    assert_eq!(asked(2).await, 25);
    assert_eq!(asked(1).await, 26);
}

/// What stands in the way of reading one event must not keep the others from being read.
#[tokio::test]
async fn a_room_that_is_read_in_part_says_so_until_it_was_read_anew_without() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let room = office.rooms[0].id;
    let sync = async || engine.store().room_sync(room).await.unwrap().unwrap();
    calendars.set_unclear(office.mailbox(0), "1 event (request id r-9)");
    calendars.add_outside(&ben().address, office.mailbox(0), hour(2));
    calendars.attend();
    read_all(&office).await;
    for _ in 0..2 {
        let told = sync().await;
        let words = told.last_error.unwrap();
        assert_eq!(words, "read in part: 1 event (request id r-9)");
        assert!(!told.dirty);
        // What can be read is there, and what comes later says nothing of that event.
        let found = engine.find_rooms(&ada(), &asking(hour(2), 1), None);
        assert_eq!(found.unwrap().states, "bff");
        read_all(&office).await;
    }
    office.clock.advance_ms(3 * DAY_MS);
    read_all(&office).await;
    assert_eq!(sync().await.last_error, None);
}
