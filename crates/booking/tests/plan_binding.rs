//! Rooms are bound to mailboxes by what both are called.

use booking::place::{Building, Floor};
use booking::plan::binding::{Binding, Why, bind};
use booking::provider::ProviderRoom;
use booking::room::{EquipmentSet, Room};
use booking::{BuildingId, FloorId, MailboxAddress, RoomId, ZoneName};
use uuid::Uuid;

/// Building `id` with two floors, 0 and 1, and rooms given as (floor, number, name).
fn building(id: u128, name: &str, rooms: &[(u128, &str, &str)]) -> (Building, Vec<Room>) {
    let floor_id = |level: u128| FloorId(Uuid::from_u128(id * 100 + level));
    let floors = [(0, "Ground"), (1, "First")].map(|(level, label)| Floor {
        id: floor_id(level),
        level: level as i32,
        label: label.to_owned(),
        sections: Vec::new(),
    });
    let rooms = (1..)
        .zip(rooms)
        .map(|(at, &(floor, number, name))| Room {
            id: RoomId(Uuid::from_u128(id * 1_000 + at)),
            building: BuildingId(Uuid::from_u128(id)),
            floor: floor_id(floor),
            number: number.to_owned(),
            name: name.to_owned(),
            seats: None,
            equipment: EquipmentSet::EMPTY,
            step_free: None,
            link: None,
            shape: None,
            zone: ZoneName::utc(),
        })
        .collect();
    let building = Building {
        id: BuildingId(Uuid::from_u128(id)),
        name: name.to_owned(),
        zone: ZoneName::utc(),
        floors: floors.to_vec(),
    };
    (building, rooms)
}

fn mailbox(local: &str, display_name: &str) -> ProviderRoom {
    ProviderRoom {
        mailbox: MailboxAddress::parse(&format!("{local}@contoso.com")).expect("an address"),
        display_name: display_name.to_owned(),
        building: None,
        floor_number: None,
        floor_label: None,
        label: None,
        capacity: None,
        equipment: EquipmentSet::EMPTY,
        step_free: None,
    }
}

/// (room's place in the list, mailbox's local part, evidence), by room.
fn bound(rooms: &[Room], binding: &Binding) -> Vec<(usize, String, Why)> {
    let mut pairs: Vec<(usize, String, Why)> = binding
        .bound
        .iter()
        .map(|pair| {
            let at = rooms
                .iter()
                .position(|room| room.id == pair.room)
                .expect("one of the rooms");
            let local = pair.mailbox.as_str().replace("@contoso.com", "");
            (at, local, pair.why)
        })
        .collect();
    pairs.sort();
    pairs
}

/// covers part of: N-09
#[test]
fn each_kind_of_evidence_binds_a_room() {
    let (house, rooms) = building(
        1,
        "Harbour House",
        &[
            (0, "0.01", "Pier"),
            (0, "0.02", "Anchor"),
            (1, "1.03", "1.03"),
            (1, "1.04", "Trade Winds"),
            (1, "1.05", "1.05"),
            (1, "1.06", "1.06"),
        ],
    );
    let mut labelled = mailbox("a", "Large meeting room");
    labelled.label = Some("0.01".to_owned());
    let mailboxes = [
        labelled,
        mailbox("b", "ANCHOR"),
        mailbox("c", "Meeting room 1.03 (8 seats)"),
        mailbox("d", "HEL - Trade Winds, video"),
        mailbox("room-hh-1-05", "Blue room"),
        mailbox("e", "Canteen"),
    ];
    let binding = bind(&[house], &rooms, &mailboxes);
    let expected = [
        (0, "a", Why::Label),
        (1, "b", Why::Name),
        (2, "c", Why::NumberInName),
        (3, "d", Why::NameInName),
        (4, "room-hh-1-05", Why::NumberInAddress),
    ]
    .map(|(at, local, why)| (at, local.to_owned(), why));
    assert_eq!(bound(&rooms, &binding), expected);
    assert_eq!(binding.unbound_rooms, [rooms[5].id]);
    assert_eq!(binding.unbound_mailboxes, [mailboxes[5].mailbox.clone()]);
    assert!(binding.ambiguous.is_empty());
}

