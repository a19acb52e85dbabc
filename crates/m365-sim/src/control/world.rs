//! What there is: tenants, people, rooms, the clock.

use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Outcome, Refusal, body, done};
use crate::message::{Call, Reply};
use crate::scenario::Processing;
use crate::shared::Shared;
use crate::world::{Holder, Mailbox, Tenant, World};

/// `GET /_sim/world`
pub(super) fn show(shared: &Shared) -> Outcome {
    let world = shared.world();
    let body = json!({
        "url": shared.public_url,
        "clock": shared.clock.now(),
        "queuedSteps": world.steps.len(),
        "tenants": tenants(&world),
    });
    Ok(Reply::json(StatusCode::OK, &body))
}

/// What each tenant holds, without the events.
pub(super) fn tenants(world: &World) -> Vec<Value> {
    let tenants = world.tenants.iter();
    tenants.map(|tenant| tenant_json(world, tenant)).collect()
}

/// `POST /_sim/rooms/{address}/processing`: settings left out stay as they are.
/// <https://learn.microsoft.com/powershell/module/exchangepowershell/set-calendarprocessing>
pub(super) fn set_processing(shared: &Shared, address: &str, call: &Call) -> Outcome {
    let changed: Map<String, Value> = body(call)?;
    let no_room = || Refusal::not_found(format!("there is no room {address}"));
    let mut world = shared.world();
    let room = world.mailbox(address).and_then(Mailbox::room);
    let mut settings = json!(room.ok_or_else(no_room)?.processing);
    for (name, value) in changed {
        settings[name] = value;
    }
    let processing: Processing = serde_json::from_value(settings)
        .map_err(|error| Refusal::bad_request(error.to_string()))?;
    processing.check().map_err(Refusal::bad_request)?;
    let mut named = processing.addresses();
    if let Some(unknown) = named.find(|address| world.mailbox(address).is_none()) {
        return Err(Refusal::bad_request(format!(
            "there is no mailbox {unknown} that could have a say in a room"
        )));
    }
    drop(named);
    let room = world.mailbox_mut(address).and_then(Mailbox::room_mut);
    room.ok_or_else(no_room)?.processing = processing;
    done()
}

fn tenant_json(world: &World, tenant: &Tenant) -> Value {
    let mailboxes = || {
        world
            .mailboxes
            .values()
            .filter(|mailbox| mailbox.tenant == tenant.id)
    };
    let people: Vec<Value> = mailboxes().filter_map(person_json).collect();
    let rooms: Vec<Value> = mailboxes().filter_map(room_json).collect();
    let lists = tenant.room_lists.iter();
    let room_lists: Vec<Value> = lists
        .map(|list| json!({ "id": list.id, "displayName": list.display_name, "address": list.address, "rooms": list.rooms }))
        .collect();
    let apps: Vec<Value> = tenant
        .apps
        .iter()
        .map(|app| json!({ "clientId": app.client_id, "displayName": app.display_name }))
        .collect();
    json!({
        "id": tenant.id, "displayName": tenant.display_name, "domain": tenant.domain,
        "apps": apps, "people": people, "rooms": rooms, "roomLists": room_lists,
    })
}

fn person_json(mailbox: &Mailbox) -> Option<Value> {
    let Holder::Person(person) = &mailbox.holder else {
        return None;
    };
    Some(json!({
        "id": mailbox.id, "displayName": mailbox.display_name, "address": mailbox.address,
        "jobTitle": person.job_title, "officeLocation": person.office_location, "timeZone": mailbox.time_zone,
        "isAdmin": person.is_admin, "state": mailbox.state,
    }))
}

fn room_json(mailbox: &Mailbox) -> Option<Value> {
    let room = mailbox.room()?;
    Some(json!({
        "id": mailbox.id, "displayName": mailbox.display_name, "address": mailbox.address,
        "building": room.building, "floorNumber": room.floor_number, "capacity": room.capacity,
        "timeZone": mailbox.time_zone, "processing": room.processing, "state": mailbox.state,
    }))
}
