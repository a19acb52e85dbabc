//! Lints and every test, in the order in which they fail soonest. Documentation and licences are left to `check`.

use std::collections::BTreeSet;
use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow};

use crate::browser_tests::{self, Weather};
use crate::check::{self, NATIVE};
use crate::passed::{self, Passed};
use crate::postgres::{Commits, POSTGRES_URL, Postgres};
use crate::run::{is_installed, run};
use crate::workspace::Workspace;

/// What tests read from beside the project, which may not carry it, and what is not tested where it is absent.
const READ_FROM_BESIDE: [(&str, &str); 4] = [
    (
        "../shared/plans",
        "real floor plans (booking's plan_* tests, engine's importing)",
    ),
    (
        "../shared/reference/graph/examples",
        "Graph's documented examples (graph's documented_examples)",
    ),
    (
        "../shared/reference/graph/graph-v1.0-rooms.openapi.yaml",
        "Microsoft's contract (m365-sim's contract, and in every test of the server)",
    ),
    (
        "../shared/reference/outlook/manifest-xsd",
        "the manifest's schema (server's routes::manifest)",
    ),
];

/// Lints, compiles for the browser, runs the native tests on both databases, then the browser tests; says at the end
/// which of them had nothing to test with.
pub(crate) fn run_everything(workspace: &Workspace) -> Result<()> {
    let outcome = run_in_order(workspace);
    if let Some(sentence) = not_tested(|path| workspace.path(path).exists()) {
        println!("\n{sentence}");
    }
    outcome
}

/// `None`: everything that tests read from beside the project is there.
fn not_tested(is_there: impl Fn(&str) -> bool) -> Option<String> {
    let absent: Vec<&str> = READ_FROM_BESIDE
        .iter()
        .filter(|(path, _)| !is_there(path))
        .map(|(_, what)| *what)
        .collect();
    (!absent.is_empty()).then(|| {
        format!(
            "Skipped, though counted as passed, because ../shared is not beside this project or not whole: {}.",
            absent.join("; ")
        )
    })
}

fn run_in_order(workspace: &Workspace) -> Result<()> {
    check::quick(workspace)?;
    check::lint(workspace)?;
    // The vocabulary has to stay free of anything a browser lacks.
    run(workspace.cargo().args([
        "check",
        "-p",
        "booking",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    run(workspace.cargo().args([
        "check",
        "-p",
        "frontend",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    let (rust, outcome) = native_tests(workspace)?;
    Passed {
        rust,
        ..Passed::default()
    }
    .save(workspace)?;
    outcome?;
    browser_tests::run_with_programs_built(workspace, &[], Weather::Fair)
}

/// The tests of every crate but `frontend`, in one invocation; returns the names of those that passed, and
/// whether all did.
fn native_tests(workspace: &Workspace) -> Result<(BTreeSet<String>, Result<()>)> {
    // One that is already running may be used instead; it is left as it is found, apart from databases tests make.
    let own = if env::var_os(POSTGRES_URL).is_none() {
        Some(Postgres::start(Commits::Volatile)?)
    } else {
        None
    };
    let with_database = |mut command: Command| {
        if let Some(postgres) = &own {
            command.env(POSTGRES_URL, postgres.url());
        }
        command
    };
    if !is_installed("cargo-nextest") {
        let mut command = workspace.cargo();
        command.arg("test").args(NATIVE).arg("--no-fail-fast");
        let (output, outcome) = echo(with_database(command))?;
        return Ok((passed::from_cargo_test(&output), outcome));
    }
    let mut command = workspace.cargo();
    command
        .args([
            "nextest",
            "run",
            "--no-fail-fast",
            "--message-format",
            "libtest-json",
        ])
        .args(NATIVE)
        .env("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1");
    let (output, outcome) = capture(with_database(command))?;
    let passed = passed::from_nextest(&output);
    if outcome.is_err() {
        return Ok((passed, outcome));
    }
    // nextest leaves the examples in documentation out.
    let mut documentation = workspace.cargo();
    documentation.args(["test", "--doc"]).args(NATIVE);
    Ok((passed, run(&mut with_database(documentation))))
}

/// Runs a command, keeping its output to ourselves; what it says to people goes through its error output.
fn capture(mut command: Command) -> Result<(String, Result<()>)> {
    finish(&mut command, |_| {})
}

/// Runs a command, showing its output and keeping a copy.
fn echo(mut command: Command) -> Result<(String, Result<()>)> {
    finish(&mut command, |line| println!("{line}"))
}

fn finish(command: &mut Command, each_line: impl Fn(&str)) -> Result<(String, Result<()>)> {
    eprintln!("$ {command:?}");
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context("starting the tests")?;
    let stdout = child
        .stdout
        .take()
        .context("a piped output is always there")?;
    let mut output = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line?;
        each_line(&line);
        output.push_str(&line);
        output.push('\n');
    }
    let status = child.wait()?;
    let outcome = if status.success() {
        Ok(())
    } else {
        Err(anyhow!("some tests failed ({status})"))
    };
    Ok((output, outcome))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_had_nothing_to_test_with_is_named_and_nothing_else() {
        assert_eq!(not_tested(|_| true), None);
        let told = not_tested(|path| !path.ends_with("/plans")).unwrap();
        assert!(told.contains("real floor plans"), "{told}");
        assert!(!told.contains("contract"), "{told}");
    }
}
