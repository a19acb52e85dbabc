//! The holds of drafts.

use booking::ids::DraftKey;
use booking::reservation::{Origin, ReservationState, StateNote};
use booking::time::HOUR_MS;
use futures::future::join_all;
use store::reservations::{NewReservation, StateChange};

use crate::support::{NOW, ada, bob, hour, on_both};

#[tokio::test]
async fn a_draft_has_one_hold_that_moves_with_it() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let key = DraftKey::random(&world.random);
        let first = world.draft_wish(&rooms[0], 0, &ada(), key);
        let held = world.hold(&first).await.unwrap();
        // Half an hour later in the same room: its own hold is not in the way.
        let moved = world.draft_wish(&rooms[0], HOUR_MS / 2, &ada(), key);
        let moved = world.hold(&moved).await.unwrap();
        assert_eq!((moved.id, moved.range), (held.id, hour(HOUR_MS / 2)));
        let mut elsewhere = world.draft_wish(&rooms[1], HOUR_MS / 2, &ada(), key);
        let expires_at = NOW.plus_ms(999_999);
        elsewhere.origin = Origin::Draft { key, expires_at };
        let elsewhere = world.hold(&elsewhere).await.unwrap();
        assert_eq!((elsewhere.id, elsewhere.room), (held.id, rooms[1].id));
        assert_eq!(elsewhere.origin, Origin::Draft { key, expires_at });
        assert_eq!(elsewhere.created_at, held.created_at);
        let kept = world.store.draft_hold(key).await.unwrap();
        assert_eq!(kept, Some(elsewhere));
        assert!(
            world
                .hold(&world.wish(&rooms[0], 0, &bob()))
                .await
                .is_some()
        );
        assert!(
            world
                .hold(&world.wish(&rooms[1], 0, &bob()))
                .await
                .is_none()
        );
    })
    .await;
}

#[tokio::test]
async fn a_draft_whose_move_is_refused_keeps_the_hold_it_has() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let key = DraftKey::random(&world.random);
        let held = world
            .hold(&world.draft_wish(&rooms[0], 0, &ada(), key))
            .await;
        world.held(&rooms[1], 0).await;
        let refused = world.draft_wish(&rooms[1], 0, &ada(), key);
        assert_eq!(world.hold(&refused).await, None);
        assert_eq!(world.store.draft_hold(key).await.unwrap(), held);
    })
    .await;
}

