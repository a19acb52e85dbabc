//! What becomes of a series that the calendar system does not take at once.

use booking::reservation::{CalendarFault, Reservation, ReservationState, StateNote};
use store::outbox::Job;
use store::series::KeptSeries;

use super::held;
use super::kept::WriteSeries;
use crate::error::incident;
use crate::sync::outbox_task::failure::{
    PAUSE_MS_MAX, TRIED_MS_MAX, doing, fault, may_stand, pause_ms,
};
use crate::{Engine, Error};

/// A series goes on again and again, so how often it was leased says little of how often it failed: more than so often counts
/// for no longer pause.
const ATTEMPTS_COUNTED_MAX: u32 = 6;

impl Engine {
    /// Decides whether a series that failed is tried again, and what its person is told. Until then its dates stay Held, so
    /// that their rooms are nobody else's.
    pub(super) async fn settle_series_failure(
        &self,
        job: &Job,
        kept: &WriteSeries,
        series: &KeptSeries,
        error: Error,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let fault = fault(&error);
        let age_ms = now.since_ms(series.created_at);
        let helps = matches!(fault, CalendarFault::Silent | CalendarFault::SignInAgain)
            || matches!(error, Error::Booking(_));
        let is_wanted = held(series).next().is_some();
        if helps && age_ms < TRIED_MS_MAX {
            let counted = Job {
                attempts: job.attempts.min(ATTEMPTS_COUNTED_MAX),
                ..job.clone()
            };
            let due = now.plus_ms(pause_ms(&counted, &error));
            self.store.retry_job(job, due, doing(&error)).await?;
            self.tell_of_waiting(series, fault).await?;
            if job.attempts == 1 {
                tracing::warn!(
                    series = %series.id,
                    incident = incident(),
                    error = &error as &dyn std::error::Error,
                    "the calendar system does not take a series; it is tried again"
                );
            }
            return Ok(());
        }
        let incident = incident();
        tracing::warn!(
            series = %series.id,
            incident,
            error = &error as &dyn std::error::Error,
            "the calendar system did not take what is left of a series"
        );
        let note = match fault {
            CalendarFault::SignInAgain => StateNote::SignInAgain,
            fault => StateNote::RefusedByCalendar {
                fault,
                incident: Some(incident),
            },
        };
        for reservation in held(series) {
            let declined = self.to(ReservationState::Declined).with_note(note.clone());
            self.step(reservation, &declined).await?;
        }
        // What stands of it without a room is taken back, as long as that may help.
        let may_stand = series.event.is_some() || may_stand(job, fault);
        if may_stand && age_ms < 2 * TRIED_MS_MAX {
            if !kept.subject.is_empty() {
                let left = WriteSeries {
                    subject: String::new(),
                    ..kept.clone()
                };
                self.store.note_in_job(job.id, &left.payload()).await?;
            }
            let pause_ms = if is_wanted { 0 } else { PAUSE_MS_MAX };
            let due = now.plus_ms(pause_ms);
            self.store.retry_job(job, due, doing(&error)).await?;
            return Ok(());
        }
        self.store.series_written(series.id, now).await?;
        self.store.give_up_job(job.id, now, doing(&error)).await?;
        Ok(())
    }

    /// One date that cannot be written is declined by itself; the others go on.
    pub(super) async fn decline_date(
        &self,
        reservation: &Reservation,
        error: &Error,
    ) -> Result<(), Error> {
        let incident = incident();
        tracing::warn!(
            reservation = %reservation.id,
            incident,
            error = error as &dyn std::error::Error,
            "a date of a series cannot be written; the others go on"
        );
        let note = StateNote::RefusedByCalendar {
            fault: fault(error),
            incident: Some(incident),
        };
        let declined = self.to(ReservationState::Declined).with_note(note);
        self.step(reservation, &declined).await
    }

    /// Notes with each date what it waits for; its person can only do something about a lost permission.
    async fn tell_of_waiting(
        &self,
        series: &KeptSeries,
        fault: CalendarFault,
    ) -> Result<(), Error> {
        let note = (fault == CalendarFault::SignInAgain).then_some(StateNote::SignInAgain);
        for reservation in held(series).filter(|one| one.note != note) {
            self.store.remark(reservation, note.as_ref()).await?;
        }
        Ok(())
    }
}
