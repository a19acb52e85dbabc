//! Series: all dates held or none, their progress, and what is offered for dates without a room.

use booking::ids::{ReservationId, SeriesId};
use booking::person::Person;
use booking::recurrence::{End, Pattern, Series};
use booking::reservation::{ReservationState, StateNote};
use booking::room::{EquipmentSet, Room};
use booking::series::{SeriesWish, Way};
use booking::time::{DAY_MS, HOUR_MS, Instant, ZoneName};
use futures::future::join_all;
use store::outbox::{JobKind, NewJob};
use store::reservations::{NewReservation, StateChange};
use store::series::{DateOutcome, NewDate, NewSeries, SeriesOutcome};

use crate::support::{NOW, World, ada, bob, event, hour, on_both, person};

const ROUNDS: i64 = 20;
const CALLERS: u128 = 6;

fn id(number: u128) -> SeriesId {
    SeriesId(uuid::Uuid::from_u128(number))
}

/// A daily series that begins so long after [`NOW`], with these rooms; `None`: that date is left out.
fn series(
    world: &World,
    number: u128,
    start_ms: i64,
    person: &Person,
    rooms: &[Option<&Room>],
) -> NewSeries {
    let date = |(at, room): (usize, &Option<&Room>)| {
        let start = start_ms + at as i64 * DAY_MS;
        NewDate {
            number: at as u32 + 1,
            original_start: NOW.plus_ms(start),
            range: hour(start),
            reservation: room.map(|room| world.wish(room, start, person)),
            is_watched: room.is_none(),
        }
    };
    let found = rooms.iter().flatten().next().unwrap();
    NewSeries {
        id: id(number),
        building: found.building,
        zone: ZoneName("Europe/Helsinki".to_owned()),
        person: person.clone(),
        wish: SeriesWish {
            building: Some(found.building),
            floor: None,
            near: None,
            people: 2,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
            pattern: Series {
                pattern: Pattern::Daily,
                interval: 1,
                first_day: 20_833,
                end: End::After(rooms.len() as u32),
                start_minute: 600,
                length_minutes: 60,
            },
            choices: Vec::new(),
        },
        way: Way::EachByItself,
        dates: rooms.iter().enumerate().map(date).collect(),
        created_at: NOW,
        job: NewJob {
            kind: JobKind::WriteSeries,
            ..world.job(NOW)
        },
    }
}

async fn open(world: &World) -> usize {
    let window = booking::TimeRange::new(NOW, NOW.plus_ms(400 * DAY_MS)).unwrap();
    world.store.open_reservations(window).await.unwrap().len()
}

/// covers part of: P-08
#[tokio::test]
async fn a_series_is_kept_with_a_reservation_for_each_date_that_has_a_room_and_one_job() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let new = series(
            world,
            1,
            0,
            &ada(),
            &[Some(&rooms[1]), None, Some(&rooms[0])],
        );
        let held = world.store.hold_series(&new).await.unwrap();
        assert_eq!(held, SeriesOutcome::Held);
        let kept = world.store.series(new.id).await.unwrap().unwrap();
        assert_eq!(
            (&kept.wish, kept.way, kept.event.clone(), kept.written_at),
            (&new.wish, new.way, None, None)
        );
        assert_eq!((kept.building, &kept.zone), (new.building, &new.zone));
        assert_eq!(kept.person, ada());
        for (date, new) in kept.dates.iter().zip(&new.dates) {
            assert_eq!((date.number, date.range), (new.number, new.range));
            let wanted = new.reservation.as_ref();
            let reservation = date.reservation.as_ref();
            assert_eq!(
                reservation.map(|one| (one.id, one.room, one.state)),
                wanted.map(|one| (one.id, one.room, ReservationState::Held))
            );
            assert_eq!((date.is_watched, date.offered), (wanted.is_none(), None));
        }
        let first = kept.dates[0].reservation.clone().unwrap();
        let jobs = world.store.jobs_of(first.id).await.unwrap();
        assert_eq!((jobs.len(), jobs[0].kind), (1, JobKind::WriteSeries));
        assert_eq!(
            world.store.series_with(first.id).await.unwrap(),
            Some(new.id)
        );
        let stranger = ReservationId(uuid::Uuid::from_u128(9));
        assert_eq!(world.store.series_with(stranger).await.unwrap(), None);

        let of = async |person: &Person, from| {
            let series = world.store.series_of(person.id, from).await.unwrap();
            series.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(of(&ada(), NOW).await, [new.id]);
        assert_eq!(of(&bob(), NOW).await, []);
        assert_eq!(of(&ada(), NOW.plus_ms(3 * DAY_MS)).await, []);
    })
    .await;
}

