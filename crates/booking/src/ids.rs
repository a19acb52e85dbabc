//! Typed ids: a room can never be passed where a reservation is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::random::Random;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id (a version 4 UUID) out of the randomness that is passed in.
            pub fn random(random: &dyn Random) -> Self {
                Self(random.uuid())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// A way into one tenant's calendars.
    ConnectionId
);
id!(
    /// A building.
    BuildingId
);
id!(
    /// A floor of a building.
    FloorId
);
id!(
    /// A named part of a floor.
    SectionId
);
id!(
    /// A place that can be reserved.
    RoomId
);
id!(
    /// One outline on a plan; stable over new versions of the drawing.
    ShapeId
);
id!(
    /// What we promised.
    ReservationId
);
id!(
    /// A series placed in the portal; its dates are reservations.
    SeriesId
);
id!(
    /// A draft appointment open in an Outlook pane; the pane draws it once per draft, and a draft has at most one hold.
    DraftKey
);

/// The SMTP address of a mailbox: a room's, a person's, the booking mailbox.
///
/// Kept in lower case, because Exchange compares addresses without regard to case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailboxAddress(String);

/// The text is not an address: it needs one `@` with something on both sides, no white space,
/// and at most 320 bytes.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("“{0}” is not a mailbox address; it should look like room@contoso.com")]
pub struct NotAnAddress(String);

impl MailboxAddress {
    /// Reads an address, ignoring case and surrounding white space.
    ///
    /// # Errors
    /// [`NotAnAddress`] when the text cannot be one.
    pub fn parse(text: &str) -> Result<Self, NotAnAddress> {
        let trimmed = text.trim();
        let valid = trimmed.len() <= 320
            && !trimmed.chars().any(|c| c.is_whitespace() || c.is_control())
            && trimmed.split_once('@').is_some_and(|(local, domain)| {
                !local.is_empty() && !domain.is_empty() && !domain.contains('@')
            });
        if valid {
            Ok(Self(trimmed.to_lowercase()))
        } else {
            Err(NotAnAddress(trimmed.chars().take(80).collect()))
        }
    }

    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for MailboxAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MailboxAddress {
    type Error = NotAnAddress;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<MailboxAddress> for String {
    fn from(address: MailboxAddress) -> Self {
        address.0
    }
}

impl FromStr for MailboxAddress {
    type Err = NotAnAddress;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_compared_without_regard_to_case() {
        let a = MailboxAddress::parse(" Room1@Contoso.com ").unwrap();
        assert_eq!(a, MailboxAddress::parse("room1@contoso.com").unwrap());
    }

    #[test]
    fn text_that_is_no_address_is_refused_with_the_text_named() {
        for text in [
            "",
            "room",
            "@contoso.com",
            "room@",
            "a b@contoso.com",
            "a@b@c",
        ] {
            let error = MailboxAddress::parse(text).unwrap_err();
            assert!(error.to_string().contains(text));
        }
    }
}
