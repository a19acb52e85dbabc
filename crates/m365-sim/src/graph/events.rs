//! Creating, reading, changing, cancelling and answering events.
//! <https://learn.microsoft.com/graph/api/resources/event>

use http::StatusCode;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::error::GraphError;
use super::event_filter;
use super::event_input::EventInput;
use super::event_output::{EventForm, etag};
use super::filter::Filter;
use super::occurrence_id::parse_occurrence_id;
use super::paging::PageSize;
use super::route::{EventAction, Principal};
use super::{Context, Outcome, access, ids, paging, query};
use crate::message::Reply;
use crate::random::ordinary_id;
use crate::scenario::RepeatedCreate;
use crate::world::item::{Item, Response};
use crate::world::occurrence::Occurrence;
use crate::world::responses::Tell;
use crate::world::{ItemRef, Mailbox, Part, Transaction, World};

/// Events are listed ten at a time.
pub(super) const PAGE_SIZE: PageSize = PageSize::Usual(10);

/// `GET …/events`: single events and series masters.
pub(super) fn list(context: &Context<'_>, who: &Principal) -> Outcome {
    let filter = event_filter::of(context.call)?;
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let form = seen(context, mailbox, EventForm::of(context));
    // Times are looked up as they are kept, whatever zone they are shown in.
    let kept = seen(context, mailbox, EventForm::complete());
    let mut items: Vec<&Item> = mailbox.items.values().collect();
    items.sort_by_key(|item| (item.content.start.at, item.id.clone()));
    let events = items
        .into_iter()
        .filter(|item| {
            let accepts = |filter: &Filter| filter.accepts(&kept.event(item));
            filter.as_ref().is_none_or(accepts)
        })
        .map(|item| form.event(item))
        .collect();
    let entity_set = entity_set(mailbox);
    drop(world);
    paging::page(context, &entity_set, events, PAGE_SIZE)
}

/// `POST …/events`
pub(super) fn create(context: &Context<'_>, who: &Principal) -> Outcome {
    let input = EventInput::read(context.call.json(), context.readings.quoted_booleans)?;
    let mut world = context.shared.world();
    let address = access::open_mailbox(context, &world, who)?.address.clone();
    let at = create_once(&mut world, &address, &input)?;
    Ok(Reply::json(
        StatusCode::CREATED,
        &shown(context, &world, &at)?,
    ))
}

/// Creates the event, or finds the one that the same request created earlier with its `transactionId`. The id stays used
/// when the event is deleted: a late repetition must not create it again.
pub(crate) fn create_once(
    world: &mut World,
    address: &str,
    input: &EventInput,
) -> Result<ItemRef, GraphError> {
    let item = input.create(world)?;
    let Some(id) = input.transaction_id() else {
        return Ok(world.create_item(address, item)?);
    };
    let earlier = world
        .mailbox(address)
        .and_then(|mailbox| mailbox.transactions.find(id));
    let Some(earlier) = earlier else {
        let created = world.create_item(address, item)?;
        if let Some(mailbox) = world.mailbox_mut(address) {
            mailbox.transactions.add(Transaction {
                id: id.to_owned(),
                request: input.digest(),
                item: created.id.clone(),
            });
        }
        return Ok(created);
    };
    let first = ItemRef {
        mailbox: address.to_lowercase(),
        id: earlier.item.clone(),
    };
    let readings = &world.readings;
    if earlier.request == input.digest()
        && world.item(&first).is_some()
        && readings.repeated_create == RepeatedCreate::FirstEvent
    {
        return Ok(first);
    }
    Err(GraphError::new(
        StatusCode::from_u16(readings.duplicate_transaction_status).unwrap_or(StatusCode::CONFLICT),
        "ErrorDuplicateTransactionId",
        "Your request can't be completed. The TransactionId specified in the request has already been used to create a different event.",
    ))
}

