//! What changed in a window since last time. <https://learn.microsoft.com/graph/api/event-delta>
//!
//! A token holds the window, the change number the round started from and how far the round has come. Changes are
//! reported in the order of their numbers; what changes during a round gets a higher number and so appears later in
//! the same round. [`DeltaQuirks`] says what makes it harder than that.

mod quirks;
mod token;

use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::error::GraphError;
use super::event_output::{EventForm, etag};
use super::route::Principal;
use super::{Context, Outcome, access, calendar_view, events, paging};
use crate::message::Reply;
use crate::time_zone::graph_utc;
use crate::world::Mailbox;
use crate::world::item::Item;
pub use quirks::DeltaQuirks;
use token::Token;

/// The page size when the client names none.
const PAGE_SIZE: usize = 10;
const PAGE_SIZE_MAX: usize = 1_000;

/// The options of a first request that the links of its round carry no longer.
const DROPPED: [&str; 5] = [
    "$deltatoken",
    "$skiptoken",
    "startDateTime",
    "endDateTime",
    "$top",
];

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
    let mut world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let form = events::seen(context, mailbox, EventForm::of(context));
    let (quirks, last_change) = (world.delta, world.change);
    let given = call
        .query_value("$deltatoken")
        .or_else(|| call.query_value("$skiptoken"));
    let (token, is_new) = match given.map(Token::read) {
        Some(None) => return Ok(gone(context, None)),
        Some(Some(token)) if !token.is_good(&world, mailbox) => {
            return Ok(gone(context, Some((token.from, token.to))));
        }
        Some(Some(token)) => (token, false),
        None => {
            let (from, to) = calendar_view::window(context)?;
            (Token::first(&world, mailbox, from, to), true)
        }
    };
    let size = context.prefer.page_size_max.unwrap_or(PAGE_SIZE);
    let mut page = if is_new && quirks.empty_first_page {
        Page::empty(token)
    } else {
        let round = Round {
            form,
            mailbox,
            token,
            quirks,
        };
        round.page(size.min(PAGE_SIZE_MAX), last_change)
    };
    page.next.epoch = world.sync.epoch;
    let address = mailbox.address.clone();
    if page.is_last
        && let Some(mailbox) = world.mailbox_mut(&address)
    {
        page.next.serial = Some(mailbox.new_delta_serial(quirks.tokens_kept));
    }
    drop(world);
    Ok(page.answer(context))
}

/// The refusal of a token that is forgotten.
pub(super) fn expired() -> GraphError {
    GraphError::new(
        StatusCode::GONE,
        "SyncStateNotFound",
        "The sync state generation is not found; the sync state is expired or invalid. Restart with a full synchronization.",
    )
}

/// The same with the way to a new first round if the window is known.
fn gone(context: &Context<'_>, window: Option<(Timestamp, Timestamp)>) -> Reply {
    let reply = Reply::from(expired());
    let Some((from, to)) = window else {
        return reply;
    };
    let window = [
        ("startDateTime", graph_utc(from)),
        ("endDateTime", graph_utc(to)),
    ];
    let window = window.each_ref().map(|(name, end)| (*name, end.as_str()));
    let anew = paging::link(context, context.call, &window, &DROPPED);
    reply.header("location", &anew)
}

/// One page, and where the client is after it.
struct Page {
    rows: Vec<Value>,
    next: Token,
    /// Whether the round is over.
    is_last: bool,
}

impl Page {
    fn empty(next: Token) -> Self {
        Self {
            rows: Vec::new(),
            next,
            is_last: false,
        }
    }

    fn answer(self, context: &Context<'_>) -> Reply {
        let (name, parameter) = if self.is_last {
            ("@odata.deltaLink", "$deltatoken")
        } else {
            ("@odata.nextLink", "$skiptoken")
        };
        let mut body = json!({
            "@odata.context": paging::metadata(context, "Collection(event)"),
            "value": self.rows,
        });
        body[name] = json!(paging::link(
            context,
            context.call,
            &[(parameter, &self.next.write())],
            &DROPPED
        ));
        Reply::json(StatusCode::OK, &body)
    }
}

/// One change: an item that is there, or the id of one that is not.
enum Change<'a> {
    Item(&'a Item),
    Removed(&'a str),
}

/// A round of changes at the place where the client is.
struct Round<'a> {
    form: EventForm,
    mailbox: &'a Mailbox,
    token: Token,
    quirks: DeltaQuirks,
}

