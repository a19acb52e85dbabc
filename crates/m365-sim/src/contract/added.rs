//! Operations that Microsoft documents on method pages and that the OpenAPI excerpt leaves out.

use serde_json::{Value, json};

use super::operations::Operation;
use super::options::{Kind, Parameter};
use crate::graph::operations::canonical;

const SELECT: &[(&str, Kind)] = &[("$select", Kind::Text)];
const LIST: &[(&str, Kind)] = &[
    ("$count", Kind::Truth),
    ("$expand", Kind::Text),
    ("$filter", Kind::Text),
    ("$orderby", Kind::Text),
    ("$search", Kind::Text),
    ("$select", Kind::Text),
    ("$skip", Kind::Number),
    ("$top", Kind::Number),
];
const COUNT: &[(&str, Kind)] = &[("$filter", Kind::Text), ("$search", Kind::Text)];

/// <https://learn.microsoft.com/graph/api/user-list>,
/// <https://learn.microsoft.com/graph/api/user-list-calendars>,
/// <https://learn.microsoft.com/graph/api/user-get-mailboxsettings>,
/// <https://learn.microsoft.com/graph/api/user-sendmail>
pub(super) fn operations() -> Vec<Operation> {
    vec![
        get("/users", collection("microsoft.graph.user"), LIST),
        get("/users/$count", json!({ "type": "integer" }), COUNT),
        get(
            "/users/{user-id}/calendars",
            collection("microsoft.graph.calendar"),
            LIST,
        ),
        get(
            "/users/{user-id}/calendars/{calendar-id}",
            named("microsoft.graph.calendar"),
            SELECT,
        ),
        get(
            "/users/{user-id}/mailboxSettings/{setting}",
            setting(),
            SELECT,
        ),
        send_mail(),
    ]
}

/// Its page says 202, without a body.
fn send_mail() -> Operation {
    let error = named("microsoft.graph.ODataErrors.ODataError");
    Operation {
        method: "POST".to_owned(),
        segments: canonical("/users/{user-id}/sendMail"),
        answers: vec![
            ("202".to_owned(), None),
            ("4XX".to_owned(), Some(error.clone())),
            ("5XX".to_owned(), Some(error)),
        ],
        request: Some(json!({
            "type": "object",
            "required": ["message"],
            "additionalProperties": false,
            "properties": {
                "message": message(),
                // A boolean by its table; the examples of the same page have it in quotes.
                "saveToSentItems": { "type": ["boolean", "string"] },
            },
        })),
        parameters: Vec::new(),
    }
}

/// What can be sent of a message: the document's excerpt has none.
/// <https://learn.microsoft.com/graph/api/resources/message>
fn message() -> Value {
    let text = json!({ "type": "string" });
    let truth = json!({ "type": "boolean" });
    let list = json!({ "type": "array" });
    let person = named("microsoft.graph.recipient");
    let people = json!({ "type": "array", "items": person });
    json!({
        "type": "object",
        "additionalProperties": false,
        "patternProperties": { "@": {} },
        "properties": {
            "subject": text, "importance": { "enum": ["low", "normal", "high"] },
            "body": named("microsoft.graph.itemBody"),
            "toRecipients": people, "ccRecipients": people, "bccRecipients": people, "replyTo": people,
            "from": person, "sender": person,
            "attachments": list, "internetMessageHeaders": list, "categories": list,
            "isDeliveryReceiptRequested": truth, "isReadReceiptRequested": truth,
        },
    })
}

fn get(path: &str, answer: Value, parameters: &[(&str, Kind)]) -> Operation {
    let error = named("microsoft.graph.ODataErrors.ODataError");
    let parameters = parameters.iter().map(|(name, kind)| Parameter {
        name: (*name).to_owned(),
        kind: *kind,
        is_required: false,
    });
    Operation {
        method: "GET".to_owned(),
        segments: canonical(path),
        answers: vec![
            ("200".to_owned(), Some(answer)),
            ("4XX".to_owned(), Some(error.clone())),
            ("5XX".to_owned(), Some(error)),
        ],
        request: None,
        parameters: parameters.collect(),
    }
}

fn named(schema: &str) -> Value {
    json!({ "$ref": format!("#/$defs/{schema}") })
}

fn collection(of: &str) -> Value {
    json!({
        "type": "object",
        "required": ["value"],
        "properties": { "value": { "type": "array", "items": named(of) } },
    })
}

/// One setting: an object as it is, anything else as the `value` of one.
fn setting() -> Value {
    let plain = json!({ "type": "object", "required": ["value"] });
    let objects = ["automaticRepliesSetting", "localeInfo", "workingHours"];
    let objects = objects.map(|name| named(&format!("microsoft.graph.{name}")));
    json!({ "anyOf": objects.into_iter().chain([plain]).collect::<Vec<_>>() })
}
