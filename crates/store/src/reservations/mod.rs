//! What was promised: holds, changes of state, lookups.
//!
//! [`hold`] writes a reservation down first, [`transition`] moves it through the states, [`moving`] gives it another time
//! or room, [`remark`] notes how it is getting on in between, [`steps`] how far it has come, and [`draft`] tends the courtesy holds of drafts in
//! Outlook. Every transaction here stamps the room's row before it looks at the room's reservations
//! (see [`crate::revisions`]), so two of one room never overlap.

/// The columns [`read`] wants. Never `*`: a column that a newer version adds would make the
/// prepared statements of an older process fail.
macro_rules! reservation_columns {
    () => {
        "id, room_id, starts_at, ends_at, state, draft_key, expires_at, person_tenant, \
         person_object, person_name, person_address, event_mailbox, event_id, event_ical_uid, \
         moving, swap, on_behalf_of, note, created_at, changed_at"
    };
}

pub(crate) use reservation_columns;
macro_rules! columns {
    () => {
        reservation_columns!()
    };
}

pub mod course;
/// What is in the way: open reservations that overlap and that the calendar may not show yet. The
/// list of open states repeats the condition of the index `reservations_open`, so that it can be
/// used. The parameters are those of [`hold::with_values`], so that all texts take the same values.
macro_rules! in_the_way {
    () => {
        "state IN ('held', 'submitted', 'confirmed', 'checked_in') \
         AND room_id = $2 AND ends_at > $3 AND starts_at < $4 \
         AND (state = 'submitted' \
             OR (state = 'held' AND (draft_key IS NULL OR (expires_at > $11 \
                 AND draft_key IS DISTINCT FROM $5))) \
             OR (state IN ('confirmed', 'checked_in') AND changed_at >= $12))"
    };
}

mod at_once;
pub mod draft;
pub mod hold;
mod hold_many;
pub mod moving;
pub mod remark;
pub mod steps;
pub mod transition;

use booking::event::EventRef;
use booking::ids::{DraftKey, ReservationId, RoomId};
use booking::person::{Person, PersonId};
use booking::reservation::{Moving, Origin, Reservation, ReservationState, StateNote, Swap};
use booking::time::{Instant, TimeRange};

use crate::pool::Durability;
use crate::row::{Fields, Row};
use crate::sql::{Sql, among_postgres, among_sqlite};
use crate::{Store, StoreError};

pub use hold::{Conflict, HoldOutcome, NewReservation};
pub use moving::{Move, MoveOutcome, MoveWhy, Placed};
pub use steps::FirstSteps;
pub use transition::StateChange;

/// Most reservations that one lookup of a person gives.
pub const RESERVATIONS_MAX: u32 = 500;

const BY_ID: &str = concat!("SELECT ", columns!(), " FROM reservations WHERE id = $1");

