//! Our own reservations beside what the calendar shows.

use booking::person::PersonId;
use booking::reservation::{Origin, Reservation, ReservationState};
use booking::search::{Occupancy, OccupancyKind};
use booking::time::{Instant, TimeRange};

/// An open reservation of ours, as far as searching needs it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Ours {
    pub(crate) person: PersonId,
    pub(crate) range: TimeRange,
    pub(crate) state: ReservationState,
    /// When a hold lapses. `None`: it is no hold.
    pub(crate) expires_at: Option<Instant>,
    pub(crate) changed_at: Instant,
    /// Whether there is something to tell its owner.
    has_note: bool,
}

impl Ours {
    pub(super) fn of(reservation: &Reservation) -> Self {
        Self {
            person: reservation.person.id,
            range: reservation.range,
            state: reservation.state,
            expires_at: match reservation.origin {
                Origin::Draft { expires_at, .. } if reservation.state == ReservationState::Held => {
                    Some(expires_at)
                }
                _ => None,
            },
            changed_at: reservation.changed_at,
            has_note: reservation.note.is_some(),
        }
    }

    /// Whether the calendar cannot show it yet, so that we must. `shown`: what the calendar does show
    /// of its room; `read_at`: when our mirror of it was last read.
    pub(crate) fn is_unseen(
        &self,
        shown: &[Occupancy],
        read_at: Option<Instant>,
        now: Instant,
    ) -> bool {
        match self.state {
            ReservationState::Held | ReservationState::Submitted => {
                self.expires_at.is_none_or(|expires_at| expires_at > now)
            }
            // The room has accepted it since the mirror was read.
            ReservationState::Confirmed => {
                read_at.is_none_or(|at| at < self.changed_at)
                    && !shown.iter().any(|one| self.is_covered_by(one))
            }
            _ => false,
        }
    }

    fn is_covered_by(&self, one: &Occupancy) -> bool {
        matches!(one.kind, OccupancyKind::Calendar(_))
            && one.range.start() <= self.range.start()
            && self.range.end() <= one.range.end()
    }

    /// Whether it is held for a draft of this person, and moves when the draft does.
    pub(crate) fn is_draft_of(&self, person: PersonId) -> bool {
        self.expires_at.is_some() && self.person == person
    }

    pub(crate) fn occupancy(&self) -> Occupancy {
        Occupancy {
            range: self.range,
            kind: OccupancyKind::Held,
        }
    }
}
