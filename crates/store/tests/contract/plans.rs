//! Drawings of floors.

use booking::ids::FloorId;
use booking::plan::Plan;
use store::StoreError;
use store::plans::Drawing;

use crate::support::{NOW, on_both};

/// A drawing that tells of no rooms.
pub(crate) fn drawing(floor: FloorId, width_cm: i32) -> Drawing {
    Drawing {
        plan: plan(floor, width_cm),
        rooms: Vec::new(),
    }
}

fn plan(floor: FloorId, width_cm: i32) -> Plan {
    Plan {
        floor,
        revision: 0,
        width_cm,
        height_cm: 500,
        north_degrees: 12.5,
        slab: Vec::new(),
        shapes: Vec::new(),
        doors: Vec::new(),
        attribution: None,
    }
}

#[tokio::test]
async fn each_publication_of_a_floor_is_the_next_revision_and_the_latest_is_shown() {
    on_both(async |world| {
        let building = world.building("Main");
        world.store.upsert_building(&building).await.unwrap();
        let floor = building.floors[0].id;
        assert_eq!(world.store.plan(floor).await.unwrap(), None);
        assert_eq!(world.store.plan_revision(floor).await.unwrap(), None);
        for (revision, width_cm) in [(1, 100), (2, 200)] {
            let drawing = drawing(floor, width_cm);
            let published = world.store.publish_drawing(&drawing, NOW).await;
            assert_eq!(published.unwrap(), revision);
        }
        let latest = Plan {
            revision: 2,
            ..plan(floor, 200)
        };
        assert_eq!(world.store.plan(floor).await.unwrap(), Some(latest));
        assert_eq!(world.store.plan_revision(floor).await.unwrap(), Some(2));
    })
    .await;
}

#[tokio::test]
async fn publications_at_the_same_time_get_different_revisions() {
    on_both(async |world| {
        let building = world.building("Main");
        world.store.upsert_building(&building).await.unwrap();
        let drawing = drawing(building.floors[0].id, 100);
        let all = (0..8).map(|_| world.store.publish_drawing(&drawing, NOW));
        let mut revisions = futures::future::try_join_all(all).await.unwrap();
        revisions.sort_unstable();
        assert_eq!(revisions, (1..=8).collect::<Vec<u32>>());
    })
    .await;
}

#[tokio::test]
async fn a_drawing_of_an_unknown_floor_is_refused() {
    on_both(async |world| {
        let drawing = drawing(FloorId::random(&world.random), 100);
        let error = world.store.publish_drawing(&drawing, NOW).await;
        let error = error.unwrap_err();
        assert!(matches!(error, StoreError::RowsAffected { .. }), "{error}");
    })
    .await;
}

#[tokio::test]
async fn a_drawing_comes_back_with_the_rooms_it_told_of() {
    on_both(async |world| {
        let rooms = world.rooms(2).await;
        let floor = rooms[0].floor;
        assert_eq!(world.store.drawing(floor).await.unwrap(), None);
        for (revision, rooms) in [(1, Vec::new()), (2, rooms)] {
            let plan = Plan {
                revision,
                ..plan(floor, 100)
            };
            let drawing = Drawing { plan, rooms };
            world.store.publish_drawing(&drawing, NOW).await.unwrap();
            assert_eq!(world.store.drawing(floor).await.unwrap(), Some(drawing));
        }
    })
    .await;
}
