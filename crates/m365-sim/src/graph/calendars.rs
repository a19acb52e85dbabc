//! The calendars of a mailbox: there is one, the primary one. <https://learn.microsoft.com/graph/api/resources/calendar>

use http::StatusCode;
use serde_json::{Value, json};

use super::error::GraphError;
use super::filter::Filter;
use super::paging::PageSize;
use super::route::{Principal, Route};
use super::{Context, Outcome, access, ids, paging, query};
use crate::message::Reply;
use crate::scenario::ShareLevel;
use crate::world::Mailbox;

/// What a calendar can be looked up by.
const FILTERABLE: [&str; 4] = ["canEdit", "id", "isDefaultCalendar", "name"];
/// Calendars are listed ten at a time.
const PAGE_SIZE: PageSize = PageSize::Usual(10);

/// `GET …/calendars`
pub(super) fn list(context: &Context<'_>, who: &Principal) -> Outcome {
    let filter = Filter::of(context.call, &FILTERABLE)?;
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let entity_set = format!("users('{}')/calendars", mailbox.id);
    let mut calendars = vec![entity(context, mailbox)];
    drop(world);
    calendars.retain(|calendar| {
        filter
            .as_ref()
            .is_none_or(|filter| filter.accepts(calendar))
    });
    paging::page(context, &entity_set, calendars, PAGE_SIZE)
}

/// `GET …/calendar` and `…/calendars/{id}`
pub(super) fn get(context: &Context<'_>, who: &Principal) -> Outcome {
    let world = context.shared.world();
    let mailbox = access::open_mailbox(context, &world, who)?;
    let mut calendar = query::select(context.call, entity(context, mailbox));
    let entity_set = format!("users('{}')/calendar/$entity", mailbox.id);
    calendar["@odata.context"] = json!(paging::metadata(context, &entity_set));
    Ok(Reply::json(StatusCode::OK, &calendar))
}

/// The route inside a calendar that is named by its id, which has to be the mailbox's own.
pub(super) fn resolve(context: &Context<'_>, route: Route) -> Result<Route, GraphError> {
    let Route::InCalendar(who, calendar, inner) = route else {
        return Ok(route);
    };
    ids::check(context, &calendar)?;
    let world = context.shared.world();
    let is_there = access::find(context, &world, &who).is_ok_and(|mailbox| id(mailbox) == calendar);
    if is_there {
        Ok(*inner)
    } else {
        Err(GraphError::item_not_found())
    }
}

fn id(mailbox: &Mailbox) -> String {
    format!("AAMkCalendar{}", mailbox.id.simple())
}

fn entity(context: &Context<'_>, mailbox: &Mailbox) -> Value {
    let is_own = context.caller.object == mailbox.id;
    let person = context.caller.person_address().filter(|_| !is_own);
    // An application, and the owner, may whatever they are permitted.
    let can_edit = person.is_none_or(|person| {
        let level = mailbox.shared_level(person);
        level >= Some(ShareLevel::Write)
    });
    json!({
        "id": id(mailbox),
        "name": "Calendar",
        "color": "auto",
        "hexColor": "",
        "isDefaultCalendar": true,
        "changeKey": mailbox.id.simple().to_string(),
        "canShare": is_own,
        "canViewPrivateItems": true,
        "canEdit": can_edit,
        "allowedOnlineMeetingProviders": [],
        "defaultOnlineMeetingProvider": "unknown",
        "isTallyingResponses": mailbox.room().is_none(),
        "isRemovable": false,
        "owner": { "name": mailbox.display_name, "address": mailbox.address },
    })
}
