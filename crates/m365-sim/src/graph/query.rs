//! Query options and `Prefer`. <https://learn.microsoft.com/graph/query-parameters>

use jiff::tz::TimeZone;
use serde_json::Value;

use super::error::GraphError;
use crate::message::Call;
use crate::time_zone;

/// What a `Prefer` header asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prefer {
    /// The zone of times in the answer, by the name asked for.
    pub(crate) time_zone: Option<(String, TimeZone)>,
    pub(crate) page_size_max: Option<usize>,
    pub(crate) text_bodies: bool,
    immutable_ids: bool,
}

impl Prefer {
    pub(crate) fn of(call: &Call) -> Self {
        let mut prefer = Self::default();
        let headers = call
            .headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok());
        for preference in headers.flat_map(|header| header.split([',', ';'])) {
            let Some((name, value)) = preference.split_once('=') else {
                continue;
            };
            let value = value.trim().trim_matches('"');
            match name.trim().to_lowercase().as_str() {
                "outlook.timezone" => {
                    prefer.time_zone =
                        time_zone::lookup(value).map(|zone| (value.to_owned(), zone));
                }
                "odata.maxpagesize" => {
                    prefer.page_size_max = value.parse().ok().filter(|size| *size > 0);
                }
                "outlook.body-content-type" => {
                    prefer.text_bodies = value.eq_ignore_ascii_case("text");
                }
                // Ids here survive everything the simulator can do to an item, so nothing differs.
                "idtype" => prefer.immutable_ids = value.eq_ignore_ascii_case("ImmutableId"),
                _ => {}
            }
        }
        prefer
    }

    /// The `Preference-Applied` header; `None` when nothing was asked for.
    pub(crate) fn applied(&self) -> Option<String> {
        let mut applied = Vec::new();
        if let Some((name, _)) = &self.time_zone {
            applied.push(format!("outlook.timezone=\"{name}\""));
        }
        if self.text_bodies {
            applied.push("outlook.body-content-type=\"text\"".to_owned());
        }
        if let Some(size) = self.page_size_max {
            applied.push(format!("odata.maxpagesize={size}"));
        }
        if self.immutable_ids {
            applied.push("IdType=\"ImmutableId\"".to_owned());
        }
        (!applied.is_empty()).then(|| applied.join(", "))
    }
}

/// `$top` or `$skip`; an error when it is no number.
pub(crate) fn number(call: &Call, name: &str) -> Result<Option<usize>, GraphError> {
    let Some(text) = call.query_value(name) else {
        return Ok(None);
    };
    let parsed = text.parse().ok();
    parsed.map(Some).ok_or_else(|| {
        GraphError::bad_request(
            "BadRequest",
            format!("Invalid value '{text}' for the query option '{name}'."),
        )
    })
}

/// Keeps the selected properties, the id and control information. `None` in `$select` keeps everything.
pub(crate) fn select(call: &Call, mut entity: Value) -> Value {
    let Some(selected) = call.query_value("$select") else {
        return entity;
    };
    let names: Vec<&str> = selected.split(',').map(str::trim).collect();
    if let Some(properties) = entity.as_object_mut() {
        properties.retain(|name, _| {
            name == "id"
                || name.starts_with("@odata.")
                || names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name))
        });
    }
    entity
}

/// A filter of the simple forms `field eq 'value'` and `startswith(field,'value')`, joined by `or`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Filter(Vec<(String, Comparison, String)>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equals,
    StartsWith,
}

impl Filter {
    /// Reads `$filter`; `None` when there is none, an error for every form not served.
    pub(crate) fn of(call: &Call) -> Result<Option<Self>, GraphError> {
        let Some(text) = call.query_value("$filter") else {
            return Ok(None);
        };
        let clauses: Option<Vec<_>> = text.split(" or ").map(clause).collect();
        clauses.map(|clauses| Some(Self(clauses))).ok_or_else(|| {
            GraphError::bad_request(
                "BadRequest",
                format!("Invalid filter clause: '{text}' is not supported here."),
            )
        })
    }

    /// Whether an entity passes. Text is compared without case, as the directory does.
    pub(crate) fn accepts(&self, entity: &Value) -> bool {
        self.0.iter().any(|(field, comparison, value)| {
            let actual = match &entity[field.as_str()] {
                Value::String(text) => text.to_lowercase(),
                other => other.to_string(),
            };
            match comparison {
                Comparison::Equals => actual == *value,
                Comparison::StartsWith => actual.starts_with(value.as_str()),
            }
        })
    }
}

fn clause(text: &str) -> Option<(String, Comparison, String)> {
    let text = text.trim().trim_start_matches('(').trim();
    let unquoted = |text: &str| {
        let text = text.trim().trim_end_matches(')').trim();
        text.trim_matches('\'').replace("''", "'").to_lowercase()
    };
    let start = text
        .get(..11)
        .filter(|start| start.eq_ignore_ascii_case("startswith("));
    if start.is_some() {
        let (field, value) = text[11..].split_once(',')?;
        return Some((
            field.trim().to_owned(),
            Comparison::StartsWith,
            unquoted(value),
        ));
    }
    let (field, value) = text.split_once(" eq ")?;
    Some((field.trim().to_owned(), Comparison::Equals, unquoted(value)))
}
