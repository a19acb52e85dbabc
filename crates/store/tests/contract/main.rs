//! What every method of the store promises, on SQLite and, where `TEST_POSTGRES_URL` names one, on
//! PostgreSQL. One file per module of the crate.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test may fail the test like the test itself"
)]

mod declining;
mod events;
mod letters;
mod mirror_health;
mod open;
mod outbox;
mod people;
mod places;
mod plans;
mod processes;
mod reservations;
mod revisions;
mod roles;
mod rooms;
mod series;
mod subscriptions;
mod support;
mod sync_state;
mod tenants;
mod together;
