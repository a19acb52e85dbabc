//! Builds what the browser gets: WASM, its glue, the style sheet and the pane's sign-in script, into `target/site`.
//!
//! Asset names carry a hash of their content, so that browsers may keep them for ever; `assets.json` maps the plain
//! names to the hashed ones. Each asset has a brotli copy beside it, made here once and not by the server each time.

mod assets;
mod scripts;
mod stamp;
mod wasm;

use std::fs;

use anyhow::{Context, Result};

use crate::needs;
use crate::workspace::Workspace;
use assets::Assets;

/// Each is a feature of `frontend` and gets a module of its own: nobody loads the other's code.
const SURFACES: [&str; 4] = ["portal", "booking", "pane", "admin"];

/// How much time a build may take.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effort {
    /// For the demo and tests: optimised a little, compressed a little.
    Quick,
    /// For shipping: as small as it gets.
    Small,
}

impl Effort {
    /// From the command line's switch.
    pub(crate) fn from_quick(quick: bool) -> Self {
        if quick { Self::Quick } else { Self::Small }
    }

    fn cargo_profile(self) -> &'static str {
        match self {
            Self::Quick => "wasm-quick",
            Self::Small => "wasm-release",
        }
    }

    fn brotli_quality(self) -> u32 {
        match self {
            Self::Quick => 5,
            Self::Small => 11,
        }
    }
}

/// Builds the site; does nothing where no input has changed since the last time.
pub(crate) fn build(workspace: &Workspace, effort: Effort) -> Result<()> {
    needs::wasm_target()?;
    needs::npm_packages(workspace, "frontend/js")?;
    let modules = SURFACES
        .iter()
        .map(|surface| wasm::compile(workspace, effort, surface))
        .collect::<Result<Vec<_>>>()?;
    let inputs = stamp::of_inputs(workspace, &modules, effort)?;
    if stamp::is_current(workspace, &inputs) {
        return Ok(());
    }
    stamp::forget(workspace)?;

    let site = workspace.site();
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("emptying {}", site.display()))?;
    }
    let mut assets = Assets::create(&site, effort.brotli_quality())?;
    for (surface, module) in SURFACES.iter().zip(&modules) {
        let bindings = wasm::bind(workspace, module)?;
        assets.add(&format!("{surface}.wasm"), &bindings.wasm)?;
        assets.add(&format!("{surface}.js"), bindings.script.as_bytes())?;
        for (path, text) in &bindings.snippets {
            assets.add_unhashed(path, text.as_bytes())?;
        }
    }
    assets.add("etage.css", &scripts::bundle_style(workspace, "main")?)?;
    assets.add("booking.css", &scripts::bundle_style(workspace, "booking")?)?;
    assets.add("admin.css", &scripts::bundle_style(workspace, "admin")?)?;
    assets.add("pane_auth.js", &scripts::bundle_pane_auth(workspace)?)?;
    assets.copy_public(&workspace.path("public"))?;
    assets.finish()?;
    stamp::remember(workspace, &inputs)
}
