//! Tells the calendar system what was promised: writes and cancels events in the person's name.

use std::sync::Arc;

use booking::event::EventRef;
use booking::provider::{Actor, EventDraft, ProviderError};
use booking::reservation::{Reservation, ReservationState, StateNote};
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::outbox::{Job, JobKind, Lease};

use crate::{Engine, Error};

/// Jobs done at the same time.
const AT_ONCE: usize = 8;
/// Jobs leased in one go.
const BATCH: u32 = 64;
/// How long a lease lasts; a process that died loses its jobs after that.
const LEASE_MS: i64 = 60_000;
/// Longest pause between two attempts.
const PAUSE_MS_MAX: i64 = 300_000;
/// Attempts before an event counts as refused by the calendar system.
const ATTEMPTS_MAX: u32 = 40;

/// Does every job that is due.
///
/// # Errors
/// When the store fails; what Exchange says is dealt with job by job.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    loop {
        let jobs = engine
            .store
            .lease_jobs(&Lease {
                now: engine.clock.now(),
                lease_ms: LEASE_MS,
                limit: BATCH,
                owner: "outbox",
            })
            .await?;
        if jobs.is_empty() {
            return Ok(());
        }
        let done: Vec<Result<(), Error>> = stream::iter(jobs)
            .map(|job| engine.do_job(job))
            .buffer_unordered(AT_ONCE)
            .collect()
            .await;
        done.into_iter().collect::<Result<(), Error>>()?;
    }
}

/// What a [`JobKind::CreateEvent`] needs beyond its reservation. Kept only until the event stands:
/// subjects are not ours to keep.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct CreateEvent {
    /// The event's subject; empty for a plain one.
    #[serde(default)]
    pub(crate) subject: String,
}

impl CreateEvent {
    pub(crate) fn payload(&self) -> serde_json::Value {
        serde_json::json!({ "subject": self.subject })
    }

    fn of(job: &Job) -> Self {
        serde_json::from_value(job.payload.clone()).unwrap_or_default()
    }
}

impl Engine {
    async fn do_job(&self, job: Job) -> Result<(), Error> {
        let Some(reservation) = self.store.reservation(job.reservation).await? else {
            self.store.finish_job(job.id).await?;
            return Ok(());
        };
        let done = match job.kind {
            JobKind::CreateEvent => {
                self.create(&reservation, &CreateEvent::of(&job).subject)
                    .await
            }
            JobKind::CancelEvent => self.cancel(&reservation).await,
        };
        match done {
            Ok(()) => {
                self.store.finish_job(job.id).await?;
                Ok(())
            }
            Err(Error::Provider { doing, source }) => {
                self.settle_failure(&job, &reservation, doing, source).await
            }
            Err(other) => Err(other),
        }
    }

    async fn create(&self, reservation: &Reservation, subject: &str) -> Result<(), Error> {
        if reservation.state != ReservationState::Held {
            // Told already, or taken back before it was.
            return Ok(());
        }
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let draft = EventDraft {
            reservation: reservation.id,
            subject: if subject.is_empty() {
                format!("Reserved: {}", room.name)
            } else {
                subject.to_owned()
            },
            range: reservation.range,
            zone: room.zone.clone(),
            room: link.mailbox.clone(),
            room_name: room.name.clone(),
            attendees: Vec::new(),
        };
        let actor = Actor::Person(reservation.person.id);
        let event = provider
            .create_event(&actor, &draft)
            .await
            .map_err(Error::while_doing("writing the event"))?;
        self.submitted(reservation, event).await
    }

    /// Notes that the event stands; takes it back if the reservation was cancelled meanwhile.
    async fn submitted(&self, reservation: &Reservation, event: EventRef) -> Result<(), Error> {
        let change = self
            .to(ReservationState::Submitted)
            .with_event(event.clone());
        match self.advance(reservation.id, &change).await {
            Ok(_) => {
                self.nudges.answers.notify_one();
                Ok(())
            }
            Err(Error::Store(StoreError::Transition { from, .. })) if !from.is_open() => {
                let cancelled = Reservation {
                    event: Some(event),
                    ..reservation.clone()
                };
                self.cancel(&cancelled).await
            }
            // The room's answer came first: the state is further on than this.
            Err(Error::Store(StoreError::Transition { .. })) => {
                self.store.attach_event(reservation.id, &event).await?;
                Ok(())
            }
            Err(other) => Err(other),
        }
    }

    async fn cancel(&self, reservation: &Reservation) -> Result<(), Error> {
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = Actor::Person(reservation.person.id);
        let event = match &reservation.event {
            Some(event) => Some(event.clone()),
            None => provider
                .find_event(&actor, &link.mailbox, reservation.range)
                .await
                .map_err(Error::while_doing("looking for the event to cancel"))?
                .map(|(event, _)| event),
        };
        if let Some(event) = event {
            provider
                .cancel_event(&actor, &event, "")
                .await
                .map_err(Error::while_doing("cancelling the event"))?;
        }
        self.store.mark_rooms_dirty(&[reservation.room]).await?;
        self.nudges.events.notify_one();
        Ok(())
    }

    /// Decides whether a job that failed is tried again, and what the person is told.
    async fn settle_failure(
        &self,
        job: &Job,
        reservation: &Reservation,
        doing: &'static str,
        error: ProviderError,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let retry_after = match &error {
            ProviderError::Retry { after, .. } => {
                Some(after.map_or(0, |after| after.as_millis() as i64))
            }
            ProviderError::Conflict { .. } => Some(0),
            _ => None,
        };
        if let Some(asked_ms) = retry_after.filter(|_| job.attempts < ATTEMPTS_MAX) {
            let pause_ms = (500 << job.attempts.min(10))
                .min(PAUSE_MS_MAX)
                .max(asked_ms);
            let due = now.plus_ms(pause_ms);
            self.store.retry_job(job.id, due, doing).await?;
            return Ok(());
        }
        tracing::warn!(
            reservation = %reservation.id,
            doing,
            error = &error as &dyn std::error::Error,
            "the calendar system refused a reservation's event for good"
        );
        self.store.give_up_job(job.id, now, doing).await?;
        let note = match error {
            ProviderError::SignInBroken { .. } => StateNote::SignInAgain,
            other => StateNote::RefusedByCalendar {
                message: other.to_string(),
            },
        };
        if reservation.state == ReservationState::Held {
            let change = self.to(ReservationState::Declined).with_note(note);
            self.step(reservation, &change).await?;
        }
        Ok(())
    }
}
