//! How the mirrors of all rooms stand, for administrators; and rooms read because one of them wants it.

mod listed;
mod shared;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use booking::ids::{BuildingId, RoomId};
use booking::mirror::{RoomHealth, SyncRun};
use booking::person::Person;
use booking::rooms_overview::{BuildingName, OverviewQuery, PAGE_ROOMS, RoomsOverview};
use booking::time::Instant;

use crate::roles::Act;
use crate::{Engine, Error};

use listed::{Listed, asked_for, in_order};
pub(crate) use shared::SharedReading;

/// What a building is called where it is no longer known.
const NO_NAME: &str = "";

/// How all rooms stood when they were read.
#[derive(Debug)]
pub(crate) struct RoomsRead {
    /// Just before.
    at: Instant,
    /// All but the rooms themselves, as pages show it.
    frame: RoomsOverview,
    /// By building and number.
    rooms: Vec<Listed>,
}

/// Every room that a query asks for, in its order, as they stood when they were read. Cheap to keep: rooms are shared
/// with everybody who looks.
#[derive(Clone, Debug)]
pub struct RoomsTable {
    read: Arc<RoomsRead>,
    found: Vec<u32>,
}

impl RoomsTable {
    /// When the rooms were read.
    pub fn read_at(&self) -> Instant {
        self.read.at
    }

    /// How many rooms there are.
    pub const fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether no room was found.
    pub const fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// So many rooms, after as many others: the name of the building, and how the room stands. Fewer at the end.
    pub fn rooms(&self, skip: usize, take: usize) -> impl Iterator<Item = (&str, &RoomHealth)> {
        let found = self.found.iter().skip(skip).take(take);
        found.filter_map(|at| {
            let one = self.read.rooms.get(*at as usize)?;
            Some((&*one.building, &one.health))
        })
    }
}

impl Engine {
    /// One page of how rooms stand. What is shown may be some seconds old, and tells since when it is so.
    ///
    /// # Errors
    /// [`booking::BookingError::AdminNeeded`] for everybody else; when the store cannot be read.
    pub async fn rooms_overview(
        &self,
        person: &Person,
        query: &OverviewQuery,
    ) -> Result<RoomsOverview, Error> {
        let table = self.rooms_table(person, query).await?;
        let matching = table.len() as u32;
        let page = query.page.min(matching.saturating_sub(1) / PAGE_ROOMS);
        let shown = table.rooms(page as usize * PAGE_ROOMS as usize, PAGE_ROOMS as usize);
        Ok(RoomsOverview {
            now: self.clock.now(),
            matching,
            page,
            rooms: shown.map(|(_, room)| room.clone()).collect(),
            ..table.read.frame.clone()
        })
    }

    /// Every room that a query asks for, whatever page it names.
    ///
    /// # Errors
    /// As [`Engine::rooms_overview`].
    pub async fn rooms_table(
        &self,
        person: &Person,
        query: &OverviewQuery,
    ) -> Result<RoomsTable, Error> {
        self.authorize(person, Act::SeeMirror).await?;
        let asked_at = self.store.sync_asked_at(None).await?;
        let read = self
            .rooms_read
            .since(asked_at, self.clock.as_ref(), self.read_rooms())
            .await?;
        let found = asked_for(query, &read.rooms);
        Ok(RoomsTable { read, found })
    }

    /// Has one room read now, or all of them, because an administrator wants it; not more often than
    /// [`sync_now`](crate::sync_now) lets them be.
    ///
    /// # Errors
    /// [`booking::BookingError::AdminNeeded`] for everybody else; `NotFound` for a room that is not there or not
    /// linked; when the store fails.
    pub async fn sync_rooms(
        &self,
        person: &Person,
        room: Option<RoomId>,
    ) -> Result<SyncRun, Error> {
        self.authorize(person, Act::SyncRooms).await?;
        match room {
            Some(room) => self.sync_room_now(room).await,
            None => self.sync_all_now().await,
        }
    }

    async fn read_rooms(&self) -> Result<RoomsRead, Error> {
        let health = self.rooms_health().await?;
        let names = self.building_names();
        Ok(RoomsRead {
            at: health.now,
            frame: RoomsOverview {
                now: health.now,
                read_at: health.now,
                totals: health.totals,
                run: health.run,
                buildings: buildings_of(&health.rooms, &names),
                matching: 0,
                page: 0,
                rooms: Vec::new(),
            },
            rooms: in_order(health.rooms, &names),
        })
    }

    fn building_names(&self) -> HashMap<BuildingId, Arc<str>> {
        let world = self.index.read();
        let buildings = world.buildings.iter().map(|one| &one.building);
        buildings
            .map(|one| (one.id, Arc::from(one.name.as_str())))
            .collect()
    }
}

fn name_of(names: &HashMap<BuildingId, Arc<str>>, building: BuildingId) -> Arc<str> {
    names
        .get(&building)
        .map_or_else(|| Arc::from(NO_NAME), Arc::clone)
}

fn buildings_of(rooms: &[RoomHealth], names: &HashMap<BuildingId, Arc<str>>) -> Vec<BuildingName> {
    let there: HashSet<BuildingId> = rooms.iter().map(|room| room.building).collect();
    let mut buildings: Vec<BuildingName> = there
        .into_iter()
        .map(|id| BuildingName {
            id,
            name: name_of(names, id).to_string(),
        })
        .collect();
    buildings.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    buildings
}
