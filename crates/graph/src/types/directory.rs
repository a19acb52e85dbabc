//! The organisation and its people.

use serde::Deserialize;

/// The tenant's organisation.
///
/// See <https://learn.microsoft.com/graph/api/resources/organization>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The tenant id. `None`: not shown to us.
    pub id: Option<String>,
    /// Its name.
    pub display_name: Option<String>,
}

/// A person, or a resource mailbox, in the directory.
///
/// See <https://learn.microsoft.com/graph/api/resources/user>.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Object id.
    pub id: String,
    /// Name.
    pub display_name: Option<String>,
    /// SMTP address. `None`: no mailbox.
    pub mail: Option<String>,
    /// Sign-in name; often, but not always, the address.
    pub user_principal_name: Option<String>,
}
