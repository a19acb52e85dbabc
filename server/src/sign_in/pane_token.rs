//! Tokens the Outlook pane shows: access tokens for our own API, issued by the person's tenant.
//!
//! Checked: signature by the tenant's published keys (RS256 only), exact issuer, audience (we),
//! token version, scope, the application that asked for it, and time. A person is `tid` and `oid`;
//! names and addresses are only shown. See
//! <https://learn.microsoft.com/entra/identity-platform/access-tokens#validate-tokens>.

use booking::ids::MailboxAddress;
use booking::person::{Person, PersonId};
use booking::time::Instant;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use uuid::Uuid;

use super::keys::KeysError;
use super::session::{Cache, hash_of};
use super::{SignIn, Tenant};

/// The scope our API asks for.
pub const SCOPE: &str = "access_as_user";

/// How a token of version 1 says that it is one.
const OLD_VERSION: &str = "1.0";

/// Clocks may differ by so many seconds.
const LEEWAY_SECONDS: u64 = 60;

/// The Office hosts that ask for tokens in our name when `getAccessToken` is used, as Microsoft
/// lists them for pre-authorisation:
/// <https://learn.microsoft.com/office/dev/add-ins/develop/register-sso-add-in-aad-v2>.
const OFFICE_CLIENTS: [&str; 4] = [
    "ea5a67f6-b6f3-4338-b240-c655ddc3cc8e",
    "d3590ed6-52b3-4102-aeff-aad2292ab01c",
    "93d53678-613d-4013-afc1-62e9e444a0a5",
    "bc59ab01-8403-45c6-8796-ac3ef710b3e3",
];

/// Tokens verified lately.
pub(super) type TokenCache = Cache;

