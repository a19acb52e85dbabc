//! Series placed in the portal: what was wanted, their dates, and how far they are written.
//!
//! A date with a room is a row of [`reservations`](crate::reservations) like any other, so guard, mirror and index know
//! nothing of series. [`hold`] writes a series down with all its reservations in one transaction, [`watch`] keeps what
//! became free for dates that have no room.

pub mod hold;
pub mod watch;

use std::collections::HashMap;

use booking::event::EventRef;
use booking::ids::{BuildingId, ReservationId, RoomId, SeriesId};
use booking::person::{Person, PersonId};
use booking::reservation::Reservation;
use booking::series::{SeriesWish, Way};
use booking::time::{Instant, TimeRange, ZoneName};

use crate::outbox::{self, JobId};
use crate::pool::Durability;
use crate::reservations::{read as read_reservation, reservation_columns};
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

pub use hold::{NewDate, NewSeries, SeriesOutcome};
pub use watch::{DateOutcome, WatchedDate};

/// Most series that one lookup of a person gives.
pub const SERIES_MAX: u32 = 50;

macro_rules! columns {
    () => {
        "id, building_id, zone, person_tenant, person_object, person_name, person_address, wish, \
         way, event_mailbox, event_id, event_ical_uid, written_at, created_at"
    };
}

/// A series as it is kept.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptSeries {
    /// Its id.
    pub id: SeriesId,
    /// Its building.
    pub building: BuildingId,
    /// The zone on whose walls it is told.
    pub zone: ZoneName,
    /// Whose it is.
    pub person: Person,
    /// When it repeats, as it is written, and what its rooms have to be like; without what was wanted for single dates.
    pub wish: SeriesWish,
    /// How it is written.
    pub way: Way,
    /// The organizer's event that repeats. `None`: it is not known to stand.
    pub event: Option<EventRef>,
    /// Since when nothing of it is left to be written. `None`: something is.
    pub written_at: Option<Instant>,
    /// When it was placed.
    pub created_at: Instant,
    /// Every date, by number.
    pub dates: Vec<KeptDate>,
}

/// One date of a series.
#[derive(Clone, PartialEq, Debug)]
pub struct KeptDate {
    /// Which, counted from 1.
    pub number: u32,
    /// When the pattern has it start.
    pub original_start: Instant,
    /// When it was to take place as it was placed; the reservation may have been moved since.
    pub range: TimeRange,
    /// Its reservation, in whatever state. `None`: it was left out.
    pub reservation: Option<Reservation>,
    /// Whether that was placed later, as an event of its own: the event that repeats has no such date.
    pub is_apart: bool,
    /// Whether it was left out because no room was free.
    pub is_watched: bool,
    /// A room that is free by now, and since when that is known. `None`: none is, or nobody looked.
    pub offered: Option<(RoomId, Instant)>,
}

