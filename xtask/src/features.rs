//! Which promised features have a test that names them, and which of those tests passed last.

mod tests_in_source;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::check::tracked_files;
use crate::passed::Passed;
use crate::workspace::Workspace;
use tests_in_source::{Cover, Language};

/// `docs/features.toml`.
#[derive(Deserialize)]
struct Features {
    system: Vec<System>,
    row: Vec<Row>,
}

#[derive(Deserialize)]
struct System {
    prefix: String,
    name: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    what: String,
}

/// How far a row has come.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    /// No test names it.
    Untested,
    /// A test names it, but none of those was among the passed ones.
    Tested,
    /// One of its tests passed in the last run.
    Works,
}

/// Prints the totals of each system, and every row when asked.
pub(crate) fn run(workspace: &Workspace, all: bool) -> Result<()> {
    let text = fs::read_to_string(workspace.path("docs/features.toml"))
        .context("reading docs/features.toml")?;
    let features: Features = toml::from_str(&text).context("reading docs/features.toml")?;
    let covers = covers_by_id(workspace)?;
    refuse_unknown_ids(&features, &covers)?;
    let passed = Passed::load(workspace)?;
    if passed.is_none() {
        println!(
            "No test run is on record, so no row can be said to work: cargo xtask test writes one."
        );
    }
    let state = |row: &Row| {
        state_of(
            covers.get(&row.id).map(Vec::as_slice).unwrap_or_default(),
            passed.as_ref(),
        )
    };
    if all {
        for row in &features.row {
            let word = match state(row) {
                State::Untested => "no test",
                State::Tested => "tested",
                State::Works => "works",
            };
            println!("{:<7} {word:<8} {}", row.id, row.what);
        }
    }
    for system in &features.system {
        let rows: Vec<&Row> = features
            .row
            .iter()
            .filter(|row| prefix(&row.id) == system.prefix)
            .collect();
        print_totals(
            &system.prefix,
            &system.name,
            rows.iter().map(|row| state(row)),
        );
    }
    print_totals("all", "", features.row.iter().map(state));
    Ok(())
}

fn print_totals(prefix: &str, name: &str, states: impl Iterator<Item = State>) {
    let states: Vec<State> = states.collect();
    let works = states
        .iter()
        .filter(|state| **state == State::Works)
        .count();
    let tested = states
        .iter()
        .filter(|state| **state >= State::Tested)
        .count();
    println!(
        "{prefix:<4} {:>3} rows, {tested:>3} with a test, {works:>3} working  {name}",
        states.len()
    );
}

fn state_of(covers: &[Cover], passed: Option<&Passed>) -> State {
    let works = |cover: &Cover| match (passed, &cover.test) {
        (Some(passed), Some(name)) => match cover.language {
            Language::Rust => passed.has_rust(name),
            Language::TypeScript => passed.browser.contains(name),
        },
        _ => false,
    };
    match covers {
        [] => State::Untested,
        some if some.iter().any(works) => State::Works,
        _ => State::Tested,
    }
}

fn covers_by_id(workspace: &Workspace) -> Result<BTreeMap<String, Vec<Cover>>> {
    let mut covers: BTreeMap<String, Vec<Cover>> = BTreeMap::new();
    for path in tracked_files(workspace)? {
        // This tool's own tests speak of rows without showing any.
        if path.starts_with("xtask") {
            continue;
        }
        let Some(language) = Language::of(&path) else {
            continue;
        };
        let text = fs::read_to_string(workspace.root.join(&path)).unwrap_or_default();
        for cover in tests_in_source::covers(&path, &text, language) {
            covers.entry(cover.id.clone()).or_default().push(cover);
        }
    }
    Ok(covers)
}

/// A misspelt id would otherwise look like a row without a test.
fn refuse_unknown_ids(features: &Features, covers: &BTreeMap<String, Vec<Cover>>) -> Result<()> {
    let unknown: Vec<String> = covers
        .iter()
        .filter(|(id, _)| !features.row.iter().any(|row| row.id == **id))
        .flat_map(|(id, covers)| {
            covers
                .iter()
                .map(move |cover| format!("{}: {id}", cover.path.display()))
        })
        .collect();
    if unknown.is_empty() {
        return Ok(());
    }
    bail!(
        "tests name rows that docs/features.toml does not have:\n  {}",
        unknown.join("\n  ")
    )
}

fn prefix(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}
