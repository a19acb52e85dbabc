//! What a series still lacks, written date by date.

use std::collections::HashMap;

use booking::event::EventRef;
use booking::provider::{EventEdit, OwnDate, OwnEvent, ProviderError};
use booking::reservation::Reservation;
use booking::series::Way;
use booking::time::Instant;

use super::kept::WriteSeries;
use super::{Wanted, Writing, is_left_out};
use crate::Error;

/// Dates that one run writes at most, so that it is done well within its lease.
const DATES_PER_RUN: usize = 8;
/// How often a date is read again that somebody else changed in between.
const ATTEMPTS_MAX: u32 = 6;

const DELETING: &str = "taking a date out of a series";
const MOVING: &str = "moving a date of a series";
const INVITING: &str = "inviting rooms to a series";

/// What came of writing dates.
#[derive(Default)]
pub(super) struct Written<'a> {
    /// There was something to be written.
    pub(super) has_any: bool,
    /// Dates that cannot be written, and why.
    pub(super) refused: Vec<(&'a Reservation, Error)>,
}

impl Writing<'_> {
    /// Deletes dates that nobody has, each once. Whether there were any.
    pub(super) async fn delete_left_out(
        &self,
        kept: &mut WriteSeries,
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<bool, Error> {
        let left_out = self.series.dates.iter().filter(|date| is_left_out(date));
        let left_out = left_out.filter_map(|date| {
            let own = there.get(&date.original_start)?;
            (!kept.taken_out.contains(&date.number)).then_some((date.number, own))
        });
        let left_out: Vec<(u32, &OwnDate)> = left_out.take(DATES_PER_RUN).collect();
        for (number, own) in &left_out {
            let deleted = self.provider.delete_event(&self.actor, &own.event).await;
            deleted.map_err(Error::while_doing(DELETING))?;
            kept.taken_out.push(*number);
            if self.is_late() {
                break;
            }
        }
        Ok(!left_out.is_empty())
    }

    /// Puts dates where their reservations are.
    pub(super) async fn move_dates<'a>(
        &self,
        wanted: &[Wanted<'a>],
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<Written<'a>, Error> {
        let mut written = Written::default();
        let dates = wanted.iter().filter_map(|one| {
            let date = there.get(&one.date.original_start)?;
            (date.own.range != Some(one.reservation.range)).then_some((one, date))
        });
        for (one, date) in dates.take(DATES_PER_RUN) {
            let to = |_: &OwnEvent| EventEdit {
                times: Some((one.reservation.range, self.series.zone.clone())),
                ..EventEdit::default()
            };
            let moved = self.edit(&date.event, date.own.clone(), to).await;
            written.note(one, moved.map_err(Error::while_doing(MOVING)))?;
            if self.is_late() {
                break;
            }
        }
        Ok(written)
    }

    /// Invites rooms where they are not.
    pub(super) async fn invite<'a>(
        &self,
        wanted: &[Wanted<'a>],
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<Written<'a>, Error> {
        let mut written = Written::default();
        let lacking: Vec<(&Wanted<'a>, &OwnDate)> = wanted
            .iter()
            .filter_map(|one| Some((one, there.get(&one.date.original_start)?)))
            .filter(|(one, date)| !date.own.invites(&one.link.mailbox))
            .collect();
        let Some((first, _)) = lacking.first() else {
            return Ok(written);
        };
        if self.series.way == Way::Plain && self.invite_to_all(first).await? {
            written.has_any = true;
            return Ok(written);
        }
        for (one, date) in lacking.into_iter().take(DATES_PER_RUN) {
            let invited = self.edit(&date.event, date.own.clone(), |own| with_room(own, one));
            let invited = invited.await.map_err(Error::while_doing(INVITING));
            written.note(one, invited)?;
            if self.is_late() {
                break;
            }
        }
        Ok(written)
    }

    /// Whether the next run is to go on.
    fn is_late(&self) -> bool {
        self.clock.now() >= self.until
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
                Err(ProviderError::Conflict { .. })
                    if attempt < ATTEMPTS_MAX && !self.is_late() => {}
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

impl<'a> Written<'a> {
    /// One date was attempted. What stands in the way of this one alone does not keep the others waiting.
    fn note(&mut self, one: &Wanted<'a>, outcome: Result<(), Error>) -> Result<(), Error> {
        self.has_any = true;
        match outcome {
            Err(error) if is_about_one(&error) => self.refused.push((one.reservation, error)),
            other => other?,
        }
        Ok(())
    }
}

/// Whether an error says nothing of other dates: what is in this one, or what was asked of it, makes no sense there.
const fn is_about_one(error: &Error) -> bool {
    matches!(
        error,
        Error::Provider {
            source: ProviderError::Bug { .. } | ProviderError::Unsupported { .. },
            ..
        }
    )
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
