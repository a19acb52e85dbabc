//! Every word of the business of booking rooms.
//!
//! This crate is pure: it does no I/O, knows no runtime, reads no clock and draws no random
//! number. It compiles to WASM and is shared, type for type, by the server and the browser.
//!
//! | to learn about | open |
//! |---|---|
//! | ids and mailbox addresses | [`ids`] |
//! | instants, half-open ranges, clocks | [`time`] |
//! | people and what a caller may be | [`person`] |
//! | buildings, floors, sections | [`place`] |
//! | rooms, their equipment and seats | [`room`] |
//! | the drawing of a floor | [`plan`] |
//! | what a calendar says | [`event`] |
//! | what we promised, and its states | [`reservation`] |
//! | a reservation as a file for any calendar | [`ics`] |
//! | may this caller have that room then? | [`rules`] |
//! | which rooms are free? | [`search`] |
//! | when a repeating event takes place | [`recurrence`] |
//! | a room for every date of a series | [`series`] |
//! | what is on in a room today? | [`room_day`] |
//! | how true the mirror of the calendars is | [`mirror`] |
//! | how the mirrors of all rooms stand, page by page | [`rooms_overview`] |
//! | what does a calendar system tell by itself? | [`notice`] |
//! | the seam to Microsoft 365 and Exchange | [`provider`] |
//! | what a person is told when it cannot be done | [`error`] |

pub mod error;
pub mod event;
pub mod ics;
pub mod ids;
pub mod mirror;
pub mod notice;
pub mod person;
pub mod place;
pub mod plan;
pub mod provider;
pub mod random;
pub mod recurrence;
pub mod reservation;
pub mod room;
pub mod room_day;
pub mod rooms_overview;
pub mod rules;
pub mod search;
pub mod series;
pub mod time;

pub use error::BookingError;
pub use ids::{
    BuildingId, ConnectionId, DraftKey, FloorId, MailboxAddress, ReservationId, RoomId, SectionId,
    SeriesId, ShapeId,
};
pub use time::{Instant, TimeRange, ZoneName};
