//! Cursors and dirty marks.

use booking::ids::RoomId;
use booking::mirror::{PushTrust, Reading};
use booking::provider::SyncCursor;
use booking::room::Room;
use booking::time::Instant;
use futures::future::join_all;
use store::events::{Learnt, RoomCommit, Taken};
use store::outbox::Lease;
use store::sync_state::{RoomSync, Standing};

use crate::subscriptions::subscription;
use crate::support::{NOW, World, nothing_learnt, on_both, range, to_be_looked_at};

async fn lease(world: &World, now: Instant, limit: u32) -> Vec<RoomSync> {
    let lease = Lease {
        now,
        lease_ms: 1_000,
        limit,
        owner: "test",
    };
    world.store.lease_dirty_rooms(&lease).await.unwrap()
}

async fn read(world: &World, room: RoomId, dirty_seen: i64, synced_at: Instant) {
    let lease = world
        .store
        .room_sync(room)
        .await
        .unwrap()
        .unwrap()
        .lease_until;
    let commit = RoomCommit {
        room,
        changes: Vec::new(),
        full: Some(range(0, 1_000)),
        cursor: Some(SyncCursor("c".to_owned())),
        synced_at,
        dirty_seen,
        lease,
    };
    let look_again = move |taken: Taken| {
        let pause_ms = if taken.is_pushed { 100 } else { 10 };
        to_be_looked_at(synced_at.plus_ms(pause_ms))
    };
    let committed = world.store.commit_room_changes(commit, look_again);
    committed.await.unwrap();
}

/// How many rooms are to be read, by somebody or by nobody yet.
async fn dirty(world: &World) -> usize {
    let syncs = world.store.room_syncs().await.unwrap();
    syncs.iter().filter(|sync| sync.dirty).count()
}

async fn sync(world: &World, room: &Room) -> RoomSync {
    world.store.room_sync(room.id).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_linked_room_is_dirty_from_the_start_and_clean_once_read() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        world.relink(&rooms[1], None).await.unwrap();
        let leased = lease(world, NOW, 9).await;
        assert_eq!(leased.len(), 1, "an unlinked room has nothing to read");
        assert_eq!(leased[0].room, rooms[0].id);
        assert_eq!(leased[0].cursor, None);
        read(world, rooms[0].id, leased[0].dirty_seen, NOW).await;
        let expected = RoomSync {
            room: rooms[0].id,
            cursor: Some(SyncCursor("c".to_owned())),
            window: Some(range(0, 1_000)),
            synced_at: Some(NOW),
            last_error: None,
            dirty_seen: leased[0].dirty_seen,
            dirty: false,
            due_at: Instant(0),
            lease_until: Instant(0),
            notified_at: None,
            standing: Standing::default(),
        };
        assert_eq!(sync(world, &rooms[0]).await, expected);
        assert_eq!(world.store.room_syncs().await.unwrap().len(), 2);
        let unknown = RoomId::random(&world.random);
        assert_eq!(world.store.room_sync(unknown).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_mark_that_comes_while_a_room_is_read_outlives_that_reading() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let seen = lease(world, NOW, 1).await[0].dirty_seen;
        world.store.mark_rooms_dirty(&[room.id], NOW).await.unwrap();
        read(world, room.id, seen, NOW).await;
        let again = lease(world, NOW, 1).await;
        assert_eq!(again.len(), 1);
        read(world, room.id, again[0].dirty_seen, NOW).await;
        assert_eq!(lease(world, NOW, 1).await, []);
        // A late end of the first reading does not bring the mark back.
        read(world, room.id, seen, NOW).await;
        assert!(!sync(world, &room).await.dirty);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_dirty_room_is_leased_to_one_only_until_the_lease_runs_out() {
    on_both(async |world| {
        let rooms = world.rooms(30).await;
        let takers = (0..10).map(|_| lease(world, NOW, 5));
        let mut taken: Vec<_> = join_all(takers)
            .await
            .into_iter()
            .flatten()
            .map(|sync| sync.room)
            .collect();
        taken.extend(lease(world, NOW, 99).await.iter().map(|sync| sync.room));
        taken.sort_unstable();
        let count = taken.len();
        taken.dedup();
        assert_eq!((taken.len(), count), (rooms.len(), rooms.len()));
        assert_eq!(dirty(world).await, 30);
        assert_eq!(lease(world, NOW.plus_ms(1_000), 99).await.len(), 30);
    })
    .await;
}

#[tokio::test]
async fn a_room_that_could_not_be_read_stays_dirty_and_is_tried_when_due() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let leased = lease(world, NOW, 1).await.remove(0).lease_until;
        let due = NOW.plus_ms(300);
        let failed = store.sync_failed(room.id, leased, "throttled", NOW, due);
        assert!(failed.await.unwrap());
        assert_eq!(lease(world, NOW.plus_ms(299), 1).await, []);
        let again = lease(world, due, 1).await.remove(0);
        assert_eq!(again.last_error.as_deref(), Some("throttled"));
        read(world, room.id, again.dirty_seen, due).await;
        assert_eq!(sync(world, &room).await.last_error, None);
    })
    .await;
}

