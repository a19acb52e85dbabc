//! Writing a series: the event that repeats, and every date its room.
//!
//! Level, not edge: each run reads the dates as they are in the person's calendar and writes what is still lacking of what
//! the reservations say, a few dates at a time. What a run has done is known by reading alone, so one that died, or whose
//! answer was lost, is only gone over again; the event itself is one by its id however often it is created.
//!
//! The order matters: dates that are left out are deleted before any room is invited, so that no room hears of them. Then
//! rooms come by changes of the attendees alone, one date after the other, because Exchange keeps all of them in one item
//! and refuses two changes of it at once. Last, when all rooms have answered, one change of the location line names them.
//!
//! A date whose reservation is past Held is its own, as any other reservation: only its answer is waited for.

mod dates;
mod failure;
mod named;

use std::collections::HashMap;
use std::sync::Arc;

use booking::BookingError;
use booking::event::EventRef;
use booking::ids::SeriesId;
use booking::provider::{Actor, CalendarProvider, OwnDate, ProviderError, SeriesDraft};
use booking::reservation::{Reservation, ReservationState};
use booking::room::{Room, RoomLink};
use booking::rules::Refusal;
use booking::series::Way;
use booking::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};
use serde::{Deserialize, Serialize};
use store::outbox::Job;
use store::series::{KeptDate, KeptSeries};

use super::failure::TRIED_MS_MAX;
use crate::sync::answers_task::{APPEARS_WITHIN_MS, is_being_written};
use crate::{Engine, Error};

/// A series needs fewer runs than this and one for each of its dates.
const RUNS_AT_ONCE_MIN: usize = 8;
/// The pause before answers are looked for again: at first, and at most.
const PAUSE_MS_MIN: i64 = 2_000;
const PAUSE_MS_MAX: i64 = MINUTE_MS;

const CREATING: &str = "writing a series";
const READING: &str = "reading the dates of a series";

/// What a job that writes a series needs. The subject is kept only until the series stands.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct WriteSeries {
    /// The series.
    pub(crate) series: SeriesId,
    /// The event's subject; empty for a plain one.
    #[serde(default)]
    pub(crate) subject: String,
}

impl WriteSeries {
    pub(crate) fn payload(&self) -> serde_json::Value {
        serde_json::json!({ "series": self.series, "subject": self.subject })
    }
}

/// What a run came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Progress {
    /// Nothing is left to be written.
    Done,
    /// Something was written; there may be more.
    More,
    /// Rooms have still to answer, or what was written does not show yet.
    Waits,
    /// Somebody took the event away.
    Gone,
}

/// A series that is being written, and the way to its calendar.
struct Writing<'a> {
    series: &'a KeptSeries,
    provider: &'a dyn CalendarProvider,
    actor: Actor,
    event: EventRef,
}

/// A date that waits to be written, and its room.
struct Wanted<'a> {
    date: &'a KeptDate,
    reservation: &'a Reservation,
    room: Room,
    link: RoomLink,
}

impl Engine {
    /// Does what is next for a series.
    pub(super) async fn do_series(self: &Arc<Self>, job: &Job) -> Result<(), Error> {
        let wanted: Option<WriteSeries> = serde_json::from_value(job.payload.clone()).ok();
        let series = match &wanted {
            Some(wanted) => self.store.series(wanted.series).await?,
            None => None,
        };
        let (Some(wanted), Some(series)) = (wanted, series) else {
            self.store.finish_job(job.id).await?;
            return Ok(());
        };
        let now = self.clock.now();
        match self.write_series(job, &wanted.subject, &series).await {
            Ok(Progress::More) if now.since_ms(series.created_at) >= TRIED_MS_MAX => {
                let source = ProviderError::Bug {
                    context: "what is written of a series does not show for a day".to_owned(),
                    source: None,
                };
                let error = Error::while_doing(CREATING)(source);
                self.settle_series_failure(job, &series, error).await?;
            }
            Ok(Progress::More) => {
                // What is written and does not show is not written again and again without a pause.
                let is_much = job.attempts as usize > RUNS_AT_ONCE_MIN + series.dates.len();
                let due = now.plus_ms(if is_much { PAUSE_MS_MAX } else { 0 });
                self.store.retry_job(job.id, due, "going on").await?;
                self.nudges.outbox.notify_one();
            }
            Ok(Progress::Waits) => {
                let age_ms = now.since_ms(series.created_at);
                let pause_ms = (age_ms / 4).clamp(PAUSE_MS_MIN, PAUSE_MS_MAX);
                let due = now.plus_ms(pause_ms);
                self.store
                    .retry_job(job.id, due, "waiting for answers")
                    .await?;
            }
            Ok(Progress::Gone) => {
                for reservation in held(&series) {
                    self.step(reservation, &self.gone()).await?;
                }
                self.end_series(job, &series).await?;
            }
            Ok(Progress::Done) => self.end_series(job, &series).await?,
            Err(error @ (Error::Provider { .. } | Error::Booking(_))) => {
                self.settle_series_failure(job, &series, error).await?;
            }
            Err(other) => return Err(other),
        }
        Ok(())
    }

