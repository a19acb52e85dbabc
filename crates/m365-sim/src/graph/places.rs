//! Rooms and room lists. <https://learn.microsoft.com/graph/api/resources/place>

use http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;

use super::error::GraphError;
use super::filter::Filter;
use super::paging::PageSize;
use super::route::PlaceKind;
use super::{Context, Outcome, paging, query};
use crate::message::Reply;
use crate::scenario::BookingType;
use crate::world::{Mailbox, Room, RoomList, World};

/// Places are listed a hundred at a time.
const PAGE_SIZE: PageSize = PageSize::Usual(100);

/// What a place can be looked up by.
const FILTERABLE: [&str; 16] = [
    "address",
    "audioDeviceName",
    "bookingType",
    "building",
    "capacity",
    "displayDeviceName",
    "displayName",
    "emailAddress",
    "floorLabel",
    "floorNumber",
    "id",
    "isWheelChairAccessible",
    "label",
    "nickname",
    "phone",
    "videoDeviceName",
];

/// `GET /places/graph.room`, `/places/graph.roomList` and the kinds the simulator has none of.
pub(super) fn list(context: &Context<'_>, kind: PlaceKind) -> Outcome {
    let filter = Filter::of(context.call, &FILTERABLE)?;
    let world = context.shared.world();
    let (entity_set, all): (String, Vec<Value>) = match kind {
        PlaceKind::Room => {
            let rooms = world.rooms(context.caller.tenant).filter_map(room_entity);
            ("places/microsoft.graph.room".to_owned(), rooms.collect())
        }
        PlaceKind::RoomList => {
            let lists = world
                .tenant(context.caller.tenant)
                .map(|tenant| tenant.room_lists.as_slice());
            let lists = lists.unwrap_or_default().iter().map(list_entity);
            (
                "places/microsoft.graph.roomList".to_owned(),
                lists.collect(),
            )
        }
        PlaceKind::Other(name) => (format!("places/microsoft.graph.{name}"), Vec::new()),
    };
    drop(world);
    let all = all
        .into_iter()
        .filter(|place| filter.as_ref().is_none_or(|filter| filter.accepts(place)))
        .collect();
    paging::page(context, &entity_set, all, PAGE_SIZE)
}

/// `GET /places/{id}`: by id, place id or address.
pub(super) fn get(context: &Context<'_>, id: &str) -> Outcome {
    let world = context.shared.world();
    let room = find_room(context, &world, id)
        .ok()
        .and_then(|mailbox| Some(typed(room_entity(mailbox)?, "room")));
    let list = || find_list(context, &world, id).map(|list| typed(list_entity(list), "roomList"));
    let mut place = room.or_else(list).ok_or_else(|| not_found(id))?;
    place["@odata.context"] = json!(paging::metadata(context, "places/$entity"));
    Ok(Reply::json(
        StatusCode::OK,
        &query::select(context.call, place),
    ))
}

/// The room with this id, place id or address.
pub(super) fn find_room<'a>(
    context: &Context<'_>,
    world: &'a World,
    id: &str,
) -> Result<&'a Mailbox, GraphError> {
    let mut rooms = world.rooms(context.caller.tenant);
    rooms
        .find(|mailbox| {
            let place_id = mailbox.room().map(|room| room.place_id);
            is_guid(&mailbox.id, id)
                || place_id.is_some_and(|place_id| is_guid(&place_id, id))
                || mailbox.address.eq_ignore_ascii_case(id)
        })
        .ok_or_else(|| not_found(id))
}

/// `GET /places/{address of a list}/graph.roomList/rooms`
pub(super) fn rooms_of_list(context: &Context<'_>, name: &str) -> Outcome {
    let world = context.shared.world();
    let list = find_list(context, &world, name).ok_or_else(|| not_found(name))?;
    let rooms = list
        .rooms
        .iter()
        .filter_map(|address| room_entity(world.mailbox(address)?))
        .collect();
    let entity_set = format!("places('{name}')/microsoft.graph.roomList/rooms");
    drop(world);
    paging::page(context, &entity_set, rooms, PAGE_SIZE)
}

/// `GET /places/{address of a list}/graph.roomList/workspaces`: there are none.
pub(super) fn workspaces_of_list(context: &Context<'_>, name: &str) -> Outcome {
    let is_there = find_list(context, &context.shared.world(), name).is_some();
    if !is_there {
        return Err(not_found(name));
    }
    let entity_set = format!("places('{name}')/microsoft.graph.roomList/workspaces");
    paging::page(context, &entity_set, Vec::new(), PAGE_SIZE)
}

fn find_list<'a>(
    context: &Context<'_>,
    world: &'a crate::world::World,
    name: &str,
) -> Option<&'a RoomList> {
    let lists = &world.tenant(context.caller.tenant)?.room_lists;
    lists
        .iter()
        .find(|list| list.address.eq_ignore_ascii_case(name) || is_guid(&list.id, name))
}

/// Whether a text is this id; GUIDs are written in either case.
fn is_guid(id: &Uuid, text: &str) -> bool {
    Uuid::try_parse(text).is_ok_and(|parsed| parsed == *id)
}

fn room_entity(mailbox: &Mailbox) -> Option<Value> {
    let room: &Room = mailbox.room()?;
    Some(json!({
        "id": mailbox.id,
        "placeId": room.place_id,
        "displayName": mailbox.display_name,
        "emailAddress": mailbox.address,
        "nickname": mailbox.display_name,
        "building": room.building,
        "floorNumber": room.floor_number,
        "floorLabel": room.floor_label,
        "label": room.label,
        "capacity": room.capacity,
        "bookingType": match room.processing.booking_type {
            BookingType::Standard => "standard",
            BookingType::Reserved => "reserved",
        },
        "audioDeviceName": room.audio_device_name,
        "videoDeviceName": room.video_device_name,
        "displayDeviceName": room.display_device_name,
        "isWheelChairAccessible": room.is_wheel_chair_accessible,
        "tags": room.tags,
        "phone": "",
        "address": null,
        "geoCoordinates": null,
        "parentId": null,
    }))
}

fn list_entity(list: &RoomList) -> Value {
    json!({
        "id": list.id,
        "placeId": list.id,
        "displayName": list.display_name,
        "emailAddress": list.address,
        "phone": "",
        "address": null,
        "geoCoordinates": null,
        "tags": [],
    })
}

fn typed(mut place: Value, kind: &str) -> Value {
    place["@odata.type"] = json!(format!("#microsoft.graph.{kind}"));
    place
}

fn not_found(id: &str) -> GraphError {
    let message = format!("The place '{id}' was not found.");
    GraphError::new(StatusCode::NOT_FOUND, "ErrorItemNotFound", message)
}
