//! Whole calendars compared with the mirror.

use crate::office::{Office, ada, asking, ben, hour};
use booking::mirror::{Checks, Fingerprint};
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::time::{Clock, HOUR_MS, MINUTE_MS, SECOND_MS};
use engine::Settings;
use engine::sync::{events_task, sweep_task};

/// An office where all rooms are compared at once, whose rooms are quiet.
async fn quiet() -> Office {
    let office = Office::with(Settings {
        checks_at_once: 3,
        check_every_ms: HOUR_MS,
        ..Settings::default()
    })
    .await;
    office.own_faults();
    // Whatever a hostile day had come in its way is tried again by now.
    office.clock.advance_ms(10 * MINUTE_MS);
    office.run().await;
    office
}

/// An hour later, every room is compared.
async fn sweep(office: &Office) {
    office.clock.advance_ms(HOUR_MS);
    office.run().await;
    office.clock.advance_ms(SECOND_MS);
    sweep_task::run(&office.engine).await.unwrap();
    office.engine.catch_up().await.unwrap();
}

async fn checks(office: &Office, room: usize) -> Checks {
    let room = office.rooms[room].id;
    office.engine.room_health(room).await.unwrap().checks
}

fn states(office: &Office, hours: i64) -> String {
    let found = office
        .engine
        .find_rooms(&ada(), &asking(hour(hours), 1), None);
    found.unwrap().states
}

/// covers part of: N-07
#[tokio::test]
async fn what_the_mirror_missed_or_made_up_is_found_repaired_and_counted() {
    let office = quiet().await;
    let calendars = &office.calendars;
    let hours = 48;
    let stays = calendars.add_outside(&ben().address, office.mailbox(0), hour(hours));
    let goes = calendars.add_outside(&ben().address, office.mailbox(1), hour(hours));
    office.settle().await;
    assert_eq!(states(&office, hours), "bbf");
    // The calendar system never tells of either.
    calendars.remove(goes);
    calendars.keep_silent_about(goes);
    let comes = calendars.add_outside(&ben().address, office.mailbox(2), hour(hours));
    calendars.attend();
    calendars.keep_silent_about(comes);
    office.settle().await;
    assert_eq!(
        states(&office, hours),
        "bbf",
        "the mirror is as it was told"
    );

    let before = checks(&office, 1).await;
    sweep(&office).await;
    assert_eq!(states(&office, hours), "bfb", "{stays}");
    for (room, found) in [(0, 0), (1, 1), (2, 1)] {
        let checks = checks(&office, room).await;
        assert_eq!((checks.found, checks.repaired), (found, found), "{room}");
        assert_eq!(checks.found_at.is_some(), found > 0);
    }
    let after = checks(&office, 1).await;
    assert!(after.count > before.count);
    assert_eq!(after.fingerprint, Some(Fingerprint::of([])));
    let totals = office.engine.rooms_health().await.unwrap().totals;
    assert_eq!((totals.found, totals.repaired), (2, 2));

    sweep(&office).await;
    let totals = office.engine.rooms_health().await.unwrap().totals;
    assert_eq!((totals.found, totals.repaired), (2, 2));
}

#[tokio::test]
async fn a_change_on_its_way_is_nothing_that_was_missed() {
    let office = quiet().await;
    office.clock.advance_ms(HOUR_MS);
    office.run().await;
    office.run().await;
    office.clock.advance_ms(HOUR_MS - MINUTE_MS);
    events_task::run(&office.engine).await.unwrap();
    office.clock.advance_ms(30 * SECOND_MS);
    let checked = checks(&office, 0).await;
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(72));
    office.calendars.attend();
    office.clock.advance_ms(HOUR_MS);
    sweep_task::run(&office.engine).await.unwrap();
    office.engine.catch_up().await.unwrap();
    assert_eq!(states(&office, 72), "bff");
    let after = checks(&office, 0).await;
    assert_eq!(after.count, checked.count + 1);
    assert_eq!(after.found, 0);
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_whole_is_compared_later() {
    let office = quiet().await;
    let before = checks(&office, 0).await;
    office.clock.advance_ms(HOUR_MS);
    events_task::run(&office.engine).await.unwrap();
    office.calendars.fail_next(
        Call::WholeCalendar,
        ProviderError::Retry {
            after: None,
            context: "slow".to_owned(),
        },
    );
    sweep_task::run(&office.engine).await.unwrap();
    assert_eq!(checks(&office, 0).await.count, before.count);
    office.clock.advance_ms(6 * MINUTE_MS);
    events_task::run(&office.engine).await.unwrap();
    sweep_task::run(&office.engine).await.unwrap();
    let after = checks(&office, 0).await;
    assert_eq!(after.count, before.count + 1);
    assert_eq!(after.at, Some(office.clock.now()));
}

#[tokio::test]
async fn a_calendar_that_cannot_be_read_whole_for_long_is_tried_ever_more_rarely() {
    let office = quiet().await;
    let calendars = &office.calendars;
    let before = calendars.calls(Call::WholeCalendar);
    // Rooms are compared every hour.
    for _ in 0..100 {
        for _ in &office.rooms {
            let slow = ProviderError::Retry {
                after: None,
                context: "slow".to_owned(),
            };
            calendars.fail_next(Call::WholeCalendar, slow);
        }
        office.clock.advance_ms(5 * MINUTE_MS);
        events_task::run(&office.engine).await.unwrap();
        sweep_task::run(&office.engine).await.unwrap();
    }
    let tried = calendars.calls(Call::WholeCalendar) - before;
    // After an hour, after 5, 10, 20 and 40 minutes more, and then every hour.
    assert_eq!(tried, office.rooms.len() * 11);
}

#[tokio::test]
async fn what_can_be_read_is_compared_and_repaired_though_one_event_cannot_be_read() {
    let office = quiet().await;
    let (calendars, room) = (&office.calendars, office.mailbox(0));
    let odd = calendars.add_outside(&ben().address, room, hour(48));
    office.settle().await;
    calendars.make_illegible(odd);
    office.settle().await;
    let before = checks(&office, 0).await;
    sweep(&office).await;
    let equal = checks(&office, 0).await;
    assert_eq!((equal.count, equal.found), (before.count + 1, 0));
    assert_eq!(states(&office, 48), "bff", "what was known of it stays");

    let missed = calendars.add_outside(&ben().address, room, hour(50));
    calendars.attend();
    calendars.keep_silent_about(missed);
    sweep(&office).await;
    let repaired = checks(&office, 0).await;
    assert_eq!((repaired.found, repaired.repaired), (1, 1));
    assert_eq!(states(&office, 50), "bff");
    let health = office.engine.room_health(office.rooms[0].id).await.unwrap();
    assert!(health.last_error.unwrap().contains("cannot be read"));
}

#[tokio::test]
async fn a_room_that_somebody_has_read_now_is_compared_too() {
    let office = quiet().await;
    let before = [checks(&office, 1).await, checks(&office, 2).await];
    let room = office.rooms[2].id;
    office.clock.advance_ms(SECOND_MS);
    office.engine.sync_room_now(room).await.unwrap();
    office.run().await;
    assert_eq!(checks(&office, 1).await, before[0]);
    assert_eq!(checks(&office, 2).await.count, before[1].count + 1);
}
