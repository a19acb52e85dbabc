//! The search page with a plan of a hundred rooms: what a browser that was never there has to
//! fetch, and, where Chromium is installed, when it shows the page and when it answers.

pub(crate) mod floor;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE};
use serde::Deserialize;
use server::clock::SystemClock;
use store::plans::Drawing;

use booking::time::Clock as _;

use crate::measure::Runtimes;
use crate::office::{Bookings, NOWHERE, furnish, session_cookie, settings};
use crate::process::Program;
use crate::report;

const ROOMS: usize = 100;
const TRANSFERRED_KIB_MAX: f64 = 260.0;
const PAINTED_MS_MAX: f64 = 350.0;
const INTERACTIVE_MS_MAX: f64 = 600.0;
pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";
/// How the page draws a room on the plan.
const ROOM_ON_PLAN: &str = "class=\"plan-room\"";

pub(crate) fn run() -> Result<()> {
    let site = in_workspace("target/site");
    ensure!(
        site.join("assets.json").exists(),
        "the site is not built: cargo xtask site"
    );
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtimes = Runtimes::new()?;
    let mut bookings = Bookings::new(ROOMS);
    let plan = floor::draw(&mut bookings.office.rooms);
    runtimes.servers.block_on(async {
        let config = settings(folder.path(), NOWHERE, NOWHERE, &[])?;
        let store = furnish(&config, &bookings.office.rooms).await?;
        bookings.keep(&store).await?;
        let drawing = Drawing {
            plan,
            rooms: Vec::new(),
        };
        store.publish_drawing(&drawing, SystemClock.now()).await?;
        anyhow::Ok(())
    })?;
    let site_dir = site.display().to_string();
    let mut program = Program::start(folder.path(), &[("ETAGE_SITE_DIR", &site_dir)])?;
    let origin = format!("http://{}", program.address);
    runtimes.client.block_on(async {
        program.listening().await?;
        transferred(&origin, &site).await
    })?;
    match Path::new(CHROMIUM).exists() {
        true => shown(&origin)?,
        false => eprintln!("Chromium is not installed: nobody looked at the page"),
    }
    program.end()
}

/// Every byte between the server and a browser with an empty cache, headers apart.
async fn transferred(origin: &str, site: &Path) -> Result<()> {
    let assets = std::fs::read_to_string(site.join("assets.json"))?;
    let assets: std::collections::BTreeMap<String, String> = serde_json::from_str(&assets)?;
    let http = reqwest::Client::builder().no_proxy().build()?;
    let page = fetch(&http, &format!("{origin}/")).await?;
    let html = plain(&http, &format!("{origin}/")).await?;
    let mut total = report_part("html", &page);
    for name in ["etage.css", "portal.js", "portal.wasm"] {
        let path = assets.get(name).with_context(|| format!("no {name}"))?;
        ensure!(html.contains(path), "the page does not ask for {path}");
        total += report_part(name, &fetch(&http, &format!("{origin}{path}")).await?);
    }
    let drawn = html.matches(ROOM_ON_PLAN).count();
    ensure!(drawn >= ROOMS, "only {drawn} rooms are drawn");
    report::within(
        format!("search page with a plan of {ROOMS} rooms, transferred"),
        total / 1_024.0,
        TRANSFERRED_KIB_MAX,
        "KiB",
    );
    Ok(())
}

/// A page as it is written, not as it travels.
async fn plain(http: &reqwest::Client, url: &str) -> Result<String> {
    let answer = http
        .get(url)
        .header(COOKIE, session_cookie())
        .send()
        .await?;
    Ok(answer.error_for_status()?.text().await?)
}

struct Fetched {
    bytes: Vec<u8>,
    encoding: String,
}

async fn fetch(http: &reqwest::Client, url: &str) -> Result<Fetched> {
    let answer = http
        .get(url)
        .header(ACCEPT_ENCODING, "gzip, deflate, br")
        .header(COOKIE, session_cookie())
        .send()
        .await?
        .error_for_status()?;
    let encoding = answer.headers().get(CONTENT_ENCODING);
    let encoding = encoding.map_or("plain", |value| value.to_str().unwrap_or("?"));
    Ok(Fetched {
        encoding: encoding.to_owned(),
        bytes: answer.bytes().await?.into(),
    })
}

fn report_part(name: &str, part: &Fetched) -> f64 {
    let bytes = part.bytes.len() as f64;
    report::own(
        format!("search page, {name} ({})", part.encoding),
        format!("{:.1} KiB", bytes / 1_024.0),
    );
    bytes
}

/// What Chromium saw, in milliseconds since the navigation began.
#[derive(Deserialize)]
struct Seen {
    lcp: f64,
    interactive: f64,
    rooms: usize,
}

fn shown(origin: &str) -> Result<()> {
    let script = in_workspace("end2end/bench/page.mjs");
    let output = Command::new("node")
        .arg(&script)
        .args([origin, &session_cookie(), CHROMIUM])
        .output()
        .with_context(|| format!("node {} does not run", script.display()))?;
    ensure!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let seen: Seen = serde_json::from_slice(&output.stdout)?;
    ensure!(seen.rooms == ROOMS, "{} rooms on the plan", seen.rooms);
    let name = format!("search page with a plan of {ROOMS} rooms");
    report::within(
        format!("{name}, largest contentful paint"),
        seen.lcp,
        PAINTED_MS_MAX,
        "ms",
    );
    report::within(
        format!("{name}, interactive"),
        seen.interactive,
        INTERACTIVE_MS_MAX,
        "ms",
    );
    Ok(())
}

pub(crate) fn in_workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}
