// Nested app authentication, the host's part, for a page that plays an add-in. Load it before msal:
//   <script src="https://localhost:4365/_sim/nested-app-auth.js?person=adele.vance@contoso.com"></script>
// `outcome` in the address makes every request for a token end so. What it passes on is answered by the simulator.
(() => {
  const here = new URL(document.currentScript.src);
  const answers = new URL("nested-app-auth" + here.search, here);
  const listeners = new Set();
  window.nestedAppAuthBridge = {
    addEventListener(name, listener) {
      if (name === "message") listeners.add(listener);
    },
    removeEventListener(_name, listener) {
      listeners.delete(listener);
    },
    async postMessage(request) {
      const response = await fetch(answers, { method: "POST", body: request });
      // Without content the host stays silent.
      const data = response.status === 200 ? await response.text() : "";
      if (!response.ok) console.error(`the simulated host refused: ${await response.text()}`);
      if (data) for (const listener of [...listeners]) listener({ data });
    },
  };
})();
