//! What we promised, and the one table of how a promise may change.

mod declining;
mod moving;
mod step;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::event::EventRef;
use crate::ids::{DraftKey, MailboxAddress, ReservationId, RoomId};
use crate::person::Person;
use crate::time::{Instant, TimeRange};

pub use self::declining::WhyNoDecline;
pub use self::moving::{Cancelling, Moving, MovingStep, NotMoved, Swap, WhyNot};
pub use self::step::Step;

/// Our promise of a room for a time.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Reservation {
    /// Its id.
    pub id: ReservationId,
    /// The room.
    pub room: RoomId,
    /// When.
    pub range: TimeRange,
    /// Where in its life it is.
    pub state: ReservationState,
    /// Where it came from.
    pub origin: Origin,
    /// Whose it is: who placed it.
    pub person: Person,
    /// In whose calendar the event stands, where the person placed it for somebody else. `None`: in the person's own.
    #[serde(default)]
    pub on_behalf_of: Option<MailboxAddress>,
    /// The organizer's copy of the event. `None`: the calendar has not heard of it yet.
    pub event: Option<EventRef>,
    /// What of a change the calendar has not answered yet; only while Submitted. `None`: nothing is being changed.
    #[serde(default)]
    pub moving: Option<Moving>,
    /// What is to be taken by itself if the room says no. `None`: its person is asked.
    #[serde(default)]
    pub swap: Option<Swap>,
    /// Why it ended as it did, or what it waits for. `None`: there is nothing to say.
    pub note: Option<StateNote>,
    /// When it was made.
    pub created_at: Instant,
    /// When the state last changed.
    pub changed_at: Instant,
}

/// How a reservation came to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub enum Origin {
    /// Placed in the portal: we write the event, as the person.
    Portal,
    /// Held for a draft in the Outlook pane: the person sends the invitation, not we. Only a courtesy.
    Draft {
        /// The draft it is held for; one hold per draft.
        key: DraftKey,
        /// When the hold lapses unless the open pane keeps it alive.
        expires_at: Instant,
    },
}

/// Why a reservation ended as it did, or what it waits for; a person is told it in words of ours.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum StateNote {
    /// The room's calendar declined.
    DeclinedByRoom,
    /// The same, after it had accepted.
    DeclinedLate,
    /// Its room is being made to decline here. Whoever hears that it has, or that it is gone, knows why; the reservation
    /// still stands, and goes on standing where that came to nothing.
    Declining {
        /// By an administrator, not by the reservation's own person.
        by_admin: bool,
        /// Since when.
        since: Instant,
    },
    /// It was made to decline here, and the meeting stays as it is.
    DeclinedHere {
        /// By an administrator, not by the reservation's own person.
        by_admin: bool,
    },
    /// The calendar system refused the event for good.
    RefusedByCalendar {
        /// Why.
        #[serde(default)]
        fault: CalendarFault,
        /// The number under which the log has the whole answer. `None`: kept by an older version.
        #[serde(default)]
        incident: Option<String>,
    },
    /// The person's permission to write is lost, and they must sign in again. While Held it then goes
    /// on by itself; once Declined that came too late.
    SignInAgain,
    /// Cancelled here, but the calendar system has not taken it yet; it is tried again.
    CancellationWaiting {
        /// Why.
        fault: CalendarFault,
    },
    /// Cancelled here, but the calendar system did not take it and is asked no more: the event
    /// stands, and the room with it.
    CancellationFailed {
        /// Why.
        fault: CalendarFault,
        /// The number under which the log has the whole answer.
        incident: String,
    },
    /// The hold lapsed.
    HoldLapsed,
    /// The event vanished from the calendar: cancelled or changed in Outlook.
    GoneFromCalendar,
    /// It was to have another time or room, and stands where it was.
    NotMoved {
        /// Why.
        because: NotMoved,
    },
    /// The room that was wanted said no, and another one was taken, as its person had asked for.
    Swapped {
        /// The number of the first room.
        instead_of: String,
    },
    /// The room said no, and so did every other that was to be had in its place, as its person had asked for.
    NoneInstead {
        /// How many rooms said no, the first included.
        asked: u32,
    },
    /// A word that another version of Etage wrote; there is something to say, but not known here.
    #[serde(other)]
    Unknown,
}

impl StateNote {
    /// Whether the meeting goes on standing in its organizer's calendar, without the room that has declined.
    pub const fn leaves_meeting(&self) -> bool {
        matches!(self, Self::DeclinedHere { .. } | Self::DeclinedLate)
    }

    /// Whether the calendar may still show what was cancelled here.
    pub const fn is_about_cancelling(&self) -> bool {
        matches!(
            self,
            Self::CancellationWaiting { .. } | Self::CancellationFailed { .. }
        )
    }
}

