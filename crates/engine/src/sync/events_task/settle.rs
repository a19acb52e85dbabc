//! What a reading of a room's calendar means for our reservations there.

use booking::event::{BusyKind, BusyTime};
use booking::mirror::Reading;
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use booking::room::Room;
use booking::time::{Instant, TimeRange};

use crate::sync::answers_task::is_being_written;
use crate::{Engine, Error};

/// A reading of a room's calendar.
#[derive(Clone, Copy)]
pub(in crate::sync) struct Seen {
    /// Of what lies beyond it, that nothing was seen says nothing.
    pub(in crate::sync) window: TimeRange,
    /// It shows the calendar as it was then, or later.
    pub(in crate::sync) read_from: Instant,
    /// Whether it brought anything.
    pub(in crate::sync) has_moved: bool,
    /// What of the calendar could be read.
    pub(in crate::sync) reading: Reading,
}

impl Engine {
    /// Compares our open reservations of a room with what its calendar showed.
    pub(in crate::sync) async fn settle_room(&self, room: &Room, seen: Seen) -> Result<(), Error> {
        let Seen {
            window,
            read_from,
            has_moved,
            reading,
        } = seen;
        let ours = self.store.open_reservations_of(room.id, window).await?;
        if ours.is_empty() {
            return Ok(());
        }
        let busy = self.store.busy_times_of(room.id, window).await?;
        for reservation in &ours {
            if is_told_of(reservation, read_from) {
                match reading {
                    Reading::Events => self.settle_by_calendar(reservation, &busy, &ours).await?,
                    Reading::FreeBusyOnly => self.settle_by_times(reservation, &busy),
                }
            }
        }
        if has_moved {
            // What was accepted is settled; what was declined has left no trace but this.
            let held = ours.iter().filter(|one| {
                one.state == ReservationState::Held && matches!(one.origin, Origin::Draft { .. })
            });
            if self.asked.stir(held.map(|one| one.id)) {
                self.nudges.answers.notify_one();
            }
        }
        Ok(())
    }

    /// Where no events can be read, only that nothing at all is there says anything. That a room accepted is learnt from
    /// the organizer's copy.
    fn settle_by_times(&self, reservation: &Reservation, busy: &[BusyTime]) {
        let is_taken = busy.iter().any(|one| one.range.overlaps(reservation.range));
        if reservation.state == ReservationState::Confirmed {
            self.doubt_unless(is_taken, reservation);
        }
    }

    /// A confirmed reservation that the calendar does not show is asked about at once.
    fn doubt_unless(&self, is_shown: bool, reservation: &Reservation) {
        if is_shown {
            self.asked.believe(reservation.id);
        } else {
            self.asked.doubt(reservation.id);
            self.nudges.answers.notify_one();
        }
    }

    async fn settle_by_calendar(
        &self,
        reservation: &Reservation,
        busy: &[BusyTime],
        ours: &[Reservation],
    ) -> Result<(), Error> {
        let shown = busy
            .iter()
            .find(|one| is_of(reservation, one) && !is_of_another(reservation, one, ours));
        if reservation.state == ReservationState::Confirmed {
            self.doubt_unless(shown.is_some(), reservation);
        }
        let Some(shown) = shown else {
            return Ok(());
        };
        let other_end = reservation.moving.map(|moving| (moving.room, moving.range));
        if other_end == Some((reservation.room, shown.range)) {
            return Ok(());
        }
        self.follow(reservation, shown.range).await?;
        let is_awaited = matches!(
            reservation.state,
            ReservationState::Held | ReservationState::Submitted
        );
        if is_awaited && shown.kind == BusyKind::Busy {
            self.step(reservation, &self.confirmed(reservation)).await?;
            self.nudges.outbox.notify_one();
        }
        Ok(())
    }
}

/// Whether a calendar read from then on says anything of the reservation. What was confirmed while it was being read may not
/// have been in it yet, and what was moved may be in it where it was before.
fn is_told_of(reservation: &Reservation, read_from: Instant) -> bool {
    let was_moved = reservation.moving.is_some()
        || matches!(reservation.note, Some(StateNote::NotMoved { .. }));
    let is_settled = reservation.state == ReservationState::Confirmed || was_moved;
    !is_being_written(reservation) && (!is_settled || reservation.changed_at < read_from)
}

/// Whether a busy time is known to belong to another reservation of ours.
fn is_of_another(reservation: &Reservation, busy: &BusyTime, ours: &[Reservation]) -> bool {
    ours.iter().any(|other| {
        let uid = other.event.as_ref().map(|event| &event.ical_uid);
        other.id != reservation.id && uid.is_some() && uid == busy.ical_uid.as_ref()
    })
}

/// Whether a busy time of the room is this reservation's event. One that we wrote is known by its
/// UID alone; one that the person sent, before we know its UID, by time and organizer.
fn is_of(reservation: &Reservation, busy: &BusyTime) -> bool {
    match (&reservation.event, &busy.ical_uid) {
        (Some(event), Some(uid)) => event.ical_uid == *uid,
        (None, _) if reservation.origin == Origin::Portal => false,
        _ => {
            let organizer = busy.organizer.as_ref().and_then(|one| one.address.as_ref());
            busy.range == reservation.range && organizer == Some(&reservation.person.address)
        }
    }
}
