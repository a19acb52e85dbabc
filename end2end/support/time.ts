// Times for tests: on a working day far enough ahead that the made-up office is empty.

const DAY_MS = 86_400_000;
/** The scenario fills a week around today; this is well after it and within every booking window. */
const DAYS_AHEAD = 30;

let used = 0;

/** A whole hour of its own for each call, so that specs do not meet in one room: `{start, end}` in UTC. */
export function quietHour(): { start: string; end: string } {
  const first = new Date(Date.now() + (DAYS_AHEAD + Math.floor(used / 6)) * DAY_MS);
  // Saturday and Sunday move on to Monday's week.
  if (first.getUTCDay() === 6) first.setUTCDate(first.getUTCDate() + 2 + 7);
  if (first.getUTCDay() === 0) first.setUTCDate(first.getUTCDate() + 1 + 14);
  first.setUTCHours(8 + (used % 6), 0, 0, 0);
  used += 1;
  return { start: first.toISOString(), end: new Date(first.getTime() + 3_600_000).toISOString() };
}
