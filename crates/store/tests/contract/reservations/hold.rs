//! Holding a slot.

use booking::ids::{DraftKey, RoomId};
use booking::reservation::ReservationState;
use booking::rules::HOLDS_MAX;
use booking::time::{HOUR_MS, Instant};
use futures::future::join_all;
use store::StoreError;
use store::reservations::{Conflict, HoldOutcome, NewReservation, StateChange};

use crate::support::{NOW, ada, bob, hour, on_both, person};

const ROUNDS: i64 = 50;
const CALLERS: i64 = 12;

/// covers: FX-24
///
/// Looking for a conflict and inserting, without locking the room first, double-books on
/// PostgreSQL in every round of this.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_twelve_overlapping_holds_at_once_exactly_one_wins_in_every_round() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let other = world.another_process().await;
        for round in 0..ROUNDS {
            let day = round * 24 * HOUR_MS;
            let attempts = (0..CALLERS).map(|caller| {
                let someone = person("caller", 100 + caller as u128);
                // Shifted against each other, all over the same minutes.
                let wish = NewReservation {
                    job: Some(world.job(NOW)),
                    ..world.wish(&room, day + caller * 60_000, &someone)
                };
                let store = if caller % 2 == 0 {
                    &world.store
                } else {
                    &other
                };
                let store = store.clone();
                tokio::spawn(async move { store.hold_slot(&wish).await })
            });
            let outcomes = join_all(attempts).await;
            let held = outcomes
                .into_iter()
                .filter(|outcome| {
                    let outcome = outcome.as_ref().unwrap().as_ref().unwrap();
                    matches!(outcome, HoldOutcome::Held(_))
                })
                .count();
            assert_eq!(held, 1, "round {round}");
        }
        let window = booking::TimeRange::new(NOW, NOW.plus_ms(ROUNDS * 24 * HOUR_MS)).unwrap();
        let open = world.store.open_reservations(window).await.unwrap();
        assert_eq!(open.len(), 50);
    })
    .await;
}

/// Fifty at once must queue, not fail: SQLite has a single writer.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_holds_of_different_rooms_at_once_all_succeed() {
    on_both(async |world| {
        let rooms = world.rooms(50).await;
        let attempts = rooms.iter().map(|room| {
            let (store, wish) = (world.store.clone(), world.wish(room, 0, &ada()));
            tokio::spawn(async move { store.hold_slot(&wish).await })
        });
        for outcome in join_all(attempts).await {
            assert!(matches!(outcome.unwrap().unwrap(), HoldOutcome::Held(_)));
        }
    })
    .await;
}

/// covers: FX-24
#[tokio::test]
async fn hold_is_refused_when_the_room_is_taken() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let held = world.held(&room, 0).await;
        for (asking, same_person) in [(ada(), true), (bob(), false)] {
            let wish = world.wish(&room, HOUR_MS - 1, &asking);
            let outcome = world.store.hold_slot(&wish).await.unwrap();
            let conflict = Conflict {
                id: held.id,
                range: hour(0),
                state: ReservationState::Held,
                same_person,
            };
            assert_eq!(outcome, HoldOutcome::Refused(conflict));
            assert_eq!(world.store.reservation(wish.id).await.unwrap(), None);
        }
    })
    .await;
}

#[tokio::test]
async fn holds_that_only_touch_or_are_of_other_rooms_stand_side_by_side() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        for (room, start) in [(0, 0), (0, HOUR_MS), (0, -HOUR_MS), (1, 0)] {
            let held = world.held(&rooms[room], start).await;
            assert_eq!(held.range, hour(start));
            let kept = world.store.reservation(held.id).await.unwrap();
            assert_eq!(kept, Some(held));
        }
    })
    .await;
}

/// Once the calendar was asked after our confirmation, its word counts and not ours.
#[tokio::test]
async fn a_confirmed_reservation_is_in_the_way_only_if_the_calendar_was_asked_before() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let held = world.held(&room, 0).await;
        let confirmed_at = NOW.plus_ms(500);
        let confirmed = StateChange::new(ReservationState::Confirmed, confirmed_at);
        world.store.transition(held.id, &confirmed).await.unwrap();
        let asked = |asked_at: Instant| NewReservation {
            asked_at,
            ..world.wish(&room, 0, &bob())
        };
        assert_eq!(world.hold(&asked(confirmed_at)).await, None);
        let later = asked(confirmed_at.plus_ms(1));
        assert!(world.hold(&later).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn what_is_over_or_undone_is_in_nobodys_way() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        for state in [
            ReservationState::Declined,
            ReservationState::Cancelled,
            ReservationState::Expired,
        ] {
            let held = world.held(&room, 0).await;
            let change = StateChange::new(state, NOW);
            world.store.transition(held.id, &change).await.unwrap();
        }
        world.held(&room, 0).await;
    })
    .await;
}

