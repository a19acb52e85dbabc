//! Writing and deleting many busy times at once, as each database does it quickest.

use std::sync::LazyLock;

use booking::event::BusyTime;
use booking::ids::RoomId;

use super::word;
use crate::StoreError;
use crate::pool::{Kind, Pool, Tx};
use crate::sql::{Sql, among_postgres, among_sqlite};

const COLUMNS: usize = 9;
/// Rows of one statement on SQLite, least first; few sizes, so that each stays prepared. What is too wide for its rows is
/// filled up with rows of nothing.
const WIDTHS: [usize; 3] = [1, 8, 64];

macro_rules! upsert_text {
    ($rows:literal) => {
        concat!(
            "INSERT INTO busy_times (",
            columns!(),
            ") ",
            $rows,
            " ON CONFLICT (room_id, event_id) DO UPDATE SET \
             ical_uid = excluded.ical_uid, series_id = excluded.series_id, \
             starts_at = excluded.starts_at, ends_at = excluded.ends_at, kind = excluded.kind, \
             organizer_name = excluded.organizer_name, \
             organizer_address = excluded.organizer_address"
        )
    };
}

const UPSERT_POSTGRES: &str = upsert_text!(
    "SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], \
     $6::bigint[], $7::text[], $8::text[], $9::text[])"
);
// SQLite has no arrays. Its parameters bear no numbers, because a numbered one is found by walking over those before it.
// The second column is the event's id.
static UPSERTS_SQLITE: LazyLock<[String; 3]> = LazyLock::new(|| {
    WIDTHS.map(|rows| {
        let text = upsert_text!("SELECT * FROM (VALUES {}) WHERE column2 IS NOT NULL");
        text.replace("{}", &tuples(rows))
    })
});

/// Deletes these events of a room, each of which has to be there.
///
/// # Errors
/// [`StoreError::RowsAffected`], [`StoreError::Driver`].
pub(super) async fn delete(
    pool: &Pool,
    tx: &mut Tx,
    room: RoomId,
    events: Vec<String>,
) -> Result<(), StoreError> {
    const SQLITE: &str = concat!(
        "DELETE FROM busy_times WHERE room_id = $1 AND ",
        among_sqlite!("event_id", "$2")
    );
    const POSTGRES: &str = concat!(
        "DELETE FROM busy_times WHERE room_id = $1 AND ",
        among_postgres!("event_id", "$2")
    );
    if events.is_empty() {
        return Ok(());
    }
    let statement = pool.by_dialect(SQLITE, POSTGRES);
    let expected = events.len() as u64;
    let sql = Sql::new(statement).bind(room).bind(events);
    match tx.execute(sql).await? {
        actual if actual == expected => Ok(()),
        actual => Err(StoreError::RowsAffected {
            statement,
            expected,
            actual,
        }),
    }
}

/// Writes these busy times of these rooms, in the place of what was there under the same ids.
///
/// # Errors
/// [`StoreError::Driver`].
pub(super) async fn upsert(
    pool: &Pool,
    tx: &mut Tx,
    busy_times: &[(RoomId, &BusyTime)],
) -> Result<(), StoreError> {
    if busy_times.is_empty() {
        return Ok(());
    }
    match pool.kind {
        Kind::Sqlite(_) => upsert_by_rows(tx, busy_times).await,
        Kind::Postgres(_) => tx.execute(by_columns(busy_times)).await.map(|_| ()),
    }
}

async fn upsert_by_rows(tx: &mut Tx, busy_times: &[(RoomId, &BusyTime)]) -> Result<(), StoreError> {
    let mut rest = busy_times.iter();
    while rest.len() > 0 {
        let widest = WIDTHS.len() - 1;
        let fitting = WIDTHS.iter().position(|width| *width >= rest.len());
        let at = fitting.unwrap_or(widest);
        let mut sql = Sql::new(UPSERTS_SQLITE[at].as_str());
        for _ in 0..WIDTHS[at] {
            sql = match rest.next() {
                Some((room, busy)) => bind(sql, *room, busy),
                None => (0..COLUMNS).fold(sql, |sql, _| sql.bind(None::<String>)),
            };
        }
        tx.execute(sql).await?;
    }
    Ok(())
}

fn bind(sql: Sql, room: RoomId, busy: &BusyTime) -> Sql {
    let (name, address) = organizer(busy);
    sql.bind(room)
        .bind(busy.event_id.clone())
        .bind(busy.ical_uid.clone())
        .bind(busy.series_id.clone())
        .bind(busy.range.start())
        .bind(busy.range.end())
        .bind(word(busy.kind))
        .bind(name)
        .bind(address)
}

fn by_columns(busy_times: &[(RoomId, &BusyTime)]) -> Sql {
    let rows = busy_times.len();
    let mut texts: [Vec<Option<String>>; 7] = std::array::from_fn(|_| Vec::with_capacity(rows));
    let mut edges: [Vec<i64>; 2] = std::array::from_fn(|_| Vec::with_capacity(rows));
    for (room, busy) in busy_times {
        let (name, address) = organizer(busy);
        let row = [
            Some(room.to_string()),
            Some(busy.event_id.clone()),
            busy.ical_uid.clone(),
            busy.series_id.clone(),
            Some(word(busy.kind).to_owned()),
            name,
            address,
        ];
        for (column, value) in texts.iter_mut().zip(row) {
            column.push(value);
        }
        edges[0].push(busy.range.start().0);
        edges[1].push(busy.range.end().0);
    }
    let [rooms, ids, uids, series, kinds, names, addresses] = texts;
    let [starts, ends] = edges;
    Sql::new(UPSERT_POSTGRES)
        .bind(rooms)
        .bind(ids)
        .bind(uids)
        .bind(series)
        .bind(starts)
        .bind(ends)
        .bind(kinds)
        .bind(names)
        .bind(addresses)
}

/// The columns `organizer_name` and `organizer_address`.
fn organizer(busy: &BusyTime) -> (Option<String>, Option<String>) {
    match &busy.organizer {
        None => (None, None),
        Some(organizer) => (
            Some(organizer.display_name.clone()),
            organizer.address.as_ref().map(ToString::to_string),
        ),
    }
}

fn tuples(rows: usize) -> String {
    let tuple = format!("({})", ["?"; COLUMNS].join(", "));
    vec![tuple; rows].join(", ")
}
