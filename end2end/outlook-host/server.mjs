// Serves the page that plays Outlook on the web, office.js from npm, and a way to the simulator.
//
//   node outlook-host/server.mjs --cert FILE --key FILE --listen 127.0.0.1:3443 --sim http://127.0.0.1:3090 \
//     --pane https://localhost:3000/pane --client-id GUID [--tenant GUID]
//
// https is not a choice: office.js talks to https hosts only, and only to those on the add-in's own host name.

import { createReadStream, readFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { request as httpRequest } from "node:http";
import { createServer, get as httpsGet } from "node:https";
import { dirname, extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HERE = dirname(fileURLToPath(import.meta.url));
const END2END = dirname(HERE);

const { values: options } = parseArgs({
  options: {
    cert: { type: "string" },
    key: { type: "string" },
    listen: { type: "string", default: "127.0.0.1:3443" },
    sim: { type: "string", default: "http://127.0.0.1:3090" },
    pane: { type: "string", default: "https://localhost:3000/pane" },
    "client-id": { type: "string", default: "00000000-0000-0000-0000-000000000000" },
    tenant: { type: "string" },
    scope: { type: "string" },
    locale: { type: "string", default: "en-GB" },
    "booking-mailbox": { type: "string" },
    person: { type: "string" },
  },
});
if (!options.cert || !options.key) fail("--cert and --key are needed: files with a certificate for localhost and its key.");

/** Folders by the first part of the path; the longest prefix that fits wins. */
const FOLDERS = [
  ["/office/stand-in.js", join(HERE, "office", "stand-in.js")],
  ["/office/", join(END2END, "node_modules", "@microsoft", "office-js", "dist") + sep],
  ["/etage.svg", join(dirname(END2END), "public", "favicon.svg")],
  ["/page/", join(HERE, "page") + sep],
  ["/probe/", join(HERE, "probe") + sep],
];

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

const clientId = options["client-id"];
const config = JSON.stringify({
  paneUrl: options.pane,
  iconUrl: "/etage.svg",
  clientId,
  tenant: options.tenant,
  scope: options.scope ?? `api://${clientId}/access_as_user`,
  locale: options.locale,
  bookingMailbox: options["booking-mailbox"],
  person: options.person,
});

const server = createServer({ cert: readFileSync(options.cert), key: readFileSync(options.key) }, (request, response) => {
  const path = new URL(request.url, "https://localhost").pathname;
  if (path === "/config.json") return answer(response, 200, config, TYPES[".json"]);
  if (path === "/manifest.xml") return sendManifest(response);
  if (path.startsWith("/sim/")) return proxy(request, response);
  return sendFile(path === "/" ? "/page/index.html" : path, response).catch(() => notFound(response));
});

const [host, port] = options.listen.split(/:(?=\d+$)/);
server.on("error", (error) => fail(`Cannot listen on ${options.listen}: ${error.message}`));
server.listen(Number(port), host, () => {
  console.log(`outlook is ready on https://localhost:${server.address().port}`);
});
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(0));

async function sendFile(path, response) {
  const found = FOLDERS.find(([prefix]) => path.startsWith(prefix));
  if (!found) return notFound(response);
  const [prefix, root] = found;
  const file = normalize(root + decodeURIComponent(path.slice(prefix.length)));
  if (!file.startsWith(root)) return notFound(response);
  const { size } = await stat(file);
  response.writeHead(200, {
    "content-type": TYPES[extname(file)] ?? "application/octet-stream",
    "content-length": size,
    "cache-control": "no-cache",
    // The add-in lives on another origin and loads office.js from here.
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
  });
  createReadStream(file).pipe(response);
}

/** The simulator is plain http; from an https page it can only be reached through its own origin. */
function proxy(request, response) {
  const target = new URL(request.url.slice("/sim".length), options.sim);
  const headers = { ...request.headers, host: target.host };
  const forwarded = httpRequest(target, { method: request.method, headers }, (answered) => {
    response.writeHead(answered.statusCode, answered.headers);
    answered.pipe(response);
  });
  forwarded.on("error", (error) => answer(response, 502, `The simulator does not answer: ${error.message}`, "text/plain"));
  request.pipe(forwarded);
}

/** The add-in's, which Outlook got from an administrator. It is on this machine, under a certificate of this machine's own. */
function sendManifest(response) {
  const url = new URL("/manifest.xml", options.pane);
  const asked = httpsGet(url, { rejectUnauthorized: false }, (answered) => {
    response.writeHead(answered.statusCode, { "content-type": "application/xml" });
    answered.pipe(response);
  });
  asked.on("error", (error) => answer(response, 502, `The add-in does not answer: ${error.message}`, "text/plain"));
}

function answer(response, status, text, type) {
  response.writeHead(status, { "content-type": type, "cache-control": "no-store" });
  response.end(text);
}

function notFound(response) {
  answer(response, 404, "There is nothing at this address.", "text/plain");
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