#[tokio::test]
async fn a_job_and_its_reservation_are_kept_together_or_not_at_all() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let job = world.job(NOW);
        let first = NewReservation {
            job: Some(job.clone()),
            ..world.wish(&room, 0, &ada())
        };
        assert!(world.hold(&first).await.is_some());
        let jobs = world.store.jobs_of(first.id).await.unwrap();
        assert_eq!(jobs[0].id, job.id);
        // A job of the same id cannot be kept: so neither may the reservation.
        let second = NewReservation {
            job: Some(job),
            ..world.wish(&room, HOUR_MS, &ada())
        };
        let error = world.store.hold_slot(&second).await.unwrap_err();
        assert!(matches!(error, StoreError::Driver { .. }), "{error}");
        assert_eq!(world.store.reservation(second.id).await.unwrap(), None);
        // And the failure leaves the slot free and the store in order.
        world.held(&room, HOUR_MS).await;
    })
    .await;
}

#[tokio::test]
async fn a_hold_of_an_unknown_room_is_an_error() {
    on_both(async |world| {
        let mut room = world.rooms(1).await.remove(0);
        room.id = RoomId::random(&world.random);
        let wish = world.wish(&room, 0, &ada());
        let error = world.store.hold_slot(&wish).await.unwrap_err();
        assert!(matches!(error, StoreError::RowsAffected { .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_person_holds_so_many_rooms_for_drafts_and_no_more() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(HOLDS_MAX + 2).await);
        let draft = || DraftKey::random(&world.random);
        // What is on its way to the calendar is no courtesy and is not counted.
        world.held(&rooms[0], HOUR_MS).await;
        let keys: Vec<DraftKey> = rooms[..HOLDS_MAX as usize]
            .iter()
            .map(|_| draft())
            .collect();
        for (key, room) in keys.iter().zip(&rooms) {
            let wish = world.draft_wish(room, 0, &ada(), *key);
            assert!(world.hold(&wish).await.is_some());
        }
        let last = &rooms[HOLDS_MAX as usize];
        let further = world.draft_wish(last, 0, &ada(), draft());
        let outcome = store.hold_slot(&further).await.unwrap();
        assert_eq!(outcome, HoldOutcome::TooMany);
        assert_eq!(store.reservation(further.id).await.unwrap(), None);

        let others = world.draft_wish(last, HOUR_MS, &bob(), draft());
        assert!(world.hold(&others).await.is_some());
        let moved = world.draft_wish(last, 0, &ada(), keys[0]);
        assert!(world.hold(&moved).await.is_some());
        let placed = world.wish(&rooms[0], 0, &ada());
        assert!(world.hold(&placed).await.is_some());
        // Those that lapsed are counted no more, swept or not.
        let later = NewReservation {
            created_at: NOW.plus_ms(120_000),
            ..world.draft_wish(&rooms[HOLDS_MAX as usize + 1], 0, &ada(), draft())
        };
        assert!(world.hold(&later).await.is_some());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_drafts_at_once_no_more_are_held_than_the_limit() {
    on_both(async |world| {
        let rooms = world.rooms(3 * HOLDS_MAX).await;
        world.store.upsert_person(&ada()).await.unwrap();
        let other = world.another_process().await;
        let attempts = rooms.iter().enumerate().map(|(at, room)| {
            let key = DraftKey::random(&world.random);
            let wish = world.draft_wish(room, 0, &ada(), key);
            let store = if at % 2 == 0 { &world.store } else { &other };
            let store = store.clone();
            tokio::spawn(async move { store.hold_slot(&wish).await })
        });
        let mut held = 0;
        for outcome in join_all(attempts).await {
            held += u32::from(outcome.unwrap().unwrap() != HoldOutcome::TooMany);
        }
        assert_eq!(held, HOLDS_MAX);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_people_with_one_drafts_key_at_once_one_holds_and_the_others_are_told_whose_it_is_not()
 {
    on_both(async |world| {
        let rooms = world.rooms(10).await;
        let other = world.another_process().await;
        let key = DraftKey::random(&world.random);
        let mut people = Vec::new();
        for at in 0..rooms.len() {
            let person = person(&format!("p{at}"), 100 + at as u128);
            world.store.upsert_person(&person).await.unwrap();
            people.push(person);
        }
        let attempts = rooms.iter().zip(&people).enumerate();
        let attempts = attempts.map(|(at, (room, person))| {
            let wish = world.draft_wish(room, 0, person, key);
            let store = if at % 2 == 0 { &world.store } else { &other };
            let store = store.clone();
            tokio::spawn(async move { store.hold_slot(&wish).await })
        });
        let outcomes = join_all(attempts).await;
        let mut holders = Vec::new();
        for (outcome, person) in outcomes.into_iter().zip(&people) {
            match outcome.unwrap().unwrap() {
                HoldOutcome::Held(held) => {
                    assert_eq!(held.person.id, person.id);
                    holders.push(person.id);
                }
                outcome => assert_eq!(outcome, HoldOutcome::NotYours),
            }
        }
        assert_eq!(holders.len(), 1);
        let hold = world.store.draft_hold(key).await.unwrap().unwrap();
        assert_eq!(hold.person.id, holders[0]);
    })
    .await;
}
