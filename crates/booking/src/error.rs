//! What a person is told when it cannot be done, and what they can do about it.

use crate::person::AdminLinkFault;
use crate::reservation::{ReservationState, WhyNoDecline, WhyNot};
use crate::rules::Refusal;
use crate::series::{BadSeries, RefusedDate};

/// A use-case could not be done for a reason that lies in the business, not in a machine.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BookingError {
    /// The caller must sign in first.
    #[error("Sign in to continue.")]
    SignInNeeded,
    /// The caller may not do this; also said for what is not theirs to know of.
    #[error("This reservation belongs to someone else.")]
    NotYours,
    /// The caller may not write in the calendar of whom they want to book for.
    #[error(
        "You may not book in that calendar. Ask its owner to share it with you in Outlook, so that you can edit it."
    )]
    NotDelegate,
    /// The caller's role does not allow it.
    #[error(
        "Only administrators of Etage may do this. Whoever runs the server can make you one (etage admin-link)."
    )]
    AdminNeeded,
    /// A link that would make an administrator is worth nothing.
    #[error(transparent)]
    AdminLink(#[from] AdminLinkFault),
    /// No such room, reservation, floor or building.
    #[error("There is no such {what} (any more). Search again to see what there is.")]
    NotFound {
        /// The kind of thing that was looked for, as a glossary word.
        what: &'static str,
    },
    /// The rules say no; every reason at once.
    #[error("The room cannot be booked for that time.")]
    Refused(Vec<Refusal>),
    /// Dates of a series cannot have the rooms they were seen with; nothing was placed.
    #[error(
        "Some of the rooms have been taken meanwhile, and nothing was booked. Plan the series again and look at the dates that changed."
    )]
    SeriesRefused(Vec<RefusedDate>),
    /// The person holds as many rooms for drafts as anybody may.
    #[error("You are holding {max} rooms already; send or discard one of those invitations first.")]
    TooManyHolds {
        /// The limit.
        max: u32,
    },
    /// The room was held for this draft and time for as long as it may be.
    #[error(
        "A room is kept for an invitation for {hours_max} hours at most. Send it now: the room answers by itself."
    )]
    HeldTooLong {
        /// The limit in hours.
        hours_max: u32,
    },
    /// A state change the transition table does not know.
    #[error("The reservation is {from}; it cannot become {to}.")]
    Transition {
        /// Where it is.
        from: ReservationState,
        /// Where it should have gone.
        to: ReservationState,
    },
    /// The reservation cannot be changed here.
    #[error("{}", .0.sentence())]
    CannotChange(WhyNot),
    /// Its room cannot be made to decline here.
    #[error("{}", .0.sentence())]
    CannotDecline(WhyNoDecline),
    /// The request makes no sense; the text says what was wrong and how to mend it.
    #[error("{0}")]
    BadRequest(BadRequest),
}

/// What was wrong with a request.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadRequest {
    /// A date or a time of day cannot be read.
    #[error(
        "“{0}” is not a date or time this page knows. Write dates as 2026-11-24 and times as 10:30."
    )]
    Time(String),
    /// The end is not after the start.
    #[error("The end must be after the start.")]
    Reversed,
    /// A reservation for several times at once.
    #[error(
        "One reservation is for one time. Place them one by one, or invite the room to a repeating meeting in Outlook."
    )]
    SeveralTimes,
    /// A series that is none, or cannot be booked as it is.
    #[error(transparent)]
    Series(#[from] BadSeries),
    /// Times that lie so far apart that one question cannot cover them.
    #[error(
        "The times lie too far apart to be asked about at once. Ask for less than a year and a half."
    )]
    TooWide,
    /// More rooms in one question than allowed.
    #[error("At most {max} rooms can be asked about at once.")]
    TooManyRooms {
        /// The limit.
        max: u32,
    },
    /// The local time does not exist or exists twice because clocks change.
    #[error("{0} does not exist on that day because the clocks change. Choose another time.")]
    ClockChange(String),
}

impl BookingError {
    /// A stable word for programs; never changes once published.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::SignInNeeded => "sign_in_needed",
            Self::NotYours => "not_yours",
            Self::NotDelegate => "not_delegate",
            Self::AdminNeeded => "admin_needed",
            Self::AdminLink(fault) => fault.code(),
            Self::NotFound { .. } => "not_found",
            Self::Refused(_) | Self::SeriesRefused(_) => "refused",
            Self::TooManyHolds { .. } => "too_many_holds",
            Self::HeldTooLong { .. } => "held_too_long",
            Self::Transition { .. } => "wrong_state",
            Self::CannotChange(_) => "cannot_change",
            Self::CannotDecline(_) => "cannot_decline",
            Self::BadRequest(_) => "bad_request",
        }
    }
}
