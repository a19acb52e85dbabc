//! What administrators do; the engine refuses everybody else.
#![expect(
    missing_docs,
    reason = "the server macro makes a struct of each function's arguments"
)]

use booking::ids::RoomId;
use booking::mirror::SyncRun;
use booking::rooms_overview::{OverviewQuery, RoomsOverview};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::ApiError;
use super::client::ApiClient;
use super::wire::Answer;

/// Whether rooms of a tenant may be made to decline.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DecliningView {
    /// What administrators call the tenant's connection.
    pub name: String,
    /// They may.
    pub is_allowed: bool,
    /// People from outside reserve there, who cannot give a room back otherwise.
    pub has_externals: bool,
}

/// How declining stands for each tenant.
#[server(prefix = "/api", endpoint = "admin/declining", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn load_declining() -> Result<Vec<DecliningView>, ApiError> {
    let person = super::caller::person()?;
    let all = super::caller::engine().declining(&person).await?;
    let all = all.into_iter().map(|one| DecliningView {
        name: one.name,
        is_allowed: one.is_allowed,
        has_externals: one.has_externals,
    });
    Ok(all.collect())
}

/// Makes the person an administrator by the secret of a link from `etage admin-link`.
#[server(prefix = "/api", endpoint = "admin/use_link", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn use_link(secret: String) -> Result<(), ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine()
        .use_admin_link(&person, &secret.into())
        .await?)
}

/// One page of how the mirrors of rooms stand.
#[server(prefix = "/api", endpoint = "admin/rooms_overview", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn load_overview(query: OverviewQuery) -> Result<RoomsOverview, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine()
        .rooms_overview(&person, &query)
        .await?)
}

/// Has a room's calendar read now. `room`: `None` for all rooms.
#[server(prefix = "/api", endpoint = "admin/sync_rooms", input = server_fn::codec::Json, output = Answer, client = ApiClient)]
pub async fn sync_rooms(room: Option<RoomId>) -> Result<SyncRun, ApiError> {
    let person = super::caller::person()?;
    Ok(super::caller::engine().sync_rooms(&person, room).await?)
}
