//! Giving a room back in the room's own name: it declines, and its organizer's meeting stays as it is.

use serde::{Deserialize, Serialize};

/// Why a room cannot be made to decline here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNoDecline {
    /// It is switched off for the room's tenant.
    SwitchedOff,
    /// The room has not been asked yet, or is being asked for something else.
    OnItsWay,
    /// It is over, or has no room any more.
    Over,
    /// The room's calendar does not show it.
    NotShown,
    /// Exchange lets us read the room's calendar, and not answer for it.
    NotPermitted,
}

impl WhyNoDecline {
    /// What is, and what to do.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::SwitchedOff => {
                "Rooms are not made to decline from here. Cancel the meeting, or take the room out of it in Outlook; \
                 whoever runs the server can allow it (etage declining)."
            }
            Self::OnItsWay => {
                "The room has not answered what it was asked last. Look again in a minute."
            }
            Self::Over => "It is over, or has no room any more; there is nothing to give back.",
            Self::NotShown => {
                "The room's calendar does not show this meeting. Look again in a minute, or look in Outlook."
            }
            Self::NotPermitted => {
                "Exchange lets Etage read this room's calendar and not answer for it. An administrator of Exchange gives it \
                 the role “Application Calendars.ReadWrite” for the rooms (docs/OPERATING.md, Declining); that takes up to \
                 two hours to apply."
            }
        }
    }
}