    async fn end_series(&self, job: &Job, series: &KeptSeries) -> Result<(), Error> {
        self.store
            .series_written(series.id, self.clock.now())
            .await?;
        self.store.finish_job(job.id).await?;
        Ok(())
    }

    async fn write_series(
        self: &Arc<Self>,
        job: &Job,
        subject: &str,
        series: &KeptSeries,
    ) -> Result<Progress, Error> {
        let provider = self.provider_of_series(series)?;
        let provider = provider.as_ref();
        let actor = Actor::Person(series.person.id);
        if series.dates.iter().all(|date| !stands(date)) {
            return self.take_back_series(job, series, provider, &actor).await;
        }
        let wanted = self.wanted_dates(series)?;
        let event = match &series.event {
            Some(event) => event.clone(),
            None if wanted.is_empty() => return Ok(Progress::Done),
            None => {
                let draft = draft(series, subject, &wanted);
                match provider.create_series(&actor, &draft).await {
                    // It was written unheard, and somebody took it away since.
                    Err(ProviderError::Conflict { .. }) if self.is_old(series) => {
                        return Ok(Progress::Gone);
                    }
                    created => {
                        let event = created.map_err(Error::while_doing(CREATING))?;
                        let left = WriteSeries {
                            series: series.id,
                            subject: String::new(),
                        };
                        self.store
                            .attach_series_event(series.id, &event, (job.id, &left.payload()))
                            .await?;
                        event
                    }
                }
            }
        };
        let writing = Writing {
            series,
            provider,
            actor,
            event,
        };
        self.write_dates(&writing, &wanted).await
    }

    async fn write_dates(
        self: &Arc<Self>,
        writing: &Writing<'_>,
        wanted: &[Wanted<'_>],
    ) -> Result<Progress, Error> {
        let Writing { series, event, .. } = writing;
        let read = writing
            .provider
            .series_dates(&writing.actor, event, window(series))
            .await;
        let Some(there) = read.map_err(Error::while_doing(READING))? else {
            return Ok(self.missing(series));
        };
        let there: HashMap<Instant, OwnDate> = there
            .into_iter()
            .map(|date| (date.original_start, date))
            .collect();
        if writing.delete_left_out(&there).await?
            || writing.move_dates(wanted, &there).await?
            || writing.invite(wanted, &there).await?
        {
            return Ok(Progress::More);
        }
        for one in wanted {
            match there.get(&one.date.original_start) {
                Some(date) => self.submitted(one.reservation, date.event.clone()).await?,
                // Somebody took it out in Outlook, unless it does not show yet.
                None if self.is_old(series) => {
                    self.step(one.reservation, &self.gone()).await?;
                }
                None => return Ok(Progress::Waits),
            }
        }
        if wanted.is_empty() && !self.waits_for_answers(series) {
            return self.name_rooms(writing).await;
        }
        self.hear_answers(series, &there).await?;
        Ok(Progress::Waits)
    }

    /// Takes in what the rooms have answered. One reading tells of all dates; nobody asks about each while the series is
    /// being written.
    async fn hear_answers(
        self: &Arc<Self>,
        series: &KeptSeries,
        there: &HashMap<Instant, OwnDate>,
    ) -> Result<(), Error> {
        let asked = in_event(series)
            .filter(|(_, one)| one.state == ReservationState::Submitted && !is_being_written(one));
        for (date, reservation) in asked {
            let room = self.room(reservation.room)?;
            let (link, _) = self.providers.of_room(&room)?;
            // Where somebody moved the whole series, every date has another start.
            let uid = reservation.event.as_ref().map(|event| &event.ical_uid);
            let is_same = |told: &&OwnDate| Some(&told.event.ical_uid) == uid;
            let told = there.get(&date.original_start);
            let told = told.or_else(|| there.values().find(is_same));
            let answer = told.and_then(|told| told.answer_of(&link.mailbox));
            let Some((told, answer)) = told.zip(answer) else {
                self.vanished(reservation).await?;
                continue;
            };
            if let Some(range) = told.own.range {
                self.follow(reservation, range).await?;
            }
            self.settle(reservation, None, answer).await?;
        }
        Ok(())
    }

    /// What it means that the event is not there.
    fn missing(&self, series: &KeptSeries) -> Progress {
        if self.is_old(series) {
            Progress::Gone
        } else {
            Progress::Waits
        }
    }

    /// Whether whatever was written for it shows everywhere by now.
    fn is_old(&self, series: &KeptSeries) -> bool {
        self.clock.now().since_ms(series.created_at) >= APPEARS_WITHIN_MS
    }

    fn waits_for_answers(&self, series: &KeptSeries) -> bool {
        let is_awaited = |reservation: &Reservation| {
            matches!(
                reservation.state,
                ReservationState::Held | ReservationState::Submitted
            )
        };
        let mut dates = in_event(series);
        self.clock.now().since_ms(series.created_at) < TRIED_MS_MAX
            && dates.any(|(_, reservation)| is_awaited(reservation))
    }

    /// Nothing of it is wanted any more: the event goes, if there is one.
    async fn take_back_series(
        &self,
        job: &Job,
        series: &KeptSeries,
        provider: &dyn CalendarProvider,
        actor: &Actor,
    ) -> Result<Progress, Error> {
        let event = match &series.event {
            Some(event) => Some(event.clone()),
            // An earlier attempt may have written it without our hearing of it.
            None if job.attempts > 1 => provider
                .find_series(actor, series.id, window(series))
                .await
                .map_err(Error::while_doing("looking for a series to take back"))?,
            None => None,
        };
        if let Some(event) = event {
            provider
                .cancel_event(actor, &event, "")
                .await
                .map_err(Error::while_doing("taking back a series"))?;
        }
        Ok(Progress::Done)
    }

    fn provider_of_series(&self, series: &KeptSeries) -> Result<Arc<dyn CalendarProvider>, Error> {
        for (_, reservation) in in_event(series) {
            // One room may be gone, and the others there.
            if let Ok(room) = self.room(reservation.room)
                && let Ok((_, provider)) = self.providers.of_room(&room)
            {
                return Ok(Arc::clone(provider));
            }
        }
        Err(BookingError::Refused(vec![Refusal::NotLinked]).into())
    }

    /// The dates that wait to be written, with their rooms.
    fn wanted_dates<'a>(&self, series: &'a KeptSeries) -> Result<Vec<Wanted<'a>>, Error> {
        let held = in_event(series).filter(|(_, one)| one.state == ReservationState::Held);
        held.map(|(date, reservation)| {
            let room = self.room(reservation.room)?;
            let (link, _) = self.providers.of_room(&room)?;
            Ok(Wanted {
                date,
                reservation,
                link: link.clone(),
                room,
            })
        })
        .collect()
    }
}

