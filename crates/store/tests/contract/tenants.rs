//! Connections and their sealed credentials.

use booking::ids::ConnectionId;
use booking::provider::SubscriptionId;
use booking::time::HOUR_MS;
use secrecy::{ExposeSecret as _, SecretString};
use store::subscriptions::KeptSubscription;
use store::tenants::{Connection, Hanging};

use crate::support::{NOW, on_both};

#[tokio::test]
async fn a_connection_comes_back_with_its_credential() {
    on_both(async |world| {
        let connection = world.connection();
        let id = world
            .store
            .add_connection(&connection, &world.random)
            .await
            .unwrap();
        assert_eq!(id, connection.id);
        let kept = world.store.connection(id).await.unwrap().unwrap();
        assert_eq!(kept.credential.expose_secret(), "credential-in-clear");
        assert_eq!(kept.name, "Contoso");
        assert_eq!(kept.booking_mailbox, connection.booking_mailbox);
        assert_eq!(kept.service_account, None);
        let unknown = ConnectionId::random(&world.random);
        assert!(world.store.connection(unknown).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn adding_the_same_tenant_and_client_again_updates_it_and_keeps_its_id() {
    on_both(async |world| {
        let first = world.connection();
        let second = Connection {
            credential: SecretString::from("newer".to_owned()),
            name: "Contoso Ltd".to_owned(),
            service_account: Some(uuid::Uuid::from_u128(0xacc)),
            created_at: NOW.plus_ms(1),
            ..world.connection()
        };
        assert_ne!(first.id, second.id);
        for connection in [&first, &second] {
            let id = world
                .store
                .add_connection(connection, &world.random)
                .await
                .unwrap();
            assert_eq!(id, first.id);
        }
        let all = world.store.connections().await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].credential.expose_secret(), "newer");
        assert_eq!(all[0].name, "Contoso Ltd");
        assert_eq!(all[0].service_account, second.service_account);
        assert_eq!(all[0].created_at, NOW);
    })
    .await;
}

#[tokio::test]
async fn how_much_hangs_on_a_connection_is_counted_and_nothing_of_others_or_of_the_past() {
    on_both(async |world| {
        let store = &world.store;
        let rooms = world.rooms(3).await;
        let id = rooms[0].link.as_ref().unwrap().connection;
        world.relink(&rooms[2], None).await.unwrap();
        let empty = Hanging {
            rooms: 2,
            ..Hanging::default()
        };
        assert_eq!(store.hanging_on(id, NOW).await.unwrap(), empty);
        for (room, key) in [(&rooms[0], "a"), (&rooms[1], "b"), (&rooms[2], "c")] {
            let kept = KeptSubscription {
                id: SubscriptionId(key.to_owned()),
                room: room.id,
                connection: Some(id),
                expires_at: NOW.plus_ms(5),
                renew_at: NOW,
                client_state: SecretString::from("state".to_owned()),
            };
            store.keep_subscription(&kept, &world.random).await.unwrap();
        }
        let with_promises = Hanging {
            subscriptions: 2,
            ..empty
        };
        assert_eq!(store.hanging_on(id, NOW).await.unwrap(), with_promises);
        // Nobody wants it any more, and it is not ended yet.
        let unwanted = SubscriptionId("c".to_owned());
        store.drop_subscription(&unwanted).await.unwrap();
        assert_eq!(store.hanging_on(id, NOW).await.unwrap().subscriptions, 3);
        assert_eq!(store.hanging_on(id, NOW.plus_ms(5)).await.unwrap(), empty);
        world.held(&rooms[0], 0).await;
        world.held(&rooms[2], 0).await;
        assert_eq!(store.hanging_on(id, NOW).await.unwrap().on_their_way, 1);
        let later = NOW.plus_ms(HOUR_MS);
        assert_eq!(store.hanging_on(id, later).await.unwrap(), empty);
        let other = ConnectionId::random(&world.random);
        let nothing = Hanging::default();
        assert_eq!(store.hanging_on(other, NOW).await.unwrap(), nothing);
    })
    .await;
}
