//! What the other mailboxes get when an organizer invites, changes or cancels.
//!
//! Delivery between mailboxes is immediate, between tenants too; only the answer of a room takes its time (see
//! `stepping`). Recipients outside the simulator get nothing: no mail leaves it.

use super::World;
use super::copies::{ItemRef, Part};
use super::item::{Attendee, Content, Item, Response};
use super::mailbox::{ItemChange, Mailbox};
use super::occurrence::Override;
use crate::room_attendant;
use crate::scenario::{AutomateProcessing, RoomInvitations};
use crate::stepping::Step;

impl World {
    /// Tells those invited what changed between two forms of the same event or occurrence: a request to whom it asks
    /// for an answer, a cancellation to whom it leaves out, an update to the others if it concerns them. A change of the
    /// attendees alone concerns nobody but the ones added and removed.
    pub(super) fn send_changes(&mut self, old: &Item, changed: &Item, is_rescheduled: bool) {
        for attendee in &old.content.attendees {
            let address = &attendee.contact.address;
            if changed.content.attendee(address).is_none() {
                self.cancel_copy(address, old);
            }
        }
        let is_news = old.content.message() != changed.content.message();
        for attendee in &changed.content.attendees {
            let address = &attendee.contact.address;
            if old.content.attendee(address).is_none() || is_rescheduled {
                self.deliver(changed, attendee);
            } else if is_news {
                self.refresh_copy(address, changed);
            }
        }
    }

    /// Sends a meeting request: a new, undecided copy in the attendee's mailbox, in place of an older one.
    pub(super) fn deliver(&mut self, sent: &Item, attendee: &Attendee) {
        let Some((address, is_room)) = self.recipient(sent, &attendee.contact.address) else {
            return;
        };
        let mut request = sent.request_to(&address);
        let part = match self.part_at(&address, sent) {
            Some(Part {
                at,
                date: Some(date),
            }) => {
                let Some(mut series) = self.item(&at).cloned() else {
                    return;
                };
                series.put(date, &request);
                self.record(&address, series, ItemChange::Updated);
                Part {
                    at,
                    date: Some(date),
                }
            }
            whole => {
                self.erase_single_occurrences(&address, &sent.ical_uid);
                let existing = whole.and_then(|part| self.item(&part.at));
                let existing = existing.map(|existing| (existing.id.clone(), existing.created));
                let kind = match existing {
                    Some(_) => ItemChange::Updated,
                    None => ItemChange::Created,
                };
                (request.id, request.created) =
                    existing.unwrap_or_else(|| (self.random.item_id(), self.clock.now()));
                let id = request.id.clone();
                self.record(&address, request, kind);
                Part::whole(ItemRef {
                    mailbox: address,
                    id,
                })
            }
        };
        if is_room {
            self.steps.push(Step::Decide(part));
        }
    }

    /// Whoever gets a whole series needs no longer what single occurrences of it they had.
    fn erase_single_occurrences(&mut self, address: &str, series: &str) {
        let Some(mailbox) = self.mailbox(address) else {
            return;
        };
        let singles: Vec<ItemRef> = mailbox
            .items
            .values()
            .filter(|item| {
                let of = item.occurrence_of.as_ref();
                of.is_some_and(|(known, _)| known == series)
            })
            .map(|item| ItemRef {
                mailbox: address.to_owned(),
                id: item.id.clone(),
            })
            .collect();
        for single in singles {
            self.erase(&single);
        }
    }

    /// Brings a copy up to date after a change that is no reason to answer again.
    fn refresh_copy(&mut self, address: &str, sent: &Item) {
        let Some(part) = self.part_at(address, sent) else {
            return;
        };
        let room = self.mailbox(address).and_then(Mailbox::room);
        let processing = room.map(|room| room.processing.clone());
        // Nothing to bring up to date where the recipient has put the occurrence away.
        let _ = self.edit(&part, |copy| {
            // The times are the same; how long the series lasts may be the room's own limit.
            let recurrence = copy.content.recurrence.take();
            copy.content = sent.content.for_recipient(address);
            copy.content.recurrence = recurrence;
            if copy.response == Response::Accepted
                && let Some(processing) = &processing
            {
                room_attendant::rewrite_alone(copy, processing);
            }
        });
    }

