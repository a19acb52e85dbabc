//! What is posted to subscribers. <https://learn.microsoft.com/graph/api/resources/changenotificationcollection>

use serde_json::Value;

/// The schema of what is posted.
pub(super) const SCHEMA: &str = "microsoft.graph.changeNotificationCollection";

/// What a posted body lacks, or has too much, that the schema leaves open.
pub(super) fn problems(body: &Value) -> Vec<String> {
    let entries = body["value"].as_array().map_or(&[][..], Vec::as_slice);
    if entries.is_empty() {
        return vec!["a notification tells nothing".to_owned()];
    }
    let numbered = entries.iter().enumerate();
    numbered
        .flat_map(|(number, entry)| {
            let problems = entry_problems(entry);
            problems
                .into_iter()
                .map(move |problem| format!("/value/{number}: {problem}"))
        })
        .collect()
}

fn entry_problems(entry: &Value) -> Vec<String> {
    let has = |name: &str| !entry[name].is_null();
    let always = [
        "subscriptionId",
        "subscriptionExpirationDateTime",
        "tenantId",
    ];
    let of_changes = ["changeType", "resource", "resourceData"];
    let is_lifecycle = has("lifecycleEvent");
    let needed = always
        .into_iter()
        .chain(of_changes.into_iter().filter(|_| !is_lifecycle));
    let missing = needed
        .filter(|name| !has(name))
        .map(|name| format!("'{name}' is missing"));
    let extra = of_changes
        .into_iter()
        .filter(|name| is_lifecycle && has(name))
        .map(|name| format!("'{name}' does not belong to a lifecycle event"));
    missing.chain(extra).collect()
}
