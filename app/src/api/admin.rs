//! What administrators do; the engine refuses everybody else.
#![expect(
    missing_docs,
    reason = "the server macro makes a struct of each function's arguments"
)]

use leptos::prelude::*;

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// Makes the person an administrator by the secret of a link from `etage admin-link`.
#[server(prefix = "/api", endpoint = "admin/use_link", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn use_link(secret: String) -> Result<(), ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine()
        .use_admin_link(&person, &secret.into())
        .await?)
}
