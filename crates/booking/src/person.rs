//! People, and what the caller of a use-case may be.

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
