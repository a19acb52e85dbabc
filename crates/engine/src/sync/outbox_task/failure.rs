//! What becomes of a promise that the calendar system does not take at once, and what its owner is told.
//!
//! While it may still be taken the job waits, and the reservation with it: one not yet written stays
//! Held, so that its room is nobody else's. Nothing waits for ever. What is given up says so, in
//! words of ours; the calendar system's own are in the log, under an incident number.

use booking::provider::{MailboxFault, MailboxRole, ProviderError};
use booking::reservation::{
    CalendarFault, Moving, MovingStep, NotMoved, Reservation, ReservationState, StateNote,
};
use booking::rules;
use booking::time::{DAY_MS, Instant};
use store::outbox::{Job, JobKind};

use crate::error::incident;
use crate::sync::answers_task::APPEARS_WITHIN_MS;
use crate::{Engine, Error};

/// Longest pause between two attempts.
pub(super) const PAUSE_MS_MAX: i64 = 300_000;
/// How long a promise is tried at most: who places or cancels in the evening signs in again the next
/// morning, and no outage that lasts longer goes unnoticed.
pub(super) const TRIED_MS_MAX: i64 = DAY_MS;

impl Engine {
    /// Decides whether a job that failed is tried again, and what the person is told.
    pub(super) async fn settle_failure(
        &self,
        job: &Job,
        reservation: &Reservation,
        error: Error,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        if was_taken_back(job, &error) && reservation.state == ReservationState::Held {
            let change = self
                .to(ReservationState::Cancelled)
                .with_note(StateNote::GoneFromCalendar)
                .giving_up(job.id, doing(&error));
            return self.step(reservation, &change).await;
        }
        let fault = fault(&error);
        if may_succeed(job.kind, reservation, &error, now) {
            let due = now.plus_ms(pause_ms(job, &error));
            // Before the person is told: signing in then finds a job that waits.
            self.store.retry_job(job, due, doing(&error)).await?;
            let note = match (job.kind, fault) {
                (JobKind::CancelEvent | JobKind::ReleaseRoom, fault) => {
                    Some(StateNote::CancellationWaiting { fault })
                }
                (JobKind::CreateEvent | JobKind::ChangeEvent, CalendarFault::SignInAgain) => {
                    Some(StateNote::SignInAgain)
                }
                (JobKind::CreateEvent | JobKind::WriteLetter, _) => None,
                (JobKind::ChangeEvent | JobKind::WriteSeries, _) => reservation.note.clone(),
            };
            let is_news = self.tell(job.kind, reservation, note).await?;
            if is_news || job.attempts == 1 {
                tracing::warn!(
                    reservation = %reservation.id,
                    incident = incident(),
                    error = &error as &dyn std::error::Error,
                    "the calendar system does not take what was promised; it is tried again"
                );
            }
            return Ok(());
        }
        let incident = incident();
        tracing::warn!(
            reservation = %reservation.id,
            incident,
            error = &error as &dyn std::error::Error,
            "the calendar system did not take what was promised, and is asked no more"
        );
        // Told first: a process that dies in between tries once more, and nothing is left unsaid. A
        // decline gives the job up with it, because the cancellation waits for that.
        match job.kind {
            JobKind::CreateEvent if reservation.state == ReservationState::Held => {
                let incident = Some(incident);
                let note = match fault {
                    CalendarFault::SignInAgain => StateNote::SignInAgain,
                    fault => StateNote::RefusedByCalendar { fault, incident },
                };
                let mut change = self
                    .to(ReservationState::Declined)
                    .with_note(note)
                    .giving_up(job.id, doing(&error));
                if may_stand(job, fault) {
                    let job = self.job(JobKind::CancelEvent, serde_json::Value::Null);
                    change = change.with_job(job);
                }
                self.step(reservation, &change).await?;
                self.nudges.outbox.notify_one();
            }
            JobKind::CancelEvent | JobKind::ReleaseRoom
                if reservation.state == ReservationState::Cancelled =>
            {
                let note = StateNote::CancellationFailed { fault, incident };
                self.store.remark(reservation, Some(&note)).await?;
            }
            JobKind::ChangeEvent => self.give_up_change(job, reservation, fault).await?,
            JobKind::CreateEvent
            | JobKind::CancelEvent
            | JobKind::ReleaseRoom
            | JobKind::WriteSeries
            | JobKind::WriteLetter => {}
        }
        self.store.give_up_job(job.id, now, doing(&error)).await?;
        Ok(())
    }

    /// What was promised is not to be had: the reservation goes back, and where the event may have gone ahead, that too.
    async fn give_up_change(
        &self,
        job: &Job,
        reservation: &Reservation,
        fault: CalendarFault,
    ) -> Result<(), Error> {
        let because = NotMoved::Refused;
        match reservation.moving {
            Some(moving) if moving.step == MovingStep::Promised && may_stand(job, fault) => {
                self.take_back(reservation, moving, because).await
            }
            Some(moving) if moving.step == MovingStep::Promised => {
                let Moving { room, range, .. } = moving;
                self.end_moving(reservation, room, range, because).await
            }
            Some(moving) if moving.step == MovingStep::TakenBack => {
                let Reservation { room, range, .. } = *reservation;
                self.end_moving(reservation, room, range, because).await
            }
            _ => Ok(()),
        }
    }

