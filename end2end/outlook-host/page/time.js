// Wall-clock times in the zone of the mailbox, which need not be the browser's.

/** Exchange names zones in Windows' words; these are the ones this page has met. */
const WINDOWS_NAMES = {
  "Europe/Berlin": "W. Europe Standard Time",
  "Europe/Helsinki": "FLE Standard Time",
  "Europe/London": "GMT Standard Time",
  "Europe/Paris": "Romance Standard Time",
  "America/New_York": "Eastern Standard Time",
  UTC: "UTC",
};

/** Shows and reads times of one IANA zone. */
export class ZoneClock {
  /** @param {string} name the mailbox's zone, in either vocabulary */
  constructor(name, locale) {
    const known = Object.entries(WINDOWS_NAMES).find((names) => names.includes(name));
    [this.zone, this.windowsZone] = known ?? [name, name];
    this.locale = locale;
  }

  /** `{date: "2026-11-24", time: "10:00"}` for an instant in milliseconds. */
  parts(instant) {
    const pieces = new Intl.DateTimeFormat("en-CA", {
      timeZone: this.zone,
      year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
    }).formatToParts(instant);
    const value = (type) => pieces.find((piece) => piece.type === type).value;
    return {
      date: `${value("year")}-${value("month")}-${value("day")}`,
      time: `${value("hour")}:${value("minute")}`,
    };
  }

  /** The instant of a wall-clock time; in a gap or an overlap of the clock change, the later reading. */
  instant(date, time) {
    const asIfUtc = Date.parse(`${date}T${time}:00Z`);
    const offset = this.#offset(asIfUtc);
    return asIfUtc - this.#offset(asIfUtc - offset);
  }

  /** The first instant of the day that `instant` falls in, moved by whole days. */
  startOfDay(instant, daysLater = 0) {
    const noon = Date.parse(`${this.parts(instant).date}T12:00:00Z`) + daysLater * 86_400_000;
    return this.instant(new Date(noon).toISOString().slice(0, 10), "00:00");
  }

  format(instant, options) {
    return new Intl.DateTimeFormat(this.locale, { timeZone: this.zone, ...options }).format(instant);
  }

  /** "10:00 – 11:00" in the person's own way of writing times. */
  range(start, end) {
    const options = { hour: "numeric", minute: "2-digit" };
    return `${this.format(start, options)} – ${this.format(end, options)}`;
  }

  /** Milliseconds to add to UTC to get the wall clock at `instant`. */
  #offset(instant) {
    const { date, time } = this.parts(instant);
    return Date.parse(`${date}T${time}:00Z`) - Math.floor(instant / 60_000) * 60_000;
  }
}

/** The next half hour, where a new appointment starts. */
export function nextHalfHour(now) {
  return Math.ceil(now / 1_800_000) * 1_800_000;
}
