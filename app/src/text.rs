//! Every sentence a person can see, keyed by name.
//!
//! Sentences are functions and constants, grouped by what they speak of, so that a sentence is
//! written once and a missing one does not compile. English lives here; another language is a
//! second set of these modules with the same names, chosen by the person's language at this
//! border. Short sentences, second person, no jargon: say what is, then what to do.

pub mod admin;
pub mod clock;
pub mod command;
pub mod freshness;
pub mod mirror;
pub mod page;
pub mod plan;
pub mod problem;
pub mod refusal;
pub mod remedy;
pub mod reservation;
pub mod room;
pub mod send;
pub mod series;
