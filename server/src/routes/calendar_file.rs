//! `GET /reservation/{id}/calendar.ics`: a reservation of one's own as a file for any calendar.

use std::sync::Arc;

use app::api::ApiError;
use app::api::caller::{self, Call};
use app::text::reservation::details;
use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use booking::BookingError;
use booking::ics::CalendarEntry;
use booking::ids::ReservationId;
use booking::person::Caller;
use booking::reservation::ReservationState;
use engine::Error;
use uuid::Uuid;

use crate::state::AppState;

/// To its owner only, as long as it stands.
pub async fn calendar_file(
    State(state): State<AppState>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<String>,
) -> Response {
    let call = Call::new(Arc::clone(&state.engine), caller);
    let origin = state.config.http.origin.as_str().trim_end_matches('/');
    match call.run(write(&id, origin)).await {
        (Ok(file), _) => (
            [
                (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
                (
                    header::CONTENT_DISPOSITION,
                    "attachment; filename=\"reservation.ics\"",
                ),
                (header::CACHE_CONTROL, "no-store"),
            ],
            file,
        )
            .into_response(),
        (Err(problem), status) => {
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, problem.sentence()).into_response()
        }
    }
}

async fn write(id: &str, origin: &str) -> Result<String, ApiError> {
    let person = caller::person()?;
    let engine = caller::engine();
    // What is no id is answered like an unknown one.
    let id = ReservationId(id.parse().unwrap_or(Uuid::nil()));
    let reservation = engine.my_reservation(&person, id).await?;
    let described = engine.describe(reservation);
    let reservation = &described.reservation;
    let room = described
        .room
        .as_ref()
        .filter(|_| reservation.state.is_open());
    let room = room.ok_or_else(|| {
        Error::from(BookingError::NotFound {
            what: "reservation that stands",
        })
    })?;
    let own_uid = format!("{id}@etage");
    let event = reservation.event.as_ref();
    let url = format!("{origin}/reservation/{id}");
    let entry = CalendarEntry {
        // The same as the meeting's own: a calendar that has it already keeps one.
        uid: event.map_or(&own_uid, |event| &event.ical_uid),
        stamp: engine.clock().now(),
        range: reservation.range,
        is_certain: matches!(
            reservation.state,
            ReservationState::Confirmed | ReservationState::CheckedIn
        ),
        summary: &room.name,
        location: &format!("{}, {}", room.name, described.building),
        description: &details(
            room,
            &described.building,
            &described.floor,
            reservation.range,
        ),
        url: &url,
    };
    Ok(entry.file())
}
