//! The keys that sign tokens, and what happens when they change.

use m365_sim::{KeyRotation, Scenario};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, World};

/// The ids of the published keys, the signing one first.
async fn published(world: &World) -> Vec<String> {
    let url = format!("{}/contoso.com/discovery/v2.0/keys", world.sim.url());
    let keys: Value = world.json_at(&url).await;
    let keys = keys["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| key["kid"].as_str().unwrap().to_owned())
        .collect()
}

fn token(world: &World) -> String {
    world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["User.Read"])
        .unwrap()
        .access_token
}

fn key_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

async fn me(world: &World, token: &str) -> (u16, Value) {
    let answer = world.with_token(token).get("me").await;
    (answer.status.as_u16(), answer.json)
}

#[tokio::test]
async fn after_a_planned_rotation_old_and_new_tokens_are_good() {
    let world = World::contoso().await;
    let old = token(&world);
    assert_eq!(published(&world).await, [key_of(&old)]);
    let made = world.sim.rotate_keys(KeyRotation::Planned).unwrap();
    let new = token(&world);
    assert_eq!(key_of(&new), made);
    assert_eq!(published(&world).await, [made, key_of(&old)]);
    for token in [&old, &new] {
        assert_eq!(me(&world, token).await.0, 200);
    }
}

#[tokio::test]
async fn after_an_emergency_nothing_older_is_believed() {
    let world = World::contoso().await;
    let old = token(&world);
    assert_eq!(me(&world, &old).await.0, 200);
    let order = json!({ "rotation": "emergency" });
    let rotated = world.control(Method::POST, "keys/rotate", order).await;
    let new = token(&world);
    assert_eq!(rotated.json["keyId"], key_of(&new));
    assert_eq!(published(&world).await, [key_of(&new)]);
    let (status, refused) = me(&world, &old).await;
    assert_eq!(status, 401);
    assert_eq!(refused["error"]["code"], "InvalidAuthenticationToken");
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains(&key_of(&old)), "{message}");
    assert_eq!(me(&world, &new).await.0, 200);
}

#[tokio::test]
async fn one_simulators_rotation_is_none_of_anothers() {
    let (world, other) = (World::contoso().await, World::contoso().await);
    let before = published(&other).await;
    world.sim.rotate_keys(KeyRotation::Emergency).unwrap();
    assert_eq!(published(&other).await, before);
}
