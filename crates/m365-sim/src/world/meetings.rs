//! Creating, changing and removing events, and sending those changes to the other copies.
//!
//! Delivery between mailboxes is immediate; only the answer of a room takes its time (see `stepping`). Recipients
//! outside the tenant get nothing: no mail leaves the simulator.

use jiff::civil::Date;

use super::World;
use super::item::{Attendee, Content, Item, Response};
use super::mailbox::{ItemChange, Mailbox};
use crate::room_attendant;
use crate::scenario::AutomateProcessing;
use crate::stepping::Step;

/// A copy of an event: which mailbox, which id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ItemRef {
    pub(crate) mailbox: String,
    pub(crate) id: String,
}

/// Why a meeting could not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MeetingError {
    #[error("the mailbox has no such item")]
    ItemNotFound,
    #[error("only the organizer can do this")]
    NotOrganizer,
    #[error("the organizer cannot answer the own invitation")]
    OrganizerCannotRespond,
}

impl World {
    /// Puts a new event into a mailbox as its organizer and invites everybody in it. Ids and times are given here;
    /// those in `item` are ignored.
    pub(crate) fn create_item(
        &mut self,
        mailbox: &str,
        mut item: Item,
    ) -> Result<ItemRef, MeetingError> {
        let organizer = self
            .mailbox(mailbox)
            .map(Mailbox::contact)
            .ok_or(MeetingError::ItemNotFound)?;
        item.id = self.random.item_id();
        item.ical_uid = self.random.ical_uid();
        item.created = self.clock.now();
        item.organizer = organizer;
        item.response = Response::Organizer;
        let created = ItemRef {
            mailbox: mailbox.to_lowercase(),
            id: item.id.clone(),
        };
        self.record(mailbox, item.clone(), ItemChange::Created);
        for attendee in item.content.attendees.clone() {
            self.deliver(&item, &attendee);
        }
        Ok(created)
    }

    /// Replaces an event by a changed form of itself. When its mailbox is the organizer, the others hear of it.
    pub(crate) fn update_item(
        &mut self,
        at: &ItemRef,
        mut changed: Item,
    ) -> Result<(), MeetingError> {
        let old = self.item(at).cloned().ok_or(MeetingError::ItemNotFound)?;
        if !old.is_organizer() {
            self.record(&at.mailbox, changed, ItemChange::Updated);
            return Ok(());
        }
        let is_rescheduled = old.content.timing() != changed.content.timing();
        for attendee in &mut changed.content.attendees {
            let known = old
                .content
                .attendee(&attendee.contact.address)
                .filter(|_| !is_rescheduled);
            attendee.response = known.map_or(Response::None, |known| known.response);
            attendee.answered = known.and_then(|known| known.answered);
        }
        self.record(&at.mailbox, changed.clone(), ItemChange::Updated);
        for attendee in &old.content.attendees {
            if changed
                .content
                .attendee(&attendee.contact.address)
                .is_none()
            {
                self.cancel_copy(&attendee.contact.address, &old.ical_uid);
            }
        }
        for attendee in changed.content.attendees.clone() {
            if old.content.attendee(&attendee.contact.address).is_none() || is_rescheduled {
                self.deliver(&changed, &attendee);
            } else if old.content.message() != changed.content.message() {
                self.refresh_copy(&attendee.contact.address, &changed);
            }
        }
        Ok(())
    }

    /// Deletes an event. An organizer's deletion cancels the meeting for everybody; an attendee's is silent.
    pub(crate) fn delete_item(&mut self, at: &ItemRef) -> Result<(), MeetingError> {
        let item = self.item(at).cloned().ok_or(MeetingError::ItemNotFound)?;
        self.erase(at);
        if item.is_organizer() {
            for attendee in &item.content.attendees {
                self.cancel_copy(&attendee.contact.address, &item.ical_uid);
            }
        }
        Ok(())
    }

    /// Cancels a meeting: the same as deleting it, for organizers only.
    pub(crate) fn cancel_item(&mut self, at: &ItemRef) -> Result<(), MeetingError> {
        let item = self.item(at).ok_or(MeetingError::ItemNotFound)?;
        if !item.is_organizer() {
            return Err(MeetingError::NotOrganizer);
        }
        self.delete_item(at)
    }

    /// Takes one occurrence out of a series, in every copy when done by the organizer.
    pub(crate) fn delete_occurrence(
        &mut self,
        at: &ItemRef,
        date: Date,
    ) -> Result<(), MeetingError> {
        let item = self.item(at).cloned().ok_or(MeetingError::ItemNotFound)?;
        let mut copies = vec![at.clone()];
        if item.is_organizer() {
            let others = item
                .content
                .attendees
                .iter()
                .map(|attendee| attendee.contact.address.as_str());
            copies.extend(others.filter_map(|address| self.copy_at(address, &item.ical_uid)));
        }
        for copy in copies {
            if let Some(mut item) = self.item(&copy).cloned() {
                item.content.cancelled_dates.insert(date);
                item.content.moved.remove(&date);
                self.record(&copy.mailbox, item, ItemChange::Updated);
            }
        }
        Ok(())
    }

    pub(crate) fn item(&self, at: &ItemRef) -> Option<&Item> {
        self.mailbox(&at.mailbox)?.items.get(&at.id)
    }

