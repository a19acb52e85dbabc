//! How true the mirror of the rooms' calendars is, and how that is known.

mod fingerprint;
mod lag;

use serde::{Deserialize, Serialize};

use crate::ids::{BuildingId, MailboxAddress, RoomId};
use crate::time::Instant;

pub use fingerprint::Fingerprint;
pub use lag::{Lag, LagShown};

/// What of a room's calendar can be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Its events.
    #[default]
    Events,
    /// Only when it is taken: no events, no names. So with mailboxes that are not in the cloud (hybrid).
    FreeBusyOnly,
}

/// How a room's mirror stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MirrorState {
    /// Never read yet: the import is under way.
    Waiting,
    /// Read when it was due.
    InSync,
    /// Should have been read by now.
    Late,
    /// The last attempt to read it failed.
    Failing,
}

/// How we learn of changes in a room's calendar.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Watch {
    /// The calendar system tells us.
    Pushed {
        /// Until then it has promised to; prolonged before.
        until: Instant,
    },
    /// We look.
    Polled {
        /// Why the calendar system does not tell us.
        because: PolledBecause,
        /// Its own words, without addresses. `None`: it was not asked, or said nothing.
        said: Option<String>,
    },
}

/// Why a room is polled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolledBecause {
    /// There is no address that notifications could be sent to.
    SwitchedOff,
    /// It was not asked yet, or its promise has just ended.
    NotYet,
    /// The calendar system keeps no more subscriptions for that mailbox.
    Limit,
    /// The application may not read the mailbox.
    Permission,
    /// The application itself is refused.
    Application,
    /// The service account is signed out.
    ServiceAccount,
    /// The mailbox is not in the cloud, or not any more.
    Hybrid,
    /// This kind of calendar system never tells.
    Unsupported,
    /// It failed for another reason, such as an address that it cannot reach.
    Failing,
}

impl PolledBecause {
    /// For an administrator: why, and what would help.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SwitchedOff => {
                "Etage has no https address that Microsoft could notify (ETAGE_NOTIFICATION_URL)."
            }
            Self::NotYet => "Microsoft has not been asked to notify Etage yet.",
            Self::Limit => {
                "The mailbox has as many subscriptions as Exchange allows, those of other applications included."
            }
            Self::Permission => {
                "Etage may not read this mailbox's events. Check the application's permissions and the scope they were given for."
            }
            Self::Application => {
                "Microsoft does not accept Etage's application. Check its secret and its consent."
            }
            Self::ServiceAccount => "The service account must be signed in again.",
            Self::Hybrid => {
                "The mailbox is not in Exchange Online, or not any more: only free and busy can be read."
            }
            Self::Unsupported => "This calendar system cannot notify.",
            Self::Failing => {
                "Microsoft would not notify Etage of this mailbox; it is asked again from time to time."
            }
        }
    }
}

/// What the calendar system said when it was asked to notify us, and would not.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PushProblem {
    /// What it comes down to.
    pub because: PolledBecause,
    /// Its own words, without addresses.
    pub said: String,
}

/// How far a room's notifications can be relied upon.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PushTrust {
    /// Readings in a row that found nothing which was not announced; stops counting where more would change nothing.
    pub level: u32,
    /// How often a change was found that no notification announced in time.
    pub missed: u32,
}

/// What readings of the whole calendar, compared with the mirror, have found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Checks {
    /// The last one that came to an end. `None`: none yet.
    pub at: Option<Instant>,
    /// What calendar and mirror had in common after it. `None`: none yet.
    pub fingerprint: Option<Fingerprint>,
    /// How many there were.
    pub count: u32,
    /// Busy times that differed, in all of them together.
    pub found: u32,
    /// How many of these are as in the calendar again.
    pub repaired: u32,
    /// When something was found last. `None`: never.
    pub found_at: Option<Instant>,
}

