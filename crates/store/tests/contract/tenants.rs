//! Connections and their sealed credentials.

use booking::ids::ConnectionId;
use secrecy::{ExposeSecret as _, SecretString};
use store::tenants::Connection;

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
