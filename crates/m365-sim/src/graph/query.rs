//! Query options and `Prefer`. <https://learn.microsoft.com/graph/query-parameters>

use std::cmp::Ordering;

use jiff::tz::TimeZone;
use serde_json::Value;

use super::error::GraphError;
use super::filter::value_at;
use super::words;
use crate::message::Call;
use crate::scenario::UnknownPreferredZone;
use crate::time_zone;

/// What a `Prefer` header asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Prefer {
    /// The zone of times in the answer, by the name asked for.
    pub(crate) time_zone: Option<(String, TimeZone)>,
    pub(crate) page_size_max: Option<usize>,
    /// `text` or `html`, as asked for.
    pub(crate) body_type: Option<&'static str>,
    pub(crate) immutable_ids: bool,
}

impl Prefer {
    /// What a request prefers; an error when it names a time zone that there is not, unless that is passed over.
    pub(crate) fn of(call: &Call, unknown: UnknownPreferredZone) -> Result<Self, GraphError> {
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
                    let zone = time_zone::lookup(value);
                    if zone.is_none() && unknown == UnknownPreferredZone::Refused {
                        return Err(GraphError::unknown_zone(value));
                    }
                    prefer.time_zone = zone.map(|zone| (value.to_owned(), zone));
                }
                "odata.maxpagesize" => {
                    prefer.page_size_max = value.parse().ok().filter(|size| *size > 0);
                }
                "outlook.body-content-type" => {
                    prefer.body_type = words::word(words::BODY_TYPE, value).ok();
                }
                "idtype" => prefer.immutable_ids = value.eq_ignore_ascii_case("ImmutableId"),
                _ => {}
            }
        }
        Ok(prefer)
    }

    /// The `Preference-Applied` header; `None` when nothing was asked for.
    pub(crate) fn applied(&self) -> Option<String> {
        let mut applied = Vec::new();
        if let Some((name, _)) = &self.time_zone {
            applied.push(format!("outlook.timezone=\"{name}\""));
        }
        if let Some(kind) = self.body_type {
            applied.push(format!("outlook.body-content-type=\"{kind}\""));
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

/// `$top` or `$skip`; an error when it is no number or a larger one than 32 bits hold.
pub(crate) fn number(call: &Call, name: &str) -> Result<Option<usize>, GraphError> {
    let Some(text) = call.query_value(name) else {
        return Ok(None);
    };
    let parsed = text.parse::<u32>().ok();
    let parsed = parsed.and_then(|number| usize::try_from(number).ok());
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

/// Puts entities in the order that `$orderby` asks for; an error when it cannot be read.
pub(crate) fn order(call: &Call, entities: &mut [Value]) -> Result<(), GraphError> {
    let Some(text) = call.query_value("$orderby") else {
        return Ok(());
    };
    let keys = text.split(',').map(order_key).collect::<Option<Vec<_>>>();
    let keys = keys.ok_or_else(|| {
        GraphError::bad_request(
            "BadRequest",
            format!("Invalid value '{text}' for the query option '$orderby'."),
        )
    })?;
    entities.sort_by(|one, other| {
        keys.iter()
            .fold(Ordering::Equal, |order, (path, is_descending)| {
                order.then_with(|| {
                    let order = compare(value_at(one, path), value_at(other, path));
                    if *is_descending {
                        order.reverse()
                    } else {
                        order
                    }
                })
            })
    });
    Ok(())
}

/// A property's path, and whether the greatest comes first.
fn order_key(text: &str) -> Option<(Vec<String>, bool)> {
    let mut words = text.split_whitespace();
    let path: Vec<String> = words.next()?.split('/').map(str::to_owned).collect();
    let is_descending = match words.next().map(str::to_lowercase).as_deref() {
        None | Some("asc") => false,
        Some("desc") => true,
        Some(_) => return None,
    };
    let is_whole = words.next().is_none() && path.iter().all(|name| !name.is_empty());
    is_whole.then_some((path, is_descending))
}

/// Text without regard to case, numbers by value; what is not there comes first.
fn compare(one: &Value, other: &Value) -> Ordering {
    match (one, other) {
        (Value::String(one), Value::String(other)) => one.to_lowercase().cmp(&other.to_lowercase()),
        (Value::Number(one), Value::Number(other)) => one
            .as_f64()
            .partial_cmp(&other.as_f64())
            .unwrap_or(Ordering::Equal),
        (Value::Bool(one), Value::Bool(other)) => one.cmp(other),
        (Value::Null, Value::Null) => Ordering::Equal,
        (Value::Null, _) => Ordering::Less,
        (_, Value::Null) => Ordering::Greater,
        _ => Ordering::Equal,
    }
}
