//! What changed in a window since last time. <https://learn.microsoft.com/graph/api/event-delta>
//!
//! A token holds the window, the change number the round started from and how far the round has come. Changes are
//! reported in the order of their numbers; what changes during a round gets a higher number and so appears later in
//! the same round. That makes every token good for as long as the simulator runs, unless tokens are expired on purpose.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::GraphError;
use super::event_output::{EventForm, etag};
use super::route::Principal;
use super::{Context, Outcome, access, calendar_view, paging};
use crate::message::Reply;
use crate::world::item::Item;
use crate::world::{Mailbox, World};

/// The page size when the client names none.
const PAGE_SIZE: usize = 10;
const PAGE_SIZE_MAX: usize = 1_000;

/// Where a client is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Token {
    epoch: Uuid,
    mailbox: Uuid,
    from: Timestamp,
    to: Timestamp,
    /// Changes up to this number were reported in earlier rounds; `None` is a first round.
    since: Option<u64>,
    /// The number of the last change before this round began.
    started: u64,
    /// The last change number reported in this round, and how many rows of it.
    reported: (u64, usize),
}

/// `GET …/calendarView/delta`
pub(super) fn list(context: &Context<'_>, who: &Principal) -> Outcome {
    let call = context.call;
    if let Some(option) = ["$select", "$expand", "$filter", "$orderby", "$search"]
        .into_iter()
        .find(|name| call.query_value(name).is_some())
    {
        let message = format!(
            "The following parameters are not supported with change tracking over the 'Events' resource: '{option}'."
        );
        return Err(GraphError::bad_request("ErrorInvalidUrlQuery", message));
    }
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let token = match call
        .query_value("$deltatoken")
        .or_else(|| call.query_value("$skiptoken"))
    {
        Some(text) => read(text)
            .filter(|token| token.is_for(&world, mailbox))
            .ok_or_else(gone)?,
        None => {
            let (from, to) = calendar_view::window(call)?;
            Token {
                epoch: world.sync_epoch,
                mailbox: mailbox.id,
                from,
                to,
                since: None,
                started: world.change,
                reported: (0, 0),
            }
        }
    };
    let size = context
        .prefer
        .page_size_max
        .unwrap_or(PAGE_SIZE)
        .min(PAGE_SIZE_MAX);
    let (value, next, is_last) = page(&EventForm::of(context), mailbox, &token, world.change, size);
    let (name, parameter) = if is_last {
        ("@odata.deltaLink", "$deltatoken")
    } else {
        ("@odata.nextLink", "$skiptoken")
    };
    let dropped = [
        "$deltatoken",
        "$skiptoken",
        "startDateTime",
        "endDateTime",
        "$top",
    ];
    let mut body =
        json!({ "@odata.context": paging::metadata(context, "Collection(event)"), "value": value });
    body[name] = json!(paging::link(
        context,
        call,
        &[(parameter, &next.write())],
        &dropped
    ));
    Ok(Reply::json(StatusCode::OK, &body))
}

impl Token {
    fn is_for(&self, world: &World, mailbox: &Mailbox) -> bool {
        self.epoch == world.sync_epoch && self.mailbox == mailbox.id
    }

    fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }
}

fn read(text: &str) -> Option<Token> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
}

fn gone() -> GraphError {
    GraphError::new(
        StatusCode::GONE,
        "SyncStateNotFound",
        "The sync state generation is not found; the sync state is expired or invalid. Restart with a full synchronization.",
    )
}

/// One change: an item that is there, or the id of one that is not.
enum Change<'a> {
    Item(&'a Item),
    Removed(&'a str),
}

/// The rows of one page, where the client is after it, and whether the round is over.
fn page(
    form: &EventForm,
    mailbox: &Mailbox,
    token: &Token,
    last_change: u64,
    size: usize,
) -> (Vec<Value>, Token, bool) {
    let live = mailbox
        .items
        .values()
        .map(|item| (item.change, Change::Item(item)));
    let removed = mailbox
        .removed
        .iter()
        .map(|(change, id)| (*change, Change::Removed(id)));
    let (done, done_rows) = token.reported;
    let mut changes: Vec<(u64, Change<'_>)> = live
        .chain(removed)
        .filter(|(change, _)| token.since.is_none_or(|since| *change > since) && *change >= done)
        .collect();
    changes.sort_by_key(|(change, _)| *change);
    let mut page = Vec::new();
    for (number, change) in &changes {
        let skipped = if *number == done { done_rows } else { 0 };
        for (position, row) in rows(form, *number, change, token)
            .into_iter()
            .enumerate()
            .skip(skipped)
        {
            if page.len() == size {
                return (
                    page,
                    Token {
                        reported: (*number, position),
                        ..token.clone()
                    },
                    false,
                );
            }
            page.push(row);
        }
    }
    (
        page,
        Token {
            since: Some(last_change),
            started: last_change,
            reported: (0, 0),
            ..token.clone()
        },
        true,
    )
}

fn rows(form: &EventForm, number: u64, change: &Change<'_>, token: &Token) -> Vec<Value> {
    // What was gone or elsewhere before the first round began was never shown to the client.
    let is_unknown = token.since.is_none() && number <= token.started;
    match change {
        Change::Removed(_) if is_unknown => Vec::new(),
        Change::Removed(id) => vec![removed(id)],
        Change::Item(item) => {
            let occurrences = item.occurrences(token.from, token.to);
            // Touched events outside the window are reported as removed, whether the client knew them or not.
            if occurrences.is_empty() {
                return if is_unknown {
                    Vec::new()
                } else {
                    vec![removed(&item.id)]
                };
            }
            let mut whole = form.event(item);
            whole["@odata.type"] = json!("#microsoft.graph.event");
            whole["@odata.etag"] = json!(etag(item));
            let expanded = occurrences.iter().filter_map(|occurrence| {
                Some(form.bare_occurrence(item, occurrence, occurrence.date?))
            });
            std::iter::once(whole).chain(expanded).collect()
        }
    }
}

fn removed(id: &str) -> Value {
    json!({ "@odata.type": "#microsoft.graph.event", "id": id, "@removed": { "reason": "deleted" } })
}
