// Sign-in inside Outlook: nested app authentication, where Outlook itself brokers the token.
//
// Bundled into one classic script that only the task pane loads, so the portal never carries msal.
// The pane (app/src/pages/pane/token.rs) calls `window.etageAuth.acquire` and nothing else.
// Microsoft: https://learn.microsoft.com/office/dev/add-ins/develop/enable-nested-app-authentication-in-your-add-in

import {
  createNestablePublicClientApplication,
  InteractionRequiredAuthError,
} from "@azure/msal-browser";

/** Some hosts claim the requirement set and never answer, so every call has an end. */
const DEFAULT_TIMEOUT_MS = 8000;

/** One client per application and authority: creating it asks the host for its context each time. */
const clients = new Map();

/**
 * Asks Outlook for an access token to our own API.
 *
 * @param {object} request
 * @param {string} request.clientId   application (client) id in Entra ID
 * @param {string} [request.tenantId] directory of the person; "common" when absent
 * @param {string} [request.authority] complete authority URL; wins over `tenantId`
 * @param {string} request.scope      space separated scopes, e.g. "api://host/id/access_as_user"
 * @param {string} [request.loginHint] address of the person Outlook shows
 * @param {boolean} [request.silent]  never show a window; reject where one is needed
 * @param {number} [request.timeoutMs] when to give up, counted over the whole call
 * @returns {Promise<string>} the access token; rejects with `{code, message}`
 */
async function acquire(request) {
  const timeoutMs = request.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  try {
    return await withDeadline(acquireFromHost(request), timeoutMs);
  } catch (error) {
    throw asRefusal(error);
  }
}

async function acquireFromHost(request) {
  // Without a bridge msal would quietly become an ordinary browser client and open a window of its own.
  if (!window.nestedAppAuthBridge && !window.__initializeNestedAppAuth) {
    throw { code: "nested_app_auth_unavailable", message: "This Outlook offers no nested app authentication." };
  }
  const client = await clientFor(request);
  const wanted = { scopes: request.scope.split(" ").filter(Boolean), loginHint: request.loginHint };
  try {
    return (await client.acquireTokenSilent(wanted)).accessToken;
  } catch (error) {
    // Consent or a second factor is missing: the host shows its own window for it.
    if (request.silent || !(error instanceof InteractionRequiredAuthError)) throw error;
    return (await client.acquireTokenPopup(wanted)).accessToken;
  }
}

function clientFor({ clientId, tenantId, authority }) {
  const address = authority ?? `https://login.microsoftonline.com/${tenantId ?? "common"}`;
  const key = `${clientId} ${address}`;
  if (!clients.has(key)) {
    const created = createNestablePublicClientApplication({
      auth: {
        clientId,
        authority: address,
        // Any authority but Microsoft's own has to be named, or msal refuses it.
        knownAuthorities: [new URL(address).host],
      },
      // Storage may be blocked in a third-party frame; memory always works.
      cache: { cacheLocation: "memoryStorage" },
    });
    // A failed start must not be remembered: the next click tries again.
    created.catch(() => clients.delete(key));
    clients.set(key, created);
  }
  return clients.get(key);
}

function withDeadline(work, timeoutMs) {
  let timer;
  const deadline = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject({ code: "timeout", message: `Outlook did not answer within ${timeoutMs} ms.` }),
      timeoutMs,
    );
  });
  return Promise.race([work, deadline]).finally(() => clearTimeout(timer));
}

/** Turns whatever msal throws into the two fields the pane can act on; never includes a token. */
function asRefusal(error) {
  const code = error?.errorCode ?? error?.code ?? "unknown";
  const message = error?.errorMessage ?? error?.message ?? "Outlook gave no reason.";
  return { code: String(code), message: String(message) };
}

window.etageAuth = { acquire };
