//! Whole days in one process: a simulated Microsoft 365 over real HTTP, several Etage processes over one real database, a
//! clock moved by hand.
//!
//! For tests only; nothing that ships depends on it. A process is an [`Engine`](engine::Engine) with a store and a Graph
//! provider of its own, without a server around it. Nothing happens by itself: a test says who does what in Outlook or in
//! Etage, which process runs which task, when the simulator takes a step and what time it is.
//!
//! | what | file |
//! |---|---|
//! | everything together, and the passing of time | [`world`] |
//! | what people and rooms do in Outlook | [`outlook`] |
//! | what people do in Etage | [`etage`] |
//! | one Etage process: run, killed, started again | [`process`] |
//! | where exactly it is killed | [`gate`] |
//! | what must be true once all is quiet | [`judge`] |
//! | a day drawn from a seed, and many of them | [`day`], [`soak`] |
//! | a thousand people who want the same rooms at once | [`crowd`] |
//! | real servers killed by the system | [`kills`] |
//! | people and rooms | [`office`] |
//! | SQLite or PostgreSQL | [`database`] |

#![expect(
    clippy::unwrap_used,
    reason = "a test world that cannot go on stops there"
)]

mod clock;
pub mod crowd;
pub mod database;
pub mod day;
pub mod etage;
pub mod gate;
mod gated_provider;
pub mod judge;
mod keeper;
pub mod kills;
pub mod office;
pub mod outlook;
pub mod process;
mod receiver;
pub mod soak;
pub mod world;

pub use database::Database;
pub use office::{MONDAY, RoomKind};
pub use outlook::Meeting;
pub use world::{Plan, World};
