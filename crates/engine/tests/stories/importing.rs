//! Plans brought in once, and again when the building changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::office::{Office, ada, asking, ben, exactly, hour};
use booking::ids::{BuildingId, ConnectionId, MailboxAddress, ReservationId, RoomId};
use booking::provider::ProviderRoom;
use booking::provider::testing::{Call, FakeProvider};
use booking::reservation::{Cancelling, ReservationState};
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::search::RoomQuery;
use booking::time::ZoneName;
use engine::edit_plans::{PlanError, PlanImported, Said};
use engine::link_rooms::Linked;
use engine::providers::Providers;
use engine::{Engine, Parts, Settings};
use serde_json::{Value, json};
use uuid::Uuid;

/// A house whose floors, by level, have rooms of these numbers.
pub fn house(floors: &[(i32, &[&str])]) -> Value {
    let floors: Vec<Value> = floors
        .iter()
        .map(|(level, numbers)| {
            let shapes: Vec<Value> = (0..)
                .zip(*numbers)
                .map(|(at, number)| json!({ "kind": "room", "number": number, "rect": [6 * at, 0, 6, 4] }))
                .collect();
            json!({ "level": level, "shapes": shapes })
        })
        .collect();
    json!({ "format": "etage-plan-1", "name": "Mill", "zone": "Europe/Helsinki", "floors": floors })
}

pub async fn import_as(
    office: &Office,
    file: &Value,
    name: Option<&str>,
    unnamed: &str,
) -> Result<PlanImported, PlanError> {
    // Surveys name no zone.
    let zone = ZoneName("Europe/Helsinki".to_owned());
    let said = Said {
        name,
        unnamed,
        zone: Some(&zone),
    };
    let bytes = file.to_string();
    office.engine.import_plan(bytes.as_bytes(), &said).await
}

async fn import(office: &Office, file: &Value) -> PlanImported {
    import_as(office, file, None, "mill").await.unwrap()
}

fn room<'a>(imported: &'a PlanImported, number: &str) -> &'a Room {
    (imported.rooms.iter().find(|room| room.number == number)).unwrap()
}

/// Links the room to a mailbox of its number and has its calendar read.
async fn link(office: &Office, room: &Room) -> RoomLink {
    let link = RoomLink {
        connection: ConnectionId(Uuid::from_u128(0xc0)),
        mailbox: MailboxAddress::parse(&format!("mill{}@contoso.com", room.number)).unwrap(),
    };
    let linked = Room {
        link: Some(link.clone()),
        ..room.clone()
    };
    let store = office.engine.store();
    store.upsert_rooms(&[linked]).await.unwrap();
    settle(office, room.id).await;
    link
}

/// The room answers what it was asked, and every task runs.
async fn settle(office: &Office, room: RoomId) {
    office.settle().await;
    office.engine.note_changes(&[room]).await.unwrap();
    office.run().await;
}

/// Ada's reservation of a room two hours from the morning.
async fn reserve(office: &Office, room: RoomId) -> ReservationId {
    let key = ReservationId(Uuid::from_u128(1));
    let when = exactly(hour(2));
    office
        .engine
        .place_reservation(&ada(), key, room, &when, "")
        .await
        .unwrap();
    settle(office, room).await;
    settle(office, room).await;
    key
}

/// Links rooms where the tenant tells of one mailbox, called like this.
async fn link_told(office: &Office, link: &RoomLink, name: &str) -> Linked {
    let told = ProviderRoom {
        mailbox: link.mailbox.clone(),
        display_name: name.to_owned(),
        building: None,
        floor_number: None,
        floor_label: None,
        label: None,
        capacity: None,
        equipment: EquipmentSet::EMPTY,
        step_free: None,
    };
    let mut providers = Providers::new();
    let tenant = FakeProvider::new(vec![told], BTreeMap::new());
    providers.add(link.connection, Arc::new(tenant));
    let command = Engine::start(Parts {
        store: office.engine.store().clone(),
        providers,
        clock: office.clock.clone(),
        random: office.engine.random().clone(),
        settings: Settings::default(),
    });
    let linked = command.await.unwrap().link_rooms(link.connection).await;
    office.engine.catch_up().await.unwrap();
    linked.unwrap()
}

