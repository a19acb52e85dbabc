//! Installing what a command lacks, or saying exactly how.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::run::{is_installed, read, run};
use crate::workspace::Workspace;

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program from Debian's archive.
struct DebianPackage {
    name: &'static str,
    /// Any of these present means there is nothing to install.
    found_at: &'static [&'static str],
}

const CHROMIUM: DebianPackage = DebianPackage {
    name: "chromium",
    found_at: &["/usr/bin/chromium"],
};
const POSTGRESQL: DebianPackage = DebianPackage {
    name: "postgresql",
    found_at: &["/usr/lib/postgresql"],
};
const XMLLINT: DebianPackage = DebianPackage {
    name: "libxml2-utils",
    found_at: &["/usr/bin/xmllint"],
};

const PYTHON_VENV: DebianPackage = DebianPackage {
    name: "python3-venv",
    found_at: &[],
};

/// The compiler target of the browser.
pub(crate) fn wasm_target() -> Result<()> {
    if !is_installed("rustup") {
        return Ok(()); // Without rustup the build says itself what is missing.
    }
    let installed = read(Command::new("rustup").args(["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line == WASM_TARGET) {
        return Ok(());
    }
    run(Command::new("rustup").args(["target", "add", WASM_TARGET]))
}

/// The npm packages of a folder, exactly as its lock file names them.
pub(crate) fn npm_packages(workspace: &Workspace, folder: &str) -> Result<()> {
    if !is_installed("node") || !is_installed("npm") {
        bail!("Node.js 20 or newer is needed, with npm. On Debian: apt-get install nodejs npm");
    }
    let folder = workspace.path(folder);
    let lock = folder.join("package-lock.json");
    let stamp = folder.join("node_modules/.installed-lock");
    if is_same(&lock, &stamp) {
        return Ok(());
    }
    // Browsers come from Debian; Playwright must not fetch its own.
    run(Command::new("npm")
        .arg("ci")
        .current_dir(&folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    fs::copy(&lock, &stamp)
        .with_context(|| format!("noting that {} is installed", folder.display()))?;
    Ok(())
}

/// The checker of licences, sources and banned crates: the installed one, or one built into the scratch folder.
pub(crate) fn cargo_deny(workspace: &Workspace) -> Result<PathBuf> {
    const NAME: &str = "cargo-deny";
    if is_installed(NAME) {
        return Ok(NAME.into());
    }
    let tools = workspace.scratch("tools");
    let program = tools.join("bin").join(NAME);
    if !program.exists() {
        println!("Building {NAME} once; this takes some minutes.");
        run(workspace
            .cargo()
            .args(["install", "--locked", NAME, "--root"])
            .arg(&tools))?;
    }
    Ok(program)
}

/// The browser for browser tests.
pub(crate) fn chromium() -> Result<()> {
    debian_package(&CHROMIUM)
}

/// The PostgreSQL programs; the cluster the package itself may start is never used.
pub(crate) fn postgresql() -> Result<()> {
    debian_package(&POSTGRESQL)
}

/// The checker of the add-in's manifest.
pub(crate) fn xmllint() -> Result<()> {
    debian_package(&XMLLINT)
}

/// Python, and what makes environments of its packages.
pub(crate) fn python_environments() -> Result<()> {
    // It is a part of Python that Debian packs apart; other systems have it.
    let works = Command::new("python3")
        .args(["-c", "import ensurepip, venv"])
        .stderr(std::process::Stdio::null())
        .status();
    if works.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    debian_package(&PYTHON_VENV)
}

fn debian_package(package: &DebianPackage) -> Result<()> {
    if package.found_at.iter().any(|path| Path::new(path).exists()) {
        return Ok(());
    }
    let name = package.name;
    if !is_root()? || !is_installed("apt-get") {
        bail!("{name} is missing. Install it with: sudo apt-get install --yes {name}");
    }
    run(Command::new("apt-get").arg("update"))?;
    run(Command::new("apt-get")
        .args(["install", "--yes", "--no-install-recommends", name])
        .env("DEBIAN_FRONTEND", "noninteractive"))
}

/// Whether we may install packages and have to step down to run PostgreSQL.
pub(crate) fn is_root() -> Result<bool> {
    Ok(read(Command::new("id").arg("-u"))?.trim() == "0")
}

/// Whether two files are there and hold the same.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    matches!((fs::read(one), fs::read(other)), (Ok(one), Ok(other)) if one == other)
}
