//! The real router over real HTTP, against a simulated tenant.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]
// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

mod admin;
mod app;
mod availability;
mod blocked;
mod booking_account;
mod calendar_file;
mod calls;
mod changing;
mod declining;
mod disconnecting;
mod letters;
mod log;
mod on_behalf;
mod pages;
mod pane;
mod people;
mod placing;
mod privacy;
mod races;
mod reasons;
mod room_cards;
mod rooms_file;
mod second_server;
mod send_check;
mod series;
mod signing_in;
mod steps;
mod strangers;
mod swapping;
mod two_servers;
