//! Dates of series that have no room, and what became free for them.

use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::reservation::Reservation;
use booking::series::SeriesWish;
use booking::time::{DAY_MS, Instant, TimeRange};

use crate::pool::Durability;
use crate::reservations::{Conflict, NewReservation};
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// By how much a date may have been moved to later and is still found.
const MOVED_MS_MAX: i64 = 31 * DAY_MS;

/// A date that waits for a room.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchedDate {
    /// Its series.
    pub series: SeriesId,
    /// Which date, counted from 1.
    pub number: u32,
    /// When it would take place: where it was moved to, though a room said no there.
    pub range: TimeRange,
    /// What its room has to be like.
    pub wish: SeriesWish,
    /// What is offered for it. `None`: nothing.
    pub offered: Option<RoomId>,
}

/// What became of an attempt to place a date that waits for a room.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DateOutcome {
    /// It is held, and the date has it.
    Held(Box<Reservation>),
    /// Something of ours is in the way; nothing was kept.
    Refused(Conflict),
    /// The date has another reservation than it was known with by now; nothing was kept.
    Meanwhile,
}

impl Store {
    /// Dates that begin after `now` and wait for a room: they were left out because none was free, or their room said no and
    /// their meeting does not stand without it. Every person's next one first, then every person's second, and so on, so that
    /// nobody's many keep others' from being looked at; at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn watched_dates(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<WatchedDate>, StoreError> {
        // The notes left out are those of which `StateNote::leaves_meeting` is true.
        const TEXT: &str = "SELECT series_id, number, starts_at, ends_at, offered_room, wish FROM \
            (SELECT d.series_id, d.number, d.offered_room, s.wish, \
                COALESCE(r.starts_at, d.starts_at) AS starts_at, \
                COALESCE(r.ends_at, d.ends_at) AS ends_at, \
                ROW_NUMBER() OVER (PARTITION BY s.person_tenant, s.person_object \
                    ORDER BY COALESCE(r.starts_at, d.starts_at), d.series_id, d.number) AS turn \
            FROM series_dates d JOIN series s ON s.id = d.series_id \
            LEFT JOIN reservations r ON r.id = d.reservation_id \
            WHERE d.starts_at > $2 AND COALESCE(r.starts_at, d.starts_at) > $1 \
            AND (d.is_watched OR (r.state = 'declined' AND (r.note IS NULL \
                OR (r.note NOT LIKE '%\"declined_here\"%' AND r.note NOT LIKE '%\"declined_late\"%'))))) \
            AS waiting ORDER BY turn, starts_at, series_id, number LIMIT $3";
        let sql = Sql::new(TEXT)
            .bind(now)
            .bind(now.plus_ms(-MOVED_MS_MAX))
            .bind(limit);
        self.pool.fetch_all(sql).await?.iter().map(read).collect()
    }

    /// Notes what is free for a date by now; `None`: nothing is any more.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn offer_room(
        &self,
        (series, number): (SeriesId, u32),
        room: Option<(RoomId, Instant)>,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "UPDATE series_dates SET offered_room = $3, offered_at = $4 \
            WHERE series_id = $1 AND number = $2";
        let sql = Sql::new(TEXT)
            .bind(series)
            .bind(number)
            .bind(room.map(|(room, _)| room))
            .bind(room.map(|(_, at)| at));
        self.pool.write(Durability::Promise, sql).await.map(drop)
    }

    /// Holds a reservation for a date that is known with this one, as [`Store::hold_slot`] would, and gives the date to it in
    /// the same transaction: it waits for no room any more, and nobody places it twice. Of a draft nothing is held.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`], also where the id is taken.
    pub async fn hold_date(
        &self,
        (series, number): (SeriesId, u32),
        known: Option<ReservationId>,
        new: &NewReservation,
    ) -> Result<DateOutcome, StoreError> {
        const TEXT: &str = "UPDATE series_dates SET reservation_id = $4, is_apart = TRUE, \
                is_watched = FALSE, offered_room = NULL, offered_at = NULL \
            WHERE series_id = $1 AND number = $2 AND reservation_id IS NOT DISTINCT FROM $3";
        let mut tx = self.pool.begin(Durability::Promise).await?;
        let held = match self.hold_slots(&mut tx, std::slice::from_ref(new)).await? {
            Ok(held) => held.into_iter().next(),
            Err(refused) => {
                let conflict = refused.into_iter().next().map(|(_, conflict)| conflict);
                return Ok(conflict.map_or(DateOutcome::Meanwhile, DateOutcome::Refused));
            }
        };
        let Some(held) = held else {
            return Ok(DateOutcome::Meanwhile);
        };
        let given = Sql::new(TEXT)
            .bind(series)
            .bind(number)
            .bind(known)
            .bind(held.id);
        if tx.execute(given).await? != 1 {
            return Ok(DateOutcome::Meanwhile);
        }
        if let Some(job) = &new.job {
            self.put_job(&mut tx, held.id, job).await?;
        }
        tx.commit().await?;
        self.nudge.committed();
        Ok(DateOutcome::Held(Box::new(held)))
    }
}

fn read(row: &Row) -> Result<WatchedDate, StoreError> {
    let fields = row.of("series_dates", "series_id");
    Ok(WatchedDate {
        series: fields.parse("series_id")?,
        number: fields.int("number")?,
        range: fields.range()?,
        wish: fields.json("wish")?,
        offered: fields.parse_optional("offered_room")?,
    })
}
