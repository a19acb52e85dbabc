//! What is on in a room over a day: who has it and when, out of the mirror and our own promises.

use booking::BookingError;
use booking::event::{BusyKind, BusyTime, Organizer};
use booking::ids::{MailboxAddress, RoomId};
use booking::mirror::RoomHealth;
use booking::person::{Person, PersonId};
use booking::room_day::{MEETINGS_MAX, Meeting, MeetingKind, RoomDay, Who};
use booking::search::{Occupancy, OccupancyKind};
use booking::time::Instant;

use crate::live_index::Ours;
use crate::{Engine, Error, when};

impl Engine {
    /// The day of a room, on the building's wall, that this instant is part of.
    ///
    /// # Errors
    /// [`BookingError::NotFound`] for a room that is not there; [`BookingError::BadRequest`] for an instant beyond any
    /// calendar; when the store cannot be read.
    pub async fn room_day(
        &self,
        person: &Person,
        room: RoomId,
        at: Instant,
    ) -> Result<RoomDay, Error> {
        let now = self.clock.now();
        let (day, ours, as_of, mailbox) = {
            let world = self.index.read();
            let (building, known) = world
                .room(room)
                .ok_or(BookingError::NotFound { what: "room" })?;
            let ours: Vec<Ours> = building.ours(room).to_vec();
            let as_of = building.synced.get(&room).copied();
            let mailbox = known.link.as_ref().map(|link| link.mailbox.clone());
            (when::day_of(at, &known.zone)?, ours, as_of, mailbox)
        };
        let busy = self.store.busy_times_of(room, day).await?;
        let health = self.health_of(room).await?;
        let shown: Vec<Occupancy> = busy.iter().map(occupancy).collect();
        let unseen = ours
            .iter()
            .filter(|one| one.range.overlaps(day) && one.is_unseen(&shown, as_of, now))
            // Asked for in its calendar already, and not yet decided.
            .filter(|one| shown.iter().all(|told| told.range != one.range))
            .map(|one| held(one, person.id));
        let told = busy.iter().map(|one| Meeting {
            range: one.range,
            kind: match one.kind {
                BusyKind::Busy => MeetingKind::Accepted,
                BusyKind::Tentative => MeetingKind::Tentative,
            },
            who: self.who(one.organizer.as_ref(), mailbox.as_ref(), person),
        });
        let mut meetings: Vec<Meeting> = told.chain(unseen).collect();
        meetings.sort_by_key(|one| one.range);
        meetings.truncate(MEETINGS_MAX);
        Ok(RoomDay {
            day,
            meetings,
            mirror: health.as_ref().map(RoomHealth::told),
            reading: health.map(|health| health.reading).unwrap_or_default(),
        })
    }

    fn who(
        &self,
        organizer: Option<&Organizer>,
        room: Option<&MailboxAddress>,
        asker: &Person,
    ) -> Who {
        let address = organizer.and_then(|organizer| organizer.address.as_ref());
        if address == Some(&asker.address) {
            return Who::You;
        }
        if !self.settings.tell_organizers {
            return Who::NotTold;
        }
        // Of what is put straight into its calendar the room itself is the organizer.
        let is_room = address.is_some() && address == room;
        match organizer.map(|organizer| organizer.display_name.trim()) {
            Some(name) if !name.is_empty() && !is_room => Who::Named(name.to_owned()),
            _ => Who::Unknown,
        }
    }
}

/// Who holds a room is told when its calendar tells it.
fn held(ours: &Ours, asker: PersonId) -> Meeting {
    Meeting {
        range: ours.range,
        kind: MeetingKind::Held,
        who: if ours.person == asker {
            Who::You
        } else {
            Who::NotTold
        },
    }
}

fn occupancy(busy: &BusyTime) -> Occupancy {
    Occupancy {
        range: busy.range,
        kind: OccupancyKind::Calendar(busy.kind),
    }
}
