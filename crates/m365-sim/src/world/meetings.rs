//! Creating, changing and removing events as their owner does. What the other mailboxes get is in `delivery`.

use jiff::civil::Date;

use super::World;
use super::copies::{ItemRef, Part};
use super::item::{Attendee, Content, Item, Response};
use super::mailbox::{ItemChange, Mailbox};
use super::occurrence::Override;
use crate::scenario::SeriesEnd;

/// Why a meeting could not be changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum MeetingError {
    #[error("the mailbox has no such item")]
    ItemNotFound,
    #[error("only the organizer can do this")]
    NotOrganizer,
    #[error("the organizer cannot answer the own invitation")]
    OrganizerCannotRespond,
    #[error("a cancelled meeting cannot be answered")]
    Cancelled(Response),
    #[error("an occurrence cannot reach the day of the one before or after it")]
    CrossesNeighbour,
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

    /// Replaces an event by a changed form of itself. When its mailbox is the organizer, the others hear of it. A series
    /// that moves or repeats otherwise loses its exceptions; one that only lasts longer or shorter keeps those it can.
    pub(crate) fn update_item(
        &mut self,
        at: &ItemRef,
        mut changed: Item,
    ) -> Result<(), MeetingError> {
        let old = self.item(at).cloned().ok_or(MeetingError::ItemNotFound)?;
        let is_rescheduled = old.content.timing() != changed.content.timing();
        let keeps_exceptions = self.readings.series_end == SeriesEnd::KeepsExceptions;
        if old.content.pattern() != changed.content.pattern()
            || (is_rescheduled && !keeps_exceptions)
        {
            changed.overrides.clear();
        } else if is_rescheduled {
            changed.drop_stray_overrides();
        }
        if !old.is_organizer() {
            self.record(&at.mailbox, changed, ItemChange::Updated);
            return Ok(());
        }
        changed.content.keep_answers(&old.content, is_rescheduled);
        changed.follow_attendees(&old.content);
        self.record(&at.mailbox, changed.clone(), ItemChange::Updated);
        self.cancel_dropped_exceptions(&old, &changed);
        self.send_changes(&old, &changed, is_rescheduled);
        Ok(())
    }

    /// Makes one occurrence of a series be like `changed`. When the mailbox is the organizer, those invited to this
    /// occurrence hear of it.
    pub(crate) fn update_occurrence(
        &mut self,
        at: &ItemRef,
        date: Date,
        mut changed: Item,
    ) -> Result<(), MeetingError> {
        let series = self.item(at).ok_or(MeetingError::ItemNotFound)?;
        let old = series.at(date).ok_or(MeetingError::ItemNotFound)?;
        let is_rescheduled = old.content.timing() != changed.content.timing();
        if is_rescheduled && !series.has_space_for(date, &changed.content) {
            return Err(MeetingError::CrossesNeighbour);
        }
        let part = Part {
            at: at.clone(),
            date: Some(date),
        };
        if !old.is_organizer() {
            return self.write(&part, changed);
        }
        changed.content.keep_answers(&old.content, is_rescheduled);
        self.write(&part, changed.clone())?;
        self.send_changes(&old, &changed, is_rescheduled);
        Ok(())
    }

    /// Deletes an event or one occurrence. An organizer's deletion cancels it for everybody; an attendee's is silent.
    pub(crate) fn delete(&mut self, part: &Part) -> Result<(), MeetingError> {
        let item = self.shown(part).ok_or(MeetingError::ItemNotFound)?;
        self.take_out(part);
        if item.is_organizer() {
            for attendee in &item.content.attendees {
                self.cancel_copy(&attendee.contact.address, &item);
            }
            self.cancel_dropped_exceptions(&item, &Item::blank(item.content.clone()));
        }
        Ok(())
    }

    /// Cancels an event or one occurrence: the same as deleting it, for organizers only.
    pub(crate) fn cancel(&mut self, part: &Part) -> Result<(), MeetingError> {
        let item = self.item(&part.at).ok_or(MeetingError::ItemNotFound)?;
        if !item.is_organizer() {
            return Err(MeetingError::NotOrganizer);
        }
        self.delete(part)
    }

    /// Cancels exceptions that `changed` has no longer in the mailboxes that were invited to nothing else.
    fn cancel_dropped_exceptions(&mut self, old: &Item, changed: &Item) {
        let dropped: Vec<Item> = old
            .overrides
            .iter()
            .filter(|(date, kept)| {
                matches!(kept, Override::Changed(_)) && !changed.overrides.contains_key(date)
            })
            .filter_map(|(date, _)| old.at(*date))
            .collect();
        for exception in dropped {
            for attendee in &exception.content.attendees {
                let address = &attendee.contact.address;
                if old.content.attendee(address).is_none() {
                    self.cancel_copy(address, &exception);
                }
            }
        }
    }
}

