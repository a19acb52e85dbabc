//! The engine's stories and the tests over HTTP and in the browser again, on a bad day at Microsoft: throttled, failing,
//! losing connections.
//! Tests that script faults of their own put those of the day away.

use anyhow::Result;

use crate::browser_tests::{self, Weather};
use crate::run::run as run_command;
use crate::workspace::Workspace;

/// Runs them; the seed decides what fails.
pub(crate) fn run(workspace: &Workspace, seed: u64) -> Result<()> {
    println!("A bad day at Microsoft, seed {seed}.");
    for (package, tests) in [("engine", "stories"), ("server", "http")] {
        run_command(
            workspace
                .cargo()
                .args(["test", "-p", package, "--test", tests])
                .env("TEST_HOSTILE", seed.to_string()),
        )?;
    }
    browser_tests::run_in(workspace, &[], Weather::Hostile { seed })
}
