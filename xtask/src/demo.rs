//! A whole office on this machine: Microsoft 365 (simulated), Etage connected to it, and Outlook with the add-in.
//!
//! Etage runs here exactly as it would anywhere else; only the addresses it is given are those of the simulator.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::certificate::LocalCertificate;
use crate::process::Process;
use crate::site::Effort;
use crate::workspace::Workspace;
use crate::{browser_tests, needs, run, scenario, site};

/// In the data folder: the plan it was set up with, written last.
const PLAN_OF_DATA: &str = "data/demo.plan";
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What may be chosen.
#[derive(Args)]
pub(crate) struct Options {
    /// The office: any plan Etage imports. An office of our own by default.
    #[arg(long)]
    plan: Option<PathBuf>,
    /// Use ports from here on instead of 3000, 3080, 3090 and 3443: N, N+80, N+90 and N+443.
    #[arg(long, value_name = "N", default_value_t = 3000)]
    port_base: u16,
    /// Forget reservations and settings of earlier demos.
    #[arg(long)]
    reset: bool,
    /// Build for shipping: slower to build, smaller to load.
    #[arg(long)]
    release: bool,
}

/// Where each part listens.
struct Ports {
    etage: u16,
    etage_plain: u16,
    simulator: u16,
    outlook: u16,
}

impl Ports {
    fn from_base(base: u16) -> Result<Self> {
        let at = |offset: u16| {
            base.checked_add(offset)
                .context("--port-base is too high: N+443 must be a port")
        };
        Ok(Self {
            etage: base,
            etage_plain: at(80)?,
            simulator: at(90)?,
            outlook: at(443)?,
        })
    }

    fn refuse_taken(&self) -> Result<()> {
        for (what, port) in [
            ("Etage", self.etage),
            ("Etage without TLS", self.etage_plain),
            ("the simulator", self.simulator),
            ("Outlook", self.outlook),
        ] {
            if let Err(error) = TcpListener::bind(("127.0.0.1", port)) {
                bail!(
                    "port {port}, for {what}, cannot be used ({error}). Choose others: cargo xtask demo --port-base 4000"
                );
            }
        }
        Ok(())
    }

    fn etage_origin(&self) -> String {
        format!("https://localhost:{}", self.etage)
    }

    fn outlook_origin(&self) -> String {
        format!("https://localhost:{}", self.outlook)
    }

    fn plain_origin(&self) -> String {
        format!("http://localhost:{}", self.etage_plain)
    }

    fn simulator_url(&self) -> String {
        format!("http://localhost:{}", self.simulator)
    }
}

/// Builds everything, starts it, and keeps it running until interrupted.
pub(crate) fn run(workspace: &Workspace, options: &Options) -> Result<()> {
    let ports = Ports::from_base(options.port_base)?;
    ports.refuse_taken()?;
    let plan = match &options.plan {
        Some(plan) => plan
            .canonicalize()
            .with_context(|| format!("finding {}", plan.display()))?,
        None => workspace.path(browser_tests::PLAN),
    };
    needs::npm_packages(workspace, "end2end")?;
    site::build(workspace, Effort::from_quick(!options.release))?;
    workspace.build_programs()?;
    let certificate = LocalCertificate::ensure(workspace)?;
    let folder = workspace.target.join("demo");
    if options.reset || !is_for_plan(&folder, &plan) {
        remove(&folder.join("data"))?;
    }
    fs::create_dir_all(folder.join("data"))?;
    let stop = on_interrupt()?;
    let demo = Demo {
        workspace,
        ports: &ports,
        certificate: &certificate,
        folder: &folder,
    };
    let mut processes = demo.start(&plan)?;
    demo.print_addresses();
    while !stop.load(Ordering::SeqCst) {
        for process in &mut processes {
            if let Some(how) = process.ended()? {
                bail!("{how}");
            }
        }
        thread::sleep(LOOK_EVERY);
    }
    println!("Stopping.");
    // Outlook first and the simulator last, so that nobody talks to one that is gone.
    while let Some(process) = processes.pop() {
        drop(process);
    }
    Ok(())
}

/// The parts of one demo.
struct Demo<'a> {
    workspace: &'a Workspace,
    ports: &'a Ports,
    certificate: &'a LocalCertificate,
    folder: &'a Path,
}

