// Making elements and asking the simulator. Text only ever becomes text: nothing here takes HTML.

/** An element; properties starting with "on" are listeners, those with "--" go to its style. What it has no property for
 * becomes an attribute. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name.startsWith("--")) element.style.setProperty(name, value);
    else if (name in element && name !== "list" && !name.startsWith("aria")) element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** A form field with its label. `kind` is a tag, or a type of input. */
export function field(label, kind, properties = {}, ...children) {
  const tag = kind === "select" || kind === "textarea" ? kind : "input";
  const control = h(tag, { ...(tag === "input" && { type: kind }), ...properties }, ...children);
  return h("label", { className: "field" }, h("span", {}, label), control);
}

export function button(label, act, properties = {}) {
  return h("button", { type: "button", onclick: () => attempt(act), ...properties }, label);
}

/** What stands where a list would be. */
export const empty = (text) => h("p", { className: "empty" }, text);

/** Asks the remote control; a refusal is an error with its sentence. */
export async function ask(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Error("The simulator does not answer. Is it still running?");
  }
  const text = await answer.text();
  const json = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(json?.error ?? `${method} ${path} answered ${answer.status}.`);
  return json;
}

/** A path of the remote control from its pieces. */
export const path = (...pieces) => pieces.map(encodeURIComponent).join("/");

const problem = document.getElementById("problem");

/** Says what went wrong, in the open dialog if there is one; nothing takes the sentence away. */
export function complain(text) {
  const place = document.querySelector("dialog[open] .problem") ?? problem;
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

let changed = () => {};
/** Who is told when something was done that changes what is shown. */
export function whenChanged(listener) {
  changed = listener;
}

/** Does something, and says so when it fails. */
export async function attempt(act) {
  try {
    await act();
    complain("");
    await changed();
  } catch (error) {
    complain(error.message);
  }
}

/** Puts children into a place only when what they are made from is new, so that focus and scrolling stay. */
export function keeper(place, draw) {
  let drawn;
  return (data) => {
    const text = JSON.stringify(data);
    if (text === drawn) return;
    drawn = text;
    const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    place.replaceChildren(...[draw(data)].flat());
    if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
  };
}

/** A table that becomes a list of cards where it has no space. Cells are texts or elements. */
export function table(caption, heads, rows) {
  const cell = (content, at) => h("td", { "data-head": heads[at] }, content ?? "");
  return h("div", { className: "scrolls" },
    h("table", {},
      h("caption", { className: "unseen" }, caption),
      h("thead", {}, h("tr", {}, heads.map((head) => h("th", { scope: "col" }, head)))),
      h("tbody", {}, rows.map((row) => h("tr", { className: row.className ?? "" }, row.cells.map(cell))))));
}
