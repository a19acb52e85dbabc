// Times for tests: on working days far enough ahead that the made-up office is empty.

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** The scenario fills a week around today; this is well after it and within every booking window. */
const DAYS_AHEAD = 21;
const FIRST_HOUR_UTC = 7;
const HOURS_A_DAY = 8;
const WORKING_DAYS = 5;
/** After a failure Playwright goes on in a new worker, which must not meet what the one before it booked. */
const HOURS_A_WORKER = 80;
const WEEKS_MAX = 20;

export interface Hour {
  /** UTC, such as 2026-12-15T08:00:00.000Z. */
  start: string;
  end: string;
}

let used = 0;

/** A whole hour of its own for each call, so that specs do not meet in one room. */
export function quietHour(): Hour {
  const worker = Number(process.env.TEST_WORKER_INDEX ?? 0);
  const slot = (worker * HOURS_A_WORKER + used++) % (WEEKS_MAX * WORKING_DAYS * HOURS_A_DAY);
  const day = Math.floor(slot / HOURS_A_DAY);
  const start = new Date(Date.now() + DAYS_AHEAD * DAY_MS);
  // From the first Monday on.
  start.setUTCDate(start.getUTCDate() + ((8 - start.getUTCDay()) % 7));
  start.setUTCDate(start.getUTCDate() + Math.floor(day / WORKING_DAYS) * 7 + (day % WORKING_DAYS));
  start.setUTCHours(FIRST_HOUR_UTC + (slot % HOURS_A_DAY), 0, 0, 0);
  return { start: start.toISOString(), end: new Date(start.getTime() + HOUR_MS).toISOString() };
}

/** The simulator tells instants without fractions of a second. */
export function toSeconds(instant: string): string {
  return instant.replace(".000Z", "Z");
}

/** Date and time of day on a wall clock: `{date: "2026-12-15", time: "10:00"}`. */
export function wallClock(instant: string, zone: string): { date: string; time: string } {
  const [date, time] = new Date(instant).toLocaleString("sv-SE", { timeZone: zone }).split(" ");
  return { date: date!, time: time!.slice(0, 5) };
}

/** The same time of day in a zone some weeks later, on whichever side of a clock change. */
export function weeksLater(instant: string, weeks: number, zone: string): string {
  const later = Date.parse(instant) + weeks * 7 * DAY_MS;
  const changed = utcOffsetMs(Date.parse(instant), zone) - utcOffsetMs(later, zone);
  return new Date(later + changed).toISOString();
}

/** How far a zone's clocks are ahead of UTC at an instant of a whole minute. */
function utcOffsetMs(epochMs: number, zone: string): number {
  const { date, time } = wallClock(new Date(epochMs).toISOString(), zone);
  return Date.parse(`${date}T${time}:00Z`) - epochMs;
}
