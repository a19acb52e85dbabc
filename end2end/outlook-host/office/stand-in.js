// Loaded into the add-in's frame before office.js. It stands in for the two things that Outlook on the web
// brings along and the npm package of office.js does not: the MicrosoftAjax library, and the bridge that nested
// app authentication talks through. Written from observed behaviour; no Microsoft code in here.
(function () {
  "use strict";
  const hostOrigin = new URL(document.currentScript.src).origin;

  standInForMicrosoftAjax();
  bridgeNestedAppAuth();

  /** office.js asks a network address for MicrosoftAjax only while `Sys` and `Type` are missing. */
  function standInForMicrosoftAjax() {
    const makeError = (name) => (message) => {
      const error = new Error(message === undefined ? name : String(message));
      error.name = `Sys.${name}`;
      return error;
    };
    const errors = {
      argument: "ArgumentException",
      argumentNull: "ArgumentNullException",
      argumentType: "ArgumentTypeException",
      argumentOutOfRange: "ArgumentOutOfRangeException",
      argumentUndefined: "ArgumentUndefinedException",
      parameterCount: "ParameterCountException",
      invalidOperation: "InvalidOperationException",
      notImplemented: "NotImplementedException",
    };
    for (const [method, name] of Object.entries(errors)) {
      // The first argument of most of these is the parameter's name, the last one the message.
      Error[method] = (...args) => makeError(name)(args.filter((arg) => typeof arg === "string").pop());
    }
    Error.create = (message, info) => Object.assign(new Error(message), info);

    String.format = (format, ...values) =>
      format.replace(/\{(\d+)\}/g, (_, index) => String(values[Number(index)] ?? ""));

    Function._validateParams = validateParams;
    Function._validateParameter = validateParameter;
    Function.prototype.registerClass = function () {
      return this;
    };

    window.Type = Object.assign(window.Type || function () {}, {
      registerNamespace(path) {
        path.split(".").reduce((parent, name) => (parent[name] ??= {}), window);
      },
      registerClass: (type) => type,
    });

    class StringBuilder {
      constructor(text = "") {
        this.parts = [text];
      }
      append(text) {
        this.parts.push(text);
        return this;
      }
      toString() {
        return this.parts.join("");
      }
    }
    window.Sys = {
      StringBuilder,
      Debug: { trace() {} },
      Browser: { agent: null, InternetExplorer: {} },
      Serialization: {
        JavaScriptSerializer: {
          serialize: (value) => JSON.stringify(value),
          deserialize: (text) => JSON.parse(text),
        },
      },
    };
  }

  /** Checks a call's arguments against `specs`; null when they fit, otherwise the error to throw. */
  function validateParams(args, specs) {
    const required = specs.filter((spec) => !spec.optional).length;
    if (args.length < required || args.length > specs.length) return Error.parameterCount();
    for (let index = 0; index < args.length; index += 1) {
      const error = validateParameter(args[index], specs[index], specs[index].name);
      if (error) return error;
    }
    return null;
  }

  function validateParameter(value, spec, name) {
    if (value === undefined) return spec.optional || spec.mayBeNull ? null : Error.argumentUndefined(name);
    if (value === null) return spec.mayBeNull || spec.optional ? null : Error.argumentNull(name);
    if (!spec.type) return null;
    const fits =
      spec.type === String ? typeof value === "string"
      : spec.type === Number ? typeof value === "number"
      : spec.type === Boolean ? typeof value === "boolean"
      : spec.type === Function ? typeof value === "function"
      : spec.type === Object ? typeof value === "object"
      : value instanceof spec.type;
    return fits ? null : Error.argumentType(name);
  }

  /** Passes msal's messages to the page that plays Outlook, and its answers back. */
  function bridgeNestedAppAuth() {
    // The host page may play an Outlook without nested app authentication; it says so in the frame's name.
    if (window.name.includes('"nestedAppAuth":"missing"')) return;
    const listeners = new Set();
    window.nestedAppAuthBridge = {
      addEventListener(name, listener) {
        if (name === "message") listeners.add(listener);
      },
      removeEventListener(_name, listener) {
        listeners.delete(listener);
      },
      postMessage(text) {
        window.parent.postMessage({ nestedAppAuthRequest: text }, hostOrigin);
      },
    };
    window.addEventListener("message", (event) => {
      if (event.origin !== hostOrigin || !event.data?.nestedAppAuthResponse) return;
      event.stopImmediatePropagation();
      for (const listener of [...listeners]) listener({ data: event.data.nestedAppAuthResponse });
    });
  }
})();
