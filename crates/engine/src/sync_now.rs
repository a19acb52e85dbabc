//! Having calendars read now, because a person asks for it.
//!
//! Who asked is forgotten, and when is kept: how far the reading is follows from what is written
//! down about the rooms, so that any number of pages, processes and restarts see the same.

use booking::BookingError;
use booking::ids::RoomId;
use booking::mirror::SyncRun;
use booking::time::{MINUTE_MS, SECOND_MS};

use crate::{Engine, Error};

/// All rooms are not read again sooner; whoever asks meanwhile watches what is under way.
const ALL_PAUSE_MS: i64 = MINUTE_MS;
/// The same for one room.
const ROOM_PAUSE_MS: i64 = 10 * SECOND_MS;
/// How long the room goes before others.
const FIRST_FOR_MS: i64 = 2 * MINUTE_MS;

impl Engine {
    /// Has every linked room read now, unless that was asked for within the last minute; either way, how far it is. A room
    /// that the calendar system asked us to leave alone is read after that.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sync_all_now(&self) -> Result<SyncRun, Error> {
        let now = self.clock.now();
        let pause = now.plus_ms(-ALL_PAUSE_MS);
        if self.store.begin_sync_run(None, now, pause).await? {
            self.rooms_read.outdate();
            self.nudges.events.notify_one();
        }
        self.run_of(None).await
    }

    /// Has a room read now, before others, and then compared in full; not more often than every ten seconds. How far it
    /// is.
    ///
    /// # Errors
    /// [`BookingError::NotFound`] for a room that is not there or not linked; when the store fails.
    pub async fn sync_room_now(&self, room: RoomId) -> Result<SyncRun, Error> {
        let now = self.clock.now();
        let known = self.store.room(room).await?;
        if known.is_none_or(|room| room.link.is_none()) {
            return Err(BookingError::NotFound { what: "room" }.into());
        }
        let pause = now.plus_ms(-ROOM_PAUSE_MS);
        if self.store.begin_sync_run(Some(room), now, pause).await? {
            self.rooms_read.outdate();
            let first_until = now.plus_ms(FIRST_FOR_MS);
            self.store.note_looked_at(&[room], first_until).await?;
            self.store.put_check_off(room, now).await?;
            self.nudges.events.notify_one();
            self.nudges.sweep.notify_one();
        }
        self.run_of(Some(room)).await
    }

    /// How far the last reading is that was asked for: of one room, or of all. `None`: nobody ever asked.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sync_progress(&self, room: Option<RoomId>) -> Result<Option<SyncRun>, Error> {
        Ok(self.store.sync_run(room, self.clock.now()).await?)
    }

    async fn run_of(&self, room: Option<RoomId>) -> Result<SyncRun, Error> {
        let run = self.store.sync_run(room, self.clock.now()).await?;
        Ok(run.ok_or(BookingError::NotFound { what: "room" })?)
    }
}
