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
mod gone;
mod kept;
mod named;

use std::collections::HashMap;
use std::sync::Arc;

use booking::BookingError;
use booking::event::EventRef;
use booking::ids::RoomId;
use booking::provider::{Actor, CalendarProvider, OwnDate, ProviderError, SeriesDraft};
use booking::reservation::{Reservation, ReservationState};
use booking::room::{Room, RoomLink};
use booking::rules::Refusal;
use booking::series::Way;
use booking::time::{Clock, DAY_MS, Instant, MINUTE_MS, TimeRange};
use store::outbox::Job;
use store::series::{KeptDate, KeptSeries};

pub(crate) use self::kept::WriteSeries;

use self::gone::is_over;
use super::failure::TRIED_MS_MAX;
use crate::sync::answers_task::is_being_written;
use crate::{Engine, Error};

/// The pause before answers are looked for again: at first, and at most.
const PAUSE_MS_MIN: i64 = 2_000;
const PAUSE_MS_MAX: i64 = MINUTE_MS;

/// How long a job is its run's: longer than any run takes, for two at once would be in each other's way.
const LEASE_MS: i64 = 5 * MINUTE_MS;
/// How long a run goes on to another date.
const RUN_MS: i64 = MINUTE_MS;
/// How long a room may be unknown to a process that did not link it.
const LINKED_WITHIN_MS: i64 = MINUTE_MS;

