//! Where exactly a process is killed.
//!
//! A process passes its gate before every statement it sends to the database (`BEGIN` and `COMMIT` among them), and before
//! and after everything it asks of Microsoft. A gate that is closed lets nobody through any more: whoever waits there is
//! dropped with the rest of the process, so it ends between two statements of a transaction, or with an answer of
//! Microsoft's that it never heard.
//!
//! With an answer in hand it can also be held up there for a while, so that others are quicker.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// The gate of one process.
#[derive(Debug, Default)]
pub struct Gate {
    state: Mutex<State>,
    closed: Notify,
    held_up: Notify,
    goes_on: Notify,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    passed: u64,
    closes_at: Option<u64>,
    is_closed: bool,
    answers: u64,
    holds_up_at: Option<u64>,
    is_held_up: bool,
}

impl Gate {
    /// An open gate.
    pub fn open() -> Arc<Self> {
        Arc::new(Self::default())
    }

    /// How often it was passed.
    pub fn passed(&self) -> u64 {
        self.state.lock().passed
    }

    /// Lets so many through from now on, and then nobody.
    pub fn close_after(&self, passings: u64) {
        let mut state = self.state.lock();
        state.closes_at = Some(state.passed + passings);
    }

    /// Stays open after all.
    pub fn stay_open(&self) {
        self.state.lock().closes_at = None;
    }

    /// Whether it has closed.
    pub fn is_closed(&self) -> bool {
        self.state.lock().is_closed
    }

    /// Returns once it has closed.
    pub async fn closed(&self) {
        loop {
            let closing = self.closed.notified();
            tokio::pin!(closing);
            closing.as_mut().enable();
            if self.is_closed() {
                return;
            }
            closing.await;
        }
    }

    /// Holds up whoever comes with an answer of Microsoft's after so many others, from now on.
    pub fn hold_up_after(&self, answers: u64) {
        let mut state = self.state.lock();
        state.holds_up_at = Some(state.answers + answers);
    }

    /// Returns once somebody is held up.
    pub async fn held_up(&self) {
        loop {
            let holding = self.held_up.notified();
            tokio::pin!(holding);
            holding.as_mut().enable();
            if self.state.lock().is_held_up {
                return;
            }
            holding.await;
        }
    }

    /// Lets whoever is held up go on, and nobody be held up any more.
    pub fn go_on(&self) {
        let mut state = self.state.lock();
        state.holds_up_at = None;
        state.is_held_up = false;
        drop(state);
        self.goes_on.notify_waiters();
    }

    /// Passes with an answer of Microsoft's.
    pub async fn pass_with_answer(&self) {
        let going = self.goes_on.notified();
        tokio::pin!(going);
        going.as_mut().enable();
        let is_held_up = {
            let mut state = self.state.lock();
            let is_held_up = state.holds_up_at == Some(state.answers);
            state.answers += 1;
            state.is_held_up |= is_held_up;
            is_held_up
        };
        if is_held_up {
            self.held_up.notify_waiters();
            going.await;
        }
        self.pass().await;
    }

    /// Passes, or waits for ever.
    pub async fn pass(&self) {
        let may_pass = {
            let mut state = self.state.lock();
            if state.closes_at == Some(state.passed) {
                state.is_closed = true;
            }
            if !state.is_closed {
                state.passed += 1;
            }
            !state.is_closed
        };
        if !may_pass {
            self.closed.notify_waiters();
            std::future::pending::<()>().await;
        }
    }
}
