//! The add-in's manifest: one typing error there and no Outlook shows the add-in.

use std::process::Command;

use anyhow::{Result, bail};

use crate::workspace::Workspace;
use crate::{needs, run};

/// Microsoft's schemas, where this machine has them; the project may not carry them.
const SCHEMA: &str = "../shared/reference/outlook/manifest-xsd/OfficeAppManifestV1_1.xsd";
/// What no schema holds: the places an add-in shows in, what it may do, and where it signs in.
const WANTED: [&str; 9] = [
    "AppointmentOrganizerCommandSurface",
    "AppointmentAttendeeCommandSurface",
    "<Permissions>ReadWriteItem</Permissions>",
    "<Resource>api://localhost:3000/00000000-0000-0000-0000-000000000000</Resource>",
    "https://localhost:3000/pane",
    "Type=\"OnAppointmentSend\" FunctionName=\"onAppointmentSend\" SendMode=\"SoftBlock\"",
    "Type=\"OnAppointmentTimeChanged\" FunctionName=\"onAppointmentTimeChanged\"",
    "\"https://localhost:3000/outlook_events\"",
    "\"https://localhost:3000/outlook_events.js\"",
];

/// Checks `manifest.xml` against the schema and for what has to be in it.
pub(crate) fn check(workspace: &Workspace) -> Result<()> {
    let manifest = workspace.path("manifest.xml");
    let text = std::fs::read_to_string(&manifest)?;
    for wanted in WANTED {
        if !text.contains(wanted) {
            bail!("manifest.xml lacks {wanted}");
        }
    }
    needs::xmllint()?;
    let mut xmllint = Command::new("xmllint");
    xmllint.args(["--noout", "--nonet"]);
    let schema = workspace.path(SCHEMA);
    if schema.exists() {
        xmllint.arg("--schema").arg(schema);
    } else {
        println!(
            "Not checked: manifest.xml against Microsoft's schema (it is not on this machine)."
        );
    }
    run::run(xmllint.arg(manifest))
}
