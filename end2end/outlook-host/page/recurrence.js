// The repeats this page's form offers, in the shape office.js hands to an add-in.

const WEEKS = 12;

export const RECURRENCE_CHOICES = [
  ["never", "Does not repeat"],
  ["weekdays", "Every weekday, 2 weeks"],
  ["weekly", `Every week, ${WEEKS} weeks`],
  ["fortnightly", `Every other week, ${WEEKS} weeks`],
];

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri"];
const DAY_MS = 86_400_000;

export function choiceOf(recurrence) {
  if (!recurrence) return "never";
  if (recurrence.recurrenceProperties.days.length > 1) return "weekdays";
  return recurrence.recurrenceProperties.interval === 2 ? "fortnightly" : "weekly";
}

/** null for "never". The series runs from the draft's own day, at its own time. */
export function recurrenceFor(choice, draft, clock) {
  if (choice === "never") return null;
  const lastDay = draft.start + (choice === "weekdays" ? 13 : (WEEKS - 1) * 7) * DAY_MS;
  const [startYear, startMonth, startDay] = clock.parts(draft.start).date.split("-").map(Number);
  const [endYear, endMonth, endDay] = clock.parts(lastDay).date.split("-").map(Number);
  const [hours, minutes] = clock.parts(draft.start).time.split(":").map(Number);
  const weekday = new Intl.DateTimeFormat("en", { timeZone: clock.zone, weekday: "short" }).format(draft.start).toLowerCase();
  return {
    recurrenceType: "weekly",
    recurrenceProperties: {
      interval: choice === "fortnightly" ? 2 : 1,
      days: choice === "weekdays" ? WEEKDAYS : [weekday],
      firstDayOfWeek: "mon",
    },
    recurrenceTimeZone: { name: clock.windowsZone, offset: 0 },
    seriesTimeJson: {
      startYear, startMonth, startDay, endYear, endMonth, endDay,
      startTimeMin: hours * 60 + minutes,
      durationMin: (draft.end - draft.start) / 60_000,
    },
  };
}
