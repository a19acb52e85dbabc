//! Events that repeat, in the fake: one event a date, and what they have in common.

use super::FakeEvent;
use super::world::{World, event_ref, number_of};
use crate::event::EventRef;
use crate::ids::{MailboxAddress, SeriesId};
use crate::provider::{
    EventEdit, EventVersion, Invited, LocationLine, OwnDate, OwnEvent, ProviderError, RoomResponse,
    SeriesDraft,
};
use crate::time::TimeRange;

/// What the dates of a series have in common.
#[derive(Clone, Debug)]
pub(super) struct FakeSeries {
    organizer: MailboxAddress,
    /// The room that was invited to all of them.
    room: Option<MailboxAddress>,
    location: String,
    /// Number of the change that made it what it is.
    changed: u64,
    gone: bool,
}

/// The series whose event this is. `None`: it is none that repeats.
pub(super) fn series_of(event: &EventRef) -> Option<SeriesId> {
    event.event_id.strip_prefix("series-")?.parse().ok()
}

fn not_found() -> ProviderError {
    ProviderError::NotFound {
        context: "series".to_owned(),
    }
}

impl World {
    pub(super) fn create_series(
        &mut self,
        organizer: MailboxAddress,
        draft: &SeriesDraft,
    ) -> Result<EventRef, ProviderError> {
        if let Some(known) = self.series.get(&draft.series) {
            return if known.gone || self.slow_to_show {
                Err(ProviderError::Conflict {
                    context: "the id was used before".to_owned(),
                })
            } else {
                Ok(series_ref(draft.series, known))
            };
        }
        let room = draft.room.as_ref().map(|(room, _)| room.clone());
        let name = draft.room.as_ref().map(|(_, name)| name.clone());
        let location = name.unwrap_or_default();
        for range in &draft.dates {
            // A date without a room stands in nobody's calendar but its organizer's.
            let at = room.clone().unwrap_or_else(|| organizer.clone());
            let number = self.add(None, organizer.clone(), at, *range, RoomResponse::None);
            if let Some(event) = self.events.get_mut(&number) {
                event.series = Some((draft.series, range.start()));
                event.released = room.is_none();
                event.is_asked_whole = room.is_some();
                event.location.clone_from(&location);
            }
        }
        let series = FakeSeries {
            organizer,
            room,
            location,
            changed: self.change,
            gone: false,
        };
        let event = series_ref(draft.series, &series);
        self.series.insert(draft.series, series);
        Ok(event)
    }

    pub(super) fn find_series(&self, id: SeriesId) -> Option<EventRef> {
        let known = self.series.get(&id).filter(|series| !series.gone);
        let known = known.filter(|_| !self.slow_to_show)?;
        Some(series_ref(id, known))
    }

    pub(super) fn dates_of(&self, event: &EventRef, window: TimeRange) -> Option<Vec<OwnDate>> {
        let id = series_of(event)?;
        let known = self.series.get(&id).filter(|series| !series.gone);
        known.filter(|_| !self.slow_to_show)?;
        let dates = self.events.iter().filter(|(_, event)| {
            event.series.is_some_and(|(series, _)| series == id)
                && !event.gone
                && event.range.overlaps(window)
        });
        let dates = dates.map(|(number, event)| OwnDate {
            event: event_ref(*number, event),
            original_start: event.series.map_or(event.range.start(), |(_, start)| start),
            own: event.as_own(),
            answers: Some((event.room.to_string(), event.response))
                .filter(|_| !event.released)
                .into_iter()
                .collect(),
        });
        Some(dates.collect())
    }

    pub(super) fn own_series(&self, id: SeriesId) -> Option<OwnEvent> {
        let known = self.series.get(&id).filter(|series| !series.gone)?;
        let room = known.room.as_ref();
        Some(OwnEvent {
            version: EventVersion(known.changed.to_string()),
            range: None,
            is_series: true,
            location: known.location.clone(),
            invited: room
                .map(|room| Invited::room(room, ""))
                .into_iter()
                .collect(),
        })
    }

    pub(super) fn edit_series(
        &mut self,
        id: SeriesId,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError> {
        let known = self.series.get(&id).filter(|series| !series.gone);
        let mut series = known.cloned().ok_or_else(not_found)?;
        if series.changed.to_string() != version.0 {
            return Err(ProviderError::Conflict {
                context: "series".to_owned(),
            });
        }
        let invited = edit.invited.as_ref().and_then(|invited| invited.first());
        let room = invited.and_then(|room| MailboxAddress::parse(&room.address).ok());
        let location = edit.location.as_ref().map(|line| match line {
            LocationLine::Empty => String::new(),
            LocationLine::Words(words) => words.clone(),
            LocationLine::Room { name, .. } => name.clone(),
        });
        for number in self.numbers_of(id) {
            self.touch(number, |event| {
                if let Some(room) = &room {
                    event.room = room.clone();
                    event.released = false;
                    event.is_asked_whole = true;
                    event.response = RoomResponse::None;
                }
                if let Some(location) = &location {
                    event.location.clone_from(location);
                }
            });
        }
        series.room = room.or(series.room);
        series.location = location.unwrap_or(series.location);
        self.change += 1;
        series.changed = self.change;
        self.series.insert(id, series);
        Ok(())
    }

    /// Takes away an event, one date, or a series with all of them.
    pub(super) fn remove_event(&mut self, event: &EventRef) {
        if let Some(series) = series_of(event) {
            self.remove_series(series);
        } else if let Some(number) = number_of(event) {
            self.remove(number);
        }
    }

    fn remove_series(&mut self, id: SeriesId) {
        for number in self.numbers_of(id) {
            self.remove(number);
        }
        if let Some(series) = self.series.get_mut(&id) {
            series.gone = true;
        }
    }

    /// All times that a room is asked about together with this one.
    pub(super) fn asked_with(&self, asked: &FakeEvent) -> Vec<TimeRange> {
        let Some((id, _)) = asked.series.filter(|_| asked.is_asked_whole) else {
            return vec![asked.range];
        };
        let whole = self.events.values().filter(|event| {
            event.series.is_some_and(|(series, _)| series == id)
                && event.is_asked_whole
                && !event.gone
        });
        whole.map(|event| event.range).collect()
    }

    fn numbers_of(&self, id: SeriesId) -> Vec<u64> {
        let dates = self.events.iter().filter(|(_, event)| {
            event.series.is_some_and(|(series, _)| series == id) && !event.gone
        });
        dates.map(|(number, _)| *number).collect()
    }
}

fn series_ref(id: SeriesId, series: &FakeSeries) -> EventRef {
    EventRef {
        mailbox: series.organizer.clone(),
        event_id: format!("series-{id}"),
        ical_uid: format!("series-{id}"),
    }
}
