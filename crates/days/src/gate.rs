//! Where exactly a process is killed.
//!
//! A process passes its gate before every statement it sends to the database (`BEGIN` and `COMMIT` among them), and before
//! and after everything it asks of Microsoft. A gate that is closed lets nobody through any more: whoever waits there is
//! dropped with the rest of the process, so it ends between two statements of a transaction, or with an answer of
//! Microsoft's that it never heard.

use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::Notify;

/// The gate of one process.
#[derive(Debug, Default)]
pub struct Gate {
    state: Mutex<State>,
    closed: Notify,
}

#[derive(Clone, Copy, Debug, Default)]
struct State {
    passed: u64,
    closes_at: Option<u64>,
    is_closed: bool,
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
