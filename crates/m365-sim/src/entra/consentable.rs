//! Which delegated permissions of Graph people may consent to themselves. All others need an administrator, and so does
//! what is not known here. <https://learn.microsoft.com/graph/permissions-reference>

use crate::scenario::UserConsent;

/// Those that need no administrator by their own nature and are left to people in a new tenant too.
const LEFT_TO_PEOPLE: &[&str] = &[
    "Contacts.Read",
    "Mail.Send",
    "Mail.Send.Shared",
    "Presence.Read",
    "Presence.Read.All",
    "Presence.ReadWrite",
    "User.Read",
    "User.ReadBasic.All",
    "User.ReadWrite",
];

/// Those that need no administrator by their own nature, but that Microsoft takes from people in a new tenant.
/// <https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies#microsoft-recommended-user-consent-policy>
const TAKEN_FROM_PEOPLE: &[&str] = &[
    "Calendars.Read",
    "Calendars.Read.Shared",
    "Calendars.ReadWrite",
    "Calendars.ReadWrite.Shared",
    "Contacts.Read.Shared",
    "Contacts.ReadWrite",
    "Contacts.ReadWrite.Shared",
    "Mail.Read",
    "Mail.Read.Shared",
    "Mail.ReadBasic",
    "Mail.ReadWrite",
    "Mail.ReadWrite.Shared",
    "MailboxSettings.Read",
    "MailboxSettings.ReadWrite",
    "People.Read",
    "Tasks.Read",
    "Tasks.Read.Shared",
    "Tasks.ReadWrite",
    "Tasks.ReadWrite.Shared",
];

/// Whether somebody who is no administrator may consent to a permission for themselves.
pub(super) fn is_for_people(permission: &str, policy: UserConsent) -> bool {
    let is_in = |names: &[&str]| names.iter().any(|one| one.eq_ignore_ascii_case(permission));
    match policy {
        UserConsent::MicrosoftManaged => is_in(LEFT_TO_PEOPLE),
        UserConsent::Allowed => is_in(LEFT_TO_PEOPLE) || is_in(TAKEN_FROM_PEOPLE),
        UserConsent::Refused => false,
    }
}
