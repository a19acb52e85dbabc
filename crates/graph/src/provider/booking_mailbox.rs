//! The mailbox that books where no person does, and what lets it.

use booking::ids::MailboxAddress;
use booking::person::PersonId;

use super::adapters::person_key;
use crate::access::Identity;

/// The mailbox that books for displays and guests.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BookingMailbox {
    /// Its address.
    pub address: MailboxAddress,
    /// By which permission its calendar is written.
    pub access: BookingAccess,
}

/// By which permission the booking mailbox's calendar is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BookingAccess {
    /// The application's own `Calendars.ReadWrite`, granted for that mailbox or for all.
    Application,
    /// The delegated `Calendars.ReadWrite` of the mailbox's own account, for tenants that let no application write
    /// calendars. The account signs in once, like any person; its refresh token is kept with theirs. Requests name the
    /// mailbox all the same, so that an account with another mailbox is denied and does not book from the wrong one.
    ///
    /// See <https://learn.microsoft.com/graph/permissions-overview#delegated-permissions>.
    ServiceAccount(PersonId),
}

impl BookingMailbox {
    /// In whose name requests for it are sent.
    pub(super) fn identity(&self) -> Identity {
        match &self.access {
            BookingAccess::Application => Identity::Application,
            BookingAccess::ServiceAccount(account) => Identity::ServiceAccount(person_key(account)),
        }
    }
}
