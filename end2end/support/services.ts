// Everything a browser test needs running: the simulator, Etage connected to it, and the page that plays Outlook.

import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { environment } from "./environment";
import { Processes, freePort } from "./processes";
import { Simulator } from "./simulator";

export interface Services {
  etageUrl: string | null;
  simUrl: string | null;
  outlookUrl: string;
  /** What Etage's commands need to be told to reach the same data. */
  etageSettings: Record<string, string>;
  /** Ends them, and fails when something that Etage and the simulator said to each other broke Microsoft's contract. */
  stop(): Promise<void>;
}

interface Ports {
  etage: number;
  sim: number;
  outlook: number;
}

/** One office: its plan, the scenario written for it, and where its logs and data go. */
export interface Office {
  plan: string;
  /** Which clocks its people read, where the plan does not say. */
  zone?: string;
  scenario: string;
  workDir: string;
}

/** What is running, and where. */
interface Running extends Office {
  processes: Processes;
  ports: Ports;
  etageOrigin: string;
}

/** Starts what `environment.services` asks for, on free ports, with an empty data folder. */
export async function startServices(office: Office = environment): Promise<Services> {
  const processes = new Processes(office.workDir);
  const ports: Ports = { etage: await freePort(), sim: await freePort(), outlook: await freePort() };
  const running: Running = { ...office, processes, ports, etageOrigin: `https://localhost:${ports.etage}` };
  try {
    if (environment.services === "all") {
      await startSimulator(running);
      await startEtage(running);
    }
    await startOutlook(running);
  } catch (error) {
    await processes.stop();
    throw error;
  }
  const all = environment.services === "all";
  const simUrl = all ? `http://127.0.0.1:${ports.sim}` : null;
  return {
    etageUrl: all ? `https://localhost:${ports.etage}` : null,
    simUrl,
    outlookUrl: `https://localhost:${ports.outlook}`,
    etageSettings: etageEnvironment(running),
    stop: async () => {
      const seen = simUrl ? breachesSeenBy(simUrl) : Promise.resolve(undefined);
      const broken = await seen.finally(() => processes.stop());
      if (broken) throw new Error(broken);
    },
  };
}

/** What broke the contract, in words; nothing when nothing did. */
async function breachesSeenBy(simUrl: string): Promise<string | undefined> {
  const { checked, answers, requests } = await new Simulator(simUrl).breaches();
  console.log(`${checked} exchanges were held against Microsoft's contract.`);
  const broken = [...answers.map((one) => `the simulator: ${one}`), ...requests.map((one) => `Etage: ${one}`)];
  return broken.length > 0 ? `Microsoft's contract is broken by\n${broken.join("\n")}` : undefined;
}

async function startSimulator(running: Running): Promise<void> {
  const { sim } = running.ports;
  const scenario = join(running.workDir, "scenario.json");
  writeFileSync(scenario, JSON.stringify(scenarioFor(running)));
  await running.processes.start(
    {
      name: "simulator",
      command: environment.simulatorBinary,
      args: [
        "--scenario", scenario,
        "--listen", `127.0.0.1:${sim}`,
        "--public-url", `http://localhost:${sim}`,
        "--trust-ca", join(environment.tlsDir, "authority.pem"),
        ...(environment.contract ? ["--contract", environment.contract] : []),
        ...(environment.hostile ? ["--hostile", environment.hostile] : []),
      ],
    },
    "listening on",
  );
}

async function startEtage(running: Running): Promise<void> {
  const { processes, plan } = running;
  const { tenant, clientId, secret, bookingMailbox } = readScenario(running);
  const env = etageEnvironment(running);
  const etage = (args: string[], extra = {}) =>
    processes.run({ name: `etage ${args[0]}`, command: environment.etageBinary, args, env: { ...env, ...extra } });
  etage(
    ["connect", "--tenant", tenant, "--client-id", clientId, "--booking-mailbox", bookingMailbox, "--name", "Contoso"],
    { ETAGE_CLIENT_SECRET: secret },
  );
  etage(["import-plan", plan, ...(running.zone ? ["--zone", running.zone] : [])]);
  etage(["link-rooms"]);
  await processes.start({ name: "etage", command: environment.etageBinary, args: ["serve"], env }, "etage is ready on");
}

function etageEnvironment({ ports, workDir, etageOrigin }: Running): Record<string, string> {
  const { etage, sim, outlook } = ports;
  const outlookOrigin = `https://localhost:${outlook}`;
  return {
    ETAGE_DATA_DIR: join(workDir, "data"),
    ETAGE_LISTEN: `127.0.0.1:${etage}`,
    ETAGE_ORIGIN: etageOrigin,
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

async function startOutlook(running: Running): Promise<void> {
  const { processes, ports } = running;
  const known = environment.services === "all" ? readScenario(running) : null;
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
function scenarioFor({ scenario, etageOrigin }: Running) {
  const world = JSON.parse(readFileSync(scenario, "utf8"));
  const app = world.tenants[0].apps[0];
  app.redirectUris = [`${etageOrigin}/sign-in/callback`];
  app.applicationIdUri = `api://${new URL(etageOrigin).host}/${app.clientId}`;
  return world;
}

/** The few facts of the scenario that are needed to connect. */
function readScenario(running: Running) {
  const tenant = scenarioFor(running).tenants[0];
  const app = tenant.apps[0];
  return {
    tenant: tenant.id as string,
    clientId: app.clientId as string,
    secret: app.secrets[0] as string,
    applicationIdUri: app.applicationIdUri as string,
    bookingMailbox: `booking@${tenant.domain}`,
  };
}
