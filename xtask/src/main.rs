//! Everything there is to run in this repository: `cargo xtask --help`.
//!
//! One module per job. Each command first installs what it lacks (`needs`), then does its work with ordinary tools;
//! nothing here knows the product beyond its command line and its `ETAGE_*` settings.

mod bench;
mod browser_tests;
mod certificate;
mod check;
mod conformance;
mod demo;
mod features;
mod hostile;
mod needs;
mod passed;
mod postgres;
mod process;
mod run;
mod scenario;
mod site;
mod soak;
mod test;
mod workspace;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::workspace::Workspace;

/// Build, try and test Etage.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a whole office on this machine: Microsoft 365 (simulated), Etage, and Outlook with the add-in.
    Demo(demo::Options),
    /// Formatting, lints, tests on both databases, browser tests; documentation and licences are left to `check`.
    Test,
    /// Formatting, lints, documentation, licences, and what must never be committed.
    Check,
    /// Format all Rust code.
    Fmt,
    /// Browser tests only; arguments after `--` go to Playwright.
    E2e {
        /// Passed on, such as `-g "adds a room"` or a file name.
        #[arg(last = true)]
        playwright: Vec<String>,
    },
    /// Clients by Microsoft and others, unchanged, against the simulator: more of them than `test` runs.
    Conformance,
    /// The engine's stories and the tests over HTTP and in the browser again, with Microsoft throttling, failing and
    /// losing connections.
    Hostile {
        /// Where chance comes from.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Days drawn from seeds against the simulator, with faults and killed processes, until one fails or the time is over.
    Soak(soak::Options),
    /// Measure, and fail where a goal is missed.
    Bench {
        /// Only benches whose name contains this.
        filter: Option<String>,
    },
    /// Which promised features work by their tests, which partly, and which have no test.
    Features {
        /// Say what each row promises, not only its id.
        #[arg(long)]
        all: bool,
    },
    /// Build what the browser gets into target/site.
    Site {
        /// Build quickly rather than small.
        #[arg(long)]
        quick: bool,
    },
    /// Write a scenario for the simulator from a plan, as the demo does.
    Scenario {
        /// A plan in any format Etage imports.
        plan: PathBuf,
        /// Where the scenario goes.
        out: PathBuf,
    },
}

fn main() -> ExitCode {
    match run_command() {
        Ok(()) => ExitCode::SUCCESS,
        // The chain of causes and no backtrace: what failed is nearly always a program that was run.
        Err(error) => {
            eprintln!("\n{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run_command() -> Result<()> {
    let workspace = Workspace::find()?;
    match Arguments::parse().command {
        Command::Demo(options) => demo::run(&workspace, &options),
        Command::Test => test::run_everything(&workspace),
        Command::Check => check::run_all(&workspace),
        Command::Fmt => run::run(workspace.cargo().args(["fmt", "--all"])),
        Command::E2e { playwright } => browser_tests::run(&workspace, &playwright),
        Command::Conformance => conformance::run(&workspace),
        Command::Hostile { seed } => hostile::run(&workspace, seed),
        Command::Soak(options) => soak::run(&workspace, &options),
        Command::Bench { filter } => bench::run(&workspace, filter.as_deref()),
        Command::Features { all } => features::run(&workspace, all),
        Command::Site { quick } => site::build(&workspace, site::Effort::from_quick(quick)),
        Command::Scenario { plan, out } => scenario::write(&workspace, &plan, &out),
    }
}
