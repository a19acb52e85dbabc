//! Who is signed in, and what the pane needs to sign in.

use booking::person::{Person, Role};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// Who is signed in.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Session {
    /// The person. `None`: nobody; send them to `/sign-in`.
    pub person: Option<Person>,
    /// What they may do; decides what is offered, while each call decides for itself what it does.
    pub role: Role,
}

/// What the pane needs to ask Outlook for a token. Handed to the page by its shell.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct PaneConfig {
    /// The application's id in Entra ID.
    pub client_id: String,
    /// Whose sign-in to use, such as `https://login.microsoftonline.com/<tenant>`.
    pub authority: String,
    /// The scope of our own API to ask for.
    pub scope: String,
    /// Where `pane_auth.js` lies.
    pub auth_script: String,
    /// Scripts to load before the application, in this order: Microsoft's office.js.
    pub office_scripts: Vec<String>,
}

/// Who is asking.
#[server(prefix = "/api", endpoint = "session/me", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn me() -> Result<Session, ApiError> {
    let person = super::caller::caller().person().cloned();
    let role = match &person {
        Some(person) => super::caller::engine().role_of(person.id).await?,
        None => Role::default(),
    };
    Ok(Session { person, role })
}