    /// Where a mailbox keeps its copy of a meeting.
    pub(crate) fn copy_at(&self, mailbox: &str, ical_uid: &str) -> Option<ItemRef> {
        let copy = self.mailbox(mailbox)?.copy_of(ical_uid)?;
        Some(ItemRef {
            mailbox: mailbox.to_lowercase(),
            id: copy.id.clone(),
        })
    }

    /// Stores an item under a new change number and tells the subscribers.
    pub(crate) fn record(&mut self, mailbox: &str, mut item: Item, kind: ItemChange) {
        item.change = self.next_change();
        item.modified = self.clock.now();
        self.announce(mailbox, &item, kind);
        if let Some(mailbox) = self.mailbox_mut(mailbox) {
            mailbox.items.insert(item.id.clone(), item);
        }
    }

    /// Removes an item, leaves its tombstone and tells the subscribers.
    pub(crate) fn erase(&mut self, at: &ItemRef) {
        let change = self.next_change();
        let removed = self.mailbox_mut(&at.mailbox).and_then(|mailbox| {
            mailbox.removed.push((change, at.id.clone()));
            mailbox.items.remove(&at.id)
        });
        if let Some(item) = removed {
            self.announce(&at.mailbox, &item, ItemChange::Deleted);
        }
    }

    /// Sends a meeting request: a new, undecided copy in the attendee's mailbox, in place of an older one.
    fn deliver(&mut self, sent: &Item, attendee: &Attendee) {
        let Some((address, is_room)) = self.recipient(sent, &attendee.contact.address) else {
            return;
        };
        let mut copy = sent.clone();
        let existing = self
            .copy_at(&address, &sent.ical_uid)
            .and_then(|at| self.item(&at).cloned());
        let kind = if existing.is_some() {
            ItemChange::Updated
        } else {
            ItemChange::Created
        };
        copy.id = existing
            .as_ref()
            .map_or_else(|| self.random.item_id(), |existing| existing.id.clone());
        copy.created = existing.map_or_else(|| self.clock.now(), |existing| existing.created);
        copy.become_request();
        let id = copy.id.clone();
        self.record(&address, copy, kind);
        if is_room {
            self.steps.push(Step::Decide(ItemRef {
                mailbox: address,
                id,
            }));
        }
    }

    /// Brings a copy up to date after a change that is no reason to answer again.
    fn refresh_copy(&mut self, address: &str, sent: &Item) {
        let Some(at) = self.copy_at(address, &sent.ical_uid) else {
            return;
        };
        let Some(mut copy) = self.item(&at).cloned() else {
            return;
        };
        copy.content = sent.content.for_recipient();
        if copy.response == Response::Accepted
            && let Some(room) = self.mailbox(address).and_then(Mailbox::room)
        {
            room_attendant::rewrite(&mut copy, &room.processing);
        }
        self.record(&at.mailbox, copy, ItemChange::Updated);
    }

    /// Tells a recipient that the meeting is off (for them).
    fn cancel_copy(&mut self, address: &str, ical_uid: &str) {
        let Some(at) = self.copy_at(address, ical_uid) else {
            return;
        };
        let room = self.mailbox(address).and_then(Mailbox::room);
        if room.is_some_and(|room| room.processing.remove_canceled_meetings) {
            self.erase(&at);
            return;
        }
        let Some(mut copy) = self.item(&at).cloned() else {
            return;
        };
        if !copy.is_cancelled {
            copy.is_cancelled = true;
            copy.show_as = "free";
            copy.content.subject = format!("Canceled: {}", copy.content.subject);
            self.record(&at.mailbox, copy, ItemChange::Updated);
        }
    }

    /// The mailbox a request goes to and whether a room answers for it; `None` when nothing is delivered.
    fn recipient(&self, sent: &Item, address: &str) -> Option<(String, bool)> {
        let organizer = self.mailbox(&sent.organizer.address)?;
        let mailbox = self.mailbox(address)?;
        if mailbox.tenant != organizer.tenant || mailbox.id == organizer.id {
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
    /// Turns a clone of the organizer's item into the undecided request a recipient gets.
    fn become_request(&mut self) {
        self.response = Response::NotResponded;
        self.answered = None;
        self.show_as = "tentative";
        self.is_cancelled = false;
        self.transaction_id = None;
        self.categories.clear();
        self.extended.clear();
        self.content = self.content.for_recipient();
    }
}

impl Content {
    /// The attendee with this address.
    pub(crate) fn attendee(&self, address: &str) -> Option<&Attendee> {
        self.attendees
            .iter()
            .find(|attendee| attendee.contact.address.eq_ignore_ascii_case(address))
    }

    /// What recipients get: the answers of others are the organizer's to see.
    fn for_recipient(&self) -> Self {
        let mut content = self.clone();
        for attendee in &mut content.attendees {
            attendee.response = Response::None;
            attendee.answered = None;
        }
        content
    }

    /// The parts whose change makes everybody answer anew.
    fn timing(&self) -> impl PartialEq {
        let moved: Vec<_> = self
            .moved
            .iter()
            .map(|(date, (start, end))| (*date, start.at, end.at))
            .collect();
        (
            self.start.at,
            self.end.at,
            self.is_all_day,
            self.recurrence.clone(),
            moved,
        )
    }

    /// Everything recipients would see changed.
    fn message(&self) -> impl PartialEq + use<> {
        self.for_recipient()
    }
}
