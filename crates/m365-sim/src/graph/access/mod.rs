//! Who is calling and what they may do.
//!
//! A token names permissions; what they are worth is decided for each mailbox. Exchange may give an application more
//! there (roles, of which tokens know nothing) or less (access policies), so nothing else looks at a token's roles.
//! [`published`] is Microsoft's table of what each operation needs, [`deviations`] what is known better.

mod caller;
mod deviations;
mod permissions;
mod published;

use http::{Method, StatusCode};

use super::Context;
use super::error::GraphError;
use super::route::{Principal, Route};
use crate::scenario::{MailboxState, ShareLevel};
use crate::shared::Shared;
use crate::world::{Mailbox, World};
pub(crate) use caller::{Caller, authenticate};

/// Refuses a call whose bearer lacks the permission the operation needs.
pub(crate) fn check(context: &Context<'_>, route: &Route) -> Result<(), GraphError> {
    let caller = context.caller;
    if matches!(route.principal(), Some(Principal::Me)) && caller.is_app() {
        return Err(GraphError::bad_request(
            "BadRequest",
            "/me request is only valid with delegated authentication flow.",
        ));
    }
    let asked = own_route(context, route);
    let needed = permissions::sufficient(&context.call.method, &asked, caller.whom());
    let is_allowed = needed
        .is_none_or(|needed| caller.has(&needed) || is_shared_access(context, route, &needed));
    if is_allowed {
        return Ok(());
    }
    Err(match route {
        Route::Organization
        | Route::OrganizationById(_)
        | Route::Users
        | Route::UserCount
        | Route::User(_) => GraphError::new(
            StatusCode::FORBIDDEN,
            "Authorization_RequestDenied",
            "Insufficient privileges to complete the operation.",
        ),
        _ => caller.refusal(&context.readings),
    })
}

/// Who asks for themselves by name asks for `/me`.
fn own_route(context: &Context<'_>, route: &Route) -> Route {
    let Route::User(who) = route else {
        return route.clone();
    };
    let world = context.shared.world();
    let is_own =
        find(context, &world, who).is_ok_and(|mailbox| mailbox.id == context.caller.object);
    if is_own {
        Route::User(Principal::Me)
    } else {
        route.clone()
    }
}

/// A delegated call to another's mailbox may be made with the `.Shared` form of a permission alone.
fn is_shared_access(context: &Context<'_>, route: &Route, needed: &[&str]) -> bool {
    let is_calendar =
        !matches!(route, Route::User(_)) && matches!(route.principal(), Some(Principal::Named(_)));
    let shared: Vec<String> = needed
        .iter()
        .map(|permission| format!("{permission}.Shared"))
        .collect();
    let shared: Vec<&str> = shared.iter().map(String::as_str).collect();
    is_calendar && !context.caller.is_app() && context.caller.has(&shared)
}
/// The mailbox a calendar operation works on, if the caller may open it.
pub(crate) fn open_mailbox<'a>(
    context: &Context<'_>,
    world: &'a World,
    who: &Principal,
) -> Result<&'a Mailbox, GraphError> {
    let mailbox = find(context, world, who)?;
    if mailbox.state != MailboxState::Active {
        return Err(GraphError::mailbox_not_enabled());
    }
    let Some(person) = context.caller.person_address() else {
        return Ok(mailbox);
    };
    let is_own = mailbox.address.eq_ignore_ascii_case(person);
    let level = mailbox.shared_level(person);
    let is_shared = if is_reading(context) {
        level.is_some()
            && context
                .caller
                .has(&["Calendars.Read.Shared", "Calendars.ReadWrite.Shared"])
    } else {
        level >= Some(ShareLevel::Write) && context.caller.has(&["Calendars.ReadWrite.Shared"])
    };
    if is_own || is_shared {
        Ok(mailbox)
    } else {
        Err(GraphError::access_denied())
    }
}

/// Whether a call changes nothing; asking for schedules does not, though it is posted.
fn is_reading(context: &Context<'_>) -> bool {
    let path = context.call.path.to_lowercase();
    context.call.method == Method::GET || path.ends_with("/getschedule")
}

/// Refuses a subscription whose creator may not read the mailbox's events. Roles in Exchange count where that is set.
pub(crate) fn check_subscription(
    caller: &Caller,
    world: &World,
    mailbox: &str,
) -> Result<(), GraphError> {
    const NEEDED: &[&str] = &["Calendars.Read", "Calendars.ReadWrite"];
    let here = caller.in_mailbox(world, mailbox);
    if here.may_subscribe(NEEDED) {
        Ok(())
    } else {
        Err(here.refusal(&world.readings))
    }
}

/// The mailbox of a path, whoever asks.
pub(crate) fn find<'a>(
    context: &Context<'_>,
    world: &'a World,
    who: &Principal,
) -> Result<&'a Mailbox, GraphError> {
    find_for(context.caller, world, who)
}

fn find_for<'a>(
    caller: &Caller,
    world: &'a World,
    who: &Principal,
) -> Result<&'a Mailbox, GraphError> {
    let name = match who {
        Principal::Me => caller.object.to_string(),
        Principal::Named(name) => name.clone(),
    };
    world.find_mailbox(caller.tenant, &name).ok_or_else(|| {
        GraphError::new(
            StatusCode::NOT_FOUND,
            world.readings.unknown_mailbox.code(),
            format!("The requested user '{name}' is invalid."),
        )
    })
}

/// The address of the mailbox a path is about; `None` when it is about none there is.
pub(crate) fn mailbox_address(shared: &Shared, caller: &Caller, route: &Route) -> Option<String> {
    let world = shared.world();
    find_for(caller, &world, route.principal()?)
        .ok()
        .map(|mailbox| mailbox.address.clone())
}
