//! Members of lists that must not make the whole list unreadable.

use serde::de::DeserializeOwned;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What can be read of one member of a list. A property that is not what its contract says reads as one that is
/// missing; a member that is no object at all, as one without any.
///
/// Otherwise one odd event would hide all the others of its page, for as long as it is in the calendar. It can be read from
/// the text of an answer alone: nearly all members are as they should be, and are read without a tree of values first.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Salvaged<T>(pub T);

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Salvaged<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <&RawValue>::deserialize(deserializer)?.get();
        if let Ok(whole) = serde_json::from_str(text) {
            return Ok(Self(whole));
        }
        let told: Value = serde_json::from_str(text).map_err(D::Error::custom)?;
        // Where a property comes twice, its last value counts.
        if let Ok(whole) = T::deserialize(&told) {
            return Ok(Self(whole));
        }
        let Value::Object(properties) = told else {
            return Ok(Self::default());
        };
        let is_readable = |name: &String, value: &Value| {
            let alone = Map::from_iter([(name.clone(), value.clone())]);
            T::deserialize(&Value::Object(alone)).is_ok()
        };
        let readable = properties
            .into_iter()
            .filter(|(name, value)| is_readable(name, value));
        let readable = Value::Object(readable.collect());
        Ok(Self(T::deserialize(&readable).unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Event;

    #[test]
    fn what_is_wrong_with_one_property_leaves_the_others_readable() {
        let read: Vec<Salvaged<Event>> = serde_json::from_str(
            r#"[{"id":"a","isCancelled":"maybe","isAllDay":true},5,{"id":7,"start":{"dateTime":null}},{"id":"b"}]"#,
        )
        .unwrap();
        let told: Vec<_> = read
            .iter()
            .map(|one| (one.0.id.as_str(), one.0.is_cancelled, one.0.is_all_day))
            .collect();
        let expected = [
            ("a", None, Some(true)),
            ("", None, None),
            ("", None, None),
            ("b", None, None),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn of_a_property_that_comes_twice_the_last_value_counts() {
        let read: Salvaged<Event> = serde_json::from_str(r#"{"id":"a","id":"b"}"#).unwrap();
        assert_eq!(read.0.id, "b");
    }
}
