//! Giving a reservation another time or room.

use booking::reservation::{
    Moving, MovingStep, NotMoved, Reservation, ReservationState, StateNote, Swap,
};
use booking::room::Room;
use booking::time::{HOUR_MS, TimeRange};
use futures::future::join_all;
use store::StoreError;
use store::audit::Deed;
use store::outbox::{JobKind, NewJob};
use store::reservations::{
    HoldOutcome, Move, MoveOutcome, MoveWhy, NewReservation, Placed, StateChange,
};

use crate::support::{NOW, World, bob, event, hour, on_both, range};

use ReservationState::{Cancelled, Confirmed, Submitted};

/// Ada's reservation, accepted, with its event.
async fn confirmed(world: &World, room: &Room, start_ms: i64) -> Reservation {
    let held = world.held(room, start_ms).await;
    let change = StateChange::new(Confirmed, NOW).with_event(event(&held.id.to_string()));
    world.store.transition(held.id, &change).await.unwrap()
}

fn to(world: &World, room: &Room, range: TimeRange) -> Move {
    Move {
        room: room.id,
        range,
        now: NOW.plus_ms(5),
        asked_at: NOW.plus_ms(5),
        job: NewJob {
            kind: JobKind::ChangeEvent,
            ..world.job(NOW)
        },
        why: MoveWhy::Asked,
    }
}

async fn moved(world: &World, known: &Reservation, to: &Move) -> Reservation {
    match world.store.move_promised(known, to).await.unwrap() {
        MoveOutcome::Moved(moved) => *moved,
        other => panic!("{other:?}"),
    }
}

fn written(reservation: &Reservation) -> Placed {
    Placed {
        room: reservation.room,
        range: reservation.range,
        moving: reservation.moving.map(|moving| Moving {
            step: MovingStep::Written,
            ..moving
        }),
        note: None,
        at: NOW.plus_ms(6),
        job: None,
    }
}

#[tokio::test]
async fn a_reservation_is_moved_together_with_the_job_that_tells_of_it() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let known = confirmed(world, &rooms[0], 0).await;
        let before = world.store.revision().await.unwrap();
        let there = to(world, &rooms[1], hour(HOUR_MS));
        let moved = moved(world, &known, &there).await;
        let audit = world.store.audit_of(known.id).await.unwrap();
        let last = audit.last().map(|line| (line.deed, line.who, line.room));
        let who = Some(known.person.id);
        assert_eq!(last, Some((Deed::Changed, who, rooms[1].id)));
        let from = Moving {
            room: known.room,
            range: known.range,
            step: MovingStep::Promised,
        };
        let wanted = Reservation {
            room: rooms[1].id,
            range: hour(HOUR_MS),
            state: Submitted,
            moving: Some(from),
            changed_at: there.now,
            ..known.clone()
        };
        assert_eq!(moved, wanted);
        let kept = world.store.reservation(known.id).await.unwrap();
        assert_eq!(kept, Some(wanted));
        let jobs = world.store.jobs_of(known.id).await.unwrap();
        let jobs: Vec<_> = jobs.iter().map(|job| (job.id, job.kind)).collect();
        assert_eq!(jobs, [(there.job.id, JobKind::ChangeEvent)]);
        let mut changed = world.store.changed_since(before).await.unwrap().rooms;
        changed.sort_unstable();
        let mut both = vec![rooms[0].id, rooms[1].id];
        both.sort_unstable();
        assert_eq!(changed, both);
        // Its new place is nobody else's; of its old one the calendar knows.
        let wish = |room, start_ms| world.wish(room, start_ms, &bob());
        assert!(world.hold(&wish(&rooms[1], HOUR_MS)).await.is_none());
        assert!(world.hold(&wish(&rooms[0], 0)).await.is_some());
    })
    .await;
}

