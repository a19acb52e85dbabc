//! Rooms and their mailboxes.

use booking::ids::RoomId;
use booking::provider::SubscriptionId;
use booking::room::{Room, RoomLink};
use secrecy::SecretString;
use store::StoreError;
use store::events::{BusyChange, RoomCommit};
use store::subscriptions::KeptSubscription;

use crate::support::{NOW, World, address, busy, nothing_learnt, on_both, range};

#[tokio::test]
async fn a_room_comes_back_with_everything_that_is_known_of_it() {
    on_both(async |world| {
        let mut rooms = world.rooms(2).await;
        rooms[1] = Room {
            name: "Aula".to_owned(),
            seats: None,
            step_free: None,
            link: None,
            shape: None,
            ..rooms[1].clone()
        };
        world.store.upsert_rooms(&rooms[1..]).await.unwrap();
        assert_eq!(world.store.rooms().await.unwrap(), rooms);
        for room in &rooms {
            let kept = world.store.room(room.id).await.unwrap();
            assert_eq!(kept.as_ref(), Some(room));
        }
        let unknown = RoomId::random(&world.random);
        assert_eq!(world.store.room(unknown).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_stands_for_one_room_only() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let link = rooms[0].link.clone().unwrap();
        let error = world.relink(&rooms[1], Some(&link)).await.unwrap_err();
        assert!(
            matches!(error, StoreError::MailboxTaken { room } if room == rooms[0].id),
            "{error}"
        );
        world.relink(&rooms[0], None).await.unwrap();
        world.relink(&rooms[1], Some(&link)).await.unwrap();
        let linked = async |room: &Room| world.store.room(room.id).await.unwrap().unwrap().link;
        assert_eq!(linked(&rooms[0]).await, None);
        assert_eq!(linked(&rooms[1]).await, Some(link));
    })
    .await;
}

#[tokio::test]
async fn a_room_with_another_mailbox_forgets_the_former_calendar() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        read_once(world, &room).await;
        let link = RoomLink {
            mailbox: address("other"),
            ..room.link.clone().unwrap()
        };
        world.relink(&room, Some(&link)).await.unwrap();
        let sync = world.store.room_sync(room.id).await.unwrap().unwrap();
        assert_eq!((sync.cursor, sync.synced_at), (None, None));
        assert!(sync.dirty);
        let busy_times = world.store.busy_times_of(room.id, range(-1, 1 << 40)).await;
        assert_eq!(busy_times.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn describing_a_room_again_with_the_same_mailbox_keeps_its_calendar() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        read_once(world, &room).await;
        let renamed = Room {
            name: "Aula".to_owned(),
            ..room.clone()
        };
        world.store.upsert_rooms(&[renamed]).await.unwrap();
        let sync = world.store.room_sync(room.id).await.unwrap().unwrap();
        assert_eq!(sync.synced_at, Some(NOW));
        assert!(!sync.dirty);
    })
    .await;
}

#[tokio::test]
async fn a_mailbox_that_is_handed_over_takes_its_reservations_along() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let (from, to) = (rooms[0].id, rooms[1].id);
        let link = rooms[0].link.clone();
        let held = world.held(&rooms[0], 0).await;
        world.relink(&rooms[1], None).await.unwrap();
        world.store.hand_over(from, to).await.unwrap();
        let linked = async |id| world.store.room(id).await.unwrap().unwrap().link;
        assert_eq!(linked(from).await, None);
        assert_eq!(linked(to).await, link);
        let found = world.store.reservation(held.id).await.unwrap();
        assert_eq!(found.map(|found| found.room), Some(to));
        let sync = world.store.room_sync(to).await.unwrap().unwrap();
        assert!(sync.dirty && sync.cursor.is_none());
        let unknown = RoomId::random(&world.random);
        let error = world.store.hand_over(unknown, to).await.unwrap_err();
        assert!(matches!(error, StoreError::RowsAffected { .. }), "{error}");
        assert_eq!(linked(to).await, link);
    })
    .await;
}

#[tokio::test]
async fn the_promise_to_notify_belongs_to_the_mailbox() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(3).await);
        for room in &rooms {
            let subscription = KeptSubscription {
                id: SubscriptionId(format!("of {}", room.id)),
                room: room.id,
                connection: None,
                expires_at: NOW.plus_ms(100),
                renew_at: NOW.plus_ms(50),
                client_state: SecretString::from("state"),
            };
            let kept = store.keep_subscription(&subscription, &world.random).await;
            kept.unwrap();
        }
        let notified = async |room: &Room| {
            let id = SubscriptionId(format!("of {}", room.id));
            let found = store.subscription(&id).await.unwrap();
            found.map(|found| found.room)
        };
        // The mailbox of the second stood in a calendar that nobody looks at any more.
        store.hand_over(rooms[0].id, rooms[1].id).await.unwrap();
        assert_eq!(notified(&rooms[0]).await, Some(rooms[1].id));
        assert_eq!(notified(&rooms[1]).await, None);
        let mut other = rooms[2].clone();
        other.link.as_mut().unwrap().mailbox = address("other");
        store.upsert_rooms(&[other]).await.unwrap();
        assert_eq!(notified(&rooms[2]).await, None);
        let bare = store.rooms_without_subscription(NOW, 9).await.unwrap();
        assert_eq!(bare, [rooms[2].id]);
    })
    .await;
}

async fn read_once(world: &World, room: &Room) {
    let sync = world.store.room_sync(room.id).await.unwrap().unwrap();
    let commit = RoomCommit {
        room: room.id,
        changes: vec![BusyChange::Busy(busy("a", 0))],
        full: Some(range(-1, 1 << 40)),
        cursor: Some(booking::provider::SyncCursor("c1".to_owned())),
        synced_at: NOW,
        dirty_seen: sync.dirty_seen,
        lease: booking::time::Instant(0),
    };
    world
        .store
        .commit_room_changes(commit, nothing_learnt)
        .await
        .unwrap();
}
