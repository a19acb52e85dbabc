//! Cursors, dirty marks, subscriptions.

use booking::ids::RoomId;
use booking::provider::{SubscriptionId, SyncCursor};
use booking::room::Room;
use booking::time::Instant;
use futures::future::join_all;
use secrecy::{ExposeSecret as _, SecretString};
use store::events::RoomCommit;
use store::outbox::Lease;
use store::sync_state::{KeptSubscription, RoomSync};

use crate::support::{NOW, World, on_both, range};

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
    let commit = RoomCommit {
        room,
        changes: Vec::new(),
        full: Some(range(0, 1_000)),
        cursor: Some(SyncCursor("c".to_owned())),
        synced_at,
        dirty_seen,
    };
    world.store.commit_room_changes(commit).await.unwrap();
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
        world.store.mark_rooms_dirty(&[room.id]).await.unwrap();
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
        lease(world, NOW, 1).await;
        let due = NOW.plus_ms(300);
        store.sync_failed(room.id, "throttled", due).await.unwrap();
        assert_eq!(lease(world, NOW.plus_ms(299), 1).await, []);
        let again = lease(world, due, 1).await.remove(0);
        assert_eq!(again.last_error.as_deref(), Some("throttled"));
        read(world, room.id, again.dirty_seen, due).await;
        assert_eq!(sync(world, &room).await.last_error, None);
        let unknown = RoomId::random(&world.random);
        assert!(store.sync_failed(unknown, "x", due).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn marks_reach_every_named_room_and_stale_rooms_are_marked_once() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(3).await);
        for (at, room) in rooms.iter().enumerate() {
            let seen = sync(world, room).await.dirty_seen;
            read(world, room.id, seen, NOW.plus_ms(at as i64)).await;
        }
        let unknown = RoomId::random(&world.random);
        let named = [rooms[2].id, rooms[2].id, unknown, rooms[0].id];
        store.mark_rooms_dirty(&named).await.unwrap();
        assert_eq!(dirty(world).await, 2);
        let stale = NOW.plus_ms(2);
        assert_eq!(store.mark_stale_rooms_dirty(stale).await.unwrap(), 1);
        assert_eq!(store.mark_stale_rooms_dirty(stale).await.unwrap(), 0);
        let oldest = lease(world, NOW, 1).await.remove(0);
        assert_eq!(oldest.room, rooms[0].id);
    })
    .await;
}

#[tokio::test]
async fn subscriptions_are_known_by_id_and_found_before_they_end() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let subscription = |id: &str, room: &Room, ms| KeptSubscription {
            id: SubscriptionId(id.to_owned()),
            room: room.id,
            expires_at: NOW.plus_ms(ms),
            client_state: SecretString::from(format!("state-{id}")),
        };
        let first = subscription("a", &rooms[0], 100);
        let second = subscription("b", &rooms[1], 50);
        for one in [&first, &second] {
            store.keep_subscription(one, &world.random).await.unwrap();
        }
        let renewed = subscription("a", &rooms[0], 900);
        store
            .keep_subscription(&renewed, &world.random)
            .await
            .unwrap();
        let kept = store.subscription(&first.id).await.unwrap().unwrap();
        assert_eq!(kept.expires_at, NOW.plus_ms(900));
        assert_eq!(kept.client_state.expose_secret(), "state-a");
        assert_eq!(kept.room, rooms[0].id);
        let ending = store.subscriptions_ending(NOW.plus_ms(100), 9).await;
        let ending: Vec<_> = ending.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(ending, std::slice::from_ref(&second.id));
        let at = NOW.plus_ms(50);
        let without = store.rooms_without_subscription(at, 9).await.unwrap();
        assert_eq!(without, [rooms[1].id]);
        store.remove_subscription(&second.id).await.unwrap();
        assert!(store.subscription(&second.id).await.unwrap().is_none());
    })
    .await;
}
