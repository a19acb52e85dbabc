//! What goes wrong on a drawn day, and its end.

use m365_sim::{DeltaQuirks, Fault, FaultAction, FaultMatch, MailboxState, NotificationMode};

use super::run::Day;

/// How far a process's clock is from the world's at most, in milliseconds.
const SKEW_MS_MAX: i64 = 30_000;
/// Waits are real, so Microsoft asks for short ones.
const RETRY_AFTER_S: f64 = 0.002;

impl Day {
    pub(super) async fn trouble_step(&mut self) {
        let which = self.draw.below(12);
        match which {
            0 | 1 if self.is_calm => self.mailbox_moves(),
            2..=5 | 11 if self.is_calm => self.task_is_overtaken().await,
            0..=3 => {
                self.requests_fail();
                self.requests_fail();
            }
            4 => self.notifications_go_astray(),
            5 => self.some_notifications_go_astray(),
            6 => {
                self.world.sim.expire_delta_tokens();
                self.note("every cursor expires");
            }
            7 => self.clock_goes_wrong(),
            8 => self.rounds_behave_badly(),
            9 => self.lifecycle().await,
            10 => self.mailbox_moves(),
            _ => self.process_dies().await,
        }
    }

    /// The next few requests of a kind meet a fault, in the order in which they come.
    fn requests_fail(&mut self) {
        let status = |status, code: &str, retry_after_seconds| FaultAction::Status {
            status,
            code: code.to_owned(),
            message: None,
            retry_after_seconds,
        };
        let action = match self.draw.below(9) {
            0 | 1 => status(429, "ApplicationThrottled", Some(RETRY_AFTER_S)),
            2 => status(503, "serviceNotAvailable", Some(RETRY_AFTER_S)),
            3 => status(500, "generalException", None),
            4 => status(504, "UnknownError", None),
            5 => FaultAction::DropConnection,
            6 => FaultAction::LoseAnswer,
            7 => FaultAction::TruncateBody { keep_bytes: 40 },
            _ => FaultAction::ExpireCursor,
        };
        let room = self.draw.below(self.world.rooms.len() as u64) + 1;
        let matches = match self.draw.below(8) {
            // Whatever comes next.
            4 | 5 => FaultMatch::path("/v1.0/"),
            0 => FaultMatch::path("/v1.0/me/*"),
            1 => FaultMatch::path("/v1.0/subscriptions"),
            2 => FaultMatch::path("/v1.0/users/*/calendar/getSchedule"),
            3 => FaultMatch::path("/v1.0/users/*/events/*/instances"),
            _ => FaultMatch {
                mailbox: Some(format!("room{room}@contoso.com")),
                ..FaultMatch::default()
            },
        };
        let count = u32::try_from(self.draw.one_of(&[1, 1, 2, 4, 6, 20])).unwrap_or(1);
        self.note(&format!("{count} times {action:?} at {matches:?}"));
        self.world
            .sim
            .faults()
            .add(Fault::times(count, matches, action))
            .expect("the fault can be");
    }

    /// The next few notifications about a room.
    fn some_notifications_go_astray(&mut self) {
        let action = match self.draw.below(3) {
            0 => FaultAction::LoseNotification,
            1 => FaultAction::DuplicateNotification,
            _ => FaultAction::DelayNotification,
        };
        let room = self.draw.below(self.world.rooms.len() as u64) + 1;
        let matches = FaultMatch {
            mailbox: Some(format!("room{room}@contoso.com")),
            ..FaultMatch::default()
        };
        let count = u32::try_from(self.draw.between(1, 5)).unwrap_or(1);
        self.note(&format!("{count} times {action:?} at {matches:?}"));
        let fault = Fault::times(count, matches, action);
        self.world
            .sim
            .faults()
            .add(fault)
            .expect("the fault can be");
    }

    fn notifications_go_astray(&mut self) {
        let mode = self.draw.one_of(&[
            NotificationMode::Drop,
            NotificationMode::Duplicate,
            NotificationMode::Reorder,
            NotificationMode::Together,
            NotificationMode::Deliver,
        ]);
        self.note(&format!("notifications: {mode:?}"));
        self.all_told &= mode != NotificationMode::Drop;
        self.world.sim.set_notifications(mode);
    }

    fn clock_goes_wrong(&mut self) {
        let Some(number) = self.some_process() else {
            return;
        };
        let ms = self.draw.between(-SKEW_MS_MAX, SKEW_MS_MAX);
        self.world.processes[number].set_ahead_ms(ms);
        self.note(&format!("the clock of process {number} is {ms} ms ahead"));
    }

    fn rounds_behave_badly(&mut self) {
        let quirks = DeltaQuirks {
            empty_first_page: self.draw.percent(50),
            replay_percent: u8::try_from(self.draw.below(60)).unwrap_or(0),
            shows_masters: self.draw.percent(50),
            removes_old_masters: self.draw.percent(50),
            ..DeltaQuirks::default()
        };
        self.note(&format!("{quirks:?}"));
        self.world.sim.set_delta_quirks(quirks);
    }

    /// A room's mailbox is moved away and back again, which ends its subscription.
    fn mailbox_moves(&mut self) {
        let room = self.draw.below(self.world.rooms.len() as u64) + 1;
        let mailbox = format!("room{room}@contoso.com");
        for state in [MailboxState::OnPremises, MailboxState::Active] {
            let moved = self.world.sim.set_mailbox_state(&mailbox, state);
            if let Err(error) = moved {
                self.failed(format!("{mailbox} cannot be moved: {error}"));
            }
        }
        self.note(&format!("{mailbox} is moved away and back"));
    }

    async fn process_dies(&mut self) {
        if let Some(number) = self.some_process() {
            self.note(&format!("process {number} dies while it has nothing to do"));
            self.killed(number).await;
        }
    }

    /// Everything works again; the clocks stay as they are.
    pub(super) fn trouble_ends(&mut self) {
        self.tally.faults += self
            .world
            .sim
            .faults()
            .all()
            .iter()
            .map(|report| u64::from(report.fired))
            .sum::<u64>();
        self.world.sim.faults().clear();
        self.world.sim.set_notifications(NotificationMode::Deliver);
    }
}
