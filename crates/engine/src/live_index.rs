//! The search index of every building, kept in step with the store.
//!
//! One path leads in: a revision of the store moves, the rooms it names are read again, their
//! intervals replaced, and everyone who listens is told which rooms moved. Which process made the
//! change does not matter. A reading that found nothing new only makes the mirror younger: it has
//! nobody ask again, and Exchange's word stands beside it.

mod ours;

use std::collections::{HashMap, HashSet};

use booking::ids::{BuildingId, RoomId};
use booking::person::PersonId;
use booking::place::Building;
use booking::reservation::Reservation;
use booking::room::Room;
use booking::search::Occupancy;
use booking::search::found::RoomsMoved;
use booking::search::index::SearchIndex;
use booking::time::{DAY_MS, Instant, TimeRange};
use futures::StreamExt;
use parking_lot::RwLock;
use store::revisions::{Revision, RoomChanges};
use tokio::sync::broadcast;

pub(crate) use self::ours::Ours;
use crate::{Engine, Error};

/// How many moves a slow listener may fall behind before it is told to ask for everything.
const MOVES_KEPT: usize = 1_024;

/// The buildings, their rooms, and who listens.
#[derive(Debug)]
pub struct LiveIndex {
    world: RwLock<World>,
    moved: broadcast::Sender<RoomsMoved>,
}

/// Everything a search looks at.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) buildings: Vec<BuildingIndex>,
    pub(crate) revision: Revision,
}

/// One building.
#[derive(Debug)]
pub(crate) struct BuildingIndex {
    pub(crate) building: Building,
    pub(crate) rooms: SearchIndex,
    /// When each room's mirror was last read.
    pub(crate) synced: HashMap<RoomId, Instant>,
    as_of: Option<Instant>,
    /// Open reservations of ours, by room; rooms without any are left out.
    pub(crate) ours: HashMap<RoomId, Vec<Ours>>,
}

impl World {
    /// The building asked for, or the first one.
    pub(crate) fn building(&self, id: Option<BuildingId>) -> Option<&BuildingIndex> {
        match id {
            Some(id) => self.buildings.iter().find(|one| one.building.id == id),
            None => self.buildings.first(),
        }
    }

    /// A room and the building it stands in.
    pub(crate) fn room(&self, id: RoomId) -> Option<(&BuildingIndex, &Room)> {
        self.buildings
            .iter()
            .find_map(|one| Some((one, one.rooms.room(id)?)))
    }
}

impl BuildingIndex {
    /// Our open reservations of a room.
    pub(crate) fn ours(&self, room: RoomId) -> &[Ours] {
        self.ours.get(&room).map_or(&[], Vec::as_slice)
    }

    /// What the calendar, which shows this, does not show yet of our reservations of a room; the
    /// holds of this person's own drafts left out, for they move when the drafts do.
    pub(crate) fn unseen_by(
        &self,
        person: PersonId,
        room: RoomId,
        shown: &[Occupancy],
        now: Instant,
    ) -> Vec<Occupancy> {
        let read_at = self.synced.get(&room).copied();
        self.ours(room)
            .iter()
            .filter(|one| one.is_unseen(shown, read_at, now) && !one.is_draft_of(person))
            .map(Ours::occupancy)
            .collect()
    }

    /// When the mirror was read that is oldest. `None`: some linked room never was.
    pub(crate) const fn as_of(&self) -> Option<Instant> {
        self.as_of
    }

    /// Looks for the oldest mirror anew. Done once for all rooms that changed together, because
    /// every search tells the age and none should have to go over all rooms for it.
    fn note_age(&mut self) {
        let linked = self.rooms.rooms().iter().filter(|room| room.link.is_some());
        let mut oldest = None;
        for room in linked {
            let Some(synced) = self.synced.get(&room.id) else {
                self.as_of = None;
                return;
            };
            oldest = Some(oldest.map_or(*synced, |oldest: Instant| oldest.min(*synced)));
        }
        self.as_of = oldest;
    }

