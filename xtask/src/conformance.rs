//! Other people's clients against the simulator: those of `cargo xtask test`, and more of them, for Node and Python.
//!
//! Their Python packages go into an environment of their own below the scratch folder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::certificate::LocalCertificate;
use crate::needs;
use crate::run::run as run_command;
use crate::workspace::Workspace;

/// What `pip` installs, each pinned.
const REQUIREMENTS: &str = "end2end/conformance/python/requirements.txt";

/// Runs them all; fails when one of them meets a simulator that is not as Microsoft's service is to it.
pub(crate) fn run(workspace: &Workspace) -> Result<()> {
    needs::chromium()?;
    needs::npm_packages(workspace, "end2end")?;
    let python = python(workspace)?;
    run_command(workspace.cargo().args([
        "build",
        "-p",
        "m365-sim",
        "--bins",
        "--features",
        "contract",
    ]))?;
    let certificate = LocalCertificate::ensure(workspace)?;
    let playwright = |arguments: &[&str]| {
        run_command(
            Command::new("npx")
                .args(["playwright", "test"])
                .args(arguments)
                .current_dir(workspace.path("end2end"))
                .env("E2E_SERVICES", "host")
                .env("E2E_SIMULATOR", workspace.program("m365-sim"))
                .env("E2E_PYTHON", &python)
                .env("E2E_TLS_DIR", &certificate.folder)
                .env("E2E_WORK_DIR", workspace.scratch("conformance/run"))
                .env("NODE_EXTRA_CA_CERTS", &certificate.authority)
                .env_remove("REQUESTS_CA_BUNDLE")
                .env_remove("CURL_CA_BUNDLE"),
        )
    };
    playwright(&["clients"])?;
    playwright(&["--config", "conformance.config.ts"])
}

/// A Python that has the packages, made when it is not there or they have changed.
fn python(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.scratch("conformance/venv");
    let python = folder.join("bin/python");
    let wanted = workspace.path(REQUIREMENTS);
    let installed = folder.join("installed.txt");
    if needs::is_same(&wanted, &installed) {
        return Ok(python);
    }
    needs::python_environments()?;
    run_command(
        Command::new("python3")
            .args(["-m", "venv", "--clear"])
            .arg(&folder),
    )?;
    run_command(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--requirement"])
            .arg(&wanted),
    )?;
    fs::copy(&wanted, &installed).context("noting that the Python packages are installed")?;
    Ok(python)
}
