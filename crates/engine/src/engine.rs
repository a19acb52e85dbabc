//! The engine and what it is made of.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::Duration;

use booking::random::Random;
use booking::time::Clock;
use store::Store;

use crate::check_availability::Availability;
use crate::live_index::LiveIndex;
use crate::providers::Providers;
use crate::rooms_health::LATE_AFTER_MS;
use crate::rooms_overview::SharedReading;
use crate::sync::answers_task::Asked;
use crate::sync::notices::{Announced, Posts};
use crate::sync::{Failures, Looks, Nudges};
use crate::{Error, error};

/// Everything that happens, happens through this. Cheap to share behind an `Arc`.
pub struct Engine {
    pub(crate) store: Store,
    pub(crate) providers: Providers,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) settings: Settings,
    pub(crate) index: LiveIndex,
    pub(crate) availability: Availability,
    pub(crate) nudges: Nudges,
    pub(crate) asked: Asked,
    /// Rooms whose calendar could not be read.
    pub(crate) unread: Failures,
    /// Rooms whose calendar could not be compared with the mirror.
    pub(crate) uncompared: Failures,
    /// Rooms on somebody's screen.
    pub(crate) looks: Looks,
    /// When rooms that are due were last looked for, in milliseconds since 1970.
    pub(crate) marked_at: AtomicI64,
    /// Notices that are being noted.
    pub(crate) posts: Posts,
    /// Rooms that they announced, and that are not marked yet.
    pub(crate) announced: Announced,
    /// How all rooms stood when administrators last looked.
    pub(crate) rooms_read: SharedReading,
}

/// What an engine is built from.
pub struct Parts {
    /// Where promises are kept.
    pub store: Store,
    /// The ways into calendars.
    pub providers: Providers,
    /// The only source of “now”.
    pub clock: Arc<dyn Clock>,
    /// The only source of randomness.
    pub random: Arc<dyn Random>,
    /// Periods and limits.
    pub settings: Settings,
}

/// Periods and limits of the engine.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How old a room's mirror may grow before it is read again, in milliseconds, when nothing notifies us.
    pub poll_ms: i64,
    /// The same for rooms whose notifications have proven themselves: only a backstop, and as often as an idle room is
    /// asked at most. Until they have, it grows from [`Settings::poll_ms`] to this.
    pub poll_with_push_ms: i64,
    /// How often each room's whole calendar is read and compared with its mirror, in milliseconds.
    pub check_every_ms: i64,
    /// How many rooms are compared every three seconds at most, by each process. 0: none.
    pub checks_at_once: u32,
    /// How long Exchange's answer for a room and time is good, in milliseconds.
    pub answer_kept_ms: i64,
    /// How long a search waits for Exchange before it shows the mirror, in milliseconds.
    pub patience_ms: u64,
    /// How long a placement waits for Exchange's word before it goes on without, in milliseconds.
    pub patience_placing_ms: u64,
    /// How long a draft that is being sent waits for Exchange's word before it is sent without, in milliseconds. Outlook
    /// tells the person after five seconds that an add-in keeps it waiting.
    pub patience_sending_ms: u64,
    /// How long a placement waits for the room's answer before the person is told to look later, in milliseconds.
    pub answer_wait_ms: u64,
    /// How long a hold lasts unless the pane keeps it alive, in milliseconds.
    pub hold_ms: i64,
    /// How many days the mirror looks ahead. The window of a resumed reading began up to a day earlier than one of now
    /// would, so this is more than the rules let anybody book.
    pub window_days: i64,
    /// Whether people are told who has a room. Otherwise they see their own meetings alone.
    pub tell_organizers: bool,
    /// The portal's origin, without a slash at the end, where people are told by letter that their room declined after
    /// all. `None`: no letters are sent.
    pub letters_origin: Option<String>,
    /// Base URL that change notifications are sent to. `None`: rooms are polled.
    pub notification_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            poll_ms: 60_000,
            // A little more than ten minutes: the night's round and the daily comparison count as well.
            poll_with_push_ms: 615_000,
            check_every_ms: booking::time::DAY_MS,
            checks_at_once: 1,
            answer_kept_ms: 10_000,
            patience_ms: 1_500,
            patience_placing_ms: 5_000,
            patience_sending_ms: 2_500,
            answer_wait_ms: 2_000,
            hold_ms: 150_000,
            window_days: booking::rules::HORIZON_DAYS + 2,
            tell_organizers: true,
            letters_origin: None,
            notification_url: None,
        }
    }
}

impl Settings {
    /// How old the mirror of a room is at most while all is well, in milliseconds.
    pub(crate) fn mirror_age_max_ms(&self) -> i64 {
        self.poll_with_push_ms.max(self.poll_ms) + LATE_AFTER_MS
    }

    /// How long a placement or a hold waits for Exchange's word.
    pub(crate) const fn patience_placing(&self) -> Duration {
        Duration::from_millis(self.patience_placing_ms)
    }
}

impl Engine {
    /// An engine with its index loaded from the store. Nothing runs by itself until
    /// [`sync::driver`](crate::sync::driver) is started.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn start(parts: Parts) -> Result<Arc<Self>, Error> {
        let mut seed = [0; 4];
        parts.random.fill(&mut seed);
        error::seed_incidents(u32::from_le_bytes(seed));
        let engine = Arc::new(Self {
            store: parts.store,
            providers: parts.providers,
            clock: parts.clock,
            random: parts.random,
            settings: parts.settings,
            index: LiveIndex::new(),
            availability: Availability::new(),
            nudges: Nudges::default(),
            asked: Asked::default(),
            unread: Failures::default(),
            uncompared: Failures::default(),
            looks: Looks::default(),
            marked_at: AtomicI64::new(0),
            posts: Posts::default(),
            announced: Announced::default(),
            rooms_read: SharedReading::default(),
        });
        engine.reload_index().await?;
        Ok(engine)
    }

    /// The store, for what needs no use-case: sessions, connections.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// The clock the engine lives by.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// The randomness the engine draws from.
    pub fn random(&self) -> &Arc<dyn Random> {
        &self.random
    }

    /// The ways into calendars.
    pub const fn providers(&self) -> &Providers {
        &self.providers
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("providers", &self.providers)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
