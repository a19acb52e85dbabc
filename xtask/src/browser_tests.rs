//! Playwright against a whole office of its own: simulator, server and the page that plays Outlook.
//!
//! The specs start and end those programs themselves (`end2end/support`); here everything is only built and named.

use std::fs;
use std::process::Command;

use anyhow::{Context, Result};

use crate::certificate::LocalCertificate;
use crate::passed::Passed;
use crate::run::run as run_command;
use crate::site::Effort;
use crate::workspace::Workspace;
use crate::{needs, scenario, site};

/// The office the specs know by heart.
pub(crate) const PLAN: &str = "end2end/demo/harbour-house.plan.json";

/// How Microsoft's services behave while the specs run.
#[derive(Clone, Copy)]
pub(crate) enum Weather {
    /// As they should.
    Fair,
    /// They throttle, fail and lose connections.
    Hostile {
        /// Where chance comes from.
        seed: u64,
    },
}

/// Builds what the specs need, runs them, and notes which passed, also when others did not.
pub(crate) fn run(workspace: &Workspace, playwright: &[String]) -> Result<()> {
    run_in(workspace, playwright, Weather::Fair)
}

/// The same in any weather; what passes in a bad one is not noted.
pub(crate) fn run_in(workspace: &Workspace, playwright: &[String], weather: Weather) -> Result<()> {
    workspace.build_watched_programs()?;
    run_with_programs_built(workspace, playwright, weather)
}

/// The same with the server and the simulator as they are: the native tests have just built them, with a simulator that
/// holds exchanges against the contract. Alone they would be built with other features, most dependencies once more.
pub(crate) fn run_with_programs_built(
    workspace: &Workspace,
    playwright: &[String],
    weather: Weather,
) -> Result<()> {
    needs::chromium()?;
    needs::npm_packages(workspace, "end2end")?;
    site::build(workspace, Effort::Quick)?;
    let certificate = LocalCertificate::ensure(workspace)?;
    let plan = workspace.path(PLAN);
    let scenario_file = workspace.scratch("e2e/scenario.json");
    scenario::write(workspace, &plan, &scenario_file)?;

    let end2end = workspace.path("end2end");
    run_command(
        Command::new("npx")
            .args(["tsc", "--noEmit"])
            .current_dir(&end2end),
    )?;
    let results = workspace.scratch("e2e/results.json");
    let outcome = run_command(
        Command::new("npx")
            .args(["playwright", "test"])
            .args(playwright)
            .current_dir(&end2end)
            .env("E2E_ETAGE", workspace.program("etage"))
            .env("E2E_SIMULATOR", workspace.program("m365-sim"))
            .env("E2E_SITE_DIR", workspace.site())
            .env("E2E_TLS_DIR", &certificate.folder)
            .env("E2E_SCENARIO", &scenario_file)
            .env("E2E_PLAN", &plan)
            .env("E2E_WORK_DIR", workspace.scratch("e2e/run"))
            .env("E2E_RESULTS", &results)
            .env(
                "E2E_HOSTILE",
                match weather {
                    Weather::Fair => String::new(),
                    Weather::Hostile { seed } => seed.to_string(),
                },
            )
            // Our authority is in no trust store; the variables that name other ones would win over ours.
            .env("NODE_EXTRA_CA_CERTS", &certificate.authority)
            .env_remove("REQUESTS_CA_BUNDLE")
            .env_remove("CURL_CA_BUNDLE"),
    );
    if matches!(weather, Weather::Hostile { .. }) {
        return outcome;
    }
    let report =
        fs::read_to_string(&results).with_context(|| format!("reading {}", results.display()))?;
    let mut record = Passed::load(workspace)?.unwrap_or_default();
    record.note_browser(&serde_json::from_str(&report)?);
    record.save(workspace)?;
    outcome
}
