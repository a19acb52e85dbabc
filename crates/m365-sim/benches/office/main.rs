//! How much memory and time a simulated organisation takes, each figure beside a reference of the same run.
//!
//! `cargo bench -p m365-sim --bench office --profile fast`. One line a row:
//! `bench <name> | ours <value> | reference <what> <value> | ratio <r> | goal <…> | ok`, or `SHORT` where the goal is
//! missed.

mod bare;
mod http;
mod memory;
mod schedule;
mod start;

use std::error::Error;

/// What everything here may end with.
type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The scenario that is measured: 1,000 rooms with 60 meetings each, organizers' copies included.
const CAMPUS: &str = "campus";
const ROOMS: usize = 1_000;
const EVENTS_PER_ROOM: usize = 60;

fn main() -> Result<()> {
    // Cargo adds `--bench`; the program starts itself to look at memory from the beginning.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    if let [hold, what] = asked.as_slice()
        && hold == memory::HOLD
    {
        return memory::hold(what);
    }
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|one| one == name);
    if is_asked("memory") {
        memory::run()?;
    }
    if is_asked("schedule") {
        schedule::run()?;
    }
    if is_asked("start") {
        start::run()?;
    }
    Ok(())
}

/// Prints one row; ours may be so many times the reference.
fn row(name: &str, ours: (f64, &str), reference: (&str, f64), goal: f64) {
    let (value, unit) = ours;
    let (what, beside) = reference;
    let ratio = value / beside;
    let verdict = if ratio <= goal { "ok" } else { "SHORT" };
    println!(
        "bench {name} | ours {value:.1} {unit} | reference {what} {beside:.1} {unit} | ratio {ratio:.2} | goal <= {goal} | {verdict}"
    );
}
