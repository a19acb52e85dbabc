//! Whether rooms may be made to decline.

use booking::ids::ConnectionId;
use store::declining::Declining;
use uuid::Uuid;

use crate::support::on_both;

/// covers part of: FX-70
#[tokio::test]
async fn rooms_are_not_made_to_decline_until_that_is_set_and_connecting_again_leaves_it() {
    on_both(async |world| {
        let store = &world.store;
        world.rooms(1).await;
        let mut all = store.declining().await.unwrap();
        assert_eq!(all.len(), 1);
        assert!(!all[0].is_allowed && !all[0].has_externals);
        all[0].is_allowed = true;
        all[0].has_externals = true;
        assert!(store.set_declining(&all[0]).await.unwrap());
        let connection = store.connections().await.unwrap().remove(0);
        store
            .add_connection(&connection, &world.random)
            .await
            .unwrap();
        assert_eq!(store.declining().await.unwrap(), all);
        let unknown = Declining {
            connection: ConnectionId(Uuid::from_u128(0xdead)),
            ..all[0].clone()
        };
        assert!(!store.set_declining(&unknown).await.unwrap());
    })
    .await;
}
