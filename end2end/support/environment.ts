// Where things are. `cargo xtask e2e` sets every variable; run by hand, the defaults of a built tree apply.

import { existsSync } from "node:fs";
import { resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..", "..");
const path = (name: string, fallback: string) => resolve(ROOT, process.env[name] ?? fallback);

const CONTRACT = resolve(ROOT, "../shared/reference/graph/graph-v1.0-rooms.openapi.yaml");

export const environment = {
  etageBinary: path("E2E_ETAGE", "target/debug/etage"),
  simulatorBinary: path("E2E_SIMULATOR", "target/debug/m365-sim"),
  siteDir: path("E2E_SITE_DIR", "target/site"),
  /** Holds authority.pem, localhost.pem and localhost.key. */
  tlsDir: path("E2E_TLS_DIR", "target/demo/tls"),
  scenario: path("E2E_SCENARIO", "target/xtask/e2e/scenario.json"),
  /** The plan the scenario was written for. */
  plan: path("E2E_PLAN", "end2end/demo/harbour-house.plan.json"),
  /** Logs, and the server's data; emptied before each run. */
  workDir: path("E2E_WORK_DIR", "target/xtask/e2e/run"),
  /** Writes scenarios for plans other than the one above. */
  xtaskBinary: path("E2E_XTASK", "target/debug/xtask"),
  /** A survey of a real building; not part of the repository. */
  realPlan: path("E2E_REAL_PLAN", "../shared/plans/osm_tudresden_apb/apb.geojson"),
  /** Has the packages of conformance/python/requirements.txt. */
  python: path("E2E_PYTHON", "target/xtask/conformance/venv/bin/python"),
  /** Microsoft's OpenAPI document; not part of the repository. Empty: it is not there, and nothing is held against it. */
  contract: existsSync(CONTRACT) ? CONTRACT : "",
  /** Runs the office on a bad day at Microsoft: where its chance comes from. Empty: it is a good day. */
  hostile: process.env.E2E_HOSTILE ?? "",
  /** "host" runs only the page that plays Outlook, for specs that need no product. */
  services: process.env.E2E_SERVICES ?? "all",
};

/** Set by the global setup for the workers; read through this so that a missing one is named. */
export function serviceUrl(name: "E2E_ETAGE_URL" | "E2E_SIM_URL" | "E2E_OUTLOOK_URL"): string {
  const url = process.env[name];
  if (!url) throw new Error(`${name} is not set: that service was not started (see support/global_setup.ts).`);
  return url;
}
