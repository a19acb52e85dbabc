//! Who asks for a token, and how it shows that it is that app: by a secret, by a signature, or, being public, not at all.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use uuid::Uuid;

use super::error::EntraError;
use super::{claims, client_assertion};
use crate::message::Call;
use crate::scenario::AppRegistration;
use crate::shared::Shared;

/// A client as it names itself.
pub(super) struct Client {
    pub(super) id: String,
    proof: Proof,
}

/// What a client showed of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    /// That it is the app it says it is.
    Itself,
    Nothing,
}

enum Proof {
    None,
    Secret(String),
    Assertion(String),
}

impl Client {
    /// Out of the form or the Authorization header.
    pub(super) fn read(call: &Call, form: &[(String, String)]) -> Result<Self, EntraError> {
        let basic = call
            .header("authorization")
            .and_then(|value| value.strip_prefix("Basic "));
        if let Some(basic) = basic {
            return Self::from_basic(basic);
        }
        let field = |name: &str| {
            form.iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let proof = match (field("client_secret"), field("client_assertion")) {
            (Some(secret), _) => Proof::Secret(secret),
            (None, Some(assertion)) => {
                if field("client_assertion_type").is_none_or(|it| it != client_assertion::TYPE) {
                    return Err(EntraError::MalformedRequest("client_assertion_type"));
                }
                Proof::Assertion(assertion)
            }
            (None, None) => Proof::None,
        };
        Ok(Self {
            id: field("client_id").ok_or(EntraError::MalformedRequest("client_id"))?,
            proof,
        })
    }

    fn from_basic(basic: &str) -> Result<Self, EntraError> {
        let text = STANDARD
            .decode(basic)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or(EntraError::WrongSecret)?;
        let (id, secret) = text.split_once(':').ok_or(EntraError::WrongSecret)?;
        let decode = |part: &str| {
            percent_encoding::percent_decode_str(part)
                .decode_utf8_lossy()
                .into_owned()
        };
        Ok(Self {
            id: decode(id),
            proof: Proof::Secret(decode(secret)),
        })
    }

    /// Whether this is really that app of that tenant, as far as it says. `name` is the tenant as the path has it.
    pub(super) fn shown(
        &self,
        app: &AppRegistration,
        shared: &Shared,
        tenant: Uuid,
        name: &str,
    ) -> Result<Shown, EntraError> {
        match &self.proof {
            Proof::None => return Ok(Shown::Nothing),
            Proof::Secret(_) | Proof::Assertion(_) if app.is_public() => {
                return Err(EntraError::CredentialOfPublicClient);
            }
            Proof::Secret(secret) => check_secret(secret, app, shared.clock.now())?,
            Proof::Assertion(assertion) => {
                let origin = &shared.public_url;
                let mut audiences = vec![claims::issuer(shared, tenant)];
                for tenant in [name, &tenant.to_string()] {
                    audiences.push(format!("{origin}/{tenant}/oauth2/v2.0/token"));
                }
                client_assertion::check(assertion, app, &audiences, shared.clock.now())?;
            }
        }
        Ok(Shown::Itself)
    }
}

fn check_secret(secret: &str, app: &AppRegistration, now: Timestamp) -> Result<(), EntraError> {
    let known = app.secrets.iter().find(|known| known.value == secret);
    let known = known.ok_or(EntraError::WrongSecret)?;
    if known.expires.is_some_and(|expires| expires <= now) {
        return Err(EntraError::ExpiredSecret(app.client_id));
    }
    Ok(())
}