/// covers part of: P-08
#[tokio::test]
async fn of_a_series_with_a_date_in_the_way_nothing_is_kept_and_every_such_date_is_named() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let second = world.held(&rooms[0], DAY_MS).await;
        let third = world.held(&rooms[1], 2 * DAY_MS + HOUR_MS / 2).await;
        let all = [Some(&rooms[0]), Some(&rooms[0]), Some(&rooms[1])];
        let new = series(world, 1, 0, &bob(), &all);
        let outcome = world.store.hold_series(&new).await.unwrap();
        let SeriesOutcome::Refused(refused) = outcome else {
            panic!("{outcome:?}")
        };
        let named: Vec<_> = refused
            .iter()
            .map(|(number, one)| (*number, one.id))
            .collect();
        assert_eq!(named, [(2, second.id), (3, third.id)]);
        assert_eq!(world.store.series(new.id).await.unwrap(), None);
        assert_eq!(open(world).await, 2);
        for date in &new.dates {
            let id = date.reservation.as_ref().unwrap().id;
            assert_eq!(world.store.reservation(id).await.unwrap(), None);
            assert_eq!(world.store.jobs_of(id).await.unwrap(), []);
        }
    })
    .await;
}

#[tokio::test]
async fn a_series_is_kept_once_however_often_it_is_held() {
    on_both(async |world| {
        let rooms = world.rooms(1).await;
        let first = series(world, 1, 0, &ada(), &[Some(&rooms[0])]);
        let again = series(world, 1, 5 * DAY_MS, &bob(), &[Some(&rooms[0])]);
        let outcome = world.store.hold_series(&first).await.unwrap();
        assert_eq!(outcome, SeriesOutcome::Held);
        let outcome = world.store.hold_series(&again).await.unwrap();
        assert_eq!(outcome, SeriesOutcome::Known);
        assert_eq!(open(world).await, 1);
    })
    .await;
}

/// Series that want the same rooms in other orders neither share a date nor wait for each other for ever.
///
/// covers part of: FX-24, P-08
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_series_at_once_over_the_same_rooms_exactly_one_is_held_in_every_round() {
    on_both(async |world| {
        let rooms = world.rooms(3).await;
        let other = world.another_process().await;
        for round in 0..ROUNDS {
            let attempts = (0..CALLERS).map(|caller| {
                let someone = person("caller", 100 + caller);
                let turn = caller as usize % 3;
                // All share the middle date's room; the others go around.
                let all = [&rooms[turn], &rooms[1], &rooms[(turn + 1) % 3]].map(Some);
                let number = 1_000 * (round as u128 + 1) + caller;
                let start = round * 5 * DAY_MS;
                let new = series(world, number, start, &someone, &all);
                let stores = [&world.store, &other];
                let store = stores[caller as usize % 2].clone();
                tokio::spawn(async move { store.hold_series(&new).await })
            });
            let outcomes = join_all(attempts).await;
            let held = outcomes.into_iter().filter(|outcome| {
                let outcome = outcome.as_ref().unwrap().as_ref().unwrap();
                *outcome == SeriesOutcome::Held
            });
            assert_eq!(held.count(), 1, "round {round}");
        }
        assert_eq!(open(world).await, 3 * ROUNDS as usize);
    })
    .await;
}

