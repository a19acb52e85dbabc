// Clients for Python, unchanged, against the simulator; each script says which flows it saw work.

import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { environment } from "../support/environment";
import { Tenant } from "../support/tenant";
import { expect, test } from "../support/test";

/** How many flows each has, and what its application may do besides reading. */
const CLIENTS: { client: string; flows: number; permissions?: string[] }[] = [
  { client: "msal", flows: 8 },
  { client: "azure_identity", flows: 5 },
  { client: "msgraph", flows: 8 },
  // It writes as the application, and asks nobody to sign in.
  { client: "o365", flows: 7, permissions: ["Calendars.ReadWrite"] },
];

for (const { client, flows, permissions } of CLIENTS) {
  test(`${client} for Python works unchanged`, async () => {
    const tenant = await Tenant.start(`python-${client}`, { permissions });
    const authority = join(environment.tlsDir, "authority.pem");
    try {
      const { status, stdout, stderr } = spawnSync(environment.python, [join(import.meta.dirname, "python", `${client}_flows.py`)], {
        encoding: "utf8",
        timeout: 50_000,
        env: {
          PATH: process.env.PATH,
          PYTHONDONTWRITEBYTECODE: "1",
          // These win over what a client is told of trust.
          REQUESTS_CA_BUNDLE: authority,
          SIM_ORIGIN: tenant.origin,
          SIM_TENANT: tenant.app.tenantId,
          SIM_CLIENT_ID: tenant.app.clientId,
          SIM_SECRET: tenant.app.secret,
          SIM_REDIRECT_URI: tenant.app.redirectUri,
          SIM_OWN_SCOPE: tenant.app.ownScope,
          SIM_CERTIFICATE_FILE: join(environment.tlsDir, "app.pem"),
          SIM_KEY_FILE: join(environment.tlsDir, "app.key"),
          SIM_CA_FILE: authority,
        },
      });
      process.stdout.write(stdout);
      expect(status, stderr).toBe(0);
      expect(stdout.split("\n").filter((line) => line.startsWith("ok "))).toHaveLength(flows);
    } finally {
      await tenant.stop();
    }
  });
}
