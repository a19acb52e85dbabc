//! What Etage keeps, in SQLite or in PostgreSQL.
//!
//! SQL never leaves this crate, and decisions never enter it: methods are named after what is
//! kept. It reads no clock and draws no random number; both are passed in. One SQL text serves
//! both databases; where that cannot be, the second text says which dialect forced it.
//!
//! | to learn about | open |
//! |---|---|
//! | opening, migrating, health | [`Store`] |
//! | how one text runs on two databases | `pool.rs`, `sql.rs`, `row.rs` |
//! | connections to tenants, sealed credentials | [`tenants`] |
//! | secrets at rest | [`seal`] |
//! | buildings, floors, sections | [`places`] |
//! | rooms and their mailboxes | [`rooms`] |
//! | drawings of floors | [`plans`] |
//! | holds, changes of state, lookups | [`reservations`] |
//! | what the rooms' calendars said last | [`events`] |
//! | cursors, dirty marks | [`sync_state`] |
//! | how the mirror of each room stands | [`mirror_health`] |
//! | who tells us of changes | [`subscriptions`] |
//! | which rooms changed, here or in another process | [`revisions`] |
//! | who did what, and for whom | [`audit`] |
//! | work promised to the calendar system | [`outbox`] |
//! | people, sessions, permissions they gave | [`people`] |
//! | series: their dates, and how far they are written | [`series`] |
//! | who may do more than book, and how they came to it | [`roles`] |

pub mod audit;
pub mod declining;
pub mod error;
pub mod events;
pub mod letters;
mod migrations;
pub mod mirror_health;
mod open;
pub mod outbox;
pub mod people;
pub mod places;
pub mod plans;
mod pool;
pub mod processes;
pub mod reservations;
pub mod revisions;
pub mod roles;
pub mod rooms;
mod row;
pub mod seal;
pub mod series;
mod sql;
pub mod subscriptions;
pub mod sync_runs;
pub mod sync_state;
pub mod tenants;
mod watch;

pub use error::StoreError;
pub use open::Store;
pub use seal::{SealError, SealingKey};
#[cfg(feature = "testing")]
pub use watch::Watcher;
