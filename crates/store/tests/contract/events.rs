//! Busy times as last reported.

use std::slice::from_ref;

use booking::event::{BusyKind, BusyTime};
use booking::ids::RoomId;
use booking::provider::SyncCursor;
use booking::room::Room;
use booking::search::{Occupancy, OccupancyKind};
use booking::time::{HOUR_MS, Instant, TimeRange};
use futures::TryStreamExt as _;
use store::events::{BusyChange, RoomCommit};

use crate::support::{NOW, World, busy, hour, nothing_learnt, on_both, range};

fn ever() -> TimeRange {
    range(-(1 << 40), 1 << 40)
}

fn occurrence(series: &str, at: i64) -> BusyTime {
    BusyTime {
        series_id: Some(series.to_owned()),
        ical_uid: None,
        organizer: None,
        kind: BusyKind::Tentative,
        ..busy(&format!("{series}-{at}"), at * HOUR_MS)
    }
}

fn commit(room: &Room, changes: Vec<BusyChange>) -> RoomCommit {
    RoomCommit {
        room: room.id,
        changes,
        full: None,
        cursor: Some(SyncCursor("next".to_owned())),
        synced_at: NOW,
        dirty_seen: 0,
        lease: Instant(0),
    }
}

async fn take_in(world: &World, room: &Room, changes: Vec<BusyChange>) {
    let commit = commit(room, changes);
    world
        .store
        .commit_room_changes(commit, nothing_learnt)
        .await
        .unwrap();
}

async fn take_in_all(world: &World, room: &Room, whole: &[BusyTime]) {
    let commit = RoomCommit {
        full: Some(ever()),
        ..commit(room, whole.iter().cloned().map(BusyChange::Busy).collect())
    };
    world
        .store
        .commit_room_changes(commit, nothing_learnt)
        .await
        .unwrap();
}

async fn kept(world: &World, room: &Room) -> Vec<BusyTime> {
    world.store.busy_times_of(room.id, ever()).await.unwrap()
}

fn gone(id: &str) -> BusyChange {
    BusyChange::Gone {
        event_id: id.to_owned(),
    }
}

#[tokio::test]
async fn busy_times_come_change_and_go() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let (a, b) = (busy("a", 0), occurrence("s", 2));
        let both = vec![BusyChange::Busy(b.clone()), BusyChange::Busy(a.clone())];
        take_in(world, &room, both).await;
        assert_eq!(kept(world, &room).await, [a, b.clone()]);
        let moved = BusyTime {
            kind: BusyKind::Tentative,
            organizer: None,
            ..busy("a", 9 * HOUR_MS)
        };
        take_in(world, &room, vec![BusyChange::Busy(moved.clone())]).await;
        assert_eq!(kept(world, &room).await, [b, moved]);
        take_in(world, &room, vec![gone("a"), gone("never-heard-of")]).await;
        assert_eq!(kept(world, &room).await.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn only_what_overlaps_the_window_is_read() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let all: Vec<_> = (0..4)
            .map(|at| BusyChange::Busy(busy(&format!("e{at}"), at * HOUR_MS)))
            .collect();
        take_in(world, &room, all).await;
        let window = range(HOUR_MS, 3 * HOUR_MS);
        let found = world.store.busy_times_of(room.id, window).await.unwrap();
        assert_eq!(found, [busy("e1", HOUR_MS), busy("e2", 2 * HOUR_MS)]);
    })
    .await;
}

#[tokio::test]
async fn the_later_word_about_an_event_counts() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let changes = vec![
            BusyChange::Busy(busy("a", 0)),
            BusyChange::Busy(busy("a", HOUR_MS)),
            BusyChange::Busy(busy("b", 0)),
            gone("b"),
            gone("c"),
            BusyChange::Busy(busy("c", 5 * HOUR_MS)),
            BusyChange::Busy(occurrence("s", 7)),
            gone("s"),
        ];
        take_in(world, &room, changes).await;
        let expected = [busy("a", HOUR_MS), busy("c", 5 * HOUR_MS)];
        assert_eq!(kept(world, &room).await, expected);
    })
    .await;
}

