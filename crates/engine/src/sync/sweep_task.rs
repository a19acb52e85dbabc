//! Reads rooms' whole calendars, slowly, and compares them with the mirror. It should find nothing.
//!
//! What differs at first sight may be a change on its way, so it counts only when the calendar was
//! read between two readings from the cursor of which the second brought nothing: then the ordinary
//! way has had its chance and will not mend it any more. What is found is repaired by a full round,
//! which also ends a cursor that was not worth having, and is counted.

use std::collections::HashMap;
use std::sync::Arc;

use booking::event::{BusyKind, BusyTime};
use booking::mirror::Fingerprint;
use booking::provider::{ProviderError, WholeCalendar};
use booking::room::Room;
use booking::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};
use store::sync_state::RoomSync;
use store::sync_state::checks::Checked;

use super::failures::Pauses;
use crate::{Engine, Error};

/// How long a lease lasts; a process that died loses its rooms after that.
const LEASE_MS: i64 = 120_000;
/// A room whose calendar moves while it is looked at, or cannot be read, is tried again after this; the pause doubles
/// until it is as long as that of rooms that were compared.
const AGAIN_MS: i64 = 5 * MINUTE_MS;

/// Compares some rooms that are due, one after the other.
///
/// # Errors
/// When the store fails; a room whose calendar cannot be read has its turn later.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let limit = engine.settings.checks_at_once as usize;
    if limit == 0 {
        return Ok(());
    }
    let lease = engine.lease("sweep", LEASE_MS, limit);
    for state in engine.store.lease_checks(&lease).await? {
        engine.check_room(state).await?;
    }
    Ok(())
}

/// What came of looking at a room.
enum Looked {
    Equal(Fingerprint),
    Repaired {
        fingerprint: Fingerprint,
        found: u32,
        repaired: u32,
    },
    /// Nothing can be said now.
    InFlux,
}

impl Engine {
    async fn check_room(&self, state: RoomSync) -> Result<(), Error> {
        let now = self.clock.now();
        let room = self.store.room(state.room).await?;
        let looked = match room.filter(|room| self.providers.of_room(room).is_ok()) {
            Some(room) => self.look(&room, &state).await?,
            None => Looked::InFlux,
        };
        let (fingerprint, found, repaired) = match looked {
            Looked::InFlux => {
                let pauses = Pauses {
                    first_ms: AGAIN_MS.min(self.settings.check_every_ms),
                    longest_ms: self.settings.check_every_ms,
                };
                let again = self.uncompared.note(state.room, now, pauses).due_at;
                return Ok(self.store.put_check_off(state.room, again).await?);
            }
            Looked::Equal(fingerprint) => (fingerprint, 0, 0),
            Looked::Repaired {
                fingerprint,
                found,
                repaired,
            } => (fingerprint, found, repaired),
        };
        self.uncompared.end(state.room);
        let checked = Checked {
            at: now,
            fingerprint,
            found,
            repaired,
            next_at: now.plus_ms(self.settings.check_every_ms),
        };
        Ok(self.store.finish_check(state.room, &checked).await?)
    }

    async fn look(&self, room: &Room, state: &RoomSync) -> Result<Looked, Error> {
        let Some(window) = state.window else {
            return Ok(Looked::InFlux);
        };
        let Some(whole) = self.whole(room, window).await else {
            return Ok(Looked::InFlux);
        };
        let mirror = self.mirror_of(room, window, &whole).await?;
        let fingerprint = Fingerprint::of(&whole.busy);
        if fingerprint == Fingerprint::of(&mirror) {
            return Ok(Looked::Equal(fingerprint));
        }
        // First the ordinary way has its chance.
        if let Some(state) = self.lease_one(room).await? {
            self.read_room(room, state).await?;
        }
        self.look_closely(room).await
    }

