//! Promises to notify us: kept, prolonged, ended, and asked for by one process at a time.

use booking::ids::RoomId;
use booking::provider::SubscriptionId;
use booking::room::Room;
use booking::time::Instant;
use secrecy::{ExposeSecret as _, SecretString};
use store::Store;
use store::outbox::Lease;
use store::subscriptions::KeptSubscription;

use crate::support::{NOW, address, on_both};

/// Of a room, ending so long after now and renewed 20 ms before.
pub(crate) fn subscription(id: &str, room: &Room, ends_ms: i64) -> KeptSubscription {
    KeptSubscription {
        id: SubscriptionId(id.to_owned()),
        room: room.id,
        connection: room.link.as_ref().map(|link| link.connection),
        expires_at: NOW.plus_ms(ends_ms),
        renew_at: NOW.plus_ms(ends_ms - 20),
        client_state: SecretString::from(format!("state-{id}")),
    }
}

#[tokio::test]
async fn subscriptions_are_known_by_id_and_found_before_they_end() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
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
        let due = async |ms| {
            let due = store.lease_renewals(&claim(NOW.plus_ms(ms), 9)).await;
            let due = due.unwrap().into_iter();
            due.map(|one| one.what.id.0).collect::<Vec<_>>()
        };
        assert_eq!(
            (due(29).await, due(30).await),
            (vec![], vec!["b".to_owned()])
        );
        let at = NOW.plus_ms(50);
        let without = store.rooms_without_subscription(at, 9).await.unwrap();
        assert_eq!(without, [rooms[1].id]);
        store.forget_ended_subscriptions(at).await.unwrap();
        assert!(store.subscription(&second.id).await.unwrap().is_none());
        assert!(store.subscription(&first.id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn a_subscription_that_nobody_wants_is_kept_until_it_was_ended() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        for (id, room) in ["a", "b"].into_iter().zip(&rooms) {
            let kept = subscription(id, room, 900);
            store.keep_subscription(&kept, &world.random).await.unwrap();
        }
        world.relink(&rooms[0], None).await.unwrap();
        let (first, second) = (
            subscription("a", &rooms[0], 0),
            subscription("b", &rooms[1], 0),
        );
        store.drop_subscription(&second.id).await.unwrap();
        // Prolonged by somebody who does not know yet.
        store
            .keep_subscription(&second, &world.random)
            .await
            .unwrap();
        let unwanted = async |ms| {
            let now = NOW.plus_ms(ms);
            let unwanted = store.subscriptions_unwanted(now, 9).await.unwrap();
            unwanted.into_iter().map(|one| one.id.0).collect::<Vec<_>>()
        };
        assert_eq!(unwanted(0).await, ["a", "b"]);
        assert!(store.subscription(&first.id).await.unwrap().is_none());
        assert!(
            store
                .lease_renewals(&claim(NOW.plus_ms(999), 9))
                .await
                .unwrap()
                .is_empty()
        );
        let bare = store.rooms_without_subscription(NOW, 9).await.unwrap();
        assert_eq!(bare, [rooms[1].id]);
        store
            .put_subscription_off(&first.id, NOW.plus_ms(5))
            .await
            .unwrap();
        assert_eq!(unwanted(4).await, ["b"]);
        store.remove_subscription(&second.id).await.unwrap();
        assert_eq!(unwanted(5).await, ["a"]);
    })
    .await;
}

fn claim(now: Instant, limit: u32) -> Lease<'static> {
    Lease {
        now,
        lease_ms: 1_000,
        limit,
        owner: "test",
    }
}

#[tokio::test]
async fn rooms_that_cannot_be_subscribed_keep_no_other_from_its_turn() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(5).await);
        let other = world.another_process().await;
        world.relink(&rooms[4], None).await.unwrap();
        let taken = async |store: &Store, ms, limit| {
            let claim = claim(NOW.plus_ms(ms), limit);
            let mut taken = store.lease_rooms_to_subscribe(&claim).await.unwrap();
            taken.sort_by_key(|one| one.what);
            let taken = taken.into_iter();
            taken
                .map(|one| (one.what, one.failures))
                .collect::<Vec<_>>()
        };
        let mut ids: Vec<RoomId> = rooms[..4].iter().map(|room| room.id).collect();
        ids.sort_unstable();
        assert_eq!(taken(store, 0, 2).await, [(ids[0], 0), (ids[1], 0)]);
        for room in &ids[..2] {
            let due_at = NOW.plus_ms(5);
            store.subscribing_failed(*room, due_at).await.unwrap();
        }
        // Nobody takes what somebody else has taken, and those that failed come last.
        assert_eq!(taken(&other, 4, 1).await, [(ids[2], 0)]);
        assert_eq!(taken(store, 5, 2).await, [(ids[0], 1), (ids[3], 0)]);
        assert_eq!(taken(&other, 5, 9).await, [(ids[1], 1)]);
        assert_eq!(taken(store, 6, 9).await, []);
        // One that was left undone is taken again.
        assert_eq!(taken(store, 1_004, 9).await, [(ids[2], 0)]);

        // Another mailbox has refused nothing yet.
        let last = rooms.iter().find(|room| room.id == ids[1]).unwrap();
        let mut link = last.link.clone().unwrap();
        link.mailbox = address("other");
        world.relink(last, Some(&link)).await.unwrap();
        assert_eq!(taken(store, 6, 9).await, [(ids[1], 0)]);
    })
    .await;
}

