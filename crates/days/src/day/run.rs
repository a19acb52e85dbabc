//! The driver of a drawn day.

use std::time::Duration;

use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, SECOND_MS};

use super::draw::Draw;
use super::log::Log;
use super::memory::Memory;
use crate::database::Database;
use crate::office::{MONDAY, RoomKind};
use crate::process::{Outcome, Task};
use crate::world::{Plan, World};

/// Mornings that a day may begin on: an ordinary Monday, and the Fridays before the clocks change.
const MORNINGS: [Instant; 3] = [
    MONDAY,
    Instant(1_792_742_400_000),
    Instant(1_806_048_000_000),
];
/// A day that takes longer on the machine's clock hangs.
const HANGS_AFTER: Duration = Duration::from_secs(120);
/// A process may be killed within so many passings of its gate.
const PASSINGS: u64 = 40;

/// What passes until everything that was told of is read, if nothing failed and nobody died: next to nothing.
const CALM_MS: [i64; 3] = [0, SECOND_MS, SECOND_MS];
/// The same if something did: at once; the leases of processes that died, by a clock that is wrong by a minute; the longest
/// pause after a failure; and what that brought forth.
const STORMY_MS: [i64; 4] = [0, 181 * SECOND_MS, 61 * SECOND_MS, SECOND_MS];

/// Which day.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Where everything is drawn from.
    pub seed: u64,
    /// What the processes share.
    pub database: Database,
    /// How many processes there are.
    pub processes: usize,
}

/// What a day held.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Steps taken.
    pub steps: u64,
    /// Requests, notifications and cursors that met a fault.
    pub faults: u64,
    /// Processes killed.
    pub kills: u64,
    /// How often the judge looked.
    pub judgements: u64,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.faults += other.faults;
        self.kills += other.kills;
        self.judgements += other.judgements;
    }
}

/// Lives a day; what was found at its end, or what of it was not as it must be.
///
/// # Errors
/// The judge's findings, with the log telling what led there.
pub async fn live(setup: Setup, log: &Log) -> Result<Tally, Vec<String>> {
    match tokio::time::timeout(HANGS_AFTER, Day::live(setup, log)).await {
        Ok(lived) => lived,
        Err(_) => Err(vec![format!("it hangs; no end within {HANGS_AFTER:?}")]),
    }
}

pub(super) struct Day {
    pub(super) world: World,
    pub(super) draw: Draw,
    pub(super) memory: Memory,
    pub(super) tally: Tally,
    /// Whether nothing fails and nobody dies: what Microsoft tells then shows within seconds.
    pub(super) is_calm: bool,
    /// Whether no notification was lost since the judge looked last.
    pub(super) all_told: bool,
    log: Log,
    failures: Vec<String>,
}

impl Day {
    async fn live(setup: Setup, log: &Log) -> Result<Tally, Vec<String>> {
        let draw = Draw::new(setup.seed);
        let mut rooms = RoomKind::READABLE.to_vec();
        // Some kinds only, so that meetings meet each other.
        while rooms.len() > 4 {
            let at = usize::try_from(draw.below(rooms.len() as u64)).unwrap_or(0);
            rooms.remove(at);
        }
        let plan = Plan {
            start: draw.one_of(&MORNINGS),
            rooms,
            processes: setup.processes,
            database: setup.database,
            seed: setup.seed,
            ..Plan::default()
        };
        log.note(plan.start, &format!("{plan:?}"));
        let mut day = Self {
            world: World::open_quickly(plan).await,
            draw,
            memory: Memory::default(),
            tally: Tally::default(),
            is_calm: false,
            all_told: true,
            log: log.clone(),
            failures: Vec::new(),
        };
        let parts = day.draw.between(2, 3);
        for part in 0..parts {
            day.is_calm = part == 0 && day.draw.percent(50);
            for _ in 0..day.draw.between(8, 30) {
                day.step().await;
            }
            let findings = day.judged().await;
            if !findings.is_empty() {
                return Err(findings);
            }
        }
        let tally = day.tally;
        day.world.end().await;
        Ok(tally)
    }

