//! The process that is Etage: it knows every other crate, wires them together, and holds no rule
//! of the business.

// Views are types, and a page of them is a deep one.
#![recursion_limit = "512"]

pub mod around;
pub mod checks;
pub mod clock;
pub mod commands;
pub mod config;
pub mod csv;
pub mod data_dir;
pub mod lifecycle;
pub mod router;
pub mod routes;
pub mod share;
pub mod sign_in;
pub mod site;
pub mod state;
pub mod streams;
pub mod telemetry;
pub mod wire;