impl Round<'_> {
    /// The rows that come next, at most `size`.
    fn page(self, size: usize, last_change: u64) -> Page {
        let token = &self.token;
        let (done, done_rows) = token.reported;
        let mut rows: Vec<Value> = self.replayed(size).into_iter().collect();
        let mut last = token.last;
        for (number, change) in self.changes() {
            let skipped = if number == done { done_rows } else { 0 };
            let new = self.rows(number, &change);
            for (position, row) in new.into_iter().enumerate().skip(skipped) {
                if rows.len() == size {
                    let next = Token {
                        reported: (number, position),
                        last,
                        serial: None,
                        ..token.clone()
                    };
                    return Page {
                        rows,
                        next,
                        is_last: false,
                    };
                }
                rows.push(row);
                last = Some(number);
            }
        }
        let next = Token {
            since: Some(last_change),
            started: last_change,
            reported: (0, 0),
            last,
            ..token.clone()
        };
        Page {
            rows,
            next,
            is_last: true,
        }
    }

    /// What this round has still to report, in the order of change numbers.
    fn changes(&self) -> Vec<(u64, Change<'_>)> {
        let token = &self.token;
        let mut changes: Vec<(u64, Change<'_>)> = self
            .all_changes()
            .filter(|(number, _)| {
                token.since.is_none_or(|since| *number > since) && *number >= token.reported.0
            })
            .collect();
        changes.sort_by_key(|(number, _)| *number);
        changes
    }

    fn all_changes(&self) -> impl Iterator<Item = (u64, Change<'_>)> {
        let items = self.mailbox.items.values();
        let live = items.map(|item| (item.change, Change::Item(item)));
        let removed = self.mailbox.removed.ids.iter();
        live.chain(removed.map(|(number, id)| (*number, Change::Removed(id))))
    }

    /// The row reported last, when it is to be repeated. It never fills a page, so that rounds come to an end.
    fn replayed(&self, size: usize) -> Option<Value> {
        let last = self.token.last?;
        if size < 2 || !self.token.falls_among(self.quirks.replay_percent) {
            return None;
        }
        let (number, change) = self.all_changes().find(|(number, _)| *number == last)?;
        let rows = self.rows(number, &change);
        let (unfinished, done_rows) = self.token.reported;
        if unfinished == last && done_rows > 0 {
            return rows.into_iter().nth(done_rows - 1);
        }
        rows.into_iter().next_back()
    }

    fn rows(&self, number: u64, change: &Change<'_>) -> Vec<Value> {
        let token = &self.token;
        // What was gone or elsewhere before the first round began was never shown to the client.
        let is_unknown = token.since.is_none() && number <= token.started;
        match change {
            Change::Removed(_) if is_unknown => Vec::new(),
            Change::Removed(id) => vec![self.removed(id)],
            Change::Item(item) => {
                let occurrences: Vec<_> = item.occurrences(token.from, token.to).collect();
                // Touched events outside the window are reported as removed, whether the client knew them or not.
                if occurrences.is_empty() || self.is_told_as_old(item) {
                    return if is_unknown {
                        Vec::new()
                    } else {
                        vec![self.removed(&item.id)]
                    };
                }
                let is_shown = item.content.recurrence.is_none() || self.quirks.shows_masters;
                let whole = is_shown.then(|| {
                    let mut whole = self.form.event(item);
                    whole["@odata.type"] = json!("#microsoft.graph.event");
                    whole["@odata.etag"] = json!(etag(item));
                    whole
                });
                let expanded = occurrences.iter().filter_map(|occurrence| {
                    let date = occurrence.date?;
                    Some(self.form.bare_occurrence(item, occurrence, date))
                });
                whole.into_iter().chain(expanded).collect()
            }
        }
    }

    /// Whether a master goes by its own times, which are those of its first meeting.
    fn is_told_as_old(&self, item: &Item) -> bool {
        let is_series = item.content.recurrence.is_some();
        let is_later_round = self.token.since.is_some();
        self.quirks.removes_old_masters
            && is_series
            && is_later_round
            && item.content.end.at <= self.token.from
    }

    fn removed(&self, id: &str) -> Value {
        json!({
            "@odata.type": "#microsoft.graph.event", "id": self.form.shown_id(id), "@removed": { "reason": "deleted" },
        })
    }
}