/// `GET …/events/{id}`
pub(super) fn get(context: &Context<'_>, who: &Principal, id: &str) -> Outcome {
    let world = context.shared.world();
    let found = find(context, &world, who, id)?;
    let item = world
        .item(&found.at)
        .ok_or_else(GraphError::item_not_found)?;
    let mailbox = access::open_mailbox(context, &world, who)?;
    let form = seen(context, mailbox, EventForm::of(context));
    let mut event = match &found.occurrence {
        Some(occurrence) => form.appearance(item, occurrence),
        None => form.event(item),
    };
    if found.occurrence.is_none() {
        form.add_series_lists(context.call, item, &mut event);
    }
    event["@odata.context"] = json!(context_of(context, &world, &found.at));
    Ok(Reply::json(
        StatusCode::OK,
        &query::select(context.call, event),
    ))
}

/// `PATCH …/events/{id}`
pub(super) fn update(context: &Context<'_>, who: &Principal, id: &str) -> Outcome {
    let input = EventInput::read(context.call.json(), context.readings.quoted_booleans)?;
    let mut world = context.shared.world();
    let found = find(context, &world, who, id)?;
    check_etag(context, &world, &found.at)?;
    change(&mut world, &found, &input)?;
    let item = world
        .item(&found.at)
        .ok_or_else(GraphError::item_not_found)?;
    let changed = found.date().and_then(|date| item.occurrence_on(date));
    match changed {
        None => Ok(Reply::json(
            StatusCode::OK,
            &shown(context, &world, &found.at)?,
        )),
        Some(occurrence) => Ok(Reply::json(
            StatusCode::OK,
            &EventForm::of(context).appearance(item, &occurrence),
        )),
    }
}

/// Applies a body to an event or to one occurrence.
pub(crate) fn change(
    world: &mut World,
    found: &Found,
    input: &EventInput,
) -> Result<(), GraphError> {
    let mut item = world
        .shown(&found.part())
        .ok_or_else(GraphError::item_not_found)?;
    match found.date() {
        Some(date) => {
            input.apply_to_occurrence(&mut item, world)?;
            world.update_occurrence(&found.at, date, item)?;
        }
        None => {
            input.apply(&mut item, world)?;
            world.update_item(&found.at, item)?;
        }
    }
    Ok(())
}

/// `DELETE …/events/{id}`
pub(super) fn delete(context: &Context<'_>, who: &Principal, id: &str) -> Outcome {
    let mut world = context.shared.world();
    let found = find(context, &world, who, id)?;
    check_etag(context, &world, &found.at)?;
    remove(&mut world, &found)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}

/// Deletes an event or one occurrence.
pub(crate) fn remove(world: &mut World, found: &Found) -> Result<(), GraphError> {
    Ok(world.delete(&found.part())?)
}

/// `POST …/events/{id}/accept`, `tentativelyAccept`, `decline` and `cancel`.
pub(super) fn act(
    context: &Context<'_>,
    who: &Principal,
    id: &str,
    action: EventAction,
) -> Outcome {
    let body = context.call.json().unwrap_or_default();
    let parameter = |name: &str| {
        let found = body
            .as_object()?
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.clone())
    };
    let mut world = context.shared.world();
    let found = find(context, &world, who, id)?;
    let sends = parameter("sendResponse")
        .and_then(|value| value.as_bool())
        .unwrap_or(true);
    let proposes = parameter("proposedNewTime").is_some_and(|time| !time.is_null());
    if proposes && !sends {
        return Err(GraphError::bad_request(
            "ErrorInvalidRequest",
            "The 'proposedNewTime' parameter requires 'sendResponse' to be true.",
        ));
    }
    let tell = if sends { Tell::Organizer } else { Tell::Nobody };
    let part = found.part();
    let takes_proposals = world
        .shown(&part)
        .is_none_or(|event| event.content.allow_new_time_proposals);
    if proposes && !takes_proposals {
        return Err(GraphError::bad_request(
            "ErrorInvalidRequest",
            "The organizer of this meeting does not allow new times to be proposed.",
        ));
    }
    match action {
        EventAction::Accept => world.respond(&part, Response::Accepted, tell)?,
        EventAction::TentativelyAccept => {
            world.respond(&part, Response::TentativelyAccepted, tell)?;
        }
        EventAction::Decline => world.respond(&part, Response::Declined, tell)?,
        EventAction::Cancel => world.cancel(&part)?,
    }
    let status = match action {
        EventAction::Cancel => StatusCode::ACCEPTED,
        _ => StatusCode::from_u16(context.readings.response_status).unwrap_or(StatusCode::ACCEPTED),
    };
    Ok(Reply::empty(status))
}

