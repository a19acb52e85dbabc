//! People and room accounts in the directory. <https://learn.microsoft.com/graph/api/resources/user>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::filter::Filter;
use super::paging::PageSize;
use super::route::Principal;
use super::{Context, Outcome, access, paging, query};
use crate::message::Reply;
use crate::world::{Holder, Mailbox};

/// What a person can be looked up by.
const FILTERABLE: [&str; 9] = [
    "accountEnabled",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "officeLocation",
    "surname",
    "userPrincipalName",
];

/// What is kept outside the directory, and read of one person at a time only.
/// <https://learn.microsoft.com/graph/delta-query-overview#properties-stored-outside-of-the-main-data-store>
const KEPT_ELSEWHERE: [&str; 10] = [
    "aboutMe",
    "birthday",
    "hireDate",
    "interests",
    "mailboxSettings",
    "mySite",
    "pastProjects",
    "responsibilities",
    "schools",
    "skills",
];

/// `GET /users`
pub(super) fn list(context: &Context<'_>) -> Outcome {
    let selected = context.call.query_value("$select").unwrap_or_default();
    let is_kept_elsewhere = |name: &str| {
        KEPT_ELSEWHERE
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name.trim()))
    };
    if selected.split(',').any(is_kept_elsewhere) {
        return Err(GraphError::not_implemented());
    }
    let users = matching(context)?;
    paging::page(context, "users", users, PageSize::OfDirectory(100))
}

/// `GET /users/$count`: how many there are, as plain text.
pub(super) fn count(context: &Context<'_>) -> Outcome {
    if !is_eventual(context) {
        return Err(GraphError::bad_request(
            "Request_BadRequest",
            "$count is not currently supported.",
        ));
    }
    let count = matching(context)?.len();
    Ok(Reply::text(StatusCode::OK, count.to_string()))
}

/// Those that `$filter` and `$search` ask for, by name.
fn matching(context: &Context<'_>) -> Result<Vec<Value>, GraphError> {
    let filter = Filter::of(context.call, &FILTERABLE)?;
    let search = search_terms(context)?;
    let world = context.shared.world();
    let mut users: Vec<Value> = world
        .mailboxes
        .values()
        .filter(|mailbox| mailbox.tenant == context.caller.tenant && mailbox.exists())
        .map(|mailbox| entity(context, mailbox))
        .filter(|user| filter.as_ref().is_none_or(|filter| filter.accepts(user)))
        .filter(|user| search.is_empty() || search.iter().any(|term| found(user, term)))
        .collect();
    users.sort_by_key(|user| {
        user["displayName"]
            .as_str()
            .unwrap_or_default()
            .to_lowercase()
    });
    drop(world);
    Ok(users)
}

/// Whether the caller is content with an index that lags behind, which advanced queries need.
/// <https://learn.microsoft.com/graph/aad-advanced-queries>
fn is_eventual(context: &Context<'_>) -> bool {
    let level = context.call.header("consistencylevel");
    level.is_some_and(|level| level.eq_ignore_ascii_case("eventual"))
}

/// `GET /users/{id}` and `GET /me`
pub(super) fn get(context: &Context<'_>, who: &Principal) -> Outcome {
    let world = context.shared.world();
    let mailbox = access::find(context, &world, who)
        .ok()
        .filter(|mailbox| mailbox.exists())
        .ok_or_else(|| not_found(who))?;
    let mut user = query::select(context.call, entity(context, mailbox));
    user["@odata.context"] = json!(paging::metadata(context, "users/$entity"));
    Ok(Reply::json(StatusCode::OK, &user))
}

fn not_found(who: &Principal) -> GraphError {
    let name = match who {
        Principal::Me => "me",
        Principal::Named(name) => name,
    };
    let message = format!(
        "Resource '{name}' does not exist or one of its queried reference-property objects are not present."
    );
    GraphError::new(StatusCode::NOT_FOUND, "Request_ResourceNotFound", message)
}

/// The properties of a user, without those that `User.ReadBasic.All` does not show.
fn entity(context: &Context<'_>, mailbox: &Mailbox) -> Value {
    let is_self = context.caller.object == mailbox.id;
    let reads_all = is_self
        || context
            .caller
            .has(&["User.Read.All", "User.ReadWrite.All", "Directory.Read.All"]);
    let (given, family) = mailbox
        .display_name
        .rsplit_once(' ')
        .unwrap_or((&mailbox.display_name, ""));
    let (is_person, title, office) = match &mailbox.holder {
        Holder::Person(person) => (
            true,
            person.job_title.as_deref(),
            person.office_location.as_deref(),
        ),
        Holder::Room(_) => (false, None, None),
    };
    let mut user = json!({
        "id": mailbox.id,
        "displayName": mailbox.display_name,
        "givenName": is_person.then_some(given),
        "surname": is_person.then_some(family),
        "mail": mailbox.address,
        "userPrincipalName": mailbox.address,
        "businessPhones": [],
        "jobTitle": title.filter(|_| reads_all),
        "officeLocation": office.filter(|_| reads_all),
        "mobilePhone": null,
        "preferredLanguage": null,
    });
    // Returned only when asked for, as the directory does.
    if reads_all && context.call.query_value("$select").is_some() {
        user["accountEnabled"] = json!(is_person);
    }
    user
}

/// The terms of `$search="displayName:ad" OR "mail:ad"`, as (property, lower-case text).
fn search_terms(context: &Context<'_>) -> Result<Vec<(String, String)>, GraphError> {
    let Some(search) = context.call.query_value("$search") else {
        return Ok(Vec::new());
    };
    if !is_eventual(context) {
        return Err(GraphError::bad_request(
            "Request_UnsupportedQuery",
            "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
        ));
    }
    let term = |part: &str| {
        let (property, text) = part.trim().trim_matches('"').split_once(':')?;
        Some((property.to_owned(), text.to_lowercase()))
    };
    let terms: Option<Vec<_>> = search.split(" OR ").map(term).collect();
    terms.ok_or_else(|| {
        GraphError::bad_request(
            "BadRequest",
            "Syntax error in $search: '\"property:value\"' expected.",
        )
    })
}

/// Directory search finds the beginnings of words.
fn found(user: &Value, (property, text): &(String, String)) -> bool {
    let actual = user[property.as_str()]
        .as_str()
        .unwrap_or_default()
        .to_lowercase();
    actual.starts_with(text.as_str())
        || actual
            .split([' ', '.', '-', '@'])
            .any(|word| word.starts_with(text.as_str()))
}
