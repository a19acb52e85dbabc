//! The only file that knows what Office.js calls things.
//!
//! <https://learn.microsoft.com/javascript/api/outlook/office.appointmentcompose>

use booking::ids::MailboxAddress;
use booking::provider::RoomResponse;
use booking::time::{Instant, TimeRange};
use wasm_bindgen::prelude::*;

use super::draft::{Draft, Invited};
use super::office_call::{OfficeError, call, get, method, within};
use super::recurrence::{Repeats, Told};
use super::token::Prompt;

/// Events of a draft that change what is asked for; a host may lack any of them.
const DRAFT_EVENTS: [&str; 4] = [
    "olkAppointmentTimeChanged",
    "olkRecipientsChanged",
    "olkEnhancedLocationsChanged",
    "olkRecurrenceChanged",
];

/// How the appointment is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mode {
    /// The organizer writes or changes it.
    Compose,
    /// Somebody reads it.
    Read,
}

/// Waits until Outlook has set up the page.
///
/// # Errors
/// [`OfficeError`] when the page does not stand in Outlook.
pub(super) async fn ready() -> Result<Mode, OfficeError> {
    let office = office()?;
    let on_ready = method(&office, "onReady").ok_or(OfficeError::Missing("onReady"))?;
    let promise = on_ready
        .call0(&office)
        .ok()
        .and_then(|promise| promise.dyn_into::<js_sys::Promise>().ok())
        .ok_or(OfficeError::Missing("onReady"))?;
    within(promise).await?;
    let item = item()?;
    // While composing, the start is an object with functions; while reading, a date.
    let composing = method(&get(&item, "start"), "getAsync").is_some();
    Ok(if composing { Mode::Compose } else { Mode::Read })
}

/// Reads the appointment.
///
/// # Errors
/// [`OfficeError`] when its time cannot be read; what else is missing is left out.
pub(super) async fn read_draft() -> Result<Draft, OfficeError> {
    let item = item()?;
    let start = field(&item, "start").await?;
    let end = field(&item, "end").await?;
    let mut invited = Vec::new();
    for list in ["requiredAttendees", "optionalAttendees"] {
        if let Ok(people) = field(&item, list).await {
            invited.extend(
                js_sys::Array::from(&people)
                    .iter()
                    .filter_map(|one| to_invited(&one)),
            );
        }
    }
    let locations = match call(&get(&item, "enhancedLocation"), "getAsync", &[]).await {
        Ok(found) => js_sys::Array::from(&found)
            .iter()
            .filter_map(|one| to_location(&one))
            .collect(),
        // Hosts without it show the room among the attendees.
        Err(_) => Vec::new(),
    };
    let recurrence = field(&item, "recurrence").await.unwrap_or(JsValue::NULL);
    Ok(Draft {
        range: TimeRange::new(to_instant(&start), to_instant(&end)).ok(),
        invited,
        locations,
        repeats: to_repeats(&item, &recurrence),
    })
}

/// Gives the draft another time.
///
/// # Errors
/// [`OfficeError`] when Outlook does not do it, or not all of it.
pub(super) async fn set_time(range: TimeRange) -> Result<(), OfficeError> {
    let item = item()?;
    // Outlook moves the end along with the start, so the end comes last.
    for (name, instant) in [("start", range.start()), ("end", range.end())] {
        let date = js_sys::Date::new(&JsValue::from_f64(instant.0 as f64));
        call(&get(&item, name), "setAsync", &[date.into()]).await?;
    }
    Ok(())
}

/// Puts a room into the draft and reads back that it is there.
///
/// # Errors
/// [`OfficeError`] when it is not there afterwards.
pub(super) async fn add_room(room: &MailboxAddress, name: &str) -> Result<(), OfficeError> {
    let item = item()?;
    let identifier = object(&[("id", room.as_str()), ("type", "room")]);
    let added = call(
        &get(&item, "enhancedLocation"),
        "addAsync",
        &[js_sys::Array::of1(&identifier).into()],
    )
    .await;
    if added.is_ok() && is_in_draft(room).await == Ok(true) {
        return Ok(());
    }
    // An attendee of a room's address is a room as well; Outlook tells by the address.
    let attendee = object(&[("emailAddress", room.as_str()), ("displayName", name)]);
    let list = js_sys::Array::of1(&attendee).into();
    call(&get(&item, "requiredAttendees"), "addAsync", &[list]).await?;
    if is_in_draft(room).await? {
        Ok(())
    } else {
        Err(OfficeError::Missing("place for the room"))
    }
}

