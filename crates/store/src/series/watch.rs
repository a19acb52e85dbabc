//! Dates of series that have no room, and what became free for them.

use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::series::SeriesWish;
use booking::time::{Instant, TimeRange};

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A date that waits for a room.
#[derive(Clone, PartialEq, Debug)]
pub struct WatchedDate {
    /// Its series.
    pub series: SeriesId,
    /// Which date, counted from 1.
    pub number: u32,
    /// When it would take place.
    pub range: TimeRange,
    /// What its room has to be like.
    pub wish: SeriesWish,
    /// What is offered for it. `None`: nothing.
    pub offered: Option<RoomId>,
}

impl Store {
    /// Dates that begin after `now` and wait for a room: they were left out because none was free, or their room said no.
    /// The next ones first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn watched_dates(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<WatchedDate>, StoreError> {
        const TEXT: &str = "SELECT d.series_id, d.number, d.starts_at, d.ends_at, \
                d.offered_room, s.wish \
            FROM series_dates d JOIN series s ON s.id = d.series_id \
            LEFT JOIN reservations r ON r.id = d.reservation_id \
            WHERE d.starts_at > $1 AND (d.is_watched OR r.state = 'declined') \
            ORDER BY d.starts_at, d.series_id, d.number LIMIT $2";
        let rows = self.pool.fetch_all(Sql::new(TEXT).bind(now).bind(limit));
        rows.await?.iter().map(read).collect()
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

    /// Gives a date the reservation that was placed for it: it waits for no room any more. `false`: it has another one
    /// than `known` by now.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn give_date(
        &self,
        (series, number): (SeriesId, u32),
        known: Option<ReservationId>,
        reservation: ReservationId,
    ) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE series_dates SET reservation_id = $4, is_apart = TRUE, \
                is_watched = FALSE, offered_room = NULL, offered_at = NULL \
            WHERE series_id = $1 AND number = $2 AND reservation_id IS NOT DISTINCT FROM $3";
        let sql = Sql::new(TEXT)
            .bind(series)
            .bind(number)
            .bind(known)
            .bind(reservation);
        Ok(self.pool.write(Durability::Promise, sql).await? == 1)
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
