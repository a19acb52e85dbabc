//! A day that nobody wrote: what happens in Outlook and in Etage, what fails and who dies when, all drawn from one seed.
//!
//! One driver does one thing after the other. It draws what people do, which process runs which task, when the simulator
//! takes a step, what fails and where a process is killed; then it lets all trouble end, lets a quarter of an hour pass and
//! has the judge look. That several times; a finding ends the day.
//!
//! **What a seed fixes.** The actions and their order, the clock, the faults, the ids, and the place where a process is
//! killed: after so many passings of its gate. Faults are rules about the next so many requests to a path or a mailbox, so
//! it does not matter which of several requests under way at once comes first. **What it does not fix** is the order in
//! which pieces of one task that run at the same time (rooms read, jobs done) come back from the database and from
//! Microsoft, nor that of two processes that run tasks at once: sockets and the database's threads decide. A seed that
//! failed fails again nearly always; where it does not, it was a race, and running it some more times shows it.

mod draw;
mod etage_steps;
mod log;
mod memory;
mod outlook_steps;
mod run;
mod slots;
mod trouble;

pub(crate) use draw::Draw;
pub use log::Log;
pub use run::{Setup, Tally, live};
