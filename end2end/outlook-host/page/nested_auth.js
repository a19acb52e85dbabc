// Nested app authentication, the host's part: msal in the add-in's frame is answered by the simulated Entra ID, for the
// person who is signed in to this Outlook.

import { nestedAppAuth } from "./simulator.js";

/** How this page answers; tests set it. "on" works, "silent" never answers, otherwise a bridge status to fail with. */
export const MODES = ["on", "missing", "silent", "USER_INTERACTION_REQUIRED", "USER_CANCEL", "NO_NETWORK", "PERSISTENT_ERROR", "DISABLED"];

/** Answers one request text of msal; undefined means no answer at all. */
export async function answerNestedAuth(text, { person, mode }) {
  if (mode === "silent") return undefined;
  return JSON.stringify(await nestedAppAuth(person.address, mode, JSON.parse(text)));
}
