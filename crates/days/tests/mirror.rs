//! How the mirror of real calendars proves itself, and what it does where only free and busy can be read.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use booking::event::{BusyKind, BusyTime};
use booking::ids::ReservationId;
use booking::mirror::{MirrorState, PolledBecause, Reading, RoomHealth, Watch};
use booking::provider::SyncCursor;
use booking::reservation::ReservationState;
use booking::time::{HOUR_MS, MINUTE_MS};
use days::office::{ADELE, ALEX, PRADEEP, RoomKind, room_address};
use days::outlook::moved_to;
use days::{Meeting, Plan, World, etage};
use engine::sync::sweep_task;
use jiff::civil::date;
use store::events::{BusyChange, Learnt, RoomCommit};
use uuid::Uuid;

async fn open(rooms: Vec<RoomKind>) -> World {
    World::open(Plan {
        rooms,
        ..Plan::default()
    })
    .await
}

async fn health(world: &World, room: usize) -> RoomHealth {
    let engine = world.processes[0].engine();
    engine.room_health(world.rooms[room].id).await.unwrap()
}

/// Every room is compared once.
async fn sweep(world: &World) {
    for _ in &world.rooms {
        sweep_task::run(world.processes[0].engine()).await.unwrap();
    }
}

/// Puts into the mirror of the first room what its calendar does not say.
async fn plant(world: &World, change: BusyChange) {
    let room = world.rooms[0].id;
    let sync = world.store().room_sync(room).await.unwrap().unwrap();
    let planted = RoomCommit {
        room,
        changes: vec![change],
        full: None,
        cursor: sync.cursor,
        synced_at: world.now(),
        dirty_seen: sync.dirty_seen,
        lease: sync.lease_until,
    };
    let learnt = Learnt {
        standing: sync.standing,
        look_at: world.now().plus_ms(HOUR_MS),
        last_error: None,
        is_promise_doubted: false,
    };
    let done = world
        .store()
        .commit_room_changes(planted, move |_| learnt.clone());
    assert!(done.await.unwrap().is_some());
}

#[tokio::test]
async fn a_comparison_finds_nothing_in_whatever_people_put_into_calendars() {
    let mut world = open(RoomKind::READABLE.to_vec()).await;
    let outlook = world.outlook.clone();
    let monday = date(2026, 11, 23);
    for room in 1..=RoomKind::READABLE.len() {
        let room = room_address(room);
        let single = Meeting::at(world.in_minutes(60, 45)).inviting(&room);
        outlook.send(ADELE, &single).await.unwrap();
        let private = Meeting::at(world.in_minutes(300, 20)).inviting(&room);
        outlook.send(PRADEEP, &private.private()).await.unwrap();
        let free = Meeting::at(world.in_minutes(500, 20)).inviting(&room);
        outlook.send(ALEX, &free.shown_as("free")).await.unwrap();
        let away = Meeting::all_day(monday.saturating_add(jiff::Span::new().days(5)), 2);
        outlook.send(ALEX, &away.inviting(&room)).await.unwrap();
        let series = Meeting::at(world.in_minutes(24 * 60, 30)).inviting(&room);
        let series = series.daily(6);
        outlook.send(ADELE, &series).await.unwrap();
        let direct = Meeting::at(world.in_minutes(700, 30));
        outlook.send(room.as_str(), &direct).await.unwrap();
    }
    let meetings = outlook.calendar(ADELE, monday, 20).await;
    let mut of_series = meetings.iter().filter(|one| one.is_of_series);
    let (moved, gone) = (of_series.next().unwrap(), of_series.nth(1).unwrap());
    let later = moved_to(world.in_minutes(26 * 60, 30));
    outlook.change(ADELE, &moved.id, &later).await.unwrap();
    outlook.act(ADELE, &gone.id, "cancel").await.unwrap();
    world.settle().await;
    world.assert_mirror_equals_calendars().await;

    sweep(&world).await;
    for room in 0..world.rooms.len() {
        let checks = health(&world, room).await.checks;
        assert_eq!((checks.count, checks.found), (1, 0), "room {room}");
        assert!(checks.fingerprint.is_some());
    }
    world.end().await;
}

