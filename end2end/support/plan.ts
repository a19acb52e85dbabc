// The drawn plan, wherever it stands: in the pane, the portal or the editor.

import { type FrameLocator, type Locator, type Page, expect } from "@playwright/test";

/** How a room is drawn; see app/src/components/plan_view. */
export type RoomState =
  | "free" | "free_not_fitting" | "busy" | "held" | "tentative" | "yours" | "not_bookable" | "unknown";

export class PlanView {
  readonly canvas: Locator;

  constructor(private readonly within: Page | FrameLocator) {
    this.canvas = within.locator(".plan-canvas").first();
  }

  /** The room with this number at its door. */
  room(number: string): Locator {
    return this.within.locator(`.plan-room[data-room-number="${number}"]`);
  }

  /** Waits until a room is drawn so. */
  async expectState(number: string, state: RoomState, timeout?: number): Promise<void> {
    await expect(this.room(number)).toHaveAttribute("data-state", state, { timeout });
  }

  /** Numbers of all rooms drawn in a state. */
  async numbers(state: RoomState): Promise<string[]> {
    const rooms = this.within.locator(`.plan-room[data-state="${state}"]`);
    return rooms.evaluateAll((elements) => elements.map((element) => element.getAttribute("data-room-number") ?? ""));
  }
}
