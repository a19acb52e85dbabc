// The alert Outlook shows while an appointment is being sent.

import { h } from "./dom.js";

/**
 * Asks the person. The first button is the one that is meant.
 * @param {Promise<any>} [until]  takes the alert away again when it settles
 * @returns {Promise<string|undefined>} what is written on the button; undefined when `until` came first
 */
export function ask(text, buttons, until) {
  return new Promise((resolve) => {
    const close = (chosen) => {
      dialog.remove();
      resolve(chosen);
    };
    const dialog = h("dialog", { class: "alert", "aria-labelledby": "alert-name" },
      h("h2", { id: "alert-name" }, "Etage"),
      h("p", {}, text),
      h("div", { class: "alert-buttons" }, buttons.map((label, at) =>
        h("button", { class: at === 0 ? "primary" : "", onclick: () => close(label) }, label))));
    // Esc is the careful choice, which stands last.
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      close(buttons.at(-1));
    });
    document.body.append(dialog);
    dialog.showModal();
    until?.then(() => close(undefined));
  });
}