/// The event as it is created. Its room is in it only where no date has to be taken out first.
fn draft(series: &KeptSeries, subject: &str, wanted: &[Wanted<'_>]) -> SeriesDraft {
    let is_whole = wanted.len() == series.dates.len();
    let first = wanted
        .first()
        .filter(|_| is_whole && series.way == Way::Plain);
    let subject = match (subject, wanted.first()) {
        ("", Some(one)) => format!("Reserved: {}", one.room.name),
        _ => subject.to_owned(),
    };
    SeriesDraft {
        series: series.id,
        subject,
        pattern: series.wish.pattern,
        zone: series.zone.clone(),
        dates: series.dates.iter().map(as_patterned).collect(),
        room: first.map(|one| (one.link.mailbox.clone(), one.room.name.clone())),
    }
}

/// A date where the pattern has it; of one that was moved, as long as it is now.
fn as_patterned(date: &KeptDate) -> TimeRange {
    let ahead_ms = date.original_start.since_ms(date.range.start());
    date.range.shifted_ms(ahead_ms)
}

/// All time in which its dates are or were, with some room for zones.
fn window(series: &KeptSeries) -> TimeRange {
    let starts = series.dates.iter().map(|date| date.original_start);
    let ends = series.dates.iter().map(|date| date.range.end());
    let first = starts.clone().min().unwrap_or(series.created_at);
    let last = ends.chain(starts).max().unwrap_or(series.created_at);
    let (first, last) = (first.plus_ms(-DAY_MS), last.plus_ms(2 * DAY_MS));
    TimeRange::new(first, last).unwrap_or_else(|_| as_patterned(&series.dates[0]))
}

/// The dates of the event that repeats that have a reservation.
fn in_event(series: &KeptSeries) -> impl Iterator<Item = (&KeptDate, &Reservation)> {
    let dates = series.dates.iter().filter(|date| !date.is_apart);
    dates.filter_map(|date| Some((date, date.reservation.as_ref()?)))
}

/// The reservations that the calendar knows nothing of.
fn held(series: &KeptSeries) -> impl Iterator<Item = &Reservation> {
    let all = in_event(series).map(|(_, reservation)| reservation);
    all.filter(|one| one.state == ReservationState::Held)
}

/// Whether the event has no business on this date. What was written for it and then given up has a job of its own.
fn is_left_out(date: &KeptDate) -> bool {
    match &date.reservation {
        Some(one) if !date.is_apart => !one.state.is_open() && one.event.is_none(),
        _ => true,
    }
}

/// Whether the event is or was wanted on this date.
fn stands(date: &KeptDate) -> bool {
    use ReservationState::{Cancelled, Declined, Expired};
    let reservation = date.reservation.as_ref().filter(|_| !date.is_apart);
    reservation.is_some_and(|one| !matches!(one.state, Declined | Cancelled | Expired))
}