#[tokio::test]
async fn a_draft_hold_that_lapsed_is_in_nobodys_way_even_before_it_is_swept() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let key = DraftKey::random(&world.random);
        world
            .hold(&world.draft_wish(&room, 0, &ada(), key))
            .await
            .unwrap();
        let at = |ms| NewReservation {
            created_at: NOW.plus_ms(ms),
            ..world.wish(&room, 0, &bob())
        };
        assert_eq!(world.hold(&at(119_999)).await, None);
        assert!(world.hold(&at(120_000)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_hold_is_kept_alive_until_it_has_lapsed() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let key = DraftKey::random(&world.random);
        let wish = world.draft_wish(&room, 0, &ada(), key);
        let held = world.hold(&wish).await.unwrap();
        let (early, late) = (NOW.plus_ms(100_000), NOW.plus_ms(220_000));
        assert!(store.keep_alive(key, early, late).await.unwrap());
        assert_eq!(store.expire_holds(NOW.plus_ms(219_999)).await.unwrap(), []);
        let lapsed = store.keep_alive(key, late, late.plus_ms(1)).await.unwrap();
        assert!(!lapsed, "it may be somebody else's by now");
        let expired = store.expire_holds(late).await.unwrap();
        assert_eq!(expired.len(), 1);
        assert_eq!(expired[0].id, held.id);
        assert_eq!(expired[0].state, ReservationState::Expired);
        assert_eq!(expired[0].note, Some(StateNote::HoldLapsed));
        assert_eq!(store.expire_holds(late).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_hold_of_the_portal_never_lapses() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        world.held(&room, 0).await;
        let expired = world.store.expire_holds(NOW.plus_ms(1 << 40)).await;
        assert_eq!(expired.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_released_draft_frees_the_room_and_may_hold_again() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let key = DraftKey::random(&world.random);
        let wish = world.draft_wish(&room, 0, &ada(), key);
        let held = world.hold(&wish).await.unwrap();
        let released = store.release_draft(key, NOW).await.unwrap().unwrap();
        assert_eq!(released.id, held.id);
        assert_eq!(released.state, ReservationState::Cancelled);
        assert_eq!(store.release_draft(key, NOW).await.unwrap(), None);
        let again = world.draft_wish(&room, 0, &ada(), key);
        assert_ne!(world.hold(&again).await.unwrap().id, held.id);
    })
    .await;
}

/// A draft that was sent has become an event: its slot is then in the draft's own way, too.
#[tokio::test]
async fn a_submitted_draft_is_not_moved_any_more() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let key = DraftKey::random(&world.random);
        let wish = world.draft_wish(&room, 0, &ada(), key);
        let held = world.hold(&wish).await.unwrap();
        let submitted = StateChange::new(ReservationState::Submitted, NOW);
        store.transition(held.id, &submitted).await.unwrap();
        let again = world.draft_wish(&room, 0, &ada(), key);
        assert_eq!(world.hold(&again).await, None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_drafts_that_swap_rooms_do_not_wait_for_each_other_for_ever() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let keys = [
            DraftKey::random(&world.random),
            DraftKey::random(&world.random),
        ];
        for round in 0..40_usize {
            let moves = keys.iter().enumerate().map(|(at, key)| {
                let room = &rooms[(round + at) % 2];
                let start = 2 * HOUR_MS * at as i64;
                let wish = world.draft_wish(room, start, &ada(), *key);
                let store = world.store.clone();
                tokio::spawn(async move { store.hold_slot(&wish).await })
            });
            for outcome in join_all(moves).await {
                outcome.unwrap().unwrap();
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_hold_has_an_age_that_lapsing_does_not_end_and_moving_does() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let key = DraftKey::random(&world.random);
        let at = |room: usize, ms| NewReservation {
            created_at: NOW.plus_ms(ms),
            ..world.draft_wish(&rooms[room], 0, &ada(), key)
        };
        let since = async |room: usize| {
            let (person, room) = (ada().id, rooms[room].id);
            let since = store.draft_held_since(key, person, room, hour(0)).await;
            since.unwrap()
        };
        assert_eq!(since(0).await, None);
        world.hold(&at(0, 0)).await.unwrap();
        world.hold(&at(0, 5)).await.unwrap();
        assert_eq!(since(0).await, Some(NOW));
        assert_eq!(since(1).await, None);
        world.hold(&at(1, 10)).await.unwrap();
        assert_eq!(
            (since(0).await, since(1).await),
            (None, Some(NOW.plus_ms(10)))
        );

        assert_eq!(
            store
                .expire_holds(NOW.plus_ms(120_000))
                .await
                .unwrap()
                .len(),
            1
        );
        world.hold(&at(1, 130_000)).await.unwrap();
        assert_eq!(since(1).await, Some(NOW.plus_ms(10)));
        let other = DraftKey::random(&world.random);
        let others = store.draft_held_since(other, ada().id, rooms[1].id, hour(0));
        assert_eq!(others.await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hold_that_is_kept_alive_while_it_lapses_does_not_end() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        for round in 0..40 {
            let key = DraftKey::random(&world.random);
            let wish = world.draft_wish(&room, round * HOUR_MS, &ada(), key);
            let held = world.hold(&wish).await.unwrap();
            let lapses = NOW.plus_ms(120_000);
            let (keeper, sweeper) = (world.store.clone(), world.store.clone());
            let kept = tokio::spawn(async move {
                let just_before = lapses.plus_ms(-1);
                keeper
                    .keep_alive(key, just_before, lapses.plus_ms(120_000))
                    .await
            });
            let expired = tokio::spawn(async move { sweeper.expire_holds(lapses).await });
            let (kept, expired) = (kept.await.unwrap(), expired.await.unwrap());
            assert_ne!(kept.unwrap(), !expired.unwrap().is_empty(), "{}", held.id);
            world.store.release_draft(key, NOW).await.unwrap();
        }
    })
    .await;
}
