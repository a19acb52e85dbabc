//! Whether a filter compares what entities have, and with values of its type.

use serde_json::Value;

use super::{Expression, Literal, Path};

/// Holds an expression against an entity that has every property, with a value of its type; what it has as `null` can be
/// of any. The problem in words otherwise.
pub(super) fn check(expression: &Expression, like: &Value) -> Result<(), String> {
    match expression {
        Expression::Or(sides) | Expression::And(sides) => {
            sides.iter().try_for_each(|side| check(side, like))
        }
        Expression::Not(inner) => check(inner, like),
        Expression::Compare(path, _, literal) => comparable(path, literal, like),
        Expression::In(path, literals) => literals
            .iter()
            .try_for_each(|literal| comparable(path, literal, like)),
        Expression::Text(path, _, text) => comparable(path, &Literal::Text(text.clone()), like),
        Expression::Any(path, condition) => match property(path, like)? {
            Value::Array(all) => all.first().map_or(Ok(()), |one| check(condition, one)),
            _ => Err(format!("'{}' is no collection.", path.join("/"))),
        },
    }
}

fn comparable(path: &Path, literal: &Literal, like: &Value) -> Result<(), String> {
    let is_comparable = match (property(path, like)?, literal) {
        (Value::Array(_), _) => false,
        (Value::Null, _) | (_, Literal::Null) => true,
        (Value::Object(_), _) => false,
        (Value::String(_), Literal::Text(_) | Literal::Instant(_))
        | (Value::Bool(_), Literal::Bool(_))
        | (Value::Number(_), Literal::Number(_)) => true,
        _ => false,
    };
    if is_comparable {
        Ok(())
    } else {
        let path = path.join("/");
        Err(format!(
            "'{path}' is compared with a value of another type."
        ))
    }
}

fn property<'a>(path: &Path, like: &'a Value) -> Result<&'a Value, String> {
    path.iter().try_fold(like, |value, name| {
        let properties = value.as_object();
        let mut properties = properties.into_iter().flatten();
        let found = properties.find(|(known, _)| known.eq_ignore_ascii_case(name));
        found
            .map(|(_, value)| value)
            .ok_or_else(|| format!("Could not find a property named '{name}'."))
    })
}