/// A single reservation and a series guard against each other as two reservations do.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reservation_and_a_series_at_once_never_share_a_date() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        for round in 0..ROUNDS {
            let start = round * 5 * DAY_MS;
            let all = [Some(&rooms[0]), Some(&rooms[1])];
            let new = series(world, 1 + round as u128, start, &ada(), &all);
            let single = NewReservation {
                job: Some(world.job(NOW)),
                ..world.wish(&rooms[1], start + DAY_MS, &bob())
            };
            let (store, other) = (world.store.clone(), world.store.clone());
            let as_series = tokio::spawn(async move { store.hold_series(&new).await });
            let as_single = tokio::spawn(async move { other.hold_slot(&single).await });
            let is_series = as_series.await.unwrap().unwrap() == SeriesOutcome::Held;
            let single = as_single.await.unwrap().unwrap();
            let is_single = matches!(single, store::reservations::HoldOutcome::Held(_));
            assert_ne!(is_series, is_single, "round {round}");
        }
    })
    .await;
}

/// One reading tells of all its dates while it is being written; asking for each would be as many requests.
#[tokio::test]
async fn dates_of_a_series_that_is_being_written_await_their_answers_together() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let new = series(world, 1, HOUR_MS, &ada(), &[Some(&rooms[0])]);
        world.store.hold_series(&new).await.unwrap();
        let date = new.dates[0].reservation.as_ref().unwrap().id;
        let single = world.held(&rooms[1], HOUR_MS).await.id;
        for id in [date, single] {
            let submitted = StateChange::new(ReservationState::Submitted, NOW);
            world.store.transition(id, &submitted).await.unwrap();
        }
        let awaiting = async || {
            let waiting = world.store.awaiting_answer(NOW, 9).await.unwrap();
            let mut ids: Vec<_> = waiting.iter().map(|one| one.id).collect();
            ids.sort();
            ids
        };
        assert_eq!(awaiting().await, [single]);
        world.store.series_written(new.id, NOW).await.unwrap();
        let mut both = [date, single];
        both.sort();
        assert_eq!(awaiting().await, both);
    })
    .await;
}

#[tokio::test]
async fn the_event_of_a_series_is_noted_once_and_so_is_that_all_is_written() {
    on_both(async |world| {
        let rooms = world.rooms(1).await;
        let new = series(world, 1, 0, &ada(), &[Some(&rooms[0])]);
        world.store.hold_series(&new).await.unwrap();
        for name in ["first", "second"] {
            let event = event(name);
            let left = (new.job.id, &serde_json::json!({ "subject": null }));
            let noted = world.store.attach_series_event(new.id, &event, left).await;
            noted.unwrap();
        }
        let first = new.dates[0].reservation.as_ref().unwrap().id;
        let jobs = world.store.jobs_of(first).await.unwrap();
        assert_eq!(jobs[0].payload, serde_json::json!({ "subject": null }));
        for after in [1, 2] {
            let now = NOW.plus_ms(after);
            world.store.series_written(new.id, now).await.unwrap();
        }
        let kept = world.store.series(new.id).await.unwrap().unwrap();
        assert_eq!(kept.event, Some(event("first")));
        assert_eq!(kept.written_at, Some(NOW.plus_ms(1)));
    })
    .await;
}

