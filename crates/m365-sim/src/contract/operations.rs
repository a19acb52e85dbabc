//! The operations of the document, and which one a request is.

use serde_json::{Map, Value};

use super::added;
use super::options::Parameter;
use super::schema::convert;
use crate::graph::operations::canonical;

/// One documented method of one path.
pub(super) struct Operation {
    pub(super) method: String,
    pub(super) segments: Vec<String>,
    /// By status text, such as `200` or `4XX`; `None` when no body is documented.
    pub(super) answers: Vec<(String, Option<Value>)>,
    pub(super) request: Option<Value>,
    /// What may stand in the query.
    pub(super) parameters: Vec<Parameter>,
}

impl Operation {
    /// What is documented for a status: nothing, no body, or a body.
    pub(super) fn answer(&self, status: u16) -> Option<Option<&Value>> {
        let exact = status.to_string();
        let range = format!("{}XX", status / 100);
        let find = |wanted: &str| self.answers.iter().find(|(known, _)| known == wanted);
        find(&exact)
            .or_else(|| find(&range))
            .map(|(_, schema)| schema.as_ref())
    }

    fn fits(&self, method: &str, segments: &[String]) -> bool {
        self.method == method
            && self.segments.len() == segments.len()
            && self
                .segments
                .iter()
                .zip(segments)
                .all(|(known, sent)| known.starts_with('{') || known == sent)
    }

    fn literals(&self) -> usize {
        self.segments
            .iter()
            .filter(|segment| !segment.starts_with('{'))
            .count()
    }
}

/// All operations.
pub(super) struct Operations {
    all: Vec<Operation>,
    /// How many of them, at the end, are the document's own.
    documented: usize,
}

impl Operations {
    pub(super) fn of(document: &Value) -> Self {
        let mut operations = added::operations();
        let added = operations.len();
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for method in ["get", "post", "patch", "delete"] {
                if let Some(operation) = methods.get(method) {
                    operations.push(read(document, method, path, operation));
                }
            }
        }
        let documented = operations.len() - added;
        Self {
            all: operations,
            documented,
        }
    }

    /// Method and path of what the document itself has.
    pub(super) fn documented(&self) -> Vec<(String, String)> {
        let own = &self.all[self.all.len() - self.documented..];
        let name = |one: &Operation| (one.method.clone(), format!("/{}", one.segments.join("/")));
        own.iter().map(name).collect()
    }

    /// The operation of a request; the one with the most literal segments when several fit.
    pub(super) fn find(&self, method: &str, target: &str) -> Option<&Operation> {
        let segments = canonical(target.split('?').next().unwrap_or_default());
        let segments = segments.get(1..)?;
        let found = |segments: &[String]| {
            let fitting = self
                .all
                .iter()
                .filter(|operation| operation.fits(method, segments));
            fitting.max_by_key(|operation| operation.literals())
        };
        if let Some(operation) = found(segments) {
            return Some(operation);
        }
        // What is documented for a user holds for /me, and for a mailbox also for its primary calendar.
        let mut segments = segments.to_vec();
        if segments.first().is_some_and(|first| first == "me") {
            segments.splice(..1, ["users".to_owned(), "me".to_owned()]);
        }
        if let Some(operation) = found(&segments) {
            return Some(operation);
        }
        // A calendar may be named by its id; the only one there is is the primary one.
        if segments.len() > 3 && segments[2] == "calendars" {
            segments.splice(2..4, ["calendar".to_owned()]);
        }
        if let Some(operation) = found(&segments) {
            return Some(operation);
        }
        if segments.len() > 3 && segments[2] == "calendar" {
            segments.remove(2);
        }
        found(&segments)
    }
}

/// Action parameters are documented in one case and sent in another; the documented spelling is put in.
pub(super) fn with_documented_names(schema: &Value, body: &Value) -> Value {
    let (Some(properties), Some(sent)) = (schema["properties"].as_object(), body.as_object())
    else {
        return body.clone();
    };
    let documented = |name: &String| {
        properties
            .keys()
            .find(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or(name)
            .clone()
    };
    sent.iter()
        .map(|(name, value)| (documented(name), value.clone()))
        .collect::<Map<_, _>>()
        .into()
}

/// Their pages say 202, and the whole OpenAPI document, of which this is an excerpt, 204.
const RESPONSES: [&str; 3] = ["accept", "decline", "tentativelyaccept"];

fn read(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let mut answers: Vec<_> = answers
        .map(|(status, response)| {
            let response = match response["$ref"].as_str() {
                Some(reference) => document
                    .pointer(reference.trim_start_matches('#'))
                    .unwrap_or(&Value::Null),
                None => response,
            };
            let schema = response.pointer("/content/application~1json/schema");
            (status.to_uppercase(), schema.map(convert))
        })
        .collect();
    let segments = canonical(path);
    let is_response = segments
        .last()
        .is_some_and(|last| RESPONSES.contains(&last.as_str()));
    if is_response {
        answers.push(("204".to_owned(), None));
    }
    Operation {
        method: method.to_uppercase(),
        segments,
        answers,
        request: operation
            .pointer("/requestBody/content/application~1json/schema")
            .map(convert),
        parameters: Parameter::of(document, operation),
    }
}