    /// Compares while nobody else reads the room.
    async fn look_closely(&self, room: &Room) -> Result<Looked, Error> {
        let Some(mut state) = self.lease_one(room).await? else {
            return Ok(Looked::InFlux);
        };
        let whole = match state.window {
            Some(window) => self.whole(room, window).await,
            None => None,
        };
        let read_from = self.clock.now();
        let round = match self.read_round(room, &mut state).await {
            Ok(round) => round,
            Err(error) => {
                self.put_off(&state, &error).await?;
                return Ok(Looked::InFlux);
            }
        };
        let is_quiet = round.changes.is_empty() && !round.is_full;
        let window = round.window;
        let Some(whole) = whole.filter(|_| is_quiet) else {
            self.take_in(room, &state, round, read_from).await?;
            return Ok(Looked::InFlux);
        };
        let mirror = self.mirror_of(room, window, &whole).await?;
        let found = differing(&whole.busy, &mirror);
        if found == 0 {
            if !self.take_in(room, &state, round, read_from).await? {
                return Ok(Looked::InFlux);
            }
            return Ok(Looked::Equal(Fingerprint::of(&whole.busy)));
        }
        let left = match self.repair(room, &mut state, window).await? {
            Ok(()) => differing(&whole.busy, &self.mirror_of(room, window, &whole).await?),
            Err(error) => {
                self.put_off(&state, &error).await?;
                found
            }
        };
        let repaired = found.saturating_sub(left);
        tracing::warn!(
            room = %room.id,
            found,
            repaired,
            "a room's mirror was not as its calendar"
        );
        Ok(Looked::Repaired {
            fingerprint: Fingerprint::of(&whole.busy),
            found,
            repaired,
        })
    }

    /// Reads everything anew, and begins with a new cursor.
    async fn repair(
        &self,
        room: &Room,
        state: &mut RoomSync,
        window: TimeRange,
    ) -> Result<Result<(), ProviderError>, Error> {
        let read_from = self.clock.now();
        let round = match self.read_full(room, state, window).await {
            Ok(round) => round,
            Err(error) => return Ok(Err(error)),
        };
        self.take_in(room, state, round, read_from).await?;
        Ok(Ok(()))
    }

    async fn lease_one(&self, room: &Room) -> Result<Option<RoomSync>, Error> {
        let lease = self.lease("sweep", LEASE_MS, 1);
        Ok(self.store.lease_room(room.id, &lease).await?)
    }

    /// What the mirror has of that: not of events that could not be read now, of which it may know more.
    async fn mirror_of(
        &self,
        room: &Room,
        window: TimeRange,
        whole: &WholeCalendar,
    ) -> Result<Vec<BusyTime>, Error> {
        let mut mirror = self.store.busy_times_of(room.id, within(window)).await?;
        mirror.retain(|one| !whole.unclear.contains(&one.event_id));
        Ok(mirror)
    }

    /// What takes the room within the window, as far as it can be read for certain. `None`: it cannot be read.
    async fn whole(&self, room: &Room, window: TimeRange) -> Option<WholeCalendar> {
        let (link, provider) = self.providers.of_room(room).ok()?;
        let why = match provider.whole_calendar(&link.mailbox, window).await {
            Ok(mut whole) if !whole.has_nameless => {
                let WholeCalendar { busy, unclear, .. } = &mut whole;
                busy.retain(|one| {
                    one.range.overlaps(within(window)) && !unclear.contains(&one.event_id)
                });
                return Some(whole);
            }
            Ok(_) => "not even the ids of some of its events can be read".to_owned(),
            Err(error) => error.to_string(),
        };
        // Told once, however often it is tried.
        if self.uncompared.has(room.id) {
            tracing::debug!(room = %room.id, why, "a room's whole calendar still could not be read");
        } else {
            tracing::warn!(
                room = %room.id,
                why,
                "a room's whole calendar could not be read; it is compared later"
            );
        }
        None
    }
}

/// What is compared of a window: not its edges, where days of another zone may lie within for one reading and beyond for
/// another.
fn within(window: TimeRange) -> TimeRange {
    let (start, end) = (window.start(), window.end());
    TimeRange::new(start.plus_ms(DAY_MS), end.plus_ms(-DAY_MS)).unwrap_or(window)
}

/// How many busy times are in one list and not in the other, by what a fingerprint looks at.
fn differing(calendar: &[BusyTime], mirror: &[BusyTime]) -> u32 {
    let mut counts: HashMap<(&str, Instant, Instant, BusyKind), i64> = HashMap::new();
    let lists = [(calendar, 1), (mirror, -1)];
    for (busy, sign) in lists {
        for one in busy {
            let uid = one.ical_uid.as_deref().unwrap_or(&one.event_id);
            let key = (uid, one.range.start(), one.range.end(), one.kind);
            *counts.entry(key).or_default() += sign;
        }
    }
    let differing: u64 = counts.values().map(|count| count.unsigned_abs()).sum();
    u32::try_from(differing).unwrap_or(u32::MAX)
}
