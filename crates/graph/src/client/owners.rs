//! Whose limits a request counts against.

use std::collections::HashMap;
use std::fmt;

use uuid::Uuid;

use crate::access::Identity;
use crate::operation::Mailbox;

const APPLICATION: &str = "application";
const ACCOUNT: &str = "account";
const ADDRESS: &str = "address";

/// What names a mailbox among the lanes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(super) enum Whose {
    /// The application's own, which Graph knows none of.
    Application,
    /// The mailbox of an account, by its id in the directory.
    Account(Uuid),
    /// The mailbox with this address, in small letters.
    Address(String),
}

impl Whose {
    /// What [`Display`](fmt::Display) wrote. `None`: it makes no sense.
    pub(super) fn read(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == APPLICATION => Some(Self::Application),
            Some((ACCOUNT, id)) => id.parse().ok().map(Self::Account),
            Some((ADDRESS, address)) => Some(Self::Address(address.to_owned())),
            _ => None,
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Application => f.write_str(APPLICATION),
            Self::Account(id) => write!(f, "{ACCOUNT}:{id}"),
            Self::Address(address) => write!(f, "{ADDRESS}:{address}"),
        }
    }
}

/// Which address belongs to which account, as far as that is known.
#[derive(Default)]
pub(super) struct Owners {
    addresses: HashMap<Uuid, String>,
}

impl Owners {
    /// From now on, requests to this account's own mailbox and to this address count together.
    pub(super) fn know(&mut self, account: Uuid, address: &str) {
        self.addresses.insert(account, address.to_lowercase());
    }

    /// The mailbox that a request of `who` goes to, under the same name however it is asked for.
    pub(super) fn whose(&self, who: &Identity, mailbox: &Mailbox) -> Whose {
        let account = match (mailbox, who) {
            (Mailbox::Me, Identity::Application) => return Whose::Application,
            (
                Mailbox::Me,
                Identity::Person(key) | Identity::Delegate(key) | Identity::ServiceAccount(key),
            ) => key.object,
            (Mailbox::Address(text), _) => match text.parse() {
                Ok(account) => account,
                Err(_) => return Whose::Address(text.to_lowercase()),
            },
        };
        let address = self.addresses.get(&account).cloned();
        address.map_or(Whose::Account(account), Whose::Address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::PersonKey;

    #[test]
    fn a_mailbox_has_one_name_however_it_is_asked_for() {
        let key = PersonKey {
            tenant: Uuid::from_u128(1),
            object: Uuid::from_u128(2),
        };
        let address = Mailbox::Address("Desk@contoso.com".to_owned());
        let id = Mailbox::Address(key.object.to_string());
        let mut owners = Owners::default();
        let own = owners.whose(&Identity::Person(key), &Mailbox::Me);
        assert_eq!(owners.whose(&Identity::Application, &id), own);
        assert_eq!(
            owners.whose(&Identity::ServiceAccount(key), &Mailbox::Me),
            own
        );
        assert_ne!(owners.whose(&Identity::Application, &address), own);
        owners.know(key.object, "desk@Contoso.com");
        let own = owners.whose(&Identity::Person(key), &Mailbox::Me);
        assert_eq!(owners.whose(&Identity::Application, &address), own);
        assert_eq!(owners.whose(&Identity::Application, &id), own);
    }

    #[test]
    fn a_mailbox_is_known_again_by_what_is_written_of_it() {
        for whose in [
            Whose::Application,
            Whose::Account(Uuid::from_u128(2)),
            Whose::Address("desk@contoso.com".to_owned()),
        ] {
            assert_eq!(Whose::read(&whose.to_string()), Some(whose));
        }
        for nonsense in ["", "nobody", "account:2", "mailbox:desk@contoso.com"] {
            assert_eq!(Whose::read(nonsense), None);
        }
    }
}