    /// Notes what a job waits for where its owner sees it. `false`: that is noted already, or nobody
    /// would see it.
    async fn tell(
        &self,
        kind: JobKind,
        reservation: &Reservation,
        note: Option<StateNote>,
    ) -> Result<bool, Error> {
        let told_in = match kind {
            JobKind::CreateEvent | JobKind::WriteSeries => ReservationState::Held,
            JobKind::CancelEvent | JobKind::ReleaseRoom => ReservationState::Cancelled,
            JobKind::ChangeEvent => ReservationState::Submitted,
            JobKind::WriteLetter => ReservationState::Declined,
        };
        if reservation.state != told_in || reservation.note == note {
            return Ok(false);
        }
        Ok(self.store.remark(reservation, note.as_ref()).await?)
    }
}

/// Whether trying again may help, and is not too late.
///
/// An event to be cancelled stands until its time is over. A placement that only lacks permission
/// waits as long as the room could still be asked for anew: later its owner has found another.
pub(super) fn may_succeed(
    kind: JobKind,
    reservation: &Reservation,
    error: &Error,
    now: Instant,
) -> bool {
    let (since, helps) = match (kind, fault(error)) {
        (JobKind::CancelEvent | JobKind::ReleaseRoom | JobKind::WriteLetter, _) => {
            (reservation.changed_at, true)
        }
        // Whatever is not to be had soon leaves the person where they were.
        (JobKind::ChangeEvent, fault) => {
            let helps = matches!(fault, CalendarFault::Silent | CalendarFault::SignInAgain);
            (
                reservation.changed_at,
                helps || matches!(error, Error::Booking(_)),
            )
        }
        (JobKind::CreateEvent, CalendarFault::SignInAgain) => {
            let is_wanted = reservation.state == ReservationState::Held
                && rules::time_refusals(reservation.range, now).is_empty();
            (reservation.created_at, is_wanted)
        }
        (JobKind::CreateEvent | JobKind::WriteSeries, fault) => {
            // Another process may have linked the room a moment ago.
            let helps = fault == CalendarFault::Silent || matches!(error, Error::Booking(_));
            (reservation.created_at, helps)
        }
    };
    helps && now < reservation.range.end() && now.since_ms(since) < TRIED_MS_MAX
}

/// Whether an earlier attempt wrote the event, without our hearing of it, and somebody took it back in Outlook since: the
/// calendar system knows that it was written, and it is nowhere. What was written a moment ago may only not show yet, so
/// the attempt before has to be longer ago than that.
fn was_taken_back(job: &Job, error: &Error) -> bool {
    let is_written = matches!(
        error,
        Error::Provider {
            source: ProviderError::Conflict { .. },
            ..
        }
    );
    let waited_ms = backoff_ms(job.attempts.saturating_sub(1));
    job.kind == JobKind::CreateEvent && is_written && waited_ms >= APPEARS_WITHIN_MS
}

/// Whether an attempt may have written the event without our hearing of it. One that is refused at
/// the first attempt was never written.
pub(super) fn may_stand(job: &Job, fault: CalendarFault) -> bool {
    let is_refusal = !matches!(fault, CalendarFault::Silent | CalendarFault::Unexpected);
    job.attempts > 1 || !is_refusal
}

/// The longer it fails the rarer it is tried; what was refused outright, as rarely as anything.
pub(super) fn pause_ms(job: &Job, error: &Error) -> i64 {
    let asked_ms = match error {
        Error::Provider { source, .. } => match source {
            ProviderError::Retry { after, .. } => after.map_or(0, |after| {
                i64::try_from(after.as_millis()).unwrap_or(DAY_MS)
            }),
            ProviderError::Conflict { .. } => 0,
            _ => PAUSE_MS_MAX,
        },
        _ => 0,
    };
    backoff_ms(job.attempts).max(asked_ms)
}

/// The pause after so many attempts, if nobody asked for a longer one.
fn backoff_ms(attempts: u32) -> i64 {
    (500 << attempts.min(10)).min(PAUSE_MS_MAX)
}

pub(super) fn fault(error: &Error) -> CalendarFault {
    match error {
        Error::Provider { source, .. } => match source {
            ProviderError::Retry { .. } | ProviderError::Conflict { .. } => CalendarFault::Silent,
            ProviderError::SignInBroken { .. } => CalendarFault::SignInAgain,
            ProviderError::Mailbox {
                whose: MailboxRole::Owner,
                fault: MailboxFault::NotGranted,
                ..
            } => CalendarFault::NoRight,
            ProviderError::Mailbox { fault, .. } => match fault {
                MailboxFault::KeptOut => CalendarFault::KeptOut,
                MailboxFault::NotGranted => CalendarFault::Denied,
                MailboxFault::Missing => CalendarFault::NoLicence,
                MailboxFault::Elsewhere => CalendarFault::Elsewhere,
                MailboxFault::Unknown => CalendarFault::UnknownAddress,
            },
            ProviderError::TenantGone { .. } => CalendarFault::TenantGone,
            ProviderError::Denied { .. }
            | ProviderError::ApplicationRefused { .. }
            | ProviderError::ServiceAccountSignedOut { .. } => CalendarFault::Denied,
            ProviderError::NotFound { .. } => CalendarFault::NoMailbox,
            ProviderError::CursorExpired
            | ProviderError::Unsupported { .. }
            | ProviderError::LimitReached { .. }
            | ProviderError::Bug { .. } => CalendarFault::Unexpected,
        },
        Error::Booking(_) => CalendarFault::NoMailbox,
        Error::Store(_) => CalendarFault::Unexpected,
    }
}

/// What was being attempted, for those who look into the table.
pub(super) const fn doing(error: &Error) -> &'static str {
    match error {
        Error::Provider { doing, .. } => doing,
        _ => "looking for the room's mailbox",
    }
}
