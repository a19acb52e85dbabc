//! Rooms taken away from their mailboxes, and whole tenants disconnected.
//!
//! The mirror of such rooms is forgotten at once. What their calendars promised to tell us is ended
//! by a task, which tries until the calendar system has taken it; notices that still come are
//! dropped meanwhile.

use booking::BookingError;
use booking::ids::{ConnectionId, RoomId};
use booking::room::Room;

use crate::{Engine, Error};

impl Engine {
    /// Takes a room away from its mailbox: it shows no calendar any more, and can be reserved no more.
    ///
    /// # Errors
    /// [`BookingError::NotFound`] for a room that is not there; when the store fails.
    pub async fn unlink_room(&self, room: RoomId) -> Result<(), Error> {
        let known = self.store.room(room).await?;
        let known = known.ok_or(BookingError::NotFound { what: "room" })?;
        self.unlink(vec![known]).await
    }

    /// The same for every room of a connection; how many there were. The connection itself stays, and rooms can be
    /// linked to it again.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn disconnect_rooms(&self, connection: ConnectionId) -> Result<usize, Error> {
        let mut rooms = self.store.rooms().await?;
        rooms.retain(|room| (room.link.as_ref()).is_some_and(|link| link.connection == connection));
        let count = rooms.len();
        self.unlink(rooms).await?;
        Ok(count)
    }

    async fn unlink(&self, mut rooms: Vec<Room>) -> Result<(), Error> {
        for room in &mut rooms {
            room.link = None;
        }
        self.store.upsert_rooms(&rooms).await?;
        self.reload_index().await?;
        self.nudges.subscriptions.notify_one();
        Ok(())
    }
}