/// Why the calendar system did not do what was promised, by what can be done about it. Its own
/// sentences go to the log alone: they name mailboxes, and speak to programmers.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalendarFault {
    /// The person's permission is lost: they must sign in again.
    SignInAgain,
    /// It does not allow this: an administrator must.
    Denied,
    /// It does not answer, or asks to wait.
    Silent,
    /// A policy keeps the application out of the mailbox that is written in: an administrator must let it in.
    KeptOut,
    /// The person has no right (any more) in the calendar of whom they booked for: its owner gives it.
    NoRight,
    /// Whoever's mailbox is written in has none in the cloud, for want of a licence.
    NoLicence,
    /// That mailbox is switched off, or not in the cloud.
    Elsewhere,
    /// Nobody has its address.
    UnknownAddress,
    /// It no longer knows what was written, or the room is linked to no mailbox any more.
    NoMailbox,
    /// The tenant is gone, or the application was taken out of it.
    TenantGone,
    /// Its answer makes no sense to us; or a word that another version of Etage wrote.
    #[default]
    #[serde(other)]
    Unexpected,
}

/// The states of a reservation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReservationState {
    /// Written down here; the calendar does not know yet.
    Held,
    /// The event stands in the organizer's calendar; the room has not answered.
    Submitted,
    /// The room accepted.
    Confirmed,
    /// Somebody is there.
    CheckedIn,
    /// Over, as planned.
    Ended,
    /// The room, or the calendar system, said no.
    Declined,
    /// Taken back by its owner or in Outlook.
    Cancelled,
    /// Given up because nobody came.
    Released,
    /// A hold that lapsed.
    Expired,
}

impl ReservationState {
    /// Every state, in the order of a life.
    pub const ALL: [Self; 9] = [
        Self::Held,
        Self::Submitted,
        Self::Confirmed,
        Self::CheckedIn,
        Self::Ended,
        Self::Declined,
        Self::Cancelled,
        Self::Released,
        Self::Expired,
    ];

    /// The transition table: may a reservation go from here to there?
    ///
    /// The answer of a room may come before our own note that the event was submitted, so Held
    /// goes straight to Confirmed or Declined as well. A room may also never answer, so Submitted
    /// can end with its time.
    pub const fn may_become(self, next: Self) -> bool {
        use ReservationState::{
            Cancelled, CheckedIn, Confirmed, Declined, Ended, Expired, Held, Released, Submitted,
        };
        matches!(
            (self, next),
            (Held, Submitted | Confirmed | Declined | Cancelled | Expired)
                | (Submitted, Confirmed | Declined | Cancelled | Ended)
                | (
                    Confirmed,
                    CheckedIn | Ended | Declined | Cancelled | Released
                )
                | (CheckedIn, Ended | Cancelled)
        )
    }

    /// Whether a promise may be given another time or room. It goes back to Submitted then: the one way back that there is,
    /// and only the store's `move_promised` takes it, which is why the table above does not know it.
    pub const fn may_be_moved(self) -> bool {
        matches!(self, Self::Submitted | Self::Confirmed)
    }

    /// Whether the promise stands, or may yet.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Self::Held | Self::Submitted | Self::Confirmed | Self::CheckedIn
        )
    }

    /// The word used in the database, in logs and in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
            Self::CheckedIn => "checked_in",
            Self::Ended => "ended",
            Self::Declined => "declined",
            Self::Cancelled => "cancelled",
            Self::Released => "released",
            Self::Expired => "expired",
        }
    }

    /// The state this word stands for. `None`: no such word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.word() == word)
    }
}

impl fmt::Display for ReservationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.word().replace('_', " "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_closed_state() {
        for from in ReservationState::ALL
            .into_iter()
            .filter(|state| !state.is_open())
        {
            for to in ReservationState::ALL {
                assert!(!from.may_become(to), "{from} must not become {to}");
            }
        }
    }

    #[test]
    fn a_submitted_reservation_never_expires_because_exchange_has_heard_of_it() {
        assert!(!ReservationState::Submitted.may_become(ReservationState::Expired));
    }

    #[test]
    fn every_state_is_found_again_by_its_word() {
        for state in ReservationState::ALL {
            assert_eq!(ReservationState::from_word(state.word()), Some(state));
        }
    }

    #[test]
    fn a_note_of_a_newer_version_is_read_as_unknown() {
        let kept = r#"{"why":"eaten_by_the_dog","when":3}"#;
        let note: StateNote = serde_json::from_str(kept).unwrap();
        assert_eq!(note, StateNote::Unknown);
    }

    #[test]
    fn a_fault_of_a_newer_version_is_read_as_one_that_makes_no_sense_here() {
        let kept = r#"{"why":"refused_by_calendar","fault":"on_strike","incident":"0A1B-2C3D"}"#;
        let note: StateNote = serde_json::from_str(kept).unwrap();
        let told = StateNote::RefusedByCalendar {
            fault: CalendarFault::Unexpected,
            incident: Some("0A1B-2C3D".to_owned()),
        };
        assert_eq!(note, told);
    }

    #[test]
    fn a_refusal_kept_with_the_calendars_own_words_is_still_read() {
        let kept = r#"{"why":"refused_by_calendar","message":"ErrorInvalidRequest"}"#;
        let note: StateNote = serde_json::from_str(kept).unwrap();
        let told = StateNote::RefusedByCalendar {
            fault: CalendarFault::Unexpected,
            incident: None,
        };
        assert_eq!(note, told);
    }
}
