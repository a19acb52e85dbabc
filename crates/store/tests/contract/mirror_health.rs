//! How the mirror of each room stands, and having rooms read because somebody asks.

use booking::ids::RoomId;
use booking::mirror::{PolledBecause, PushProblem, Reading};
use booking::provider::SyncCursor;
use booking::time::Instant;
use store::events::RoomCommit;

use crate::support::{NOW, World, nothing_learnt, on_both, range};

const LATER: Instant = Instant(NOW.0 + 60_000);

async fn read(world: &World, room: RoomId, synced_at: Instant) {
    let sync = world.store.room_sync(room).await.unwrap().unwrap();
    let commit = RoomCommit {
        room,
        changes: Vec::new(),
        full: Some(range(0, 1_000)),
        cursor: Some(SyncCursor("c".to_owned())),
        synced_at,
        dirty_seen: sync.dirty_seen,
        lease: sync.lease_until,
    };
    world
        .store
        .commit_room_changes(commit, nothing_learnt)
        .await
        .unwrap();
}

#[tokio::test]
async fn every_linked_room_tells_what_is_kept_of_its_mirror() {
    on_both(async |world| {
        let rooms = world.rooms(3).await;
        world.relink(&rooms[2], None).await.unwrap();
        read(world, rooms[0].id, NOW).await;
        let store = &world.store;
        store
            .sync_failed(rooms[1].id, Instant(0), "it fell over", NOW, LATER)
            .await
            .unwrap();
        let problem = PushProblem {
            because: PolledBecause::Limit,
            said: "1,000 of them".to_owned(),
        };
        store
            .note_push_problem(rooms[1].id, Some(&problem))
            .await
            .unwrap();
        let kept = store.rooms_health(NOW).await.unwrap();
        let ids: Vec<RoomId> = kept.iter().map(|one| one.room).collect();
        assert_eq!(ids, [rooms[0].id, rooms[1].id]);
        assert_eq!(kept[0].synced_at, Some(NOW));
        assert_eq!((kept[0].dirty_since, &kept[0].last_error), (None, &None));
        assert_eq!(kept[0].reading, Reading::Events);
        assert_eq!(kept[1].synced_at, None);
        assert_eq!(kept[1].failed_at, Some(NOW));
        assert_eq!(kept[1].last_error.as_deref(), Some("it fell over"));
        assert_eq!(kept[1].push_problem, Some(problem));
        for (at, expected) in [Some(&kept[0]), Some(&kept[1]), None].iter().enumerate() {
            let one = store.room_health(rooms[at].id, NOW).await.unwrap();
            assert_eq!(one.as_ref(), *expected);
        }
        store.note_push_problem(rooms[1].id, None).await.unwrap();
        let one = store.room_health(rooms[1].id, NOW).await.unwrap();
        assert_eq!(one.unwrap().push_problem, None);
    })
    .await;
}

#[tokio::test]
async fn that_rooms_were_asked_for_is_kept_and_how_far_they_are_follows_from_the_rooms() {
    on_both(async |world| {
        let rooms = world.rooms(3).await;
        let store = &world.store;
        assert_eq!(store.sync_run(None).await.unwrap(), None);
        assert_eq!(store.sync_asked_at(None).await.unwrap(), None);
        let pause = NOW.plus_ms(-1);
        assert!(store.begin_sync_run(None, NOW, pause).await.unwrap());
        // Somebody else was quicker.
        assert!(!store.begin_sync_run(None, NOW, pause).await.unwrap());
        let other = world.another_process().await;
        assert_eq!(other.sync_asked_at(None).await.unwrap(), Some(NOW));
        read(world, rooms[0].id, LATER).await;
        store
            .sync_failed(rooms[1].id, Instant(0), "it fell over", LATER, LATER)
            .await
            .unwrap();
        let run = other.sync_run(None).await.unwrap().unwrap();
        assert_eq!((run.started_at, run.total), (NOW, 3));
        assert_eq!((run.done, run.failed), (1, 1));

        let one = Some(rooms[2].id);
        assert_eq!(store.sync_asked_at(one).await.unwrap(), None);
        assert!(store.begin_sync_run(one, LATER, NOW).await.unwrap());
        assert_eq!(store.sync_asked_at(one).await.unwrap(), Some(LATER));
        assert_eq!(store.sync_asked_at(None).await.unwrap(), Some(NOW));
        assert_eq!(store.sync_run(one).await.unwrap().unwrap().total, 1);
    })
    .await;
}
