//! People, what the caller of a use-case may be, and the roles they have.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::MailboxAddress;

/// Who a person is for good: the directory (tenant) and the object in it, as Entra ID's `tid` and
/// `oid` claims name them. Addresses and names change; nothing is ever authorised on those.
///
/// See <https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference>.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct PersonId {
    /// The `tid` claim: the person's tenant.
    pub tenant: Uuid,
    /// The `oid` claim: the person in that tenant.
    pub object: Uuid,
}

/// A signed-in person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Person {
    /// Tenant and object id.
    pub id: PersonId,
    /// Name as the directory shows it.
    pub display_name: String,
    /// The person's own mailbox.
    pub address: MailboxAddress,
}

/// Who is asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Caller {
    /// Nobody we know.
    Anonymous,
    /// A person signed in through the portal or the Outlook pane.
    Person(Person),
}

impl Caller {
    /// The person, if it is one.
    pub const fn person(&self) -> Option<&Person> {
        match self {
            Self::Anonymous => None,
            Self::Person(person) => Some(person),
        }
    }
}

/// What a person may do, in one word. Which word allows what is decided in `engine::roles`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Books for themselves: everybody who can sign in.
    #[default]
    Booker,
    /// Looks after the whole installation.
    Admin,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 2] = [Self::Booker, Self::Admin];

    /// The word used in the database.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Booker => "booker",
            Self::Admin => "admin",
        }
    }
}

/// Not a word for a role.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("there is no such role")]
pub struct NoRole;

impl FromStr for Role {
    type Err = NoRole;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|role| role.word() == word).ok_or(NoRole)
    }
}

/// Why a link that makes an administrator is worth nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum AdminLinkFault {
    /// It was never made, or long ago.
    #[error(
        "This link is not complete or was never made here. Copy all of it, or ask for a new one (etage admin-link)."
    )]
    Unknown,
    /// Somebody used it.
    #[error("This link was used already; each works once. Ask for a new one (etage admin-link).")]
    Used,
    /// It was not used in time.
    #[error("This link has expired. Ask for a new one (etage admin-link).")]
    Expired,
}

impl AdminLinkFault {
    /// A stable word for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "link_unknown",
            Self::Used => "link_used",
            Self::Expired => "link_expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_found_again_by_its_word() {
        for role in Role::ALL {
            assert_eq!(role.word().parse(), Ok(role));
        }
        assert_eq!("".parse::<Role>(), Err(NoRole));
    }
}