/// What an id leads to.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) at: ItemRef,
    /// The occurrence meant; `None` when the whole event is.
    pub(crate) occurrence: Option<Occurrence>,
}

impl Found {
    /// The event or occurrence in its mailbox.
    pub(crate) fn part(&self) -> Part {
        Part {
            at: self.at.clone(),
            date: self.date(),
        }
    }

    fn date(&self) -> Option<Date> {
        self.occurrence
            .as_ref()
            .and_then(|occurrence| occurrence.date)
    }
}

/// What this id leads to for the caller. Of a calendar that is only shared with them, private events are not there.
pub(super) fn find(
    context: &Context<'_>,
    world: &World,
    who: &Principal,
    id: &str,
) -> Result<Found, GraphError> {
    let mailbox = access::open_mailbox(context, world, who)?;
    ids::check(context, id)?;
    let found = find_in(mailbox, id)?;
    let shown = world
        .shown(&found.part())
        .ok_or_else(GraphError::item_not_found)?;
    if shown.content.sensitivity == "private" && !sees_private(context, mailbox) {
        return Err(GraphError::item_not_found());
    }
    Ok(found)
}

fn sees_private(context: &Context<'_>, mailbox: &Mailbox) -> bool {
    context.caller.is_app() || context.caller.object == mailbox.id
}

/// The form in which the caller sees the events of a mailbox. Whom a calendar is shared with is not told what is in its
/// private events. <https://learn.microsoft.com/graph/outlook-share-or-delegate-calendar>
pub(super) fn seen(context: &Context<'_>, mailbox: &Mailbox, form: EventForm) -> EventForm {
    if sees_private(context, mailbox) {
        form
    } else {
        form.without_private()
    }
}

/// The event or occurrence of this id, of either kind, in a mailbox.
pub(crate) fn find_in(mailbox: &Mailbox, id: &str) -> Result<Found, GraphError> {
    let id = &*ordinary_id(id);
    let at = |id: &str| ItemRef {
        mailbox: mailbox.address.to_lowercase(),
        id: id.to_owned(),
    };
    if mailbox.items.get(id).is_some() {
        return Ok(Found {
            at: at(id),
            occurrence: None,
        });
    }
    let (master, date) = parse_occurrence_id(id).ok_or_else(GraphError::item_not_found)?;
    let item = mailbox
        .items
        .get(&master)
        .ok_or_else(GraphError::item_not_found)?;
    let occurrence = item.occurrence_on(date);
    Ok(Found {
        at: at(&master),
        occurrence: Some(occurrence.ok_or_else(GraphError::item_not_found)?),
    })
}

fn check_etag(context: &Context<'_>, world: &World, at: &ItemRef) -> Result<(), GraphError> {
    let Some(wanted) = context
        .call
        .header("if-match")
        .filter(|wanted| *wanted != "*")
    else {
        return Ok(());
    };
    if world.item(at).map(etag).as_deref() == Some(wanted) {
        return Ok(());
    }
    Err(GraphError::new(
        StatusCode::PRECONDITION_FAILED,
        "ErrorIrresolvableConflict",
        "The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item.",
    ))
}

fn shown(context: &Context<'_>, world: &World, at: &ItemRef) -> Result<Value, GraphError> {
    let item = world.item(at).ok_or_else(GraphError::item_not_found)?;
    let mut event = EventForm::of(context).event(item);
    event["@odata.context"] = json!(context_of(context, world, at));
    Ok(query::select(context.call, event))
}

fn context_of(context: &Context<'_>, world: &World, at: &ItemRef) -> String {
    let entity_set = world
        .mailbox(&at.mailbox)
        .map(entity_set)
        .unwrap_or_default();
    paging::metadata(context, &format!("{entity_set}/$entity"))
}

pub(super) fn entity_set(mailbox: &Mailbox) -> String {
    format!("users('{}')/events", mailbox.id)
}