#[tokio::test]
async fn a_changed_series_replaces_its_occurrences_and_a_gone_one_takes_them_along() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let series = |occurrences| BusyChange::Series {
            series_id: "s".to_owned(),
            occurrences,
        };
        let single = busy("a", 0);
        let first = vec![
            BusyChange::Busy(single.clone()),
            series((1..5).map(|at| occurrence("s", at)).collect()),
        ];
        take_in(world, &room, first).await;
        assert_eq!(kept(world, &room).await.len(), 5);
        let fewer = vec![series(vec![occurrence("s", 3), occurrence("s", 8)])];
        take_in(world, &room, fewer).await;
        let expected = [single.clone(), occurrence("s", 3), occurrence("s", 8)];
        assert_eq!(kept(world, &room).await, expected);
        take_in(world, &room, vec![gone("s")]).await;
        assert_eq!(kept(world, &room).await, [single]);
    })
    .await;
}

#[tokio::test]
async fn a_series_that_becomes_a_single_event_leaves_none_of_its_occurrences() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let series = || BusyChange::Series {
            series_id: "s".to_owned(),
            occurrences: vec![occurrence("s", 3), occurrence("s", 8)],
        };
        let single = busy("s", HOUR_MS);
        take_in(world, &room, vec![series()]).await;
        take_in(world, &room, vec![BusyChange::Busy(single.clone())]).await;
        assert_eq!(kept(world, &room).await, from_ref(&single));
        let both_ways = vec![series(), BusyChange::Busy(single.clone())];
        take_in(world, &room, both_ways).await;
        assert_eq!(kept(world, &room).await, from_ref(&single));
        let back = vec![BusyChange::Busy(single), series()];
        take_in(world, &room, back).await;
        assert_eq!(kept(world, &room).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn a_full_round_replaces_everything_of_its_room_and_of_no_other() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        take_in_all(world, &rooms[1], &[busy("other", 0)]).await;
        let first: Vec<_> = (0..300)
            .map(|at| busy(&format!("e{at:03}"), at * HOUR_MS))
            .collect();
        take_in_all(world, &rooms[0], &first).await;
        assert_eq!(kept(world, &rooms[0]).await, first);
        let mut second = first[100..].to_vec();
        second[7].kind = BusyKind::Tentative;
        second.push(busy("new", 900 * HOUR_MS));
        take_in_all(world, &rooms[0], &second).await;
        assert_eq!(kept(world, &rooms[0]).await, second);
        assert_eq!(kept(world, &rooms[1]).await, [busy("other", 0)]);
    })
    .await;
}

