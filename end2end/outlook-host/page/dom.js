// Building elements without a framework.

/** `h("button", {class: "primary", onclick}, "Send")` */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(element.style, value);
    else if (name in element && name !== "list") element[name] = value;
    else element.setAttribute(name === "class" ? "class" : name, value);
  }
  if (properties.class) element.className = properties.class;
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}
