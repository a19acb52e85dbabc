//! Who is calling and what they may do. Permissions per operation follow Microsoft's published permissions table.
//! <https://learn.microsoft.com/graph/permissions-reference>

use std::borrow::Cow;

use http::{Method, StatusCode};
use uuid::Uuid;

use super::Context;
use super::error::GraphError;
use super::route::{Principal, Route};
use crate::entra::claims::{Claims, GRAPH_AUDIENCE, issuer};
use crate::entra::keys::Unreadable;
use crate::message::Call;
use crate::scenario::MailboxState;
use crate::shared::Shared;
use crate::world::{Mailbox, World};

/// What a token proves.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) tenant: Uuid,
    /// The client id.
    pub(crate) app: Uuid,
    /// The service principal's or person's object id.
    pub(crate) object: Uuid,
    kind: CallerKind,
}

#[derive(Debug, Clone)]
enum CallerKind {
    App {
        roles: Vec<String>,
    },
    Person {
        address: String,
        scopes: Vec<String>,
    },
}

impl Caller {
    /// The signed-in person's address; `None` for an app acting as itself.
    pub(crate) fn person_address(&self) -> Option<String> {
        match &self.kind {
            CallerKind::Person { address, .. } => Some(address.clone()),
            CallerKind::App { .. } => None,
        }
    }

    pub(crate) fn is_app(&self) -> bool {
        matches!(self.kind, CallerKind::App { .. })
    }

    /// Whether the token carries one of these permissions.
    pub(crate) fn has(&self, permissions: &[&str]) -> bool {
        let held = match &self.kind {
            CallerKind::App { roles } => roles,
            CallerKind::Person { scopes, .. } => scopes,
        };
        held.iter().any(|held| {
            permissions
                .iter()
                .any(|wanted| wanted.eq_ignore_ascii_case(held))
        })
    }

    /// Whether bodies of events may be shown; the ReadBasic permissions leave them out.
    pub(crate) fn reads_bodies(&self) -> bool {
        self.has(&[
            "Calendars.Read",
            "Calendars.ReadWrite",
            "Calendars.Read.Shared",
            "Calendars.ReadWrite.Shared",
        ])
    }
}

/// Checks the bearer token: ours, for Graph, current, of a tenant we have.
pub(crate) fn authenticate(shared: &Shared, call: &Call) -> Result<Caller, GraphError> {
    let header = call
        .header("authorization")
        .ok_or_else(|| refused("Access token is empty."))?;
    let token = header
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("bearer "))
        .and_then(|_| header.get(7..))
        .ok_or_else(|| refused("Access token is empty."))?;
    let claims: Claims = shared.keys.read(token.trim()).map_err(|why| match why {
        Unreadable::Malformed => {
            refused("IDX14100: JWT is not well formed, or its signature is invalid.")
        }
        Unreadable::UnknownKey(id) => refused(format!(
            "IDX10501: Signature validation failed. Unable to match key: kid: '{id}'."
        )),
    })?;
    if claims.aud != GRAPH_AUDIENCE {
        return Err(refused(
            "Access token validation failure. Invalid audience.",
        ));
    }
    if !claims.is_current(shared.clock.now()) {
        return Err(refused("Lifetime validation failed, the token is expired."));
    }
    if claims.iss != issuer(shared, claims.tid) || shared.world().tenant(claims.tid).is_none() {
        return Err(refused("Access token validation failure. Invalid issuer."));
    }
    let app = claims
        .azp
        .ok_or_else(|| refused("Access token validation failure."))?;
    let kind = match (claims.scp, claims.preferred_username) {
        (Some(scopes), Some(address)) => CallerKind::Person {
            address,
            scopes: scopes.split_whitespace().map(str::to_owned).collect(),
        },
        _ => CallerKind::App {
            roles: claims.roles.unwrap_or_default(),
        },
    };
    Ok(Caller {
        tenant: claims.tid,
        app,
        object: claims.oid,
        kind,
    })
}

fn refused(message: impl Into<Cow<'static, str>>) -> GraphError {
    GraphError::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        message,
    )
}

