//! Remembers what the site was built from, so that an unchanged one is left alone.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use super::Effort;
use crate::workspace::Workspace;

/// Everything besides the compiled module that ends up in the site, or decides how it gets there.
const INPUTS: [&str; 6] = [
    "style",
    "public",
    "frontend/js/pane_auth.js",
    "frontend/js/package-lock.json",
    "xtask/src/site.rs",
    "xtask/src/site",
];

/// A digest of all inputs.
pub(crate) fn of_inputs(
    workspace: &Workspace,
    modules: &[PathBuf],
    effort: Effort,
) -> Result<String> {
    let mut digest = Sha256::new();
    digest.update(format!("{effort:?}"));
    for module in modules {
        add_file(&mut digest, module)?;
    }
    for input in INPUTS {
        for entry in walkdir::WalkDir::new(workspace.path(input)).sort_by_file_name() {
            let entry = entry.with_context(|| format!("the site needs {input}"))?;
            if entry.file_type().is_file() {
                add_file(&mut digest, entry.path())?;
            }
        }
    }
    Ok(digest
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

/// Whether the site that stands was built from just this.
pub(crate) fn is_current(workspace: &Workspace, inputs: &str) -> bool {
    workspace.site().join("assets.json").exists()
        && fs::read_to_string(file(workspace)).is_ok_and(|stamp| stamp == inputs)
}

/// Notes a finished build.
pub(crate) fn remember(workspace: &Workspace, inputs: &str) -> Result<()> {
    let file = file(workspace);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, inputs).with_context(|| format!("writing {}", file.display()))
}

/// Before a build: one that breaks off must not pass for finished.
pub(crate) fn forget(workspace: &Workspace) -> Result<()> {
    match fs::remove_file(file(workspace)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn add_file(digest: &mut Sha256, path: &Path) -> Result<()> {
    let content = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    digest.update(path.to_string_lossy().as_bytes());
    digest.update(content.len().to_le_bytes());
    digest.update(content);
    Ok(())
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.scratch("site.stamp")
}
