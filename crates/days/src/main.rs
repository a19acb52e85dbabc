//! Lives drawn days for as long as one wants; `cargo xtask soak` starts it.

#![recursion_limit = "256"]

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use days::Database;
use days::crowd::{self, Crowd};
use days::day::Setup;
use days::kills::{self, Rounds};
use days::soak::{self, Days};

/// Lives days drawn from seeds, one after the other, until one fails or the time is over.
#[derive(Parser)]
struct Arguments {
    /// For so many minutes; without it, as many days as `--days` says.
    #[arg(long)]
    minutes: Option<f64>,
    /// So many days at most.
    #[arg(long)]
    days: Option<u64>,
    /// The first seed; each later day has the next one.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On the PostgreSQL server that TEST_POSTGRES_URL names, instead of SQLite.
    #[arg(long)]
    postgres: bool,
    /// How many Etage processes share the database.
    #[arg(long, default_value_t = 2)]
    processes: usize,
    /// So many days at the same time.
    #[arg(long, default_value_t = 1)]
    threads: usize,
    /// Instead of days, kills this server program with SIGKILL, round by round.
    #[arg(long)]
    kill: Option<PathBuf>,
    /// Instead of days, so many people who want the same rooms at once, `--days` times; each time has the next seed.
    #[arg(long)]
    crowd: Option<usize>,
    /// How many rooms they want.
    #[arg(long, default_value_t = 50)]
    rooms: usize,
    /// How many rounds of killing.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    if let Some(server) = arguments.kill {
        return kill(&Rounds {
            server,
            rounds: arguments.rounds,
            seed: arguments.seed,
        });
    }
    let database = if arguments.postgres {
        Database::Postgres
    } else {
        Database::Sqlite
    };
    if let Some(people) = arguments.crowd {
        let first = Crowd {
            seed: arguments.seed,
            database,
            processes: arguments.processes,
            people,
            rooms: arguments.rooms,
        };
        return crowds(first, arguments.days.unwrap_or(1));
    }
    let count = match (arguments.minutes, arguments.days) {
        (None, None) => Some(1),
        (_, days) => days,
    };
    let lived = soak::run(&Days {
        first: Setup {
            seed: arguments.seed,
            database,
            processes: arguments.processes,
        },
        count,
        minutes: arguments.minutes,
        threads: arguments.threads,
    });
    for failed in &lived.failed {
        println!("{failed}\n");
    }
    println!("{lived}");
    if lived.failed.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// One crowd after the other, until something is found.
fn crowds(first: Crowd, count: u64) -> ExitCode {
    let Some(runtime) = runtime() else {
        return ExitCode::FAILURE;
    };
    for number in 0..count {
        let crowd = Crowd {
            seed: first.seed + number,
            ..first
        };
        let gathered = runtime.block_on(crowd::gather(&crowd));
        println!("{crowd:?}: {gathered}");
        for finding in &gathered.findings {
            println!("{finding}");
        }
        if !gathered.findings.is_empty() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn kill(rounds: &Rounds) -> ExitCode {
    let Some(runtime) = runtime() else {
        return ExitCode::FAILURE;
    };
    let findings = runtime.block_on(kills::run(rounds));
    for finding in &findings {
        println!("{finding}");
    }
    println!("{} rounds, {} findings", rounds.rounds, findings.len());
    if findings.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn runtime() -> Option<tokio::runtime::Runtime> {
    tokio::runtime::Runtime::new()
        .inspect_err(|error| println!("no runtime: {error}"))
        .ok()
}