#[tokio::test]
async fn a_reservation_is_in_its_own_way_never_and_in_others_always() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let known = confirmed(world, &room, 0).await;
        let other = world.wish(&room, 2 * HOUR_MS, &bob());
        let other = world.hold(&other).await.unwrap();
        let quarter_ms = HOUR_MS / 4;
        let taken = range(quarter_ms, 2 * HOUR_MS + quarter_ms);
        let there = to(world, &room, taken);
        let refused = world.store.move_promised(&known, &there);
        let MoveOutcome::Refused(conflict) = refused.await.unwrap() else {
            panic!("somebody else has it then")
        };
        assert_eq!((conflict.id, conflict.same_person), (other.id, false));
        let kept = world.store.reservation(known.id).await.unwrap();
        assert_eq!(kept.as_ref(), Some(&known));
        assert!(world.store.jobs_of(known.id).await.unwrap().is_empty());

        let later = range(quarter_ms, HOUR_MS + quarter_ms);
        moved(world, &known, &to(world, &room, later)).await;
        // While that is not answered, nothing else is asked for, by whoever knows it or does not.
        let there = to(world, &room, hour(9 * HOUR_MS));
        let kept = world.store.reservation(known.id).await.unwrap().unwrap();
        for known in [&known, &kept] {
            let again = world.store.move_promised(known, &there).await.unwrap();
            assert_eq!(again, MoveOutcome::Meanwhile);
        }
    })
    .await;
}

#[tokio::test]
async fn what_has_no_event_yet_or_is_over_is_not_moved() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let there = to(world, &room, hour(9 * HOUR_MS));
        let held = world.held(&room, 0).await;
        let cancelled = confirmed(world, &room, 3 * HOUR_MS).await;
        let change = StateChange::new(Cancelled, NOW);
        let closed = world.store.transition(cancelled.id, &change).await.unwrap();
        for known in [held, cancelled, closed] {
            let outcome = world.store.move_promised(&known, &there).await.unwrap();
            assert_eq!(outcome, MoveOutcome::Meanwhile, "{known:?}");
        }
    })
    .await;
}