    /// Tells a recipient that an event or occurrence is off (for them). It stays in the calendar, marked so, except in
    /// rooms that remove it.
    pub(super) fn cancel_copy(&mut self, address: &str, cancelled: &Item) {
        let Some(part) = self.part_at(address, cancelled) else {
            return;
        };
        let Some(mut copy) = self.shown(&part).filter(|copy| !copy.is_cancelled) else {
            return;
        };
        let room = self.mailbox(address).and_then(Mailbox::room);
        if room.is_some_and(|room| room.processing.remove_canceled_meetings) {
            self.take_out(&part);
            return;
        }
        let exceptions: Vec<_> = copy
            .overrides
            .keys()
            .filter_map(|date| Some((*date, copy.at(*date)?)))
            .collect();
        copy.mark_cancelled();
        for (date, mut exception) in exceptions {
            exception.mark_cancelled();
            copy.put(date, &exception);
        }
        let _ = self.write(&part, copy);
    }

    /// The mailbox a request goes to and whether a room answers for it; `None` when nothing is delivered.
    fn recipient(&self, sent: &Item, address: &str) -> Option<(String, bool)> {
        let organizer = self.mailbox(&sent.organizer.address)?;
        if organizer.room().is_some() && self.readings.room_invitations == RoomInvitations::Kept {
            return None;
        }
        let mailbox = self.mailbox(address).filter(|mailbox| mailbox.exists())?;
        if mailbox.id == organizer.id {
            return None;
        }
        match mailbox
            .room()
            .map(|room| room.processing.automate_processing)
        {
            Some(AutomateProcessing::None) => None,
            answers => Some((
                address.to_lowercase(),
                answers == Some(AutomateProcessing::AutoAccept),
            )),
        }
    }
}

impl Item {
    /// What a recipient gets of the organizer's item: undecided, and without the occurrences they are not invited to.
    fn request_to(&self, address: &str) -> Self {
        let mut request = self.clone();
        request.overrides.clear();
        request.become_request(address);
        for (date, kept) in &self.overrides {
            let exception = match kept {
                Override::Removed => None,
                Override::Changed(_) => self
                    .at(*date)
                    .filter(|one| one.content.attendee(address).is_some()),
            };
            match exception {
                None => request.take_out(*date),
                Some(mut exception) => {
                    exception.become_request(address);
                    request.put(*date, &exception);
                }
            }
        }
        request
    }

    /// Turns a clone of the organizer's item into the undecided request a recipient gets.
    fn become_request(&mut self, address: &str) {
        self.response = Response::NotResponded;
        self.answered = None;
        self.show_as = "tentative";
        self.is_cancelled = false;
        self.transaction_id = None;
        self.categories.clear();
        self.extended.clear();
        self.content = self.content.for_recipient(address);
    }

    fn mark_cancelled(&mut self) {
        if !self.is_cancelled {
            self.is_cancelled = true;
            self.show_as = "free";
            self.content.subject = format!("Canceled: {}", self.content.subject);
        }
    }
}

impl Content {
    /// What a recipient gets: the answers of others are the organizer's to see, and with hidden attendees so is who they
    /// are.
    fn for_recipient(&self, address: &str) -> Self {
        let mut content = self.clone();
        if self.hide_attendees {
            content
                .attendees
                .retain(|attendee| attendee.contact.address.eq_ignore_ascii_case(address));
        }
        for attendee in &mut content.attendees {
            attendee.response = Response::None;
            attendee.answered = None;
        }
        content
    }

    /// Everything recipients are told of a change, which is not who else is invited.
    fn message(&self) -> Self {
        let mut content = self.clone();
        content.attendees.clear();
        content
    }
}
