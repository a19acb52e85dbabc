//! The tests that passed last, in `target/xtask/passed.json`: written by test runs, read by `features`.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::workspace::Workspace;

/// Names of passed tests.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Passed {
    /// Rust tests, as `module::path::name`.
    #[serde(default)]
    pub(crate) rust: BTreeSet<String>,
    /// Titles of browser tests.
    #[serde(default)]
    pub(crate) browser: BTreeSet<String>,
}

impl Passed {
    /// The record; `None` when no test run has written one.
    pub(crate) fn load(workspace: &Workspace) -> Result<Option<Self>> {
        let file = file(workspace);
        if !file.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&file)?;
        serde_json::from_str(&text)
            .map(Some)
            .with_context(|| format!("reading {}", file.display()))
    }

    /// Keeps the record.
    pub(crate) fn save(&self, workspace: &Workspace) -> Result<()> {
        let file = file(workspace);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&file, serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("writing {}", file.display()))
    }

    /// Takes over a Playwright report, which may be of a few specs only: what passed is added, what did not is removed.
    pub(crate) fn note_browser(&mut self, report: &Value) {
        let mut others = BTreeSet::new();
        collect_specs(report, false, &mut others);
        self.browser.retain(|title| !others.contains(title));
        collect_specs(report, true, &mut self.browser);
    }

    /// Whether a Rust test of this function name passed; a name in the middle of a path counts too, which is how a
    /// macro that makes one test per database names them.
    pub(crate) fn has_rust(&self, name: &str) -> bool {
        self.rust
            .iter()
            .any(|path| path.split("::").any(|part| part == name))
    }
}

/// The names in nextest's machine-readable output (one JSON object a line).
pub(crate) fn from_nextest(output: &str) -> BTreeSet<String> {
    let events = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    events
        .filter(|event| event["type"] == "test" && event["event"] == "ok")
        .filter_map(|event| Some(event["name"].as_str()?.rsplit('$').next()?.to_owned()))
        .collect()
}

/// The names in the output of `cargo test`, whose lines read `test some::name ... ok`.
pub(crate) fn from_cargo_test(output: &str) -> BTreeSet<String> {
    let passed = output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... ok"));
    passed.map(str::to_owned).collect()
}

/// Adds titles from Playwright's JSON report: passed ones, or those that ran without passing.
fn collect_specs(suite: &Value, passed: bool, titles: &mut BTreeSet<String>) {
    for child in suite["suites"].as_array().into_iter().flatten() {
        collect_specs(child, passed, titles);
    }
    for spec in suite["specs"].as_array().into_iter().flatten() {
        let tests = spec["tests"]
            .as_array()
            .map(Vec::as_slice)
            .unwrap_or_default();
        let ran = tests.iter().any(|test| test["status"] == "expected");
        let has_passed = spec["ok"] == true && ran;
        if let (true, Some(title)) = (has_passed == passed, spec["title"].as_str()) {
            titles.insert(title.to_owned());
        }
    }
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.scratch("passed.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_events_give_the_names_that_passed() {
        let output = concat!(
            r#"{"type":"test","event":"ok","name":"store::contract$holds::a_hold_expires"}"#,
            "\n",
            r#"{"type":"test","event":"failed","name":"store::contract$holds::a_hold_is_kept"}"#,
        );
        assert_eq!(
            from_nextest(output),
            BTreeSet::from(["holds::a_hold_expires".to_owned()])
        );
    }

    #[test]
    fn cargo_test_lines_give_the_names_that_passed() {
        let output = "running 2 tests\ntest a::b ... ok\ntest a::c ... FAILED\n";
        assert_eq!(from_cargo_test(output), BTreeSet::from(["a::b".to_owned()]));
    }

    #[test]
    fn a_browser_run_adds_what_passed_and_removes_what_failed_or_was_skipped() {
        let report = serde_json::json!({ "suites": [{ "specs": [
            { "title": "adds a room", "ok": true, "tests": [{ "status": "expected" }] },
            { "title": "is skipped", "ok": true, "tests": [{ "status": "skipped" }] },
            { "title": "fails", "ok": false, "tests": [{ "status": "unexpected" }] },
        ] }] });
        let before = BTreeSet::from(["fails".to_owned(), "not run".to_owned()]);
        let mut passed = Passed {
            browser: before,
            ..Passed::default()
        };
        passed.note_browser(&report);
        assert_eq!(
            passed.browser,
            BTreeSet::from(["adds a room".to_owned(), "not run".to_owned()])
        );
    }

    #[test]
    fn a_test_made_once_per_database_is_found_by_the_name_in_the_middle() {
        let passed = Passed {
            rust: BTreeSet::from(["holds::a_hold_expires::sqlite".to_owned()]),
            ..Passed::default()
        };
        assert!(passed.has_rust("a_hold_expires"));
        assert!(!passed.has_rust("a_hold"));
    }
}
