// Starts the services once for all specs and ends them afterwards.

import { mkdirSync, rmSync } from "node:fs";

import { environment } from "./environment";
import { startServices } from "./services";

export default async function globalSetup(): Promise<() => Promise<void>> {
  rmSync(environment.workDir, { recursive: true, force: true });
  mkdirSync(environment.workDir, { recursive: true });
  const services = await startServices();
  // Workers inherit the environment of this process.
  process.env.E2E_OUTLOOK_URL = services.outlookUrl;
  if (services.etageUrl) process.env.E2E_ETAGE_URL = services.etageUrl;
  process.env.E2E_ETAGE_SETTINGS = JSON.stringify(services.etageSettings);
  if (services.simUrl) process.env.E2E_SIM_URL = services.simUrl;
  return () => services.stop();
}
