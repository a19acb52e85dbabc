//! What people do in Etage, as server functions would pass it on.

use std::sync::Arc;

use booking::ids::{DraftKey, ReservationId, RoomId, SeriesId};
use booking::person::Person;
use booking::reservation::{Cancelling, Reservation};
use booking::search::When;
use booking::series::{PlacedSeries, SeriesWish};
use booking::time::{Instant, TimeRange};
use engine::{Engine, Error};

/// Places a reservation in the portal.
///
/// # Errors
/// As [`Engine::place_reservation`].
pub async fn place(
    engine: &Arc<Engine>,
    person: &Person,
    key: ReservationId,
    room: RoomId,
    range: TimeRange,
) -> Result<Reservation, Error> {
    let when = When::Exact {
        ranges: vec![range],
    };
    engine
        .place_reservation(person, key, room, &when, "Stand-up")
        .await
}

/// Plans a series and places what the plan has.
///
/// # Errors
/// As [`Engine::plan_series`] and [`Engine::place_series`].
pub async fn place_series(
    engine: &Arc<Engine>,
    person: &Person,
    key: SeriesId,
    wish: &SeriesWish,
) -> Result<PlacedSeries, Error> {
    let plan = engine.plan_series(person, wish).await?;
    let rooms: Vec<Option<RoomId>> = plan.dates.iter().map(|date| date.assigned.room()).collect();
    engine
        .place_series(person, key, wish, &rooms, "Stand-up")
        .await
}

/// Adds a room to a draft in the pane; until when it is held.
///
/// # Errors
/// As [`Engine::hold`].
pub async fn hold(
    engine: &Arc<Engine>,
    person: &Person,
    draft: DraftKey,
    room: RoomId,
    range: TimeRange,
) -> Result<Instant, Error> {
    engine.hold(person, draft, room, range).await
}

/// Gives a reservation another room and time.
///
/// # Errors
/// As [`Engine::change_reservation`].
pub async fn change(
    engine: &Arc<Engine>,
    person: &Person,
    id: ReservationId,
    room: RoomId,
    range: TimeRange,
) -> Result<Reservation, Error> {
    let when = When::Exact {
        ranges: vec![range],
    };
    engine.change_reservation(person, id, room, &when).await
}

/// Takes a reservation back.
///
/// # Errors
/// As [`Engine::cancel_reservation`].
pub async fn cancel(
    engine: &Arc<Engine>,
    person: &Person,
    id: ReservationId,
) -> Result<Reservation, Error> {
    engine
        .cancel_reservation(person, id, Cancelling::Whole)
        .await
}