    async fn step(&mut self) {
        self.tally.steps += 1;
        match self.draw.below(100) {
            0..=25 => self.outlook_step().await,
            26..=40 => self.etage_step().await,
            41..=54 => self.task_runs().await,
            55..=58 => self.tasks_run_at_once().await,
            59..=62 => self.task_is_overtaken().await,
            63..=73 => self.microsoft_steps().await,
            74..=90 => self.trouble_step().await,
            91..=94 => self.processes_start().await,
            _ => self.time_passes(),
        }
    }

    /// A task of a process, over which it may die.
    async fn task_runs(&mut self) {
        let Some(number) = self.some_process() else {
            return;
        };
        let task = self.some_task();
        // Half of the time there is something to do.
        if self.draw.percent(50) {
            self.microsoft_tells().await;
        }
        let dies_after = self.dies_after(35, PASSINGS);
        if let Some(passings) = dies_after {
            self.world.processes[number].gate().close_after(passings);
        }
        let outcome = self.world.processes[number].run(task).await;
        self.note(&format!(
            "process {number} runs {task:?}, to be killed after {dies_after:?} passings"
        ));
        self.came_of(number, task, outcome).await;
    }

    /// The same or different tasks of two processes.
    async fn tasks_run_at_once(&mut self) {
        let up = self.processes_up();
        let (Some(one), Some(other)) = (up.first().copied(), up.last().copied()) else {
            return;
        };
        let first = self.some_task();
        let second = if self.draw.percent(50) {
            first
        } else {
            self.some_task()
        };
        self.note(&format!(
            "process {one} runs {first:?} while process {other} runs {second:?}"
        ));
        let (done, done_too) = tokio::join!(
            self.world.processes[one].run(first),
            self.world.processes[other].run(second)
        );
        self.came_of(one, first, done).await;
        self.came_of(other, second, done_too).await;
    }

    /// Something happens after a process was told how things are, and before it keeps that.
    pub(super) async fn task_is_overtaken(&mut self) {
        let Some(number) = self.some_process() else {
            return;
        };
        let task = self
            .draw
            .one_of(&[Task::Events, Task::Events, Task::Answers, Task::Outbox]);
        let answers = self.draw.below(4);
        self.outlook_step().await;
        self.microsoft_tells().await;
        let door = self.world.processes[number].door().clone();
        door.gate.hold_up_after(answers);
        self.note(&format!(
            "process {number} runs {task:?} and is held up with answer {answers}"
        ));
        let outcome = {
            let running = door.run(task);
            tokio::pin!(running);
            tokio::select! {
                outcome = &mut running => outcome,
                () = door.gate.held_up() => {
                    self.outlook_step().await;
                    self.microsoft_tells().await;
                    self.note(&format!("process {number} goes on"));
                    door.gate.go_on();
                    running.await
                }
            }
        };
        door.gate.go_on();
        drop(door);
        self.came_of(number, task, outcome).await;
    }

    async fn came_of(
        &mut self,
        number: usize,
        task: Task,
        outcome: Outcome<Result<(), engine::Error>>,
    ) {
        match outcome {
            Outcome::Killed => self.killed(number).await,
            Outcome::Done(done) => {
                self.world.processes[number].gate().stay_open();
                if let Err(error) = done {
                    self.failed(format!("{task:?} of process {number}: {error:?}"));
                }
            }
        }
    }

    /// Rooms answer and notifications go out, some of them.
    async fn microsoft_steps(&mut self) {
        let steps = self.draw.between(1, 8);
        for _ in 0..steps {
            let Some(report) = self.world.sim.step().await else {
                break;
            };
            self.note(&format!("Microsoft: {report:?}"));
            self.notices_told(std::slice::from_ref(&report));
            if let m365_sim::StepReport::Failure { reason } = report {
                self.failed(format!("the simulator failed: {reason}"));
            }
        }
    }

