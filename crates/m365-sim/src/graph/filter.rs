//! `$filter`, as far as calendars, places and people are asked with it: comparisons, `startswith`, `endswith`,
//! `contains`, `in`, `any`, joined by `and`, `or`, `not` and parentheses.
//! <https://learn.microsoft.com/graph/filter-query-parameter>
//!
//! Text is compared without case, as the directory and Exchange do; times are compared as instants.

mod fitting;
mod lexer;
mod parser;

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::Value;

use super::error::GraphError;
use crate::message::Call;

/// What entities have to be like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Filter(Expression);

#[derive(Debug, Clone, PartialEq)]
enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Not(Box<Expression>),
    Compare(Path, Comparison, Literal),
    In(Path, Vec<Literal>),
    Text(Path, TextFunction, String),
    Any(Path, Box<Expression>),
}

/// A property and the ones below it, such as `start/dateTime`.
type Path = Vec<String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    NotEqual,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum TextFunction {
    StartsWith,
    EndsWith,
    Contains,
}

#[derive(Debug, Clone, PartialEq)]
enum Literal {
    Text(String),
    Number(f64),
    Bool(bool),
    Instant(Timestamp),
    Null,
}

impl Filter {
    /// Reads `$filter`; `None` when there is none. `properties` are those the entities have; another one is refused, and
    /// so is every form not served.
    pub(crate) fn of(call: &Call, properties: &[&str]) -> Result<Option<Self>, GraphError> {
        let Some(text) = call.query_value("$filter") else {
            return Ok(None);
        };
        Self::read(text, properties).map(Some)
    }

    /// Reads a filter over entities with these properties.
    pub(super) fn read(text: &str, properties: &[&str]) -> Result<Self, GraphError> {
        parser::parse(text, properties).map(Self).map_err(invalid)
    }

    /// The same for entities like this one; an error where it compares what they have not, or with a value of another
    /// type, which would hold for none.
    pub(crate) fn fitting(self, like: &Value) -> Result<Self, GraphError> {
        fitting::check(&self.0, like).map_err(invalid)?;
        Ok(self)
    }

    /// Whether an entity passes.
    pub(crate) fn accepts(&self, entity: &Value) -> bool {
        self.0.is_true_of(entity)
    }
}

fn invalid(problem: String) -> GraphError {
    GraphError::bad_request("BadRequest", format!("Invalid filter clause: {problem}"))
}

impl Expression {
    fn is_true_of(&self, entity: &Value) -> bool {
        match self {
            Self::Or(sides) => sides.iter().any(|side| side.is_true_of(entity)),
            Self::And(sides) => sides.iter().all(|side| side.is_true_of(entity)),
            Self::Not(inner) => !inner.is_true_of(entity),
            Self::Compare(path, comparison, literal) => {
                comparison.holds(value_at(entity, path), literal)
            }
            Self::In(path, literals) => {
                let actual = value_at(entity, path);
                literals
                    .iter()
                    .any(|literal| Comparison::Equal.holds(actual, literal))
            }
            Self::Text(path, function, text) => value_at(entity, path)
                .as_str()
                .is_some_and(|actual| function.holds(&actual.to_lowercase(), text)),
            Self::Any(path, condition) => value_at(entity, path)
                .as_array()
                .is_some_and(|all| all.iter().any(|one| condition.is_true_of(one))),
        }
    }
}

impl Comparison {
    fn holds(self, actual: &Value, literal: &Literal) -> bool {
        let order = order(actual, literal);
        match self {
            Self::Equal => order == Some(Ordering::Equal),
            Self::NotEqual => order != Some(Ordering::Equal),
            Self::Greater => order == Some(Ordering::Greater),
            Self::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
            Self::Less => order == Some(Ordering::Less),
            Self::LessOrEqual => order.is_some_and(Ordering::is_le),
        }
    }
}

impl TextFunction {
    /// Both without capitals.
    fn holds(self, actual: &str, text: &str) -> bool {
        match self {
            Self::StartsWith => actual.starts_with(text),
            Self::EndsWith => actual.ends_with(text),
            Self::Contains => actual.contains(text),
        }
    }
}

/// How a value lies to a literal; `None`: they cannot be compared.
fn order(actual: &Value, literal: &Literal) -> Option<Ordering> {
    match (actual, literal) {
        (Value::Null, Literal::Null) => Some(Ordering::Equal),
        (Value::Bool(actual), Literal::Bool(wanted)) => Some(actual.cmp(wanted)),
        (Value::Number(actual), Literal::Number(wanted)) => actual.as_f64()?.partial_cmp(wanted),
        (Value::String(actual), Literal::Instant(wanted)) => Some(instant(actual)?.cmp(wanted)),
        (Value::String(actual), Literal::Text(wanted)) => {
            match (instant(actual), instant(wanted)) {
                (Some(actual), Some(wanted)) => Some(actual.cmp(&wanted)),
                _ => Some(actual.to_lowercase().cmp(&wanted.to_lowercase())),
            }
        }
        _ => None,
    }
}

/// A time as Graph and its callers write it; without an offset it is UTC.
fn instant(text: &str) -> Option<Timestamp> {
    let in_utc = |civil: DateTime| {
        let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
        Some(zoned.timestamp())
    };
    // A date begins with a year; numbers and names do not look like one.
    if text.len() < 10 || !text.as_bytes()[..4].iter().all(u8::is_ascii_digit) {
        return None;
    }
    text.parse::<Timestamp>()
        .ok()
        .or_else(|| text.parse::<DateTime>().ok().and_then(in_utc))
        .or_else(|| {
            let date = text.parse::<Date>().ok()?;
            in_utc(date.to_datetime(jiff::civil::Time::midnight()))
        })
}

/// What stands at a path; nothing is null. Names are found without regard to case.
pub(super) fn value_at<'a>(entity: &'a Value, path: &[String]) -> &'a Value {
    path.iter().fold(entity, |value, name| {
        value
            .as_object()
            .and_then(|properties| {
                let named = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
                properties.iter().find(named)
            })
            .map_or(&Value::Null, |(_, value)| value)
    })
}

#[cfg(test)]
mod tests;