const CREATING: &str = "writing a series";
const READING: &str = "reading the dates of a series";

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
    clock: &'a dyn Clock,
    /// From then on the next run goes on.
    until: Instant,
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
        let now = self.clock.now();
        let until = now.plus_ms(LEASE_MS);
        if !self.store.prolong_job(job, until).await? {
            return Ok(());
        }
        let job = &Job {
            lease_until: until,
            ..job.clone()
        };
        let kept = WriteSeries::of(job);
        let series = match &kept {
            Some(kept) => self.store.series(kept.series).await?,
            None => None,
        };
        let (Some(mut kept), Some(series)) = (kept, series) else {
            self.store.finish_job(job.id).await?;
            return Ok(());
        };
        let known = kept.clone();
        let progress = self.write_series(job, &mut kept, &series).await;
        if matches!(progress, Ok(Progress::More)) {
            kept.writes += 1;
        }
        if kept != known {
            self.store.note_in_job(job.id, &kept.payload()).await?;
        }
        match progress {
            Ok(Progress::More) if now.since_ms(series.created_at) >= TRIED_MS_MAX => {
                let source = ProviderError::Bug {
                    context: "what is written of a series does not show for a day".to_owned(),
                    source: None,
                };
                let error = Error::while_doing(CREATING)(source);
                self.settle_series_failure(job, &kept, &series, error)
                    .await?;
            }
            Ok(Progress::More) => {
                let due = now.plus_ms(kept.pause_ms(series.dates.len()));
                self.store.retry_job(job, due, "going on").await?;
                self.nudges.outbox.notify_one();
            }
            Ok(Progress::Waits) => {
                let age_ms = now.since_ms(series.created_at);
                let pause_ms = (age_ms / 4).clamp(PAUSE_MS_MIN, PAUSE_MS_MAX);
                let due = now.plus_ms(pause_ms);
                let waiting = "waiting for answers";
                self.store.retry_job(job, due, waiting).await?;
            }
            Ok(Progress::Gone) => {
                for reservation in held(&series) {
                    self.step(reservation, &self.gone()).await?;
                }
                self.end_series(job, &series).await?;
            }
            Ok(Progress::Done) => self.end_series(job, &series).await?,
            Err(error @ (Error::Provider { .. } | Error::Booking(_))) => {
                self.settle_series_failure(job, &kept, &series, error)
                    .await?;
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
        kept: &mut WriteSeries,
        series: &KeptSeries,
    ) -> Result<Progress, Error> {
        let until = self.clock.now().plus_ms(RUN_MS);
        if series.dates.iter().all(is_over) {
            return self.take_back_series(job, kept, series).await;
        }
        let (wanted, unlinked) = self.wanted_dates(series);
        let age_ms = self.clock.now().since_ms(series.created_at);
        if !unlinked.is_empty() && age_ms >= LINKED_WITHIN_MS {
            for (reservation, error) in &unlinked {
                self.decline_date(reservation, error).await?;
            }
            return Ok(Progress::More);
        }
        let provider = self.provider_of_series(series)?;
        let provider = provider.as_ref();
        let actor = Actor::Person(series.person.id);
        let event = match &series.event {
            Some(event) => event.clone(),
            None if !wanted.is_empty() => {
                let draft = draft(series, &kept.subject, &wanted);
                match provider.create_series(&actor, &draft).await {
                    // It was written unheard, and does not show yet or somebody took it away since.
                    Err(ProviderError::Conflict { .. }) if self.is_missing_long(kept) => {
                        return Ok(Progress::Gone);
                    }
                    Err(ProviderError::Conflict { .. }) => return Ok(Progress::Waits),
                    created => {
                        let event = created.map_err(Error::while_doing(CREATING))?;
                        kept.subject.clear();
                        self.store
                            .attach_series_event(series.id, &event, (job.id, &kept.payload()))
                            .await?;
                        event
                    }
                }
            }
            None if unlinked.is_empty() => return Ok(Progress::Done),
            None => return Ok(Progress::Waits),
        };
        let writing = Writing {
            series,
            provider,
            actor,
            event,
            clock: self.clock.as_ref(),
            until,
        };
        self.write_dates(kept, &writing, &wanted).await
    }

    async fn write_dates(
        self: &Arc<Self>,
        kept: &mut WriteSeries,
        writing: &Writing<'_>,
        wanted: &[Wanted<'_>],
    ) -> Result<Progress, Error> {
        let Writing { series, event, .. } = writing;
        let read = writing
            .provider
            .series_dates(&writing.actor, event, window(series))
            .await;
        let Some(there) = read.map_err(Error::while_doing(READING))? else {
            return self.missing_event(kept, writing).await;
        };
        let there: HashMap<Instant, OwnDate> = there
            .into_iter()
            .map(|date| (date.original_start, date))
            .collect();
        if writing.delete_left_out(kept, &there).await? {
            return Ok(Progress::More);
        }
        let mut written = writing.move_dates(wanted, &there).await?;
        if !written.has_any {
            written = writing.invite(wanted, &there).await?;
        }
        for (reservation, error) in &written.refused {
            self.decline_date(reservation, error).await?;
        }
        if written.has_any {
            return Ok(Progress::More);
        }
        let is_there = |one: &Wanted<'_>| there.contains_key(&one.date.original_start);
        if wanted.iter().all(is_there) {
            kept.missing_since = None;
        }
        for one in wanted {
            match there.get(&one.date.original_start) {
                Some(date) => self.submitted(one.reservation, date.event.clone()).await?,
                // Somebody took it out in Outlook, unless it does not show yet.
                None if self.is_missing_long(kept) => {
                    self.step(one.reservation, &self.gone()).await?;
                }
                None => {}
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
            // What nobody links any more answers to nobody.
            let Ok((_, link)) = self.linked(reservation.room) else {
                continue;
            };
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

    /// The dates that wait to be written, with their rooms; and those whose room is linked to no mailbox.
    fn wanted_dates<'a>(
        &self,
        series: &'a KeptSeries,
    ) -> (Vec<Wanted<'a>>, Vec<(&'a Reservation, Error)>) {
        let (mut wanted, mut unlinked) = (Vec::new(), Vec::new());
        let held = in_event(series).filter(|(_, one)| one.state == ReservationState::Held);
        for (date, reservation) in held {
            match self.linked(reservation.room) {
                Ok((room, link)) => wanted.push(Wanted {
                    date,
                    reservation,
                    room,
                    link,
                }),
                Err(error) => unlinked.push((reservation, error)),
            }
        }
        (wanted, unlinked)
    }

    /// A room with its link.
    fn linked(&self, room: RoomId) -> Result<(Room, RoomLink), Error> {
        let room = self.room(room)?;
        let link = self.providers.of_room(&room)?.0.clone();
        Ok((room, link))
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