    /// Rooms answer and notifications go out, all of them.
    async fn microsoft_tells(&mut self) {
        let reports = self.world.sim.drain().await;
        self.note(&format!("Microsoft takes {} steps", reports.len()));
        self.notices_told(&reports);
    }

    async fn processes_start(&mut self) {
        for number in 0..self.world.processes.len() {
            if !self.world.processes[number].is_up() {
                self.note(&format!("process {number} starts"));
                self.world.start(number).await;
            }
        }
    }

    fn time_passes(&mut self) {
        let ms = match self.draw.below(10) {
            0 => self.draw.between(1, 3) * DAY_MS,
            1 | 2 => self.draw.between(1, 9) * HOUR_MS,
            3..=5 => self.draw.between(1, 20) * MINUTE_MS,
            _ => self.draw.between(1, 100) * SECOND_MS,
        };
        self.world.advance_ms(ms);
        self.note(&format!("{} s pass", ms / SECOND_MS));
    }

    /// Whether everybody heard of everything so far.
    pub(super) fn notices_told(&mut self, reports: &[m365_sim::StepReport]) {
        let is_told = |report: &m365_sim::StepReport| match report {
            m365_sim::StepReport::Notification { status, .. } => *status == Some(202),
            _ => true,
        };
        self.all_told &= reports.iter().all(is_told);
    }

    /// Trouble ends, time passes, the judge looks. Where no notification was lost, some minutes are enough for the mirror;
    /// after a quarter of an hour everything is right in any case.
    async fn judged(&mut self) -> Vec<String> {
        self.trouble_ends();
        self.note("all trouble ends");
        let pauses_ms: &[i64] = if self.is_calm { &CALM_MS } else { &STORMY_MS };
        let (reports, failed) = self.world.settled_within(pauses_ms).await;
        self.notices_told(&reports);
        self.failures.extend(failed);
        if self.all_told {
            self.note("the judge looks at what was told");
            let late = self.world.judge().differences(&self.world).await;
            let late = late
                .into_iter()
                .map(|what| format!("told, but late: {what}"));
            self.failures.extend(late);
        }
        let unsettled = self.world.settled().await;
        self.note("the judge looks");
        self.tally.judgements += 1;
        let mut findings = std::mem::take(&mut self.failures);
        findings.extend(unsettled);
        let judge = self.world.judge();
        findings.extend(judge.findings(&self.world, &self.memory.touched).await);
        findings.extend(self.memory.findings(&self.world).await);
        // A subscription whose end was not heard of is silent until somebody asks.
        self.all_told = self.world.every_room_is_told_of().await;
        findings
    }

    pub(super) fn note(&self, what: &str) {
        self.log.note(self.world.now(), what);
    }

    pub(super) fn failed(&mut self, what: String) {
        self.note(&what);
        self.failures.push(what);
    }

    /// After how many passings of its gate a process dies, if it does.
    pub(super) fn dies_after(&self, percent: u64, passings: u64) -> Option<u64> {
        let dies = self.draw.percent(percent) && !self.is_calm;
        dies.then(|| self.draw.below(passings))
    }

    pub(super) async fn killed(&mut self, number: usize) {
        self.tally.kills += 1;
        self.world.kill(number).await;
    }

    /// A process that is up. `None`: none is.
    pub(super) fn some_process(&self) -> Option<usize> {
        self.draw.pick(&self.processes_up()).copied()
    }

    fn processes_up(&self) -> Vec<usize> {
        let numbers = 0..self.world.processes.len();
        numbers
            .filter(|number| self.world.processes[*number].is_up())
            .collect()
    }

    fn some_task(&self) -> Task {
        self.draw.one_of(&Task::ALL)
    }
}
