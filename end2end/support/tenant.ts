// A simulated tenant over https for other people's clients, which speak to nothing else. Etage has no part in it.

import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { environment } from "./environment";
import { Processes, freePort } from "./processes";
import { Simulator } from "./simulator";

const SCENARIO = resolve(import.meta.dirname, "../../crates/m365-sim/scenarios/small-office.json");

/** The application every client plays. */
export interface App {
  tenantId: string;
  clientId: string;
  secret: string;
  /** The RSA key and the certificate that the tenant knows, PEM. */
  key: string;
  certificate: string;
  redirectUri: string;
  /** The scope the application itself exposes. */
  ownScope: string;
}

export class Tenant {
  private constructor(
    readonly origin: string,
    readonly app: App,
    readonly simulator: Simulator,
    private readonly processes: Processes,
  ) {}

  /**
   * Starts one. `redirectUri` is where sign-in leads back to; a public application is a page, without secret and certificate;
   * `permissions` are what it may do as itself, besides reading.
   */
  static async start(
    name: string,
    { redirectUri = "http://localhost:3000/sign-in/callback", isPublic = false, permissions = [] as string[] } = {},
  ): Promise<Tenant> {
    const logs = join(environment.workDir, name);
    mkdirSync(logs, { recursive: true });
    const scenario = JSON.parse(readFileSync(SCENARIO, "utf8"));
    const [tenant] = scenario.tenants;
    const [registration] = tenant.apps;
    const app: App = {
      tenantId: "5a7e0001-0000-4000-8000-0000000000aa",
      clientId: registration.clientId,
      secret: registration.secrets[0],
      key: readFileSync(join(environment.tlsDir, "app.key"), "utf8"),
      certificate: readFileSync(join(environment.tlsDir, "app.pem"), "utf8"),
      redirectUri,
      ownScope: `${registration.applicationIdUri}/access_as_user`,
    };
    tenant.id = app.tenantId;
    registration.certificates = isPublic ? [] : [app.certificate];
    if (isPublic) registration.secrets = [];
    registration.redirectUris = isPublic ? [] : [redirectUri];
    registration.spaRedirectUris = isPublic ? [redirectUri] : [];
    registration.applicationPermissions.push(...permissions);
    const file = join(logs, "scenario.json");
    writeFileSync(file, JSON.stringify(scenario));

    const port = await freePort();
    const origin = `https://localhost:${port}`;
    const processes = new Processes(logs);
    await processes.start(
      {
        name: "simulator",
        command: environment.simulatorBinary,
        args: [
          "--scenario", file,
          "--listen", `127.0.0.1:${port}`,
          "--public-url", origin,
          "--tls-cert", join(environment.tlsDir, "localhost.pem"),
          "--tls-key", join(environment.tlsDir, "localhost.key"),
          "--attendant-delay-ms", "50",
          "--notification-delay-ms", "20",
          ...(environment.contract ? ["--contract", environment.contract] : []),
        ],
      },
      "listening on",
    );
    return new Tenant(origin, app, new Simulator(origin), processes);
  }

  get host(): string {
    return new URL(this.origin).host;
  }

  /** What MSAL calls the authority. */
  get authority(): string {
    return `${this.origin}/${this.app.tenantId}`;
  }

  /** Signs somebody in on the page that an authorization address leads to, as a browser would; returns the code. */
  async codeFor(person: string, authorizationUrl: string): Promise<string> {
    const url = new URL(authorizationUrl);
    const form = new URLSearchParams(url.searchParams);
    form.set("person", person);
    const answer = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    const code = new URL(answer.headers.get("location") ?? "about:blank").searchParams.get("code");
    if (!code) throw new Error(`No code: ${answer.status} ${await answer.text()}`);
    return code;
  }

  /** Ends it, and fails where the simulator answered what Microsoft does not document. What clients ask is theirs. */
  async stop(): Promise<void> {
    const { answers } = await this.simulator.breaches();
    await this.processes.stop();
    if (answers.length > 0) throw new Error(`Microsoft's contract is broken:\n${answers.join("\n")}`);
  }
}

/** A verifier and what is sent of it beforehand (RFC 7636). */
export function codeChallenge(): { verifier: string; challenge: string } {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}