impl Store {
    /// A series. `None`: there is no such.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn series(&self, id: SeriesId) -> Result<Option<KeptSeries>, StoreError> {
        const TEXT: &str = concat!("SELECT ", columns!(), " FROM series WHERE id = $1");
        match self.pool.fetch_optional(Sql::new(TEXT).bind(id)).await? {
            Some(row) => self.with_dates(&row).await.map(Some),
            None => Ok(None),
        }
    }

    /// A person's series that end after `from`, the newest first; at most [`SERIES_MAX`].
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn series_of(
        &self,
        person: PersonId,
        from: Instant,
    ) -> Result<Vec<KeptSeries>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM series WHERE person_tenant = $1 AND person_object = $2 AND ends_at > $3 \
            ORDER BY created_at DESC, id LIMIT $4"
        );
        let sql = Sql::new(TEXT)
            .bind(person.tenant)
            .bind(person.object)
            .bind(from)
            .bind(SERIES_MAX);
        let rows = self.pool.fetch_all(sql).await?;
        let mut series = Vec::with_capacity(rows.len());
        for row in &rows {
            series.push(self.with_dates(row).await?);
        }
        Ok(series)
    }

    /// The series that a reservation is a date of. `None`: of none.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn series_with(
        &self,
        reservation: ReservationId,
    ) -> Result<Option<SeriesId>, StoreError> {
        const TEXT: &str = "SELECT series_id, number FROM series_dates WHERE reservation_id = $1";
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(reservation));
        let row = row.await?;
        row.map(|row| row.of("series_dates", "series_id").parse("series_id"))
            .transpose()
    }

    /// Notes the event that repeats, unless one is noted already, and leaves the job that writes the series no more than
    /// this: what only creating the event needs is not kept any longer.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn attach_series_event(
        &self,
        id: SeriesId,
        event: &EventRef,
        (job, payload): (JobId, &serde_json::Value),
    ) -> Result<(), StoreError> {
        const EVENT: &str = "UPDATE series SET event_mailbox = $2, event_id = $3, \
            event_ical_uid = $4 WHERE id = $1 AND event_id IS NULL";
        let noted = Sql::new(EVENT)
            .bind(id)
            .bind(&event.mailbox)
            .bind(&event.event_id)
            .bind(&event.ical_uid);
        let mut tx = self.pool.begin(Durability::Promise).await?;
        tx.execute(noted).await?;
        tx.execute(outbox::keep(job, payload)).await?;
        tx.commit().await
    }

    /// Notes that nothing of it is left to be written.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn series_written(&self, id: SeriesId, now: Instant) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE series SET written_at = $2 WHERE id = $1 AND written_at IS NULL";
        let sql = Sql::new(TEXT).bind(id).bind(now);
        self.pool.write(Durability::Promise, sql).await.map(drop)
    }

    async fn with_dates(&self, row: &Row) -> Result<KeptSeries, StoreError> {
        const DATES: &str = "SELECT series_id, number, original_start, starts_at, ends_at, \
            reservation_id, is_apart, is_watched, offered_room, offered_at \
            FROM series_dates WHERE series_id = $1 ORDER BY number";
        const RESERVATIONS: &str = concat!(
            "SELECT ",
            reservation_columns!(),
            " FROM reservations WHERE id IN \
            (SELECT reservation_id FROM series_dates WHERE series_id = $1)"
        );
        let mut series = read(row)?;
        let rows = self.pool.fetch_all(Sql::new(RESERVATIONS).bind(series.id));
        let mut reservations: HashMap<ReservationId, Reservation> = HashMap::new();
        for row in rows.await? {
            let reservation = read_reservation(&row)?;
            reservations.insert(reservation.id, reservation);
        }
        let rows = self.pool.fetch_all(Sql::new(DATES).bind(series.id)).await?;
        for row in &rows {
            series.dates.push(read_date(row, &mut reservations)?);
        }
        Ok(series)
    }
}

fn read(row: &Row) -> Result<KeptSeries, StoreError> {
    let fields = row.of("series", "id");
    Ok(KeptSeries {
        id: fields.parse("id")?,
        building: fields.parse("building_id")?,
        zone: ZoneName(fields.get("zone")?),
        person: Person {
            id: PersonId {
                tenant: fields.parse("person_tenant")?,
                object: fields.parse("person_object")?,
            },
            display_name: fields.get("person_name")?,
            address: fields.parse("person_address")?,
        },
        wish: fields.json("wish")?,
        way: fields.json("way")?,
        event: fields.event()?,
        written_at: fields.instant_optional("written_at")?,
        created_at: fields.instant("created_at")?,
        dates: Vec::new(),
    })
}

fn read_date(
    row: &Row,
    reservations: &mut HashMap<ReservationId, Reservation>,
) -> Result<KeptDate, StoreError> {
    let fields = row.of("series_dates", "series_id");
    let reservation: Option<ReservationId> = fields.parse_optional("reservation_id")?;
    let offered: Option<RoomId> = fields.parse_optional("offered_room")?;
    Ok(KeptDate {
        number: fields.int("number")?,
        original_start: fields.instant("original_start")?,
        range: fields.range()?,
        reservation: reservation.and_then(|id| reservations.remove(&id)),
        is_apart: fields.get("is_apart")?,
        is_watched: fields.get("is_watched")?,
        offered: offered.zip(fields.instant_optional("offered_at")?),
    })
}

/// A value as the text of its JSON.
fn json_text<T: serde::Serialize>(column: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|source| StoreError::Json {
        table: "series",
        column,
        source,
    })
}
