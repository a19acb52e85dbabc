// The host side of office.js: messages between this page and the add-in in its frame.
// What the library says and expects to hear is data (dispatch.js, initial_data.js); this file only carries it.

import { appContext } from "./initial_data.js";

const REQUEST = 0;
const RESPONSE = 1;
const INVOKE = 0;
const REGISTER_EVENT = 1;
const ANSWER = 0;
const NOTIFICATION = 1;

/** Registering for this event is the last thing the library does while it starts: the add-in is ready. */
const LAST_BOOT_EVENT = "appCommandInvoked";

/** One add-in in one frame, from its first message until `close`. */
export class AddinConnection {
  /**
   * @param {HTMLIFrameElement} frame
   * @param {object} options
   * @param {string} options.addinOrigin  the only origin that is listened to and posted to
   * @param {object} options.settings     what this Outlook offers: locale, requirement sets, permission level
   * @param {(id: number, params: any) => Promise<any>} options.call       item and mailbox calls (`ExecuteMethod`)
   * @param {(id: number, params: any) => Promise<any>} options.officeCall shared Office calls (`executeMethod`)
   * @param {() => object} options.initialData
   */
  constructor(frame, options) {
    this.frame = frame;
    this.options = options;
    this.conversation = crypto.randomUUID();
    this.controlId = crypto.randomUUID();
    this.registered = new Set();
    this.ready = new Promise((resolve) => (this.markReady = resolve));
    this.listener = (event) => this.#receive(event);
    window.addEventListener("message", this.listener);
  }

  /** What the frame must be called before it navigates, so that the library finds its host. */
  frameName() {
    const { locale, nestedAppAuth } = this.options.settings;
    return JSON.stringify({
      baseFrameName: `_xdm_${this.conversation}`,
      hostInfo: `Outlook|Web|16.01|${locale}|||disableLogging|`,
      xdmInfo: `${this.conversation}|${this.controlId}|${location.origin}`,
      serializerVersion: "1",
      flights: "[]",
      nestedAppAuth,
    });
  }

  /** Tells the add-in about an event, if it asked for it. `data` is the event's documented payload. */
  notify(eventName, data) {
    if (!this.registered.has(eventName)) return;
    this.#post({
      _messageType: RESPONSE,
      _actionName: eventName,
      _conversationId: this.conversation,
      _correlationId: -1,
      _errorCode: 0,
      _responseType: NOTIFICATION,
      _data: data,
    });
  }

  close() {
    window.removeEventListener("message", this.listener);
  }

  #receive(event) {
    if (event.source !== this.frame.contentWindow || event.origin !== this.options.addinOrigin) return;
    if (typeof event.data !== "string") return;
    let message;
    try {
      message = JSON.parse(event.data);
    } catch {
      return; // Not ours: any script in the frame may post text.
    }
    if (message._messageType !== REQUEST || message._conversationId !== this.conversation) return;
    void this.#answer(message);
  }

  async #answer(message) {
    const data = await (message._actionType === INVOKE ? this.#invoke(message) : this.#changeRegistration(message));
    // `undefined` means: stay silent, as a host that lost the message would.
    if (data === undefined) return;
    this.#post({
      _messageType: RESPONSE,
      _actionName: message._actionName,
      _conversationId: message._conversationId,
      _correlationId: message._correlationId,
      _errorCode: 0,
      _responseType: ANSWER,
      _data: data,
    });
    if (message._actionName === LAST_BOOT_EVENT) this.markReady();
  }

  #changeRegistration(message) {
    if (message._actionType === REGISTER_EVENT) this.registered.add(message._actionName);
    else this.registered.delete(message._actionName);
    return { Error: 0 };
  }

  #invoke({ _actionName: name, _data: data }) {
    switch (name) {
      case "ContextActivationManager_getAppContextAsync":
        return appContext(this.controlId, this.options);
      case "ContextActivationManager_notifyHost":
        return null;
      case "GetInitialData":
        return this.options.initialData();
      case "ExecuteMethod":
        return this.options.call(data.MethodData.DispatchId, data.ApiParams);
      case "executeMethod":
        return this.options.officeCall(data.DdaMethod.DispatchId, data);
      default:
        console.warn(`The add-in asked for ${name}, which this page does not play.`);
        return null;
    }
  }

  #post(message) {
    const envelope = { ...message, _origin: location.href, _serializerVersion: 1 };
    this.frame.contentWindow?.postMessage(JSON.stringify(envelope), this.options.addinOrigin);
  }
}
