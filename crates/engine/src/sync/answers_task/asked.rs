//! What is asked about, and when. Only a brake and a hurry: losing it costs a question, or a little time.

use std::collections::{HashMap, HashSet};

use booking::ids::ReservationId;
use booking::reservation::{Reservation, ReservationState};
use booking::time::{HOUR_MS, Instant};
use parking_lot::Mutex;

use super::LOOKED_AT_MAX;

/// The shortest and the longest pause between two questions about one reservation.
const PAUSE_MS_MIN: i64 = 400;
const PAUSE_MS_MAX: i64 = 60_000;
/// The longest one about a reservation that is confirmed and only lacks its event.
const EVENT_PAUSE_MS_MAX: i64 = HOUR_MS;
/// The pause after a question that a change of the room's calendar brought about.
const STIRRED_PAUSE_MS: i64 = 2_000;
/// The pause after a first question that was not answered; each is twice the one before, up to [`PAUSE_MS_MAX`].
const UNANSWERED_PAUSE_MS: i64 = 2_000;

/// When each waiting reservation is asked about again. Only a brake: losing it costs a question.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Questions>);

#[derive(Debug, Default)]
struct Questions {
    turns: HashMap<ReservationId, Turn>,
    /// Drafts whose room's calendar has just changed. That may have been their invitation.
    stirred: HashSet<ReservationId>,
    /// Confirmed ones that their room's calendar shows no more.
    doubted: HashSet<ReservationId>,
}

/// When a reservation is asked about again.
#[derive(Clone, Copy, Debug)]
struct Turn {
    /// Not before then.
    due_at: Instant,
    /// How many questions in a row were not answered.
    unanswered: u32,
}

impl Asked {
    /// The calendar of these holds' room has just changed. Whether there is anything to ask.
    pub(in crate::sync) fn stir(&self, holds: impl Iterator<Item = ReservationId>) -> bool {
        let stirred = &mut self.0.lock().stirred;
        // What is left over belongs to drafts that are held no more.
        if stirred.len() > LOOKED_AT_MAX as usize {
            stirred.clear();
        }
        stirred.extend(holds);
        !stirred.is_empty()
    }

    /// The room's calendar shows a confirmed reservation no more: the organizer's copy is asked at once.
    pub(in crate::sync) fn doubt(&self, id: ReservationId) {
        let Questions { turns, doubted, .. } = &mut *self.0.lock();
        // What is forgotten is doubted again when its room is read next.
        if doubted.len() > LOOKED_AT_MAX as usize {
            doubted.clear();
        }
        if doubted.insert(id) {
            turns.remove(&id);
        }
    }

    /// It is shown again, or has been settled.
    pub(in crate::sync) fn believe(&self, id: ReservationId) {
        self.0.lock().doubted.remove(&id);
    }

    /// Those in doubt.
    pub(super) fn doubted(&self) -> Vec<ReservationId> {
        self.0.lock().doubted.iter().copied().collect()
    }

    pub(super) fn is_doubted(&self, reservation: &Reservation) -> bool {
        self.0.lock().doubted.contains(&reservation.id)
    }

    pub(super) fn is_stirred(&self, reservation: &Reservation) -> bool {
        self.0.lock().stirred.contains(&reservation.id)
    }

    /// Whether it is time to ask; if so, the next time is noted.
    pub(super) fn is_due(&self, reservation: &Reservation, now: Instant) -> bool {
        let Questions {
            turns,
            stirred,
            doubted,
        } = &mut *self.0.lock();
        if turns.len() > 2 * LOOKED_AT_MAX as usize {
            turns.retain(|_, turn| turn.due_at > now);
        }
        let last = turns.get(&reservation.id).copied();
        if last.is_some_and(|turn| turn.due_at > now) {
            return false;
        }
        // The older the question, the rarer: a quarter of its age. A draft that somebody else's
        // change had us ask about is no older for that.
        let is_stirred = stirred.remove(&reservation.id) || doubted.contains(&reservation.id);
        let pause_ms = if is_stirred {
            STIRRED_PAUSE_MS
        } else {
            let age_ms = now.since_ms(reservation.changed_at).max(0);
            let longest_ms = match reservation.state {
                ReservationState::Confirmed => EVENT_PAUSE_MS_MAX,
                _ => PAUSE_MS_MAX,
            };
            (age_ms / 4).clamp(PAUSE_MS_MIN, longest_ms)
        };
        let turn = Turn {
            due_at: now.plus_ms(pause_ms),
            unanswered: last.map_or(0, |turn| turn.unanswered),
        };
        turns.insert(reservation.id, turn);
        true
    }

    /// A question was answered, whatever the answer was.
    pub(super) fn answered(&self, reservation: &Reservation) {
        if let Some(turn) = self.0.lock().turns.get_mut(&reservation.id) {
            turn.unanswered = 0;
        }
    }

    /// A question was not answered: it is asked again soon, however old it is, and as long as there is no answer more
    /// rarely. What had us ask about a draft's hold still does.
    pub(super) fn unanswered(&self, reservation: &Reservation, now: Instant) {
        let Questions { turns, stirred, .. } = &mut *self.0.lock();
        if reservation.state == ReservationState::Held {
            stirred.insert(reservation.id);
        }
        if let Some(turn) = turns.get_mut(&reservation.id) {
            let pause_ms = UNANSWERED_PAUSE_MS << turn.unanswered.min(20);
            turn.due_at = now.plus_ms(pause_ms.min(PAUSE_MS_MAX));
            turn.unanswered += 1;
        }
    }
}
