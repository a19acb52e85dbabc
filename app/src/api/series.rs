//! Rooms for every date of a series: planned, placed, and how it is getting on.
//!
//! A page goes this way:
//!
//! 1. [`plan`] with a [`SeriesWish`] as often as something in it changes; nothing is kept. Each date says which room it
//!    would have, or why it has none, and who says so. To skip, move or fix a date, add a
//!    [`DateWish`](booking::series::DateWish) with its number and ask again.
//! 2. [`place`] with the same wish and, for each date, the room of the plan that the person saw. All dates are placed or
//!    none: [`ApiError::dates`] names those whose room was taken meanwhile, and why.
//! 3. [`mine`] tells the progress of what was placed, date by date. A date waits while its reservation is `Held` (not in
//!    the calendar yet) or `Submitted` (the room has not answered); only `Confirmed` is a yes.
//! 4. [`retry`] for a date that has no room and is offered one.
#![expect(
    missing_docs,
    reason = "the server macro makes a struct of each function's arguments"
)]

use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::series::{PlacedSeries, PlannedSeries, SeriesWish};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// What the portal asks to place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceSeriesRequest {
    /// Ties retries together: the same key places once. Drawn by the page when the form opens.
    pub key: SeriesId,
    /// What it is about; empty: “Reserved: ”, and the name of a room.
    pub subject: String,
    /// The series, as it was planned.
    pub wish: SeriesWish,
    /// The room of each date in the plan that the person saw, in order of the numbers. `None`: the date is left out.
    pub rooms: Vec<Option<RoomId>>,
}

/// A date that has no room, and the one it shall have.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RetryDateRequest {
    /// The series.
    pub series: SeriesId,
    /// Which date, counted from 1.
    pub number: u32,
    /// The room.
    pub room: RoomId,
    /// What it is about; empty: “Reserved: ”, and the name of the room. The date is not in the series any more: it comes
    /// back as a meeting of its own, and subjects are not kept here.
    pub subject: String,
    /// Ties retries together: the same key places once.
    pub key: ReservationId,
}

/// A room for every date that can have one, with the fewest changes of room; the rooms of the plan are asked about at
/// Exchange. Nothing is kept.
#[server(prefix = "/api", endpoint = "series/plan", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn plan(wish: SeriesWish) -> Result<PlannedSeries, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().plan_series(&person, &wish).await?)
}

/// Places a series as the person: every date is promised at once, or none.
#[server(prefix = "/api", endpoint = "series/place", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn place(request: PlaceSeriesRequest) -> Result<PlacedSeries, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let PlaceSeriesRequest {
        key,
        subject,
        wish,
        rooms,
    } = request;
    let placed = engine.place_series(&person, key, &wish, &rooms, &subject);
    Ok(placed.await?)
}

/// The person's series that are not over, the newest first.
#[server(prefix = "/api", endpoint = "series/mine", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn mine() -> Result<Vec<PlacedSeries>, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().my_series(&person).await?)
}

/// Places a date that has no room in one that is free by now.
#[server(prefix = "/api", endpoint = "series/retry", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn retry(request: RetryDateRequest) -> Result<PlacedSeries, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let RetryDateRequest {
        series,
        number,
        room,
        subject,
        key,
    } = request;
    let date = (series, number);
    let placed = engine.place_left_out(&person, date, key, room, &subject);
    Ok(placed.await?)
}