/// Numbers of the rooms of a building that a search finds.
fn found(office: &Office, building: BuildingId) -> Vec<String> {
    let query = RoomQuery {
        building: Some(building),
        ..asking(hour(4), 2)
    };
    let found = office.engine.find_rooms(&ben(), &query, None).unwrap();
    let catalogue = office.engine.catalogue(Some(building)).unwrap();
    let number = |id| {
        let room = catalogue.rooms.iter().find(|room| room.id == id);
        room.map_or_else(|| "?".to_owned(), |room| room.number.clone())
    };
    let mut numbers: Vec<String> = found.hits.iter().map(|hit| number(hit.room)).collect();
    numbers.sort();
    numbers
}

#[tokio::test]
async fn a_floor_that_the_new_file_lacks_goes_and_what_is_reserved_there_can_be_cancelled() {
    let office = Office::open().await;
    let before = import(&office, &house(&[(0, &["1", "2"]), (1, &["11"])])).await;
    for number in ["1", "11"] {
        link(&office, room(&before, number)).await;
    }
    let upstairs = room(&before, "11").id;
    let key = reserve(&office, upstairs).await;
    assert_eq!(office.calendars.events().len(), 1);

    let after = import(&office, &house(&[(0, &["1", "2"])])).await;
    let removed: Vec<i32> = after.floors_removed.iter().map(|one| one.level).collect();
    assert_eq!(removed, [1]);
    assert_eq!(after.retired.len(), 1);
    assert_eq!(
        (after.retired[0].room.id, after.retired[0].reservations),
        (upstairs, 1)
    );

    let building = after.building.id;
    assert_eq!(found(&office, building), ["1"]);
    let catalogue = office.engine.catalogue(Some(building)).unwrap();
    assert_eq!((catalogue.rooms.len(), catalogue.buildings.len()), (2, 2));

    settle(&office, upstairs).await;
    let mut mine = office.engine.my_reservations(&ada()).await.unwrap();
    let shown = office.engine.describe(mine.remove(0));
    assert_eq!(shown.reservation.state, ReservationState::Confirmed);
    assert_eq!(shown.room.unwrap().number, "11");
    assert_eq!(
        (
            shown.building.as_str(),
            shown.floor.as_str(),
            shown.can_cancel
        ),
        ("Mill (no longer on the plan)", "1", true)
    );
    office
        .engine
        .cancel_reservation(&ada(), key, Cancelling::Whole)
        .await
        .unwrap();
    settle(&office, upstairs).await;
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn a_room_that_the_new_file_lacks_is_offered_no_more_until_a_file_has_it_again() {
    let office = Office::open().await;
    let with = house(&[(0, &["1", "2", "3"])]);
    let before = import(&office, &with).await;
    let mailbox = link(&office, room(&before, "3")).await;
    link(&office, room(&before, "1")).await;
    let building = before.building.id;
    assert_eq!(found(&office, building), ["1", "3"]);

    let without = import(&office, &house(&[(0, &["1", "2"])])).await;
    assert_eq!(without.retired[0].room.number, "3");
    assert_eq!(found(&office, building), ["1"]);
    // A page opened before still shows it.
    let refused = office
        .engine
        .place_reservation(
            &ada(),
            ReservationId(Uuid::from_u128(2)),
            room(&before, "3").id,
            &exactly(hour(2)),
            "",
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "not_found");
    let again = import(&office, &house(&[(0, &["1", "2"])])).await;
    assert_eq!((again.retired.len(), again.changed), (0, false));

    let after = import(&office, &with).await;
    assert_eq!(after.returned, [room(&after, "3").clone()]);
    assert_eq!(room(&after, "3").id, room(&before, "3").id);
    assert_eq!(room(&after, "3").link, Some(mailbox));
    assert_eq!(found(&office, building), ["1", "3"]);
}

#[tokio::test]
async fn a_floor_that_is_back_or_has_another_level_brings_its_rooms_back() {
    let office = Office::open().await;
    let with = house(&[(0, &["1"]), (1, &["11", "12"])]);
    let before = import(&office, &with).await;
    let mailbox = link(&office, room(&before, "11")).await;
    import(&office, &house(&[(0, &["1"])])).await;
    let raised = import(&office, &house(&[(0, &["1"]), (2, &["11", "12"])])).await;
    let numbers: Vec<&str> = raised
        .returned
        .iter()
        .map(|one| one.number.as_str())
        .collect();
    assert_eq!(numbers, ["11", "12"]);
    let after = import(&office, &with).await;
    assert_eq!((after.floors_removed.len(), after.retired.len()), (1, 0));
    assert_eq!(room(&after, "11").id, room(&before, "11").id);
    assert_eq!(room(&after, "11").link, Some(mailbox));
}

#[tokio::test]
async fn the_same_file_again_changes_nothing_and_the_tenants_word_stands() {
    let office = Office::open().await;
    let file = house(&[(0, &["1", "2"]), (1, &["11"])]);
    let first = import(&office, &file).await;
    assert!(first.changed);
    link(&office, room(&first, "1")).await;
    let store = office.engine.store();
    let mut told = store.room(room(&first, "1").id).await.unwrap().unwrap();
    told.seats = Some(Seats {
        count: 99,
        guessed: false,
    });
    told.step_free = Some(true);
    store.upsert_rooms(&[told]).await.unwrap();

    let (rooms, revision) = (
        store.rooms().await.unwrap(),
        store.revision().await.unwrap(),
    );
    let second = import(&office, &file).await;
    assert!(!second.changed);
    assert_eq!(store.rooms().await.unwrap(), rooms);
    assert_eq!(store.revision().await.unwrap(), revision);
    for floor in &first.building.floors {
        assert_eq!(store.plan_revision(floor.id).await.unwrap(), Some(1));
    }

    // What the drawing says anew counts again.
    let mut redrawn = file.clone();
    redrawn["floors"][0]["shapes"][0]["seats"] = 5.into();
    let third = import(&office, &redrawn).await;
    let room = room(&third, "1");
    assert_eq!(room.seats.map(|seats| seats.count), Some(5));
    assert_eq!(room.step_free, Some(true));
    let ground = first.building.floors[0].id;
    assert_eq!(store.plan_revision(ground).await.unwrap(), Some(2));
}

#[tokio::test]
async fn the_mailbox_of_a_retired_room_goes_to_the_room_it_fits_now() {
    let office = Office::open().await;
    let before = import(&office, &house(&[(0, &["101", "102"])])).await;
    let mailbox = link(&office, room(&before, "101")).await;
    let key = reserve(&office, room(&before, "101").id).await;
    // Walls were moved and doors renumbered; the tenant calls the mailbox by the new number.
    let mut file = house(&[(0, &["102", "103"])]);
    file["floors"][0]["shapes"][0]["rect"] = json!([6, 0, 6, 4]);
    file["floors"][0]["shapes"][1]["rect"] = json!([40, 0, 6, 4]);
    let after = import(&office, &file).await;
    assert_eq!(after.retired[0].room.number, "101");
    let linked = link_told(&office, &mailbox, "Room 103").await;
    let now = linked.rooms.iter().find(|one| one.number == "103").unwrap();
    assert_eq!(now.link.as_ref(), Some(&mailbox));
    let mine = office.engine.my_reservations(&ada()).await.unwrap();
    assert_eq!((mine[0].id, mine[0].room), (key, now.id));
    office
        .engine
        .cancel_reservation(&ada(), key, Cancelling::Whole)
        .await
        .unwrap();
    settle(&office, now.id).await;
    assert!(office.calendars.events().is_empty());
}

#[tokio::test]
async fn a_real_survey_is_as_it_was_when_it_is_imported_again() {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/plans/osm_tudresden_apb/apb.geojson"
    );
    let Ok(bytes) = std::fs::read(file) else {
        println!("skipped: the survey is not on this machine");
        return;
    };
    let survey: Value = serde_json::from_slice(&bytes).unwrap();
    let mut renamed = survey.clone();
    for (at, feature) in (renamed["features"].as_array_mut().unwrap().iter_mut()).enumerate() {
        if feature["properties"]["building"].is_null() {
            feature["id"] = format!("redrawn/{at}").into();
        }
    }
    let office = Office::open().await;
    for file in [&survey, &renamed] {
        assert!(import(&office, file).await.changed);
        let again = import(&office, file).await;
        assert_eq!(
            (again.changed, again.retired.len(), again.rooms.len()),
            (false, 0, 358)
        );
    }
}

/// Whoever answers for the tenant must not decide how long we read, and how much we keep.
#[tokio::test]
async fn a_list_of_rooms_that_does_not_end_is_given_up() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let connection = office.rooms[0].link.as_ref().unwrap().connection;
    for (links, pages_max) in [(3, 4), (u32::MAX, 1_000)] {
        let before = calendars.calls(Call::Rooms);
        calendars.set_endless_rooms(links);
        let linked = office.engine.link_rooms(connection).await;
        let error = linked.unwrap_err().to_string();
        assert!(error.contains("asking the tenant"), "{error}");
        let asked = calendars.calls(Call::Rooms) - before;
        assert_eq!(asked, pages_max, "{links}");
    }
}
