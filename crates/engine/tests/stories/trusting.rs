//! How true the mirror of each room is, and having it read now.

use std::time::Duration;

use crate::office::{Office, ada, asking, hour};
use booking::ids::{MailboxAddress, RoomId};
use booking::mirror::{AskedOutcome, MirrorState, PolledBecause, Reading, Watch};
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::room::Room;
use booking::rooms_overview::OverviewQuery;
use booking::time::{Clock, MINUTE_MS, SECOND_MS};
use engine::Settings;
use engine::sync::{events_task, subscriptions_task};
use store::outbox::Lease;
use uuid::Uuid;

fn broken() -> ProviderError {
    ProviderError::Bug {
        context: "an answer that makes no sense".to_owned(),
        source: None,
    }
}

/// covers part of: FX-56
#[tokio::test]
async fn every_room_tells_its_mailbox_its_state_and_when_it_was_read_last() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    office.clock.advance_ms(SECOND_MS);
    let before = office.clock.now();
    office.note_all_changes().await;
    office.run().await;
    office.clock.advance_ms(SECOND_MS);
    calendars.fail_next(Call::Changes, broken());
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
    assert!(
        failing
            .last_error
            .as_ref()
            .unwrap()
            .contains("makes no sense")
    );
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
        ProviderError::Denied {
            context: "Access is denied.".to_owned(),
        },
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

/// covers part of: FX-58
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

    calendars.fail_next(Call::Changes, broken());
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
async fn a_room_that_exchange_has_us_leave_alone_is_not_read_sooner_because_somebody_asks() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let room = office.rooms[1].id;
    let throttled = ProviderError::Retry {
        after: Some(Duration::from_secs(300)),
        context: "throttled".to_owned(),
    };
    calendars.fail_next(Call::Changes, throttled);
    engine.note_changes(&[room]).await.unwrap();
    events_task::run(engine).await.unwrap();
    let until = office.clock.now().plus_ms(5 * MINUTE_MS);

    office.clock.advance_ms(MINUTE_MS);
    let asked_before = calendars.calls(Call::Changes);
    for run in [
        engine.sync_room_now(room).await.unwrap(),
        engine.sync_all_now().await.unwrap(),
    ] {
        assert_eq!((run.held, run.held_until), (1, Some(until)));
    }
    events_task::run(engine).await.unwrap();
    assert_eq!(calendars.calls(Call::Changes), asked_before + 2);
    let run = engine.sync_progress(None).await.unwrap().unwrap();
    assert_eq!((run.total, run.done, run.held), (3, 2, 1));
    assert!(!run.is_running());
    let health = engine.room_health(room).await.unwrap();
    assert_eq!(health.held_until, Some(until));
    assert_eq!(health.asked.unwrap().outcome, AskedOutcome::Held);

    office.clock.advance_ms(4 * MINUTE_MS);
    events_task::run(engine).await.unwrap();
    let run = engine.sync_progress(None).await.unwrap().unwrap();
    assert_eq!((run.done, run.held), (3, 0));
    let health = engine.room_health(room).await.unwrap();
    assert_eq!(health.asked.unwrap().outcome, AskedOutcome::Read);
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

/// So many further rooms, linked to mailboxes of their own.
async fn link(office: &Office, count: u128) -> Vec<Room> {
    let further = |number: u128| {
        let mut room = office.rooms[0].clone();
        room.id = RoomId(Uuid::from_u128(0x1000 + number));
        room.number = format!("1.{number}");
        let mailbox = MailboxAddress::parse(&format!("further{number}@contoso.com"));
        room.link.as_mut().unwrap().mailbox = mailbox.unwrap();
        room
    };
    let rooms: Vec<Room> = (0..count).map(further).collect();
    office.engine.store().upsert_rooms(&rooms).await.unwrap();
    office.engine.reload_index().await.unwrap();
    rooms
}

