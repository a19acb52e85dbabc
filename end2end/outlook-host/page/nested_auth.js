// Nested app authentication, the host's part: answers msal in the add-in's frame with tokens of the
// simulated Entra ID, for the person who is signed in to this Outlook.

import { token } from "./simulator.js";

/** How this page answers; tests set it. "on" works, "silent" never answers, otherwise a bridge status to fail with. */
export const MODES = ["on", "missing", "silent", "USER_INTERACTION_REQUIRED", "USER_CANCEL", "NO_NETWORK", "PERSISTENT_ERROR", "DISABLED"];

/** Answers one request text of msal; undefined means no answer at all. */
export async function answerNestedAuth(text, { person, tenant, mode }) {
  if (mode === "silent") return undefined;
  const request = JSON.parse(text);
  const reply = { messageType: "NestedAppAuthResponse", requestId: request.requestId };
  try {
    const content = request.method === "GetInitContext"
      ? { initContext: initContext(person, tenant) }
      : await grant(request.tokenParams, person, tenant, mode);
    return JSON.stringify({ ...reply, success: true, ...content });
  } catch (error) {
    return JSON.stringify({
      ...reply,
      success: false,
      error: { status: error.status ?? "PERSISTENT_ERROR", code: error.status ?? "simulated", description: error.message },
    });
  }
}

function initContext(person, tenant) {
  return {
    sdkName: "Bridge",
    sdkVersion: "1.0.0",
    capabilities: { queryAccount: true },
    accountContext: accountIds(person, tenant),
  };
}

async function grant({ clientId, scope }, person, tenant, mode) {
  if (mode !== "on") throw Object.assign(new Error("Set by this page's test hook."), { status: mode });
  const scopes = scope.split(" ");
  const granted = await token({ tenant, person: person.address, clientId, scopes });
  return {
    token: {
      access_token: granted.access_token,
      expires_in: granted.expires_in ?? 3600,
      id_token: granted.id_token,
      scope,
      properties: null,
    },
    account: {
      ...accountIds(person, tenant),
      username: person.address,
      localAccountId: person.id,
      name: person.name,
      idToken: granted.id_token,
    },
  };
}

function accountIds(person, tenant) {
  return { homeAccountId: `${person.id}.${tenant}`, environment: "login.microsoftonline.com", tenantId: tenant };
}