/// covers part of: FX-24 (placing is elsewhere)
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_that_move_to_one_slot_or_hold_it_at_once_one_wins_in_every_round() {
    const ROUNDS: i64 = 20;
    on_both(async |world| {
        let rooms = world.rooms(5).await;
        let other = world.another_process().await;
        for round in 0..ROUNDS {
            let day = round * 24 * HOUR_MS;
            let slot = day + 12 * HOUR_MS;
            let mut attempts = Vec::new();
            for (at, room) in rooms[1..].iter().enumerate() {
                let known = confirmed(world, room, day).await;
                let there = to(world, &rooms[0], hour(slot));
                let store = if at % 2 == 0 { &world.store } else { &other };
                let store = store.clone();
                attempts.push(tokio::spawn(async move {
                    let outcome = store.move_promised(&known, &there).await;
                    matches!(outcome.unwrap(), MoveOutcome::Moved(_))
                }));
                let wish = world.wish(&rooms[0], slot + 60_000, &bob());
                let store = world.store.clone();
                attempts.push(tokio::spawn(async move {
                    let outcome = store.hold_slot(&wish).await;
                    matches!(outcome.unwrap(), HoldOutcome::Held(_))
                }));
            }
            let won = join_all(attempts).await.into_iter();
            let won = won.filter(|outcome| *outcome.as_ref().unwrap()).count();
            assert_eq!(won, 1, "round {round}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_that_change_rooms_with_each_other_do_not_wait_for_ever() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        for round in 0..20 {
            let day = round * 24 * HOUR_MS;
            let pair = [
                (confirmed(world, &rooms[0], day).await, &rooms[1]),
                (confirmed(world, &rooms[1], day).await, &rooms[0]),
            ];
            let both = pair.map(|(known, room)| {
                let there = to(world, room, hour(day + 5 * HOUR_MS));
                let store = world.store.clone();
                tokio::spawn(async move { store.move_promised(&known, &there).await })
            });
            for outcome in join_all(both).await {
                let outcome = outcome.unwrap().unwrap();
                assert!(matches!(outcome, MoveOutcome::Moved(_)), "{outcome:?}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn how_far_a_change_is_is_noted_only_by_who_knew_how_far_it_was() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let store = &world.store;
        let known = confirmed(world, &rooms[0], 0).await;
        let promised = moved(world, &known, &to(world, &rooms[1], hour(HOUR_MS))).await;
        // Whoever decided on what was there before is too late.
        let ended = StateChange::new(Confirmed, NOW).decided_on(&known);
        let late = store.transition(known.id, &ended).await;
        assert!(
            matches!(late, Err(StoreError::Transition { .. })),
            "{late:?}"
        );
        let followed = store.move_reservation(&known, hour(7 * HOUR_MS), NOW).await;
        assert_eq!(followed.unwrap(), None);

        let next = store.place_moving(&promised, &written(&promised)).await;
        let next = next.unwrap().unwrap();
        let steps = |one: &Reservation| one.moving.map(|moving| moving.step);
        assert_eq!(steps(&next), Some(MovingStep::Written));
        let again = store.place_moving(&promised, &written(&promised)).await;
        assert_eq!(again.unwrap(), None);

        let note = Some(StateNote::NotMoved {
            because: NotMoved::Declined,
        });
        let job = NewJob {
            kind: JobKind::ChangeEvent,
            ..world.job(NOW)
        };
        let back = Placed {
            room: known.room,
            range: known.range,
            moving: Some(Moving {
                room: next.room,
                range: next.range,
                step: MovingStep::TakenBack,
            }),
            note: note.clone(),
            at: NOW.plus_ms(7),
            job: Some(job),
        };
        let back = store.place_moving(&next, &back).await.unwrap().unwrap();
        assert_eq!(
            (back.room, back.range, &back.note),
            (known.room, known.range, &note)
        );
        assert_eq!(store.jobs_of(known.id).await.unwrap().len(), 2);
        let accepted = StateChange::new(Confirmed, NOW.plus_ms(8)).decided_on(&back);
        let accepted = store.transition(known.id, &accepted).await.unwrap();
        assert_eq!((accepted.state, accepted.moving), (Confirmed, None));
    })
    .await;
}

#[tokio::test]
async fn an_event_that_is_moved_in_outlook_ends_what_was_being_changed() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let known = confirmed(world, &room, 0).await;
        let promised = moved(world, &known, &to(world, &room, hour(HOUR_MS))).await;
        let later = hour(7 * HOUR_MS);
        let followed = world.store.move_reservation(&promised, later, NOW).await;
        let followed = followed.unwrap().unwrap();
        assert_eq!((followed.range, followed.moving), (later, None));
    })
    .await;
}

#[tokio::test]
async fn a_reservation_keeps_what_is_to_be_taken_instead_and_a_swap_may_follow_upon_a_swap() {
    on_both(async |world| {
        let rooms = world.rooms(3).await;
        let wanted = Swap {
            people: 4,
            equipment: rooms[0].equipment,
            step_free: true,
            asked: Vec::new(),
        };
        let wish = NewReservation {
            swap: Some(wanted.clone()),
            ..world.wish(&rooms[0], 0, &bob())
        };
        let held = world.hold(&wish).await.unwrap();
        let kept = world.store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!(
            (held.swap.as_ref(), kept.swap.as_ref()),
            (Some(&wanted), Some(&wanted))
        );
        let stands = StateChange::new(Submitted, NOW).with_event(event("e"));
        let mut known = world.store.transition(held.id, &stands).await.unwrap();
        let note = StateNote::Swapped {
            instead_of: "1".to_owned(),
        };
        for room in &rooms[1..] {
            let tried = Swap {
                asked: vec![known.room, room.id],
                ..wanted.clone()
            };
            let there = Move {
                why: MoveWhy::Swap(tried.clone(), note.clone()),
                ..to(world, room, hour(0))
            };
            let next = moved(world, &known, &there).await;
            assert_eq!(next.moving.map(|moving| moving.room), Some(known.room));
            assert_eq!(
                (next.room, next.swap.as_ref(), next.note.as_ref()),
                (room.id, Some(&tried), Some(&note))
            );
            // Its owner has to wait until the room has answered.
            let asked = to(world, room, hour(HOUR_MS));
            let refused = world.store.move_promised(&next, &asked).await.unwrap();
            assert_eq!(refused, MoveOutcome::Meanwhile);
            known = next;
        }
        let lines = world.store.audit_of(known.id).await.unwrap();
        let deeds: Vec<Deed> = lines.iter().map(|line| line.deed).collect();
        assert_eq!(deeds[0], Deed::Placed);
        assert!(deeds[1..].iter().all(|deed| *deed == Deed::Swapped));
        assert!(lines[1..].iter().all(|line| line.who.is_none()));
    })
    .await;
}
