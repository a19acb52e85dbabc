//! Which of the properties that applications add to events an answer shows.
//! <https://learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get>

use serde_json::Value;

use super::error::GraphError;
use super::filter::Filter;
use crate::message::Call;

const RELATION: &str = "singleValueExtendedProperties";
/// What such a property has.
const PROPERTIES: [&str; 2] = ["id", "value"];

/// Those that are shown.
#[derive(Debug, Clone, Default)]
pub(crate) enum Extended {
    #[default]
    None,
    All,
    Matching(Filter),
}

impl Extended {
    /// What `$expand` asks for; an error when its own `$filter` cannot be read.
    pub(super) fn wanted(call: &Call) -> Result<Self, GraphError> {
        let expand = call.query_value("$expand").unwrap_or_default();
        let Some(position) = expand
            .to_ascii_lowercase()
            .find(&RELATION.to_ascii_lowercase())
        else {
            return Ok(Self::None);
        };
        let inner = in_parentheses(&expand[position + RELATION.len()..]);
        let filter = inner.split(';').find_map(|option| {
            let (name, text) = option.split_once('=')?;
            name.trim().eq_ignore_ascii_case("$filter").then_some(text)
        });
        filter.map_or(Ok(Self::All), |text| {
            Filter::read(text, &PROPERTIES).map(Self::Matching)
        })
    }

    /// Those of an event that are shown.
    pub(super) fn of<'a>(&self, properties: &'a [Value]) -> Vec<&'a Value> {
        let is_shown = |property: &&Value| match self {
            Self::None => false,
            Self::All => true,
            Self::Matching(filter) => filter.accepts(property),
        };
        properties.iter().filter(is_shown).collect()
    }
}

/// What stands between the parenthesis that a text begins with and the one that closes it; quoted ones do not count.
fn in_parentheses(text: &str) -> &str {
    let Some(inner) = text.trim_start().strip_prefix('(') else {
        return "";
    };
    let (mut depth, mut is_quoted) = (1_usize, false);
    let end = inner.find(|character| {
        match character {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    &inner[..end.unwrap_or(inner.len())]
}
