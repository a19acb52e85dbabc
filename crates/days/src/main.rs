//! Lives drawn days for as long as one wants; `cargo xtask soak` starts it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use days::Database;
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

fn kill(rounds: &Rounds) -> ExitCode {
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            println!("no runtime: {error}");
            return ExitCode::FAILURE;
        }
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
