//! A private PostgreSQL for one test run: its own folder, a unix socket, no port, gone afterwards.
//!
//! The cluster a Debian package may have started is never touched.

use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};
use std::{env, process};

use anyhow::{Context, Result, bail};

use crate::needs;
use crate::run::read;

/// Where tests and benches look for the server to use; set by whoever has one running already.
pub(crate) const POSTGRES_URL: &str = "TEST_POSTGRES_URL";

const START_WITHIN: Duration = Duration::from_secs(30);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// Debian's `nobody` and `nogroup`: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// What a commit in the cluster survives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Commits {
    /// A power failure, as in production: for measuring what is promised to be durable.
    Durable,
    /// Not even that: nothing outlives a run of tests, so nothing has to reach the disk.
    Volatile,
}

impl Commits {
    const fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Durable => &[],
            Self::Volatile => &[
                "-c",
                "fsync=off",
                "-c",
                "synchronous_commit=off",
                "-c",
                "full_page_writes=off",
            ],
        }
    }
}

/// A running cluster; dropping it stops it and removes its files.
pub(crate) struct Postgres {
    server: Child,
    folder: PathBuf,
}

impl Postgres {
    /// Makes and starts a cluster.
    pub(crate) fn start(commits: Commits) -> Result<Self> {
        needs::postgresql()?;
        let programs = newest_version()?;
        let as_root = needs::is_root()?;
        // The socket's path has to stay under 107 bytes, so this is not in the target folder.
        let folder = env::temp_dir().join(format!("etage-pg-{}", process::id()));
        let data = folder.join("data");
        fs::create_dir_all(&folder)?;
        if as_root {
            chown(&folder, Some(NOBODY), Some(NOBODY))?;
        }
        read(
            command(&programs, "initdb", as_root)
                .args([
                    "-N",
                    "-U",
                    "etage",
                    "-A",
                    "trust",
                    "-E",
                    "UTF8",
                    "--locale=C",
                    "-D",
                ])
                .arg(&data),
        )?;
        let server = command(&programs, "postgres", as_root)
            .arg("-D")
            .arg(&data)
            .arg("-k")
            .arg(&folder)
            .args(["-c", "listen_addresses=", "-c", "max_connections=300"])
            .args(commits.settings())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting PostgreSQL")?;
        let mut postgres = Self { server, folder };
        postgres.wait_until_ready(&programs)?;
        Ok(postgres)
    }

    /// The address tests connect to.
    pub(crate) fn url(&self) -> String {
        format!(
            "postgres:///postgres?host={}&user=etage",
            self.folder.display()
        )
    }

    fn wait_until_ready(&mut self, programs: &Path) -> Result<()> {
        let deadline = Instant::now() + START_WITHIN;
        while Instant::now() < deadline {
            let ready = Command::new(programs.join("pg_isready"))
                .args(["-q", "-U", "etage", "-h"])
                .arg(&self.folder)
                .status()
                .context("asking whether PostgreSQL is ready")?;
            if ready.success() {
                return Ok(());
            }
            if let Some(status) = self.server.try_wait()? {
                bail!("PostgreSQL ended at once ({status})");
            }
            thread::sleep(LOOK_EVERY);
        }
        bail!("PostgreSQL was not ready within {START_WITHIN:?}")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is PostgreSQL's fast shutdown: clients are cut off, nothing is left in shared memory.
        let _ = Command::new("kill")
            .args(["-INT", &self.server.id().to_string()])
            .status();
        let _ = self.server.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn command(programs: &Path, name: &str, as_root: bool) -> Command {
    let program = programs.join(name);
    let mut command = if as_root {
        let mut command = Command::new("setpriv");
        command
            .args(["--reuid=nobody", "--regid=nogroup", "--clear-groups"])
            .arg(program);
        command
    } else {
        Command::new(program)
    };
    // initdb looks where it stands, and may not be allowed to look here.
    command.current_dir("/");
    command
}

fn newest_version() -> Result<PathBuf> {
    let mut versions: Vec<PathBuf> = fs::read_dir("/usr/lib/postgresql")
        .context("looking for PostgreSQL")?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions
        .pop()
        .context("no PostgreSQL server programs under /usr/lib/postgresql")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_cluster_answers_and_leaves_nothing_behind() {
        if newest_version().is_err() {
            println!("Skipped: PostgreSQL is not installed here.");
            return;
        }
        let postgres = Postgres::start(Commits::Volatile).unwrap();
        let folder = postgres.folder.clone();
        let answer =
            read(Command::new("psql").args(["-At", "-c", "select 6 * 7", &postgres.url()]))
                .unwrap();
        assert_eq!(answer.trim(), "42");
        drop(postgres);
        assert!(!folder.exists());
    }
}
