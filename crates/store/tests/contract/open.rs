//! Opening, migrating, health.

use secrecy::SecretString;
use store::{SealingKey, Store, StoreError};

use crate::support::{NOW, ada, on_both};

#[tokio::test]
async fn an_open_store_is_healthy_and_migrating_again_changes_nothing() {
    on_both(async |world| {
        world.store.health().await.unwrap();
        world.store.upsert_person(&ada()).await.unwrap();
        world.store.migrate().await.unwrap();
        assert_eq!(world.store.person(ada().id).await.unwrap(), Some(ada()));
    })
    .await;
}

#[tokio::test]
async fn another_kind_of_url_is_refused_without_repeating_its_password() {
    for url in [
        "mysql://root:hush@db/etage",
        "hush",
        "",
        "sqlite::memory:",
        "sqlite://:memory:",
    ] {
        let error = Store::open(url, SealingKey::new(&[0; 32]))
            .await
            .unwrap_err();
        assert!(matches!(error, StoreError::Url { .. }), "{url}: {error}");
        assert!(error.to_string().contains("sqlite:"), "{error}");
        assert!(!error.to_string().contains("root:hush"), "{error}");
    }
}

#[tokio::test]
async fn sealed_secrets_are_not_readable_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("etage.db").display());
    let store = Store::open(&url, SealingKey::new(&[9; 32])).await.unwrap();
    store.migrate().await.unwrap();
    let random = booking::random::SeededRandom::new(5);
    let token = SecretString::from("refresh-token-in-clear".to_owned());
    store
        .put_grant(ada().id, &token, NOW, &random)
        .await
        .unwrap();
    store.upsert_person(&ada()).await.unwrap();
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    let holds = |text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    assert!(holds("ada@contoso.com"), "the file should hold plain facts");
    assert!(!holds("refresh-token-in-clear"));
    let other = Store::open(&url, SealingKey::new(&[8; 32])).await.unwrap();
    let error = other.grant(ada().id).await.unwrap_err();
    assert!(matches!(error, StoreError::Seal(_)), "{error}");
}
