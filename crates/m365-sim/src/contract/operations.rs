//! The operations of the document, and which one a request is.

use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::schema::convert;

/// One documented method of one path.
pub(super) struct Operation {
    method: String,
    segments: Vec<String>,
    /// By status text, such as `200` or `4XX`; `None` when no body is documented.
    answers: Vec<(String, Option<Value>)>,
    pub(super) request: Option<Value>,
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
pub(super) struct Operations(Vec<Operation>);

impl Operations {
    pub(super) fn of(document: &Value) -> Self {
        let mut operations = vec![list_users()];
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for method in ["get", "post", "patch", "delete"] {
                if let Some(operation) = methods.get(method) {
                    operations.push(read(document, method, path, operation));
                }
            }
        }
        Self(operations)
    }

    /// The operation of a request; the one with the most literal segments when several fit.
    pub(super) fn find(&self, method: &str, target: &str) -> Option<&Operation> {
        let segments = canonical(target.split('?').next().unwrap_or_default());
        let segments = segments.get(1..)?;
        let found = |segments: &[String]| {
            let fitting = self
                .0
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

fn read(document: &Value, method: &str, path: &str, operation: &Value) -> Operation {
    let answers = operation["responses"].as_object().into_iter().flatten();
    let answers = answers
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
    Operation {
        method: method.to_uppercase(),
        segments: canonical(path),
        answers,
        request: operation
            .pointer("/requestBody/content/application~1json/schema")
            .map(convert),
    }
}

/// Listing users is documented by Microsoft but left out of the excerpt.
/// <https://learn.microsoft.com/graph/api/user-list>
fn list_users() -> Operation {
    let error = json!({ "$ref": "#/$defs/microsoft.graph.ODataErrors.ODataError" });
    let users = json!({
        "type": "object",
        "required": ["value"],
        "properties": { "value": { "type": "array", "items": { "$ref": "#/$defs/microsoft.graph.user" } } },
    });
    Operation {
        method: "GET".to_owned(),
        segments: vec!["users".to_owned()],
        answers: vec![
            ("200".to_owned(), Some(users)),
            ("4XX".to_owned(), Some(error.clone())),
            ("5XX".to_owned(), Some(error)),
        ],
        request: None,
    }
}

/// Segments in one spelling: lower case, short casts, no parentheses.
fn canonical(path: &str) -> Vec<String> {
    path.split('/')
        .filter(|segment| !segment.is_empty())
        .map(|segment| {
            let decoded = percent_decode_str(segment)
                .decode_utf8_lossy()
                .to_lowercase();
            decoded
                .trim_end_matches("()")
                .replace("microsoft.graph.", "graph.")
        })
        .collect()
}