impl Demo<'_> {
    /// Starts all parts, each when the one before is ready.
    fn start(&self, plan: &Path) -> Result<Vec<Process>> {
        let scenario_file = self.folder.join("scenario.json");
        let origins = [self.ports.etage_origin(), self.ports.plain_origin()];
        scenario::write_for(self.workspace, plan, &scenario_file, &origins)?;
        let logs = self.folder.join("logs");
        let mut processes = vec![Process::start(
            "simulator",
            &mut self.simulator(&scenario_file),
            &logs,
            "listening on",
        )?];
        self.connect(plan)?;
        processes.push(Process::start(
            "etage",
            self.etage().arg("serve"),
            &logs,
            "etage is ready on",
        )?);
        processes.push(Process::start(
            "outlook",
            &mut self.outlook(),
            &logs,
            "outlook is ready on",
        )?);
        Ok(processes)
    }

    /// What an administrator does once: connect the tenant, import the plan, link mailboxes to rooms.
    fn connect(&self, plan: &Path) -> Result<()> {
        if is_for_plan(self.folder, plan) {
            return Ok(());
        }
        run::run(
            self.etage()
                .args([
                    "connect",
                    "--tenant",
                    scenario::TENANT_ID,
                    "--client-id",
                    scenario::CLIENT_ID,
                ])
                .args([
                    "--booking-mailbox",
                    scenario::BOOKING_MAILBOX,
                    "--name",
                    "Contoso",
                ])
                .env("ETAGE_CLIENT_SECRET", scenario::CLIENT_SECRET),
        )?;
        run::run(
            self.etage()
                .args(["import-plan", "--zone", scenario::ZONE_UNLESS_TOLD])
                .arg(plan),
        )?;
        run::run(self.etage().arg("link-rooms"))?;
        fs::copy(plan, self.folder.join(PLAN_OF_DATA)).context("noting which plan was imported")?;
        Ok(())
    }

    fn simulator(&self, scenario_file: &Path) -> Command {
        let mut command = Command::new(self.workspace.program("m365-sim"));
        command
            .arg("--scenario")
            .arg(scenario_file)
            .args([
                "--listen",
                &format!("127.0.0.1:{}", self.ports.simulator),
                "--public-url",
                &self.ports.simulator_url(),
            ])
            .arg("--trust-ca")
            .arg(&self.certificate.authority);
        command
    }

    fn etage(&self) -> Command {
        let Ports {
            etage, etage_plain, ..
        } = self.ports;
        let outlook = self.ports.outlook_origin();
        let mut command = Command::new(self.workspace.program("etage"));
        command
            .env("ETAGE_DATA_DIR", self.folder.join("data"))
            .env("ETAGE_LISTEN", format!("127.0.0.1:{etage}"))
            .env("ETAGE_LISTEN_HTTP", format!("127.0.0.1:{etage_plain}"))
            .env("ETAGE_ORIGIN", self.ports.etage_origin())
            .env("ETAGE_ALSO_ORIGINS", self.ports.plain_origin())
            .env("ETAGE_TLS_CERT_FILE", &self.certificate.chain)
            .env("ETAGE_TLS_KEY_FILE", &self.certificate.key)
            .env("ETAGE_TRUST_CA_FILE", &self.certificate.authority)
            .env("ETAGE_GRAPH_URL", self.ports.simulator_url())
            .env("ETAGE_LOGIN_URL", self.ports.simulator_url())
            .env(
                "ETAGE_OFFICE_JS_URL",
                format!("{outlook}/office/stand-in.js,{outlook}/office/office.js"),
            )
            .env("ETAGE_FRAME_ANCESTORS", outlook)
            .env("ETAGE_SITE_DIR", self.workspace.site());
        command
    }

    fn outlook(&self) -> Command {
        let origin = self.ports.etage_origin();
        let mut command = Command::new("node");
        command
            .arg(self.workspace.path("end2end/outlook-host/server.mjs"))
            .arg("--cert")
            .arg(&self.certificate.chain)
            .arg("--key")
            .arg(&self.certificate.key)
            .args([
                "--listen",
                &format!("127.0.0.1:{}", self.ports.outlook),
                "--sim",
                &self.ports.simulator_url(),
            ])
            .args([
                "--pane",
                &format!("{origin}/pane"),
                "--tenant",
                scenario::TENANT_ID,
            ])
            .args([
                "--client-id",
                scenario::CLIENT_ID,
                "--booking-mailbox",
                scenario::BOOKING_MAILBOX,
                "--person",
                scenario::FIRST_PERSON,
            ])
            .args([
                "--scope",
                &format!("{}/access_as_user", scenario::application_id_uri(&origin)),
            ]);
        command
    }

    fn print_addresses(&self) {
        println!(
            "
Etage is running. Open first:

  Outlook, with the add-in   {outlook}
  The portal                 {etage}   (or {plain}, without TLS)
  Microsoft 365, simulated   {simulator}

Everything is on this machine and invented; sign in as anybody, any password works.

Your browser does not know the certificate yet. Either open {etage} and {outlook}
once each and accept it there, or trust the authority in
  {authority}
  (Chrome, Edge: Settings, Certificates, Authorities, Import. Firefox: Settings, View Certificates, Authorities, Import.)

Logs are in {logs}. Ctrl-C ends it all; --reset forgets what was booked.
",
            outlook = self.ports.outlook_origin(),
            etage = self.ports.etage_origin(),
            plain = self.ports.plain_origin(),
            simulator = self.ports.simulator_url(),
            authority = self.certificate.authority.display(),
            logs = self.folder.join("logs").display(),
        );
    }
}

/// Whether the data of an earlier demo is about this very plan, so that it can be used again.
fn is_for_plan(folder: &Path, plan: &Path) -> bool {
    matches!((fs::read(folder.join(PLAN_OF_DATA)), fs::read(plan)), (Ok(known), Ok(wanted)) if known == wanted)
}

/// Set once the person or the system asks us to end.
fn on_interrupt() -> Result<Arc<AtomicBool>> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::SeqCst))
        .context("listening for Ctrl-C")?;
    Ok(stop)
}

fn remove(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}
