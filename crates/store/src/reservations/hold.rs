//! Holding a slot: at most one of any number of callers gets it.

use booking::ids::{DraftKey, MailboxAddress, ReservationId, RoomId};
use booking::person::{Person, PersonId};
use booking::reservation::{Origin, Reservation, ReservationState, Swap};
use booking::rules::HOLDS_MAX;
use booking::time::{Instant, TimeRange};

use super::steps::{FirstSteps, put_first};
use super::{person_id, read, state, swap_text};
use crate::audit::{self, Deed};
use crate::outbox::NewJob;
use crate::pool::{Durability, Tx};
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A reservation to be held.
#[derive(Clone, PartialEq, Debug)]
pub struct NewReservation {
    /// Its id.
    pub id: ReservationId,
    /// The room.
    pub room: RoomId,
    /// When.
    pub range: TimeRange,
    /// Where it comes from. A draft that has a hold already keeps it, moved to this room and time.
    pub origin: Origin,
    /// Whose it is.
    pub person: Person,
    /// Now.
    pub created_at: Instant,
    /// When the calendar was asked whether the room is free: what we confirmed since then it may
    /// not have shown yet.
    pub asked_at: Instant,
    /// What the calendar system shall be told. `None` for drafts: the person tells it.
    pub job: Option<NewJob>,
    /// What is to be taken by itself if the room says no. `None`: nothing.
    pub swap: Option<Swap>,
    /// In whose calendar the event shall stand. `None`: in the person's own.
    pub on_behalf_of: Option<MailboxAddress>,
    /// What is known of it already, for its trace; drafts have none.
    pub steps: FirstSteps,
}

/// What became of an attempt to hold a slot.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HoldOutcome {
    /// It is held. A draft's earlier hold keeps its id.
    Held(Box<Reservation>),
    /// Something of ours is in the way; nothing was kept.
    Refused(Conflict),
    /// The person holds [`HOLDS_MAX`] rooms for other drafts; nothing was kept.
    TooMany,
    /// Somebody else holds a room under the draft's key; nothing was kept.
    NotYours,
}

/// The reservation in the way.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// Its id.
    pub id: ReservationId,
    /// When.
    pub range: TimeRange,
    /// Where in its life it is.
    pub state: ReservationState,
    /// Whether it belongs to the very person who asks.
    pub same_person: bool,
}

const CONFLICT: &str = concat!(
    "SELECT id, state, starts_at, ends_at, person_tenant, person_object FROM reservations WHERE ",
    in_the_way!(),
    " ORDER BY starts_at, id LIMIT 1"
);

/// Looking and writing are one statement only to save a trip; what makes it safe is the lock on
/// the room that comes before. The conflict target is the unique index `reservations_draft`: one
/// hold per draft, and nobody else's is moved. A row without a draft never meets it. A hold that is moved is made anew, one
/// that is only asked for again keeps its age.
const PUT: &str = concat!(
    "INSERT INTO reservations (id, room_id, starts_at, ends_at, state, draft_key, expires_at, \
         person_tenant, person_object, person_name, person_address, created_at, \
         changed_at, swap, on_behalf_of) \
     SELECT $1, $2, $3, $4, 'held', $5, $6, $7, $8, $9, $10, $11, $11, $13, $14 \
     WHERE NOT EXISTS (SELECT 1 FROM reservations WHERE ",
    in_the_way!(),
    ") ON CONFLICT (draft_key) WHERE state = 'held' DO UPDATE SET \
         room_id = excluded.room_id, starts_at = excluded.starts_at, ends_at = excluded.ends_at, \
         expires_at = excluded.expires_at, person_name = excluded.person_name, \
         person_address = excluded.person_address, changed_at = excluded.changed_at, \
         created_at = CASE WHEN reservations.room_id = excluded.room_id \
             AND reservations.starts_at = excluded.starts_at \
             AND reservations.ends_at = excluded.ends_at \
             THEN reservations.created_at ELSE excluded.created_at END \
         WHERE reservations.person_tenant = excluded.person_tenant \
             AND reservations.person_object = excluded.person_object \
     RETURNING ",
    columns!()
);

impl Store {
    /// Holds the slot, unless a reservation of ours that the calendar may not show yet is in the
    /// way, whosever it is: held, submitted, or confirmed since the calendar was asked. The job, if
    /// any, is kept in the same transaction. What the calendar itself shows is for the caller to look
    /// at. Of drafts, a person holds [`HOLDS_MAX`] at most.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such room; [`StoreError::Driver`].
    pub async fn hold_slot(&self, new: &NewReservation) -> Result<HoldOutcome, StoreError> {
        if let Some(held) = self.hold_at_once(new).await? {
            self.nudge.committed();
            return Ok(HoldOutcome::Held(Box::new(held)));
        }
        let mut tx = self.pool.begin(Durability::Promise).await?;
        if let Some(key) = draft_key(new.origin)
            && holds_of_others(&mut tx, new, key).await? >= i64::from(HOLDS_MAX)
        {
            return Ok(HoldOutcome::TooMany);
        }
        self.lock_rooms(&mut tx, new).await?;
        let held = match put(&mut tx, new).await? {
            Ok(held) => held,
            Err(Some(conflict)) => return Ok(HoldOutcome::Refused(conflict)),
            Err(None) => return Ok(HoldOutcome::NotYours),
        };
        if let Some(job) = &new.job {
            self.put_job(&mut tx, held.id, job).await?;
        }
        tx.commit().await?;
        self.nudge.committed();
        Ok(HoldOutcome::Held(Box::new(held)))
    }

