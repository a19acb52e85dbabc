//! Who has which slot in the end, and what asking again does.

use std::collections::{BTreeMap, BTreeSet};

use booking::BookingError;
use booking::reservation::{Reservation, ReservationState};
use booking::time::{Instant, TimeRange};

use super::{Answer, Scene, place};
use crate::judge::all_reservations;
use crate::process::Outcome;

/// A room, by its number, and a time that somebody wants.
type Slot = (usize, Instant);

/// Everything that asking again could change: reservations, and the events in everybody's calendars.
#[derive(PartialEq, Eq)]
struct Kept {
    reservations: BTreeSet<String>,
    events: BTreeSet<String>,
}

/// Two reservations of one slot that were both somebody's at the same time.
fn open_together<'a>(ours: &[&'a Reservation]) -> Option<(&'a Reservation, &'a Reservation)> {
    let mut ours = ours.to_vec();
    ours.sort_by_key(|one| (one.created_at, one.id));
    ours.windows(2)
        .map(|pair| (pair[0], pair[1]))
        .find(|(first, second)| first.state.is_open() || first.changed_at > second.created_at)
}

impl Scene {
    /// At most one has a slot; where nobody has, all who were let through were told no by the room.
    pub(super) async fn every_slot_has_one(&mut self) {
        let mut findings = self
            .world
            .judge()
            .findings(&self.world, &BTreeSet::new())
            .await;
        let reservations = all_reservations(&self.world).await;
        let wanted: BTreeMap<Slot, TimeRange> = (self.wishes.iter())
            .map(|wish| ((wish.room, wish.range.start()), wish.range))
            .collect();
        self.gathered.slots = wanted.len() as u64;
        for ((room, _), range) in wanted {
            let ours: Vec<&Reservation> = (reservations.iter())
                .filter(|one| one.room == self.world.rooms[room].id && one.range == range)
                .collect();
            if let Some((first, second)) = open_together(&ours) {
                findings.push(format!(
                    "two were let through at once: {first:?} and {second:?}"
                ));
            }
            let has = |state| ours.iter().filter(|one| one.state == state).count();
            let confirmed = has(ReservationState::Confirmed);
            let in_calendar = self.meetings_in(room, range).await;
            match (confirmed, in_calendar) {
                (1, 1) => self.gathered.confirmed += 1,
                (0, 1) => self.gathered.outlook += 1,
                (0, 0) if has(ReservationState::Declined) > 0 => self.gathered.nobody += 1,
                _ => findings.push(format!(
                    "room {room} at {range:?}: {confirmed} confirmed, {in_calendar} in its calendar: {ours:#?}"
                )),
            }
        }
        self.gathered.findings.extend(findings);
    }

    /// How many meetings the room has accepted then.
    async fn meetings_in(&self, room: usize, range: TimeRange) -> usize {
        let room = &self.world.rooms[room];
        let taken = self.world.judge().calendar(&self.world, room, range).await;
        taken
            .iter()
            .filter(|one| one.range().overlaps(range))
            .count()
    }

    /// Everybody sends once more what they sent, with the same key: whoever has something is told the same, and whoever has
    /// nothing gets nothing of what is taken.
    pub(super) async fn asking_again_changes_nothing(&mut self) {
        let before = self.kept().await;
        let mut findings = Vec::new();
        for (at, wish) in self.wishes.iter().enumerate() {
            let door = self.world.processes[at % self.world.processes.len()].door();
            let is_free = self.meetings_in(wish.room, wish.range).await == 0;
            if wish.answer == Answer::Refused && is_free {
                continue;
            }
            let told = place(&self.world, door, wish).await;
            match (wish.answer, &told) {
                (Answer::Taken, Outcome::Done(Ok(one))) if one.id == wish.key => {}
                (
                    Answer::Refused,
                    Outcome::Done(Err(engine::Error::Booking(BookingError::Refused(_)))),
                ) => {}
                _ => findings.push(format!("asked again for {}, was told {told:?}", wish.key)),
            }
        }
        self.gathered.asked += self.wishes.len() as u64;
        self.come_to_rest().await;
        let after = self.kept().await;
        for (what, before, after) in [
            ("reservations", before.reservations, after.reservations),
            ("events", before.events, after.events),
        ] {
            let changed: Vec<_> = before.symmetric_difference(&after).collect();
            if !changed.is_empty() {
                findings.push(format!("asking again changed {what}: {changed:#?}"));
            }
        }
        self.gathered.findings.extend(findings);
    }

    async fn kept(&self) -> Kept {
        let reservations = all_reservations(&self.world).await;
        let people = self
            .world
            .people
            .iter()
            .map(|person| person.address.to_string());
        let rooms = self
            .world
            .rooms
            .iter()
            .filter_map(|room| room.link.as_ref());
        let mailboxes = people.chain(rooms.map(|link| link.mailbox.to_string()));
        let events = mailboxes.flat_map(|mailbox| {
            let events = self.world.sim.events(&mailbox).unwrap_or_default();
            events
                .into_iter()
                .map(move |one| format!("{mailbox} {} {} {}", one.id, one.is_cancelled, one.start))
        });
        Kept {
            reservations: (reservations.iter())
                .map(|one| format!("{} {:?} {:?} {:?}", one.id, one.state, one.room, one.range))
                .collect(),
            events: events.collect(),
        }
    }
}
