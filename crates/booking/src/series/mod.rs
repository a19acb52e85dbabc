//! A room for every date of a series, to its end, with as few changes of room as can be.
//!
//! # The order of plans
//!
//! Of two plans the better one is that which is better in the first of these in which they differ:
//!
//! 1. fewer dates without a room;
//! 2. fewer changes: a change is a date in another room than the date with a room before it;
//! 3. less walking, summed over the dates;
//! 4. fewer empty seats, summed over the dates;
//! 5. at the first date where they differ, the room that comes first in natural order of the numbers.
//!
//! A date lacks a room exactly when nothing that fits is free then, or the room that the person chose is not; no room
//! of another date can mend that, so the first point is settled before the others are looked at. Counting changes
//! between neighbours, and not the rooms used nor the dates away from the usual room, is a decision: see
//! `docs/decisions/0005-series.md`.
//!
//! # How it is found
//!
//! [`FreeTable`] asks the index once a date. [`solve()`] then goes over the dates from the last to the first: what is
//! best from a date on, given its room, is either staying in that room or changing to the best room of the next date.
//! So each date and room is looked at once. Costs are one number each; of each date one bit a room is
//! kept, “stay or change”, with which the plan is read off from the first date to the last.

mod candidate;
mod cost;
mod date;
mod free_table;
mod placed;
mod plan;
mod planned;
mod solve;
mod way;
mod wish;

pub use candidate::{Candidate, SPARE_SEATS_UNTOLD, candidates};
pub use date::{Choice, SeriesDate};
pub use free_table::FreeTable;
pub use placed::{DateReserved, OfferedRoom, PlacedDate, PlacedSeries};
pub use plan::{Assigned, Plan};
pub use planned::{
    OTHERS_MAX, PlannedDate, PlannedSeries, RefusedDate, SeriesWarning, UsedRoom,
    WINDOW_DAYS_ASSUMED,
};
pub use solve::solve;
pub use way::{SeriesPolicy, Shape, Way, way};
pub use wish::{BadSeries, DateWish, SeriesWish, WishedFor};
