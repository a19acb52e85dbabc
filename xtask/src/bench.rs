//! Measures, each goal beside a reference taken in the same run.
//!
//! A bench is a program that prints one line per goal, ending in `ok` or `SHORT`. Add one by adding a row to `BENCHES`.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::workspace::Workspace;

/// One bench program.
struct Bench {
    /// What `cargo xtask bench <filter>` looks for.
    name: &'static str,
    /// The crate it belongs to.
    package: &'static str,
    /// The `[[example]]` that measures.
    example: &'static str,
    /// Features the program needs.
    features: &'static str,
}

const BENCHES: &[Bench] = &[];

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
        missed.extend(measure(workspace, bench)?);
    }
    if missed.is_empty() {
        return Ok(());
    }
    bail!("these goals were missed:\n  {}", missed.join("\n  "))
}

/// Runs one bench, showing its lines; returns those that missed their goal.
fn measure(workspace: &Workspace, bench: &Bench) -> Result<Vec<String>> {
    let mut command = workspace.cargo();
    command.args([
        "run",
        "--quiet",
        "--release",
        "-p",
        bench.package,
        "--example",
        bench.example,
    ]);
    if !bench.features.is_empty() {
        command.args(["--features", bench.features]);
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
