// What was asked of Graph and Entra, newest first.

import { ask, button, empty, h, keeper, table } from "./elements.js";

/** The newest of those kept are shown. */
const SHOWN_MAX = 200;

const HEADS = ["Time (UTC)", "Request", "Status", "Took", "Who", "Mailbox", "Fault"];

export function requests(main) {
  let all = [];
  const filter = h("input", { type: "search", placeholder: "Path, status or address", "aria-label": "Filter requests", oninput: () => list(fitting()) });
  const place = h("div", {});
  main.replaceChildren(
    h("div", { className: "heading" }, h("h2", {}, "Requests"), button("Forget all", () => ask("DELETE", "requests"))),
    h("p", { className: "lead" }, `The last ${SHOWN_MAX} to Graph and Entra. Those of this page are not among them.`),
    filter,
    place);
  const words = () => filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fitting = () => all.filter((one) => words().every((word) => textOf(one).includes(word)));
  const list = keeper(place, (found) => (found.length === 0
    ? empty(all.length === 0 ? "Nothing was asked yet." : "No request is like that.")
    : table("Requests", HEADS, found.map(row))));
  return {
    async refresh() {
      all = (await ask("GET", `requests?last=${SHOWN_MAX}`)).value.reverse();
      list(fitting());
    },
  };
}

function textOf({ method, path, query, status, mailbox, person, app }) {
  return [method, path, query, status, mailbox, person, app].join(" ").toLowerCase();
}

function row(one) {
  const query = one.query === null ? null : h("span", { className: "query" }, `?${readable(one.query)}`);
  return {
    className: one.status >= 500 || one.fault !== null ? "bad" : one.status >= 400 ? "refused" : "",
    cells: [
      one.at.slice(11, 23).replace("Z", ""),
      h("code", {}, h("b", {}, one.method), ` ${readable(one.path)}`, query),
      String(one.status),
      one.durationUs < 10_000 ? `${(one.durationUs / 1_000).toFixed(1)} ms` : `${Math.round(one.durationUs / 1_000)} ms`,
      one.person ?? (one.app ? "application" : "nobody"),
      one.mailbox ?? "",
      one.fault === null ? "" : `no. ${one.fault}`,
    ],
  };
}

/** Addresses and filters as people write them. */
function readable(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text;
  }
}
