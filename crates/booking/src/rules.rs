//! May this caller have this room then? Every reason at once, not the first.

use serde::{Deserialize, Serialize};

use crate::event::BusyKind;
use crate::room::{EquipmentSet, Room};
use crate::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};

/// How far ahead a room can be asked for, in days.
pub const HORIZON_DAYS: i64 = 400;

/// The longest single reservation, in days. Graph tells less than 62 days at once, and it is asked for some hours around
/// what is wanted.
pub const DURATION_DAYS_MAX: i64 = 60;

/// How many rooms one person may hold for drafts at the same time. An open draft holds one, also while rooms are
/// swapped in it: this is far above what anybody writes at once, and far below a floor.
pub const HOLDS_MAX: u32 = 10;

/// How long one room and time may be held for a draft that is not sent, in hours: who has not sent it by then has
/// forgotten it. The draft keeps the room, and the room answers when it is sent; only others may be quicker.
pub const HOLD_HOURS_MAX: u32 = 4;

/// One reason why a room is not to be had, or does not fit what was asked.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// The room has no mailbox, so nothing can say whether it is free.
    NotLinked,
    /// The time is over, or has begun more than a quarter of an hour ago.
    InThePast,
    /// The time lies beyond [`HORIZON_DAYS`].
    TooFarAhead {
        /// The limit in days.
        days_max: u32,
    },
    /// The time is longer than [`DURATION_DAYS_MAX`].
    TooLong {
        /// The limit in days.
        days_max: u32,
    },
    /// Its calendar has something else then.
    Taken {
        /// The busy time that is in the way, first one first.
        range: TimeRange,
        /// How firmly.
        kind: BusyKind,
    },
    /// Somebody is placing or holding it right now.
    Held {
        /// The time being held.
        range: TimeRange,
    },
    /// Fewer seats than people.
    TooSmall {
        /// Seats it has.
        seats: u32,
        /// People asked for.
        people: u32,
    },
    /// Something asked for is not in it.
    Lacks {
        /// What is missing.
        equipment: EquipmentSet,
    },
    /// It cannot be reached without steps, or nobody said that it can.
    NotStepFree,
    /// Its calendar cannot be read at present.
    ScheduleUnreadable,
}

impl Refusal {
    /// Whether the room only fits badly: a person may well book a room that is too small for
    /// everybody invited.
    pub const fn is_misfit(&self) -> bool {
        matches!(
            self,
            Self::TooSmall { .. } | Self::Lacks { .. } | Self::NotStepFree
        )
    }

    /// Whether the room cannot be booked at all.
    pub const fn forbids(&self) -> bool {
        !self.is_misfit()
    }
}

/// What the rules say of a room and a time, without asking any calendar. Empty: nothing against it.
pub fn refusals(room: &Room, range: TimeRange, now: Instant) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    if room.link.is_none() {
        refusals.push(Refusal::NotLinked);
    }
    refusals.extend(time_refusals(range, now));
    refusals
}

/// What the rules say of a time, for any room.
pub fn time_refusals(range: TimeRange, now: Instant) -> Vec<Refusal> {
    let mut refusals = Vec::new();
    // Somebody standing at the door books “now” to the minute, and the click takes its time.
    if range.end() <= now || range.start() < now.plus_ms(-15 * MINUTE_MS) {
        refusals.push(Refusal::InThePast);
    }
    if range.end() > now.plus_ms(HORIZON_DAYS * DAY_MS) {
        refusals.push(Refusal::TooFarAhead {
            days_max: HORIZON_DAYS as u32,
        });
    }
    if range.duration_ms() > DURATION_DAYS_MAX * DAY_MS {
        refusals.push(Refusal::TooLong {
            days_max: DURATION_DAYS_MAX as u32,
        });
    }
    refusals
}

/// Whether a draft's hold made at `made_at` may go on: while it is not too old, and its time could still be asked for
/// anew. That is a little beyond its start, as for every booking: ending it sooner would only have the pane make it again.
pub fn may_keep_hold(range: TimeRange, made_at: Instant, now: Instant) -> bool {
    time_refusals(range, now).is_empty()
        && now.since_ms(made_at) < i64::from(HOLD_HOURS_MAX) * HOUR_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant(1_800_000_000_000);

    fn hour_from_now(ms: i64) -> TimeRange {
        let start = NOW.plus_ms(ms);
        TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap()
    }

    #[test]
    fn a_meeting_that_just_began_may_still_be_given_a_room() {
        assert_eq!(time_refusals(hour_from_now(-10 * MINUTE_MS), NOW), []);
        assert_eq!(
            time_refusals(hour_from_now(-20 * MINUTE_MS), NOW),
            [Refusal::InThePast]
        );
    }

    #[test]
    fn every_reason_is_given_at_once() {
        let far = NOW.plus_ms(HORIZON_DAYS * DAY_MS);
        let range = TimeRange::new(far, far.plus_ms((DURATION_DAYS_MAX + 1) * DAY_MS)).unwrap();
        assert_eq!(
            time_refusals(range, NOW),
            [
                Refusal::TooFarAhead { days_max: 400 },
                Refusal::TooLong { days_max: 60 }
            ]
        );
    }

    #[test]
    fn a_hold_goes_on_neither_for_ever_nor_beyond_the_start_of_its_time() {
        let tomorrow = hour_from_now(DAY_MS);
        let age = |ms: i64| may_keep_hold(tomorrow, NOW.plus_ms(-ms), NOW);
        assert!(age(4 * HOUR_MS - 1));
        assert!(!age(4 * HOUR_MS));
        let begun = |ms: i64| may_keep_hold(hour_from_now(-ms), NOW.plus_ms(-ms), NOW);
        assert!(begun(15 * MINUTE_MS));
        assert!(!begun(15 * MINUTE_MS + 1));
    }
}
