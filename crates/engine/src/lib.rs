//! Where things happen: what a person asks for, and what runs by itself.
//!
//! The engine knows no HTTP, no SQL and no wire format. It sees calendars through
//! [`booking::provider::CalendarProvider`] and keeps its promises in [`store::Store`], so it can
//! be driven by a test with a fake provider and a clock moved by hand.
//!
//! | use-case | file |
//! |---|---|
//! | buildings, rooms and plans as pages need them | [`catalogue`] |
//! | which rooms are free, out of memory | [`find_rooms`] |
//! | why rooms are not to be had, and what would have them | [`explain`] |
//! | what is on in a room today | [`room_day`] |
//! | what Exchange itself says | [`check_availability`] |
//! | a courtesy hold for a draft in Outlook | [`hold`] |
//! | what a draft carries of its room, and asking again when it is sent | [`ticket`], [`check_draft`] |
//! | a reservation as the person | [`place_reservation`] |
//! | whether a person could book, and how far a booking has come | [`steps`] |
//! | booking in the calendar of somebody else | `on_behalf` |
//! | giving it another time or room | [`change_reservation`] |
//! | a room for every date of a series, planned and placed | [`plan_series`], [`place_series`] |
//! | how series are getting on | [`my_series`] |
//! | the next best room when one says no | `swap` |
//! | what administrators run where a mailbox cannot be worked with | `what_to_run` |
//! | taking it back | [`cancel_reservation`] |
//! | a room made to decline | [`decline_room`] |
//! | a person's own list | [`my_reservations`] |
//! | rooms offered in the place of one that said no | [`instead`] |
//! | who may do what | [`roles`] |
//! | plans in, rooms linked to mailboxes | [`edit_plans`], [`link_rooms`] |
//! | rooms and tenants disconnected | [`unlink_rooms`] |
//! | how true the mirror of each room is | [`rooms_health`] |
//! | calendars read because somebody asks for it | [`sync_now`] |
//! | the same for administrators, page by page | [`rooms_overview`] |
//! | all that runs by itself | [`sync`] |

pub mod cancel_reservation;
pub mod catalogue;
pub mod change_reservation;
pub mod check_availability;
pub mod check_draft;
pub mod decline_room;
pub mod edit_plans;
mod engine;
pub mod error;
pub mod explain;
pub mod find_rooms;
pub mod hold;
pub mod instead;
mod letter;
pub mod link_rooms;
pub mod live_index;
pub mod my_reservations;
pub mod my_series;
mod on_behalf;
pub mod place_left_out;
pub mod place_reservation;
pub mod place_series;
pub mod plan_series;
pub mod providers;
pub mod roles;
pub mod room_day;
pub mod rooms_health;
pub mod rooms_overview;
pub mod steps;
mod swap;
pub mod sync;
pub mod sync_now;
pub mod ticket;
pub mod unlink_rooms;
mod what_to_run;
pub mod when;

pub use engine::{Engine, Parts, Settings};
pub use error::{Error, incident};
pub use my_reservations::Described;
