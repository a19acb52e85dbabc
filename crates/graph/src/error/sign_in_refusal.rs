//! Refusals of the identity provider: what is kept of them, and what their numbers mean.

use serde::Deserialize;

use super::excerpt;

/// Most of the identity provider's numbers that are kept.
const NUMBERS_MAX: usize = 8;

/// The numbers of a tenant that is not there (90002), that has no such application (700016), or that has it no more
/// (7000229).
///
/// See <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
pub const TENANT_GONE: [i64; 3] = [90_002, 700_016, 7_000_229];

/// The number of a permission that nobody has consented to.
const CONSENT_MISSING: i64 = 65_001;

/// Why the identity provider refuses. Its sentence is left out: it names people.
///
/// See <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
#[derive(Clone, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct SignInRefusal {
    /// OAuth's word for it, such as `invalid_grant`.
    #[serde(default)]
    pub error: String,
    /// The numbers behind `AADSTS…`.
    #[serde(default)]
    pub error_codes: Vec<i64>,
    /// Microsoft's name for the request. `None`: it gave none.
    #[serde(default)]
    pub correlation_id: Option<String>,
}

impl SignInRefusal {
    /// Reads a refusal; a body that is none (a proxy's, say) leaves everything empty.
    pub fn read(body: &[u8]) -> Self {
        let told: Self = serde_json::from_slice(body).unwrap_or_default();
        Self {
            error: excerpt(&told.error),
            error_codes: told.error_codes.into_iter().take(NUMBERS_MAX).collect(),
            correlation_id: told.correlation_id.as_deref().map(excerpt),
        }
    }

    /// Whether there is no such tenant (any more), or the application was taken out of it.
    pub fn tenant_is_gone(&self) -> bool {
        let mut codes = self.error_codes.iter();
        codes.any(|code| TENANT_GONE.contains(code))
    }

    /// Whether nobody has consented to what is asked for.
    pub fn lacks_consent(&self) -> bool {
        self.error_codes.contains(&CONSENT_MISSING)
    }

    /// Whether the grant itself is worth nothing any more, so that the person must sign in again.
    pub fn grant_is_lost(&self) -> bool {
        matches!(
            self.error.as_str(),
            "invalid_grant" | "interaction_required" | "consent_required" | "login_required"
        )
    }
}

impl std::fmt::Display for SignInRefusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.error)?;
        for code in &self.error_codes {
            write!(f, " AADSTS{code}")?;
        }
        if let Some(meaning) = self.error_codes.iter().find_map(|code| meaning(*code)) {
            write!(f, ": {meaning}")?;
        }
        match &self.correlation_id {
            Some(id) => write!(f, " (correlation id {id})"),
            None => Ok(()),
        }
    }
}

/// What an administrator can mend, in our words. `None`: the number speaks of something else.
///
/// See <https://learn.microsoft.com/entra/identity-platform/reference-error-codes>.
fn meaning(code: i64) -> Option<&'static str> {
    Some(match code {
        CONSENT_MISSING => "nobody has consented to a permission that is needed for this",
        90002 => "there is no tenant with this id in this cloud",
        700_016 => "the tenant does not know an application with this client id",
        7_000_229 => {
            "the application was taken out of the tenant (it has no service principal there)"
        }
        7_000_215 => "this is not a secret of the application (its value is meant, not its id)",
        7_000_222 => "the application's secret has expired",
        700_027 => {
            "the certificate is not registered with the application; upload it in the Entra admin centre, or use the \
             one that is there"
        }
        700_024 => "the clock of this machine is wrong by minutes",
        700_023 => "the application signs for another cloud than this",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_microsofts_numbers_and_no_person() {
        let body = r#"{"error":"invalid_grant","error_description":"AADSTS50173: ada@contoso.com …",
            "error_codes":[50173],"correlation_id":"c-1","timestamp":"2026-11-20 09:00:00Z"}"#;
        let refusal = SignInRefusal::read(body.as_bytes());
        assert_eq!(
            refusal.to_string(),
            "invalid_grant AADSTS50173 (correlation id c-1)"
        );
        assert!(refusal.grant_is_lost());
    }
}
