//! The simulator over real HTTP, held against Microsoft's contract after every test.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod access;
mod attendant;
mod batch;
mod booking;
mod certificates;
mod consent;
mod contract;
mod control;
mod delta;
mod directory;
mod documented_examples;
mod exceptions;
mod exchange_access;
mod faults;
mod free_busy;
mod grants;
mod ids;
mod keys;
mod limits;
mod limits_of_sight;
mod mailbox_settings;
mod mailboxes;
mod nested_app_auth;
mod operations;
mod permissions;
mod queries;
mod readings;
mod receiver;
mod redemption;
mod registrations;
mod revocation;
mod room_settings;
mod scenarios;
mod scopes;
mod series;
mod sign_in;
mod sign_in_pages;
mod snapshots;
mod subscriptions;
mod support;
mod user_consent;
mod views;
