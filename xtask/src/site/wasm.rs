//! The browser's half of the product as WebAssembly, and the script that loads it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use super::Effort;
use crate::run::run;
use crate::workspace::Workspace;

/// What wasm-bindgen calls its files; the site names them by surface and content.
const NAME: &str = "module";

/// What wasm-bindgen makes of a module.
pub(crate) struct Bindings {
    /// The module itself.
    pub(crate) wasm: Vec<u8>,
    /// The module script that starts it.
    pub(crate) script: String,
    /// Scripts that `script` imports by a relative path, as (path, text).
    pub(crate) snippets: Vec<(String, String)>,
}

/// Compiles `frontend` for one surface; returns the raw module.
pub(crate) fn compile(workspace: &Workspace, effort: Effort, surface: &str) -> Result<PathBuf> {
    let profile = effort.cargo_profile();
    run(workspace.cargo().args([
        "build",
        "-p",
        "frontend",
        "--lib",
        "--no-default-features",
        "--features",
        surface,
        "--target",
        "wasm32-unknown-unknown",
        "--profile",
        profile,
    ]))?;
    let built = workspace
        .target
        .join("wasm32-unknown-unknown")
        .join(profile)
        .join("frontend.wasm");
    if !built.exists() {
        bail!(
            "{} was not built: `frontend` has to be a `cdylib`",
            built.display()
        );
    }
    // The next surface's module is built under the same name.
    let module = workspace.scratch("modules").join(format!("{surface}.wasm"));
    if let Some(folder) = module.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::copy(&built, &module).with_context(|| format!("copying {}", built.display()))?;
    Ok(module)
}

/// Makes a compiled module loadable by a page.
pub(crate) fn bind(workspace: &Workspace, module: &PathBuf) -> Result<Bindings> {
    let out = workspace.scratch("bindgen");
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    Bindgen::new()
        .input_path(module)
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(NAME)
        .generate(&out)
        .context("running wasm-bindgen")?;
    Ok(Bindings {
        wasm: fs::read(out.join(format!("{NAME}_bg.wasm")))?,
        script: fs::read_to_string(out.join(format!("{NAME}.js")))?,
        snippets: read_snippets(&out)?,
    })
}

fn read_snippets(out: &PathBuf) -> Result<Vec<(String, String)>> {
    let folder = out.join("snippets");
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut snippets = Vec::new();
    for entry in walkdir::WalkDir::new(&folder).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let path = entry
                .path()
                .strip_prefix(out)?
                .to_string_lossy()
                .into_owned();
            snippets.push((path, fs::read_to_string(entry.path())?));
        }
    }
    Ok(snippets)
}
