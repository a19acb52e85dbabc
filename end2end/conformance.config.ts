// Other people's clients, more of them than `playwright.config.ts` runs every day.

import { defineConfig } from "@playwright/test";

import usual from "./playwright.config";

export default defineConfig(usual, { testDir: "conformance" });
