//! The letter to somebody whose room declined when they no longer looked.
//!
//! At most once: that it is begun is kept before it is sent, and it is sent again only after an answer that refuses it for
//! certain. A second letter would be worse than none, since the page says the same. What is owed to one person goes in one
//! letter: a whole series may be declined in a moment.

use booking::provider::{Posted, ProviderError};
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use booking::time::{Instant, MINUTE_MS, SECOND_MS};
use serde::{Deserialize, Serialize};
use store::letters::OwedLetter;
use store::outbox::{Job, JobId, JobKind, NewJob};
use store::reservations::StateChange;

use super::LEASE_MS;
use super::failure::{may_succeed, pause_ms};
use crate::error::incident;
use crate::letter::{Lost, about};
use crate::{Engine, Error};

const DOING: &str = "sending a letter";

/// A room that declines sooner than this after it was asked is told to somebody who still looks at the page.
const LATE_AFTER_MS: i64 = 10 * MINUTE_MS;

/// How long a letter waits for what else is to be told the same person.
const GATHERED_MS: i64 = 10 * SECOND_MS;

/// What a [`JobKind::WriteLetter`] needs beyond its reservation.
#[derive(Debug, Default, Serialize, Deserialize)]
struct WriteLetter {
    /// The meeting is still in its organizer's calendar.
    stays: bool,
}

impl Engine {
    /// The same change, with the letter it owes where people are told by letter and this comes late.
    pub(crate) fn with_letter(
        &self,
        reservation: &Reservation,
        change: StateChange,
        stays: bool,
    ) -> StateChange {
        let now = self.clock.now();
        let is_told = change.to == ReservationState::Declined
            && self.settings.letters_origin.is_some()
            && is_late(reservation, now)
            && reservation.range.end() > now;
        if !is_told {
            return change;
        }
        let payload = serde_json::json!(WriteLetter { stays });
        change.with_job(NewJob {
            due_at: now.plus_ms(GATHERED_MS),
            ..self.job(JobKind::WriteLetter, payload)
        })
    }

    /// Why a reservation that its room declines says so as it does.
    pub(in crate::sync) fn why_declined(&self, reservation: &Reservation) -> StateNote {
        match reservation.state {
            ReservationState::Confirmed => StateNote::DeclinedLate,
            _ => StateNote::DeclinedByRoom,
        }
    }

    pub(super) async fn write_letter(
        &self,
        job: &Job,
        reservation: &Reservation,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let Some(origin) = &self.settings.letters_origin else {
            self.store.finish_job(job.id).await?;
            return Ok(());
        };
        if job.begun_at.is_some_and(|at| now.since_ms(at) > LEASE_MS) {
            // Whoever began it died: the letter may have gone.
            self.store
                .give_up_job(job.id, now, "it may have gone")
                .await?;
            return Ok(());
        }
        // What may fail before anything is sent comes before the one attempt is noted.
        let room = self.room(reservation.room)?;
        let (_, provider) = self.providers.of_room(&room)?;
        let owed = self.store.begin_letters(reservation.person.id, now).await?;
        if !owed.iter().any(|one| one.job == job.id) {
            // Another run tells of it at this moment.
            let later = now.plus_ms(2 * LEASE_MS);
            self.store.retry_job(job, later, "being sent").await?;
        }
        let jobs: Vec<JobId> = owed.iter().map(|one| one.job).collect();
        let lost = match self.lost(&owed).await {
            Ok(lost) => lost,
            Err(error) => {
                let due = now.plus_ms(GATHERED_MS);
                self.store.take_letters_back(&jobs, due, DOING).await?;
                return Err(error);
            }
        };
        if lost.is_empty() {
            return Ok(self.store.finish_letters(&jobs).await?);
        }
        let letter = about(reservation.person.address.clone(), origin, &lost);
        let sent = provider.send_letter(&letter).await;
        let sent = sent.map_err(Error::while_doing(DOING));
        self.settle_letter(job, reservation, &jobs, sent).await
    }

    async fn settle_letter(
        &self,
        job: &Job,
        reservation: &Reservation,
        jobs: &[JobId],
        sent: Result<Posted, Error>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let error = match sent {
            Ok(Posted::Taken) => return Ok(self.store.finish_letters(jobs).await?),
            Ok(Posted::Unclear) => None,
            Err(error) => Some(error),
        };
        match error {
            Some(error) if may_help(reservation, &error, now) => {
                let due = now.plus_ms(pause_ms(job, &error));
                self.store.take_letters_back(jobs, due, DOING).await?;
                if job.attempts == 1 {
                    warn(
                        reservation,
                        Some(&error),
                        "a letter is not taken; it is tried again",
                    );
                }
            }
            error => {
                warn(
                    reservation,
                    error.as_ref(),
                    "a letter is given up: it was refused, or may have gone",
                );
                for job in jobs {
                    self.store.give_up_job(*job, now, DOING).await?;
                }
            }
        }
        Ok(())
    }

    /// What there is still to tell of what is owed.
    async fn lost(&self, owed: &[OwedLetter]) -> Result<Vec<Lost>, Error> {
        let now = self.clock.now();
        let mut lost = Vec::new();
        for one in owed {
            let found = self.store.reservation(one.reservation).await?;
            let Some(reservation) = found.filter(|found| found.range.end() > now) else {
                continue;
            };
            let payload = serde_json::from_value::<WriteLetter>(one.payload.clone());
            let range = reservation.range;
            let described = self.describe(reservation);
            let Some(room) = described.room else { continue };
            lost.push(Lost {
                room: room.name,
                building: described.building,
                range,
                zone: room.zone,
                stays: payload.unwrap_or_default().stays,
                instead: described.instead,
            });
        }
        lost.sort_by_key(|one| one.range);
        Ok(lost)
    }
}

/// Whether its person no longer looks: the room had accepted, or was asked long ago.
fn is_late(reservation: &Reservation, now: Instant) -> bool {
    let asked_at = match reservation.origin {
        Origin::Portal => reservation.created_at,
        Origin::Draft { .. } => reservation.changed_at,
    };
    reservation.state == ReservationState::Confirmed || now.since_ms(asked_at) > LATE_AFTER_MS
}

/// Whether it may be taken later. What the calendar system cannot do at all, it never will.
fn may_help(reservation: &Reservation, error: &Error, now: Instant) -> bool {
    let is_unsupported = matches!(
        error,
        Error::Provider {
            source: ProviderError::Unsupported { .. },
            ..
        }
    );
    !is_unsupported && may_succeed(JobKind::WriteLetter, reservation, error, now)
}

fn warn(reservation: &Reservation, error: Option<&Error>, what: &'static str) {
    tracing::warn!(
        reservation = %reservation.id,
        incident = incident(),
        error = error.map(|error| error as &dyn std::error::Error),
        "{what}"
    );
}
