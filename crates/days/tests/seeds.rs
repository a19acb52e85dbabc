//! Days drawn from seeds: some of them in every run of the tests. `cargo xtask soak` lives as many as one has time for.
//!
//! A day that failed is lived again with `DAYS_SEED=17 cargo test -p days --test seeds`.

use days::Database;
use days::day::Setup;
use days::soak::{self, Days};

/// One seed only. `None`: those of every run.
fn wanted() -> Option<u64> {
    let text = std::env::var("DAYS_SEED").ok()?;
    Some(text.parse().expect("DAYS_SEED is a number"))
}

fn live(database: Database, processes: usize, first: u64, count: u64) {
    let (first, count) = wanted().map_or((first, count), |seed| (seed, 1));
    let days = Days {
        first: Setup {
            seed: first,
            database,
            processes,
        },
        count: Some(count),
        minutes: None,
        threads: 1,
    };
    let lived = soak::run(&days);
    assert!(lived.failed.is_empty(), "{}", lived.failed.join("\n\n"));
}

#[test]
fn days_of_one_process_end_with_every_room_as_its_calendar_shows_it() {
    live(Database::Sqlite, 1, 1, 15);
}

#[test]
fn days_of_two_processes_end_with_every_room_as_its_calendar_shows_it() {
    live(Database::Sqlite, 2, 1_001, 25);
}

#[test]
fn days_of_three_processes_on_postgresql_end_with_every_room_as_its_calendar_shows_it() {
    if !Database::at_hand().contains(&Database::Postgres) {
        println!("PostgreSQL was not run: TEST_POSTGRES_URL is not set.");
        return;
    }
    live(Database::Postgres, 3, 2_001, 8);
}
