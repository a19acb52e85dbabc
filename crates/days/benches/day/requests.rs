//! What was asked of Microsoft, by whether it was about a busy room, an idle one, or none.

use days::World;
use reqwest::Method;

use crate::lived::BUSY;
use crate::people::mailbox;

/// As many as the simulator remembers.
const REMEMBERED: usize = 10_000;
const THROTTLED: u16 = 429;

#[derive(Clone, Copy, Default)]
pub(crate) struct Requests {
    pub(crate) busy: u64,
    pub(crate) idle: u64,
    /// Tokens, subscriptions.
    pub(crate) others: u64,
    pub(crate) throttled: u64,
}

impl Requests {
    /// Whatever was asked before does not count.
    pub(crate) async fn forget(world: &World) {
        let forgotten = world.outlook.ask(Method::DELETE, "requests", None).await;
        forgotten.unwrap();
    }

    /// Counts what was asked since the last time.
    pub(crate) async fn count(&mut self, world: &World) {
        let asked = world.sim.requests();
        Self::forget(world).await;
        assert!(asked.len() < REMEMBERED, "the simulator has forgotten some");
        for one in asked {
            let about = one.mailbox.as_deref();
            let is_about = |room: &usize| {
                about
                    .is_some_and(|about| about.eq_ignore_ascii_case(mailbox(world, *room).as_str()))
            };
            match (0..world.rooms.len()).find(is_about) {
                Some(room) if room < BUSY => self.busy += 1,
                Some(_) => self.idle += 1,
                None => self.others += 1,
            }
            self.throttled += u64::from(one.status == THROTTLED);
        }
    }
}
