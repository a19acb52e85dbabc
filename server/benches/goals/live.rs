//! From a change in Outlook to the changed colour on a page that somebody has open in a browser: the
//! simulated Microsoft notifies at once, the program reads the room, the page is told and draws.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use m365_sim::Sim;
use serde::Deserialize;
use server::clock::SystemClock;
use store::plans::Drawing;

use booking::time::Clock as _;

use crate::measure::Runtimes;
use crate::office::{Bookings, furnish, session_cookie, settings};
use crate::page::{CHROMIUM, floor, in_workspace};
use crate::process::Program;
use crate::report;
use crate::served::Place;
use crate::tenant;

const ROOMS: usize = 100;
const CHANGES: usize = 40;
const P95_MS_MAX: f64 = 300.0;

/// What the browser saw: milliseconds of each change.
#[derive(Deserialize)]
struct Seen {
    taken: Vec<f64>,
    /// Of which until the simulator had taken the change.
    told: Vec<f64>,
}

pub(crate) fn run() -> Result<()> {
    let site = in_workspace("target/site");
    ensure!(
        site.join("assets.json").exists(),
        "the site is not built: cargo xtask site"
    );
    if !Path::new(CHROMIUM).exists() {
        eprintln!("Chromium is not installed: nobody looked at the page");
        return Ok(());
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtimes = Runtimes::new()?;
    let mut bookings = Bookings::new(ROOMS);
    let plan = floor::draw(&mut bookings.office.rooms);
    // Freed again for the program to take.
    let address = Place::take()?.address;
    let origin = format!("http://{address}");
    let sim = runtimes.servers.block_on(async {
        // Nobody has booked anything: every room changes from free to busy and back.
        let sim = tenant::start(&bookings.office.rooms, None, &origin).await?;
        let config = settings(folder.path(), &origin, sim.url(), &[])?;
        let store = furnish(&config, &bookings.office.rooms).await?;
        let drawing = Drawing {
            plan,
            rooms: Vec::new(),
        };
        store.publish_drawing(&drawing, SystemClock.now()).await?;
        anyhow::Ok(sim)
    })?;
    let site_dir = site.display().to_string();
    let further = [
        ("ETAGE_SITE_DIR", site_dir.as_str()),
        ("ETAGE_GRAPH_URL", sim.url()),
        ("ETAGE_LOGIN_URL", sim.url()),
        ("ETAGE_NOTIFICATION_URL", origin.as_str()),
    ];
    let mut program = Program::start_at(address, folder.path(), &further)?;
    runtimes.client.block_on(program.listening())?;
    print(&watch(&origin, &sim)?);
    program.end()
}

fn watch(origin: &str, sim: &Sim) -> Result<Seen> {
    let script = in_workspace("end2end/bench/live.mjs");
    let output = Command::new("node")
        .arg(&script)
        .args([origin, &session_cookie(), CHROMIUM, sim.url()])
        .args([ROOMS.to_string(), CHANGES.to_string()])
        .output()
        .with_context(|| format!("node {} does not run", script.display()))?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Seen = serde_json::from_slice(&output.stdout)?;
    ensure!(
        seen.taken.len() == CHANGES,
        "{} changes were seen",
        seen.taken.len()
    );
    Ok(seen)
}

fn print(seen: &Seen) {
    let name = format!("change in Outlook to changed pixel in a browser, {ROOMS} rooms");
    report::own(
        format!("{name}, p50 of {CHANGES}"),
        format!("{:.0} ms", of_hundred(&seen.taken, 50)),
    );
    report::within(
        format!("{name}, p95 of {CHANGES}"),
        of_hundred(&seen.taken, 95),
        P95_MS_MAX,
        "ms",
    );
    report::own(
        "the same, until the simulator had taken the change, p95",
        format!("{:.0} ms", of_hundred(&seen.told, 95)),
    );
}

fn of_hundred(taken: &[f64], percent: usize) -> f64 {
    let mut sorted = taken.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get(sorted.len() * percent / 100)
        .copied()
        .unwrap_or_default()
}