/// Why a token is not believed.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is no token we can read, or signature, issuer, audience or time are wrong.
    #[error("the token is not valid")]
    Invalid(#[from] jsonwebtoken::errors::Error),
    /// Its tenant is not connected.
    #[error("the token's tenant is not connected to this server")]
    Tenant,
    /// It is genuine, and of version 1, which an application is given unless it asks for the other. Only an administrator
    /// can mend that.
    ///
    /// See <https://learn.microsoft.com/entra/identity-platform/access-tokens#token-formats>.
    #[error(
        "the token is of version 1; set requestedAccessTokenVersion (accessTokenAcceptedVersion in older manifests) of \
         the application to 2"
    )]
    OldVersion,
    /// It is not for us, or not of the kind we take.
    #[error("the token's {0} is not acceptable")]
    Claim(&'static str),
    /// The keys could not be had.
    #[error(transparent)]
    Keys(#[from] KeysError),
}

#[derive(Debug, Deserialize)]
struct Claims {
    tid: Uuid,
    oid: Uuid,
    ver: String,
    #[serde(default)]
    scp: String,
    azp: Option<String>,
    name: Option<String>,
    preferred_username: Option<String>,
    exp: i64,
    nbf: Option<i64>,
}

/// What tells tokens of one version from those of the other, whatever else they hold.
#[derive(Debug, Deserialize)]
struct Version {
    ver: String,
}

/// The only claim read before the signature is checked: whose keys to check it with.
#[derive(Debug, Deserialize)]
struct Unverified {
    tid: Uuid,
}

impl SignIn {
    /// The person a token stands for.
    ///
    /// # Errors
    /// `TokenError` saying which check failed; only for the log.
    pub async fn verify_pane_token(&self, token: &str) -> Result<Person, TokenError> {
        let hash = hash_of(token);
        let now = self.clock.now();
        if let Some(person) = self.tokens.get(&hash, now) {
            return Ok(person);
        }
        let tenant = self.tenant_of(token)?;
        let header = decode_header(token)?;
        if header.alg != Algorithm::RS256 {
            return Err(TokenError::Claim("algorithm"));
        }
        let key_id = header.kid.ok_or(TokenError::Claim("key id"))?;
        let key = self.keys.key(tenant.tenant, &key_id).await?;
        let validation = self.validation(tenant);
        let decoded = decode::<Claims>(token, &key, &validation);
        let claims = decoded.map_err(|error| refusal(token, &key, error))?.claims;
        check(&claims, tenant, now)?;
        let person = person_of(&claims)?;
        let until = Instant(claims.exp.saturating_mul(1_000));
        self.tokens.put(hash, person.clone(), until);
        Ok(person)
    }

    fn tenant_of(&self, token: &str) -> Result<&Tenant, TokenError> {
        let unverified = jsonwebtoken::dangerous::insecure_decode::<Unverified>(token)?;
        self.tenant(unverified.claims.tid).ok_or(TokenError::Tenant)
    }

    fn validation(&self, tenant: &Tenant) -> Validation {
        let mut validation = Validation::new(Algorithm::RS256);
        validation.set_issuer(&[self.issuer(tenant.tenant)]);
        validation.set_audience(&[&tenant.client_id]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        // Time is checked against the clock we are handed, in `check`.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.leeway = LEEWAY_SECONDS;
        validation
    }
}

/// Why a token is not believed. One of version 1 has another issuer, audience and form of claims: that it is one is only
/// believed by its signature.
fn refusal(token: &str, key: &DecodingKey, error: jsonwebtoken::errors::Error) -> TokenError {
    let mut signature_alone = Validation::new(Algorithm::RS256);
    signature_alone.set_required_spec_claims::<&str>(&[]);
    signature_alone.validate_aud = false;
    signature_alone.validate_exp = false;
    match decode::<Version>(token, key, &signature_alone) {
        Ok(genuine) if genuine.claims.ver == OLD_VERSION => TokenError::OldVersion,
        _ => TokenError::Invalid(error),
    }
}

fn check(claims: &Claims, tenant: &Tenant, now: Instant) -> Result<(), TokenError> {
    if claims.tid != tenant.tenant {
        return Err(TokenError::Tenant);
    }
    if claims.ver == OLD_VERSION {
        return Err(TokenError::OldVersion);
    }
    if claims.ver != "2.0" {
        return Err(TokenError::Claim("version"));
    }
    if !claims.scp.split(' ').any(|scope| scope == SCOPE) {
        return Err(TokenError::Claim("scope"));
    }
    let azp = claims.azp.as_deref().unwrap_or_default();
    if azp != tenant.client_id && !OFFICE_CLIENTS.contains(&azp) {
        return Err(TokenError::Claim("authorised party"));
    }
    let now_s = now.0 / 1_000;
    let leeway_s = LEEWAY_SECONDS as i64;
    if claims.exp.saturating_add(leeway_s) < now_s {
        return Err(TokenError::Claim("expiry"));
    }
    if claims.nbf.is_some_and(|nbf| nbf > now_s + leeway_s) {
        return Err(TokenError::Claim("beginning"));
    }
    Ok(())
}

fn person_of(claims: &Claims) -> Result<Person, TokenError> {
    let username = claims.preferred_username.as_deref().unwrap_or_default();
    let address = MailboxAddress::parse(username).map_err(|_| TokenError::Claim("user name"))?;
    Ok(Person {
        id: PersonId {
            tenant: claims.tid,
            object: claims.oid,
        },
        display_name: claims.name.clone().unwrap_or_else(|| address.to_string()),
        address,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::ids::ConnectionId;
    use graph::Credential;
    use secrecy::SecretString;

    const NOW: Instant = Instant(1_800_000_000_000);
    const TENANT: Uuid = Uuid::from_u128(0x7e);

    fn tenant() -> Tenant {
        Tenant {
            connection: ConnectionId(Uuid::from_u128(1)),
            tenant: TENANT,
            client_id: "our-client".to_owned(),
            credential: Credential::Secret(SecretString::from("unused")),
        }
    }

    fn claims() -> Claims {
        Claims {
            tid: TENANT,
            oid: Uuid::from_u128(0xada),
            ver: "2.0".to_owned(),
            scp: format!("openid {SCOPE}"),
            azp: Some("our-client".to_owned()),
            name: None,
            preferred_username: Some("Ada@contoso.com".to_owned()),
            exp: NOW.0 / 1_000 + 600,
            nbf: Some(NOW.0 / 1_000 - 5),
        }
    }

    /// Makes one thing wrong.
    type Spoil = fn(&mut Claims);

    fn refused(claims: Claims) -> String {
        check(&claims, &tenant(), NOW).unwrap_err().to_string()
    }

    #[test]
    fn a_token_for_us_is_believed_and_so_is_one_that_an_office_host_asked_for() {
        assert!(check(&claims(), &tenant(), NOW).is_ok());
        for azp in OFFICE_CLIENTS {
            let claims = Claims {
                azp: Some(azp.to_owned()),
                ..claims()
            };
            assert!(check(&claims, &tenant(), NOW).is_ok());
        }
    }

    #[test]
    fn each_wrong_claim_is_refused_by_name() {
        let wrong: [(&str, Spoil); 9] = [
            ("not connected", |one| one.tid = Uuid::from_u128(0xbad)),
            ("of version 1", |one| one.ver = "1.0".to_owned()),
            ("version", |one| one.ver = "3.0".to_owned()),
            ("scope", |one| one.scp = "Calendars.Read".to_owned()),
            ("scope", |one| one.scp = String::new()),
            ("authorised party", |one| one.azp = None),
            ("authorised party", |one| one.azp = Some(String::new())),
            ("expiry", |one| one.exp = NOW.0 / 1_000 - 61),
            ("beginning", |one| one.nbf = Some(NOW.0 / 1_000 + 61)),
        ];
        for (word, spoil) in wrong {
            let mut claims = claims();
            spoil(&mut claims);
            let text = refused(claims);
            assert!(text.contains(word), "{text}");
        }
    }

    #[test]
    fn a_person_is_tenant_and_object_and_never_a_name() {
        let person = person_of(&claims()).unwrap();
        assert_eq!(person.id.object, Uuid::from_u128(0xada));
        assert_eq!(person.address.as_str(), "ada@contoso.com");
        assert_eq!(person.display_name, "ada@contoso.com");
    }
}
