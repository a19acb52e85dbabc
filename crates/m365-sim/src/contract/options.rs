//! Query options, held against what is documented for an operation.

use serde_json::Value;

/// What a query option has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Digits only.
    Number,
    /// `true` or `false`.
    Truth,
}

/// One documented query option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) is_required: bool,
}

impl Parameter {
    /// Those of an operation of the document.
    pub(super) fn of(document: &Value, operation: &Value) -> Vec<Self> {
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let resolved = parameters.filter_map(|parameter| match parameter["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#')),
            None => Some(parameter),
        });
        resolved
            .filter(|parameter| parameter["in"] == "query")
            .map(Self::read)
            .collect()
    }

    fn read(parameter: &Value) -> Self {
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            kind: match parameter["schema"]["type"].as_str() {
                Some("integer") => Kind::Number,
                Some("boolean") => Kind::Truth,
                _ => Kind::Text,
            },
            is_required: parameter["required"] == Value::Bool(true),
        }
    }
}

impl Kind {
    fn fits(self, text: &str) -> bool {
        match self {
            Self::Text => !text.is_empty(),
            Self::Number => text.parse::<u32>().is_ok(),
            Self::Truth => ["true", "false"].contains(&text.to_lowercase().as_str()),
        }
    }
}

/// What is wrong with the query of a request. Names without `$` that nobody documents are left alone: the service
/// ignores them.
pub(super) fn problems(parameters: &[Parameter], target: &str) -> Vec<String> {
    let query = target.split_once('?').map_or("", |(_, query)| query);
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let of_name = |name: &str| {
        parameters
            .iter()
            .find(|parameter| parameter.name.eq_ignore_ascii_case(name))
    };
    let wrong = sent.iter().filter_map(|(name, value)| match of_name(name) {
        None if name.starts_with('$') => {
            Some(format!("the query option '{name}' is not documented here"))
        }
        Some(parameter) if !parameter.kind.fits(value) => Some(format!(
            "'{value}' is no value for the query option '{name}'"
        )),
        _ => None,
    });
    let is_sent = |name: &str| {
        sent.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    let missing = parameters
        .iter()
        .filter(|parameter| parameter.is_required && !is_sent(&parameter.name))
        .map(|parameter| format!("the query option '{}' is missing", parameter.name));
    wrong.chain(missing).collect()
}
