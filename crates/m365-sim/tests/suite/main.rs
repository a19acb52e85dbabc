//! The simulator over real HTTP, held against Microsoft's contract after every test.

mod access;
mod booking;
mod control;
mod delta;
mod directory;
mod free_busy;
mod series;
mod sign_in;
mod subscriptions;
mod support;
mod views;
