//! What a copy of a meeting takes, in a process that holds nothing else.
//!
//! Resident memory, as Linux tells it, before and after: what the allocator keeps for itself counts too, for both.

use std::hint::black_box;
use std::process::Command;

use m365_sim::{Scenario, Sim, SimOptions};

use crate::{CAMPUS, EVENTS_PER_ROOM, ROOMS, Result, bare, row};

/// The first argument of a process that only holds something.
pub(crate) const HOLD: &str = "hold";
const SIMULATOR: &str = "simulator";
const BARE: &str = "bare";

pub(crate) fn run() -> Result<()> {
    let (ours, reference) = (bytes_each(SIMULATOR)?, bytes_each(BARE)?);
    row(
        "memory of 1,000 rooms x 60 events with organizers' copies, each copy",
        (ours, "bytes"),
        ("plain structs with the same strings", reference),
        2.0,
    );
    Ok(())
}

/// Starts this program anew to hold one of the two.
fn bytes_each(what: &str) -> Result<f64> {
    let output = Command::new(std::env::current_exe()?)
        .args([HOLD, what])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Holds one of the two, and prints the bytes of each copy.
pub(crate) fn hold(what: &str) -> Result<()> {
    let copies = (2 * ROOMS * EVENTS_PER_ROOM) as f64;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let bytes = runtime.block_on(async {
        // The program with a small office, or with a campus without meetings: what is not the meetings'.
        let mut empty = Scenario::named(CAMPUS)?;
        for tenant in &mut empty.tenants {
            if let Some(generate) = &mut tenant.generate {
                generate.events_per_room = 0;
            }
        }
        let without = Sim::start(empty, SimOptions::explicit()).await?;
        let before = resident_bytes()?;
        if what == BARE {
            let held = bare::mailboxes()?;
            let after = resident_bytes()?;
            black_box(&held);
            return Ok::<_, Box<dyn std::error::Error + Send + Sync>>(after - before);
        }
        let held = Sim::start(Scenario::named(CAMPUS)?, SimOptions::explicit()).await?;
        let after = resident_bytes()?;
        black_box((&held, &without));
        Ok(after - before)
    })?;
    println!("{:.1}", bytes / copies);
    Ok(())
}

fn resident_bytes() -> Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let kib: f64 = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.trim().strip_suffix("kB"))
        .ok_or("Linux does not tell the memory of this process")?
        .trim()
        .parse()?;
    Ok(kib * 1_024.0)
}