/// Takes a room out of the draft again.
///
/// # Errors
/// [`OfficeError`] when it is still there afterwards, or Outlook does not say.
pub(super) async fn remove_room(room: &MailboxAddress) -> Result<(), OfficeError> {
    let item = item()?;
    let identifier = object(&[("id", room.as_str()), ("type", "room")]);
    let list = js_sys::Array::of1(&identifier).into();
    let removed = call(&get(&item, "enhancedLocation"), "removeAsync", &[list]).await;
    if removed.is_ok() && !is_in_draft(room).await? {
        return Ok(());
    }
    // It may stand among the people, where `add_room` puts it on hosts without such locations.
    let people = get(&item, "requiredAttendees");
    let left: js_sys::Array = js_sys::Array::from(&call(&people, "getAsync", &[]).await?)
        .iter()
        .filter(|one| to_invited(one).is_none_or(|one| one.address != *room))
        .collect();
    call(&people, "setAsync", &[left.into()]).await?;
    if is_in_draft(room).await? {
        Err(OfficeError::Missing("way to remove the room"))
    } else {
        Ok(())
    }
}

/// What was kept with the draft under this name. `None`: nothing, or this Outlook keeps nothing.
pub(super) async fn kept(name: &str) -> Option<String> {
    let data = get(&item().ok()?, "sessionData");
    let kept = call(&data, "getAsync", &[JsValue::from_str(name)]).await;
    kept.ok()?.as_string()
}

/// Keeps a text with the draft until it is sent or closed; the pane that is opened next finds it, and so does the handler
/// of Outlook's events.
///
/// <https://learn.microsoft.com/javascript/api/outlook/office.sessiondata>
///
/// # Errors
/// [`OfficeError`] where this Outlook keeps nothing.
pub(super) async fn keep(name: &str, text: &str) -> Result<(), OfficeError> {
    let data = get(&item()?, "sessionData");
    let arguments = [name, text].map(JsValue::from_str);
    call(&data, "setAsync", &arguments).await.map(drop)
}

/// Tells of every change of time, people, rooms or recurrence, for the life of the page.
pub(super) async fn on_change(changed: impl Fn() + Clone + 'static) {
    let Ok(item) = item() else { return };
    for event in DRAFT_EVENTS {
        let changed = changed.clone();
        let told = Closure::<dyn Fn(JsValue)>::new(move |_| changed()).into_js_value();
        // A host that lacks an event is no fault: the pane still reads the draft when asked.
        let _listening = call(&item, "addHandlerAsync", &[JsValue::from_str(event), told]).await;
    }
}

/// Office's own token, where nested app authentication is not to be had.
///
/// # Errors
/// [`OfficeError`] when Outlook gives none.
pub(super) async fn access_token(prompt: Prompt) -> Result<String, OfficeError> {
    let auth = get(&office()?, "auth");
    let ask = method(&auth, "getAccessToken").ok_or(OfficeError::Missing("getAccessToken"))?;
    let options = js_sys::Object::new();
    for key in ["allowSignInPrompt", "allowConsentPrompt"] {
        // It fails only for frozen objects.
        let allowed = JsValue::from_bool(prompt == Prompt::Allowed);
        let _set = js_sys::Reflect::set(&options, &JsValue::from_str(key), &allowed);
    }
    let promise: js_sys::Promise = ask
        .call1(&auth, &options)
        .ok()
        .and_then(|promise| promise.dyn_into().ok())
        .ok_or(OfficeError::Missing("getAccessToken"))?;
    within(promise)
        .await?
        .as_string()
        .ok_or(OfficeError::Missing("getAccessToken"))
}

