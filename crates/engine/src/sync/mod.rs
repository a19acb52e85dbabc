//! All that runs by itself.
//!
//! The rule of every task here: it is level-triggered. It takes no input, looks at what is written
//! down, does what is due, and is right when it runs twice, late, or in two processes. A
//! notification, a poll and a restart all enter at the same place; a nudge only makes a task look
//! sooner.
//!
//! What calendar systems tell us comes in through [`notices`].
//!
//! | task | looks at | does |
//! |---|---|---|
//! | [`events_task`] | rooms marked dirty or not read for long | reads changes, settles reservations |
//! | [`outbox_task`] | promises not yet told | writes and cancels events as the person |
//! | [`answers_task`] | reservations the room has not answered | asks the organizer's copy |
//! | [`holds_task`] | holds that lapsed, reservations that are over | closes them |
//! | [`subscriptions_task`] | subscriptions missing or about to end | creates, renews and ends them |
//! | [`sweep_task`] | rooms not compared for a day | reads them whole; repairs and counts what differs |
//! | [`watch_task`] | dates of series without a room | notes what is free for them by now |
//! | [`upkeep_task`] | days and sessions nobody needs | lets go of them |

pub mod answers_task;
mod at_once;
pub mod driver;
pub mod events_task;
mod failures;
pub mod holds_task;
mod looks;
pub mod notices;
pub mod outbox_task;
mod standing;
pub mod subscriptions_task;
pub mod sweep_task;
pub mod upkeep_task;
pub mod watch_task;

use tokio::sync::Notify;

pub(crate) use self::failures::Failures;
pub(crate) use self::looks::Looks;

/// Makes tasks look sooner than their period.
#[derive(Debug, Default)]
pub(crate) struct Nudges {
    pub(crate) announced: Notify,
    pub(crate) events: Notify,
    pub(crate) outbox: Notify,
    pub(crate) answers: Notify,
    pub(crate) holds: Notify,
    pub(crate) subscriptions: Notify,
    pub(crate) sweep: Notify,
    pub(crate) upkeep: Notify,
    pub(crate) watch: Notify,
}