#[tokio::test]
async fn a_reading_that_lost_its_room_brings_nothing_and_one_that_keeps_it_does() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let first = lease(world, NOW, 1).await.remove(0);
        let (before, kept) = (first.lease_until, NOW.plus_ms(5_000));
        assert!(store.prolong_lease(room.id, before, kept).await.unwrap());
        assert!(!store.prolong_lease(room.id, before, kept).await.unwrap());
        assert_eq!(lease(world, NOW.plus_ms(4_999), 1).await, []);
        let commit = |lease| RoomCommit {
            room: room.id,
            changes: Vec::new(),
            full: Some(range(0, 1_000)),
            cursor: Some(SyncCursor("c".to_owned())),
            synced_at: NOW,
            dirty_seen: first.dirty_seen,
            lease,
        };
        let learnt = |_: Taken| much_learnt();
        let late = store.commit_room_changes(commit(before), learnt).await;
        assert_eq!(late.unwrap(), None);
        assert_eq!(
            sync(world, &room).await,
            RoomSync {
                lease_until: kept,
                ..first.clone()
            }
        );
        assert!(
            !store
                .sync_failed(room.id, before, "late", NOW, NOW)
                .await
                .unwrap()
        );
        // Unlinked, or given another mailbox, it starts over.
        world.relink(&room, None).await.unwrap();
        let late = store.commit_room_changes(commit(kept), learnt).await;
        assert_eq!(late.unwrap(), None);
        let state = sync(world, &room).await;
        assert_eq!(
            (state.cursor, state.last_error, state.synced_at),
            (None, None, None)
        );
    })
    .await;
}

/// What one learns of a room whose calendar is odd.
fn much_learnt() -> Learnt {
    Learnt {
        standing: Standing {
            reading: Reading::FreeBusyOnly,
            suspect_since: Some(NOW),
            trust: PushTrust {
                level: 3,
                missed: 2,
            },
            changed_at_seen: Some(NOW.plus_ms(-7)),
            lag: "3,0,1".parse().unwrap(),
        },
        look_at: NOW.plus_ms(70),
        last_error: Some("read in part".to_owned()),
        is_promise_doubted: true,
    }
}

#[tokio::test]
async fn what_a_reading_teaches_is_kept_with_it_and_a_doubted_promise_is_renewed() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        for (id, room) in ["a", "b"].into_iter().zip(&rooms) {
            let promised = subscription(id, room, 1_000);
            let kept = store.keep_subscription(&promised, &world.random);
            assert!(kept.await.unwrap());
        }
        let leased = lease(world, NOW, 2).await;
        let of = |room: &Room| leased.iter().find(|one| one.room == room.id).unwrap();
        let commit = |room: &Room| RoomCommit {
            room: room.id,
            changes: Vec::new(),
            full: None,
            cursor: None,
            synced_at: NOW,
            dirty_seen: of(room).dirty_seen,
            lease: of(room).lease_until,
        };
        let quiet = store.commit_room_changes(commit(&rooms[0]), nothing_learnt);
        quiet.await.unwrap().unwrap();
        let odd = store.commit_room_changes(commit(&rooms[1]), |taken| {
            let expected = Taken {
                changed: 0,
                is_pushed: true,
            };
            assert_eq!(taken, expected);
            much_learnt()
        });
        assert_eq!(odd.await.unwrap().unwrap().learnt, much_learnt());
        let kept = sync(world, &rooms[1]).await;
        assert_eq!(kept.standing, much_learnt().standing);
        assert_eq!(kept.last_error.as_deref(), Some("read in part"));
        let due = async |ms| store.mark_due_rooms_dirty(NOW.plus_ms(ms)).await.unwrap();
        assert_eq!((due(69).await, due(70).await), (1, 1));
        let claim = Lease {
            now: NOW,
            lease_ms: 1_000,
            limit: 9,
            owner: "test",
        };
        let renewed = store.lease_renewals(&claim).await.unwrap();
        let renewed: Vec<_> = renewed.into_iter().map(|one| one.what.room).collect();
        assert_eq!(renewed, [rooms[1].id]);
    })
    .await;
}

