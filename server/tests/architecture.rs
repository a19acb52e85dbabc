//! The direction of dependencies, held by a test: an edge that is not in the table is a mistake or
//! a decision, and a decision belongs into the table with its reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Who may import whom, complete.
const ALLOWED: &[(&str, &[&str])] = &[
    ("booking", &[]),
    ("store", &["booking"]),
    ("graph", &["booking"]),
    ("engine", &["booking", "store"]),
    ("app", &["booking", "engine"]),
    ("frontend", &["app"]),
    ("server", &["app", "booking", "engine", "graph", "store"]),
    ("m365-sim", &[]),
    // Whole days, for tests: several engines over one database against the simulator. Nothing may depend on it.
    ("days", &["booking", "engine", "graph", "m365-sim", "store"]),
    ("xtask", &[]),
];

/// What tests may import beyond that: the simulator, and `booking` for its feature `testing`.
const ALLOWED_IN_TESTS: &[(&str, &[&str])] = &[("graph", &["m365-sim"]), ("server", &["m365-sim"])];

/// Crates of others that a crate must not import, and why. What those it does import bring along is
/// not looked at: `engine` has `sqlx` through `store`, and cannot name it.
const FOREIGN: &[(&str, &[&str])] = &[
    // It runs in the browser: no socket, no pool, no runtime.
    ("booking", &["tokio", "sqlx", "reqwest", "axum", "leptos"]),
    // Use-cases are tested without HTTP and know no wire format.
    ("engine", &["reqwest", "axum", "leptos", "sqlx"]),
    // Wire formats know no web framework.
    ("graph", &["axum", "leptos", "sqlx"]),
    ("app", &["sqlx", "reqwest"]),
];

fn workspace() -> Vec<Package> {
    let metadata = MetadataCommand::new().no_deps().exec().unwrap();
    metadata.packages
}

fn table(
    rows: &[(&'static str, &[&'static str])],
) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    rows.iter()
        .map(|(from, to)| (*from, to.iter().copied().collect()))
        .collect()
}

#[test]
fn crates_import_only_what_the_table_allows() {
    let (allowed, in_tests) = (table(ALLOWED), table(ALLOWED_IN_TESTS));
    let packages = workspace();
    let ours: BTreeSet<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(
        ours,
        allowed.keys().copied().collect(),
        "every crate has a row in the table"
    );
    let mut wrong = Vec::new();
    for package in &packages {
        let from = package.name.as_str();
        for dependency in &package.dependencies {
            let to = dependency.name.as_str();
            if !ours.contains(to) {
                continue;
            }
            let direct = allowed[from].contains(to);
            let fine = match dependency.kind {
                DependencyKind::Development => {
                    direct
                        || to == "booking"
                        || in_tests.get(from).is_some_and(|row| row.contains(to))
                }
                _ => direct,
            };
            // A crate may name itself to switch a feature on for its own tests.
            if !fine && from != to {
                wrong.push(format!("{from} must not import {to}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_keep_out_of_each_others_trades() {
    let foreign = table(FOREIGN);
    let mut wrong = Vec::new();
    for package in workspace() {
        let Some(banned) = foreign.get(package.name.as_str()) else {
            continue;
        };
        for dependency in &package.dependencies {
            let normal = dependency.kind == DependencyKind::Normal;
            if normal && banned.contains(dependency.name.as_str()) {
                wrong.push(format!(
                    "{} must not import {}",
                    package.name, dependency.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_the_provider_of_the_graph_crate_knows_the_business() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/graph/src");
    let mut wrong = Vec::new();
    for file in rust_files(&source) {
        let in_provider = file
            .strip_prefix(&source)
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("provider");
        let text = std::fs::read_to_string(&file).unwrap();
        let imports = text
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .any(|line| line.contains("booking::"));
        if imports && !in_provider {
            wrong.push(file);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_server_function_lives_in_the_api_folder() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src");
    let outside: Vec<PathBuf> = rust_files(&source)
        .into_iter()
        .filter(|file| !file.starts_with(source.join("api")))
        .filter(|file| std::fs::read_to_string(file).unwrap().contains("#[server"))
        .collect();
    assert!(outside.is_empty(), "{outside:#?}");
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            files.push(path);
        }
    }
    files
}
