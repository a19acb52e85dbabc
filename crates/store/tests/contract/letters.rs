//! Letters that are owed: begun once, taken back or finished.

use booking::time::HOUR_MS;
use store::outbox::{JobKind, NewJob};
use store::reservations::NewReservation;

use crate::support::{NOW, World, ada, bob, on_both};

/// So many letters owed to Ada, each of a reservation of its own, and one to Bob.
async fn owed(world: &World, count: i64) {
    let room = world.rooms(1).await.remove(0);
    for at in 0..=count {
        let whose = if at == count { bob() } else { ada() };
        let wish = NewReservation {
            job: Some(NewJob {
                kind: JobKind::WriteLetter,
                ..world.job(NOW.plus_ms(at))
            }),
            ..world.wish(&room, at * HOUR_MS, &whose)
        };
        world.hold(&wish).await.unwrap();
    }
}

#[tokio::test]
async fn what_one_person_is_owed_is_begun_together_and_once() {
    on_both(async |world| {
        owed(world, 3).await;
        let other = world.another_process().await;
        let (one, two) = tokio::join!(
            world.store.begin_letters(ada().id, NOW),
            other.begin_letters(ada().id, NOW)
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_eq!(one.len() + two.len(), 3);
        assert!(one.is_empty() || two.is_empty());
        let begun = if one.is_empty() { two } else { one };
        let jobs = world.store.jobs_of(begun[0].reservation).await.unwrap();
        assert_eq!(jobs[0].begun_at, Some(NOW));
        assert_eq!(begun[0].payload["subject"], "Stand-up");
        assert_eq!(other.begin_letters(bob().id, NOW).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_for_certain_may_be_begun_again_and_what_has_gone_is_owed_no_more() {
    on_both(async |world| {
        owed(world, 2).await;
        let store = &world.store;
        let begin = async || {
            let mut begun = store.begin_letters(ada().id, NOW).await.unwrap();
            begun.sort_by_key(|one| one.job);
            begun
        };
        let first = begin().await;
        let jobs: Vec<_> = first.iter().map(|one| one.job).collect();
        let later = NOW.plus_ms(5_000);
        store
            .take_letters_back(&jobs, later, "sending")
            .await
            .unwrap();
        let kept = store.jobs_of(first[0].reservation).await.unwrap();
        assert_eq!(
            (
                kept[0].begun_at,
                kept[0].due_at,
                kept[0].last_error.as_deref()
            ),
            (None, later, Some("sending"))
        );
        assert_eq!(begin().await, first);
        store.finish_letters(&jobs).await.unwrap();
        assert_eq!(store.jobs_of(first[0].reservation).await.unwrap(), []);
        assert_eq!(begin().await, []);
        // What was given up is begun by nobody.
        let bobs = store.begin_letters(bob().id, NOW).await.unwrap();
        store.give_up_job(bobs[0].job, NOW, "gone").await.unwrap();
        store
            .take_letters_back(&[bobs[0].job], later, "sending")
            .await
            .unwrap();
        assert_eq!(store.begin_letters(bob().id, NOW).await.unwrap(), []);
    })
    .await;
}
