//! Collections and their pages. Links are absolute, on the simulator's public address.

use http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::error::GraphError;
use super::query;
use crate::message::{Call, Reply};

/// No page of Exchange's is longer, whatever is asked for.
const TOP_MAX: usize = 1_000;
/// More than that the directory refuses to put on a page. <https://learn.microsoft.com/graph/api/user-list>
const DIRECTORY_TOP_MAX: usize = 999;

/// How many entities a page has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PageSize {
    /// So many when the client names no number, and at most [`TOP_MAX`].
    Usual(usize),
    /// As many in the directory, which refuses what it does not put on a page.
    OfDirectory(usize),
}

impl PageSize {
    /// The size of this page: the least is 1. <https://learn.microsoft.com/graph/query-parameters#top-parameter>
    fn asked(self, context: &Context<'_>) -> Result<usize, GraphError> {
        let top = query::number(context.call, "$top")?;
        match (self, top) {
            (Self::OfDirectory(_), Some(top)) if !(1..=DIRECTORY_TOP_MAX).contains(&top) => {
                let message = format!(
                    "Invalid page size specified: '{top}'. Must be between 1 and {DIRECTORY_TOP_MAX} inclusive."
                );
                Err(GraphError::bad_request("Request_UnsupportedQuery", message))
            }
            (Self::Usual(_), Some(0)) => Err(GraphError::bad_request(
                "BadRequest",
                "Invalid value '0' for the query option '$top': it has to be at least 1.",
            )),
            (Self::Usual(usual) | Self::OfDirectory(usual), _) => {
                let size = top.or(context.prefer.page_size_max).unwrap_or(usual);
                Ok(size.min(TOP_MAX))
            }
        }
    }
}

/// Answers with one page of `all`, by `$orderby`, `$top` and `$skip`.
pub(crate) fn page(
    context: &Context<'_>,
    entity_set: &str,
    mut all: Vec<Value>,
    size: PageSize,
) -> Result<Reply, GraphError> {
    let call = context.call;
    query::order(call, &mut all)?;
    let top = size.asked(context)?;
    let skip = query::number(call, "$skip")?.unwrap_or(0);
    let total = all.len();
    let value: Vec<Value> = all
        .into_iter()
        .skip(skip)
        .take(top)
        .map(|entity| query::select(call, entity))
        .collect();
    let mut body = json!({ "@odata.context": metadata(context, entity_set), "value": value });
    if call
        .query_value("$count")
        .is_some_and(|wanted| wanted.eq_ignore_ascii_case("true"))
    {
        body["@odata.count"] = json!(total);
    }
    let next = skip.saturating_add(top);
    if next < total {
        body["@odata.nextLink"] = json!(link(
            context,
            call,
            &[("$skip", &next.to_string())],
            &["$skip"]
        ));
    }
    Ok(Reply::json(StatusCode::OK, &body))
}

/// The address of this request with some query options replaced.
pub(crate) fn link(
    context: &Context<'_>,
    call: &Call,
    added: &[(&str, &str)],
    dropped: &[&str],
) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let kept = call
        .query
        .iter()
        .filter(|(name, _)| !dropped.iter().any(|gone| gone.eq_ignore_ascii_case(name)));
    query.extend_pairs(kept);
    query.extend_pairs(added);
    format!(
        "{}{}?{}",
        context.shared.public_url,
        call.path,
        query.finish().replace("%24", "$")
    )
}

/// The `@odata.context` of an answer.
pub(crate) fn metadata(context: &Context<'_>, entity_set: &str) -> String {
    format!("{}/v1.0/$metadata#{entity_set}", context.shared.public_url)
}
