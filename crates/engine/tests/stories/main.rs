//! Days in a small office, told with a fake calendar system and a clock moved by hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod changing;
mod changing_unheard;
mod checking_drafts;
mod clocks;
mod declining;
mod free_busy;
mod giving_back;
mod holding;
mod importing;
mod importing_unnamed;
mod letters;
mod logging;
mod notifying;
mod office;
mod placing;
mod reading;
mod room_day;
mod searching;
mod series;
mod series_ends;
mod series_left_out;
mod series_mishaps;
mod subscribing;
mod swapping;
mod sweeping;
mod trusting;
mod waiting;
