//! What time and calendars do to reservations that stand.

use booking::reservation::ReservationState;
use booking::time::HOUR_MS;
use store::reservations::StateChange;

use crate::support::{NOW, hour, on_both};

#[tokio::test]
async fn only_confirmed_reservations_whose_time_is_over_are_over() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let confirmed = world.held(&rooms[0], 0).await;
        world.held(&rooms[1], 0).await;
        let to = StateChange::new(ReservationState::Confirmed, NOW);
        world.store.transition(confirmed.id, &to).await.unwrap();

        let end = confirmed.range.end();
        let from = end.plus_ms(-HOUR_MS);
        let before = world.store.over_reservations(from, end.plus_ms(-1)).await;
        assert!(before.unwrap().is_empty());
        let over = world.store.over_reservations(from, end).await.unwrap();
        assert_eq!(
            over.iter().map(|one| one.id).collect::<Vec<_>>(),
            [confirmed.id]
        );
    })
    .await;
}

/// covers: FX-15
#[tokio::test]
async fn a_reservation_follows_its_event_and_closed_ones_stay() {
    on_both(async |world| {
        let rooms = world.rooms(1).await;
        let held = world.held(&rooms[0], 0).await;
        let before = world.store.revision().await.unwrap();
        let later = hour(3 * HOUR_MS);
        let moved = world.store.move_reservation(&held, later, NOW).await;
        assert_eq!(moved.unwrap().unwrap().range, later);
        let changed = world.store.changed_since(before).await.unwrap();
        assert_eq!(changed.rooms, [rooms[0].id]);

        let cancel = StateChange::new(ReservationState::Cancelled, NOW);
        world.store.transition(held.id, &cancel).await.unwrap();
        let moved = world.store.move_reservation(&held, hour(0), NOW).await;
        assert_eq!(moved.unwrap(), None);
    })
    .await;
}
