// Everything a browser test needs running: the simulator, Etage connected to it, and the page that plays Outlook.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { environment } from "./environment";
import { Processes, freePort } from "./processes";

export interface Services {
  etageUrl: string | null;
  simUrl: string | null;
  outlookUrl: string;
  stop(): Promise<void>;
}

interface Ports {
  etage: number;
  sim: number;
  outlook: number;
}

/** Starts what `environment.services` asks for, on free ports, with an empty data folder. */
export async function startServices(): Promise<Services> {
  const processes = new Processes(environment.workDir);
  const ports: Ports = { etage: await freePort(), sim: await freePort(), outlook: await freePort() };
  try {
    if (environment.services === "all") {
      await startSimulator(processes, ports);
      await startEtage(processes, ports);
    }
    await startOutlook(processes, ports);
  } catch (error) {
    await processes.stop();
    throw error;
  }
  const all = environment.services === "all";
  return {
    etageUrl: all ? `https://localhost:${ports.etage}` : null,
    simUrl: all ? `http://127.0.0.1:${ports.sim}` : null,
    outlookUrl: `https://localhost:${ports.outlook}`,
    stop: () => processes.stop(),
  };
}

async function startSimulator(processes: Processes, { sim, etage }: Ports): Promise<void> {
  const scenario = join(environment.workDir, "scenario.json");
  writeFileSync(scenario, JSON.stringify(scenarioFor(`https://localhost:${etage}`)));
  await processes.start(
    {
      name: "simulator",
      command: environment.simulatorBinary,
      args: [
        "--scenario", scenario,
        "--listen", `127.0.0.1:${sim}`,
        "--public-url", `http://localhost:${sim}`,
        "--trust-ca", join(environment.tlsDir, "authority.pem"),
      ],
    },
    "listening on",
  );
}

async function startEtage(processes: Processes, ports: Ports): Promise<void> {
  const { tenant, clientId, secret, bookingMailbox } = readScenario(`https://localhost:${ports.etage}`);
  const env = etageEnvironment(ports);
  const etage = (args: string[], extra = {}) =>
    processes.run({ name: `etage ${args[0]}`, command: environment.etageBinary, args, env: { ...env, ...extra } });
  etage(
    ["connect", "--tenant", tenant, "--client-id", clientId, "--booking-mailbox", bookingMailbox, "--name", "Contoso"],
    { ETAGE_CLIENT_SECRET: secret },
  );
  etage(["import-plan", environment.plan]);
  etage(["link-rooms"]);
  await processes.start({ name: "etage", command: environment.etageBinary, args: ["serve"], env }, "etage is ready on");
}

function etageEnvironment({ etage, sim, outlook }: Ports): Record<string, string> {
  const outlookOrigin = `https://localhost:${outlook}`;
  return {
    ETAGE_DATA_DIR: join(environment.workDir, "data"),
    ETAGE_LISTEN: `127.0.0.1:${etage}`,
    ETAGE_ORIGIN: `https://localhost:${etage}`,
    ETAGE_TLS_CERT_FILE: join(environment.tlsDir, "localhost.pem"),
    ETAGE_TLS_KEY_FILE: join(environment.tlsDir, "localhost.key"),
    ETAGE_TRUST_CA_FILE: join(environment.tlsDir, "authority.pem"),
    ETAGE_GRAPH_URL: `http://localhost:${sim}`,
    ETAGE_LOGIN_URL: `http://localhost:${sim}`,
    ETAGE_OFFICE_JS_URL: `${outlookOrigin}/office/stand-in.js,${outlookOrigin}/office/office.js`,
    ETAGE_FRAME_ANCESTORS: outlookOrigin,
    ETAGE_SITE_DIR: environment.siteDir,
    ETAGE_POLL_SECONDS: "5",
    ETAGE_LOG: process.env.E2E_ETAGE_LOG ?? "info",
  };
}

async function startOutlook(processes: Processes, ports: Ports): Promise<void> {
  const known = environment.services === "all" ? readScenario(`https://localhost:${ports.etage}`) : null;
  await processes.start(
    {
      name: "outlook",
      command: process.execPath,
      args: [
        resolve(import.meta.dirname, "..", "outlook-host", "server.mjs"),
        "--cert", join(environment.tlsDir, "localhost.pem"),
        "--key", join(environment.tlsDir, "localhost.key"),
        "--listen", `127.0.0.1:${ports.outlook}`,
        "--sim", `http://127.0.0.1:${ports.sim}`,
        "--pane", `https://localhost:${ports.etage}/pane`,
        ...(known
          ? ["--tenant", known.tenant, "--client-id", known.clientId, "--scope", `${known.applicationIdUri}/access_as_user`,
             "--booking-mailbox", known.bookingMailbox]
          : []),
      ],
    },
    "outlook is ready on",
  );
}

/** The scenario with the application registered for the port this run happens to have. */
function scenarioFor(origin: string) {
  const scenario = JSON.parse(readFileSync(environment.scenario, "utf8"));
  const app = scenario.tenants[0].apps[0];
  app.redirectUris = [`${origin}/sign-in/callback`];
  app.applicationIdUri = `api://${new URL(origin).host}/${app.clientId}`;
  return scenario;
}

/** The few facts of the scenario that are needed to connect. */
function readScenario(origin: string) {
  const tenant = scenarioFor(origin).tenants[0];
  const app = tenant.apps[0];
  return {
    tenant: tenant.id as string,
    clientId: app.clientId as string,
    secret: app.secrets[0] as string,
    applicationIdUri: app.applicationIdUri as string,
    bookingMailbox: `booking@${tenant.domain}`,
  };
}
