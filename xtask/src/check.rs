//! What can be said about a change without running it.

mod manifest;
mod tracked;

use std::process::Command;

use anyhow::Result;

use crate::needs;
use crate::run;
use crate::workspace::Workspace;
pub(crate) use tracked::tracked_files;

/// The browser's half is linted for the browser; the rest in one native invocation, so that `ssr` and `hydrate` never
/// meet in one build.
pub(crate) const NATIVE: [&str; 3] = ["--workspace", "--exclude", "frontend"];
const BROWSER: [&str; 4] = ["-p", "frontend", "--target", "wasm32-unknown-unknown"];

/// Formatting, lints, documentation, licences, tracked files, and what the Graph client makes of any input.
pub(crate) fn run_all(workspace: &Workspace) -> Result<()> {
    quick(workspace)?;
    lint(workspace)?;
    run::run(
        workspace
            .cargo()
            .args(["doc", "--no-deps", "--document-private-items"])
            .args(NATIVE)
            // Private items are documented too, so links to them lead somewhere.
            .env(
                "RUSTDOCFLAGS",
                "-D warnings -A rustdoc::private_intra_doc_links",
            ),
    )?;
    properties(workspace)?;
    deny(workspace)
}

/// Whatever Microsoft, or somebody in between, sends must not stop the program: some hundred inputs of each kind, from a
/// seed that is printed.
fn properties(workspace: &Workspace) -> Result<()> {
    let only = ["--", "--nocapture", "provider::properties"];
    run::run(
        workspace
            .cargo()
            .args(["test", "--quiet", "-p", "graph", "--lib"])
            .args(only),
    )
}

/// What takes no compiler: tracked files and the manifest.
pub(crate) fn quick(workspace: &Workspace) -> Result<()> {
    tracked::check(workspace)?;
    manifest::check(workspace)
}

/// Formatting and clippy, warnings being errors.
pub(crate) fn lint(workspace: &Workspace) -> Result<()> {
    needs::wasm_target()?;
    run::run(workspace.cargo().args(["fmt", "--all", "--", "--check"]))?;
    let deny_warnings = ["--", "-D", "warnings"];
    run::run(
        workspace
            .cargo()
            .arg("clippy")
            .args(NATIVE)
            .arg("--all-targets")
            .args(deny_warnings),
    )?;
    run::run(
        workspace
            .cargo()
            .arg("clippy")
            .args(BROWSER)
            .args(deny_warnings),
    )
}

/// Licences, sources and banned crates. The advisory database is fetched from the network and so is left to CI.
fn deny(workspace: &Workspace) -> Result<()> {
    let program = needs::cargo_deny(workspace)?;
    println!("Not checked: security advisories (their database is fetched from the network).");
    run::run(
        Command::new(program)
            .current_dir(&workspace.root)
            .args(["check", "bans", "licenses", "sources"]),
    )
}
