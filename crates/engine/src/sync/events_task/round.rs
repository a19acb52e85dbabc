//! One round of reading a room's calendar: from its cursor, or everything.

use std::collections::{BTreeSet, HashSet};

use booking::event::BusyTime;
use booking::ids::MailboxAddress;
use booking::mirror::Reading;
use booking::provider::{
    CalendarProvider, ChangePage, EventChange, Next, ProviderError, RoomResponse, SyncCursor,
};
use booking::room::Room;
use booking::time::{Instant, TimeRange};
use store::events::BusyChange;
use store::sync_state::RoomSync;

use super::free_busy;
use super::roll::roll_at;
use super::settle::Seen;
use crate::Engine;

/// Pages of one round; more means the provider goes in circles.
const PAGES_MAX: usize = 2_000;
/// Series that are asked about together; the room's lease is kept between.
const SERIES_TOGETHER: usize = 12;

/// What a round brought, and over which window.
pub(in crate::sync) struct Round {
    pub(in crate::sync) changes: Vec<EventChange>,
    /// When they were made, as far as that is told.
    pub(in crate::sync) changed_at: Vec<Instant>,
    /// Where the next round resumes. `None`: it reads everything.
    pub(in crate::sync) cursor: Option<SyncCursor>,
    /// What lies outside was not looked at.
    pub(in crate::sync) window: TimeRange,
    /// Whether everything in the window was read, or only what changed.
    pub(in crate::sync) is_full: bool,
    /// The first that was met of what cannot be read, in words. `None`: all was.
    pub(in crate::sync) unclear: Option<String>,
    /// What of the calendar can be read.
    pub(in crate::sync) reading: Reading,
}

impl Round {
    /// What it means to our reservations.
    pub(in crate::sync) fn seen(&self, read_from: Instant) -> Seen {
        Seen {
            window: self.window,
            read_from,
            has_moved: !self.changes.is_empty(),
            reading: self.reading,
        }
    }
}

/// What pages brought together.
#[derive(Default)]
struct Pages {
    changes: Vec<EventChange>,
    /// Series of which the pages do not tell what changed.
    series: BTreeSet<String>,
    /// Of what is gone by `changes`, what may be a series that was touched outside the window.
    removed: BTreeSet<String>,
    changed_at: Vec<Instant>,
    cursor: Option<SyncCursor>,
    unclear: Option<String>,
}

impl Engine {
    /// What changed since the room was read last; everything where that cannot be told, or where the window has grown
    /// old.
    pub(in crate::sync) async fn read_round(
        &self,
        room: &Room,
        state: &mut RoomSync,
    ) -> Result<Round, ProviderError> {
        let (_, provider) = self.way_to(room)?;
        let now = self.clock.now();
        let without_events = |why| self.read_free_busy(room, why);
        if !provider.capabilities().events_readable
            || (state.standing.reading == Reading::FreeBusyOnly
                && !free_busy::is_time_for_events(state, now))
        {
            return without_events(None).await;
        }
        let young = state.window.filter(|window| now < roll_at(*window, room));
        if let (Some(cursor), Some(window)) = (state.cursor.clone(), young) {
            match self.read_pages(room, state, window, Some(cursor)).await {
                Err(ProviderError::CursorExpired) => {}
                Err(why) if free_busy::is_about_events(&why) => {
                    return without_events(Some(why)).await;
                }
                read => return Ok(read?.of(window, false)),
            }
        }
        match self.read_full(room, state, self.window()).await {
            Err(why) if free_busy::is_about_events(&why) => without_events(Some(why)).await,
            read => read,
        }
    }

    /// Everything in the window.
    pub(in crate::sync) async fn read_full(
        &self,
        room: &Room,
        state: &mut RoomSync,
        window: TimeRange,
    ) -> Result<Round, ProviderError> {
        let read = self.read_pages(room, state, window, None).await?;
        Ok(read.of(window, true))
    }

