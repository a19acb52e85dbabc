//! What is noted while a state stays.

use booking::reservation::{CalendarFault, ReservationState, StateNote};
use store::reservations::StateChange;

use crate::support::{NOW, on_both};

const WAITING: StateNote = StateNote::CancellationWaiting {
    fault: CalendarFault::Denied,
};

#[tokio::test]
async fn a_remark_stays_until_another_one_or_the_next_state_and_moves_the_room() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let held = world.held(&room, 0).await;
        let before = store.revision().await.unwrap();
        let note = Some(StateNote::SignInAgain);
        assert!(store.remark(&held, note.as_ref()).await.unwrap());
        let changed = store.changed_since(before).await.unwrap();
        assert_eq!(changed.rooms, [room.id]);
        let kept = store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!((kept.note, kept.changed_at), (note, held.changed_at));
        assert!(store.remark(&held, None).await.unwrap());
        let kept = store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!(kept, held);

        store.remark(&held, Some(&WAITING)).await.unwrap();
        let submitted = StateChange::new(ReservationState::Submitted, NOW);
        let submitted = store.transition(held.id, &submitted).await.unwrap();
        assert_eq!(submitted.note, None);
        assert!(!store.remark(&held, Some(&WAITING)).await.unwrap());
        let kept = store.reservation(held.id).await.unwrap();
        assert_eq!(kept, Some(submitted));
    })
    .await;
}

#[tokio::test]
async fn what_is_promised_again_is_kept_with_its_job_or_not_at_all() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let held = world.held(&room, 0).await;
        let (later, job) = (NOW.plus_ms(9), world.job(NOW));
        let again = store.promise_again(&held, &WAITING, later, &job).await;
        assert!(again.unwrap());
        let kept = store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!((kept.note, kept.changed_at), (Some(WAITING), later));
        assert_eq!(store.jobs_of(held.id).await.unwrap()[0].id, job.id);

        let cancelled = StateChange::new(ReservationState::Cancelled, later);
        let cancelled = store.transition(held.id, &cancelled).await.unwrap();
        let job = world.job(NOW);
        let stale = store.promise_again(&held, &WAITING, later, &job).await;
        assert!(!stale.unwrap());
        assert_eq!(store.jobs_of(held.id).await.unwrap().len(), 1);
        let kept = store.reservation(held.id).await.unwrap();
        assert_eq!(kept, Some(cancelled));
    })
    .await;
}
