// A line of chips with a search field: people to invite, or rooms for the location.

import { sameAddress } from "./draft.js";
import { h } from "./dom.js";

const SUGGESTIONS_MAX = 7;

/**
 * @param {object} picker
 * @param {string} picker.label
 * @param {{name: string, address: string, note?: string}[]} picker.directory  everyone who may be suggested
 * @param {{name: string, address: string, note?: string}[]} picker.chosen
 * @param {(entry: {name: string, address: string} | {text: string}) => void} picker.onAdd
 * @param {(entry: object) => void} picker.onRemove
 */
export function peoplePicker({ label, id, directory, chosen, onAdd, onRemove, allowText = false }) {
  const list = h("ul", { class: "suggestions", id: `${id}-suggestions`, role: "listbox", hidden: true });
  const input = h("input", {
    id,
    type: "text",
    autocomplete: "off",
    placeholder: chosen.length ? "" : label,
    role: "combobox",
    "aria-label": label,
    "aria-controls": list.id,
    "aria-expanded": "false",
  });
  const add = (entry) => {
    input.value = "";
    close();
    onAdd(entry);
  };
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
  };
  const suggest = () => {
    const wanted = input.value.trim().toLowerCase();
    const matches = wanted
      ? directory.filter((entry) => !chosen.some((one) => one.address && sameAddress(one.address, entry.address)))
          .filter((entry) => `${entry.name} ${entry.address}`.toLowerCase().includes(wanted))
          .slice(0, SUGGESTIONS_MAX)
      : [];
    list.replaceChildren(...matches.map((entry) =>
      // Pressing must not take the focus first, or the list would close before the click.
      h("li", { role: "option", onmousedown: (event) => event.preventDefault(), onclick: () => add(entry) },
        h("span", {}, entry.name), h("small", {}, entry.note ?? entry.address))));
    list.hidden = matches.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    return matches;
  };
  input.addEventListener("input", suggest);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Backspace" && !input.value && chosen.length) onRemove(chosen.at(-1));
    if (event.key !== "Enter" || !input.value.trim()) return;
    event.preventDefault();
    const [first] = suggest();
    if (first) add(first);
    else if (allowText) add({ text: input.value.trim() });
    else if (input.value.includes("@")) add({ name: input.value.trim(), address: input.value.trim() });
  });
  const chips = chosen.map((entry) =>
    h("span", { class: `chip ${entry.response ?? ""}` },
      h("span", {}, entry.name ?? entry.text),
      entry.note && h("small", {}, entry.note),
      h("button", { type: "button", ariaLabel: `Remove ${entry.name ?? entry.text}`, onclick: () => onRemove(entry) }, "×")));
  return h("div", { class: "picker", onclick: (event) => event.target === event.currentTarget && input.focus() },
    chips, input, list);
}
