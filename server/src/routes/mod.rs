//! The routes that are not pages and not server functions, one file a group.

pub mod graph_notifications;
pub mod health;
pub mod live;
pub mod manifest;
pub mod sign_in;