impl Store {
    /// A reservation. `None`: there is no such.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn reservation(&self, id: ReservationId) -> Result<Option<Reservation>, StoreError> {
        self.one(Sql::new(BY_ID).bind(id)).await
    }

    /// A person's reservations that end after `from`, in every state, by start; at most
    /// [`RESERVATIONS_MAX`].
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn reservations_of(
        &self,
        person: PersonId,
        from: Instant,
    ) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations \
            WHERE person_tenant = $1 AND person_object = $2 AND ends_at > $3 \
            ORDER BY starts_at, id LIMIT $4"
        );
        let sql = Sql::new(TEXT)
            .bind(person.tenant)
            .bind(person.object)
            .bind(from)
            .bind(RESERVATIONS_MAX);
        self.many(sql).await
    }

    /// Every open reservation that overlaps the window, of all rooms: what the search index lays
    /// over the calendars. Draft holds that have lapsed but are not swept yet are among them.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn open_reservations(
        &self,
        window: TimeRange,
    ) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations \
            WHERE state IN ('held', 'submitted', 'confirmed', 'checked_in') \
            AND starts_at < $1 AND ends_at > $2 ORDER BY room_id, starts_at, id"
        );
        let sql = Sql::new(TEXT).bind(window.end()).bind(window.start());
        self.many(sql).await
    }

    /// The same for some rooms.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn open_reservations_among(
        &self,
        rooms: &[RoomId],
        window: TimeRange,
    ) -> Result<Vec<Reservation>, StoreError> {
        macro_rules! text {
            ($which:expr) => {
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM reservations \
                    WHERE state IN ('held', 'submitted', 'confirmed', 'checked_in') \
                    AND starts_at < $1 AND ends_at > $2 AND ",
                    $which,
                    " ORDER BY room_id, starts_at, id"
                )
            };
        }
        const SQLITE: &str = text!(among_sqlite!("room_id", "$3"));
        const POSTGRES: &str = text!(among_postgres!("room_id", "$3"));
        let sql = Sql::new(self.pool.by_dialect(SQLITE, POSTGRES))
            .bind(window.end())
            .bind(window.start())
            .bind(rooms);
        self.many(sql).await
    }

    /// The same for one room.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn open_reservations_of(
        &self,
        room: RoomId,
        window: TimeRange,
    ) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations \
            WHERE state IN ('held', 'submitted', 'confirmed', 'checked_in') \
            AND room_id = $3 AND starts_at < $1 AND ends_at > $2 ORDER BY starts_at, id"
        );
        let sql = Sql::new(TEXT)
            .bind(window.end())
            .bind(window.start())
            .bind(room);
        self.many(sql).await
    }

    /// Reservations that are not over and of which the organizer's copy has something to tell:
    /// submitted ones, draft holds whose event may stand in the calendar already, and drafts that
    /// are confirmed but whose event is not known. Dates of a series that is still being written are asked about together, by
    /// who writes it, and are left out. Those that changed last come first, because rooms
    /// that never answer must not hide the others.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn awaiting_answer(
        &self,
        now: Instant,
        limit: u32,
    ) -> Result<Vec<Reservation>, StoreError> {
        const TEXT: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM reservations WHERE state IN ('held', 'submitted') \
            AND (state = 'submitted' OR draft_key IS NOT NULL) AND ends_at > $1 \
            AND NOT EXISTS (SELECT 1 FROM series_dates JOIN series ON series.id = series_id \
                WHERE reservation_id = reservations.id AND written_at IS NULL AND NOT is_apart) \
            UNION ALL SELECT ",
            columns!(),
            " FROM reservations WHERE state = 'confirmed' AND draft_key IS NOT NULL \
            AND event_id IS NULL AND ends_at > $1 \
            ORDER BY changed_at DESC, id LIMIT $2"
        );
        self.many(Sql::new(TEXT).bind(now).bind(limit)).await
    }

    /// Notes where the event stands, without a change of state; an event that is noted already
    /// stays. `false`: there was one already, or no such reservation.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn attach_event(
        &self,
        id: ReservationId,
        event: &EventRef,
    ) -> Result<bool, StoreError> {
        const TEXT: &str = "UPDATE reservations SET event_mailbox = $2, event_id = $3, \
            event_ical_uid = $4 WHERE id = $1 AND event_id IS NULL";
        let sql = Sql::new(TEXT)
            .bind(id)
            .bind(&event.mailbox)
            .bind(&event.event_id)
            .bind(&event.ical_uid);
        Ok(self.pool.write(Durability::Promise, sql).await? == 1)
    }

    async fn one(&self, sql: Sql) -> Result<Option<Reservation>, StoreError> {
        let row = self.pool.fetch_optional(sql).await?;
        row.as_ref().map(read).transpose()
    }

    async fn many(&self, sql: Sql) -> Result<Vec<Reservation>, StoreError> {
        let rows = self.pool.fetch_all(sql).await?;
        rows.iter().map(read).collect()
    }
}

pub(crate) fn read(row: &Row) -> Result<Reservation, StoreError> {
    let fields = row.of("reservations", "id");
    let state = state(&fields)?;
    Ok(Reservation {
        id: fields.parse("id")?,
        room: fields.parse("room_id")?,
        range: fields.range()?,
        state,
        origin: origin(&fields)?,
        person: Person {
            id: person_id(&fields)?,
            display_name: fields.get("person_name")?,
            address: fields.parse("person_address")?,
        },
        on_behalf_of: fields.parse_optional("on_behalf_of")?,
        event: fields.event()?,
        // An older process that takes it further leaves this behind.
        moving: match state {
            ReservationState::Submitted => fields.json_optional("moving")?,
            _ => None,
        },
        swap: fields.json_optional("swap")?,
        note: fields.json_optional("note")?,
        created_at: fields.instant("created_at")?,
        changed_at: fields.instant("changed_at")?,
    })
}

fn note_text(note: Option<&StateNote>) -> Result<Option<String>, StoreError> {
    note.map(serde_json::to_string)
        .transpose()
        .map_err(|source| StoreError::Json {
            table: "reservations",
            column: "note",
            source,
        })
}

fn moving_text(moving: Option<&Moving>) -> Result<Option<String>, StoreError> {
    moving
        .map(serde_json::to_string)
        .transpose()
        .map_err(|source| StoreError::Json {
            table: "reservations",
            column: "moving",
            source,
        })
}

fn swap_text(swap: Option<&Swap>) -> Result<Option<String>, StoreError> {
    swap.map(serde_json::to_string)
        .transpose()
        .map_err(|source| StoreError::Json {
            table: "reservations",
            column: "swap",
            source,
        })
}

fn state(fields: &Fields<'_>) -> Result<ReservationState, StoreError> {
    let word: String = fields.get("state")?;
    ReservationState::from_word(&word).ok_or_else(|| fields.broken("state"))
}

fn origin(fields: &Fields<'_>) -> Result<Origin, StoreError> {
    let key: Option<DraftKey> = fields.parse_optional("draft_key")?;
    Ok(match key {
        None => Origin::Portal,
        Some(key) => Origin::Draft {
            key,
            expires_at: fields.instant("expires_at")?,
        },
    })
}

fn person_id(fields: &Fields<'_>) -> Result<PersonId, StoreError> {
    Ok(PersonId {
        tenant: fields.parse("person_tenant")?,
        object: fields.parse("person_object")?,
    })
}
