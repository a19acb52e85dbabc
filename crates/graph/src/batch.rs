//! Several calls of one kind in one request.
//!
//! See <https://learn.microsoft.com/graph/json-batching>.

use std::collections::{BTreeMap, HashMap};

use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use crate::answer::Answer;
use crate::error::GraphError;
use crate::operation::{Operation, Repeat, endpoint, json};

/// Most steps in one batch.
pub const STEPS_MAX: usize = 20;

/// Up to [`STEPS_MAX`] calls, each named by its number, which its answer carries.
#[derive(Debug)]
pub struct Batch<'a, O> {
    /// Number and call. Of the calls to one mailbox no more than four: Graph carries them out side by side, and Exchange
    /// refuses a fifth.
    pub steps: Vec<(usize, &'a O)>,
}

/// What became of the steps.
#[derive(Deserialize)]
pub struct BatchAnswer {
    responses: Vec<StepAnswer>,
}

#[derive(Serialize)]
struct BatchBody {
    requests: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    id: String,
    method: String,
    url: String,
    headers: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Value>,
}

#[derive(Deserialize)]
struct StepAnswer {
    id: String,
    status: u16,
    #[serde(default)]
    headers: HashMap<String, String>,
    #[serde(default)]
    body: Option<Value>,
}

impl<O: Operation> Operation for Batch<'_, O> {
    const METHOD: Method = Method::POST;
    const REPEAT: Repeat = O::REPEAT;
    type Response = BatchAnswer;

    fn build(&self, base: &Url) -> Result<Request<Vec<u8>>, GraphError> {
        let steps = self
            .steps
            .iter()
            .map(|(number, operation)| step(*number, operation.build(base)?, base));
        let body = BatchBody {
            requests: steps.collect::<Result<_, GraphError>>()?,
        };
        json::<Self>(&endpoint(base, &["$batch"]), "", &body)
    }
}

fn step(number: usize, request: Request<Vec<u8>>, base: &Url) -> Result<Step, GraphError> {
    let path = request
        .uri()
        .path_and_query()
        .map_or("", |path| path.as_str());
    let version = base.path().trim_end_matches('/');
    let headers = request.headers().iter().filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.to_string(), value.to_owned()))
    });
    let body = match request.body().as_slice() {
        [] => None,
        body => Some(serde_json::from_slice(body).map_err(GraphError::Encode)?),
    };
    Ok(Step {
        id: number.to_string(),
        method: request.method().to_string(),
        url: path.strip_prefix(version).unwrap_or(path).to_owned(),
        headers: headers.collect(),
        body,
    })
}

impl BatchAnswer {
    /// The answers by the numbers of their steps, in whatever order they came; those that cannot be read are left out.
    pub(crate) fn by_step(self) -> HashMap<usize, Answer> {
        let read = self.responses.into_iter().filter_map(|step| {
            let number = step.id.parse().ok()?;
            let status = StatusCode::from_u16(step.status).ok()?;
            let body = step.body.map(|body| body.to_string().into_bytes());
            let answer = Answer {
                status,
                headers: headers(step.headers),
                body: body.unwrap_or_default(),
            };
            Some((number, answer))
        });
        read.collect()
    }
}

fn headers(told: HashMap<String, String>) -> HeaderMap {
    let read = told.into_iter().filter_map(|(name, value)| {
        let name = HeaderName::try_from(name).ok()?;
        Some((name, HeaderValue::try_from(value).ok()?))
    });
    read.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::subscriptions::RenewSubscription;

    #[test]
    fn a_step_is_written_relative_to_the_version_with_its_headers_and_its_body() {
        let base = Url::parse("https://graph.microsoft.com/v1.0/").unwrap();
        let renewing = RenewSubscription {
            id: "s 1".to_owned(),
            until: "2026-11-25T09:00:00Z".parse().unwrap(),
        };
        let batch = Batch {
            steps: vec![(7, &renewing)],
        };
        let request = batch.build(&base).unwrap();
        assert_eq!(request.uri().path(), "/v1.0/$batch");
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        let step = &body["requests"][0];
        assert_eq!(step["id"], "7");
        assert_eq!(step["url"], "/subscriptions/s%201");
        assert_eq!(step["headers"]["content-type"], "application/json");
        assert_eq!(step["body"]["expirationDateTime"], "2026-11-25T09:00:00Z");
    }

    #[test]
    fn answers_are_told_apart_by_number_and_keep_their_own_headers() {
        let told: BatchAnswer = serde_json::from_str(
            r#"{"responses":[{"id":"3","status":429,"headers":{"Retry-After":"7","request-id":"r-3"}},
                {"id":"0","status":204},{"id":"nonsense","status":200},{"id":"1","status":9}]}"#,
        )
        .unwrap();
        let answers = told.by_step();
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[&3].headers["retry-after"], "7");
        assert!(answers[&0].body.is_empty());
    }
}
