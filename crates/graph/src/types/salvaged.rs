//! Members of lists that must not make the whole list unreadable.

use serde::de::DeserializeOwned;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::page::{Listed, Page};

/// What can be read of one member of a list. A property that is not what its contract says reads as one that is
/// missing; a member that is no object at all, as one without any.
///
/// Otherwise one odd event would hide all the others of its page, for as long as it is in the calendar. It can be read from
/// the text of an answer alone: most members are as they should be, and are read without a tree of values first.
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

impl<T: DeserializeOwned + Default> Listed for Salvaged<T> {
    /// Nearly all pages are as they should be, and are read in one go.
    fn page(body: &[u8]) -> serde_json::Result<Page<Self>> {
        let Ok(whole) = serde_json::from_slice::<Page<T>>(body) else {
            return serde_json::from_slice(body);
        };
        Ok(Page {
            value: whole.value.into_iter().map(Self).collect(),
            next_link: whole.next_link,
            delta_link: whole.delta_link,
        })
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
    fn a_page_is_read_whole_or_member_by_member() {
        let ids = |body: &str| {
            let page = Salvaged::<Event>::page(body.as_bytes()).unwrap();
            let ids: Vec<_> = page.value.into_iter().map(|one| one.0.id).collect();
            (ids, page.next_link)
        };
        let more = || Some("x".to_owned());
        let whole = r#"{"value":[{"id":"a"},{"id":"b"}],"@odata.nextLink":"x"}"#;
        assert_eq!(ids(whole), (vec!["a".to_owned(), "b".to_owned()], more()));
        let odd = r#"{"@odata.nextLink":"x","value":[{"id":7},{"id":"b"}]}"#;
        assert_eq!(ids(odd), (vec![String::new(), "b".to_owned()], more()));
        assert!(Salvaged::<Event>::page(b"{}").is_err());
    }

    #[test]
    fn of_a_property_that_comes_twice_the_last_value_counts() {
        let read: Salvaged<Event> = serde_json::from_str(r#"{"id":"a","id":"b"}"#).unwrap();
        assert_eq!(read.0.id, "b");
    }
}
