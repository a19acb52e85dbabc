//! What Exchange said lately, and what it is being asked.
//!
//! A room is forgotten when its calendar changes. Whatever was asked before that, also what is still
//! on its way, no longer counts as Exchange's word. Clocks do not tell the order of what happens
//! within a millisecond, so questions and forgettings are numbered.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use booking::ids::RoomId;
use booking::provider::{ProviderError, ScheduleItem};
use booking::time::{Instant, TimeRange};
use tokio::sync::watch;

/// Most answers kept; the oldest go first.
const ANSWERS_MAX: usize = 20_000;

/// Most rooms of which it is known one by one when they were forgotten; beyond that all are.
const FORGOTTEN_MAX: usize = 20_000;

/// A room, and the stretch of time that was asked about.
pub(super) type Key = (RoomId, TimeRange);

/// A question on its way, and how it ends.
pub(super) type Flight = watch::Receiver<Option<Result<(), ProviderError>>>;

/// The place of a question, or of a forgetting, in the order of all of them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub(super) struct Turn(u64);

/// What Exchange said of one room and stretch of time.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// When it is taken, or why Exchange could not read this room's schedule.
    pub(super) items: Result<Arc<Vec<ScheduleItem>>, ProviderError>,
    /// When it was asked.
    pub(super) at: Instant,
    /// The question.
    pub(super) turn: Turn,
}

/// Answers kept for a few seconds, and questions on their way.
#[derive(Debug, Default)]
pub(super) struct Answers {
    answers: HashMap<Key, Answer>,
    flights: HashMap<Key, (Turn, Flight)>,
    /// When each room was forgotten last.
    forgotten: HashMap<RoomId, Turn>,
    /// When all rooms were.
    all_forgotten: Turn,
    /// Rooms whose mirror was shown because nothing was said; at most all there are.
    pub(super) stand_ins: HashSet<RoomId>,
    last: Turn,
}

impl Answers {
    pub(super) fn next_turn(&mut self) -> Turn {
        self.last.0 += 1;
        self.last
    }

    /// Forgets what was said, and what will be said to questions asked until now.
    pub(super) fn forget(&mut self, room: RoomId) {
        let turn = self.next_turn();
        if self.forgotten.len() >= FORGOTTEN_MAX {
            self.forgotten.clear();
            self.all_forgotten = turn;
        }
        self.forgotten.insert(room, turn);
    }

    fn counts(&self, room: RoomId, asked: Turn) -> bool {
        let forgotten = self.forgotten.get(&room).copied();
        forgotten.unwrap_or_default().max(self.all_forgotten) < asked
    }

    /// What was said and still counts. `None`: nothing.
    pub(super) fn kept(&self, key: Key) -> Option<&Answer> {
        self.latest(key)
            .filter(|answer| self.counts(key.0, answer.turn))
    }

    /// What was said last, though it may have been forgotten since. `None`: nothing.
    pub(super) fn latest(&self, key: Key) -> Option<&Answer> {
        self.answers.get(&key)
    }

    /// Keeps an answer. A question that took longer does not undo the answer to a later one.
    pub(super) fn keep(&mut self, key: Key, answer: Answer) {
        if self.latest(key).is_none_or(|kept| kept.turn <= answer.turn) {
            self.answers.insert(key, answer);
        }
    }

    /// Lets go of old answers when there are many.
    pub(super) fn make_room(&mut self, now: Instant, kept_ms: i64) {
        if self.answers.len() >= ANSWERS_MAX {
            self.answers
                .retain(|_, answer| now.since_ms(answer.at) < kept_ms);
        }
    }

    /// A question on its way whose answer will count. `None`: there is none.
    pub(super) fn flight(&self, key: Key) -> Option<&Flight> {
        let (turn, flight) = self.flights.get(&key)?;
        self.counts(key.0, *turn).then_some(flight)
    }

    pub(super) fn take_off(&mut self, key: Key, turn: Turn, flight: Flight) {
        self.flights.insert(key, (turn, flight));
    }

    /// This question is answered; a newer one about the same goes on.
    pub(super) fn land(&mut self, key: Key, turn: Turn) {
        if self.flights.get(&key).is_some_and(|(one, _)| *one == turn) {
            self.flights.remove(&key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn key(room: u128) -> Key {
        let range = TimeRange::new(Instant(0), Instant(1)).unwrap();
        (RoomId(Uuid::from_u128(room)), range)
    }

    fn answer(turn: Turn) -> Answer {
        Answer {
            items: Ok(Arc::default()),
            at: Instant(0),
            turn,
        }
    }

    #[test]
    fn an_answer_to_a_question_asked_before_its_room_was_forgotten_does_not_count() {
        let mut answers = Answers::default();
        let (early, flight) = (answers.next_turn(), watch::channel(None).1);
        answers.take_off(key(1), early, flight);
        answers.forget(key(1).0);
        assert!(answers.flight(key(1)).is_none());
        answers.keep(key(1), answer(early));
        assert!(answers.kept(key(1)).is_none());
        assert!(answers.latest(key(1)).is_some());

        let late = answers.next_turn();
        answers.keep(key(1), answer(late));
        answers.keep(key(1), answer(early));
        assert_eq!(answers.kept(key(1)).map(|kept| kept.turn), Some(late));
    }

    #[test]
    fn a_question_that_is_answered_leaves_a_newer_one_on_its_way() {
        let mut answers = Answers::default();
        let (early, late) = (answers.next_turn(), answers.next_turn());
        answers.take_off(key(1), early, watch::channel(None).1);
        answers.take_off(key(1), late, watch::channel(None).1);
        answers.land(key(1), early);
        assert!(answers.flight(key(1)).is_some());
        answers.land(key(1), late);
        assert!(answers.flight(key(1)).is_none());
    }

    #[test]
    fn a_forgotten_room_stays_so_when_more_are_forgotten_than_are_told_apart() {
        let mut answers = Answers::default();
        let turn = answers.next_turn();
        answers.keep(key(0), answer(turn));
        for room in 0..=FORGOTTEN_MAX as u128 {
            answers.forget(key(room).0);
        }
        assert!(answers.forgotten.len() < FORGOTTEN_MAX);
        assert!(answers.kept(key(0)).is_none());
        let turn = answers.next_turn();
        answers.keep(key(0), answer(turn));
        assert!(answers.kept(key(0)).is_some());
    }
}
