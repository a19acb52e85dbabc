//! The routes that are not pages, one file a group.

pub mod calendar_file;
pub mod calls;
pub mod draft_check;
pub mod graph_notifications;
pub mod health;
pub mod live;
pub mod manifest;
pub mod outlook_events;
pub mod rooms_file;
pub mod sign_in;