#[tokio::test]
async fn the_whole_window_is_read_as_events_and_as_bare_occupancies() {
    on_both(async |world| {
        let rooms = world.rooms(3).await;
        for room in &rooms[..2] {
            take_in_all(world, room, &[busy("a", 0), occurrence("s", 2)]).await;
        }
        let window = range(HOUR_MS / 2, 2 * HOUR_MS + 1);
        let events: Vec<(RoomId, BusyTime)> =
            world.store.busy_times(window).try_collect().await.unwrap();
        assert_eq!(events.len(), 4);
        assert!(events.contains(&(rooms[1].id, occurrence("s", 2))));
        let mut occupancies: Vec<(RoomId, Vec<Occupancy>)> =
            world.store.occupancies(window).try_collect().await.unwrap();
        occupancies.sort();
        let taken = |range, kind| Occupancy {
            range,
            kind: OccupancyKind::Calendar(kind),
        };
        let expected = vec![
            taken(hour(0), BusyKind::Busy),
            taken(hour(2 * HOUR_MS), BusyKind::Tentative),
        ];
        let mut both = [rooms[0].id, rooms[1].id].map(|id| (id, expected.clone()));
        both.sort();
        assert_eq!(occupancies, both);
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_of_some_rooms_is_read_together() {
    on_both(async |world| {
        let (store, rooms) = (&world.store, world.rooms(4).await);
        for room in &rooms[..3] {
            let changes = vec![
                BusyChange::Busy(busy("a", 0)),
                BusyChange::Busy(occurrence("s", 2)),
            ];
            take_in(world, room, changes).await;
        }
        let held = world.held(&rooms[1], 5 * HOUR_MS).await;
        world.held(&rooms[2], 5 * HOUR_MS).await;
        let unknown = RoomId(uuid::Uuid::from_u128(9));
        let asked = [rooms[0].id, rooms[1].id, rooms[3].id, unknown];
        let mut found = store.rooms_among(&asked).await.unwrap();
        found.sort_by_key(|room| asked.iter().position(|id| *id == room.id));
        let expected = [&rooms[0], &rooms[1], &rooms[3]].map(Clone::clone);
        assert_eq!(found, expected);
        let window = range(HOUR_MS, 9 * HOUR_MS);
        let mut occupied = store.occupancies_among(&asked, window).await.unwrap();
        occupied.sort();
        let taken = vec![Occupancy {
            range: hour(2 * HOUR_MS),
            kind: OccupancyKind::Calendar(BusyKind::Tentative),
        }];
        let mut expected = [0, 1].map(|at: usize| (rooms[at].id, taken.clone()));
        expected.sort();
        assert_eq!(occupied, expected);
        let open = store.open_reservations_among(&asked, window).await.unwrap();
        assert_eq!(open, [held]);
        let mut synced = store.synced_at_among(&asked).await.unwrap();
        synced.sort_by_key(|(id, _)| asked.iter().position(|one| one == id));
        let expected = [(0, Some(NOW)), (1, Some(NOW)), (3, None)];
        assert_eq!(synced, expected.map(|(at, synced)| (rooms[at].id, synced)));
    })
    .await;
}

#[tokio::test]
async fn series_are_known_by_the_meetings_that_are_kept_of_them() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let changes = vec![
            BusyChange::Busy(busy("a", 0)),
            BusyChange::Busy(occurrence("s", 2)),
            BusyChange::Busy(occurrence("s", 3)),
        ];
        take_in(world, &rooms[0], changes).await;
        let among = async |room: &Room| {
            let asked = ["s", "a", "unknown"].map(str::to_owned).to_vec();
            world.store.series_among(room.id, asked).await.unwrap()
        };
        assert_eq!(among(&rooms[0]).await, ["s"]);
        assert!(among(&rooms[1]).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn more_busy_times_than_fit_a_statement_come_change_and_go() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        let mut all: Vec<BusyTime> = (0..231)
            .map(|at| busy(&format!("e{at:03}"), at * HOUR_MS))
            .collect();
        all[7].organizer = None;
        all[8].ical_uid = None;
        take_in_all(world, &room, &all).await;
        assert_eq!(kept(world, &room).await, all);
        for busy in &mut all[..100] {
            busy.kind = BusyKind::Tentative;
        }
        all.truncate(150);
        take_in_all(world, &room, &all).await;
        assert_eq!(kept(world, &room).await, all);
    })
    .await;
}

#[tokio::test]
async fn a_round_that_fails_leaves_busy_times_and_cursor_as_they_were() {
    on_both(async |world| {
        let room = world.rooms(1).await.remove(0);
        take_in(world, &room, vec![BusyChange::Busy(busy("a", 0))]).await;
        // A NUL cannot be kept on PostgreSQL, so it fails there amid the round; on SQLite the
        // round has lost its lease, which is seen last.
        let is_sqlite = world.url.starts_with("sqlite");
        let event = if is_sqlite { "b" } else { "b\0" };
        let mut round = commit(&room, vec![gone("a"), BusyChange::Busy(busy(event, 0))]);
        round.cursor = Some(SyncCursor("later".to_owned()));
        round.lease = Instant(i64::from(is_sqlite));
        let told = world.store.commit_room_changes(round, nothing_learnt).await;
        assert!(!matches!(told, Ok(Some(_))), "{told:?}");
        assert_eq!(kept(world, &room).await, [busy("a", 0)]);
        let sync = world.store.room_sync(room.id).await.unwrap().unwrap();
        assert_eq!(sync.cursor, Some(SyncCursor("next".to_owned())));
    })
    .await;
}
