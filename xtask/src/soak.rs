//! Days drawn from seeds, for as long as one wants: several Etage processes over one database against the simulator, with
//! faults, and killed at any moment.

use std::num::NonZero;
use std::thread;

use anyhow::Result;
use clap::Args;

use crate::postgres::{Commits, POSTGRES_URL, Postgres};
use crate::run::run as run_command;
use crate::workspace::Workspace;

/// Processes on PostgreSQL, which is there for several, and on SQLite, where there are two while one replaces the other.
const PROCESSES_ON_POSTGRES: &str = "3";
const PROCESSES_ON_SQLITE: &str = "2";

/// Days lived at the same time: they wait more than they work.
const DAYS_PER_PROCESSOR: usize = 4;

/// Which days.
#[derive(Args)]
pub(crate) struct Options {
    /// For so many minutes.
    #[arg(long, default_value_t = 10.0)]
    minutes: f64,
    /// So many days at most.
    #[arg(long)]
    days: Option<u64>,
    /// The first seed; each later day has the next one. A day that failed is lived again with its seed and `--days 1`.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// On a PostgreSQL of its own, with three processes, instead of SQLite with two.
    #[arg(long)]
    postgres: bool,
    /// Instead of days: so many people who want the same rooms at once. With `--days` more than once, each with the next
    /// seed.
    #[arg(long, conflicts_with = "minutes")]
    crowd: Option<usize>,
    /// How many rooms they want.
    #[arg(long, default_value_t = 50, requires = "crowd")]
    rooms: usize,
    /// Instead of days: twenty real servers, one after the other, killed with SIGKILL over what people do.
    #[arg(long, conflicts_with_all = ["minutes", "days", "postgres", "crowd"])]
    kill: bool,
}

/// Lives them until one fails or the time is over.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    if options.kill {
        return kill(workspace, options.seed);
    }
    let mut command = workspace.cargo();
    command
        .args(["run", "--package", "days", "--"])
        .args(["--seed", &options.seed.to_string()]);
    match options.crowd {
        Some(people) => command
            .args(["--crowd", &people.to_string()])
            .args(["--rooms", &options.rooms.to_string()]),
        None => command.args(["--minutes", &options.minutes.to_string()]),
    };
    if let Some(days) = options.days {
        command.args(["--days", &days.to_string()]);
    }
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    command.args(["--threads", &(DAYS_PER_PROCESSOR * processors).to_string()]);
    if !options.postgres {
        return run_command(command.args(["--processes", PROCESSES_ON_SQLITE]));
    }
    let postgres = Postgres::start(Commits::Volatile)?;
    command.env(POSTGRES_URL, postgres.url()).args([
        "--postgres",
        "--processes",
        PROCESSES_ON_POSTGRES,
    ]);
    run_command(&mut command)
}

fn kill(workspace: &Workspace, seed: u64) -> Result<()> {
    run_command(
        workspace
            .cargo()
            .args(["build", "--package", "server", "--bin", "etage"]),
    )?;
    let server = workspace.program("etage");
    run_command(
        workspace
            .cargo()
            .args(["run", "--package", "days", "--"])
            .args(["--seed", &seed.to_string(), "--kill"])
            .arg(server),
    )
}
