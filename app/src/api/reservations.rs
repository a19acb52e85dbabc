//! Holding, placing and cancelling reservations.
#![expect(
    missing_docs,
    reason = "the server macro makes a struct of each function's arguments"
)]

use booking::ids::{DraftKey, MailboxAddress, ReservationId, RoomId};
use booking::reservation::{Cancelling, Reservation, Swap, WhyNot};
use booking::room::Room;
use booking::search::When;
use booking::{Instant, TimeRange};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// A reservation with what is needed to show it.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ReservationView {
    /// The reservation.
    pub reservation: Reservation,
    /// Its room. `None`: the room is no longer there.
    pub room: Option<Room>,
    /// The building's name.
    pub building: String,
    /// The floor's label.
    pub floor: String,
    /// Whether the person may cancel it now.
    pub can_cancel: bool,
    /// Why the person may not give it another time or room here now. `None`: they may.
    #[serde(default)]
    pub why_not: Option<WhyNot>,
    /// Whether its room can be made to decline; told only where one reservation was asked for.
    #[serde(default)]
    pub can_decline: bool,
    /// Rooms that would do, the best first, where its own said no: the number, and where it can be booked for that time.
    #[serde(default)]
    pub instead: Vec<(String, String)>,
}

/// What shall become of a reservation.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChangeRequest {
    /// The reservation.
    pub id: ReservationId,
    /// Its room from now on; it may be the same.
    pub room: RoomId,
    /// Its time from now on, one range; it may be the same.
    pub when: When,
}

/// What the pane asks to hold.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct HoldRequest {
    /// The draft; drawn once by the pane.
    pub draft: DraftKey,
    /// The room.
    pub room: RoomId,
    /// The draft's time.
    pub range: TimeRange,
}

/// A hold that was made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct HoldView {
    /// When it lapses unless it is kept.
    pub lapses_at: Instant,
    /// To be kept with the draft: with it Outlook asks again when the draft is sent. Opaque.
    pub ticket: String,
}

/// What the portal asks to place.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct PlaceRequest {
    /// The room.
    pub room: RoomId,
    /// When: one range.
    pub when: When,
    /// What it is about; empty: “Reserved: ”, and the name of the room.
    pub subject: String,
    /// Ties retries together: the same key places once. Drawn by the page when the form opens.
    pub key: ReservationId,
    /// What is to be taken by itself if the room says no. `None`: nothing; the person is asked.
    #[serde(default)]
    pub swap: Option<Swap>,
    /// In whose calendar the event shall stand, who has shared it with the person. `None`: in the person's own.
    #[serde(default)]
    pub on_behalf: Option<MailboxAddress>,
}

/// Re-checks the room with Exchange and holds it for a draft; moves the draft's hold if it has one.
#[server(prefix = "/api", endpoint = "reservations/hold", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn hold(request: HoldRequest) -> Result<HoldView, ApiError> {
    let HoldRequest { draft, room, range } = request;
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    Ok(HoldView {
        lapses_at: engine.hold(&person, draft, room, range).await?,
        ticket: engine.ticket(&person, draft, room)?,
    })
}

/// Keeps a draft's hold alive while its pane is open. `None`: it has lapsed or was never made.
#[server(prefix = "/api", endpoint = "reservations/keep_hold", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn keep_hold(draft: DraftKey) -> Result<Option<Instant>, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().keep_hold(&person, draft).await?)
}

/// Gives up a draft's hold.
#[server(prefix = "/api", endpoint = "reservations/drop_hold", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn drop_hold(draft: DraftKey) -> Result<(), ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().drop_hold(&person, draft).await?)
}

/// Places a reservation as the person: the event stands in their calendar with the room invited.
#[server(prefix = "/api", endpoint = "reservations/place", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn place(request: PlaceRequest) -> Result<ReservationView, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let placed = engine
        .place_reservation(
            &person,
            request.key,
            request.room,
            &request.when,
            engine::place_reservation::Wish {
                subject: request.subject,
                swap: request.swap,
                on_behalf: request.on_behalf,
            },
        )
        .await?;
    Ok(engine.describe(placed).into())
}

/// Whether the person could book this room now: an error says what keeps them from it, before they press anything.
#[server(prefix = "/api", endpoint = "reservations/preflight", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn preflight(room: RoomId) -> Result<(), ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().preflight(&person, room).await?)
}

/// A reservation of the person's own.
#[server(prefix = "/api", endpoint = "reservations/one", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn one(id: ReservationId) -> Result<ReservationView, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let reservation = engine.my_reservation(&person, id).await?;
    let can_decline = engine.why_no_decline(&reservation).await?.is_none();
    Ok(ReservationView {
        can_decline,
        ..engine.describe(reservation).into()
    })
}

/// Gives a reservation of the person's own another time, length or room.
#[server(prefix = "/api", endpoint = "reservations/change", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn change(request: ChangeRequest) -> Result<ReservationView, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let ChangeRequest { id, room, when } = request;
    let changed = engine.change_reservation(&person, id, room, &when).await?;
    Ok(engine.describe(changed).into())
}

/// Cancels a reservation of the person's own, or gives back its room alone.
#[server(prefix = "/api", endpoint = "reservations/cancel", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn cancel(
    id: ReservationId,
    #[server(default)] what: Cancelling,
) -> Result<ReservationView, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let cancelled = engine.cancel_reservation(&person, id, what).await?;
    Ok(engine.describe(cancelled).into())
}

/// Makes the room of a reservation decline, where that is allowed: one of the person's own, or, for administrators, any.
#[server(prefix = "/api", endpoint = "reservations/decline", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn decline(id: ReservationId) -> Result<ReservationView, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let declined = engine.decline_room(&person, id).await?;
    Ok(engine.describe(declined).into())
}

/// The person's reservations, the next one first; ended and declined ones of the last week too.
#[server(prefix = "/api", endpoint = "reservations/mine", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn mine() -> Result<Vec<ReservationView>, ApiError> {
    let person = super::caller::person()?;
    let engine = super::caller::engine();
    let mine = engine.my_reservations(&person).await?;
    Ok(mine
        .into_iter()
        .map(|one| engine.describe(one).into())
        .collect())
}

#[cfg(feature = "ssr")]
impl From<engine::Described> for ReservationView {
    fn from(described: engine::Described) -> Self {
        Self {
            reservation: described.reservation,
            room: described.room,
            building: described.building,
            floor: described.floor,
            can_cancel: described.can_cancel,
            why_not: described.why_not,
            can_decline: false,
            instead: described
                .instead
                .into_iter()
                .map(|offer| (offer.number, offer.path))
                .collect(),
        }
    }
}
