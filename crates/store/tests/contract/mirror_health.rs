//! How the mirror of each room stands, and having rooms read because somebody asks.

use booking::ids::RoomId;
use booking::mirror::{AskedOutcome, AskedReading, PolledBecause, PushProblem, Reading};
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
        assert_eq!(store.sync_run(None, NOW).await.unwrap(), None);
        assert_eq!(store.sync_asked_at(None).await.unwrap(), None);
        let pause = NOW.plus_ms(-1);
        assert!(store.begin_sync_run(None, NOW, pause).await.unwrap());
        // Somebody else was quicker.
        assert!(!store.begin_sync_run(None, NOW, pause).await.unwrap());
        let other = world.another_process().await;
        assert_eq!(other.sync_asked_at(None).await.unwrap(), Some(NOW));
        // Whatever the clocks of those say who read and failed.
        let earlier = NOW.plus_ms(-100);
        read(world, rooms[0].id, earlier).await;
        store
            .sync_failed(rooms[1].id, Instant(0), "it fell over", earlier, LATER)
            .await
            .unwrap();
        let run = other.sync_run(None, LATER).await.unwrap().unwrap();
        assert_eq!((run.started_at, run.total), (NOW, 3));
        assert_eq!((run.done, run.failed, run.held), (1, 1, 0));
        let outcome = async |room: usize| {
            let health = store.room_health(rooms[room].id, LATER).await.unwrap();
            health.unwrap().asked
        };
        assert_eq!(outcome(0).await, None);

        let one = Some(rooms[2].id);
        assert_eq!(store.sync_asked_at(one).await.unwrap(), None);
        assert!(store.begin_sync_run(one, LATER, NOW).await.unwrap());
        assert_eq!(store.sync_asked_at(one).await.unwrap(), Some(LATER));
        assert_eq!(store.sync_asked_at(None).await.unwrap(), Some(NOW));
        assert_eq!(store.sync_run(one, LATER).await.unwrap().unwrap().total, 1);
        let under_way = AskedReading {
            at: LATER,
            outcome: AskedOutcome::UnderWay,
        };
        assert_eq!(outcome(2).await, Some(under_way));
        read(world, rooms[2].id, NOW).await;
        assert_eq!(outcome(2).await.unwrap().outcome, AskedOutcome::Read);

        // A room that has lost its mailbox is waited for by nobody.
        world.relink(&rooms[1], None).await.unwrap();
        let run = store.sync_run(None, LATER).await.unwrap().unwrap();
        assert_eq!((run.total, run.done), (2, 2));
    })
    .await;
}

#[tokio::test]
async fn what_a_calendar_asked_us_to_wait_nobody_who_asks_makes_shorter() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let store = &world.store;
        let until = LATER.plus_ms(60_000);
        store
            .sync_held(room.id, Instant(0), "throttled", NOW, until)
            .await
            .unwrap();
        let one = Some(room.id);
        assert!(store.begin_sync_run(one, LATER, NOW).await.unwrap());
        let sync = store.room_sync(room.id).await.unwrap().unwrap();
        assert_eq!((sync.due_at, sync.dirty), (until, true));
        let run = store.sync_run(one, LATER).await.unwrap().unwrap();
        assert_eq!((run.total, run.held, run.held_until), (1, 1, Some(until)));
        assert!(!run.is_running());
        let health = store.room_health(room.id, LATER).await.unwrap().unwrap();
        assert_eq!(health.held_until, Some(until));
        assert_eq!(health.asked.unwrap().outcome, AskedOutcome::Held);

        // It is over: the room is read at last.
        let run = store.sync_run(one, until).await.unwrap().unwrap();
        assert_eq!((run.held, run.held_until), (0, None));
        assert!(run.is_running());

        // What failed for another reason is tried at once.
        store
            .sync_failed(room.id, Instant(0), "it fell over", until, until.plus_ms(9))
            .await
            .unwrap();
        assert!(store.begin_sync_run(one, until, LATER).await.unwrap());
        let sync = store.room_sync(room.id).await.unwrap().unwrap();
        assert_eq!(sync.due_at, Instant(0));
    })
    .await;
}
