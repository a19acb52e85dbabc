//! Which rooms changed.

use std::time::Duration;

use booking::ids::RoomId;
use booking::reservation::ReservationState;
use futures::StreamExt as _;
use store::Store;
use store::events::RoomCommit;
use store::reservations::StateChange;
use store::revisions::Revision;

use crate::support::{NOW, nothing_learnt, on_both};

async fn since(store: &Store, revision: Revision) -> (Vec<RoomId>, Revision) {
    let changes = store.changed_since(revision).await.unwrap();
    (changes.rooms, changes.revision)
}

#[tokio::test]
async fn whatever_happens_to_a_room_moves_it_past_the_revision() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(3).await);
        let start = store.revision().await.unwrap();
        let held = world.held(&rooms[0], 0).await;
        let (changed, after_hold) = since(store, start).await;
        assert!(changed.contains(&rooms[0].id));
        let confirmed = StateChange::new(ReservationState::Confirmed, NOW);
        store.transition(held.id, &confirmed).await.unwrap();
        let (changed, after_change) = since(store, after_hold).await;
        assert!(changed.contains(&rooms[0].id));
        let commit = RoomCommit {
            room: rooms[1].id,
            changes: Vec::new(),
            full: None,
            cursor: None,
            synced_at: NOW,
            dirty_seen: 0,
            lease: booking::time::Instant(0),
        };
        store
            .commit_room_changes(commit, nothing_learnt)
            .await
            .unwrap();
        let (changed, after_commit) = since(store, after_change).await;
        assert!(changed.contains(&rooms[1].id));
        world.relink(&rooms[2], None).await.unwrap();
        let (changed, _) = since(store, after_commit).await;
        assert!(changed.contains(&rooms[2].id));
        let (all, _) = since(store, start).await;
        assert_eq!(all.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_refused_hold_changes_nothing() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(1).await);
        world.held(&rooms[0], 0).await;
        let changes = store.changed_since(Revision(0)).await.unwrap();
        let wish = world.wish(&rooms[0], 0, &crate::support::bob());
        assert_eq!(world.hold(&wish).await, None);
        let again = store.changed_since(Revision(0)).await.unwrap();
        assert_eq!(again.rooms, changes.rooms);
        if world.url.starts_with("sqlite") {
            assert_eq!(again, changes);
        }
    })
    .await;
}

/// Changes come by announcement, long before the poll that makes up for lost ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn changes_are_told_here_and_to_other_processes() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let start = world.store.revision().await.unwrap();
        let other = world.another_process().await;
        let mut streams = vec![world.store.changes(start)];
        if !world.url.starts_with("sqlite") {
            streams.push(other.changes(start));
        }
        for room in &rooms {
            world.held(room, 0).await;
            for changes in &mut streams {
                let told = async {
                    loop {
                        let changes = changes.next().await.unwrap().unwrap();
                        if changes.rooms.contains(&room.id) {
                            return;
                        }
                    }
                };
                tokio::time::timeout(Duration::from_secs(10), told)
                    .await
                    .unwrap();
            }
        }
    })
    .await;
}

/// Transactions commit in another order than they begin: the late one must not be passed over.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_change_is_ever_passed_over_while_many_commit_at_once() {
    on_both(async |world| {
        let rooms = world.rooms(60).await;
        let mut revision = world.store.revision().await.unwrap();
        let mut seen = std::collections::BTreeSet::new();
        let holds: Vec<_> = rooms
            .iter()
            .map(|room| {
                let (store, wish) = (
                    world.store.clone(),
                    world.wish(room, 0, &crate::support::ada()),
                );
                tokio::spawn(async move { store.hold_slot(&wish).await.unwrap() })
            })
            .collect();
        let all_held = futures::future::join_all(holds);
        tokio::pin!(all_held);
        let mut done = false;
        loop {
            let (changed, next) = since(&world.store, revision).await;
            seen.extend(changed);
            revision = next;
            if done {
                break;
            }
            let soon = Duration::from_millis(1);
            done = tokio::time::timeout(soon, &mut all_held).await.is_ok();
        }
        assert_eq!(seen.len(), rooms.len());
    })
    .await;
}
