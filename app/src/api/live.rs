//! Live updates: which rooms moved, as they move.
//!
//! `GET /api/live?since=REVISION` (`since` may be left out) answers with one JSON `RoomsMoved` per line and never ends;
//! blank lines keep it awake. A fetch stream and not an `EventSource`, because that cannot carry
//! the pane's bearer token, and does not tell why it was refused.

#[cfg(feature = "hydrate")]
mod follow;
mod liveness;
#[cfg(feature = "hydrate")]
mod wake;

#[cfg(feature = "hydrate")]
pub use follow::{Following, follow};
pub use liveness::{Liveness, Refusal};
