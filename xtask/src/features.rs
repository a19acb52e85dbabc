//! Which promised features work, which do so partly, and which have no test: by the tests that name them and passed last.

mod tests_in_source;

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::check::tracked_files;
use crate::passed::Passed;
use crate::workspace::Workspace;
use tests_in_source::{Cover, Extent, Language};

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
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// Every test that claims it whole passed in the last run.
    Works,
    /// Tests show some of it, and one of those passed; none claims the whole.
    Partly,
    /// A test names it, but what would have to pass did not pass last.
    NotPassed,
    /// No test names it.
    Untested,
}

/// In the order in which they are told.
const STATES: [(State, &str); 4] = [
    (State::Works, "working"),
    (State::Partly, "partly"),
    (State::NotPassed, "not passed last"),
    (State::Untested, "no test"),
];

/// Prints the totals of each system, then the rows in groups: their ids, or one row a line when asked.
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
    let has_passed = |cover: &Cover| passed.as_ref().is_some_and(|passed| is_in(passed, cover));
    let rows: Vec<(&Row, State)> = features
        .row
        .iter()
        .map(|row| (row, state_of(covers.get(&row.id), has_passed)))
        .collect();
    for system in &features.system {
        let states = rows
            .iter()
            .filter(|(row, _)| prefix(&row.id) == system.prefix);
        let totals = totals(states.map(|(_, state)| *state));
        println!("{:<4} {totals}  {}", system.prefix, system.name);
    }
    println!("all  {}", totals(rows.iter().map(|(_, state)| *state)));
    for (group, title) in STATES {
        let rows = rows.iter().filter(|(_, state)| *state == group);
        print_group(title, rows.map(|(row, _)| *row), all);
    }
    Ok(())
}

fn totals(states: impl Iterator<Item = State>) -> String {
    let states: Vec<State> = states.collect();
    let counts = STATES.map(|(group, title)| {
        let count = states.iter().filter(|state| **state == group).count();
        format!("{count:>3} {title}")
    });
    format!("{:>3} rows: {}", states.len(), counts.join(", "))
}

fn print_group<'a>(title: &str, rows: impl Iterator<Item = &'a Row>, all: bool) {
    let rows: Vec<&Row> = rows.collect();
    if rows.is_empty() {
        return;
    }
    println!("\n{title} ({})", rows.len());
    if all {
        for row in rows {
            println!("  {:<7} {}", row.id, row.what);
        }
    } else {
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        println!("  {}", ids.join(" "));
    }
}

fn is_in(passed: &Passed, cover: &Cover) -> bool {
    cover
        .test
        .as_ref()
        .is_some_and(|name| match cover.language {
            Language::Rust => passed.has_rust(name),
            Language::TypeScript => passed.browser.contains(name),
        })
}

/// A row works when all of what claims it whole has passed: those tests show it between them.
fn state_of(covers: Option<&Vec<Cover>>, has_passed: impl Fn(&Cover) -> bool) -> State {
    let Some(covers) = covers else {
        return State::Untested;
    };
    let (whole, part): (Vec<&Cover>, Vec<&Cover>) = covers
        .iter()
        .partition(|cover| cover.extent == Extent::Whole);
    if whole.is_empty() && part.iter().any(|cover| has_passed(cover)) {
        State::Partly
    } else if !whole.is_empty() && whole.iter().all(|cover| has_passed(cover)) {
        State::Works
    } else {
        State::NotPassed
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// The state of a row that these tests name, of which those not called `fails` passed.
    fn state(covers: &[(&str, Extent)]) -> State {
        let covers = covers.iter().map(|&(test, extent)| Cover {
            id: "FX-17".to_owned(),
            extent,
            path: PathBuf::from("a.rs"),
            test: Some(test.to_owned()),
            language: Language::Rust,
        });
        state_of(Some(&covers.collect()), |cover| {
            cover.test.as_deref() != Some("fails")
        })
    }

    #[test]
    fn a_row_of_which_tests_show_only_a_part_never_counts_as_working() {
        use Extent::{Part, Whole};
        assert_eq!(state_of(None, |_| true), State::Untested);
        assert_eq!(state(&[("passes", Part), ("too", Part)]), State::Partly);
        assert_eq!(state(&[("fails", Part)]), State::NotPassed);
        assert_eq!(state(&[("passes", Whole), ("fails", Part)]), State::Works);
        assert_eq!(
            state(&[("passes", Whole), ("fails", Whole), ("too", Part)]),
            State::NotPassed
        );
    }

    #[test]
    fn totals_name_every_group() {
        let states = [State::Works, State::Partly, State::Partly, State::Untested];
        assert_eq!(
            totals(states.into_iter()),
            "  4 rows:   1 working,   2 partly,   0 not passed last,   1 no test"
        );
    }
}
