//! Whose limits a request counts against.

use std::collections::HashMap;

use uuid::Uuid;

use crate::access::Identity;
use crate::operation::Mailbox;

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
            (Mailbox::Me, Identity::Person(key) | Identity::ServiceAccount(key)) => key.object,
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
}
