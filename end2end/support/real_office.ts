// A second office, drawn from a survey of a real building, for the specs that need one.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import { environment } from "./environment";
import { startServices } from "./services";

/** Why there is no real office here; null when there is one. */
export const noRealOffice = existsSync(environment.realPlan)
  ? null
  : `the survey is not there: ${environment.realPlan}`;

/** Surveys do not say which clocks people read. */
const ZONE = "Europe/Berlin";

/** What Etage makes of the survey, floor by floor. */
export interface Survey {
  floors: { label: string; shapes: { kind: string; number: string | null }[] }[];
}

export function readSurvey(): Survey {
  const args = ["import-plan", "--dry-run", "--json", "--zone", ZONE, environment.realPlan];
  const env = { ...process.env, ETAGE_DATA_DIR: join(environment.workDir, "dry-run") };
  return JSON.parse(execFileSync(environment.etageBinary, args, { env, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }));
}

/** Starts the office and makes it the one that helpers talk to; the returned function undoes both. */
export async function startRealOffice(): Promise<() => Promise<void>> {
  const workDir = join(environment.workDir, "real");
  rmSync(workDir, { recursive: true, force: true });
  mkdirSync(workDir, { recursive: true });
  const scenario = join(workDir, "world.json");
  execFileSync(environment.xtaskBinary, ["scenario", environment.realPlan, scenario], { stdio: "pipe" });
  const services = await startServices({ plan: environment.realPlan, zone: ZONE, scenario, workDir });
  const usual = { ...process.env };
  process.env.E2E_ETAGE_URL = services.etageUrl!;
  process.env.E2E_SIM_URL = services.simUrl!;
  process.env.E2E_OUTLOOK_URL = services.outlookUrl;
  return async () => {
    Object.assign(process.env, usual);
    await services.stop();
  };
}
