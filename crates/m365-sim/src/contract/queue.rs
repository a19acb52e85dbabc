//! Exchanges that are checked later, one after the other on a thread of their own, so that answers do not wait for it.

use std::sync::mpsc::{Receiver, Sender, channel};

use crate::exchange::Exchange;

/// What the thread is given.
enum Job {
    Check(Box<Exchange>),
    /// Everything before this was checked.
    Tell(Sender<()>),
}

/// The way to the thread. It ends when all of these are gone.
#[derive(Clone)]
pub(super) struct Queue(Sender<Job>);

impl Queue {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system gives no further thread.
    pub(super) fn start(check: impl Fn(&Exchange) + Send + 'static) -> std::io::Result<Self> {
        let (sender, jobs) = channel();
        std::thread::Builder::new()
            .name("contract".to_owned())
            .spawn(move || work(&jobs, check))?;
        Ok(Self(sender))
    }

    /// Has an exchange checked some time later.
    pub(super) fn check(&self, exchange: &Exchange) {
        self.send(Job::Check(Box::new(exchange.clone())));
    }

    /// Waits until everything given so far was checked.
    pub(super) fn wait(&self) {
        let (teller, told) = channel();
        self.send(Job::Tell(teller));
        // Nobody tells any more: then nothing is checked any more either.
        let _ = told.recv();
    }

    fn send(&self, job: Job) {
        // The thread lives as long as this does, and ends earlier only with a panic, which it tells itself.
        let _ = self.0.send(job);
    }
}

fn work(jobs: &Receiver<Job>, check: impl Fn(&Exchange)) {
    for job in jobs {
        match job {
            Job::Check(exchange) => check(&exchange),
            Job::Tell(teller) => {
                let _ = teller.send(());
            }
        }
    }
}
