//! Giving back the room alone: the meeting stays.

use booking::provider::{EventEdit, LocationLine, ProviderError};
use booking::reservation::Reservation;

use crate::on_behalf::actor_of;
use crate::{Engine, Error};

impl Engine {
    /// Takes the room out of the event's list, and out of its location line where that names nothing else.
    pub(super) async fn release(&self, reservation: &Reservation) -> Result<(), Error> {
        const DOING: &str = "giving back the room";
        let room = self.room(reservation.room)?;
        let (link, provider) = self.providers.of_room(&room)?;
        let actor = actor_of(reservation);
        if let Some(event) = self.standing_event(reservation).await? {
            let own = provider.own_event(&actor, &event).await;
            let own = own.map_err(Error::while_doing(DOING))?;
            if let Some(own) = own.filter(|own| own.invites(&link.mailbox)) {
                let is_named = own.location == room.name;
                let edit = EventEdit {
                    times: None,
                    invited: Some(own.with_rooms_exchanged(&link.mailbox, None)),
                    location: is_named.then_some(LocationLine::Empty),
                };
                match provider
                    .edit_event(&actor, &event, &own.version, &edit)
                    .await
                {
                    Ok(()) | Err(ProviderError::NotFound { .. }) => {}
                    Err(error) => return Err(Error::while_doing(DOING)(error)),
                }
            }
        }
        self.note_changes(&[reservation.room]).await
    }
}
