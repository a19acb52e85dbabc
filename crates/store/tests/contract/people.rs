//! People, sessions, permissions.

use std::collections::BTreeSet;

use booking::person::Person;
use secrecy::{ExposeSecret as _, SecretString};
use store::people::{Session, TokenHash};

use crate::support::{NOW, ada, address, bob, on_both};

#[tokio::test]
async fn a_person_is_known_by_directory_and_object_whatever_their_name() {
    on_both(async |world| {
        world.store.upsert_person(&ada()).await.unwrap();
        let married = Person {
            display_name: "Ada King".to_owned(),
            address: address("ada.king"),
            ..ada()
        };
        world.store.upsert_person(&married).await.unwrap();
        let kept = world.store.person(ada().id).await.unwrap();
        assert_eq!(kept, Some(married));
        assert_eq!(world.store.person(bob().id).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_session_is_good_until_it_ends() {
    on_both(async |world| {
        let store = &world.store;
        store.upsert_person(&ada()).await.unwrap();
        let end = NOW.plus_ms(1_000);
        let (token, other) = (TokenHash([7; 32]), TokenHash([8; 32]));
        for one in [token, other] {
            store.create_session(one, ada().id, NOW, end).await.unwrap();
        }
        let session = Session {
            person: ada(),
            created_at: NOW,
            expires_at: end,
        };
        let found = store.session(token, end.plus_ms(-1)).await.unwrap();
        assert_eq!(found, Some(session));
        assert_eq!(store.session(token, end).await.unwrap(), None);
        store.delete_session(other).await.unwrap();
        store.delete_session(other).await.unwrap();
        assert_eq!(store.session(other, NOW).await.unwrap(), None);
        assert_eq!(store.purge_sessions(end.plus_ms(-1)).await.unwrap(), 0);
        assert_eq!(store.purge_sessions(end).await.unwrap(), 1);
        assert_eq!(store.session(token, NOW).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_newest_permission_of_a_person_is_kept_until_forgotten() {
    on_both(async |world| {
        let store = &world.store;
        assert!(store.grant(ada().id).await.unwrap().is_none());
        for text in ["first", "second"] {
            let token = SecretString::from(text.to_owned());
            store
                .put_grant(ada().id, &token, NOW, &world.random)
                .await
                .unwrap();
        }
        let kept = store.grant(ada().id).await.unwrap().unwrap();
        assert_eq!(kept.expose_secret(), "second");
        assert!(store.grant(bob().id).await.unwrap().is_none());
        store.delete_grant(ada().id).await.unwrap();
        assert!(store.grant(ada().id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn addresses_of_people_who_signed_in_are_known_among_many() {
    on_both(async |world| {
        let mut asked: BTreeSet<_> = (0..20).map(|one| address(&format!("x{one}"))).collect();
        assert!(
            world
                .store
                .addresses_of_people(&asked)
                .await
                .unwrap()
                .is_empty()
        );
        world.store.upsert_person(&ada()).await.unwrap();
        asked.insert(ada().address);
        let known = world.store.addresses_of_people(&asked).await.unwrap();
        assert_eq!(known, BTreeSet::from([ada().address]));
        let none = world.store.addresses_of_people(&BTreeSet::new()).await;
        assert!(none.unwrap().is_empty());
    })
    .await;
}
