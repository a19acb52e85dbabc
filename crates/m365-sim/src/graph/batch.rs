//! Several requests in one. <https://learn.microsoft.com/graph/json-batching>

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bytes::Bytes;
use futures::future::join_all;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use serde::{Deserialize, Deserializer};
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
    #[serde(default, deserialize_with = "or_default")]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
    #[serde(default, deserialize_with = "or_default")]
    depends_on: Vec<String>,
}

/// `null` means the same as nothing.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `POST /$batch`. Requests that depend on none run at once; otherwise they run one after the other, and what follows a
/// failed one is answered 424.
pub(super) async fn run(shared: &Arc<Shared>, call: &Call) -> Result<Reply, GraphError> {
    let body = call
        .json()
        .ok_or_else(|| GraphError::unreadable_body("it is empty or no JSON"))?;
    let batch: BatchBody = serde_json::from_value(body).map_err(GraphError::unreadable_body)?;
    check(&batch.requests)?;
    let calls = batch.requests.iter().map(|step| inner_call(call, step));
    let calls: Vec<Call> = calls.collect::<Result<_, _>>()?;
    let replies = if is_parallel(&batch.requests) {
        join_all(calls.into_iter().map(|call| serve(shared, call))).await
    } else {
        one_by_one(shared, calls).await
    };
    let steps = batch.requests.iter().zip(&replies);
    let responses: Vec<Value> = steps.map(|(step, reply)| answer(&step.id, reply)).collect();
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "responses": responses }),
    ))
}

/// A batch inside a batch, which would get around [`REQUESTS_MAX`].
pub(super) fn nested() -> GraphError {
    GraphError::bad_request(
        "BadRequest",
        "A batch request step cannot be a batch itself: put its requests into batches of their own.",
    )
}

async fn one_by_one(shared: &Arc<Shared>, calls: Vec<Call>) -> Vec<Reply> {
    let mut replies: Vec<Reply> = Vec::with_capacity(calls.len());
    for call in calls {
        let has_failed = replies.last().is_some_and(|last| !last.status.is_success());
        let reply = if has_failed {
            let error = GraphError::new(
                StatusCode::FAILED_DEPENDENCY,
                "FailedDependency",
                "A request this one depends on failed.",
            );
            super::finish(shared, &call, error.into())
        } else {
            serve(shared, call).await
        };
        replies.push(reply);
    }
    replies
}

/// Inside a batch a request has no connection of its own to drop, nor an answer that could break off by itself.
async fn serve(shared: &Arc<Shared>, call: Call) -> Reply {
    let reply = Box::pin(dispatch::serve_watched(shared, call.clone())).await;
    reply
        .filter(|reply| reply.breaks_after.is_none())
        .unwrap_or_else(|| {
            let error = GraphError::new(
                StatusCode::BAD_GATEWAY,
                "BadGateway",
                "The request was not answered whole.",
            );
            super::finish(shared, &call, error.into())
        })
}

fn is_parallel(steps: &[Step]) -> bool {
    steps.iter().all(|step| step.depends_on.is_empty())
}

/// Whether each request but the first depends on the one before it, and on nothing else.
fn is_sequential(steps: &[Step]) -> bool {
    let follows = |pair: &[Step]| {
        let depends_on = pair[1].depends_on.as_slice();
        matches!(depends_on, [only] if only.eq_ignore_ascii_case(&pair[0].id))
    };
    steps
        .first()
        .is_none_or(|first| first.depends_on.is_empty())
        && steps.windows(2).all(follows)
}

fn check(steps: &[Step]) -> Result<(), GraphError> {
    let refused = |message: String| Err(GraphError::bad_request("BadRequest", message));
    if steps.len() > REQUESTS_MAX {
        return refused(format!(
            "Number of batch request steps exceeds the maximum value of {REQUESTS_MAX}."
        ));
    }
    let mut ids = BTreeSet::new();
    for step in steps {
        if !ids.insert(step.id.to_lowercase()) {
            return refused(format!(
                "Request Id : {} has to be unique in a batch.",
                step.id
            ));
        }
        let mut names = step.headers.keys();
        let has_type = names.any(|name| name.eq_ignore_ascii_case("content-type"));
        if step.body.is_some() && !has_type {
            return refused(format!(
                "Request Id : {} has a body and no Content-Type header.",
                step.id
            ));
        }
    }
    let mut needed = steps.iter().flat_map(|step| &step.depends_on);
    if let Some(unknown) = needed.find(|id| !ids.contains(&id.to_lowercase())) {
        return refused(format!(
            "Request Id : {unknown}, which another one depends on, is not in the batch."
        ));
    }
    if !is_parallel(steps) && !is_sequential(steps) {
        return refused(
            "A batch is either fully sequential or fully parallel: either no request depends on another, or each on \
             the one before it."
                .to_owned(),
        );
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
    for (name, value) in &step.headers {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        ) {
            headers.insert(name, value);
        }
    }
    // Last: a step cannot be somebody else than the batch.
    headers.remove("authorization");
    if let Some(token) = outer.headers.get("authorization") {
        headers.insert("authorization", token.clone());
    }
    let body = step
        .body
        .as_ref()
        .map(|body| serde_json::to_vec(body).unwrap_or_default())
        .unwrap_or_default();
    let target = format!("/v1.0/{}", step.url.trim_start_matches('/'));
    let mut inner = Call::new(method, &target, headers, Bytes::from(body));
    inner.is_batched = true;
    Ok(inner)
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
