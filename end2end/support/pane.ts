// The add-in's pane inside Outlook.

import type { FrameLocator, Page } from "@playwright/test";

import { type Appointment, Outlook, type Settings } from "./outlook";
import { hydrated } from "./portal";

/** A new appointment with the pane open beside it and ready for clicks. */
export async function openPane(
  page: Page,
  options: { as: string; appointment?: Appointment; settings?: Settings },
): Promise<{ outlook: Outlook; pane: FrameLocator }> {
  const outlook = await Outlook.open(page, { as: options.as });
  if (options.settings) await outlook.settings(options.settings);
  await outlook.newAppointment(options.appointment);
  const pane = await outlook.openPane();
  await hydrated(pane);
  return { outlook, pane };
}