async fn is_in_draft(room: &MailboxAddress) -> Result<bool, OfficeError> {
    let draft = read_draft().await?;
    Ok(draft.room(|address| address == room).is_some())
}

fn office() -> Result<JsValue, OfficeError> {
    let office = get(&js_sys::global(), "Office");
    if office.is_undefined() {
        Err(OfficeError::Missing("Office.js"))
    } else {
        Ok(office)
    }
}

fn item() -> Result<JsValue, OfficeError> {
    let item = get(&office()?, "context.mailbox.item");
    if item.is_undefined() || item.is_null() {
        Err(OfficeError::Missing("appointment"))
    } else {
        Ok(item)
    }
}

/// A field of the item, whether it is a value (reading) or has to be asked for (composing).
async fn field(item: &JsValue, name: &'static str) -> Result<JsValue, OfficeError> {
    let field = get(item, name);
    if method(&field, "getAsync").is_some() {
        call(&field, "getAsync", &[]).await
    } else if field.is_undefined() {
        Err(OfficeError::Missing(name))
    } else {
        Ok(field)
    }
}

fn to_instant(date: &JsValue) -> Instant {
    Instant(js_sys::Date::new(date).get_time() as i64)
}

/// <https://learn.microsoft.com/javascript/api/outlook/office.emailaddressdetails>
fn to_invited(one: &JsValue) -> Option<Invited> {
    let address = MailboxAddress::parse(&get(one, "emailAddress").as_string()?).ok()?;
    let response = match get(one, "appointmentResponse").as_string().as_deref() {
        Some("accepted") => RoomResponse::Accepted,
        Some("declined") => RoomResponse::Declined,
        Some("tentative") => RoomResponse::Tentative,
        _ => RoomResponse::None,
    };
    Some(Invited { address, response })
}

/// <https://learn.microsoft.com/javascript/api/outlook/office.locationdetails>
fn to_location(one: &JsValue) -> Option<MailboxAddress> {
    let address = get(one, "emailAddress")
        .as_string()
        .filter(|address| !address.is_empty());
    let id = || get(one, "locationIdentifier.id").as_string();
    MailboxAddress::parse(&address.or_else(id)?).ok()
}

/// <https://learn.microsoft.com/javascript/api/outlook/office.recurrence>
fn to_repeats(item: &JsValue, recurrence: &JsValue) -> Repeats {
    // One meeting of a series, opened by itself, tells the recurrence of the whole.
    let is_one_of_series = get(item, "seriesId")
        .as_string()
        .is_some_and(|id| !id.is_empty());
    if is_one_of_series || recurrence.is_null() || recurrence.is_undefined() {
        return Repeats::No;
    }
    let text = |path| get(recurrence, path).as_string().unwrap_or_default();
    let number = |path| get(recurrence, path).as_f64();
    let times = get(recurrence, "seriesTime");
    let ask = |name| method(&times, name).and_then(|ask| ask.call0(&times).ok());
    let told = |name| ask(name).and_then(|it| it.as_string()).unwrap_or_default();
    let days = get(recurrence, "recurrenceProperties.days");
    Told {
        kind: text("recurrenceType"),
        interval: number("recurrenceProperties.interval"),
        days: js_sys::Array::from(&days)
            .iter()
            .filter_map(|day| day.as_string())
            .collect(),
        day_of_week: text("recurrenceProperties.dayOfWeek"),
        week_number: text("recurrenceProperties.weekNumber"),
        day_of_month: number("recurrenceProperties.dayOfMonth"),
        month: text("recurrenceProperties.month"),
        first_day_of_week: text("recurrenceProperties.firstDayOfWeek"),
        start_date: told("getStartDate"),
        end_date: told("getEndDate"),
        start_time: told("getStartTime"),
        minutes: ask("getDuration").and_then(|minutes| minutes.as_f64()),
    }
    .repeats()
}

fn object(fields: &[(&str, &str)]) -> JsValue {
    let object = js_sys::Object::new();
    for (key, value) in fields {
        // It fails only for frozen objects.
        let _set =
            js_sys::Reflect::set(&object, &JsValue::from_str(key), &JsValue::from_str(value));
    }
    object.into()
}