    /// Puts what the store knows of a room in the place of what is here. Whether anything moved: not
    /// when all that is new is the time of reading.
    fn put(&mut self, contents: RoomContents, now: Instant) -> bool {
        let id = contents.room;
        let read_before = match contents.synced_at {
            Some(at) => self.synced.insert(id, at),
            None => self.synced.remove(&id),
        };
        // What is neither seen here nor a reading is told elsewhere, such as the note of a
        // reservation that is closed.
        let is_reading = read_before.is_some() && read_before != contents.synced_at;
        let ours: Vec<Ours> = contents.ours.iter().map(Ours::of).collect();
        let mut occupancies = contents.occupancies;
        let unseen: Vec<Occupancy> = ours
            .iter()
            .filter(|one| one.is_unseen(&occupancies, contents.synced_at, now))
            .map(Ours::occupancy)
            .collect();
        occupancies.extend(unseen);
        let is_taken_otherwise = self.rooms.set_room_occupancies(id, occupancies);
        let is_ours_otherwise = self.ours(id) != ours;
        // Most rooms have none, and a search looks every room of a floor up.
        if ours.is_empty() {
            self.ours.remove(&id);
        } else {
            self.ours.insert(id, ours);
        }
        is_taken_otherwise || is_ours_otherwise || !is_reading
    }
}

/// What the store knows of one room.
struct RoomContents {
    room: RoomId,
    occupancies: Vec<Occupancy>,
    ours: Vec<Reservation>,
    synced_at: Option<Instant>,
}

impl LiveIndex {
    pub(crate) fn new() -> Self {
        Self {
            world: RwLock::new(World {
                buildings: Vec::new(),
                revision: Revision(0),
            }),
            moved: broadcast::channel(MOVES_KEPT).0,
        }
    }

    /// Looks at the world; hold it no longer than one answer takes.
    pub(crate) fn read(&self) -> parking_lot::RwLockReadGuard<'_, World> {
        self.world.read()
    }

    /// Lets go of days that nobody asks for any more.
    pub(crate) fn drop_cold_days(&self, now: Instant) {
        for building in &mut self.world.write().buildings {
            building.rooms.drop_cold_days(now);
        }
    }

    /// Tells of every room that moves from now on.
    pub fn listen(&self) -> broadcast::Receiver<RoomsMoved> {
        self.moved.subscribe()
    }

    /// Takes over what the store knows of these rooms; gives those that moved.
    fn put(
        &self,
        contents: Vec<RoomContents>,
        revision: Revision,
        now: Instant,
    ) -> HashSet<RoomId> {
        let mut world = self.world.write();
        world.revision = world.revision.max(revision);
        let mut touched = HashSet::new();
        let mut moved = HashSet::new();
        for one in contents {
            let room = one.room;
            let home = world
                .buildings
                .iter_mut()
                .find(|building| building.rooms.room(room).is_some());
            if let Some(building) = home {
                touched.insert(building.building.id);
                if building.put(one, now) {
                    moved.insert(room);
                }
            }
        }
        for building in &mut world.buildings {
            if touched.contains(&building.building.id) {
                building.note_age();
            }
        }
        moved
    }

    fn publish(&self, moved: RoomsMoved) {
        // Nobody listening is no fault.
        let _listeners = self.moved.send(moved);
    }
}

impl Engine {
    /// Live updates: every room that moves from now on, and the revision to start from.
    pub fn listen(&self) -> (i64, broadcast::Receiver<RoomsMoved>) {
        let listener = self.index.listen();
        (self.revision(), listener)
    }

    /// What the index shows.
    pub fn revision(&self) -> i64 {
        self.index.read().revision.0
    }

    /// The stretch of time the index covers.
    pub(crate) fn window(&self) -> TimeRange {
        let now = self.clock.now();
        let start = now.plus_ms(-DAY_MS);
        let end = now.plus_ms(self.settings.window_days * DAY_MS);
        TimeRange::new(start, end).unwrap_or_else(|_| unreachable_window(now))
    }