/// covers part of: N-09
#[test]
fn two_mailboxes_for_one_number_are_reported_and_not_bound() {
    let (house, rooms) = building(1, "Harbour House", &[(0, "101", "101"), (0, "102", "102")]);
    let mailboxes = [
        mailbox("a", "Room 101"),
        mailbox("b", "Old room 101"),
        mailbox("c", "Room 102"),
    ];
    let binding = bind(&[house], &rooms, &mailboxes);
    assert_eq!(
        bound(&rooms, &binding),
        [(1, "c".to_owned(), Why::NumberInName)]
    );
    assert_eq!(binding.unbound_rooms, [rooms[0].id]);
    let claimants: Vec<&str> = binding
        .ambiguous
        .iter()
        .map(|one| one.mailbox.as_str())
        .collect();
    assert_eq!(claimants, ["a@contoso.com", "b@contoso.com"]);
    assert!(binding.unbound_mailboxes.is_empty());
}

#[test]
fn building_and_floor_tell_rooms_of_one_number_apart() {
    let (first, mut rooms) = building(1, "Harbour House", &[(0, "101", "101"), (1, "7", "Vega")]);
    let (second, more) = building(2, "Mill", &[(0, "101", "101"), (0, "7", "Vega")]);
    rooms.extend(more);
    let mut by_building = mailbox("a", "Room 101");
    by_building.building = Some("MILL".to_owned());
    let named = mailbox("b", "Harbour House 101");
    let mut by_floor = mailbox("c", "Vega");
    by_floor.floor_label = Some("First".to_owned());
    let undecided = mailbox("d", "Vega");
    let binding = bind(
        &[first, second],
        &rooms,
        &[by_building, named, by_floor, undecided],
    );
    assert_eq!(
        bound(&rooms, &binding),
        [
            (0, "b".to_owned(), Why::NumberInName),
            (2, "a".to_owned(), Why::NumberInName),
        ]
    );
    // The second Vega may stand for either, so the first is not bound on the strength of it.
    assert_eq!(binding.ambiguous.len(), 2);
}

#[test]
fn a_single_figure_in_a_name_is_no_room_number() {
    let (house, rooms) = building(1, "Harbour House", &[(0, "1", "1")]);
    let binding = bind(&[house], &rooms, &[mailbox("floor-1", "Kitchen floor 1")]);
    assert!(binding.bound.is_empty() && binding.ambiguous.is_empty());
}

#[test]
fn ten_thousand_rooms_are_bound_without_comparing_all_with_all() {
    let names: Vec<String> = (10_000..20_000).map(|number| number.to_string()).collect();
    let list: Vec<(u128, &str, &str)> = names
        .iter()
        .map(|name| (0, name.as_str(), name.as_str()))
        .collect();
    let (house, rooms) = building(1, "Harbour House", &list);
    let mailboxes: Vec<ProviderRoom> = names
        .iter()
        .map(|name| {
            mailbox(
                &format!("room{name}"),
                &format!("Meeting room {name} (Harbour House)"),
            )
        })
        .collect();
    let started = std::time::Instant::now();
    let binding = bind(&[house], &rooms, &mailboxes);
    println!("{:?}", started.elapsed());
    assert_eq!(binding.bound.len(), 10_000);
}

/// covers part of: N-09
#[cfg(feature = "import")]
#[test]
fn the_rooms_of_a_real_survey_find_their_mailboxes() {
    use booking::plan::import::import;
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/plans/osm_tudresden_apb/apb.geojson"
    );
    let Ok(bytes) = std::fs::read(file) else {
        println!("skipped: the survey is not on this machine");
        return;
    };
    let places = import(&bytes)
        .unwrap()
        .places("APB", &ZoneName("Europe/Berlin".to_owned()));
    // Named in the ways tenants name rooms.
    let mailboxes: Vec<ProviderRoom> = (0..)
        .zip(&places.rooms)
        .map(|(at, room)| {
            let number = &room.number;
            match at % 4 {
                0 => mailbox(&format!("apb-{number}"), &format!("APB {number}")),
                1 => mailbox(&format!("room.{number}"), &format!("Meeting room {at}-x")),
                2 => mailbox(&format!("r{at}x"), &format!("Raum {number} / {at} Plätze")),
                _ => {
                    let mut labelled = mailbox(&format!("q{at}q"), "Besprechung");
                    labelled.label = Some(number.clone());
                    labelled
                }
            }
        })
        .collect();
    let binding = bind(&[places.building], &places.rooms, &mailboxes);
    println!("{} of {} bound", binding.bound.len(), places.rooms.len());
    println!("{:?}", binding.ambiguous);
    assert!(binding.bound.len() as f64 >= 0.95 * places.rooms.len() as f64);
}