/// How true the mirror of one room's calendar is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RoomHealth {
    /// The room.
    pub room: RoomId,
    /// Where it stands.
    pub building: BuildingId,
    /// Its number on the door.
    pub number: String,
    /// Its name.
    pub name: String,
    /// The mailbox whose calendar is mirrored.
    pub mailbox: MailboxAddress,
    /// How the mirror stands.
    pub state: MirrorState,
    /// The mirror shows the calendar as it was then, or later. `None`: it was never read.
    pub in_sync_as_of: Option<Instant>,
    /// What of the calendar can be read.
    pub reading: Reading,
    /// How we learn of changes.
    pub watch: Watch,
    /// How far notifications are relied upon.
    pub trust: PushTrust,
    /// When a notification of it came last. `None`: never.
    pub notified_at: Option<Instant>,
    /// It is looked at then at the latest, whatever is notified.
    pub next_poll_at: Instant,
    /// How long changes took from the calendar into the mirror.
    pub lag: LagShown,
    /// What full checks have found.
    pub checks: Checks,
    /// Why the last reading failed. `None`: it did not.
    pub last_error: Option<String>,
    /// What an administrator runs where the application is kept out of the mailbox. `None`: it is not, or nothing is known
    /// to help.
    #[serde(default)]
    pub what_to_run: Option<String>,
    /// When reading failed last. `None`: never.
    pub failed_at: Option<Instant>,
    /// What became of the last time that somebody wanted this one room read. `None`: nobody ever did.
    pub asked: Option<AskedReading>,
    /// Until when the calendar system asked us to leave it alone. `None`: it does not.
    pub held_until: Option<Instant>,
}

impl RoomHealth {
    /// What of it anybody is told who may look at the room.
    pub const fn told(&self) -> RoomMirror {
        RoomMirror {
            state: self.state,
            in_sync_as_of: self.in_sync_as_of,
            polled: match &self.watch {
                Watch::Pushed { .. } => None,
                Watch::Polled { because, .. } => Some(*because),
            },
            checked_at: self.checks.at,
            lag: self.lag,
        }
    }
}

/// How true the mirror of a room's calendar is, for anybody who may look at the room: without mailbox, without errors in
/// the calendar system's words, without what only an administrator could act on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RoomMirror {
    /// How the mirror stands.
    pub state: MirrorState,
    /// The mirror shows the calendar as it was then, or later. `None`: it was never read.
    pub in_sync_as_of: Option<Instant>,
    /// Why the room is polled. `None`: it is not, its calendar notifies us.
    pub polled: Option<PolledBecause>,
    /// When the whole calendar was compared last. `None`: never.
    pub checked_at: Option<Instant>,
    /// How long changes took from the calendar into the mirror.
    pub lag: LagShown,
}

/// All rooms together.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct MirrorTotals {
    /// Rooms that are linked to a mailbox.
    pub rooms: u32,
    /// Never read yet; the rest of an import that is under way.
    pub waiting: u32,
    /// Read when they were due.
    pub in_sync: u32,
    /// Should have been read by now.
    pub late: u32,
    /// Could not be read.
    pub failing: u32,
    /// Notify us.
    pub pushed: u32,
    /// Do not.
    pub polled: u32,
    /// Show only free and busy.
    pub free_busy_only: u32,
    /// Full checks so far.
    pub checks: u32,
    /// Busy times that full checks found to differ.
    pub found: u32,
    /// How many of these are repaired.
    pub repaired: u32,
    /// When the oldest mirror was read. `None`: some room never was, or there is none.
    pub in_sync_as_of: Option<Instant>,
    /// How long changes took from the calendars into the mirror.
    pub lag: LagShown,
}

/// How the mirror stands.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RoomsHealth {
    /// The server's clock, so that ages do not depend on the browser's.
    pub now: Instant,
    /// All rooms together.
    pub totals: MirrorTotals,
    /// Each linked room, by number within its floor.
    pub rooms: Vec<RoomHealth>,
    /// The last time somebody asked for all rooms to be read. `None`: nobody ever did.
    pub run: Option<SyncRun>,
}

/// What became of a room that somebody wanted read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AskedReading {
    /// When they asked.
    pub at: Instant,
    /// What became of it so far.
    pub outcome: AskedOutcome,
}

/// How far the reading of a room is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskedOutcome {
    /// It was neither read since nor failed.
    UnderWay,
    /// It was read.
    Read,
    /// It could not be read; it is tried again by itself.
    Failed,
    /// The calendar system asked us to wait: until then nobody reads it.
    Held,
}

/// Reading that a person asked for, and how far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SyncRun {
    /// The one room asked for. `None`: all.
    pub room: Option<RoomId>,
    /// When it began.
    pub started_at: Instant,
    /// Rooms to be read.
    pub total: u32,
    /// Rooms that were read since.
    pub done: u32,
    /// Rooms that could not be read since; they are tried again by themselves.
    pub failed: u32,
    /// Rooms that are left alone because the calendar system asked for it; they are read by themselves after that.
    pub held: u32,
    /// When the last of those is. `None`: there is none.
    pub held_until: Option<Instant>,
}

impl SyncRun {
    /// Whether some room was neither read nor failed since, and is not left alone either.
    pub const fn is_running(&self) -> bool {
        self.done + self.failed + self.held < self.total
    }
}
