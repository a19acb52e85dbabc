//! What becomes of an event that its organizer changes.

use super::FakeEvent;
use super::series::series_of;
use super::world::{World, number_of};
use crate::event::EventRef;
use crate::ids::MailboxAddress;
use crate::provider::{
    EventChange, EventEdit, EventVersion, Invited, LocationLine, OwnEvent, ProviderError,
    RoomResponse,
};
use crate::time::TimeRange;

impl FakeEvent {
    /// Whether it stands and this room is invited.
    pub(super) fn invites(&self, room: &MailboxAddress) -> bool {
        !self.gone && !self.released && self.room == *room
    }

    pub(super) fn as_own(&self) -> OwnEvent {
        let room = Invited::room(&self.room, &self.location);
        OwnEvent {
            version: EventVersion(self.changed.to_string()),
            range: Some(self.range),
            is_series: false,
            location: self.location.clone(),
            invited: Some(room).filter(|_| !self.released).into_iter().collect(),
        }
    }
}

impl World {
    pub(super) fn edit(
        &mut self,
        event: &EventRef,
        version: &EventVersion,
        edit: &EventEdit,
    ) -> Result<(), ProviderError> {
        if let Some(series) = series_of(event) {
            return self.edit_series(series, version, edit);
        }
        let number = number_of(event).unwrap_or_default();
        let known = self.events.get(&number).filter(|known| !known.gone);
        let known = known.cloned().ok_or_else(|| ProviderError::NotFound {
            context: "event".to_owned(),
        })?;
        if known.changed.to_string() != version.0 {
            return Err(ProviderError::Conflict {
                context: "event".to_owned(),
            });
        }
        if let Some((range, _)) = &edit.times {
            self.reschedule(number, *range);
        }
        if let Some(invited) = &edit.invited {
            self.invite(number, invited);
        }
        if let Some(line) = &edit.location {
            self.touch(number, |event| {
                event.location = match line {
                    LocationLine::Empty => String::new(),
                    LocationLine::Words(words) => words.clone(),
                    LocationLine::Room { name, .. } => name.clone(),
                };
            });
        }
        Ok(())
    }

    pub(super) fn decline_for(
        &mut self,
        room: &MailboxAddress,
        event: &EventRef,
    ) -> Result<(), ProviderError> {
        let number = number_of(event).unwrap_or_default();
        let known = self.events.get(&number);
        if !known.is_some_and(|known| known.invites(room)) {
            return Err(ProviderError::NotFound {
                context: "the room's copy".to_owned(),
            });
        }
        self.touch(number, |event| event.response = RoomResponse::Declined);
        Ok(())
    }

    pub(super) fn reschedule(&mut self, number: u64, range: TimeRange) {
        self.touch(number, |event| {
            event.range = range;
            event.response = RoomResponse::None;
        });
    }

    pub(super) fn invite(&mut self, number: u64, invited: &[Invited]) {
        let room = invited
            .first()
            .and_then(|room| MailboxAddress::parse(&room.address).ok());
        let left = self.events.get(&number).map(|event| event.room.clone());
        self.touch(number, |event| match room.clone() {
            None => event.released = true,
            Some(room) if room != event.room || event.released => {
                event.room = room;
                event.released = false;
                event.is_asked_whole = false;
                event.response = RoomResponse::None;
            }
            Some(_) => {}
        });
        if let Some(left) = left.filter(|left| room.is_some_and(|room| room != *left)) {
            self.left.push((left, number, self.change));
        }
    }

    pub(super) fn touch(&mut self, number: u64, change: impl FnOnce(&mut FakeEvent)) {
        self.change += 1;
        if let Some(event) = self.events.get_mut(&number) {
            change(event);
            event.changed = self.change;
        }
    }

    /// What a room that is invited no longer is told.
    pub(super) fn left(&self, room: &MailboxAddress, seen: Option<u64>) -> Vec<EventChange> {
        let left = self.left.iter().filter(|(from, number, change)| {
            from == room
                && seen.is_some_and(|seen| *change > seen)
                && self.events.get(number).is_none_or(|one| one.room != *room)
        });
        left.map(|(_, number, _)| EventChange::Gone {
            event_id: format!("room-{number}"),
        })
        .collect()
    }
}
