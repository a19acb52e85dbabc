//! The calendar provider against a simulated tenant.

mod limits;
mod reading;
mod sign_in;
mod subscriptions;
mod support;
mod writing;
