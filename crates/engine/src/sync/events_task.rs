//! Reads what changed in rooms' calendars and settles our reservations by it.
//!
//! Notification, poll and restart all enter here, by marking rooms dirty. A dirty room is leased,
//! so that two processes do not read it at once, and read from its cursor; when the cursor is
//! worth nothing, or its fixed window has grown old, a full round is read and compared before
//! anything is removed.

use std::collections::HashSet;
use std::sync::Arc;

use booking::event::{BusyKind, BusyTime};
use booking::ids::{MailboxAddress, RoomId};
use booking::provider::{
    CalendarProvider, EventChange, Next, ProviderError, RoomResponse, SyncCursor,
};
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use booking::room::Room;
use booking::time::{DAY_MS, Instant, TimeRange};
use store::events::{BusyChange, RoomCommit};
use store::sync_state::RoomSync;

use super::at_once::work_off;
use super::failures::Pauses;
use crate::{Engine, Error};

/// Rooms read at the same time.
const AT_ONCE: usize = 16;
/// How long a lease lasts; a process that died loses its rooms after that.
const LEASE_MS: i64 = 120_000;
/// A window that began longer ago than this is rolled by a full round.
const WINDOW_AGE_MS: i64 = 2 * DAY_MS;
/// Pages of one round; more means the provider goes in circles.
const PAGES_MAX: usize = 2_000;
/// How long a room waits after a first failure that named no time.
const RETRY_MS: i64 = 2_000;
/// What is kept as the error of a room that none of our connections leads to.
const NO_CONNECTION: &str = "no connection";
/// What is kept of a room that was read but for some of its events begins like this.
const IN_PART: &str = "read in part: ";

/// Marks what has not been read for long, then reads every dirty room.
///
/// # Errors
/// When the store fails; a room that cannot be read is noted and read again later.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    engine.mark_stale().await?;
    let lease = |free| engine.lease_dirty(free);
    work_off(AT_ONCE, &engine.nudges.events, lease, |state| {
        let engine = Arc::clone(engine);
        async move { engine.read_room(state).await }
    })
    .await
}

/// What a round brought, and over which window.
struct Round {
    changes: Vec<EventChange>,
    cursor: SyncCursor,
    /// What lies outside was not looked at.
    window: TimeRange,
    /// Whether everything in the window was read, or only what changed.
    is_full: bool,
    /// The first that was met of what cannot be read, in words. `None`: all was.
    unclear: Option<String>,
}

/// What pages brought together.
struct Pages {
    changes: Vec<EventChange>,
    cursor: SyncCursor,
    unclear: Option<String>,
}

