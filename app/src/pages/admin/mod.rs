//! The admin area: what only those see who look after the installation.

mod link;

pub use link::LinkPage;
