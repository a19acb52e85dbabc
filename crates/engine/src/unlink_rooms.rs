//! Rooms taken away from their mailboxes, and whole tenants disconnected.
//!
//! The mirror of such rooms is forgotten at once. What their calendars promised to tell us is ended
//! by a task, which tries until the calendar system has taken it; notices that still come are
//! dropped meanwhile.

use booking::BookingError;
use booking::ids::{ConnectionId, RoomId};
use booking::room::Room;
use booking::search::rank::natural_order;
use store::tenants::Hanging;

use crate::{Engine, Error};

/// What hangs on a connection.
#[derive(Clone, PartialEq, Debug)]
pub struct Disconnection {
    /// The rooms that are linked through it, by number.
    pub rooms: Vec<Room>,
    /// How much more.
    pub hanging: Hanging,
}

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
        let rooms = self.linked_by(connection).await?;
        let count = rooms.len();
        self.unlink(rooms).await?;
        Ok(count)
    }

    /// What [`Engine::disconnect_rooms`] would take away, and what would be left behind.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn disconnection(&self, connection: ConnectionId) -> Result<Disconnection, Error> {
        let mut rooms = self.linked_by(connection).await?;
        rooms.sort_by(|a, b| natural_order(&a.number, &b.number));
        let hanging = self.store.hanging_on(connection, self.clock.now()).await?;
        Ok(Disconnection { rooms, hanging })
    }

    async fn linked_by(&self, connection: ConnectionId) -> Result<Vec<Room>, Error> {
        let mut rooms = self.store.rooms().await?;
        rooms.retain(|room| (room.link.as_ref()).is_some_and(|link| link.connection == connection));
        Ok(rooms)
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
