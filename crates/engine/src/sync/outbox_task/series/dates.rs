//! What a series still lacks, written date by date.

use std::collections::HashMap;

use booking::event::EventRef;
use booking::provider::{EventEdit, OwnDate, OwnEvent, ProviderError};
use booking::series::Way;
use booking::time::Instant;

use super::{Wanted, Writing, is_left_out};
use crate::Error;

/// Dates that one run writes at most, so that it is done well within its lease.
const DATES_PER_RUN: usize = 8;
/// How often a date is read again that somebody else changed in between.
const ATTEMPTS_MAX: u32 = 6;

const DELETING: &str = "taking a date out of a series";
const MOVING: &str = "moving a date of a series";
const INVITING: &str = "inviting rooms to a series";

impl Writing<'_> {
    /// Deletes dates that nobody has. Whether there were any.
    pub(super) async fn delete_left_out(
        &self,
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<bool, Error> {
        let left_out = self.series.dates.iter().filter(|date| is_left_out(date));
        let mut has_written = false;
        for date in left_out
            .filter_map(|date| there.get(&date.original_start))
            .take(DATES_PER_RUN)
        {
            let deleted = self.provider.delete_event(&self.actor, &date.event).await;
            deleted.map_err(Error::while_doing(DELETING))?;
            has_written = true;
        }
        Ok(has_written)
    }

    /// Puts dates where their reservations are. Whether any was elsewhere.
    pub(super) async fn move_dates(
        &self,
        wanted: &[Wanted<'_>],
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<bool, Error> {
        let mut has_written = false;
        let dates = wanted.iter().filter_map(|one| {
            let date = there.get(&one.date.original_start)?;
            let range = one.reservation.range;
            (date.own.range != Some(range)).then_some((range, date))
        });
        for (range, date) in dates.take(DATES_PER_RUN) {
            let to = |_: &OwnEvent| EventEdit {
                times: Some((range, self.series.zone.clone())),
                ..EventEdit::default()
            };
            self.edit(&date.event, date.own.clone(), to)
                .await
                .map_err(Error::while_doing(MOVING))?;
            has_written = true;
        }
        Ok(has_written)
    }

    /// Invites rooms where they are not. Whether any was not.
    pub(super) async fn invite(
        &self,
        wanted: &[Wanted<'_>],
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<bool, Error> {
        let lacking: Vec<(&Wanted<'_>, &OwnDate)> = wanted
            .iter()
            .filter_map(|one| Some((one, there.get(&one.date.original_start)?)))
            .filter(|(one, date)| !date.own.invites(&one.link.mailbox))
            .collect();
        let Some((first, _)) = lacking.first() else {
            return Ok(false);
        };
        if self.series.way == Way::Plain && self.invite_to_all(first).await? {
            return Ok(true);
        }
        for (one, date) in lacking.into_iter().take(DATES_PER_RUN) {
            self.edit(&date.event, date.own.clone(), |own| with_room(own, one))
                .await
                .map_err(Error::while_doing(INVITING))?;
        }
        Ok(true)
    }

    /// Invites the one room to the event that repeats. `false`: it is invited already.
    async fn invite_to_all(&self, one: &Wanted<'_>) -> Result<bool, Error> {
        let doing = Error::while_doing(INVITING);
        let own = self.provider.own_event(&self.actor, &self.event).await;
        let Some(own) = own.map_err(doing)? else {
            return Ok(false);
        };
        if own.invites(&one.link.mailbox) {
            return Ok(false);
        }
        self.edit(&self.event, own, |own| with_room(own, one))
            .await
            .map_err(Error::while_doing(INVITING))?;
        Ok(true)
    }

    /// Changes an event, read anew as often as somebody else changes it in between. One that is gone is left alone: the
    /// next reading tells.
    pub(super) async fn edit(
        &self,
        event: &EventRef,
        read: OwnEvent,
        to: impl Fn(&OwnEvent) -> EventEdit,
    ) -> Result<(), ProviderError> {
        let mut read = read;
        for attempt in 1.. {
            let edit = to(&read);
            if edit.is_empty() {
                return Ok(());
            }
            let edited = self
                .provider
                .edit_event(&self.actor, event, &read.version, &edit)
                .await;
            match edited {
                Err(ProviderError::Conflict { .. }) if attempt < ATTEMPTS_MAX => {}
                Err(ProviderError::NotFound { .. }) => return Ok(()),
                other => return other,
            }
            match self.provider.own_event(&self.actor, event).await? {
                Some(own) => read = own,
                None => return Ok(()),
            }
        }
        Ok(())
    }
}

/// The room comes, if it is not there, and nobody leaves.
fn with_room(own: &OwnEvent, one: &Wanted<'_>) -> EventEdit {
    let mailbox = &one.link.mailbox;
    let comes = Some((mailbox, one.room.name.as_str()));
    let is_lacking = !own.invites(mailbox);
    EventEdit {
        invited: is_lacking.then(|| own.with_rooms_exchanged(mailbox, comes)),
        ..EventEdit::default()
    }
}
