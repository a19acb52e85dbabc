// The add-in's frame beside the form: opened by its button, closed by its cross and by Send.

import { connect } from "./connect.js";
import { answerNestedAuth } from "./nested_auth.js";
import { token } from "./simulator.js";

/** Longer than a cold start ever takes, shorter than a person's patience. */
const SLOW_START_MS = 8000;
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads";

export class Pane {
  /** @param {object} outlook the page's shared state (main.js) */
  constructor(container, outlook) {
    this.container = container;
    this.outlook = outlook;
    this.connection = null;
    this.relay = (event) => void this.#relayNestedAuth(event);
    window.addEventListener("message", this.relay);
  }

  get isOpen() {
    return this.connection !== null;
  }

  /** Loads the add-in for `draft`; resolves once office.js has started inside. */
  async open(draft) {
    this.close();
    const { config, calls, faults } = this.outlook;
    const frame = document.createElement("iframe");
    frame.title = "Etage";
    frame.sandbox = SANDBOX;
    frame.allow = "clipboard-write";
    const connection = connect(frame, { url: config.paneUrl, draft, outlook: this.outlook, calls, faults });
    this.connection = connection;
    this.frame = frame;
    this.draft = draft;
    this.onDraftChange = ({ detail: { change, payload } }) => {
      if (change) connection.notify(change, [JSON.stringify(payload)]);
    };
    draft.addEventListener("change", this.onDraftChange);

    frame.name = connection.frameName();
    frame.src = config.paneUrl;
    this.container.querySelector(".pane-body").replaceChildren(frame);
    this.container.hidden = false;
    const slow = setTimeout(() => this.#explainSilence(), SLOW_START_MS);
    await connection.ready;
    clearTimeout(slow);
    this.container.querySelector(".pane-help")?.remove();
  }

  close() {
    if (!this.isOpen) return;
    this.connection.close();
    this.draft.removeEventListener("change", this.onDraftChange);
    this.connection = null;
    this.container.querySelector(".pane-body").replaceChildren();
    this.container.hidden = true;
  }

  /** Closes the pane for good; the form it belonged to is gone. */
  dispose() {
    this.close();
    window.removeEventListener("message", this.relay);
  }

  /** The token behind Office.auth.getAccessToken. */
  async accessToken() {
    const { settings, config, person } = this.outlook;
    if (settings.accessTokenError) throw { code: settings.accessTokenError };
    const granted = await token({
      tenant: config.tenant,
      person: person.address,
      clientId: config.clientId,
      scopes: [config.scope],
    });
    return granted.access_token;
  }

  async #relayNestedAuth(event) {
    const text = event.data?.nestedAppAuthRequest;
    if (!text || event.source !== this.frame?.contentWindow) return;
    const { settings, person, nestedAuthCalls } = this.outlook;
    nestedAuthCalls.push(JSON.parse(text));
    const reply = await answerNestedAuth(text, { person, mode: settings.nestedAppAuth });
    if (reply) event.source.postMessage({ nestedAppAuthResponse: reply }, event.origin);
  }

  #explainSilence() {
    const { paneUrl } = this.outlook.config;
    const help = document.createElement("div");
    help.className = "pane-help";
    help.innerHTML = `<h3>Etage has not started here yet</h3>
      <p>Your browser may not trust the demo's certificate. Open
      <a target="_blank" rel="noopener"></a> in a tab of its own, accept it once, then open the pane again.</p>
      <p>If that page does not answer at all, the Etage server is not running.</p>`;
    const link = help.querySelector("a");
    link.href = paneUrl;
    link.textContent = new URL(paneUrl).origin;
    this.container.querySelector(".pane-body").prepend(help);
  }
}
