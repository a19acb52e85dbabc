//! What is not there: a series that is taken back, or that somebody took away.
//!
//! What was written a moment ago may only not show yet, so nothing counts as gone before it was looked for in vain for as
//! long as that may take, counted from the first time that it was not found.

use booking::event::EventRef;
use booking::provider::{Actor, CalendarProvider};
use booking::reservation::{ReservationState, StateNote};
use store::outbox::Job;
use store::series::{KeptDate, KeptSeries};

use super::kept::WriteSeries;
use super::{Progress, Writing, window};
use crate::sync::answers_task::APPEARS_WITHIN_MS;
use crate::{Engine, Error};

const TAKING_BACK: &str = "taking back a series";

impl Engine {
    /// Nothing of it is wanted any more: the event goes, if there is one.
    pub(super) async fn take_back_series(
        &self,
        job: &Job,
        kept: &mut WriteSeries,
        series: &KeptSeries,
    ) -> Result<Progress, Error> {
        // Only a job that ran before can have written it.
        if series.event.is_none() && job.attempts <= 1 {
            return Ok(Progress::Done);
        }
        let provider = self.provider_of_series(series)?;
        let provider = provider.as_ref();
        let actor = Actor::Person(series.person.id);
        let event = match &series.event {
            Some(event) => Some(event.clone()),
            // An earlier attempt may have written it without our hearing of it.
            None => provider
                .find_series(&actor, series.id, window(series))
                .await
                .map_err(Error::while_doing("looking for a series to take back"))?,
        };
        match event {
            Some(event) => {
                cancel(provider, &actor, &event).await?;
                Ok(Progress::Done)
            }
            None if self.is_missing_long(kept) => Ok(Progress::Done),
            None => Ok(Progress::Waits),
        }
    }

    /// What it means that the event, which was written, is not there. One that no date was ever seen of goes once more: it
    /// must not come to light with its room when nobody has it any more.
    pub(super) async fn missing_event(
        &self,
        kept: &mut WriteSeries,
        writing: &Writing<'_>,
    ) -> Result<Progress, Error> {
        if !self.is_missing_long(kept) {
            return Ok(Progress::Waits);
        }
        if !writing.series.dates.iter().any(was_seen) {
            cancel(writing.provider, &writing.actor, &writing.event).await?;
        }
        Ok(Progress::Gone)
    }

    /// Whether what is not found now was not found for so long that it is not there.
    pub(super) fn is_missing_long(&self, kept: &mut WriteSeries) -> bool {
        let now = self.clock.now();
        let since = *kept.missing_since.get_or_insert(now);
        now.since_ms(since) >= APPEARS_WITHIN_MS
    }
}

async fn cancel(
    provider: &dyn CalendarProvider,
    actor: &Actor,
    event: &EventRef,
) -> Result<(), Error> {
    let cancelled = provider.cancel_event(actor, event, "").await;
    cancelled.map_err(Error::while_doing(TAKING_BACK))
}

/// Whether the date was ever read in the calendar.
fn was_seen(date: &KeptDate) -> bool {
    let reservation = date.reservation.as_ref().filter(|_| !date.is_apart);
    reservation.is_some_and(|one| one.event.is_some())
}

/// Whether nothing of the meeting is to stay on this date. A room may be given back, or be made to decline, and the
/// meeting stays; what was written and then cancelled has a job of its own that knows which it was.
pub(super) fn is_over(date: &KeptDate) -> bool {
    use ReservationState::{Cancelled, Declined, Expired};
    let Some(one) = date.reservation.as_ref().filter(|_| !date.is_apart) else {
        return true;
    };
    let is_unwritten = one.event.is_none();
    match one.state {
        Cancelled | Expired => is_unwritten,
        Declined => {
            let by_room = StateNote::DeclinedByRoom;
            let none_instead = matches!(one.note, Some(StateNote::NoneInstead { .. }));
            is_unwritten || none_instead || one.note == Some(by_room)
        }
        _ => false,
    }
}
