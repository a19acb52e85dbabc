//! Answers to invitations, from people and from rooms, to an event or to one occurrence of it.

use jiff::Timestamp;

use super::World;
use super::copies::Part;
use super::directory::Room;
use super::item::{Item, Response};
use super::mailbox::Mailbox;
use super::meetings::MeetingError;
use crate::stepping::Step;

/// Whether the organizer hears of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    Organizer,
    Nobody,
}

impl World {
    /// Answers an invitation. What is declined leaves the calendar, as it does in Exchange; what was cancelled can only be
    /// deleted.
    pub(crate) fn respond(
        &mut self,
        part: &Part,
        response: Response,
        tell: Tell,
    ) -> Result<(), MeetingError> {
        let item = self.shown(part).ok_or(MeetingError::ItemNotFound)?;
        if item.is_organizer() {
            return Err(MeetingError::OrganizerCannotRespond);
        }
        if item.is_cancelled {
            return Err(MeetingError::Cancelled(response));
        }
        if response == Response::Declined {
            self.take_out(part);
        } else {
            let now = self.clock.now();
            self.edit(part, |item| {
                item.response = response;
                item.answered = Some(now);
                item.show_as = if response == Response::Accepted {
                    item.content.show_as
                } else {
                    "tentative"
                };
            })?;
            // What a delegate accepts for a room ends up looking like what the room accepts itself.
            let is_rooms = self.mailbox(&part.at.mailbox).and_then(Mailbox::room);
            if response == Response::Accepted && is_rooms.is_some_and(Room::answers_itself) {
                self.steps.push(Step::Rewrite(part.clone()));
            }
        }
        if tell == Tell::Organizer {
            self.note_answer(&item, &part.at.mailbox, response);
        }
        Ok(())
    }

    /// Writes an answer to `copy` into the organizer's own; nothing happens when that is gone.
    pub(crate) fn note_answer(&mut self, copy: &Item, attendee: &str, response: Response) {
        let Some(part) = self.part_at(&copy.organizer.address, copy) else {
            return;
        };
        let is_invited = self
            .shown(&part)
            .is_some_and(|item| item.content.attendee(attendee).is_some());
        if !is_invited {
            return;
        }
        let now = self.clock.now();
        // Shown a line above, so it is there.
        let _ = self.edit(&part, |item| item.note_answer(attendee, response, now));
    }
}

impl Item {
    /// Writes down an answer. Exceptions of a series follow it where they had the same answer as the series.
    fn note_answer(&mut self, attendee: &str, response: Response, now: Timestamp) {
        let answer = |item: &Self| {
            let attendee = item.content.attendee(attendee)?;
            Some((attendee.response, attendee.answered))
        };
        let write = |item: &mut Self| {
            // Somebody may be invited twice, as an attendee and as a resource.
            let invited = item.content.attendees.iter_mut();
            for found in
                invited.filter(|known| known.contact.address.eq_ignore_ascii_case(attendee))
            {
                found.response = response;
                found.answered = Some(now);
            }
        };
        let before = answer(self);
        let following: Vec<_> = self
            .overrides
            .keys()
            .filter_map(|date| Some((*date, self.at(*date)?)))
            .filter(|(_, exception)| answer(exception) == before)
            .collect();
        write(self);
        for (date, mut exception) in following {
            write(&mut exception);
            self.put(date, &exception);
        }
    }
}
