//! Jobs: leased by one, retried, given up.

use booking::time::{HOUR_MS, Instant};
use futures::future::join_all;
use store::Store;
use store::outbox::{Job, Lease};
use store::reservations::NewReservation;

use crate::support::{NOW, World, ada, bob, on_both};

fn lease(now: Instant, limit: u32) -> Lease<'static> {
    Lease {
        now,
        lease_ms: 1_000,
        limit,
        owner: "test",
    }
}

/// So many jobs of Ada's, each of a reservation of its own, due one millisecond after the other.
async fn jobs(world: &World, count: i64) {
    let room = world.rooms(1).await.remove(0);
    for at in 0..count {
        let wish = NewReservation {
            job: Some(world.job(NOW.plus_ms(at))),
            ..world.wish(&room, at * HOUR_MS, &ada())
        };
        world.hold(&wish).await.unwrap();
    }
}

async fn take(store: &Store, now: Instant, limit: u32) -> Vec<Job> {
    store.lease_jobs(&lease(now, limit)).await.unwrap()
}

#[tokio::test]
async fn due_jobs_are_leased_in_order_to_one_only_until_the_lease_runs_out() {
    on_both(async |world| {
        jobs(world, 3).await;
        let store = &world.store;
        let first = take(store, NOW.plus_ms(1), 9).await;
        assert_eq!(first.len(), 2, "the third is not due yet");
        assert!(first[0].due_at < first[1].due_at);
        assert_eq!(first[0].payload["subject"], "Stand-up");
        assert_eq!(first[0].attempts, 1);
        assert_eq!(take(store, NOW.plus_ms(1), 9).await, []);
        let after = NOW.plus_ms(1_001);
        let again = take(store, after, 2).await;
        assert_eq!(again.len(), 2, "at most as many as asked for");
        assert_eq!(again[0].id, first[0].id);
        assert_eq!(again[0].attempts, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_at_once_never_lease_the_same_job() {
    on_both(async |world| {
        jobs(world, 40).await;
        let other = world.another_process().await;
        let takers = (0..16).map(|at| {
            let store = if at % 2 == 0 { &world.store } else { &other };
            take(store, NOW.plus_ms(100), 5)
        });
        let mut taken: Vec<_> = join_all(takers)
            .await
            .into_iter()
            .flatten()
            .map(|job| job.id)
            .collect();
        taken.extend(
            take(&world.store, NOW.plus_ms(100), 99)
                .await
                .iter()
                .map(|job| job.id),
        );
        taken.sort_unstable();
        let count = taken.len();
        taken.dedup();
        assert_eq!((taken.len(), count), (40, 40));
    })
    .await;
}

#[tokio::test]
async fn a_retried_job_comes_again_when_due_and_says_why() {
    on_both(async |world| {
        jobs(world, 1).await;
        let store = &world.store;
        let job = take(store, NOW, 1).await.remove(0);
        let due = NOW.plus_ms(50);
        assert!(store.retry_job(&job, due, "asked to wait").await.unwrap());
        assert_eq!(take(store, NOW.plus_ms(49), 1).await, []);
        let again = take(store, due, 1).await.remove(0);
        assert_eq!(again.last_error.as_deref(), Some("asked to wait"));
    })
    .await;
}

#[tokio::test]
async fn who_has_lost_a_lease_neither_prolongs_nor_ends_that_of_another() {
    on_both(async |world| {
        jobs(world, 1).await;
        let store = &world.store;
        let first = take(store, NOW, 1).await.remove(0);
        let longer = first.lease_until.plus_ms(1_000);
        assert!(store.prolong_job(&first, longer).await.unwrap());
        let first = Job {
            lease_until: longer,
            ..first
        };
        assert_eq!(take(store, longer.plus_ms(-1), 1).await, []);
        let second = take(store, longer, 1).await.remove(0);
        let later = longer.plus_ms(10_000);
        assert!(!store.prolong_job(&first, later).await.unwrap());
        assert!(!store.retry_job(&first, longer, "late").await.unwrap());
        assert_eq!(take(store, longer.plus_ms(1), 1).await, []);
        let noted = serde_json::json!({ "noted": true });
        store.note_in_job(second.id, &noted).await.unwrap();
        assert!(store.retry_job(&second, later, "again").await.unwrap());
        assert_eq!(take(store, later, 1).await.remove(0).payload, noted);
    })
    .await;
}

#[tokio::test]
async fn a_finished_job_is_gone_and_a_given_up_one_stays_without_its_payload() {
    on_both(async |world| {
        jobs(world, 2).await;
        let store = &world.store;
        let leased = take(store, NOW.plus_ms(10), 2).await;
        assert!(store.finish_job(leased[0].id).await.unwrap());
        assert!(!store.finish_job(leased[0].id).await.unwrap());
        assert!(
            store
                .give_up_job(leased[1].id, NOW, "denied")
                .await
                .unwrap()
        );
        assert!(
            !store
                .give_up_job(leased[1].id, NOW, "denied")
                .await
                .unwrap()
        );
        assert!(!store.retry_job(&leased[1], NOW, "late").await.unwrap());
        assert_eq!(take(store, NOW.plus_ms(99_999), 9).await, []);
        let kept = store.jobs_of(leased[1].reservation).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!(kept[0].given_up_at, Some(NOW));
        assert_eq!(kept[0].last_error.as_deref(), Some("denied"));
        assert_eq!(kept[0].payload, serde_json::json!({}));
    })
    .await;
}

#[tokio::test]
async fn a_permission_given_again_makes_the_persons_waiting_jobs_due() {
    on_both(async |world| {
        jobs(world, 1).await;
        let later = NOW.plus_ms(300_000);
        let job = take(&world.store, NOW, 9).await.remove(0);
        world.store.retry_job(&job, later, "sign in").await.unwrap();
        assert!(take(&world.store, NOW, 9).await.is_empty());
        assert_eq!(world.store.hasten_jobs(bob().id, NOW).await.unwrap(), 0);
        assert_eq!(world.store.hasten_jobs(ada().id, NOW).await.unwrap(), 1);
        assert_eq!(take(&world.store, NOW, 9).await.len(), 1);
    })
    .await;
}
