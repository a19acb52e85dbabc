//! Reads what changed in rooms' calendars and settles our reservations by it.
//!
//! Notification, poll and restart all enter here, by marking rooms dirty. A dirty room is leased,
//! so that two processes do not read it at once, and read from its cursor; when the cursor is
//! worth nothing, or its fixed window has grown old, a full round is read and compared before
//! anything is removed.

mod free_busy;
mod names;
mod roll;
mod round;
mod settle;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use booking::ids::RoomId;
use booking::provider::ProviderError;
use booking::room::Room;
use booking::time::{DAY_MS, Instant};
use store::events::{RoomCommit, Taken};
use store::sync_state::RoomSync;

use self::round::Round;
use super::at_once::work_off;
use super::failures::Pauses;
use super::standing::{self, Told};
use crate::{Engine, Error};

/// Rooms read at the same time.
const AT_ONCE: usize = 16;
/// How long a lease lasts; a process that died loses its rooms after that.
const LEASE_MS: i64 = 120_000;
/// How long a room waits after a first failure that named no time.
const RETRY_MS: i64 = 2_000;
/// How often rooms that became due are looked for while others are being read.
const MARK_EVERY_MS: i64 = 1_000;
/// What is kept as the error of a room that none of our connections leads to.
const NO_CONNECTION: &str = "no connection";
/// What is kept of a room that was read but for some of its events begins like this.
const IN_PART: &str = "read in part: ";

/// Marks what is to be looked at whatever is notified, then reads every dirty room.
///
/// # Errors
/// When the store fails; a room that cannot be read is noted and read again later.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    engine.mark_due(Due::Always).await?;
    let lease = |free| engine.lease_dirty(free);
    work_off(AT_ONCE, &engine.nudges.events, lease, |leased| {
        let engine = Arc::clone(engine);
        async move { engine.read_leased(leased).await }
    })
    .await
}

/// When to look for rooms that became due.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Due {
    Always,
    NowAndThen,
}

/// A room that is ours to read now. `None`: there is no such any more.
struct Leased {
    state: RoomSync,
    room: Option<Room>,
}

