//! Roles, and the links that give the first.

use booking::person::{AdminLinkFault, Role};
use store::people::TokenHash;

use crate::support::{NOW, ada, bob, on_both};

#[tokio::test]
async fn a_link_makes_one_person_an_administrator_once() {
    on_both(async |world| {
        let store = &world.store;
        let link = TokenHash::of("a secret");
        let end = NOW.plus_ms(1_000);
        store.add_admin_link(link, end).await.unwrap();
        assert_eq!(store.role(ada().id).await.unwrap(), Role::Booker);
        let last = end.plus_ms(-1);
        let used = store.use_admin_link(link, ada().id, last).await.unwrap();
        assert_eq!(used, Ok(()));
        assert_eq!(store.role(ada().id).await.unwrap(), Role::Admin);
        for person in [ada(), bob()] {
            let again = store.use_admin_link(link, person.id, last).await.unwrap();
            assert_eq!(again, Err(AdminLinkFault::Used));
        }
        assert_eq!(store.role(bob().id).await.unwrap(), Role::Booker);
    })
    .await;
}

#[tokio::test]
async fn a_link_is_worth_nothing_when_it_has_expired_or_was_never_made() {
    on_both(async |world| {
        let store = &world.store;
        let link = TokenHash::of("a secret");
        store.add_admin_link(link, NOW).await.unwrap();
        let late = store.use_admin_link(link, ada().id, NOW).await.unwrap();
        assert_eq!(late, Err(AdminLinkFault::Expired));
        let unknown = TokenHash::of("another secret");
        let made_up = store.use_admin_link(unknown, ada().id, NOW).await.unwrap();
        assert_eq!(made_up, Err(AdminLinkFault::Unknown));
        assert_eq!(store.role(ada().id).await.unwrap(), Role::Booker);
        assert_eq!(store.purge_admin_links(NOW).await.unwrap(), 0);
        let later = NOW.plus_ms(1);
        assert_eq!(store.purge_admin_links(later).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn of_two_who_use_a_link_at_once_one_becomes_an_administrator() {
    on_both(async |world| {
        let other = world.another_process().await;
        let link = TokenHash::of("a secret");
        let end = NOW.plus_ms(1_000);
        world.store.add_admin_link(link, end).await.unwrap();
        let (one, two) = tokio::join!(
            world.store.use_admin_link(link, ada().id, NOW),
            other.use_admin_link(link, bob().id, NOW)
        );
        let (one, two) = (one.unwrap(), two.unwrap());
        assert_ne!(one.is_ok(), two.is_ok(), "{one:?} {two:?}");
        let admins = [ada(), bob()].map(|person| world.store.role(person.id));
        let [ada, bob] = admins;
        let roles = (ada.await.unwrap(), bob.await.unwrap());
        assert_ne!(roles.0, roles.1);
    })
    .await;
}
