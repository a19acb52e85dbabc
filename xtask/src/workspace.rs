//! Where things are.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// The repository on this machine.
pub(crate) struct Workspace {
    /// The top level.
    pub(crate) root: PathBuf,
    /// Cargo's target folder.
    pub(crate) target: PathBuf,
}

impl Workspace {
    /// Finds the top level from where this program was built, and the target folder from cargo itself.
    pub(crate) fn find() -> Result<Self> {
        let metadata = cargo_metadata::MetadataCommand::new()
            .manifest_path(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml"))
            .no_deps()
            .exec()
            .context("reading the workspace's manifest")?;
        Ok(Self {
            root: metadata.workspace_root.into(),
            target: metadata.target_directory.into(),
        })
    }

    /// A cargo command at the top level.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        command
    }

    /// A file or folder given from the top level.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// Our own corner of the target folder.
    pub(crate) fn scratch(&self, relative: &str) -> PathBuf {
        self.target.join("xtask").join(relative)
    }

    /// What the browser gets.
    pub(crate) fn site(&self) -> PathBuf {
        self.target.join("site")
    }

    /// A program built as tests build it: not optimised, and not compiled a second time in another way.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.target.join("debug").join(name)
    }

    /// Builds the server and the simulator. The server reads the site from the folder it is told.
    pub(crate) fn build_programs(&self) -> Result<()> {
        crate::run::run(
            self.cargo()
                .args(["build", "-p", "server", "-p", "m365-sim", "--bins"]),
        )
    }

    /// The same with a simulator that holds every exchange against Microsoft's contract. For tests, which have what it
    /// takes already; whoever starts a demo should not wait for it.
    pub(crate) fn build_watched_programs(&self) -> Result<()> {
        crate::run::run(
            self.cargo()
                .args(["build", "-p", "server", "-p", "m365-sim", "--bins"])
                .args(["--features", "contract"]),
        )
    }
}
