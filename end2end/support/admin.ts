// Administrators: as whoever runs the server makes them, with the program itself.

import type { Page } from "@playwright/test";

import { environment, serviceUrl } from "./environment";
import { Processes } from "./processes";
import { hydrated, open, signIn } from "./portal";

/** What `etage admin-link` prints: the path of a link that makes whoever confirms it first an administrator. */
export function adminLink(): string {
  const printed = new Processes(environment.workDir).run({
    name: "etage admin-link",
    command: environment.etageBinary,
    args: ["admin-link"],
    env: JSON.parse(process.env.E2E_ETAGE_SETTINGS ?? "{}"),
  });
  const link = /https:\S+/.exec(printed);
  if (!link) throw new Error(`No link in: ${printed}`);
  const url = new URL(link[0]);
  if (url.origin !== new URL(serviceUrl("E2E_ETAGE_URL")).origin) throw new Error(`${url.origin} is not this server.`);
  return url.pathname + url.search;
}

/** Signs in as an administrator, making them one where they are none yet, and opens the table of rooms. */
export async function signInAsAdmin(page: Page, address: string, path = "/admin/sync"): Promise<void> {
  await signIn(page, address, path);
  if (await page.getByText("This page is for administrators").isVisible()) {
    await open(page, adminLink());
    await page.getByRole("button", { name: "Become an administrator" }).click();
    await page.getByText("You are an administrator").waitFor();
    await open(page, path);
  }
  await hydrated(page);
}
