//! Reads JSON in two steps: the text into a tree, the tree into a type.
//!
//! The first step is the same code for every type. The second knows one way to write each thing,
//! our server's: structs are objects, and there is one error without words. Nothing here is
//! quicker than serde_json, and our answers are small; it is for the size of the browser's module.

mod shape;

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor};

/// The text is no JSON, or not that of the type that was expected.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("the answer is not what this page expects")]
pub struct Unreadable;

impl Error for Unreadable {
    /// Drops the words: forming them would pull formatting into every type's reader.
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }
}

/// Reads JSON.
///
/// # Errors
/// [`Unreadable`].
pub(super) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, Unreadable> {
    T::deserialize(parse(text)?)
}

/// Out of line, so that it is there once.
#[inline(never)]
fn parse(text: &[u8]) -> Result<Node, Unreadable> {
    serde_json::from_slice(text).map_err(|_| Unreadable)
}

/// A piece of JSON.
#[derive(Clone, PartialEq, Debug)]
enum Node {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    List(Vec<Node>),
    Record(Vec<(String, Node)>),
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Unsigned(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Signed(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut record = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            record.push(entry);
        }
        Ok(Node::Record(record))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::{Deserialize, Serialize};

    use super::{Unreadable, read};

    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    #[serde(tag = "as", rename_all = "snake_case")]
    enum Tagged {
        Empty,
        Filled { count: u32, of: Vec<Plain> },
    }

    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    enum Plain {
        Unit,
        One(f64),
        Two(i8, String),
        Named { yes: bool },
    }

    #[derive(PartialEq, Debug, Serialize, Deserialize)]
    struct Everything {
        tagged: Vec<Tagged>,
        pair: (i64, f64),
        known: HashMap<String, Option<u64>>,
        missing: Option<String>,
        #[serde(default)]
        preset: Vec<u8>,
        unit: (),
    }

    fn everything() -> Everything {
        Everything {
            tagged: vec![
                Tagged::Empty,
                Tagged::Filled {
                    count: 3,
                    of: vec![
                        Plain::Unit,
                        Plain::One(2.0),
                        Plain::Two(-4, "ö\n\"".to_owned()),
                        Plain::Named { yes: true },
                    ],
                },
            ],
            pair: (i64::MIN, -0.125),
            known: HashMap::from([("a".to_owned(), None), ("b".to_owned(), Some(u64::MAX))]),
            missing: None,
            preset: vec![1, 2],
            unit: (),
        }
    }

    #[test]
    fn whatever_serde_json_writes_is_read_back() -> Result<(), serde_json::Error> {
        let text = serde_json::to_vec(&everything())?;
        assert_eq!(read(&text), Ok(everything()));
        Ok(())
    }

    #[test]
    fn whole_numbers_are_read_where_fractions_are_expected() {
        assert_eq!(read(b"[1, -2, 0.5]"), Ok((1.0, -2.0, 0.5)));
    }

    #[test]
    fn unknown_fields_are_passed_over() {
        assert_eq!(
            read(br#"{"as":"filled","later":{"x":[1]},"count":3,"of":[]}"#),
            Ok(Tagged::Filled {
                count: 3,
                of: Vec::new()
            })
        );
    }

    #[test]
    fn missing_fields_wrong_kinds_and_numbers_out_of_range_are_refused() {
        let refused = Err::<Tagged, _>(Unreadable);
        assert_eq!(read(br#"{"as":"filled","of":[]}"#), refused);
        assert_eq!(read(br#"{"as":"filled","count":"3","of":[]}"#), refused);
        assert_eq!(
            read(br#"{"as":"filled","count":4294967296,"of":[]}"#),
            refused
        );
        assert_eq!(read(br#"{"as":"else"}"#), refused);
        assert_eq!(read(br#"{"as":"empty""#), refused);
        assert_eq!(read::<(u8, u8)>(b"[1]"), Err(Unreadable));
        assert_eq!(read::<(u8, u8)>(b"[1, 2, 3]"), Err(Unreadable));
    }
}
