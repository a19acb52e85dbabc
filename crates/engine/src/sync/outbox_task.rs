//! Tells the calendar system what was promised: writes, changes and cancels events in the person's name. What
//! becomes of a promise that it does not take at once is in [`failure`].

mod change;
mod failure;
mod letter;
mod release;
mod series;

use std::sync::Arc;

use booking::event::EventRef;
use booking::person::PersonId;
use booking::provider::{EventDraft, Which};
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use serde::{Deserialize, Serialize};
use store::StoreError;
use store::outbox::{Job, JobKind};

pub(crate) use self::series::WriteSeries;
use super::at_once::work_off;
use crate::on_behalf::actor_of;
use crate::{Engine, Error};

/// Jobs done at the same time.
const AT_ONCE: usize = 32;
/// How long a lease lasts; a process that died loses its jobs after that.
const LEASE_MS: i64 = 60_000;
/// The pause before a cancellation looks again whether the event it waits for was written.
const BEHIND_CREATE_MS: i64 = 2_000;

/// Does every job that is due.
///
/// # Errors
/// When the store fails; what Exchange says is dealt with job by job.
pub async fn run(engine: &Arc<Engine>) -> Result<(), Error> {
    let lease = |free| engine.lease_jobs(free);
    work_off(AT_ONCE, &engine.nudges.outbox, lease, |job| {
        let engine = Arc::clone(engine);
        async move { engine.do_job(job).await }
    })
    .await
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
    async fn lease_jobs(&self, free: usize) -> Result<Vec<Job>, Error> {
        let lease = self.lease("outbox", LEASE_MS, free);
        Ok(self.store.lease_jobs(&lease).await?)
    }

    /// The person gave their permission (again): what waited for it goes on now.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn permission_given(&self, person: PersonId) -> Result<(), Error> {
        self.store.hasten_jobs(person, self.clock.now()).await?;
        self.nudges.outbox.notify_one();
        Ok(())
    }

    async fn do_job(self: &Arc<Self>, job: Job) -> Result<(), Error> {
        if job.kind == JobKind::WriteSeries {
            return self.do_series(&job).await;
        }
        let Some(reservation) = self.store.reservation(job.reservation).await? else {
            self.store.finish_job(job.id).await?;
            return Ok(());
        };
        let done = match job.kind {
            JobKind::WriteLetter => return self.write_letter(&job, &reservation).await,
            JobKind::CreateEvent => self.create(&job, &reservation).await,
            JobKind::ChangeEvent => self.change(&job, &reservation).await,
            JobKind::WriteSeries => Ok(()),
            JobKind::CancelEvent | JobKind::ReleaseRoom => {
                if self.is_being_created(&reservation).await? {
                    let due = self.clock.now().plus_ms(BEHIND_CREATE_MS);
                    self.store.retry_job(&job, due, "waiting").await?;
                    return Ok(());
                }
                match job.kind {
                    JobKind::ReleaseRoom => self.release(&reservation).await,
                    _ => self.cancel(&reservation).await,
                }
            }
        };
        match done {
            Ok(()) => {
                let note = reservation.note.as_ref();
                if note.is_some_and(StateNote::is_about_cancelling) {
                    self.store.remark(&reservation, None).await?;
                }
                self.store.finish_job(job.id).await?;
                Ok(())
            }
            Err(error @ (Error::Provider { .. } | Error::Booking(_))) => {
                self.settle_failure(&job, &reservation, error).await
            }
            Err(other) => Err(other),
        }
    }

    /// Whether the event may yet be written by a job that is not done: cancelling must come after it.
    async fn is_being_created(&self, reservation: &Reservation) -> Result<bool, Error> {
        let jobs = self.store.jobs_of(reservation.id).await?;
        Ok(jobs
            .iter()
            .any(|job| job.kind == JobKind::CreateEvent && job.given_up_at.is_none()))
    }

    async fn create(&self, job: &Job, reservation: &Reservation) -> Result<(), Error> {
        if reservation.state != ReservationState::Held {
            // An earlier attempt may have written the event without our hearing of it.
            let forgotten = !reservation.state.is_open() && job.attempts > 1;
            return if forgotten {
                self.cancel(reservation).await
            } else {
                Ok(())
            };
        }
        let subject = CreateEvent::of(job).subject;
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let draft = EventDraft {
            reservation: reservation.id,
            subject: if subject.is_empty() {
                format!("Reserved: {}", room.name)
            } else {
                subject
            },
            range: reservation.range,
            zone: room.zone.clone(),
            room: link.mailbox.clone(),
            room_name: room.name.clone(),
            attendees: Vec::new(),
        };
        let actor = actor_of(reservation);
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
        let (_, provider) = self.providers.of_room(&room)?;
        let actor = actor_of(reservation);
        if let Some(event) = self.standing_event(reservation).await? {
            provider
                .cancel_event(&actor, &event, "")
                .await
                .map_err(Error::while_doing("cancelling the event"))?;
        }
        self.note_changes(&[reservation.room]).await
    }

    /// The event of a reservation, looked for where it is not known. `None`: there is none.
    async fn standing_event(&self, reservation: &Reservation) -> Result<Option<EventRef>, Error> {
        if let Some(event) = &reservation.event {
            return Ok(Some(event.clone()));
        }
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = actor_of(reservation);
        let found = provider
            .find_event(&actor, &link.mailbox, reservation.range, which(reservation))
            .await
            .map_err(Error::while_doing("looking for the event to cancel"))?;
        Ok(found.map(|(event, _)| event))
    }
}

/// Which event in the organizer's calendar is this reservation's. What cannot be proven ours is
/// never touched for a reservation that we wrote.
pub(crate) fn which(reservation: &Reservation) -> Which {
    match reservation.origin {
        Origin::Portal => Which::WrittenFor(reservation.id),
        Origin::Draft { .. } => Which::SentByPerson,
    }
}
