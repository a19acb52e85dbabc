//! Whether the running server keeps its promises of speed, each figure beside a reference of the
//! same run.
//!
//! `cargo bench -p server --bench goals --profile fast -- <name>…`; without a name, everything.
//! One line a goal, as the `search` bench of `booking` prints them (see [`report`]).

// An event as Graph tells it is a deep `json!`.
#![recursion_limit = "256"]

mod bookings;
mod database;
mod exchange;
mod holds;
mod http;
mod live;
mod measure;
mod office;
mod page;
mod process;
mod reading;
mod report;
mod search;
mod served;
mod sync;
mod table;
mod tenant;

// The same office as in the search bench.
#[path = "../../../crates/booking/benches/search/data.rs"]
#[expect(dead_code, reason = "the search bench uses more of it")]
mod data;

/// Measures and prints its lines.
type Run = fn() -> anyhow::Result<()>;

/// What can be asked for by name.
const BENCHES: [(&str, Run); 9] = [
    ("search", search::run),
    ("exchange", exchange::run),
    ("holds", holds::run),
    ("bookings", bookings::run),
    ("process", process::run),
    ("page", page::run),
    ("sync", sync::run),
    ("live", live::run),
    ("table", table::run),
];

fn main() -> anyhow::Result<()> {
    // Cargo adds `--bench`.
    let asked: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    for (name, run) in BENCHES {
        if asked.is_empty() || asked.iter().any(|one| one == name) {
            run()?;
        }
    }
    Ok(())
}