#[tokio::test]
async fn a_room_has_one_subscription_that_is_wanted_and_any_other_is_kept_to_be_ended() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let other = world.another_process().await;
        let (a, b) = (
            subscription("a", &rooms[0], 900),
            subscription("b", &rooms[0], 950),
        );
        let kept = tokio::join!(
            store.keep_subscription(&a, &world.random),
            other.keep_subscription(&b, &world.random)
        );
        let kept = [kept.0.unwrap(), kept.1.unwrap()];
        assert_ne!(kept[0], kept[1]);
        let (wanted, needless) = if kept[0] { (&a, &b) } else { (&b, &a) };
        assert!(store.subscription(&wanted.id).await.unwrap().is_some());
        assert!(store.subscription(&needless.id).await.unwrap().is_none());
        let unwanted = store.subscriptions_unwanted(NOW, 9).await.unwrap();
        let unwanted: Vec<_> = unwanted.into_iter().map(|one| one.id).collect();
        assert_eq!(unwanted, std::slice::from_ref(&needless.id));
        let claim = claim(NOW, 9);
        let bare = store.lease_rooms_to_subscribe(&claim).await.unwrap();
        assert_eq!(bare.len(), 1);

        // The other room's own, with its left-over: what is handed over takes its place.
        let left_over = subscription("c", &rooms[1], 900);
        assert!(
            store
                .keep_subscription(&left_over, &world.random)
                .await
                .unwrap()
        );
        store.hand_over(rooms[0].id, rooms[1].id).await.unwrap();
        let kept = store.subscription(&wanted.id).await.unwrap().unwrap();
        assert_eq!(kept.room, rooms[1].id);
        assert!(store.subscription(&left_over.id).await.unwrap().is_none());
        store.drop_all_subscriptions().await.unwrap();
        assert!(store.subscription(&wanted.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn of_many_ids_those_are_found_that_are_of_subscriptions_anybody_wants() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(3).await);
        for (id, room) in ["a", "b", "c"].into_iter().zip(&rooms) {
            let kept = subscription(id, room, 900);
            store.keep_subscription(&kept, &world.random).await.unwrap();
        }
        let b = subscription("b", &rooms[1], 900);
        store.drop_subscription(&b.id).await.unwrap();
        let asked = ["c", "made \"up\"", "b", "a"].map(str::to_owned).to_vec();
        let found = store.subscriptions_among(asked).await.unwrap();
        let mut found: Vec<_> = found.into_iter().map(|one| (one.id.0, one.room)).collect();
        found.sort();
        assert_eq!(
            found,
            [("a".to_owned(), rooms[0].id), ("c".to_owned(), rooms[2].id)]
        );
        assert!(
            store
                .subscriptions_among(Vec::new())
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_renewal_is_somebodys_and_one_that_fails_waits_until_it_is_asked_for() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let other = world.another_process().await;
        for (id, room) in ["a", "b"].into_iter().zip(&rooms) {
            let kept = subscription(id, room, 900);
            store.keep_subscription(&kept, &world.random).await.unwrap();
        }
        let taken = async |store: &Store, ms, limit| {
            let claim = claim(NOW.plus_ms(ms), limit);
            let taken = store.lease_renewals(&claim).await.unwrap().into_iter();
            taken
                .map(|one| (one.what.id.0, one.failures))
                .collect::<Vec<_>>()
        };
        let row = |id: &str, failures| (id.to_owned(), failures);
        assert_eq!(taken(store, 880, 1).await, [row("a", 0)]);
        let a = subscription("a", &rooms[0], 900).id;
        store.renewal_failed(&a, NOW.plus_ms(890)).await.unwrap();
        assert_eq!(taken(&other, 889, 9).await, [row("b", 0)]);
        assert_eq!(taken(store, 890, 9).await, [row("a", 1)]);
        store.put_subscription_off(&a, NOW).await.unwrap();
        assert_eq!(taken(store, 890, 9).await, [row("a", 0)]);
        let prolonged = subscription("a", &rooms[0], 5_000);
        assert!(
            store
                .keep_subscription(&prolonged, &world.random)
                .await
                .unwrap()
        );
        assert_eq!(taken(store, 2_000, 9).await, [row("b", 0)]);
    })
    .await;
}
