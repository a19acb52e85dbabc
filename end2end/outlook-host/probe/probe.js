// The least an add-in can do: say when it is ready, and call office.js when the test asks.
window.probe = {
  events: [],
  /** Calls `path` of the open item with `args` and an added callback; resolves with the value or `{error}`. */
  item(path, ...args) {
    const names = path.split(".");
    const method = names.pop();
    const target = names.reduce((object, name) => object[name], Office.context.mailbox.item);
    return new Promise((resolve) => target[method](...args, ({ status, value, error }) =>
      resolve(status === "succeeded" ? { value: JSON.parse(JSON.stringify(value ?? null)) } : { error: { code: error.code } })));
  },
  listen(eventType) {
    return new Promise((resolve) => Office.context.mailbox.item.addHandlerAsync(
      eventType, (event) => window.probe.events.push(JSON.parse(JSON.stringify(event))), (result) => resolve(result.status)));
  },
};
Office.onReady((info) => {
  document.getElementById("state").textContent = `ready in ${info.host} on ${info.platform}`;
});
