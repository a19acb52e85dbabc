//! Finding rooms: the catalogue, the plan, the search, and Exchange's own word.
#![expect(
    missing_docs,
    reason = "the server macro makes a struct of each function's arguments"
)]

use booking::ids::{BuildingId, FloorId, RoomId};
use booking::place::Building;
use booking::plan::Plan;
use booking::room::Room;
use booking::room_day::RoomDay;
use booking::search::RoomQuery;
use booking::search::found::{CheckedRooms, FoundRooms};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// What does not change while one searches.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Catalogue {
    /// Every building, by name.
    pub buildings: Vec<Building>,
    /// The building whose rooms follow. `None`: there is none yet.
    pub building: Option<BuildingId>,
    /// Its rooms in the order in which `FoundRooms::states` tells of each floor's.
    pub rooms: Vec<Room>,
    /// The server's clock, in milliseconds UTC.
    pub now: booking::Instant,
    /// Minutes by which the building's clock is ahead of UTC now; for a first guess of “today”.
    pub utc_offset_minutes: i32,
}

/// Buildings, floors and rooms. `building`: `None` for the first.
#[server(prefix = "/api", endpoint = "rooms/catalogue", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn load_catalogue(building: Option<BuildingId>) -> Result<Catalogue, ApiError> {
    super::caller::person()?;
    let found = super::caller::engine().catalogue(building)?;
    Ok(Catalogue {
        buildings: found.buildings,
        building: found.building,
        rooms: found.rooms,
        now: found.now,
        utc_offset_minutes: found.utc_offset_minutes,
    })
}

/// The drawing of a floor. `None`: it has none yet.
#[server(prefix = "/api", endpoint = "rooms/plan", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn load_plan(floor: FloorId) -> Result<Option<Plan>, ApiError> {
    super::caller::person()?;
    Ok(super::caller::engine().plan(floor).await?)
}

/// Which rooms are free, out of memory. `floor`: the floor on screen; `None`: that of the best hit.
#[server(prefix = "/api", endpoint = "rooms/find", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn find_rooms(query: RoomQuery, floor: Option<FloorId>) -> Result<FoundRooms, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().find_rooms(&person, &query, floor)?)
}

/// How many rooms would be free and fit in each quarter of an hour of a day, from 7:00 to 19:00.
#[server(prefix = "/api", endpoint = "rooms/day", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn free_over_day(query: RoomQuery, date: String) -> Result<Vec<u32>, ApiError> {
    super::caller::person()?;
    Ok(super::caller::engine().free_over_day(&query, &date)?)
}

/// What is on in a room over the day, by the building's clock, that this instant is part of.
#[server(prefix = "/api", endpoint = "rooms/meetings", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn load_room_day(room: RoomId, at: booking::Instant) -> Result<RoomDay, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().room_day(&person, room, at).await?)
}

/// Every reason for these rooms and the smallest change that would have each, out of memory; at most 100.
#[server(prefix = "/api", endpoint = "rooms/explain", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn explain(query: RoomQuery, rooms: Vec<RoomId>) -> Result<CheckedRooms, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().explain(&person, &query, &rooms)?)
}

/// How these rooms stand by Exchange's own word; at most 20.
#[server(prefix = "/api", endpoint = "rooms/check", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn check_availability(
    query: RoomQuery,
    rooms: Vec<RoomId>,
) -> Result<CheckedRooms, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine()
        .check_availability(&person, &query, &rooms)
        .await?)
}