#[tokio::test]
async fn a_comparison_finds_and_mends_what_is_in_the_mirror_alone() {
    let mut world = open(vec![RoomKind::Accepts]).await;
    let room = world.rooms[0].id;
    let meeting = Meeting::at(world.in_minutes(60, 30)).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    world.settle().await;
    let sync = world.store().room_sync(room).await.unwrap().unwrap();
    let made_up = BusyTime {
        event_id: "made up".to_owned(),
        ical_uid: Some("made up".to_owned()),
        series_id: None,
        range: world.in_minutes(600, 30),
        kind: BusyKind::Busy,
        organizer: None,
    };
    plant(&world, BusyChange::Busy(made_up)).await;
    sweep(&world).await;
    let checks = health(&world, 0).await.checks;
    assert_eq!((checks.found, checks.repaired), (1, 1));
    world.assert_mirror_equals_calendars().await;
    let after = world.store().room_sync(room).await.unwrap().unwrap();
    assert_ne!(after.cursor, sync.cursor, "it began with a new cursor");
    let told: Option<SyncCursor> = after.cursor;
    assert!(told.is_some());
    world.end().await;
}

#[tokio::test]
async fn a_reservation_outlives_a_mirror_that_lost_its_event() {
    let mut world = open(vec![RoomKind::Accepts]).await;
    let (adele, room) = (world.people[0].clone(), world.rooms[0].id);
    let (key, when) = (ReservationId(Uuid::from_u128(7)), world.in_minutes(60, 30));
    let engine = world.processes[0].engine().clone();
    etage::place(&engine, &adele, key, room, when)
        .await
        .unwrap();
    world.settle().await;
    let busy = world.store().busy_times_of(room, when).await.unwrap();
    let [mirrored] = busy.as_slice() else {
        panic!("{busy:?}")
    };
    let event_id = mirrored.event_id.clone();
    plant(&world, BusyChange::Gone { event_id }).await;
    engine.note_changes(&[room]).await.unwrap();
    world.settle().await;
    let kept = world.store().reservation(key).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.note), (ReservationState::Confirmed, None));
    // It is compared at once, not a day later.
    sweep(&world).await;
    world.assert_mirror_equals_calendars().await;
    world.end().await;
}

/// covers part of: N-07
#[tokio::test]
async fn a_room_tells_how_long_changes_took_and_until_when_it_is_notified() {
    let mut world = open(vec![RoomKind::Accepts]).await;
    assert_eq!(health(&world, 0).await.lag.samples, 0);
    let meeting = Meeting::at(world.in_minutes(60, 30)).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap();
    world.turn().await;
    let shown = health(&world, 0).await;
    assert!(shown.lag.samples > 0, "{shown:?}");
    assert!(
        shown.lag.p95_ms.is_some_and(|ms| ms <= MINUTE_MS),
        "{shown:?}"
    );
    assert_eq!(shown.notified_at, Some(world.now()));
    assert_eq!(shown.state, MirrorState::InSync);
    let Watch::Pushed { until } = shown.watch else {
        panic!("{shown:?}")
    };
    assert!(until > world.now().plus_ms(24 * HOUR_MS));
    world.end().await;
}

#[tokio::test]
async fn a_room_whose_mailbox_is_on_premises_shows_free_and_busy_and_says_why() {
    let mut world = open(vec![RoomKind::Accepts, RoomKind::OnPremises]).await;
    let meeting = Meeting::at(world.in_minutes(120, 30)).inviting(&room_address(2));
    let id = world.outlook.send(PRADEEP, &meeting).await.unwrap();
    world.settle().await;
    let room = world.rooms[1].id;
    let window = world.in_minutes(0, 24 * 60);
    let busy = world.store().busy_times_of(room, window).await.unwrap();
    assert_eq!(busy.len(), 1, "{busy:?}");
    assert_eq!((&busy[0].organizer, busy[0].kind), (&None, BusyKind::Busy));
    let shown = health(&world, 1).await;
    assert_eq!(shown.reading, Reading::FreeBusyOnly);
    assert_eq!((shown.state, shown.last_error), (MirrorState::InSync, None));
    let Watch::Polled { because, said } = shown.watch else {
        panic!("{:?}", shown.watch)
    };
    assert_eq!(because, PolledBecause::Hybrid);
    assert!(said.is_some_and(|said| said.contains("MailboxNotEnabledForRESTAPI")));

    world.outlook.act(PRADEEP, &id, "cancel").await.unwrap();
    world.settle().await;
    let busy = world.store().busy_times_of(room, window).await.unwrap();
    assert_eq!(busy, []);
    world.end().await;
}