impl Engine {
    /// A calendar said that something changed: have these rooms read soon.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn note_changes(&self, rooms: &[RoomId]) -> Result<(), Error> {
        self.store.mark_rooms_dirty(rooms).await?;
        self.nudges.events.notify_one();
        Ok(())
    }

    /// Rooms whose calendars notify us are read rarely as a backstop, the others at the poll period.
    async fn mark_stale(&self) -> Result<(), Error> {
        let now = self.clock.now();
        let backstop = now.plus_ms(-self.settings.poll_with_push_ms);
        self.store.mark_stale_rooms_dirty(backstop).await?;
        let silent: HashSet<RoomId> = self
            .store
            .rooms_without_subscription(now, u32::MAX)
            .await?
            .into_iter()
            .collect();
        let stale = self.rooms_read_before(now.plus_ms(-self.settings.poll_ms), &silent);
        if !stale.is_empty() {
            self.store.mark_rooms_dirty(&stale).await?;
        }
        Ok(())
    }

    fn rooms_read_before(&self, before: Instant, among: &HashSet<RoomId>) -> Vec<RoomId> {
        let world = self.index.read();
        let synced = |room: &RoomId| {
            let (building, _) = world.room(*room)?;
            building.synced.get(room).copied()
        };
        among
            .iter()
            .filter(|room| synced(room).is_some_and(|at| at < before))
            .copied()
            .collect()
    }

    async fn lease_dirty(&self, free: usize) -> Result<Vec<RoomSync>, Error> {
        let lease = self.lease("events", LEASE_MS, free);
        Ok(self.store.lease_dirty_rooms(&lease).await?)
    }

    async fn read_room(&self, state: RoomSync) -> Result<(), Error> {
        let id = state.room;
        // A room that was linked by another process a moment ago is not in our index yet.
        let room = match self.store.room(id).await? {
            Some(room) if self.providers.of_room(&room).is_ok() => room,
            _ => {
                let due_at = self.clock.now().plus_ms(self.settings.poll_ms);
                return Ok(self.store.sync_failed(id, NO_CONNECTION, due_at).await?);
            }
        };
        let read_from = self.clock.now();
        match self.read_round(&room, &state).await {
            Ok(round) => {
                let has_moved = !round.changes.is_empty();
                let commit = RoomCommit {
                    room: id,
                    changes: round.changes.into_iter().map(kept).collect(),
                    full: round.is_full.then_some(round.window),
                    cursor: Some(round.cursor),
                    // What came while it was being read may be missing.
                    synced_at: read_from,
                    dirty_seen: state.dirty_seen,
                };
                self.store.commit_room_changes(commit).await?;
                self.note_unclear(&state, round.unclear, round.is_full)
                    .await?;
                if self.unread.end(id) {
                    tracing::info!(room = %id, "a room's calendar can be read again");
                }
                self.settle_room(&room, round.window, read_from, has_moved)
                    .await
            }
            Err(error) => self.put_off(&state, &error).await,
        }
    }

    /// That a room was read but for some events is told once, and kept until all its calendar was read again and they are
    /// not there any more.
    async fn note_unclear(
        &self,
        state: &RoomSync,
        unclear: Option<String>,
        is_full: bool,
    ) -> Result<(), Error> {
        let known = state.last_error.as_deref().filter(|last| is_in_part(last));
        let words = match (unclear, known) {
            (Some(unclear), _) => format!("{IN_PART}{unclear}"),
            (None, Some(known)) if !is_full => known.to_owned(),
            (None, _) => return Ok(()),
        };
        if known.is_none() {
            tracing::warn!(room = %state.room, "a room's calendar was {words}");
        }
        Ok(self.store.sync_in_part(state.room, &words).await?)
    }

    /// The room waits, longer each time. It is told once that it cannot be read, however long that lasts.
    async fn put_off(&self, state: &RoomSync, error: &ProviderError) -> Result<(), Error> {
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
        let failure = (self.unread).note(state.room, self.clock.now(), pauses);
        self.store
            .sync_failed(state.room, &error.to_string(), failure.due_at)
            .await?;
        Ok(())
    }

    async fn read_round(&self, room: &Room, state: &RoomSync) -> Result<Round, ProviderError> {
        let (link, provider) =
            self.providers
                .of_room(room)
                .map_err(|_| ProviderError::Unsupported {
                    context: "connection",
                })?;
        let now = self.clock.now();
        let young = |window: &TimeRange| now.since_ms(window.start()) < WINDOW_AGE_MS;
        if let (Some(cursor), Some(window)) = (&state.cursor, state.window.filter(young)) {
            match read_pages(provider.as_ref(), &link.mailbox, window, Some(cursor)).await {
                Err(ProviderError::CursorExpired) => {}
                read => return Ok(read?.of(window, false)),
            }
        }
        let window = self.window();
        let read = read_pages(provider.as_ref(), &link.mailbox, window, None).await?;
        Ok(read.of(window, true))
    }

    /// Compares our open reservations of a room with what its calendar showed from `read_from` on
    /// within `window`: of what lies beyond it, that nothing was seen says nothing.
    async fn settle_room(
        &self,
        room: &Room,
        window: TimeRange,
        read_from: Instant,
        has_moved: bool,
    ) -> Result<(), Error> {
        let ours = self.store.open_reservations_of(room.id, window).await?;
        if ours.is_empty() {
            return Ok(());
        }
        let busy = self.store.busy_times_of(room.id, window).await?;
        for reservation in &ours {
            // What was confirmed while the calendar was being read may not have been in it yet.
            if reservation.changed_at < read_from
                || reservation.state != ReservationState::Confirmed
            {
                self.settle_by_calendar(reservation, &busy, &ours).await?;
            }
        }
        if has_moved {
            // What was accepted is settled; what was declined has left no trace but this.
            let held = ours.iter().filter(|one| {
                one.state == ReservationState::Held && matches!(one.origin, Origin::Draft { .. })
            });
            if self.asked.stir(held.map(|one| one.id)) {
                self.nudges.answers.notify_one();
            }
        }
        Ok(())
    }

    async fn settle_by_calendar(
        &self,
        reservation: &Reservation,
        busy: &[BusyTime],
        ours: &[Reservation],
    ) -> Result<(), Error> {
        let shown = busy
            .iter()
            .find(|one| is_of(reservation, one) && !is_of_another(reservation, one, ours));
        match (reservation.state, shown) {
            (ReservationState::Held | ReservationState::Submitted, Some(one))
                if one.kind == BusyKind::Busy =>
            {
                self.step(reservation, &self.to(ReservationState::Confirmed))
                    .await
            }
            (ReservationState::Confirmed, None) => {
                let change = self
                    .to(ReservationState::Cancelled)
                    .with_note(StateNote::GoneFromCalendar);
                self.step(reservation, &change).await
            }
            (ReservationState::Confirmed, Some(one)) if one.range != reservation.range => {
                self.store
                    .move_reservation(reservation.id, one.range, self.clock.now())
                    .await?;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl Pages {
    fn of(self, window: TimeRange, is_full: bool) -> Round {
        Round {
            changes: self.changes,
            cursor: self.cursor,
            window,
            is_full,
            unclear: self.unclear,
        }
    }
}

fn is_in_part(last_error: &str) -> bool {
    last_error.starts_with(IN_PART)
}

async fn read_pages(
    provider: &dyn CalendarProvider,
    mailbox: &MailboxAddress,
    window: TimeRange,
    since: Option<&SyncCursor>,
) -> Result<Pages, ProviderError> {
    let mut changes = Vec::new();
    let mut unclear = None;
    let mut cursor = since.cloned();
    let mut followed = HashSet::new();
    while followed.len() < PAGES_MAX {
        let page = provider.changes(mailbox, window, cursor.as_ref()).await?;
        changes.extend(page.changes);
        unclear = unclear.or(page.unclear.into_iter().next());
        match page.next {
            // A link that was followed before leads in a circle.
            Next::More(next) if followed.insert(next.0.clone()) => cursor = Some(next),
            Next::More(_) => break,
            Next::Done(cursor) => {
                return Ok(Pages {
                    changes,
                    cursor,
                    unclear,
                });
            }
        }
    }
    Err(ProviderError::Bug {
        context: "a round of changes that does not end".to_owned(),
        source: None,
    })
}

/// What is kept of a change. What the room declined does not take it.
fn kept(change: EventChange) -> BusyChange {
    match change {
        EventChange::Busy(busy, RoomResponse::Declined) => BusyChange::Gone {
            event_id: busy.event_id,
        },
        EventChange::Busy(busy, _) => BusyChange::Busy(busy),
        EventChange::Gone { event_id } => BusyChange::Gone { event_id },
        EventChange::Series {
            series_id,
            occurrences,
        } => BusyChange::Series {
            series_id,
            occurrences: occurrences
                .into_iter()
                .filter(|(_, response)| *response != RoomResponse::Declined)
                .map(|(busy, _)| busy)
                .collect(),
        },
    }
}

/// Whether a busy time is known to belong to another reservation of ours.
fn is_of_another(reservation: &Reservation, busy: &BusyTime, ours: &[Reservation]) -> bool {
    ours.iter().any(|other| {
        let uid = other.event.as_ref().map(|event| &event.ical_uid);
        other.id != reservation.id && uid.is_some() && uid == busy.ical_uid.as_ref()
    })
}

/// Whether a busy time of the room is this reservation's event. One that we wrote is known by its
/// UID alone; one that the person sent, before we know its UID, by time and organizer.
fn is_of(reservation: &Reservation, busy: &BusyTime) -> bool {
    match (&reservation.event, &busy.ical_uid) {
        (Some(event), Some(uid)) => event.ical_uid == *uid,
        (None, _) if reservation.origin == Origin::Portal => false,
        _ => {
            let organizer = busy.organizer.as_ref().and_then(|one| one.address.as_ref());
            busy.range == reservation.range && organizer == Some(&reservation.person.address)
        }
    }
}
