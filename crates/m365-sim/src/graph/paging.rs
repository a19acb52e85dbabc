//! Collections and their pages. Links are absolute, on the simulator's public address.

use http::StatusCode;
use serde_json::{Value, json};

use super::Context;
use super::error::GraphError;
use super::query;
use crate::message::{Call, Reply};

/// Answers with one page of `all`, by `$orderby`, `$top` and `$skip`. `page_size` is the size when the client names none.
pub(crate) fn page(
    context: &Context<'_>,
    entity_set: &str,
    mut all: Vec<Value>,
    page_size: usize,
) -> Result<Reply, GraphError> {
    let call = context.call;
    query::order(call, &mut all)?;
    let top = query::number(call, "$top")?
        .or(context.prefer.page_size_max)
        .unwrap_or(page_size)
        .clamp(1, 1_000);
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
