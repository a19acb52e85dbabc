//! Writing a series down, with a reservation for each date that has a room.

use booking::ids::{BuildingId, SeriesId};
use booking::person::Person;
use booking::series::{SeriesWish, Way};
use booking::time::{Instant, TimeRange, ZoneName};

use super::json_text;
use crate::outbox::NewJob;
use crate::pool::{Durability, Tx};
use crate::reservations::{Conflict, NewReservation};
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A series to be held.
#[derive(Clone, PartialEq, Debug)]
pub struct NewSeries {
    /// Its id.
    pub id: SeriesId,
    /// Its building.
    pub building: BuildingId,
    /// The zone on whose walls it is told.
    pub zone: ZoneName,
    /// Whose it is.
    pub person: Person,
    /// When it repeats, as it is to be written, and what its rooms have to be like.
    pub wish: SeriesWish,
    /// How it is to be written.
    pub way: Way,
    /// Every date, by number; at least one with a room.
    pub dates: Vec<NewDate>,
    /// Now.
    pub created_at: Instant,
    /// What the calendar system shall be told.
    pub job: NewJob,
}

/// One date of a series to be held.
#[derive(Clone, PartialEq, Debug)]
pub struct NewDate {
    /// Which, counted from 1.
    pub number: u32,
    /// When the pattern has it start.
    pub original_start: Instant,
    /// When it takes place.
    pub range: TimeRange,
    /// Its reservation, without a job. `None`: it is left out.
    pub reservation: Option<NewReservation>,
    /// Whether it is left out because no room is free.
    pub is_watched: bool,
}

/// What became of an attempt to hold a series.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum SeriesOutcome {
    /// Every date that was to have a room is held.
    Held,
    /// The id is that of a series which is there already; nothing was kept.
    Known,
    /// Of these dates, by number, something of ours is in the way; nothing was kept.
    Refused(Vec<(u32, Conflict)>),
}

impl Store {
    /// Holds all dates of a series that are to have a room, or none, and keeps the job in the same transaction; each as
    /// [`Store::hold_slot`] would.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when a room is not there, or no date has any; [`StoreError::Driver`].
    pub async fn hold_series(&self, new: &NewSeries) -> Result<SeriesOutcome, StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        if tx.execute(series_row(new)?).await? == 0 {
            return Ok(SeriesOutcome::Known);
        }
        let wanted: Vec<NewReservation> = new
            .dates
            .iter()
            .filter_map(|date| date.reservation.clone())
            .collect();
        let held = match self.hold_slots(&mut tx, &wanted).await? {
            Ok(held) => held,
            Err(refused) => return Ok(SeriesOutcome::Refused(numbered(new, refused))),
        };
        for date in &new.dates {
            put_date(&mut tx, new.id, date).await?;
        }
        let first = held.first().ok_or(StoreError::RowsAffected {
            statement: "a series without any reservation",
            expected: 1,
            actual: 0,
        })?;
        self.put_job(&mut tx, first.id, &new.job).await?;
        tx.commit().await?;
        self.nudge.committed();
        Ok(SeriesOutcome::Held)
    }
}

/// The refused dates by their numbers.
fn numbered(new: &NewSeries, refused: Vec<(usize, Conflict)>) -> Vec<(u32, Conflict)> {
    let wanted = new.dates.iter().filter(|date| date.reservation.is_some());
    let numbers: Vec<u32> = wanted.map(|date| date.number).collect();
    let refused = refused.into_iter();
    refused
        .map(|(at, conflict)| (numbers[at], conflict))
        .collect()
}

fn series_row(new: &NewSeries) -> Result<Sql, StoreError> {
    const TEXT: &str = "INSERT INTO series (id, building_id, zone, person_tenant, person_object, \
            person_name, person_address, wish, way, ends_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING";
    let ends = new.dates.iter().map(|date| date.range.end()).max();
    Ok(Sql::new(TEXT)
        .bind(new.id)
        .bind(new.building)
        .bind(&new.zone.0)
        .bind(new.person.id.tenant)
        .bind(new.person.id.object)
        .bind(&new.person.display_name)
        .bind(&new.person.address)
        .bind(json_text("wish", &new.wish)?)
        .bind(json_text("way", &new.way)?)
        .bind(ends.unwrap_or(new.created_at))
        .bind(new.created_at))
}

async fn put_date(tx: &mut Tx, series: SeriesId, date: &NewDate) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO series_dates (series_id, number, original_start, starts_at, \
            ends_at, reservation_id, is_watched) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let sql = Sql::new(TEXT)
        .bind(series)
        .bind(date.number)
        .bind(date.original_start)
        .bind(date.range.start())
        .bind(date.range.end())
        .bind(date.reservation.as_ref().map(|one| one.id))
        .bind(date.is_watched);
    tx.execute_one(sql).await
}
