//! What people consent to for themselves, and what their organisation lets them.

use serde::{Deserialize, Serialize};

use super::AppRegistration;

/// Which permissions people may consent to for themselves, of those that need no administrator.
/// <https://learn.microsoft.com/entra/identity/enterprise-apps/manage-app-consent-policies#microsoft-recommended-current-settings>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UserConsent {
    /// Those that Microsoft leaves to people, as in a new tenant: none for mail, calendars, files and the like.
    #[default]
    MicrosoftManaged,
    /// All of them.
    Allowed,
    /// None.
    Refused,
}

/// What one person consented to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonalConsent {
    /// The person's address.
    pub person: String,
    /// Delegated permissions, such as `User.Read`.
    pub permissions: Vec<String>,
}

impl AppRegistration {
    /// The registration as it is for one person, whose own consents count like an administrator's.
    pub(crate) fn for_person(&self, person: &str) -> Self {
        let mut own = self.clone();
        let consents = self.personal_consents.iter();
        let consents = consents.filter(|one| one.person.eq_ignore_ascii_case(person));
        for permission in consents.flat_map(|one| &one.permissions) {
            add(&mut own.delegated_permissions, permission);
        }
        own
    }

    /// The delegated permissions it has or asks for.
    pub(crate) fn all_delegated(&self) -> Vec<String> {
        let mut all = self.delegated_permissions.clone();
        for permission in &self.requested_delegated_permissions {
            add(&mut all, permission);
        }
        all
    }

    /// What a person's consent does.
    pub(crate) fn grant_to(&mut self, person: &str, permissions: &[String]) {
        let mut consents = self.personal_consents.iter_mut();
        let own = consents.find(|one| one.person.eq_ignore_ascii_case(person));
        match own {
            Some(own) => permissions
                .iter()
                .for_each(|permission| add(&mut own.permissions, permission)),
            None => self.personal_consents.push(PersonalConsent {
                person: person.to_owned(),
                permissions: permissions.to_vec(),
            }),
        }
    }

    /// What an administrator's consent to some delegated permissions does: everybody has them from now on.
    pub(crate) fn grant_delegated(&mut self, permissions: &[String]) {
        for permission in permissions {
            let is_other = |requested: &String| !requested.eq_ignore_ascii_case(permission);
            self.requested_delegated_permissions.retain(is_other);
            add(&mut self.delegated_permissions, permission);
        }
    }

    /// What an administrator's consent to all that is asked for does: everything is had from now on.
    pub(crate) fn grant_requested(&mut self) {
        let delegated = std::mem::take(&mut self.requested_delegated_permissions);
        self.grant_delegated(&delegated);
        for permission in std::mem::take(&mut self.requested_application_permissions) {
            add(&mut self.application_permissions, &permission);
        }
    }
}

fn add(permissions: &mut Vec<String>, permission: &str) {
    let has = |known: &String| known.eq_ignore_ascii_case(permission);
    if !permissions.iter().any(has) {
        permissions.push(permission.to_owned());
    }
}
