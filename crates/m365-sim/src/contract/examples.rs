//! Microsoft's documented examples, and payloads quoted from the service in public threads, one by one.
//!
//! They lie outside the repository, beside the OpenAPI document.

use std::path::Path;

use serde_json::Value;

use crate::graph::operations::{Operation, Scope};

/// Where they lie, seen from a crate of this workspace.
const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/reference/graph/examples"
);

/// What an example shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A request.
    Request,
    /// An answer.
    Response,
    /// A body by itself.
    Body,
}

/// One example.
#[derive(Debug, Clone)]
pub struct Example {
    /// Three digits; a request and its answer share them.
    pub number: String,
    /// The name of its file.
    pub file: String,
    /// What it shows.
    pub kind: Kind,
    /// The HTTP method; empty where none is told.
    pub method: String,
    /// The path after the version with `{id}` for ids, or `(payload) …` for what belongs to no path.
    pub endpoint: String,
    /// The address as documented; empty for answers and bodies.
    pub url: String,
    /// The status of an answer.
    pub status: Option<u16>,
    /// Documented headers.
    pub headers: Vec<(String, String)>,
    /// The body when it is JSON.
    pub body: Option<Value>,
    /// What stands for a body and is no JSON.
    pub body_text: Option<String>,
}

impl Example {
    /// Whether its operation is served; `None`: no operation of the table, or none told.
    #[must_use]
    pub fn scope(&self) -> Option<Scope> {
        Operation::find(&self.method, &self.endpoint).map(|operation| operation.scope)
    }

    fn read(entry: &Value, content: &Value) -> Option<Self> {
        let file = entry["file"].as_str()?.to_owned();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let headers = content["headers"].as_object().into_iter().flatten();
        Some(Self {
            number: file.get(..3)?.to_owned(),
            kind: match entry["kind"].as_str()? {
                "request" => Kind::Request,
                "response" => Kind::Response,
                _ => Kind::Body,
            },
            method: text(&entry["method"]),
            endpoint: text(&entry["endpoint"]),
            url: text(&content["url"]),
            status: entry["status"]
                .as_u64()
                .and_then(|status| u16::try_from(status).ok()),
            headers: headers
                .map(|(name, value)| (name.clone(), text(value)))
                .collect(),
            body: content.get("body").cloned(),
            body_text: content["body_text"].as_str().map(str::to_owned),
            file,
        })
    }
}

/// All of them, in the order of the collection. `None`: it is not beside the project, which is said.
///
/// # Panics
/// Where the collection is there and cannot be read: a test that checked nothing would pass.
#[must_use]
pub fn load() -> Option<Vec<Example>> {
    let folder = Path::new(FOLDER);
    if !folder.is_dir() {
        println!("Skipped: Microsoft's documented examples are not in ../shared.");
        return None;
    }
    let read = |name: &str| -> Value {
        let text = std::fs::read_to_string(folder.join(name));
        let parsed = text.ok().and_then(|text| serde_json::from_str(&text).ok());
        assert!(
            parsed.is_some(),
            "{name} of the documented examples cannot be read"
        );
        parsed.unwrap_or_default()
    };
    let index = read("index.json");
    let entries = index["entries"].as_array().into_iter().flatten();
    let examples = entries.filter_map(|entry| {
        let content = read(entry["file"].as_str().unwrap_or_default());
        Example::read(entry, &content)
    });
    Some(examples.collect())
}
