//! The processes that run beside each other, and what Microsoft has asked any of them to wait.

use booking::time::Instant;
use store::processes::AskedWait;
use uuid::Uuid;

use crate::support::{NOW, on_both};

const SECOND_LATER: Instant = Instant(NOW.0 + 1_000);
const MINUTE_LATER: Instant = Instant(NOW.0 + 60_000);
const NOBODY: [u32; 0] = [];

#[tokio::test]
async fn a_process_counts_as_long_as_it_is_seen_and_tells_how_many_it_knows_of() {
    on_both(async |world| {
        let [one, two] = [1, 2].map(Uuid::from_u128);
        let lives = async |process, counted, now, seen_after| {
            let store = &world.store;
            store
                .process_lives(process, counted, now, seen_after)
                .await
                .unwrap()
        };
        let before = NOW.plus_ms(-1);
        assert_eq!(lives(one, 1, NOW, before).await, NOBODY);
        assert_eq!(lives(two, 1, NOW, before).await, [1]);
        assert_eq!(lives(two, 2, SECOND_LATER, before).await, [1]);
        assert_eq!(lives(one, 2, SECOND_LATER, before).await, [2]);
        // The other one was not seen since.
        assert_eq!(lives(one, 2, MINUTE_LATER, SECOND_LATER).await, NOBODY);
        assert_eq!(lives(one, 2, MINUTE_LATER, NOW).await, [2]);

        world.store.process_ends(one, SECOND_LATER).await.unwrap();
        assert_eq!(
            lives(Uuid::from_u128(3), 1, MINUTE_LATER, before).await,
            NOBODY
        );
    })
    .await;
}

#[tokio::test]
async fn what_one_process_was_asked_to_wait_the_others_are_told_until_it_is_over() {
    on_both(async |world| {
        let connection = world.connection();
        let connection = world
            .store
            .add_connection(&connection, &world.random)
            .await
            .unwrap();
        let wait = |whose: &str, until| AskedWait {
            connection,
            whose: whose.to_owned(),
            until,
        };
        let store = &world.store;
        let room = "address:room1@contoso.com";
        store
            .keep_asked_wait(&wait(room, MINUTE_LATER), NOW)
            .await
            .unwrap();
        // A shorter one does not cut a longer one.
        store
            .keep_asked_wait(&wait(room, SECOND_LATER), NOW)
            .await
            .unwrap();
        store
            .keep_asked_wait(&wait("", SECOND_LATER), NOW)
            .await
            .unwrap();
        let other = world.another_process().await;
        assert_eq!(
            other.asked_waits(NOW).await.unwrap(),
            [wait("", SECOND_LATER), wait(room, MINUTE_LATER)]
        );
        assert_eq!(
            other.asked_waits(SECOND_LATER).await.unwrap(),
            [wait(room, MINUTE_LATER)]
        );
        assert_eq!(other.asked_waits(MINUTE_LATER).await.unwrap(), []);
    })
    .await;
}
