//! Measures, each goal beside a reference taken in the same run.
//!
//! A bench is a program that prints one line per goal, ending in `ok` or `SHORT`. Add one by adding a row to `BENCHES`.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::postgres::{Commits, POSTGRES_URL, Postgres};
use crate::site::{self, Effort};
use crate::workspace::Workspace;
use crate::{needs, run::read};

/// One bench program, or a part of one.
struct Bench {
    /// What `cargo xtask bench <filter>` looks for.
    name: &'static str,
    /// The crate it belongs to.
    package: &'static str,
    /// The `[[bench]]` that measures.
    program: &'static str,
    /// The profile it is built with. Linking the whole server with everything inlined takes many minutes and changes
    /// little; the search core is small.
    profile: &'static str,
    /// What the program is asked for; none: everything.
    arguments: &'static [&'static str],
    /// What has to be there before.
    needs: Needs,
}

/// What a bench needs beside itself.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Needs {
    Nothing,
    /// A PostgreSQL of its own.
    Postgres,
    /// The site as it is shipped, and a browser to look at it.
    SiteAndBrowser,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "search-core",
        package: "booking",
        program: "search",
        profile: "bench",
        arguments: &[],
        needs: Needs::Nothing,
    },
    Bench {
        name: "simulator",
        package: "m365-sim",
        program: "office",
        profile: "fast",
        arguments: &[],
        needs: Needs::Nothing,
    },
    goal("search-http", &["search"], Needs::Nothing),
    goal("exchange", &["exchange"], Needs::Nothing),
    goal("holds", &["holds"], Needs::Postgres),
    goal("bookings", &["bookings"], Needs::Nothing),
    goal("process", &["process"], Needs::Nothing),
    goal("page", &["page"], Needs::SiteAndBrowser),
    goal("sync", &["sync"], Needs::Postgres),
    goal("sync-page", &["live"], Needs::SiteAndBrowser),
    goal("sync-table", &["table"], Needs::Postgres),
    Bench {
        name: "sync-day",
        package: "days",
        program: "day",
        profile: "fast",
        arguments: &[],
        needs: Needs::Nothing,
    },
];

/// A part of the server's bench program.
const fn goal(name: &'static str, arguments: &'static [&'static str], needs: Needs) -> Bench {
    Bench {
        name,
        package: "server",
        program: "goals",
        profile: "fast",
        arguments,
        needs,
    }
}

/// The word at the end of a line that missed its goal.
const MISSED: &str = "SHORT";

/// Runs all benches, or those whose name contains `filter`; fails when any line says that a goal was missed.
pub(crate) fn run(workspace: &Workspace, filter: Option<&str>) -> Result<()> {
    let chosen: Vec<&Bench> = BENCHES
        .iter()
        .filter(|bench| bench.name.contains(filter.unwrap_or_default()))
        .collect();
    if chosen.is_empty() {
        bail!(
            "no bench matches; there are: {}",
            BENCHES
                .iter()
                .map(|bench| bench.name)
                .collect::<Vec<_>>()
                .join(", ")
        );
    }
    let mut missed = Vec::new();
    for bench in chosen {
        println!("{}", bench.name);
        // One that ends badly does not keep the others from being measured.
        match measure(workspace, bench) {
            Ok(lines) => missed.extend(lines),
            Err(error) => missed.push(format!("{}: {error:#}", bench.name)),
        }
    }
    if missed.is_empty() {
        return Ok(());
    }
    bail!("these goals were missed:\n  {}", missed.join("\n  "))
}

/// Runs one bench, showing its lines; returns those that missed their goal.
fn measure(workspace: &Workspace, bench: &Bench) -> Result<Vec<String>> {
    let postgres = prepare(workspace, bench.needs)?;
    // Built before it runs, so that the compiler does not share the machine with what is measured.
    let build = ["-p", bench.package, "--bench", bench.program, "--profile"];
    read(
        workspace
            .cargo()
            .args(["bench", "--no-run"])
            .args(build)
            .arg(bench.profile),
    )?;
    let mut command = workspace.cargo();
    command
        .args(["bench", "--quiet"])
        .args(build)
        .args([bench.profile, "--"])
        .args(bench.arguments);
    if let Some(postgres) = &postgres {
        command.env(POSTGRES_URL, postgres.url());
    }
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("starting {}", bench.name))?;
    let output = child
        .stdout
        .take()
        .context("a piped output is always there")?;
    let mut missed = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        println!("  {line}");
        if line.trim_end().ends_with(MISSED) {
            missed.push(line.trim().to_owned());
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", bench.name);
    }
    Ok(missed)
}

/// Brings what the bench needs; a database lives as long as the value.
fn prepare(workspace: &Workspace, needs: Needs) -> Result<Option<Postgres>> {
    match needs {
        Needs::Nothing => Ok(None),
        // One that is already running may be used instead.
        Needs::Postgres if env::var_os(POSTGRES_URL).is_some() => Ok(None),
        Needs::Postgres => Postgres::start(Commits::Durable).map(Some),
        Needs::SiteAndBrowser => {
            site::build(workspace, Effort::Small)?;
            needs::chromium()?;
            needs::npm_packages(workspace, "end2end")?;
            Ok(None)
        }
    }
}
