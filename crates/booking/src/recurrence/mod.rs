//! When a repeating event takes place: a pattern on the wall of a zone as exact times.
//!
//! This is the one expansion of the product. The pane uses it in the browser for a draft, the server for a series that
//! is to be planned; Graph's and Outlook's words for a pattern are translated where they are read. What is known of a
//! series that is there already, its moved and cancelled dates, is not known here.
//!
//! No table of zones is needed: the zone comes in as a function from an instant to the minutes by which its clocks are
//! ahead of UTC, which the server asks its table and the browser asks `Intl`. What a time means that the clocks show
//! twice or not at all is told in one place.

mod check;
mod expand;
mod pattern;
mod wall;

pub use check::BadPattern;
pub use expand::Dates;
pub use pattern::{End, Nth, Pattern, Series, Weekdays};
