//! The tenant's rooms.

use booking::ids::MailboxAddress;
use booking::provider::{PageToken, ProviderError, ProviderRoom, RoomPage};
use booking::room::{Equipment, EquipmentSet};

use super::provider_error;
use crate::access::Identity;
use crate::client::GraphClient;
use crate::ops::places::ListRooms;
use crate::page::FollowLink;
use crate::types::Room;

const DOING: &str = "listing the rooms";
const ROOMS_PER_PAGE: u32 = 100;

pub(super) async fn read(
    client: &GraphClient,
    page: Option<PageToken>,
) -> Result<RoomPage, ProviderError> {
    let who = Identity::Application;
    let answer = match page {
        None => {
            let operation = ListRooms {
                per_page: ROOMS_PER_PAGE,
            };
            client.send(&who, &operation).await
        }
        Some(PageToken(link)) => {
            client
                .send(&who, &FollowLink::<Room>::new(&link, None, ""))
                .await
        }
    };
    let answer = answer.map_err(|error| provider_error(DOING, error))?;
    Ok(RoomPage {
        rooms: answer.value.into_iter().filter_map(room).collect(),
        next: answer.next_link.map(PageToken),
    })
}

/// The room. `None`: it has no mailbox, so it cannot be reserved.
pub(super) fn room(room: Room) -> Option<ProviderRoom> {
    let mailbox = MailboxAddress::parse(room.email_address.as_deref()?).ok()?;
    let equipment = equipment(&room);
    let named = |text: Option<String>| text.filter(|text| !text.trim().is_empty());
    Some(ProviderRoom {
        display_name: named(room.display_name).unwrap_or_else(|| mailbox.to_string()),
        mailbox,
        building: named(room.building),
        floor_number: room.floor_number,
        floor_label: named(room.floor_label),
        label: named(room.label),
        // Exchange says 0 where nobody counted.
        capacity: room.capacity.filter(|seats| *seats > 0),
        equipment,
        step_free: room.is_wheel_chair_accessible,
    })
}

/// What the named devices and the tags tell.
fn equipment(room: &Room) -> EquipmentSet {
    let device =
        |name: &Option<String>| name.as_deref().is_some_and(|name| !name.trim().is_empty());
    let devices = [
        (device(&room.video_device_name), Equipment::Video),
        (device(&room.audio_device_name), Equipment::Audio),
        (device(&room.display_device_name), Equipment::Screen),
    ];
    let named = devices
        .into_iter()
        .filter_map(|(present, equipment)| present.then_some(equipment));
    let tagged = room
        .tags
        .iter()
        .flatten()
        .filter_map(|tag| tag_meaning(tag));
    named.chain(tagged).collect()
}

/// What a tag means, by the words in it. Administrators choose tags freely; words that are not known mean nothing.
fn tag_meaning(tag: &str) -> Option<Equipment> {
    const WORDS: [(&str, Equipment); 13] = [
        ("whiteboard", Equipment::Whiteboard),
        ("flipchart", Equipment::Whiteboard),
        ("hearing", Equipment::HearingLoop),
        ("induction", Equipment::HearingLoop),
        ("daylight", Equipment::Daylight),
        ("window", Equipment::Daylight),
        ("video", Equipment::Video),
        ("camera", Equipment::Video),
        ("projector", Equipment::Screen),
        ("beamer", Equipment::Screen),
        ("screen", Equipment::Screen),
        ("audio", Equipment::Audio),
        ("phone", Equipment::Audio),
    ];
    let plain: String = tag
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let known = WORDS.iter().find(|(word, _)| plain.contains(word));
    known.map(|(_, equipment)| *equipment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_and_tags_tell_the_equipment_and_odd_numbers_are_read() {
        let wire: Room = serde_json::from_str(
            r#"{"emailAddress":"Room1@contoso.com","displayName":"Room 1","capacity":"12","floorNumber":3,
                "videoDeviceName":"Surface Hub","audioDeviceName":"","displayDevice":null,
                "tags":["White board","nice view"],"isWheelChairAccessible":true}"#,
        )
        .unwrap();
        let room = room(wire).unwrap();
        assert_eq!(room.mailbox.as_str(), "room1@contoso.com");
        assert_eq!(room.capacity, Some(12));
        let expected = EquipmentSet::EMPTY
            .with(Equipment::Video)
            .with(Equipment::Whiteboard);
        assert_eq!(room.equipment, expected);
    }

    #[test]
    fn a_room_without_a_mailbox_is_left_out() {
        let wire: Room = serde_json::from_str(r#"{"displayName":"Lounge"}"#).unwrap();
        assert_eq!(room(wire), None);
    }
}
