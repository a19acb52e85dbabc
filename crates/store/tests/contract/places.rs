//! Buildings, floors, sections.

use booking::ids::FloorId;
use booking::place::Floor;
use store::StoreError;

use crate::support::on_both;

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
        assert_eq!(kept, [annex, tower.clone()]);
        let found = world.store.building_by_name("Tower").await.unwrap();
        assert_eq!(found, Some(tower));
        assert_eq!(world.store.building_by_name("tower").await.unwrap(), None);
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
