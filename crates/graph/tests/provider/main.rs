//! The calendar provider against a simulated tenant.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

mod administration;
mod certificate;
mod changing;
mod declining;
mod exchange;
mod letters;
mod limits;
mod outside;
mod reading;
mod series;
mod series_writing;
mod service_account;
mod sign_in;
mod strange_answers;
mod subscriptions;
mod support;
mod writing;
