//! Rooms linked to their mailboxes, by number and name.
//!
//! A retired room is bound to no mailbox. The one it has goes to the room that it clearly fits now,
//! with everything reserved there.

use std::collections::{HashMap, HashSet};

use booking::ids::{ConnectionId, MailboxAddress, RoomId};
use booking::plan::binding::{Binding, bind};
use booking::plan::import::archive::archives;
use booking::provider::{ProviderError, ProviderRoom};
use booking::room::{Room, RoomLink};

use crate::{Engine, Error};

const ASKING: &str = "asking the tenant for its rooms";
/// Most pages of a tenant's rooms that are followed; with Graph's hundred a page, far more than any tenant has.
const PAGES_MAX: usize = 1_000;

/// What came of linking.
#[derive(Clone, PartialEq, Debug)]
pub struct Linked {
    /// What was bound and what not, room by room and mailbox by mailbox.
    pub binding: Binding,
    /// The rooms in use as they are now.
    pub rooms: Vec<Room>,
    /// The mailboxes the tenant told of.
    pub mailboxes: Vec<ProviderRoom>,
}

impl Engine {
    /// Asks the tenant for its rooms and links every room that one mailbox clearly belongs to.
    /// Rooms that are linked already keep their link.
    ///
    /// # Errors
    /// [`Error::Provider`] when the tenant does not tell its rooms.
    pub async fn link_rooms(&self, connection: ConnectionId) -> Result<Linked, Error> {
        let mailboxes = self.tenant_rooms(connection).await?;
        let buildings = self.store.buildings().await?;
        let known = self.store.rooms().await?;
        let archives = archives(&buildings);
        let (retired, in_use): (Vec<Room>, Vec<Room>) =
            (known.into_iter()).partition(|room| archives.contains_key(&room.building));
        let left_behind: HashMap<MailboxAddress, RoomId> = (retired.into_iter())
            .filter_map(|room| Some((room.link?.mailbox, room.id)))
            .collect();
        let (linked, unlinked): (Vec<Room>, Vec<Room>) =
            in_use.into_iter().partition(|room| room.link.is_some());
        let taken = |one: &ProviderRoom| {
            linked.iter().any(|room| {
                room.link
                    .as_ref()
                    .is_some_and(|link| link.mailbox == one.mailbox)
            })
        };
        let open: Vec<ProviderRoom> = mailboxes
            .iter()
            .filter(|one| !taken(one))
            .cloned()
            .collect();
        let binding = bind(&buildings, &unlinked, &open);
        let mut changed = Vec::new();
        for bound in &binding.bound {
            let room = unlinked.iter().find(|room| room.id == bound.room);
            let mailbox = open.iter().find(|one| one.mailbox == bound.mailbox);
            if let (Some(room), Some(mailbox)) = (room, mailbox) {
                if let Some(from) = left_behind.get(&bound.mailbox) {
                    self.store.hand_over(*from, room.id).await?;
                }
                changed.push(told_by(room.clone(), mailbox, connection));
            }
        }
        self.store.upsert_rooms(&changed).await?;
        self.reload_index().await?;
        Ok(Linked {
            binding,
            rooms: (self.store.rooms().await?.into_iter())
                .filter(|room| !archives.contains_key(&room.building))
                .collect(),
            mailboxes,
        })
    }

    async fn tenant_rooms(&self, connection: ConnectionId) -> Result<Vec<ProviderRoom>, Error> {
        let provider = self
            .providers
            .get(connection)
            .ok_or(booking::BookingError::NotFound { what: "connection" })?;
        let mut rooms = Vec::new();
        let mut followed = HashSet::new();
        let mut page = None;
        while followed.len() < PAGES_MAX {
            let told = (provider.rooms(page).await).map_err(Error::while_doing(ASKING))?;
            rooms.extend(told.rooms);
            match told.next {
                // A link that was followed before leads in a circle.
                Some(next) if followed.insert(next.0.clone()) => page = Some(next),
                Some(_) => break,
                None => return Ok(rooms),
            }
        }
        Err(Error::while_doing(ASKING)(ProviderError::Bug {
            context: format!("its list does not end: {} links lead on", followed.len()),
            source: None,
        }))
    }
}

/// The room with its link, and with what the tenant knows better than the drawing.
fn told_by(mut room: Room, mailbox: &ProviderRoom, connection: ConnectionId) -> Room {
    room.link = Some(RoomLink {
        connection,
        mailbox: mailbox.mailbox.clone(),
    });
    if let Some(count) = mailbox.capacity.filter(|count| *count > 0) {
        room.seats = Some(booking::room::Seats {
            count,
            guessed: false,
        });
    }
    room.equipment = booking::room::EquipmentSet(room.equipment.0 | mailbox.equipment.0);
    room.step_free = mailbox.step_free.or(room.step_free);
    room
}
