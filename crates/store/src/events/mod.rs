//! Busy times, as the rooms' calendars told them last.
//!
//! [`commit`] is what a round of reading brought, `gather` has those that come at once taken in `together`, `rows` writes
//! them; here they are read back.

/// The columns [`read`] wants.
macro_rules! columns {
    () => {
        "room_id, event_id, ical_uid, series_id, starts_at, ends_at, kind, organizer_name, \
         organizer_address"
    };
}

pub mod commit;
mod gather;
mod rows;
mod together;

use booking::event::{BusyKind, BusyTime, Organizer};
use booking::ids::RoomId;
use booking::search::{Occupancy, OccupancyKind};
use booking::time::{Instant, TimeRange};
use futures::stream::{BoxStream, StreamExt as _};

use crate::row::Row;
use crate::sql::{Sql, among_postgres, among_sqlite};
use crate::{Store, StoreError};

pub(crate) use gather::Gathered;

pub use commit::{BusyChange, Committed, Learnt, RoomCommit, Taken};

const OF_ROOMS_SQLITE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM busy_times WHERE ",
    among_sqlite!("room_id", "$1")
);
const OF_ROOMS_POSTGRES: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM busy_times WHERE ",
    among_postgres!("room_id", "$1")
);

macro_rules! occupied_text {
    ($($which:ident!($column:literal, $list:literal))?) => {
        concat!(
            "SELECT room_id, string_agg(CAST(starts_at AS TEXT) || ' ' || \
                CAST(ends_at AS TEXT) || ' ' || kind, ',') AS occupied \
            FROM busy_times WHERE starts_at < $1 AND ends_at > $2 ",
            $("AND ", $which!($column, $list),)?
            " GROUP BY room_id"
        )
    };
}

impl Store {
    /// Every busy time that overlaps the window, of all rooms, in no particular order, as the
    /// database gives them.
    pub fn busy_times(
        &self,
        window: TimeRange,
    ) -> BoxStream<'_, Result<(RoomId, BusyTime), StoreError>> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM busy_times WHERE starts_at < $1 AND ends_at > $2"
        );
        let sql = Sql::new(TEXT).bind(window.end()).bind(window.start());
        self.pool
            .fetch(sql)
            .map(|row| {
                let row = row?;
                let room = row.of("busy_times", "event_id").parse("room_id")?;
                Ok((room, read(&row)?))
            })
            .boxed()
    }

    /// When each room is taken within the window, by start, without events and people: what the
    /// search index is filled with at the start. Rooms that are never taken are left out.
    pub fn occupancies(
        &self,
        window: TimeRange,
    ) -> BoxStream<'_, Result<(RoomId, Vec<Occupancy>), StoreError>> {
        // One row per room instead of one per busy time: ten times fewer trips through the driver
        // are what makes a cold start with ten thousand rooms quick.
        const TEXT: &str = occupied_text!();
        let sql = Sql::new(TEXT).bind(window.end()).bind(window.start());
        self.pool.fetch(sql).map(|row| read_occupied(&row?)).boxed()
    }

    /// The same for some rooms.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn occupancies_among(
        &self,
        rooms: &[RoomId],
        window: TimeRange,
    ) -> Result<Vec<(RoomId, Vec<Occupancy>)>, StoreError> {
        const SQLITE: &str = occupied_text!(among_sqlite!("room_id", "$3"));
        const POSTGRES: &str = occupied_text!(among_postgres!("room_id", "$3"));
        let sql = Sql::new(self.pool.by_dialect(SQLITE, POSTGRES))
            .bind(window.end())
            .bind(window.start())
            .bind(rooms);
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(read_occupied).collect()
    }

    /// The busy times of one room that overlap the window, by start.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn busy_times_of(
        &self,
        room: RoomId,
        window: TimeRange,
    ) -> Result<Vec<BusyTime>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM busy_times WHERE room_id = $1 AND starts_at < $2 AND ends_at > $3 \
             ORDER BY starts_at, event_id"
        );
        let sql = Sql::new(TEXT)
            .bind(room)
            .bind(window.end())
            .bind(window.start());
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(read).collect()
    }

    /// Which of these ids are those of series that have meetings in a room.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn series_among(
        &self,
        room: RoomId,
        ids: Vec<String>,
    ) -> Result<Vec<String>, StoreError> {
        const SQLITE: &str = concat!(
            "SELECT DISTINCT series_id FROM busy_times WHERE room_id = $1 AND ",
            among_sqlite!("series_id", "$2")
        );
        const POSTGRES: &str = concat!(
            "SELECT DISTINCT series_id FROM busy_times WHERE room_id = $1 AND ",
            among_postgres!("series_id", "$2")
        );
        let text = self.pool.by_dialect(SQLITE, POSTGRES);
        let rows = self
            .pool
            .fetch_all(Sql::new(text).bind(room).bind(ids))
            .await?;
        rows.iter()
            .map(|row| row.of("busy_times", "series_id").get("series_id"))
            .collect()
    }
}

const fn word(kind: BusyKind) -> &'static str {
    match kind {
        BusyKind::Tentative => "tentative",
        BusyKind::Busy => "busy",
    }
}

fn from_word(word: &str) -> Option<BusyKind> {
    match word {
        "tentative" => Some(BusyKind::Tentative),
        "busy" => Some(BusyKind::Busy),
        _ => None,
    }
}

fn read_occupied(row: &Row) -> Result<(RoomId, Vec<Occupancy>), StoreError> {
    let fields = row.of("busy_times", "room_id");
    let text: String = fields.get("occupied")?;
    let mut occupied = text
        .split(',')
        .map(occupancy)
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| fields.broken("ends_at"))?;
    occupied.sort_unstable();
    Ok((fields.parse("room_id")?, occupied))
}

/// Reads `start end kind`.
fn occupancy(text: &str) -> Option<Occupancy> {
    let mut parts = text.split(' ');
    let mut instant = || parts.next()?.parse().ok().map(Instant);
    let range = TimeRange::new(instant()?, instant()?).ok()?;
    let kind = from_word(parts.next()?)?;
    Some(Occupancy {
        range,
        kind: OccupancyKind::Calendar(kind),
    })
}

fn read(row: &Row) -> Result<BusyTime, StoreError> {
    let fields = row.of("busy_times", "event_id");
    let kind: String = fields.get("kind")?;
    let organizer = match fields.get::<Option<String>>("organizer_name")? {
        None => None,
        Some(display_name) => Some(Organizer {
            display_name,
            address: fields.parse_optional("organizer_address")?,
        }),
    };
    Ok(BusyTime {
        event_id: fields.get("event_id")?,
        ical_uid: fields.get("ical_uid")?,
        series_id: fields.get("series_id")?,
        range: fields.range()?,
        kind: from_word(&kind).ok_or_else(|| fields.broken("kind"))?,
        organizer,
    })
}
