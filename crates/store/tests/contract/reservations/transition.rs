//! Changes of state.

use booking::ids::ReservationId;
use booking::reservation::{Reservation, ReservationState, StateNote};
use booking::room::Room;
use futures::future::join;
use store::StoreError;
use store::reservations::{NewReservation, StateChange};

use crate::support::{NOW, World, ada, event, on_both};

use ReservationState::{
    Cancelled, CheckedIn, Confirmed, Declined, Ended, Expired, Held, Released, Submitted,
};

/// A fresh reservation, led into the state.
async fn in_state(world: &World, room: &Room, state: ReservationState) -> Reservation {
    let path: &[ReservationState] = match state {
        Held => &[],
        Submitted => &[Submitted],
        Confirmed => &[Confirmed],
        CheckedIn => &[Confirmed, CheckedIn],
        Ended => &[Confirmed, Ended],
        Declined => &[Declined],
        Cancelled => &[Cancelled],
        Released => &[Confirmed, Released],
        Expired => &[Expired],
    };
    let mut reservation = world.held(room, 0).await;
    for step in path {
        let change = StateChange::new(*step, NOW);
        let outcome = world.store.transition(reservation.id, &change).await;
        reservation = outcome.unwrap();
    }
    assert_eq!(reservation.state, state);
    reservation
}

#[tokio::test]
async fn a_state_changes_as_the_table_allows_and_never_otherwise() {
    on_both(async |world| {
        let pairs: Vec<_> = ReservationState::ALL
            .into_iter()
            .flat_map(|from| ReservationState::ALL.map(|to| (from, to)))
            .filter(|(from, to)| from != to)
            .collect();
        let rooms = world.rooms(pairs.len() as u32).await;
        for ((from, to), room) in pairs.into_iter().zip(&rooms) {
            let before = in_state(world, room, from).await;
            let at = NOW.plus_ms(7);
            let change = StateChange::new(to, at);
            let outcome = world.store.transition(before.id, &change).await;
            let kept = world.store.reservation(before.id).await.unwrap().unwrap();
            if from.may_become(to) {
                assert_eq!((kept.state, kept.changed_at), (to, at), "{from} to {to}");
                assert_eq!(outcome.unwrap(), kept);
            } else {
                assert!(
                    matches!(outcome, Err(StoreError::Transition { from: was, to: wanted, .. })
                        if (was, wanted) == (from, to)),
                    "{from} to {to}: {outcome:?}"
                );
                assert_eq!(kept, before);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_keeps_event_and_reason_and_a_later_event_does_not_replace_it() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let held = world.held(&room, 0).await;
        let submitted = StateChange::new(Submitted, NOW).with_event(event("a"));
        let submitted = store.transition(held.id, &submitted).await.unwrap();
        assert_eq!(submitted.event, Some(event("a")));
        let declined = StateChange::new(Declined, NOW)
            .with_event(event("b"))
            .with_note(StateNote::DeclinedByRoom);
        let declined = store.transition(held.id, &declined).await.unwrap();
        assert_eq!(declined.event, Some(event("a")));
        assert_eq!(declined.note, Some(StateNote::DeclinedByRoom));
    })
    .await;
}

#[tokio::test]
async fn the_same_change_again_changes_nothing_and_keeps_no_second_job() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let held = world.held(&room, 0).await;
        let cancel = |at| StateChange::new(Cancelled, at).with_job(world.job(NOW));
        let first = store.transition(held.id, &cancel(NOW)).await.unwrap();
        let again = cancel(NOW.plus_ms(9)).with_note(StateNote::GoneFromCalendar);
        let again = store.transition(held.id, &again).await.unwrap();
        assert_eq!(again, first);
        assert_eq!(store.jobs_of(held.id).await.unwrap().len(), 1);
    })
    .await;
}

/// The room may answer before our own note that the event was written.
#[tokio::test]
async fn an_event_that_becomes_known_late_is_noted_without_a_change_of_state() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(2).await);
        let confirmed = in_state(world, &rooms[0], Confirmed).await;
        let same = StateChange::new(Confirmed, NOW.plus_ms(5)).with_event(event("a"));
        let kept = store.transition(confirmed.id, &same).await.unwrap();
        assert_eq!(kept.event, Some(event("a")));
        assert_eq!(kept.changed_at, confirmed.changed_at);
        let other = in_state(world, &rooms[1], Confirmed).await;
        assert!(store.attach_event(other.id, &event("b")).await.unwrap());
        assert!(!store.attach_event(other.id, &event("c")).await.unwrap());
        let kept = store.reservation(other.id).await.unwrap().unwrap();
        assert_eq!(kept.event, Some(event("b")));
    })
    .await;
}

#[tokio::test]
async fn a_change_its_job_and_the_job_it_gives_up_are_kept_together_or_not_at_all() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let create = world.job(NOW);
        let wish = NewReservation {
            job: Some(create.clone()),
            ..world.wish(&room, 0, &ada())
        };
        let held = world.hold(&wish).await.unwrap();
        // The new job has the id of one that is there: it cannot be kept, so nothing may be.
        let clash = StateChange::new(Declined, NOW)
            .with_job(create.clone())
            .giving_up(create.id, "denied");
        store.transition(held.id, &clash).await.unwrap_err();
        let kept = store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!(kept, held);
        let jobs = async || store.jobs_of(held.id).await.unwrap();
        assert_eq!(jobs().await[0].given_up_at, None);
        let cancel = world.job(NOW.plus_ms(1));
        let declined = StateChange::new(Declined, NOW)
            .with_job(cancel.clone())
            .giving_up(create.id, "denied");
        store.transition(held.id, &declined).await.unwrap();
        let kept: Vec<_> = (jobs().await.into_iter())
            .map(|job| (job.id, job.given_up_at))
            .collect();
        assert_eq!(kept, [(create.id, Some(NOW)), (cancel.id, None)]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_processes_that_end_a_reservation_differently_one_wins() {
    on_both(async |world| {
        let rooms = world.rooms(20).await;
        let other = world.another_process().await;
        for room in &rooms {
            let id = in_state(world, room, Confirmed).await.id;
            let (cancel, release) = (
                StateChange::new(Cancelled, NOW),
                StateChange::new(Released, NOW),
            );
            let (one, two) = join(
                world.store.transition(id, &cancel),
                other.transition(id, &release),
            )
            .await;
            assert!(one.is_ok() != two.is_ok(), "{one:?} {two:?}");
            let won = one.or(two).unwrap();
            let kept = world.store.reservation(id).await.unwrap();
            assert_eq!(kept, Some(won));
        }
    })
    .await;
}

#[tokio::test]
async fn a_change_of_an_unknown_reservation_is_an_error() {
    on_both(async |world| {
        let unknown = ReservationId::random(&world.random);
        let change = StateChange::new(Confirmed, NOW);
        let error = world.store.transition(unknown, &change).await.unwrap_err();
        assert!(matches!(error, StoreError::RowsAffected { .. }), "{error}");
    })
    .await;
}
