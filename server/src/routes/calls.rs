//! `POST /api/…`: the server functions of `app`, each at its own path.
//!
//! Leptos' own handler would make a reactive owner for each call and copy the whole head of the request into it. No
//! function of ours looks at either, and the two cost as much as many an answer does.

use std::sync::Arc;

use app::api::ApiError;
use app::api::caller::Call;
use app::text::problem;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use booking::person::Caller;
use server_fn::axum::{get_server_fn_service, server_fn_paths};

use crate::state::AppState;

/// Where each of them answers.
pub fn paths() -> impl Iterator<Item = &'static str> {
    // All are called with POST, because all of them take JSON.
    server_fn_paths().map(|(path, _)| path)
}

/// Everything below `/api/`.
pub fn calls() -> Router<AppState> {
    paths().fold(
        Router::new().route("/api/{*function}", any(unknown)),
        |router, path| router.route(path, post(answer)),
    )
}

async fn answer(State(state): State<AppState>, mut request: Request) -> Response {
    let method = request.method().clone();
    let Some(mut function) = get_server_fn_service(request.uri().path(), method) else {
        return unknown().await.into_response();
    };
    let caller = request.extensions_mut().remove::<Caller>();
    let call = Call::new(
        Arc::clone(&state.engine),
        caller.unwrap_or(Caller::Anonymous),
    );
    let (mut response, status) = call.run(function.run(request)).await;
    if let Some(status) = status {
        *response.status_mut() = status;
    }
    response
}

/// What a call gets that no server function answers to.
async fn unknown() -> (StatusCode, Json<ApiError>) {
    let error = ApiError {
        code: "not_found".to_owned(),
        message: problem::NO_SUCH_CALL.to_owned(),
        refusals: Vec::new(),
        dates: Vec::new(),
        incident: None,
    };
    (StatusCode::NOT_FOUND, Json(error))
}
