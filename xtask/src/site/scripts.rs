//! Style sheets and scripts, put together by esbuild.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::run::run;
use crate::workspace::Workspace;

/// Browsers since 2023: nesting, layers and `light-dark()` need no rewriting.
const TARGET: &str = "--target=es2022,chrome123,firefox120,safari17.5";

/// A file of `style/` with everything it imports.
pub(crate) fn bundle_style(workspace: &Workspace, name: &str) -> Result<Vec<u8>> {
    // Icons are served under this very address; they are not files for the bundler to find.
    bundle(
        workspace,
        &format!("style/{name}.css"),
        &format!("{name}.css"),
        &["--external:/icons/*"],
    )
}

/// `frontend/js/pane_auth.js` with msal inside, as one classic script.
pub(crate) fn bundle_pane_auth(workspace: &Workspace) -> Result<Vec<u8>> {
    bundle(
        workspace,
        "frontend/js/pane_auth.js",
        "pane_auth.js",
        &["--format=iife"],
    )
}

fn bundle(workspace: &Workspace, input: &str, name: &str, more: &[&str]) -> Result<Vec<u8>> {
    let out = workspace.scratch("bundle").join(name);
    run(
        Command::new(workspace.path("frontend/js/node_modules/.bin/esbuild"))
            .arg(workspace.path(input))
            .arg(format!("--outfile={}", out.display()))
            .args([
                "--bundle",
                "--minify",
                "--charset=utf8",
                "--log-level=warning",
                "--legal-comments=eof",
                TARGET,
            ])
            .args(more),
    )?;
    fs::read(&out).with_context(|| format!("reading {}", out.display()))
}
