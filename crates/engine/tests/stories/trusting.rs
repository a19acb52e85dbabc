//! How true the mirror of each room is, and having it read now.

use crate::office::Office;
use booking::ids::RoomId;
use booking::mirror::{MirrorState, PolledBecause, Reading, Watch};
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::time::{Clock, MINUTE_MS, SECOND_MS};
use engine::Settings;
use engine::sync::{events_task, subscriptions_task};
use uuid::Uuid;

fn refused(context: &str) -> ProviderError {
    ProviderError::Denied {
        context: context.to_owned(),
    }
}

/// covers: FX-56
#[tokio::test]
async fn every_room_tells_its_mailbox_its_state_and_when_it_was_read_last() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let before = office.clock.now();
    office.clock.advance_ms(SECOND_MS);
    calendars.fail_next(Call::Changes, refused("403"));
    let engine = &office.engine;
    engine.note_changes(&[office.rooms[1].id]).await.unwrap();
    events_task::run(engine).await.unwrap();

    let health = engine.rooms_health().await.unwrap();
    let shown: Vec<_> = (health.rooms.iter())
        .map(|room| (room.room, &room.mailbox, room.state, room.in_sync_as_of))
        .collect();
    let row = |at: usize, state| (office.rooms[at].id, office.mailbox(at), state, Some(before));
    assert_eq!(
        shown,
        [
            row(0, MirrorState::InSync),
            row(1, MirrorState::Failing),
            row(2, MirrorState::InSync)
        ]
    );
    let failing = &health.rooms[1];
    assert!(failing.last_error.as_ref().unwrap().contains("403"));
    assert_eq!(failing.failed_at, Some(office.clock.now()));
    assert_eq!(engine.room_health(failing.room).await.unwrap(), *failing);
    let totals = health.totals;
    assert_eq!((totals.rooms, totals.in_sync, totals.failing), (3, 2, 1));
    assert_eq!(totals.in_sync_as_of, Some(before));

    // Nobody reads: what is shown grows old, and says so.
    office.clock.advance_ms(4 * MINUTE_MS);
    let late = engine.room_health(office.rooms[0].id).await.unwrap();
    assert_eq!(late.state, MirrorState::Late);
    let unknown = engine.room_health(RoomId(Uuid::from_u128(9))).await;
    assert_eq!(unknown.unwrap_err().code(), "not_found");
}

#[tokio::test]
async fn a_room_that_is_polled_says_why() {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    let calendars = office.own_faults();
    let because = async || {
        let health = office.engine.rooms_health().await.unwrap();
        let rooms = health.rooms.into_iter();
        let because = rooms.map(|room| match room.watch {
            Watch::Pushed { .. } => None,
            Watch::Polled { because, .. } => Some(because),
        });
        because.collect::<Vec<_>>()
    };
    assert_eq!(because().await, [Some(PolledBecause::Unsupported); 3]);
    calendars.set_push();
    assert_eq!(because().await, [Some(PolledBecause::NotYet); 3]);
    for error in [
        ProviderError::LimitReached {
            context: "1,000 of them".to_owned(),
        },
        refused("Access is denied."),
        ProviderError::NotFound {
            context: "hosted on-premise".to_owned(),
        },
    ] {
        calendars.fail_next(Call::Subscribe, error);
    }
    subscriptions_task::run(&office.engine).await.unwrap();
    let mut told = because().await;
    told.sort_by_key(|one| format!("{one:?}"));
    assert_eq!(
        told,
        [
            Some(PolledBecause::Hybrid),
            Some(PolledBecause::Limit),
            Some(PolledBecause::Permission)
        ]
    );
    office.clock.advance_ms(MINUTE_MS);
    subscriptions_task::run(&office.engine).await.unwrap();
    assert_eq!(because().await, [None; 3]);
}

/// covers: FX-58
#[tokio::test]
async fn all_rooms_are_read_when_somebody_asks_and_everybody_sees_how_far_that_is() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    assert_eq!(engine.sync_progress(None).await.unwrap(), None);
    office.clock.advance_ms(SECOND_MS);
    let run = engine.sync_all_now().await.unwrap();
    assert_eq!((run.total, run.done, run.failed), (3, 0, 0));
    assert!(run.is_running());
    office.clock.advance_ms(SECOND_MS);
    // Who asks meanwhile watches the same.
    assert_eq!(engine.sync_all_now().await.unwrap(), run);

    calendars.fail_next(Call::Changes, refused("403"));
    events_task::run(engine).await.unwrap();
    let over = engine.rooms_health().await.unwrap().run.unwrap();
    assert_eq!((over.total, over.done, over.failed), (3, 2, 1));
    assert!(!over.is_running());

    // What failed is tried at once when somebody asks again.
    office.clock.advance_ms(MINUTE_MS);
    engine.sync_all_now().await.unwrap();
    events_task::run(engine).await.unwrap();
    let over = engine.sync_progress(None).await.unwrap().unwrap();
    assert_eq!((over.total, over.done, over.failed), (3, 3, 0));
}

#[tokio::test]
async fn one_room_is_read_when_somebody_asks_but_not_in_quick_succession() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let room = office.rooms[1].id;
    let asked_before = calendars.calls(Call::Changes);
    for _ in 0..3 {
        office.clock.advance_ms(SECOND_MS);
        engine.sync_room_now(room).await.unwrap();
        events_task::run(engine).await.unwrap();
    }
    assert_eq!(calendars.calls(Call::Changes), asked_before + 1);
    let run = engine.sync_progress(Some(room)).await.unwrap().unwrap();
    assert_eq!((run.room, run.total, run.done), (Some(room), 1, 1));
    let unknown = engine.sync_room_now(RoomId(Uuid::from_u128(9))).await;
    assert_eq!(unknown.unwrap_err().code(), "not_found");
    let health = engine.room_health(room).await.unwrap();
    assert_eq!(health.reading, Reading::Events);
}
