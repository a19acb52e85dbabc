//! The admin area: what only those see who look after the installation.

mod link;
mod refused;
mod sync;

pub use link::LinkPage;
pub use sync::SyncPage;
