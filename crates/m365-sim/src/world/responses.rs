//! Answers to invitations, from people and from rooms.

use super::World;
use super::item::Response;
use super::mailbox::ItemChange;
use super::meetings::{ItemRef, MeetingError};

/// Whether the organizer hears of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tell {
    Organizer,
    Nobody,
}

impl World {
    /// Answers an invitation. A declined event leaves the calendar, as it does in Exchange.
    pub(crate) fn respond(
        &mut self,
        at: &ItemRef,
        response: Response,
        tell: Tell,
    ) -> Result<(), MeetingError> {
        let mut item = self.item(at).cloned().ok_or(MeetingError::ItemNotFound)?;
        if item.is_organizer() {
            return Err(MeetingError::OrganizerCannotRespond);
        }
        let (organizer, ical_uid) = (item.organizer.address.clone(), item.ical_uid.clone());
        if response == Response::Declined {
            self.erase(at);
        } else {
            item.response = response;
            item.answered = Some(self.clock.now());
            item.show_as = if response == Response::Accepted {
                item.content.show_as
            } else {
                "tentative"
            };
            self.record(&at.mailbox, item, ItemChange::Updated);
        }
        if tell == Tell::Organizer {
            self.note_answer(&organizer, &ical_uid, &at.mailbox, response);
        }
        Ok(())
    }

    /// Writes an answer into the organizer's copy; nothing happens when that copy is gone.
    pub(crate) fn note_answer(
        &mut self,
        organizer: &str,
        ical_uid: &str,
        attendee: &str,
        response: Response,
    ) {
        let Some(at) = self.copy_at(organizer, ical_uid) else {
            return;
        };
        let Some(mut item) = self.item(&at).cloned() else {
            return;
        };
        let now = self.clock.now();
        let invited = item
            .content
            .attendees
            .iter_mut()
            .find(|known| known.contact.address.eq_ignore_ascii_case(attendee));
        if let Some(invited) = invited {
            invited.response = response;
            invited.answered = Some(now);
            self.record(&at.mailbox, item, ItemChange::Updated);
        }
    }
}