impl Engine {
    /// A calendar said that something changed: have these rooms read soon.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn note_changes(&self, rooms: &[RoomId]) -> Result<(), Error> {
        self.store.mark_rooms_dirty(rooms, self.clock.now()).await?;
        self.nudges.events.notify_one();
        Ok(())
    }

    /// Marks what is to be looked at by now, so that an import that takes long keeps no other room waiting.
    async fn mark_due(&self, due: Due) -> Result<(), Error> {
        let now = self.clock.now();
        let last = Instant(self.marked_at.load(Ordering::Relaxed));
        if due == Due::Always || now.since_ms(last) >= MARK_EVERY_MS {
            self.marked_at.store(now.0, Ordering::Relaxed);
            self.store.mark_due_rooms_dirty(now).await?;
        }
        Ok(())
    }

    async fn lease_dirty(&self, free: usize) -> Result<Vec<Leased>, Error> {
        self.keep_looks().await?;
        self.mark_due(Due::NowAndThen).await?;
        let lease = self.lease("events", LEASE_MS, free);
        let leased = self.store.lease_dirty_rooms(&lease).await?;
        if leased.is_empty() {
            return Ok(Vec::new());
        }
        // One that was linked by another process a moment ago is not in our index yet.
        let ids: Vec<RoomId> = leased.iter().map(|state| state.room).collect();
        let rooms = self.store.rooms_among(&ids).await?;
        let mut rooms: HashMap<_, _> = rooms.into_iter().map(|room| (room.id, room)).collect();
        let with_room = |state: RoomSync| Leased {
            room: rooms.remove(&state.room),
            state,
        };
        Ok(leased.into_iter().map(with_room).collect())
    }

    async fn read_leased(&self, leased: Leased) -> Result<(), Error> {
        let Leased { state, room } = leased;
        if let Some(room) = room.filter(|room| self.providers.of_room(room).is_ok()) {
            return self.read_room(&room, state).await;
        }
        let now = self.clock.now();
        let due_at = now.plus_ms(self.settings.poll_ms);
        self.store
            .sync_failed(state.room, state.lease_until, NO_CONNECTION, now, due_at)
            .await?;
        Ok(())
    }

    /// Reads a leased room once.
    pub(super) async fn read_room(&self, room: &Room, mut state: RoomSync) -> Result<(), Error> {
        let read_from = self.clock.now();
        match self.read_round(room, &mut state).await {
            Ok(round) => {
                self.take_in(room, &state, round, read_from).await?;
                Ok(())
            }
            Err(error) => self.put_off(&state, &error).await,
        }
    }

    /// Takes a round into the mirror, keeps what it says of the room and its notifications, and settles our reservations by
    /// it. `false`: the room was unlinked meanwhile, or is read by somebody else, so that the round is worth nothing.
    pub(super) async fn take_in(
        &self,
        room: &Room,
        state: &RoomSync,
        round: Round,
        read_from: Instant,
    ) -> Result<bool, Error> {
        let seen = round.seen(read_from);
        let unclear = Self::still_unclear(state, round.unclear, round.is_full);
        let commit = RoomCommit {
            room: state.room,
            changes: self.kept(round.changes).await?,
            full: round.is_full.then_some(round.window),
            cursor: round.cursor,
            // What came while it was being read may be missing.
            synced_at: read_from,
            dirty_seen: state.dirty_seen,
            lease: state.lease_until,
        };
        let learn = {
            let (settings, before, now) = (self.settings.clone(), state.clone(), self.clock.now());
            let (changed_at, is_full, reading) = (round.changed_at, round.is_full, round.reading);
            move |taken: Taken| {
                let told = Told {
                    read_from,
                    now,
                    is_full,
                    is_pushed: taken.is_pushed,
                    changed: taken.changed,
                    changed_at: &changed_at,
                    reading,
                    unclear: unclear.as_deref(),
                };
                standing::after(&settings, &before, &told)
            }
        };
        let Some(committed) = self.store.commit_room_changes(commit, learn).await? else {
            tracing::debug!(room = %state.room, "a reading of a room's calendar came too late");
            return Ok(false);
        };
        let learnt = committed.learnt;
        if learnt.standing.reading != state.standing.reading {
            let reading = learnt.standing.reading;
            tracing::info!(room = %state.room, ?reading, "what can be read of a room's calendar is another");
        }
        if learnt.is_promise_doubted {
            self.nudges.subscriptions.notify_one();
        }
        if self.unread.end(room.id) {
            tracing::info!(room = %room.id, "a room's calendar can be read again");
        }
        if committed.has_reservations
            && let Err(error) = self.settle_room(room, seen).await
        {
            // What the round brought is told once: it is looked at again.
            self.note_changes(&[room.id]).await?;
            return Err(error);
        }
        Ok(true)
    }

    /// Keeps a room for a reading that takes long.
    ///
    /// # Errors
    /// [`ProviderError::Retry`] when the room is not ours to read any more: it was unlinked, or somebody else took it over.
    pub(super) async fn keep_lease(&self, state: &mut RoomSync) -> Result<(), ProviderError> {
        let now = self.clock.now();
        if state.lease_until.since_ms(now) > LEASE_MS / 2 {
            return Ok(());
        }
        let until = now.plus_ms(LEASE_MS);
        let prolonged = (self.store)
            .prolong_lease(state.room, state.lease_until, until)
            .await;
        match prolonged {
            Ok(true) => {
                state.lease_until = until;
                Ok(())
            }
            Ok(false) | Err(_) => Err(ProviderError::Retry {
                after: None,
                context: "the room could not be kept for reading".to_owned(),
            }),
        }
    }

    /// What is kept of a room that was read but for some events: it is told once, and kept until all its calendar was read
    /// again and they are not there any more.
    fn still_unclear(state: &RoomSync, unclear: Option<String>, is_full: bool) -> Option<String> {
        let known = state.last_error.as_deref().filter(|last| is_in_part(last));
        let words = match (unclear, known) {
            (Some(unclear), _) => format!("{IN_PART}{unclear}"),
            (None, known) => known.filter(|_| !is_full)?.to_owned(),
        };
        if known.is_none() {
            tracing::warn!(room = %state.room, "a room's calendar was {words}");
        }
        Some(words)
    }

    /// The room waits, longer each time. It is told once that it cannot be read, however long that lasts.
    pub(super) async fn put_off(
        &self,
        state: &RoomSync,
        error: &ProviderError,
    ) -> Result<(), Error> {
        let was_readable = (state.last_error.as_deref())
            .is_none_or(|last| last == NO_CONNECTION || is_in_part(last));
        if was_readable {
            tracing::warn!(
                room = %state.room,
                error = error as &dyn std::error::Error,
                "a room's calendar could not be read; it is read again later"
            );
        } else {
            tracing::debug!(
                room = %state.room,
                error = error as &dyn std::error::Error,
                "a room's calendar still could not be read"
            );
        }
        let poll_ms = self.settings.poll_ms;
        let pauses = match error {
            ProviderError::Retry { after: None, .. } => Pauses {
                first_ms: RETRY_MS,
                longest_ms: poll_ms,
            },
            ProviderError::Retry {
                after: Some(after), ..
            } => Pauses::of(i64::try_from(after.as_millis()).map_or(DAY_MS, |ms| ms.min(DAY_MS))),
            _ => Pauses::of(poll_ms),
        };
        let now = self.clock.now();
        let due_at = (self.unread).note(state.room, now, pauses).due_at;
        let (room, lease, words) = (state.room, state.lease_until, error.to_string());
        let is_named = matches!(error, ProviderError::Retry { after: Some(_), .. });
        if is_named {
            (self.store.sync_held(room, lease, &words, now, due_at)).await?;
        } else {
            (self.store.sync_failed(room, lease, &words, now, due_at)).await?;
        }
        Ok(())
    }
}

/// Whether a room was read, but for some events.
pub(crate) fn is_in_part(last_error: &str) -> bool {
    last_error.starts_with(IN_PART)
}