/// covers part of: N-02
#[tokio::test]
async fn dates_wait_for_a_room_that_were_left_out_or_declined_until_they_are_given_one() {
    on_both(async |world| {
        let rooms = world.rooms(1).await;
        let all = [None, Some(&rooms[0]), Some(&rooms[0]), None];
        let mut new = series(world, 1, HOUR_MS, &ada(), &all);
        // Left out on purpose.
        new.dates[3].is_watched = false;
        world.store.hold_series(&new).await.unwrap();
        let watched = async |now: Instant| {
            let dates = world.store.watched_dates(now, 10).await.unwrap();
            dates
                .iter()
                .map(|one| (one.number, one.offered))
                .collect::<Vec<_>>()
        };
        assert_eq!(watched(NOW).await, [(1, None)]);
        let third = new.dates[2].reservation.as_ref().unwrap().id;
        let declined = StateChange::new(ReservationState::Declined, NOW);
        world.store.transition(third, &declined).await.unwrap();
        assert_eq!(watched(NOW).await, [(1, None), (3, None)]);
        assert_eq!(watched(NOW.plus_ms(HOUR_MS)).await, [(3, None)]);

        let room = rooms[0].id;
        let offer = Some((room, NOW));
        world.store.offer_room((new.id, 1), offer).await.unwrap();
        assert_eq!(watched(NOW).await, [(1, Some(room)), (3, None)]);
        let hold = async |number: u32, known, start_ms| {
            let new = NewReservation {
                job: Some(world.job(NOW)),
                ..world.wish(&rooms[0], start_ms, &ada())
            };
            let held = world.store.hold_date((id(1), number), known, &new).await;
            (new.id, held.unwrap())
        };
        let (placed, held) = hold(1, None, HOUR_MS).await;
        assert!(matches!(held, DateOutcome::Held(held) if held.id == placed));
        assert_eq!(world.store.jobs_of(placed).await.unwrap().len(), 1);
        // Somebody else was quicker, and has the room; or is, in another room or at another time.
        let (second, held) = hold(1, None, HOUR_MS).await;
        assert!(matches!(held, DateOutcome::Refused(_)));
        assert_eq!(world.store.reservation(second).await.unwrap(), None);
        let (second, held) = hold(1, None, 8 * HOUR_MS).await;
        assert_eq!(held, DateOutcome::Meanwhile);
        assert_eq!(world.store.reservation(second).await.unwrap(), None);
        let (_, held) = hold(3, Some(third), HOUR_MS + 2 * DAY_MS).await;
        assert!(matches!(held, DateOutcome::Held(_)));
        assert_eq!(watched(NOW).await, []);
        let kept = world.store.series(new.id).await.unwrap().unwrap();
        let apart: Vec<bool> = kept.dates.iter().map(|date| date.is_apart).collect();
        assert_eq!(apart, [true, false, true, false]);
        let first = kept.dates[0].reservation.as_ref().map(|one| one.id);
        assert_eq!(first, Some(placed));
    })
    .await;
}

#[tokio::test]
async fn nobodys_many_waiting_dates_keep_anothers_from_being_looked_at() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let many = [Some(&rooms[0]), None, None, None];
        let adas = series(world, 1, 0, &ada(), &many);
        world.store.hold_series(&adas).await.unwrap();
        let one = [Some(&rooms[1]), None];
        let bobs = series(world, 2, 9 * DAY_MS, &bob(), &one);
        world.store.hold_series(&bobs).await.unwrap();
        let dates = world.store.watched_dates(NOW, 2).await.unwrap();
        let dates: Vec<_> = dates.iter().map(|one| (one.series, one.number)).collect();
        assert_eq!(dates, [(id(1), 2), (id(2), 2)]);
    })
    .await;
}

#[tokio::test]
async fn a_date_waits_where_it_was_moved_to_and_not_while_its_meeting_stands_without_a_room() {
    on_both(async |world| {
        let rooms = world.rooms(1).await;
        let all = [Some(&rooms[0]), Some(&rooms[0]), Some(&rooms[0])];
        let new = series(world, 1, HOUR_MS, &ada(), &all);
        world.store.hold_series(&new).await.unwrap();
        let store = &world.store;
        let reserved = |at: usize| new.dates[at].reservation.as_ref().unwrap().id;
        let first = store.reservation(reserved(0)).await.unwrap().unwrap();
        let moved = store.move_reservation(&first, hour(5 * HOUR_MS), NOW);
        moved.await.unwrap();
        let notes = [
            StateNote::DeclinedByRoom,
            StateNote::DeclinedHere { by_admin: true },
            StateNote::DeclinedLate,
        ];
        for (at, note) in notes.into_iter().enumerate() {
            let declined = StateChange::new(ReservationState::Declined, NOW).with_note(note);
            store.transition(reserved(at), &declined).await.unwrap();
        }
        let dates = store.watched_dates(NOW, 10).await.unwrap();
        let dates: Vec<_> = dates.iter().map(|one| (one.number, one.range)).collect();
        assert_eq!(dates, [(1, hour(5 * HOUR_MS))]);
    })
    .await;
}
