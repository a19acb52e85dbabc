//! Finding reservations again.

use booking::ids::{DraftKey, ReservationId};
use booking::reservation::{Reservation, ReservationState};
use booking::time::HOUR_MS;
use store::reservations::StateChange;

use crate::support::{NOW, World, ada, bob, event, on_both, range};

fn ids(reservations: &[Reservation]) -> Vec<ReservationId> {
    reservations.iter().map(|one| one.id).collect()
}

async fn change(world: &World, id: ReservationId, change: StateChange) {
    world.store.transition(id, &change).await.unwrap();
}

#[tokio::test]
async fn a_person_sees_their_own_reservations_by_start_from_a_time_on() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let late = world.held(&rooms[0], 5 * HOUR_MS).await;
        let soon = world.held(&rooms[1], HOUR_MS).await;
        let past = world.held(&rooms[0], -HOUR_MS).await;
        world.hold(&world.wish(&rooms[0], 0, &bob())).await.unwrap();
        change(
            world,
            soon.id,
            StateChange::new(ReservationState::Cancelled, NOW),
        )
        .await;
        let hers = world.store.reservations_of(ada().id, NOW).await.unwrap();
        assert_eq!(ids(&hers), [soon.id, late.id]);
        let before = NOW.plus_ms(-1);
        let hers = world.store.reservations_of(ada().id, before).await.unwrap();
        assert_eq!(ids(&hers), [past.id, soon.id, late.id]);
    })
    .await;
}

#[tokio::test]
async fn open_reservations_of_a_window_are_found_for_all_rooms_and_for_one() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let inside = world.held(&rooms[0], 0).await;
        let other_room = world.held(&rooms[1], 0).await;
        world.held(&rooms[0], HOUR_MS).await;
        let closed = world.held(&rooms[0], -HOUR_MS).await;
        change(
            world,
            closed.id,
            StateChange::new(ReservationState::Declined, NOW),
        )
        .await;
        let window = range(-HOUR_MS, HOUR_MS);
        let mut expected = [inside.id, other_room.id];
        expected.sort_by_key(|id| {
            if *id == inside.id {
                rooms[0].id
            } else {
                rooms[1].id
            }
        });
        let open = store.open_reservations(window).await.unwrap();
        assert_eq!(ids(&open), expected);
        let of_room = store.open_reservations_of(rooms[0].id, window).await;
        assert_eq!(ids(&of_room.unwrap()), [inside.id]);
    })
    .await;
}

#[tokio::test]
async fn submitted_reservations_and_draft_holds_await_an_answer() {
    on_both(async |world| {
        let rooms = world.rooms(4).await;
        let submitted = world.held(&rooms[0], 0).await;
        change(
            world,
            submitted.id,
            StateChange::new(ReservationState::Submitted, NOW),
        )
        .await;
        world.held(&rooms[1], 0).await;
        let confirmed = world.held(&rooms[2], 0).await;
        change(
            world,
            confirmed.id,
            StateChange::new(ReservationState::Confirmed, NOW),
        )
        .await;
        let key = DraftKey::random(&world.random);
        let draft = world.draft_wish(&rooms[3], 0, &ada(), key);
        let draft = world.hold(&draft).await.unwrap();
        let awaiting = world.store.awaiting_answer(NOW, 9).await.unwrap();
        let mut expected = [submitted.id, draft.id];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(ids(&awaiting), expected);
        assert_eq!(world.store.awaiting_answer(NOW, 1).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_confirmed_draft_is_asked_about_until_its_event_is_known() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let key = DraftKey::random(&world.random);
        let draft = world.draft_wish(&room, 0, &ada(), key);
        let draft = world.hold(&draft).await.unwrap();
        let confirmed = StateChange::new(ReservationState::Confirmed, NOW);
        change(world, draft.id, confirmed).await;
        let awaiting = async || ids(&store.awaiting_answer(NOW, 9).await.unwrap());
        assert_eq!(awaiting().await, [draft.id]);
        let over = store.awaiting_answer(draft.range.end(), 9).await;
        assert_eq!(over.unwrap(), []);
        assert!(store.attach_event(draft.id, &event("a")).await.unwrap());
        assert_eq!(awaiting().await, []);
    })
    .await;
}
