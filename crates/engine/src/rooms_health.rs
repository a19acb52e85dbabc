//! How true the mirror of each room is: freshness, lag, how we learn of changes, and what full checks have found.

use booking::BookingError;
use booking::ids::RoomId;
use booking::mirror::{
    Lag, MirrorState, MirrorTotals, PolledBecause, Reading, RoomHealth, RoomsHealth, Watch,
};
use booking::provider::{MailboxFault, MailboxRole};
use booking::time::{Instant, MINUTE_MS};
use store::mirror_health::KeptHealth;

use crate::sync::events_task::is_in_part;
use crate::what_to_run::lines;
use crate::{Engine, Error};

/// How long after its time a reading may begin, or end, before the room counts as late.
pub(crate) const LATE_AFTER_MS: i64 = 2 * MINUTE_MS;

impl Engine {
    /// How the mirror of every linked room stands. One question to the store, however many rooms there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rooms_health(&self) -> Result<RoomsHealth, Error> {
        let now = self.clock.now();
        let kept = self.store.rooms_health(now).await?;
        let mut lag = Lag::default();
        for one in &kept {
            lag.add(&one.lag);
        }
        let rooms: Vec<RoomHealth> = kept.into_iter().map(|one| self.health(one, now)).collect();
        let mut totals = totals(&rooms);
        totals.lag = lag.shown();
        Ok(RoomsHealth {
            now,
            totals,
            rooms,
            run: self.store.sync_run(None, now).await?,
        })
    }

    /// How the mirror of a room stands.
    ///
    /// # Errors
    /// [`BookingError::NotFound`] for a room that is not there or not linked; when the store cannot be read.
    pub async fn room_health(&self, room: RoomId) -> Result<RoomHealth, Error> {
        let kept = self.health_of(room).await?;
        Ok(kept.ok_or(BookingError::NotFound { what: "room" })?)
    }

    /// The same. `None`: the room is not there, or not linked.
    pub(crate) async fn health_of(&self, room: RoomId) -> Result<Option<RoomHealth>, Error> {
        let now = self.clock.now();
        let kept = self.store.room_health(room, now).await?;
        Ok(kept.map(|kept| self.health(kept, now)))
    }

    fn health(&self, kept: KeptHealth, now: Instant) -> RoomHealth {
        RoomHealth {
            state: state(&kept, now),
            watch: self.watch(&kept),
            what_to_run: self.what_to_run(&kept),
            room: kept.room,
            building: kept.building,
            number: kept.number,
            name: kept.name,
            mailbox: kept.mailbox,
            in_sync_as_of: kept.synced_at,
            reading: kept.reading,
            trust: kept.trust,
            notified_at: kept.notified_at,
            next_poll_at: kept.poll_at,
            lag: kept.lag.shown(),
            checks: kept.checks,
            last_error: kept.last_error,
            failed_at: kept.failed_at,
            asked: kept.asked,
            held_until: kept.held_until,
        }
    }

    fn what_to_run(&self, kept: &KeptHealth) -> Option<String> {
        let said = kept.push_problem.as_ref().map(|problem| &problem.said);
        let words = [kept.last_error.as_ref(), said].into_iter().flatten();
        let mut faults = words.filter_map(|words| MailboxFault::told_in(words));
        let fault = faults.find(|fault| fault.is_denial())?;
        let provider = self.providers.get(kept.connection)?;
        lines(provider.as_ref(), MailboxRole::Room, fault, &kept.mailbox)
    }

    fn watch(&self, kept: &KeptHealth) -> Watch {
        if let Some(until) = kept.pushed_until {
            return Watch::Pushed { until };
        }
        let provider = self.providers.get(kept.connection);
        let can_push = provider.is_some_and(|provider| provider.capabilities().push);
        let (because, said) = match &kept.push_problem {
            _ if !can_push => (PolledBecause::Unsupported, None),
            _ if self.settings.notification_url.is_none() => (PolledBecause::SwitchedOff, None),
            Some(problem) => (problem.because, Some(problem.said.clone())),
            None => (PolledBecause::NotYet, None),
        };
        Watch::Polled { because, said }
    }
}

fn state(kept: &KeptHealth, now: Instant) -> MirrorState {
    let late = now.plus_ms(-LATE_AFTER_MS);
    let is_late = kept.dirty_since.is_some_and(|since| since < late) || kept.poll_at < late;
    let is_failing = (kept.last_error.as_deref()).is_some_and(|last| !is_in_part(last));
    match kept.synced_at {
        _ if is_failing => MirrorState::Failing,
        None => MirrorState::Waiting,
        Some(_) if is_late => MirrorState::Late,
        Some(_) => MirrorState::InSync,
    }
}

fn totals(rooms: &[RoomHealth]) -> MirrorTotals {
    let mut totals = MirrorTotals {
        rooms: u32::try_from(rooms.len()).unwrap_or(u32::MAX),
        in_sync_as_of: oldest(rooms),
        ..MirrorTotals::default()
    };
    for room in rooms {
        match room.state {
            MirrorState::Waiting => totals.waiting += 1,
            MirrorState::InSync => totals.in_sync += 1,
            MirrorState::Late => totals.late += 1,
            MirrorState::Failing => totals.failing += 1,
        }
        match room.watch {
            Watch::Pushed { .. } => totals.pushed += 1,
            Watch::Polled { .. } => totals.polled += 1,
        }
        if room.reading == Reading::FreeBusyOnly {
            totals.free_busy_only += 1;
        }
        totals.checks = totals.checks.saturating_add(room.checks.count);
        totals.found = totals.found.saturating_add(room.checks.found);
        totals.repaired = totals.repaired.saturating_add(room.checks.repaired);
    }
    totals
}

/// `None`: some room was never read.
fn oldest(rooms: &[RoomHealth]) -> Option<Instant> {
    let read: Option<Vec<Instant>> = rooms.iter().map(|room| room.in_sync_as_of).collect();
    read?.into_iter().min()
}
