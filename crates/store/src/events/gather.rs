//! Rounds that come at the same time are taken in together.
//!
//! Most of what a transaction costs is the way to the database and back, once for each statement. So whoever comes while
//! rounds are being taken in waits, and whoever gets the turn next takes all that wait with its own, up to a limit: holds
//! of the same rooms, and on SQLite all other writers, wait as long as the transaction lasts.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::commit::{Boiled, Committed, Round};
use crate::{Store, StoreError};

/// Rooms of one transaction.
const ROOMS_MAX: usize = 16;
/// Busy times after which no further room is added.
const BUSY_TIMES_ENOUGH: usize = 1_000;

type Answer = Result<Option<Committed>, StoreError>;

/// The rounds that wait.
#[derive(Default)]
pub(crate) struct Gathered {
    waiting: Mutex<VecDeque<Waiting>>,
    turn: tokio::sync::Mutex<()>,
}

struct Waiting {
    round: Round,
    tell: oneshot::Sender<Answer>,
}

/// Rounds whose turn it is. What is dropped without an answer waits again, before all others; but not while it is being
/// committed, for then it may have been taken in, and whoever waits is told that nobody knows.
struct Together<'a> {
    gathered: &'a Gathered,
    waiting: Vec<Waiting>,
    is_committing: AtomicBool,
}

impl Store {
    /// Takes a round in, with those that wait or alone.
    pub(super) async fn take_in(&self, round: Round) -> Answer {
        let (tell, mut told) = oneshot::channel();
        self.gathered
            .waiting
            .lock()
            .push_back(Waiting { round, tell });
        loop {
            tokio::select! {
                biased;
                answer = &mut told => {
                    // Who took it in was broken off at the very end.
                    return answer.unwrap_or(Err(StoreError::Driver {
                        statement: "COMMIT",
                        source: sqlx::Error::WorkerCrashed,
                    }));
                }
                _turn = self.gathered.turn.lock() => {
                    self.take_in_together(self.gathered.next()).await;
                }
            }
        }
    }

    async fn take_in_together(&self, mut together: Together<'_>) {
        let rounds: Vec<&Round> = together.waiting.iter().map(|one| &one.round).collect();
        let taken = self.commit_together(&rounds, &together.is_committing);
        match taken.await {
            Ok(answers) => {
                for (one, answer) in together.waiting.drain(..).zip(answers) {
                    one.answer(answer);
                }
            }
            // Of one of the rooms something cannot be written, or it is locked; the others must not suffer for it.
            Err(error) if together.waiting.len() > 1 && is_about_a_statement(&error) => {
                self.take_in_one_by_one(together).await;
            }
            // Nobody knows what came of it, or the database is not there at all.
            Err(error) => {
                let mut waiting = together.waiting.drain(..);
                let first = waiting.next();
                for one in waiting {
                    one.answer(Err(echo(&error)));
                }
                if let Some(one) = first {
                    one.answer(Err(error));
                }
            }
        }
    }

    async fn take_in_one_by_one(&self, mut together: Together<'_>) {
        while let Some(one) = together.waiting.first() {
            together.is_committing.store(false, Ordering::Relaxed);
            let alone = [&one.round];
            let taken = self.commit_together(&alone, &together.is_committing);
            let answer = taken.await.map(|answers| answers.into_iter().next());
            let answer = answer.and_then(|answer| answer.unwrap_or(Ok(None)));
            together.waiting.remove(0).answer(answer);
        }
    }
}

/// Whether the database refused a statement, so that nothing was kept and it is there to be asked again.
const fn is_about_a_statement(error: &StoreError) -> bool {
    !matches!(error, StoreError::Driver { source, .. } if !matches!(source, sqlx::Error::Database(_)))
}

/// The same error for one more who waits.
fn echo(error: &StoreError) -> StoreError {
    StoreError::Driver {
        statement: "COMMIT",
        source: sqlx::Error::Io(std::io::Error::other(error.to_string())),
    }
}

impl Gathered {
    /// Those whose turn it is; a room once.
    fn next(&self) -> Together<'_> {
        let mut queue = self.waiting.lock();
        let mut waiting: Vec<Waiting> = Vec::new();
        let mut busy_times = 0;
        while let Some(one) = queue.pop_front() {
            if one.tell.is_closed() {
                continue;
            }
            let room = one.round.commit.room;
            let is_there = waiting.iter().any(|other| other.round.commit.room == room);
            if is_there || waiting.len() == ROOMS_MAX || busy_times >= BUSY_TIMES_ENOUGH {
                queue.push_front(one);
                break;
            }
            busy_times += one.round.told.as_ref().map_or(0, Boiled::len);
            waiting.push(one);
        }
        Together {
            gathered: self,
            waiting,
            is_committing: AtomicBool::new(false),
        }
    }
}

impl Waiting {
    fn answer(self, answer: Answer) {
        // Who asked may be gone.
        let _ = self.tell.send(answer);
    }
}

impl Drop for Together<'_> {
    fn drop(&mut self) {
        if *self.is_committing.get_mut() {
            return;
        }
        let mut queue = self.gathered.waiting.lock();
        for one in self.waiting.drain(..).rev() {
            queue.push_front(one);
        }
    }
}