/// Refuses a call whose token lacks the permission the operation needs.
pub(crate) fn check(context: &Context<'_>, route: &Route) -> Result<(), GraphError> {
    let caller = context.caller;
    if matches!(route.principal(), Some(Principal::Me)) && caller.is_app() {
        return Err(GraphError::bad_request(
            "BadRequest",
            "/me request is only valid with delegated authentication flow.",
        ));
    }
    let needed = permissions(route, &context.call.method, caller.is_app());
    let is_allowed =
        needed.is_empty() || caller.has(needed) || is_shared_access(context, route, needed);
    if is_allowed {
        return Ok(());
    }
    Err(match route {
        Route::Organization | Route::OrganizationById(_) | Route::Users | Route::User(_) => {
            GraphError::new(
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            )
        }
        _ => GraphError::access_denied(),
    })
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

/// Any one of these is enough; none listed means the operation is checked elsewhere.
fn permissions(route: &Route, method: &Method, is_app: bool) -> &'static [&'static str] {
    const READ: &[&str] = &[
        "Calendars.ReadBasic",
        "Calendars.ReadBasic.All",
        "Calendars.Read",
        "Calendars.ReadWrite",
    ];
    const WRITE: &[&str] = &["Calendars.ReadWrite"];
    match route {
        Route::Organization | Route::OrganizationById(_) if is_app => &[
            "Organization.Read.All",
            "Organization.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
            "User.Read.All",
        ],
        Route::Organization | Route::OrganizationById(_) => &[
            "User.Read",
            "User.Read.All",
            "Organization.Read.All",
            "Organization.ReadWrite.All",
            "Directory.Read.All",
            "Directory.ReadWrite.All",
        ],
        Route::User(Principal::Me) => &[
            "User.Read",
            "User.ReadWrite",
            "User.ReadBasic.All",
            "User.Read.All",
            "Directory.Read.All",
        ],
        Route::Users | Route::User(_) => &[
            "User.ReadBasic.All",
            "User.Read.All",
            "User.ReadWrite.All",
            "Directory.Read.All",
        ],
        // For people only; what apps are told is decided with the claim.
        Route::CheckIns(_) if is_app => &[],
        Route::CheckIns(_) => WRITE,
        Route::Places(_) | Route::Place(_) | Route::RoomListRooms(_) => {
            &["Place.Read.All", "Place.ReadWrite.All"]
        }
        // The table lists ReadBasic too, but the method page does not and the service refuses it.
        Route::CalendarViewDelta(_) => &["Calendars.Read", "Calendars.ReadWrite"],
        Route::GetSchedule(_)
        | Route::Calendar(_)
        | Route::CalendarView(_)
        | Route::Instances(_, _) => READ,
        // What is asked of it is judged by what it is.
        Route::InCalendar(_, _, inner) => permissions(inner, method, is_app),
        Route::Events(_) | Route::Event(_, _) if method == Method::GET => READ,
        Route::Events(_) | Route::Event(_, _) | Route::EventAction(_, _, _) => WRITE,
        Route::Subscriptions | Route::Subscription(_) | Route::Reauthorize(_) | Route::Batch => &[],
    }
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
    let is_own = mailbox.address.eq_ignore_ascii_case(&person);
    let is_shared = mailbox.is_shared_with(&person)
        && context.caller.has(if context.call.method == Method::GET {
            &["Calendars.Read.Shared", "Calendars.ReadWrite.Shared"]
        } else {
            &["Calendars.ReadWrite.Shared"]
        });
    if is_own || is_shared {
        Ok(mailbox)
    } else {
        Err(GraphError::access_denied())
    }
}

/// The mailbox of a path, whoever asks.
pub(crate) fn find<'a>(
    context: &Context<'_>,
    world: &'a World,
    who: &Principal,
) -> Result<&'a Mailbox, GraphError> {
    let name = match who {
        Principal::Me => context.caller.object.to_string(),
        Principal::Named(name) => name.clone(),
    };
    world
        .find_mailbox(context.caller.tenant, &name)
        .ok_or_else(|| {
            GraphError::new(
                StatusCode::NOT_FOUND,
                "ErrorInvalidUser",
                format!("The requested user '{name}' is invalid."),
            )
        })
}

/// The address for the request log.
pub(crate) fn mailbox_address(context: &Context<'_>, route: &Route) -> Option<String> {
    let world = context.shared.world();
    find(context, &world, route.principal()?)
        .ok()
        .map(|mailbox| mailbox.address.clone())
}
