//! Buildings, floors, sections.

use booking::ids::FloorId;
use booking::place::Floor;
use store::StoreError;

use crate::plans::drawing;
use crate::support::{NOW, on_both, range};

#[tokio::test]
async fn buildings_come_back_by_name_with_floors_from_the_lowest_up() {
    on_both(async |world| {
        let mut tower = world.building("Tower");
        tower.floors.insert(
            0,
            Floor {
                id: FloorId::random(&world.random),
                level: -1,
                label: "B".to_owned(),
                sections: Vec::new(),
            },
        );
        let annex = world.building("Annex");
        for building in [&tower, &annex] {
            world.store.upsert_building(building).await.unwrap();
        }
        let kept = world.store.buildings().await.unwrap();
        assert_eq!(kept, [annex, tower]);
    })
    .await;
}

#[tokio::test]
async fn floors_and_sections_that_are_not_named_any_more_are_gone() {
    on_both(async |world| {
        let mut building = world.building("Main");
        world.store.upsert_building(&building).await.unwrap();
        building.name = "Main House".to_owned();
        building.floors[0].sections.clear();
        building.floors[0].id = FloorId::random(&world.random);
        world.store.upsert_building(&building).await.unwrap();
        assert_eq!(world.store.buildings().await.unwrap(), [building]);
    })
    .await;
}

#[tokio::test]
async fn a_floor_with_rooms_on_it_cannot_go_and_nothing_else_changes() {
    on_both(async |world| {
        world.rooms(1).await;
        let before = world.store.buildings().await.unwrap();
        let mut building = before[0].clone();
        building.name = "Elsewhere".to_owned();
        building.floors.clear();
        let error = world.store.upsert_building(&building).await.unwrap_err();
        assert!(matches!(error, StoreError::Driver { .. }), "{error}");
        assert_eq!(world.store.buildings().await.unwrap(), before);
    })
    .await;
}

#[tokio::test]
async fn rooms_leave_a_floor_and_the_floor_goes_with_its_drawings_in_one() {
    on_both(async |world| {
        let mut rooms = world.rooms(2).await;
        let mut main = world.store.buildings().await.unwrap().remove(0);
        let gone = main.floors[0].id;
        let drawing = drawing(gone, 100);
        world.store.publish_drawing(&drawing, NOW).await.unwrap();
        world.held(&rooms[1], 0).await;
        let archive = world.building("Main (archive)");
        main.floors[0] = Floor {
            id: FloorId::random(&world.random),
            ..main.floors[0].clone()
        };
        main.floors[0].sections.clear();
        rooms[0].floor = main.floors[0].id;
        rooms[1].floor = archive.floors[0].id;
        rooms[1].building = archive.id;
        let buildings = [main, archive];
        world.store.upsert_places(&buildings, &rooms).await.unwrap();
        assert_eq!(world.store.buildings().await.unwrap(), buildings);
        for room in rooms {
            assert_eq!(world.store.room(room.id).await.unwrap(), Some(room));
        }
        assert_eq!(world.store.plan(gone).await.unwrap(), None);
        let reserved = world.store.open_reservations(range(0, 1 << 40)).await;
        assert_eq!(reserved.unwrap().len(), 1);
    })
    .await;
}
