//! What is on in a room over a day: who has it and when, out of the mirror and our own promises.

use booking::BookingError;
use booking::event::{BusyKind, Organizer};
use booking::ids::RoomId;
use booking::person::{Person, PersonId};
use booking::room_day::{MEETINGS_MAX, Meeting, MeetingKind, RoomDay, Who};
use booking::search::Occupancy;
use booking::time::Instant;

use crate::live_index::{Ours, occupancy};
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
        let (day, ours, as_of) = {
            let world = self.index.read();
            let (building, known) = world
                .room(room)
                .ok_or(BookingError::NotFound { what: "room" })?;
            let ours: Vec<Ours> = building.ours(room).to_vec();
            let as_of = building.synced.get(&room).copied();
            (when::day_of(at, &known.zone)?, ours, as_of)
        };
        let busy = self.store.busy_times_of(room, day).await?;
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
            who: self.who(one.organizer.as_ref(), person),
        });
        let mut meetings: Vec<Meeting> = told.chain(unseen).collect();
        meetings.sort_by_key(|one| one.range);
        meetings.truncate(MEETINGS_MAX);
        Ok(RoomDay {
            day,
            meetings,
            as_of,
        })
    }

    fn who(&self, organizer: Option<&Organizer>, asker: &Person) -> Who {
        let Some(organizer) = organizer else {
            return Who::NotTold;
        };
        if organizer.address.as_ref() == Some(&asker.address) {
            return Who::You;
        }
        if !self.settings.tell_organizers || organizer.display_name.is_empty() {
            return Who::NotTold;
        }
        Who::Named(organizer.display_name.clone())
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
