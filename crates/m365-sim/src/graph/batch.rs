//! Several requests in one. <https://learn.microsoft.com/graph/json-batching>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::GraphError;
use crate::dispatch;
use crate::message::{Call, Reply};
use crate::shared::Shared;

const REQUESTS_MAX: usize = 20;

#[derive(Debug, Deserialize)]
struct BatchBody {
    requests: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Step {
    id: String,
    method: String,
    url: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default)]
    depends_on: Vec<String>,
}

/// `POST /$batch`. Requests run one after the other; those that depend on a failed one are answered 424.
pub(super) async fn run(shared: &Arc<Shared>, call: &Call) -> Result<Reply, GraphError> {
    let body = call
        .json()
        .ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
    let batch: BatchBody = serde_json::from_value(body).map_err(GraphError::unreadable_body)?;
    check(&batch)?;
    let mut responses = Vec::new();
    let mut failed = BTreeSet::new();
    for step in batch.requests {
        let response = if step
            .depends_on
            .iter()
            .any(|id| failed.contains(&id.to_lowercase()))
        {
            let error = GraphError::new(
                StatusCode::FAILED_DEPENDENCY,
                "FailedDependency",
                "A request this one depends on failed.",
            );
            Reply::from(error)
        } else {
            let inner = inner_call(call, &step)?;
            // A connection dropped inside a batch has no connection of its own to drop.
            Box::pin(dispatch::serve_watched(shared, inner))
                .await
                .unwrap_or_else(|| Reply::empty(StatusCode::BAD_GATEWAY))
        };
        if !response.status.is_success() {
            failed.insert(step.id.to_lowercase());
        }
        responses.push(answer(&step.id, &response));
    }
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "responses": responses }),
    ))
}

fn check(batch: &BatchBody) -> Result<(), GraphError> {
    if batch.requests.len() > REQUESTS_MAX {
        let message =
            format!("Number of batch request steps exceeds the maximum value of {REQUESTS_MAX}.");
        return Err(GraphError::bad_request("BadRequest", message));
    }
    let mut ids = BTreeSet::new();
    for step in &batch.requests {
        if !ids.insert(step.id.to_lowercase()) {
            let message = format!("Request Id : {} has to be unique in a batch.", step.id);
            return Err(GraphError::bad_request("BadRequest", message));
        }
        let has_type = step
            .headers
            .keys()
            .any(|name| name.eq_ignore_ascii_case("content-type"));
        if step.body.is_some() && !has_type {
            return Err(GraphError::bad_request(
                "BadRequest",
                "Content-Type header is missing for a request with a body.",
            ));
        }
    }
    Ok(())
}

/// A request of its own, made with the batch's token.
fn inner_call(outer: &Call, step: &Step) -> Result<Call, GraphError> {
    let method = Method::from_bytes(step.method.to_uppercase().as_bytes()).map_err(|_| {
        GraphError::bad_request(
            "BadRequest",
            "The method of a batch request step is not valid.",
        )
    })?;
    let mut headers = HeaderMap::new();
    if let Some(token) = outer.headers.get("authorization") {
        headers.insert("authorization", token.clone());
    }
    for (name, value) in &step.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    let body = step
        .body
        .as_ref()
        .map(|body| serde_json::to_vec(body).unwrap_or_default())
        .unwrap_or_default();
    let target = format!("/v1.0/{}", step.url.trim_start_matches('/'));
    Ok(Call::new(method, &target, headers, Bytes::from(body)))
}

fn answer(id: &str, reply: &Reply) -> Value {
    let headers: BTreeMap<String, &str> = reply
        .headers
        .iter()
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?)))
        .collect();
    let mut answer = json!({ "id": id, "status": reply.status.as_u16(), "headers": headers });
    if let Some(body) = reply.json_body() {
        answer["body"] = body;
    }
    answer
}
