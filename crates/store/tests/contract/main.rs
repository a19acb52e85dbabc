//! What every method of the store promises, on SQLite and, where `TEST_POSTGRES_URL` names one, on
//! PostgreSQL. One file per module of the crate.

mod audit;
mod events;
mod open;
mod outbox;
mod people;
mod places;
mod plans;
mod reservations;
mod revisions;
mod rooms;
mod support;
mod sync_state;
mod tenants;