    /// Reads everything anew: at start, and when rooms, plans or links changed.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn reload_index(&self) -> Result<(), Error> {
        let revision = self.store.revision().await?;
        let now = self.clock.now();
        let window = self.window();
        let mut rooms: HashMap<BuildingId, Vec<Room>> = HashMap::new();
        for room in self.store.rooms().await? {
            rooms.entry(room.building).or_default().push(room);
        }
        let mut contents: HashMap<RoomId, RoomContents> = HashMap::new();
        for sync in self.store.room_syncs().await? {
            entry(&mut contents, sync.room).synced_at = sync.synced_at;
        }
        let mut occupied = self.store.occupancies(window);
        while let Some(one) = occupied.next().await {
            let (room, occupancies) = one?;
            entry(&mut contents, room).occupancies = occupancies;
        }
        for reservation in self.store.open_reservations(window).await? {
            entry(&mut contents, reservation.room)
                .ours
                .push(reservation);
        }
        let mut buildings = Vec::new();
        for building in self.store.buildings().await? {
            let rooms = rooms.remove(&building.id).unwrap_or_default();
            let mut index = BuildingIndex {
                rooms: SearchIndex::new(rooms),
                building,
                synced: HashMap::new(),
                as_of: None,
                ours: HashMap::new(),
            };
            let ids: Vec<RoomId> = index.rooms.rooms().iter().map(|room| room.id).collect();
            for id in ids {
                if let Some(contents) = contents.remove(&id) {
                    index.put(contents, now);
                }
            }
            index.note_age();
            buildings.push(index);
        }
        *self.index.world.write() = World {
            buildings,
            revision,
        };
        self.rooms_read.outdate();
        self.index.publish(RoomsMoved {
            revision: revision.0,
            rooms: Vec::new(),
        });
        Ok(())
    }

    /// Takes over whatever was committed since the index was last brought up to date.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn catch_up(&self) -> Result<(), Error> {
        let since = self.index.read().revision;
        let changed = self.store.changed_since(since).await?;
        self.take_over(changed).await
    }

    /// Whether one of these rooms is not as the index knows it: imported or linked by a command, or
    /// by another process.
    async fn has_new_rooms(&self, rooms: &[RoomId]) -> Result<bool, Error> {
        let kept = self.store.rooms_among(rooms).await?;
        let kept: HashMap<RoomId, &Room> = kept.iter().map(|room| (room.id, room)).collect();
        let world = self.index.read();
        let is_new = |id: &RoomId| world.room(*id).map(|(_, room)| room) != kept.get(id).copied();
        Ok(rooms.iter().any(is_new))
    }

    /// Reads the rooms that changed anew, replaces their intervals, and tells who listens which of
    /// them moved.
    pub(crate) async fn take_over(&self, changed: RoomChanges) -> Result<(), Error> {
        if changed.rooms.is_empty() {
            return Ok(());
        }
        if self.has_new_rooms(&changed.rooms).await? {
            return self.reload_index().await;
        }
        let contents = self.contents_of(&changed.rooms).await?;
        let mut moved = self.index.put(contents, changed.revision, self.clock.now());
        // Whoever saw only the mirror of a room asks again now that it is younger.
        let shown =
            (changed.rooms.iter().copied()).filter(|room| self.availability.end_stand_in(*room));
        moved.extend(shown);
        // None at all would mean “any of them”.
        if moved.is_empty() {
            return Ok(());
        }
        for room in &moved {
            self.availability.forget(*room);
        }
        self.index.publish(RoomsMoved {
            revision: changed.revision.0,
            rooms: moved.into_iter().collect(),
        });
        Ok(())
    }
}

impl Engine {
    async fn contents_of(&self, rooms: &[RoomId]) -> Result<Vec<RoomContents>, Error> {
        let window = self.window();
        let mut contents = HashMap::with_capacity(rooms.len());
        for room in rooms {
            entry(&mut contents, *room);
        }
        // First, so that nothing is shown as younger than it is.
        for (room, synced_at) in self.store.synced_at_among(rooms).await? {
            entry(&mut contents, room).synced_at = synced_at;
        }
        for (room, occupancies) in self.store.occupancies_among(rooms, window).await? {
            entry(&mut contents, room).occupancies = occupancies;
        }
        for reservation in self.store.open_reservations_among(rooms, window).await? {
            entry(&mut contents, reservation.room)
                .ours
                .push(reservation);
        }
        Ok(contents.into_values().collect())
    }
}

fn entry(contents: &mut HashMap<RoomId, RoomContents>, room: RoomId) -> &mut RoomContents {
    contents.entry(room).or_insert_with(|| RoomContents {
        room,
        occupancies: Vec::new(),
        ours: Vec::new(),
        synced_at: None,
    })
}

fn unreachable_window(now: Instant) -> TimeRange {
    // `window_days` is positive by construction; a day around now keeps even a wrong setting alive.
    TimeRange::new(now, now.plus_ms(DAY_MS)).expect("a day is never empty")
}