#[tokio::test]
async fn a_room_that_fails_for_long_goes_before_nobody() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let failing = lease(world, NOW, 1).await.remove(0);
        let (store, due) = (&world.store, NOW.plus_ms(3_600_000));
        let failed = store.sync_failed(failing.room, failing.lease_until, "slow", NOW, due);
        assert!(failed.await.unwrap());
        let other = rooms.iter().find(|room| room.id != failing.room).unwrap();
        let seen = sync(world, other).await.dirty_seen;
        read(world, other.id, seen, NOW).await;
        let notified = due.plus_ms(-1);
        store
            .mark_rooms_notified(&[other.id], notified)
            .await
            .unwrap();
        assert_eq!(lease(world, due, 1).await[0].room, other.id);
    })
    .await;
}

#[tokio::test]
async fn marks_reach_every_named_room_and_rooms_are_marked_once_when_they_are_due() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(3).await);
        for (at, room) in rooms.iter().enumerate() {
            let seen = sync(world, room).await.dirty_seen;
            read(world, room.id, seen, NOW.plus_ms(at as i64)).await;
        }
        let unknown = RoomId::random(&world.random);
        let named = [rooms[2].id, rooms[2].id, unknown, rooms[0].id];
        store.mark_rooms_dirty(&named, NOW).await.unwrap();
        assert_eq!(dirty(world).await, 2);
        let due = async |ms| store.mark_due_rooms_dirty(NOW.plus_ms(ms)).await.unwrap();
        assert_eq!((due(10).await, due(11).await, due(11).await), (0, 1, 0));
        let oldest = lease(world, NOW, 1).await.remove(0);
        assert_eq!(oldest.room, rooms[0].id);
    })
    .await;
}

#[tokio::test]
async fn a_room_that_notifies_us_is_looked_at_more_rarely_until_its_promise_is_to_be_renewed() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let mut promised = subscription("a", &room, 1_000);
        promised.renew_at = NOW.plus_ms(500);
        store
            .keep_subscription(&promised, &world.random)
            .await
            .unwrap();
        let due_after = async |at: Instant| {
            let seen = sync(world, &room).await.dirty_seen;
            read(world, room.id, seen, at).await;
            let due = async |ms| store.mark_due_rooms_dirty(at.plus_ms(ms)).await.unwrap() == 1;
            (due(10).await, due(100).await)
        };
        assert_eq!(due_after(NOW).await, (false, true));
        // Asked for now, and not done yet.
        store.put_subscription_off(&promised.id, NOW).await.unwrap();
        assert_eq!(due_after(NOW).await, (true, false));
        store
            .put_subscription_off(&promised.id, NOW.plus_ms(500))
            .await
            .unwrap();
        store.drop_subscription(&promised.id).await.unwrap();
        assert_eq!(due_after(NOW).await, (true, false));
    })
    .await;
}

#[tokio::test]
async fn rooms_on_screen_and_announced_ones_go_first_and_nobody_waits_for_ever() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(4).await);
        for room in &rooms {
            let seen = sync(world, room).await.dirty_seen;
            read(world, room.id, seen, NOW).await;
        }
        let ids: Vec<RoomId> = rooms.iter().map(|room| room.id).collect();
        let (old, quiet, announced, shown) = (ids[0], ids[1], ids[2], ids[3]);
        let later = NOW.plus_ms(25 * 60_000);
        store.mark_rooms_dirty(&[old], NOW).await.unwrap();
        store
            .mark_rooms_dirty(&[quiet, shown], later)
            .await
            .unwrap();
        store
            .mark_rooms_notified(&[announced], later)
            .await
            .unwrap();
        let until = later.plus_ms(1_000);
        store.note_looked_at(&[shown, quiet], later).await.unwrap();
        store.note_looked_at(&[shown], until).await.unwrap();
        let mut order = Vec::new();
        for _ in &ids {
            order.push(lease(world, later, 1).await.remove(0).room);
        }
        assert_eq!(order, [old, shown, announced, quiet]);
    })
    .await;
}
