//! The enumerations of events. Graph writes them in lowerCamel and reads them in any case.

use super::error::GraphError;

pub(crate) const SHOW_AS: &[&str] = &[
    "free",
    "tentative",
    "busy",
    "oof",
    "workingElsewhere",
    "unknown",
];
pub(crate) const SENSITIVITY: &[&str] = &["normal", "personal", "private", "confidential"];
pub(crate) const IMPORTANCE: &[&str] = &["low", "normal", "high"];
pub(crate) const BODY_TYPE: &[&str] = &["text", "html"];
pub(crate) const ATTENDEE_TYPE: &[&str] = &["required", "optional", "resource"];
pub(crate) const CHECK_IN_METHOD: &[&str] = &["unspecified", "manual", "inferred", "verified"];
pub(crate) const ONLINE_MEETING_PROVIDER: &[&str] = &[
    "unknown",
    "teamsForBusiness",
    "skypeForBusiness",
    "skypeForConsumer",
];

/// The word as Graph writes it.
pub(crate) fn word(
    known: &'static [&'static str],
    written: &str,
) -> Result<&'static str, GraphError> {
    known
        .iter()
        .copied()
        .find(|word| word.eq_ignore_ascii_case(written))
        .ok_or_else(|| {
            GraphError::bad_request(
                "RequestBodyRead",
                format!("Requested value '{written}' was not found."),
            )
        })
}
