//! Which provider speaks for which connection.

use std::collections::HashMap;
use std::sync::Arc;

use booking::BookingError;
use booking::ids::ConnectionId;
use booking::provider::CalendarProvider;
use booking::room::{Room, RoomLink};
use booking::rules::Refusal;

use crate::Error;

/// The providers of all connections.
#[derive(Clone, Default)]
pub struct Providers {
    by_connection: HashMap<ConnectionId, Arc<dyn CalendarProvider>>,
}

impl Providers {
    /// No connection yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the provider of a connection.
    pub fn add(&mut self, connection: ConnectionId, provider: Arc<dyn CalendarProvider>) {
        self.by_connection.insert(connection, provider);
    }

    /// The provider of a connection.
    pub fn get(&self, connection: ConnectionId) -> Option<&Arc<dyn CalendarProvider>> {
        self.by_connection.get(&connection)
    }

    /// Every connection and its provider.
    pub fn iter(&self) -> impl Iterator<Item = (ConnectionId, &Arc<dyn CalendarProvider>)> {
        self.by_connection
            .iter()
            .map(|(id, provider)| (*id, provider))
    }

    /// A room's link with the provider behind it.
    ///
    /// # Errors
    /// [`Refusal::NotLinked`] when the room has no mailbox, or its connection is gone.
    pub fn of_room<'a>(
        &'a self,
        room: &'a Room,
    ) -> Result<(&'a RoomLink, &'a Arc<dyn CalendarProvider>), Error> {
        room.link
            .as_ref()
            .and_then(|link| Some((link, self.get(link.connection)?)))
            .ok_or_else(|| BookingError::Refused(vec![Refusal::NotLinked]).into())
    }
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.by_connection.keys()).finish()
    }
}