/// covers: FX-57
/// covers part of: FX-53
#[tokio::test]
async fn rooms_that_were_linked_are_read_by_themselves_and_everybody_sees_how_far_that_is() {
    let office = Office::open().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    office.clock.advance_ms(SECOND_MS);
    link(&office, 40).await;
    let totals = async || engine.rooms_health().await.unwrap().totals;
    let before = totals().await;
    assert_eq!(
        (before.rooms, before.waiting, before.in_sync_as_of),
        (43, 40, None)
    );
    for _ in 0..7 {
        let throttled = ProviderError::Retry {
            after: Some(std::time::Duration::from_secs(5)),
            context: "429".to_owned(),
        };
        calendars.fail_next(Call::Changes, throttled);
    }
    events_task::run(engine).await.unwrap();
    let during = totals().await;
    assert_eq!((during.waiting, during.failing, during.in_sync), (0, 7, 36));
    office.clock.advance_ms(5 * SECOND_MS);
    events_task::run(engine).await.unwrap();
    let after = totals().await;
    assert_eq!((after.in_sync, after.failing), (43, 0));
    assert!(after.in_sync_as_of.is_some());
}

#[tokio::test]
async fn a_room_on_screen_is_read_before_those_that_nobody_looks_at() {
    let office = Office::open().await;
    let engine = &office.engine;
    let on_screen = office.rooms[2].id;
    let query = asking(hour(2), 1);
    let checked = engine
        .check_availability(&ada(), &query, &[on_screen])
        .await;
    checked.unwrap();
    office.run().await;
    office.clock.advance_ms(SECOND_MS);
    office.note_all_changes().await;
    let lease = Lease {
        now: office.clock.now(),
        lease_ms: MINUTE_MS,
        limit: 1,
        owner: "test",
    };
    let first = engine.store().lease_dirty_rooms(&lease).await.unwrap();
    assert_eq!(first[0].room, on_screen);
}

/// covers part of: FX-74, FX-75
#[tokio::test]
async fn a_tenant_that_is_disconnected_shows_nothing_and_tells_us_nothing_more() {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    calendars.set_push();
    subscriptions_task::run(engine).await.unwrap();
    assert_eq!(calendars.subscribed().len(), 3);
    let connection = office.rooms[0].link.as_ref().unwrap().connection;
    assert_eq!(engine.disconnect_rooms(connection).await.unwrap(), 3);
    subscriptions_task::run(engine).await.unwrap();
    assert_eq!(calendars.subscribed().len(), 0);
    let read = calendars.calls(Call::Changes);
    office.clock.advance_ms(60 * MINUTE_MS);
    events_task::run(engine).await.unwrap();
    assert_eq!(calendars.calls(Call::Changes), read);
    assert_eq!(engine.rooms_health().await.unwrap().rooms, []);
}

#[tokio::test]
async fn the_table_of_all_rooms_tells_as_of_when_it_is_and_shows_at_once_that_all_are_read() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let engine = &office.engine;
    let admin = ada();
    let link = engine.make_admin_link().await.unwrap();
    engine.use_admin_link(&admin, &link.secret).await.unwrap();
    let table = async || {
        let query = OverviewQuery::default();
        engine.rooms_overview(&admin, &query).await.unwrap()
    };
    let first = table().await;
    assert_eq!((first.totals.failing, first.read_at), (0, first.now));
    calendars.fail_next(Call::Changes, broken());
    engine.note_changes(&[office.rooms[1].id]).await.unwrap();
    events_task::run(engine).await.unwrap();
    office.clock.advance_ms(SECOND_MS / 2);
    let again = table().await;
    assert_eq!((again.totals.failing, again.read_at), (0, first.now));
    assert_eq!(again.now, office.clock.now());
    office.clock.advance_ms(SECOND_MS / 2);
    let later = table().await;
    assert_eq!((later.totals.failing, later.read_at), (1, later.now));
    // By another process, which this one hears nothing from.
    let (now, pause) = (office.clock.now(), office.clock.now().plus_ms(-1));
    let begun = engine.store().begin_sync_run(None, now, pause);
    assert!(begun.await.unwrap());
    let run = table().await.run.unwrap();
    assert_eq!((run.started_at, run.is_running()), (now, true));
    office.clock.advance_ms(1);
    engine.unlink_room(office.rooms[1].id).await.unwrap();
    assert_eq!(table().await.totals.rooms, 2);
}
