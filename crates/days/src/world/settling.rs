//! The passing of time, and what everybody does meanwhile until all is at rest.

use std::ops::Range;

use booking::time::{MINUTE_MS, SECOND_MS};
use m365_sim::StepReport;

use super::World;
use crate::judge::all_reservations;
use crate::process::{Outcome, Task};

/// What passes until everything that was lost is found: at once; the leases of processes that died, which last two minutes;
/// the backstop, ten minutes; and what that brought forth.
const SETTLING_MS: [i64; 4] = [0, 131 * SECOND_MS, 11 * MINUTE_MS, 2 * SECOND_MS];

/// What passes between further turns, if there is still something to do: more than any pause but a job's longest.
const FURTHER_PAUSE_MS: i64 = 61 * SECOND_MS;
/// So many further turns; who is not at rest by then never is.
const FURTHER_TURNS_MAX: u32 = 20;

impl World {
    /// Has rooms answer and Microsoft tell of it, and every process run every task, once.
    pub async fn turn(&mut self) {
        let failed = self.turn_over().await;
        assert!(failed.is_empty(), "{failed:#?}");
    }

    /// What failed of it.
    pub(super) async fn turn_over(&mut self) -> Vec<String> {
        self.turn_of(0..self.processes.len()).await
    }

    async fn turn_of(&mut self, whose: Range<usize>) -> Vec<String> {
        self.sim.drain().await;
        self.tasks_of(whose).await
    }

    async fn tasks_of(&mut self, whose: Range<usize>) -> Vec<String> {
        let mut failed = Vec::new();
        for process in whose {
            for task in Task::ALL {
                if let Outcome::Done(Err(error)) = self.run(process, task).await {
                    failed.push(format!("{task:?} of process {process}: {error:?}"));
                }
            }
        }
        failed
    }

    /// Lets a quarter of an hour pass, in which everything that was lost, late or left behind by a process that died is
    /// found again, and some more until all is at rest. Every process is up afterwards.
    pub async fn settle(&mut self) {
        let failed = self.settled().await;
        assert!(failed.is_empty(), "{failed:#?}");
    }

    /// Lets as much pass, and has everybody do what is due after each pause. What Microsoft did, and what failed.
    pub(crate) async fn settled_within(
        &mut self,
        pauses_ms: &[i64],
    ) -> (Vec<StepReport>, Vec<String>) {
        self.start_all().await;
        let (mut reports, mut failed) = (Vec::new(), Vec::new());
        for pause_ms in pauses_ms {
            self.advance_ms(*pause_ms);
            reports.extend(self.sim.drain().await);
            failed.extend(self.tasks_of(0..self.processes.len()).await);
        }
        (reports, failed)
    }

    async fn start_all(&mut self) {
        for process in 0..self.processes.len() {
            if !self.processes[process].is_up() {
                self.start(process).await;
            }
        }
    }

    /// The same as [`World::settle`]; what failed of it.
    pub(crate) async fn settled(&mut self) -> Vec<String> {
        self.start_all().await;
        let mut failed = Vec::new();
        let last = SETTLING_MS.len() - 1;
        for (at, pause_ms) in SETTLING_MS.into_iter().enumerate() {
            self.advance_ms(pause_ms);
            // In between, whoever comes first.
            let whose = if at == 0 || at == last {
                0..self.processes.len()
            } else {
                let first = at % self.processes.len();
                first..first + 1
            };
            failed.extend(self.turn_of(whose).await);
        }
        for _ in 0..FURTHER_TURNS_MAX {
            if self.sim.drain().await.is_empty() && self.is_at_rest().await {
                return failed;
            }
            self.advance_ms(FURTHER_PAUSE_MS);
            failed.extend(self.turn_over().await);
        }
        failed.push("it does not come to rest".to_owned());
        failed
    }

    /// Whether no room is still to be read and no job to be done.
    async fn is_at_rest(&self) -> bool {
        let syncs = self.store.room_syncs().await.unwrap();
        if syncs.iter().any(|sync| sync.dirty) {
            return false;
        }
        for reservation in all_reservations(self).await {
            let jobs = self.store.jobs_of(reservation.id).await.unwrap();
            if jobs.iter().any(|job| job.given_up_at.is_none()) {
                return false;
            }
        }
        true
    }
}
