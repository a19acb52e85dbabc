//! Everything that can happen to an event in Outlook, one story each, and what somebody who looks at Etage sees of it: on
//! the plan and in the list of every process, and by Exchange's own word.

#![recursion_limit = "256"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod answers;
mod hybrid;
mod kinds;
mod meetings;
mod ours;
mod people;
mod push;
mod scene;
mod series;
mod series_changes;
mod window;