    /// Only when the room is taken; `why` its events cannot be read, if that was tried just now.
    async fn read_free_busy(
        &self,
        room: &Room,
        why: Option<ProviderError>,
    ) -> Result<Round, ProviderError> {
        let (mailbox, provider) = self.way_to(room)?;
        let window = self.window();
        let changes = free_busy::read(provider, mailbox, window, why).await?;
        Ok(Round {
            changes,
            changed_at: Vec::new(),
            cursor: None,
            window,
            is_full: true,
            unclear: None,
            reading: Reading::FreeBusyOnly,
        })
    }

    /// All pages of a round, and the series they name; everything when `since` is `None`.
    async fn read_pages(
        &self,
        room: &Room,
        state: &mut RoomSync,
        window: TimeRange,
        since: Option<SyncCursor>,
    ) -> Result<Pages, ProviderError> {
        let (mailbox, provider) = self.way_to(room)?;
        let mut pages = Pages::default();
        let mut cursor = since;
        let mut followed = HashSet::new();
        while followed.len() < PAGES_MAX {
            self.keep_lease(state).await?;
            let page = provider.changes(mailbox, window, cursor.as_ref()).await?;
            match pages.add(page) {
                // A link that was followed before leads in a circle.
                Next::More(next) if followed.insert(next.0.clone()) => cursor = Some(next),
                Next::More(_) => break,
                Next::Done(cursor) => {
                    pages.cursor = Some(cursor);
                    self.read_series(room, state, window, &mut pages).await?;
                    return Ok(pages);
                }
            }
        }
        Err(ProviderError::Bug {
            context: "a round of changes that does not end".to_owned(),
            source: None,
        })
    }

    /// Reads the series that a complete round names, each once: what is read later is only newer. What it says is removed
    /// but was a series may have been touched outside the window alone, so it is asked whether it still meets within.
    async fn read_series(
        &self,
        room: &Room,
        state: &mut RoomSync,
        window: TimeRange,
        pages: &mut Pages,
    ) -> Result<(), ProviderError> {
        let (mailbox, provider) = self.way_to(room)?;
        if !pages.removed.is_empty() {
            let removed = pages.removed.iter().cloned().collect();
            let known = self.store.series_among(room.id, removed).await;
            pages.series.extend(known.map_err(|_| ProviderError::Retry {
                after: None,
                context: "the store did not say which events are series".to_owned(),
            })?);
        }
        let ids: Vec<String> = pages.series.iter().cloned().collect();
        for some in ids.chunks(SERIES_TOGETHER) {
            self.keep_lease(state).await?;
            let read = provider.series(mailbox, window, some).await?;
            pages.changes.extend(read.changes);
            pages.unclear = pages.unclear.take().or(read.unclear.into_iter().next());
        }
        Ok(())
    }

    /// The room's mailbox and who reaches it.
    fn way_to<'a>(
        &'a self,
        room: &'a Room,
    ) -> Result<(&'a MailboxAddress, &'a dyn CalendarProvider), ProviderError> {
        let way = self.providers.of_room(room);
        let (link, provider) = way.map_err(|_| ProviderError::Unsupported {
            context: "connection",
        })?;
        Ok((&link.mailbox, provider.as_ref()))
    }
}

impl Pages {
    /// Adds a page; how the round goes on. Of an event that is told as a series and as a single one, the later word counts.
    fn add(&mut self, page: ChangePage) -> Next {
        for change in &page.changes {
            let (EventChange::Busy(BusyTime { event_id, .. }, _) | EventChange::Gone { event_id }) =
                change
            else {
                continue;
            };
            if !page.removed.contains(event_id) {
                self.series.remove(event_id);
                self.removed.remove(event_id);
            }
        }
        self.changes.extend(page.changes);
        self.series.extend(page.series);
        self.removed.extend(page.removed);
        self.changed_at.extend(page.changed_at);
        self.unclear = self.unclear.take().or(page.unclear.into_iter().next());
        page.next
    }

    fn of(self, window: TimeRange, is_full: bool) -> Round {
        Round {
            changes: self.changes,
            changed_at: self.changed_at,
            cursor: self.cursor,
            window,
            is_full,
            unclear: self.unclear,
            reading: Reading::Events,
        }
    }
}

/// What is kept of a change. What the room declined does not take it.
pub(super) fn kept(change: EventChange) -> BusyChange {
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