    /// The room, and the one that the draft's hold leaves; in order, so that two drafts that swap
    /// rooms do not wait for each other for ever.
    async fn lock_rooms(&self, tx: &mut Tx, new: &NewReservation) -> Result<(), StoreError> {
        let mut rooms = vec![new.room];
        if let Some(key) = draft_key(new.origin) {
            rooms.extend(room_held_for(tx, key).await?);
        }
        rooms.sort_unstable();
        rooms.dedup();
        for room in rooms {
            self.stamp(tx, room).await?;
        }
        Ok(())
    }
}

const fn draft_key(origin: Origin) -> Option<DraftKey> {
    match origin {
        Origin::Portal => None,
        Origin::Draft { key, .. } => Some(key),
    }
}

/// The holds a person has for other drafts. The person's row is locked first, so that many drafts at
/// once cannot all be the last; rooms come after it, always, so nobody waits in a circle.
async fn holds_of_others(
    tx: &mut Tx,
    new: &NewReservation,
    key: DraftKey,
) -> Result<i64, StoreError> {
    const LOCK: &str =
        "UPDATE people SET display_name = display_name WHERE tenant = $1 AND object = $2";
    const COUNT: &str = "SELECT COUNT(*) AS holds FROM reservations \
        WHERE person_tenant = $1 AND person_object = $2 AND ends_at > $3 \
        AND state = 'held' AND expires_at > $3 AND draft_key <> $4";
    let of_person = |text| {
        Sql::new(text)
            .bind(new.person.id.tenant)
            .bind(new.person.id.object)
    };
    tx.execute(of_person(LOCK)).await?;
    let count = of_person(COUNT).bind(new.created_at).bind(key);
    match tx.fetch_optional(count).await? {
        Some(row) => row.of("reservations", "id").get("holds"),
        None => Ok(0),
    }
}

async fn room_held_for(tx: &mut Tx, key: DraftKey) -> Result<Option<RoomId>, StoreError> {
    const TEXT: &str =
        "SELECT id, room_id FROM reservations WHERE draft_key = $1 AND state = 'held'";
    let row = tx.fetch_optional(Sql::new(TEXT).bind(key)).await?;
    row.map(|row| row.of("reservations", "id").parse("room_id"))
        .transpose()
}

/// Holds a slot whose room is locked, or says what is in the way. `Err(None)`: nothing, but the draft is somebody else's.
pub(super) async fn put(
    tx: &mut Tx,
    new: &NewReservation,
) -> Result<Result<Reservation, Option<Conflict>>, StoreError> {
    let put = with_values(PUT, new)
        .bind(swap_text(new.swap.as_ref())?)
        .bind(new.on_behalf_of.as_ref());
    let Some(row) = tx.fetch_optional(put).await? else {
        return Ok(Err(what_is_in_the_way(tx, new).await?));
    };
    let held = read(&row)?;
    // What is only held for a draft is nothing that anybody has placed yet.
    if held.origin == Origin::Portal {
        put_first(tx, held.id, new.created_at, new.steps).await?;
        let who = Some(new.person.id);
        audit::put(tx, &held, Deed::Placed, who, new.created_at).await?;
    }
    Ok(Ok(held))
}

/// Nothing was written: says what was in the way. `None`: nothing was, but the draft is somebody else's.
async fn what_is_in_the_way(
    tx: &mut Tx,
    new: &NewReservation,
) -> Result<Option<Conflict>, StoreError> {
    match tx.fetch_optional(with_values(CONFLICT, new)).await? {
        Some(row) => conflict(&row, new.person.id).map(Some),
        None if draft_key(new.origin).is_some() => Ok(None),
        None => Err(StoreError::RowsAffected {
            statement: PUT,
            expected: 1,
            actual: 0,
        }),
    }
}

/// What is in the way of this person.
pub(super) fn conflict(row: &Row, person: PersonId) -> Result<Conflict, StoreError> {
    let fields = row.of("reservations", "id");
    Ok(Conflict {
        id: fields.parse("id")?,
        range: fields.range()?,
        state: state(&fields)?,
        same_person: person_id(&fields)? == person,
    })
}

pub(super) fn with_values(text: &'static str, new: &NewReservation) -> Sql {
    let (key, expires_at) = match new.origin {
        Origin::Portal => (None, None),
        Origin::Draft { key, expires_at } => (Some(key), Some(expires_at)),
    };
    Sql::new(text)
        .bind(new.id)
        .bind(new.room)
        .bind(new.range.start())
        .bind(new.range.end())
        .bind(key)
        .bind(expires_at)
        .bind(new.person.id.tenant)
        .bind(new.person.id.object)
        .bind(&new.person.display_name)
        .bind(&new.person.address)
        .bind(new.created_at)
        .bind(new.asked_at)
}
