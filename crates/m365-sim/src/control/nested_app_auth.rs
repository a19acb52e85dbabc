//! Nested app authentication, the host's part: what Outlook answers to MSAL in an add-in's frame.
//! <https://learn.microsoft.com/office/dev/add-ins/develop/enable-nested-app-authentication-in-your-add-in>
//!
//! A page that plays Outlook passes on what MSAL posts to `window.nestedAppAuthBridge`; a page that is its own host loads
//! the script served here. Somebody is signed in to that Outlook: whoever the address names.

use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::token::{self, TokenAccount, Unissued};
use super::{Outcome, Refusal, body, done};
use crate::entra::error::EntraError;
use crate::entra::issue::Wishes;
use crate::message::{Call, Reply};
use crate::shared::Shared;

const SCRIPT: &str = include_str!("nested_app_auth.js");
/// What MSAL is told the accounts' cloud is.
const ENVIRONMENT: &str = "login.microsoftonline.com";

/// A message of MSAL.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    message_type: String,
    method: String,
    request_id: String,
    token_params: Option<TokenParameters>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenParameters {
    client_id: Uuid,
    #[serde(default)]
    authority: Option<String>,
    scope: String,
    #[serde(default)]
    claims: Option<String>,
    #[serde(default)]
    nonce: Option<String>,
}

/// How a request fails, in the bridge's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Status {
    UserInteractionRequired,
    UserCancel,
    NoNetwork,
    TransientError,
    PersistentError,
    Disabled,
    AccountUnavailable,
    NestedAppAuthUnavailable,
}

/// How the host is told to behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Behaviour {
    Plain(Plain),
    Fails(Status),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Plain {
    On,
    Silent,
}

struct Failure {
    status: Status,
    code: String,
    description: String,
}

/// `GET /_sim/nested-app-auth.js`
pub(super) fn script() -> Outcome {
    Ok(Reply::script(SCRIPT))
}

/// `POST /_sim/nested-app-auth?person={address}&outcome={on, silent or a status}`: the text MSAL posted, answered with
/// the text the host posts back; without content when it stays silent.
pub(super) fn answer(shared: &Shared, call: &Call) -> Outcome {
    let person = call
        .query_value("person")
        .ok_or_else(|| Refusal::bad_request("the query has to name the person signed in"))?;
    let account = token::account(&shared.world(), person)
        .ok_or_else(|| Refusal::not_found(format!("there is no person {person}")))?;
    let behaviour = behaviour(call.query_value("outcome").unwrap_or("on"))?;
    let request: Request = body(call)?;
    if request.message_type != "NestedAppAuthRequest" {
        let message = format!(
            "messageType is {:?}, not NestedAppAuthRequest",
            request.message_type
        );
        return Err(Refusal::bad_request(message));
    }
    let result = match (behaviour, request.method.as_str()) {
        (Behaviour::Plain(Plain::Silent), _) => return done(),
        (_, "GetInitContext") => Ok(init_context(&account)),
        (Behaviour::Fails(status), "GetToken" | "GetTokenPopup") => Err(Failure {
            status,
            code: "simulated".to_owned(),
            description: "The simulator was told to answer so.".to_owned(),
        }),
        (_, "GetToken" | "GetTokenPopup") => grant(shared, &account, request.token_params),
        (_, other) => Err(Failure::persistent(format!("There is no method {other}."))),
    };
    let reply = match result {
        Ok(content) => content,
        Err(failure) => json!({ "error": {
            "status": failure.status, "code": failure.code, "subError": "", "description": failure.description,
        } }),
    };
    Ok(Reply::json(
        StatusCode::OK,
        &enveloped(reply, &request.request_id),
    ))
}

fn behaviour(text: &str) -> Result<Behaviour, Refusal> {
    serde_json::from_value(json!(text)).map_err(|_| {
        let message = format!(
            "there is no outcome {text}; there are on, silent, and errors such as USER_INTERACTION_REQUIRED"
        );
        Refusal::bad_request(message)
    })
}

fn enveloped(mut reply: Value, request_id: &str) -> Value {
    reply["success"] = json!(reply.get("error").is_none());
    reply["messageType"] = json!("NestedAppAuthResponse");
    reply["requestId"] = json!(request_id);
    reply
}

fn init_context(account: &TokenAccount) -> Value {
    json!({ "initContext": {
        "sdkName": "Bridge",
        "sdkVersion": "1.0.0",
        "capabilities": { "queryAccount": true },
        "accountContext": {
            "homeAccountId": account.home_account_id,
            "environment": ENVIRONMENT,
            "tenantId": account.tenant_id,
        },
    } })
}

fn grant(
    shared: &Shared,
    account: &TokenAccount,
    wanted: Option<TokenParameters>,
) -> Result<Value, Failure> {
    let wanted =
        wanted.ok_or_else(|| Failure::persistent("tokenParams are missing.".to_owned()))?;
    check_authority(shared, account, wanted.authority.as_deref())?;
    let wishes = Wishes::of(wanted.claims.as_deref(), wanted.nonce);
    let issued = token::issue_wished(
        shared,
        &account.username,
        wanted.client_id,
        &wanted.scope,
        wishes,
    )?;
    Ok(json!({
        "token": {
            "access_token": issued.access_token,
            "expires_in": issued.expires_in,
            "id_token": issued.id_token,
            "scope": wanted.scope,
            "properties": null,
        },
        "account": {
            "homeAccountId": account.home_account_id,
            "environment": ENVIRONMENT,
            "tenantId": account.tenant_id,
            "username": account.username,
            "localAccountId": account.local_account_id,
            "name": account.name,
            "idToken": issued.id_token,
        },
    }))
}

/// The account has to be of the tenant that the application asks for, where it asks for one.
fn check_authority(
    shared: &Shared,
    account: &TokenAccount,
    authority: Option<&str>,
) -> Result<(), Failure> {
    let Some(authority) = authority else {
        return Ok(());
    };
    let path = authority.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    let is_open = ["common", "organizations"].contains(&name);
    let named = shared.world().find_tenant(name).map(|tenant| tenant.id);
    if is_open || named == Some(account.tenant_id) {
        return Ok(());
    }
    Err(Failure {
        status: Status::AccountUnavailable,
        code: "account_unavailable".to_owned(),
        description: format!("{} is not an account of {authority}.", account.username),
    })
}

impl Failure {
    fn persistent(description: String) -> Self {
        Self {
            status: Status::PersistentError,
            code: "invalid_request".to_owned(),
            description,
        }
    }
}

impl From<Unissued> for Failure {
    fn from(unissued: Unissued) -> Self {
        let Unissued::Refused(error) = unissued else {
            return Self::persistent(unissued.to_string());
        };
        // What a dialog could mend, the person has to be asked for.
        let status = match error {
            EntraError::NoConsent(_) => Status::UserInteractionRequired,
            _ => Status::PersistentError,
        };
        let (code, description) = error.for_page();
        Self {
            status,
            code: code.to_owned(),
            description,
        }
    }
}