impl Item {
    /// Carries people added to or taken from a series into those of its exceptions that have a list of their own.
    fn follow_attendees(&mut self, old: &Content) {
        let dates: Vec<Date> = self.overrides.keys().copied().collect();
        for date in dates {
            let Some(mut one) = self.at(date) else {
                continue;
            };
            let invited = &self.content;
            let had = |attendee: &Attendee| old.attendee(&attendee.contact.address).is_some();
            one.content.attendees.retain(|attendee| {
                !had(attendee) || invited.attendee(&attendee.contact.address).is_some()
            });
            for added in invited.attendees.iter().filter(|attendee| !had(attendee)) {
                if one.content.attendee(&added.contact.address).is_none() {
                    one.content.attendees.push(added.clone());
                }
            }
            self.put(date, &one);
        }
    }

    /// Whether the occurrence of `date` may be at the times of `wanted`: on a day strictly between those of its
    /// neighbours, and overlapping neither.
    fn has_space_for(&self, date: Date, wanted: &Content) -> bool {
        let Some(recurrence) = &self.content.recurrence else {
            return true;
        };
        let first = self.content.series_date(self.content.start.at);
        let year = jiff::Span::new().years(i64::from(recurrence.interval.min(100)) + 1);
        let around = date.saturating_sub(year)..=date.saturating_add(year);
        let dates = recurrence.dates(first, &around);
        let before = dates.iter().rev().filter(|other| **other < date);
        let after = dates.iter().filter(|other| **other > date);
        let day = |content: &Content| self.content.series_date(content.start.at);
        let last_day = |content: &Content| self.content.last_series_date(content);
        // What goes on into the next day everywhere may do so here.
        let spans = |content: &Content| day(content) < last_day(content);
        let is_spanning = spans(&self.content);
        let reached = |content: &Content| {
            if is_spanning {
                day(content)
            } else {
                last_day(content)
            }
        };
        let before = before.filter_map(|other| self.at(*other)).next();
        let after = after.filter_map(|other| self.at(*other)).next();
        let follows = before.is_none_or(|before| {
            day(wanted) > reached(&before.content) && wanted.start.at >= before.content.end.at
        });
        let precedes = after.is_none_or(|after| {
            reached(wanted) < day(&after.content) && wanted.end.at <= after.content.start.at
        });
        follows && precedes
    }
}

impl Content {
    /// The attendee with this address.
    pub(crate) fn attendee(&self, address: &str) -> Option<&Attendee> {
        self.attendees
            .iter()
            .find(|attendee| attendee.contact.address.eq_ignore_ascii_case(address))
    }

    /// Answers stand as long as the times do.
    fn keep_answers(&mut self, old: &Self, is_rescheduled: bool) {
        for attendee in &mut self.attendees {
            let known = old
                .attendee(&attendee.contact.address)
                .filter(|_| !is_rescheduled);
            attendee.response = known.map_or(Response::None, |known| known.response);
            attendee.answered = known.and_then(|known| known.answered);
        }
    }

    /// The day of this series on which an occurrence of it ends.
    fn last_series_date(&self, one: &Self) -> Date {
        let before_end = one.end.at.checked_sub(jiff::SignedDuration::from_nanos(1));
        self.series_date(before_end.unwrap_or(one.end.at).max(one.start.at))
    }

    /// The parts whose change makes everybody answer anew.
    fn timing(&self) -> impl PartialEq + use<> {
        let range = self.recurrence.as_ref().map(|recurrence| recurrence.range);
        (self.pattern(), range)
    }

    /// The parts whose change makes a series forget its exceptions: all but how long it lasts.
    fn pattern(&self) -> impl PartialEq + use<> {
        let shape = self.recurrence.as_ref().map(|recurrence| {
            (
                recurrence.pattern.clone(),
                recurrence.interval,
                recurrence.start_date,
                self.series_zone(),
            )
        });
        (self.start.at, self.end.at, self.is_all_day, shape)
    }
}
