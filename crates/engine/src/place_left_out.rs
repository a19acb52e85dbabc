//! A date of a series that has no room is placed by itself, in the one its person takes: it is not in the event that repeats
//! any more.

use std::sync::Arc;

use booking::BookingError;
use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::person::Person;
use booking::rules::Refusal;
use booking::search::When;
use booking::series::{BadSeries, PlacedSeries};
use store::series::{DateOutcome, KeptDate, KeptSeries};

use crate::my_series::{is_watched, range_of};
use crate::place_reservation::Wish;
use crate::plan_series::refused;
use crate::steps::trace_first;
use crate::{Engine, Error};

impl Engine {
    /// Places a date that was left out, or whose room said no, and waits a little for the room's answer.
    ///
    /// `key` ties retries together: a second call with the same key changes nothing.
    ///
    /// # Errors
    /// [`BookingError::NotFound`], [`BookingError::NotYours`]; [`BadSeries::NotWaiting`] for a date that has a room or was
    /// left out on purpose; as [`Engine::place_reservation`].
    pub async fn place_left_out(
        self: &Arc<Self>,
        person: &Person,
        (series, number): (SeriesId, u32),
        key: ReservationId,
        room: RoomId,
        subject: &str,
    ) -> Result<PlacedSeries, Error> {
        let kept = self.series_kept(series).await?;
        if kept.person.id != person.id {
            return Err(BookingError::NotYours.into());
        }
        let date = date_of(&kept, number)?;
        if !has(date, key) {
            let wish = Wish::from(subject);
            let placed = self.place_date(person, (series, date), key, room, wish);
            if let Err(error) = placed.await {
                let kept = self.series_kept(series).await?;
                // The same click, twice at the same time.
                if !has(date_of(&kept, number)?, key) {
                    return Err(self.why_not_placed(person, key, error).await?);
                }
            }
        }
        let kept = self.series_kept(series).await?;
        self.own_series(person, kept)
    }

    async fn place_date(
        self: &Arc<Self>,
        person: &Person,
        (series, date): (SeriesId, &KeptDate),
        key: ReservationId,
        room: RoomId,
        wish: Wish,
    ) -> Result<(), Error> {
        let range = range_of(date);
        if !is_watched(date) || range.start() <= self.clock.now() {
            return Err(refused(BadSeries::NotWaiting));
        }
        let when = When::Exact {
            ranges: vec![range],
        };
        let new = self.to_be_held(person, key, room, &when, wish).await?;
        // Before the promise: its answer may come at once.
        let moves = self.index.listen();
        let known = date.reservation.as_ref().map(|one| one.id);
        let date = (series, date.number);
        match self.store.hold_date(date, known, &new).await? {
            DateOutcome::Held(held) => {
                trace_first(held.id, new.steps);
                self.nudges.outbox.notify_one();
                self.wait_for_answer(*held, moves).await.map(drop)
            }
            DateOutcome::Refused(conflict) => {
                let range = conflict.range;
                Err(BookingError::Refused(vec![Refusal::Held { range }]).into())
            }
            DateOutcome::Meanwhile => Err(refused(BadSeries::NotWaiting)),
        }
    }

    /// What is told of a date that could not be placed: a key that is in use already says so.
    async fn why_not_placed(
        &self,
        person: &Person,
        key: ReservationId,
        error: Error,
    ) -> Result<Error, Error> {
        Ok(match self.store.reservation(key).await? {
            Some(other) if other.person.id == person.id => refused(BadSeries::NotWaiting),
            Some(_) => BookingError::NotYours.into(),
            None => error,
        })
    }

    async fn series_kept(&self, id: SeriesId) -> Result<KeptSeries, Error> {
        let kept = self.store.series(id).await?;
        Ok(kept.ok_or(BookingError::NotFound { what: "series" })?)
    }
}

fn date_of(series: &KeptSeries, number: u32) -> Result<&KeptDate, Error> {
    let mut dates = series.dates.iter();
    let date = dates.find(|date| date.number == number);
    date.ok_or_else(|| refused(BadSeries::NoSuchDate { number }))
}

fn has(date: &KeptDate, key: ReservationId) -> bool {
    date.reservation.as_ref().is_some_and(|one| one.id == key)
}
