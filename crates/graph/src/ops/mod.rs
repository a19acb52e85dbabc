//! Operations, one file per resource.

pub mod calendar_view;
pub mod calendars;
pub mod change_event;
pub mod events;
pub mod mail;
pub mod organization;
pub mod places;
pub mod respond;
pub mod schedule;
pub mod subscriptions;
pub mod users;
