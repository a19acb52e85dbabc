// office.js sets history.pushState and history.replaceState to null when it loads, even outside Office,
// and the router needs both. Load this file before office.js, then call `officeHistory.restore()` after it:
//   <script src="/office_history.js"></script>
//   <script src="…/office.js"></script>
//   <script>officeHistory.restore()</script>   (or data-restore on a second tag of this file)
(function () {
  "use strict";
  // A second tag of the same file restores, so that a page with a strict CSP needs no inline script.
  if (window.officeHistory) {
    window.officeHistory.restore();
    return;
  }
  const pushState = history.pushState;
  const replaceState = history.replaceState;
  window.officeHistory = {
    restore() {
      history.pushState = pushState;
      history.replaceState = replaceState;
    },
  };
})();
