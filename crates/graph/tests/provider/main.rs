//! The calendar provider against a simulated tenant.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod administration;
mod certificate;
mod exchange;
mod limits;
mod reading;
mod sign_in;
mod subscriptions;
mod support;
mod writing;
