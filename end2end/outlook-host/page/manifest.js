// The add-in's manifest, as far as launch events need it: which functions run at which event, and where they are.
// https://learn.microsoft.com/javascript/api/manifest/launchevent

/** @returns {Promise<object|null>} null where the add-in has no manifest, as a probe has none */
export async function readManifest() {
  const response = await fetch("/manifest.xml");
  if (!response.ok) return null;
  const manifest = new DOMParser().parseFromString(await response.text(), "application/xml");
  const all = (name, within = manifest) => [...within.getElementsByTagNameNS("*", name)];
  const point = all("ExtensionPoint").find((one) => one.getAttribute("xsi:type") === "LaunchEvent");
  if (!point) return null;
  const resid = all("SourceLocation", point)[0].getAttribute("resid");
  const url = all("Url").find((one) => one.getAttribute("id") === resid).getAttribute("DefaultValue");
  // Outlook keeps one runtime for both, so they have to name the same page.
  if (!all("Runtime").some((one) => one.getAttribute("resid") === resid)) throw new Error(`No runtime loads ${url}.`);
  return {
    url,
    events: new Map(all("LaunchEvent", point).map((one) => [one.getAttribute("Type"), {
      functionName: one.getAttribute("FunctionName"),
      sendMode: one.getAttribute("SendMode") ?? "SoftBlock",
    }])),
    commands: new Set(all("Control").map((one) => one.getAttribute("id"))),
  };
}
