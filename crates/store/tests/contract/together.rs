//! Rounds that come at the same time and share a transaction.

use booking::ids::RoomId;
use booking::provider::SyncCursor;
use booking::room::Room;
use booking::time::{HOUR_MS, Instant, TimeRange};
use futures::future::{join_all, try_join_all};
use store::Store;
use store::events::{BusyChange, Committed, RoomCommit};
use uuid::Uuid;

use crate::support::{NOW, World, busy, nothing_learnt, on_both, range};

fn ever() -> TimeRange {
    range(-(1 << 40), 1 << 40)
}

fn round(room: RoomId, event: &str) -> RoomCommit {
    RoomCommit {
        room,
        changes: vec![BusyChange::Busy(busy(event, HOUR_MS))],
        full: Some(ever()),
        cursor: Some(SyncCursor(format!("after {event}"))),
        synced_at: NOW,
        dirty_seen: 0,
        lease: Instant(0),
    }
}

async fn kept(world: &World, room: &Room) -> Vec<String> {
    let kept = world.store.busy_times_of(room.id, ever()).await.unwrap();
    kept.into_iter().map(|busy| busy.event_id).collect()
}

#[tokio::test]
async fn of_rounds_that_come_at_once_each_ends_as_if_it_were_alone() {
    on_both(async |world| {
        let rooms = world.rooms(40).await;
        let is_sqlite = world.url.starts_with("sqlite");
        let mut rounds: Vec<RoomCommit> = (rooms.iter().enumerate())
            .map(|(at, room)| match at % 8 {
                // Somebody else reads the room since.
                3 => RoomCommit {
                    lease: Instant(1),
                    ..round(room.id, "late")
                },
                // Cannot be kept on PostgreSQL.
                5 => round(room.id, "odd\0"),
                _ => round(room.id, "plain"),
            })
            .collect();
        rounds.push(round(RoomId(Uuid::from_u128(1)), "of no room"));
        let told = rounds
            .into_iter()
            .map(|round| world.store.commit_room_changes(round, nothing_learnt));
        let told = join_all(told).await;
        assert!(told[40].is_err(), "{:?}", told[40]);
        for (at, room) in rooms.iter().enumerate() {
            let kept = kept(world, room).await;
            match (at % 8, &told[at]) {
                (3, Ok(None)) => assert_eq!(kept, [""; 0]),
                (5, Err(_)) if !is_sqlite => assert_eq!(kept, [""; 0]),
                (5, Ok(Some(_))) if is_sqlite => {}
                (_, Ok(Some(_))) => assert_eq!(kept, ["plain"]),
                (_, told) => panic!("room {at}: {told:?}"),
            }
        }
    })
    .await;
}

#[tokio::test]
async fn who_gives_up_takes_none_of_those_along_that_came_at_the_same_time() {
    on_both(async |world| {
        let rooms = world.rooms(48).await;
        let tasks: Vec<_> = rooms
            .iter()
            .map(|room| {
                let (store, round) = (world.store.clone(), round(room.id, "plain"));
                tokio::spawn(async move { store.commit_room_changes(round, nothing_learnt).await })
            })
            .collect();
        // So that some of them have begun.
        tokio::task::yield_now().await;
        for task in tasks.iter().step_by(3) {
            task.abort();
        }
        for (at, task) in tasks.into_iter().enumerate() {
            match task.await {
                Ok(told) => assert!(told.unwrap().is_some()),
                Err(gone) => assert!(gone.is_cancelled() && at % 3 == 0),
            }
        }
        for room in rooms.iter().skip(1).step_by(3) {
            assert_eq!(kept(world, room).await, ["plain"]);
        }
        // No room stays locked by what was broken off.
        let other = world.another_process().await;
        for room in &rooms {
            let round = round(room.id, "later");
            let told = other.commit_room_changes(round, nothing_learnt).await;
            assert!(told.unwrap().is_some());
        }
    })
    .await;
}

#[tokio::test]
async fn two_processes_that_take_in_and_mark_the_same_rooms_never_wait_for_each_other_for_ever() {
    on_both(async |world| {
        let rooms: Vec<RoomId> = world.rooms(24).await.iter().map(|room| room.id).collect();
        let other = world.another_process().await;
        let backwards: Vec<RoomId> = rooms.iter().rev().copied().collect();
        tokio::try_join!(
            take_in_again_and_again(&world.store, &rooms),
            take_in_again_and_again(&other, &backwards),
            mark_again_and_again(&world.store, &backwards),
            mark_again_and_again(&other, &rooms),
        )
        .unwrap();
    })
    .await;
}

async fn take_in_again_and_again(
    store: &Store,
    rooms: &[RoomId],
) -> Result<Vec<Option<Committed>>, store::StoreError> {
    let mut last = Vec::new();
    for turn in 0..12 {
        let rounds = rooms.iter().map(|room| {
            let round = round(*room, &format!("in turn {turn}"));
            store.commit_room_changes(round, nothing_learnt)
        });
        last = try_join_all(rounds).await?;
    }
    Ok(last)
}

async fn mark_again_and_again(store: &Store, rooms: &[RoomId]) -> Result<(), store::StoreError> {
    for turn in 0..60 {
        let now = NOW.plus_ms(turn);
        store.mark_rooms_notified(rooms, now).await?;
        store.mark_due_rooms_dirty(now).await?;
        store.begin_sync_run(None, now, now).await?;
    }
    Ok(())
}
