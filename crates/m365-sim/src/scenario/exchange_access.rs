//! How an administrator of Exchange limits an application that acts as itself to chosen mailboxes.
//!
//! Two ways exist. With RBAC for Applications the application gets a role in Exchange, for some mailboxes or all of them,
//! and no permission in Entra: <https://learn.microsoft.com/exchange/permissions-exo/application-rbac>. What both give
//! adds up, so a permission consented to in Entra defeats the scope of a role. The older application access policy
//! takes mailboxes away from what Entra gives:
//! <https://learn.microsoft.com/powershell/module/exchange/new-applicationaccesspolicy>. It does not touch roles.

use serde::{Deserialize, Serialize};

use super::unusable;
use crate::error::SimError;

/// What Exchange's own settings say about one application.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ExchangeAccess {
    /// Roles the application has in Exchange; tokens do not show them.
    pub roles: Vec<ExchangeRole>,
    /// The application access policy; `None` limits nothing.
    pub policy: Option<AccessPolicy>,
    /// Whether a role is enough to subscribe to changes. Microsoft does not document it.
    pub roles_cover_subscriptions: bool,
}

/// A role that `New-ManagementRoleAssignment -App` gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExchangeRole {
    /// The role's name, such as `Application Calendars.ReadWrite`.
    pub role: String,
    /// The addresses in its scope; `None` is every mailbox of the organisation.
    #[serde(default)]
    pub mailboxes: Option<Vec<String>>,
}

/// A policy that `New-ApplicationAccessPolicy` makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AccessPolicy {
    /// What it does with the mailboxes it names.
    pub access_right: AccessRight,
    /// The direct members of its group, by address.
    pub mailboxes: Vec<String>,
}

/// The two kinds of policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessRight {
    /// Only the mailboxes named may be opened.
    RestrictAccess,
    /// The mailboxes named may not be opened.
    DenyAccess,
}

/// The roles there are, and the permissions each gives.
const ROLES: [(&str, &[&str]); 13] = [
    ("Application Mail.Read", &["Mail.Read"]),
    ("Application Mail.ReadBasic", &["Mail.ReadBasic"]),
    ("Application Mail.ReadWrite", &["Mail.ReadWrite"]),
    ("Application Mail.Send", &["Mail.Send"]),
    (
        "Application MailboxSettings.Read",
        &["MailboxSettings.Read"],
    ),
    (
        "Application MailboxSettings.ReadWrite",
        &["MailboxSettings.ReadWrite"],
    ),
    ("Application Calendars.Read", &["Calendars.Read"]),
    ("Application Calendars.ReadWrite", &["Calendars.ReadWrite"]),
    ("Application Contacts.Read", &["Contacts.Read"]),
    ("Application Contacts.ReadWrite", &["Contacts.ReadWrite"]),
    (
        "Application Mail Full Access",
        &["Mail.ReadWrite", "Mail.Send"],
    ),
    (
        "Application Exchange Full Access",
        &[
            "Mail.ReadWrite",
            "Mail.Send",
            "MailboxSettings.ReadWrite",
            "Calendars.ReadWrite",
            "Contacts.ReadWrite",
        ],
    ),
    ("Application EWS.AccessAsApp", &["EWS.AccessAsApp"]),
];

impl ExchangeAccess {
    /// Whether it changes anything of what Entra gives.
    pub(crate) fn limits_or_adds(&self) -> bool {
        self.policy.is_some() || !self.roles.is_empty()
    }

    /// The permissions its roles give in this mailbox.
    pub(crate) fn permissions_in(&self, mailbox: &str) -> Vec<&'static str> {
        let roles = self.roles.iter().filter(|role| role.covers(mailbox));
        roles
            .filter_map(|role| permissions_of(&role.role))
            .flatten()
            .copied()
            .collect()
    }

    /// Whether the policy keeps the application out of this mailbox.
    pub(crate) fn blocks(&self, mailbox: &str) -> bool {
        self.policy
            .as_ref()
            .is_some_and(|policy| match policy.access_right {
                AccessRight::RestrictAccess => !names(&policy.mailboxes, mailbox),
                AccessRight::DenyAccess => names(&policy.mailboxes, mailbox),
            })
    }

    /// Refuses roles that Exchange does not have.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        let unknown = self
            .roles
            .iter()
            .find(|role| permissions_of(&role.role).is_none());
        unknown.map_or(Ok(()), |role| {
            let reason =
                "Exchange has no such application role; one is \"Application Calendars.ReadWrite\"";
            Err(unusable("role", &role.role, reason))
        })
    }
}

impl ExchangeRole {
    fn covers(&self, mailbox: &str) -> bool {
        self.mailboxes
            .as_ref()
            .is_none_or(|scope| names(scope, mailbox))
    }
}

fn permissions_of(role: &str) -> Option<&'static [&'static str]> {
    ROLES
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(role))
        .map(|(_, permissions)| *permissions)
}

fn names(addresses: &[String], mailbox: &str) -> bool {
    addresses
        .iter()
        .any(|address| address.eq_ignore_ascii_case(mailbox))
}
