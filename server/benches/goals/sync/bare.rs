//! The reference: the same rows through the same driver into the same schema, a transaction for each
//! room, as durable as a mirror has to be.

use std::sync::LazyLock;
use std::time::Instant;

use anyhow::{Result, ensure};
use booking::event::{BusyKind, BusyTime};
use booking::room::Room;
use futures::future::try_join_all;
use sqlx::Executor as _;
use sqlx::sqlite::SqliteSynchronous;

use super::calendars::EVENTS;
use crate::database::{Bare, Database};
use crate::measure::CROWD;

/// Rows of one statement that are tried; the best counts.
pub(super) const WIDTHS: [usize; 3] = [6, 20, 60];
const COLUMNS: usize = 9;

static UPSERTS: LazyLock<[String; 3]> = LazyLock::new(|| WIDTHS.map(upsert));

/// Writes a room's rows in a transaction of either pool; the two have no type in common.
macro_rules! write_room {
    ($pool:expr, $room:expr, $rows:expr, $width:expr $(, $begun:literal)?) => {{
        let room = $room.id.to_string();
        let mut tx = $pool.begin().await?;
        $(tx.execute($begun).await?;)?
        let mut written = 0;
        for rows in $rows.chunks(WIDTHS[$width]) {
            let mut query = sqlx::query(UPSERTS[$width].as_str());
            for row in rows {
                let organizer = row.organizer.as_ref();
                let address = organizer.and_then(|one| one.address.as_ref());
                query = query
                    .bind(room.clone())
                    .bind(row.event_id.clone())
                    .bind(row.ical_uid.clone())
                    .bind(row.series_id.clone())
                    .bind(row.range.start().0)
                    .bind(row.range.end().0)
                    .bind(word(row.kind))
                    .bind(organizer.map(|one| one.display_name.clone()))
                    .bind(address.map(ToString::to_string));
            }
            written += query.execute(&mut *tx).await?.rows_affected();
        }
        tx.commit().await?;
        ensure!(written == EVENTS as u64, "{written} rows were written");
    }};
}

/// Rows a second, so many in a statement.
pub(super) async fn upsert_all(
    database: &Database,
    name: &str,
    rooms: &[Room],
    calendars: &[Vec<BusyTime>],
    rows_together: usize,
) -> Result<f64> {
    let bare = Bare::prepare(database, name, rooms, SqliteSynchronous::Normal).await?;
    let width = WIDTHS.iter().position(|one| *one == rows_together);
    let width = width.unwrap_or_default();
    let lanes = match &bare {
        Bare::Sqlite(_) => 1,
        Bare::Postgres(_) => CROWD,
    };
    let of_lane = |lane: usize| -> Vec<(Room, Vec<BusyTime>)> {
        let rooms = rooms.iter().enumerate().skip(lane).step_by(lanes);
        rooms
            .map(|(at, room)| (room.clone(), calendars[at % calendars.len()].clone()))
            .collect()
    };
    let work: Vec<_> = (0..lanes).map(of_lane).collect();
    let start = Instant::now();
    let tasks = work.into_iter().map(|work| {
        let bare = bare.clone();
        tokio::spawn(async move {
            for (room, rows) in &work {
                match &bare {
                    Bare::Sqlite(pool) => write_room!(pool, room, rows, width),
                    Bare::Postgres(pool) => {
                        write_room!(
                            pool,
                            room,
                            rows,
                            width,
                            "SET LOCAL synchronous_commit = off"
                        );
                    }
                }
            }
            anyhow::Ok(())
        })
    });
    for done in try_join_all(tasks).await? {
        done?;
    }
    Ok((rooms.len() * EVENTS) as f64 / start.elapsed().as_secs_f64())
}

fn upsert(rows: usize) -> String {
    let tuple = |row: usize| {
        let parameters = (1..=COLUMNS).map(|column| format!("${}", row * COLUMNS + column));
        format!("({})", parameters.collect::<Vec<_>>().join(", "))
    };
    let tuples: Vec<String> = (0..rows).map(tuple).collect();
    format!(
        "INSERT INTO busy_times (room_id, event_id, ical_uid, series_id, starts_at, ends_at, kind, \
         organizer_name, organizer_address) VALUES {} ON CONFLICT (room_id, event_id) DO UPDATE SET \
         ical_uid = excluded.ical_uid, series_id = excluded.series_id, \
         starts_at = excluded.starts_at, ends_at = excluded.ends_at, kind = excluded.kind, \
         organizer_name = excluded.organizer_name, organizer_address = excluded.organizer_address",
        tuples.join(", ")
    )
}

const fn word(kind: BusyKind) -> &'static str {
    match kind {
        BusyKind::Tentative => "tentative",
        BusyKind::Busy => "busy",
    }
}
