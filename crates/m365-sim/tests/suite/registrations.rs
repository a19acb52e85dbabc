//! What the registration of an application changes in its sign-ins and tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::{AccessTokenVersion, AppRegistration, AppRole, Scenario, Secret, SimOptions};
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, World};

/// A world whose app is registered otherwise.
async fn world(change: impl FnOnce(&mut AppRegistration)) -> World {
    let mut scenario = Scenario::contoso();
    change(&mut scenario.tenants[0].apps[0]);
    World::start(scenario, SimOptions::explicit()).await
}

async fn client_credentials(world: &World, fields: &[(&str, &str)]) -> Value {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("grant_type", "client_credentials"),
        ("client_id", client_id.as_str()),
    ];
    form.extend(fields);
    world.token(&form).await.1
}

fn own_scope() -> String {
    let id = Scenario::CONTOSO_CLIENT_ID;
    format!("api://localhost:3000/{id}/access_as_user")
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

const GRAPH: (&str, &str) = ("scope", "https://graph.microsoft.com/.default");

#[tokio::test]
async fn a_secret_is_good_until_it_expires_and_another_goes_on() {
    let world = world(|app| {
        app.secrets = vec![
            Secret {
                value: "old".to_owned(),
                expires: Some("2026-11-20T09:00:00Z".parse().unwrap()),
            },
            "new".into(),
        ];
    })
    .await;
    let with = |secret: &'static str| client_credentials_with(&world, secret);
    assert!(with("old").await["access_token"].is_string());
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_hours(1));
    let refused = with("old").await;
    assert_eq!(refused["error"], "invalid_client");
    assert_eq!(refused["error_codes"], json!([7_000_222]));
    assert!(with("new").await["access_token"].is_string());
    assert_eq!(with("none").await["error_codes"], json!([7_000_215]));
}

async fn client_credentials_with(world: &World, secret: &str) -> Value {
    client_credentials(world, &[("client_secret", secret), GRAPH]).await
}

#[test]
fn a_secret_is_written_as_text_or_with_its_end() {
    let text = r#"["plain",{"value":"ending","expires":"2026-11-20T09:00:00Z"}]"#;
    let secrets: Vec<Secret> = serde_json::from_str(text).unwrap();
    assert_eq!(secrets[0], "plain".into());
    assert_eq!(serde_json::to_string(&secrets).unwrap(), text);
    assert!(serde_json::from_str::<Secret>(r#"{"value":"one","ends":"never"}"#).is_err());
    let error = serde_json::from_str::<AccessTokenVersion>("3").unwrap_err();
    assert!(error.to_string().contains("versions 1 and 2"), "{error}");
}

#[tokio::test]
async fn a_public_client_that_shows_a_secret_and_a_scope_without_default_are_refused() {
    let public = world(|app| app.secrets.clear()).await;
    let refused = client_credentials_with(&public, "any").await;
    assert_eq!(refused["error_codes"], json!([700_025]));
    let world = world(|_| {}).await;
    let narrow = ("scope", "https://graph.microsoft.com/Calendars.Read");
    let secret = ("client_secret", Scenario::CONTOSO_SECRET);
    let refused = client_credentials(&world, &[secret, narrow]).await;
    assert_eq!(refused["error"], "invalid_scope", "{refused}");
    assert_eq!(refused["error_codes"], json!([70011]));
}

#[tokio::test]
async fn own_access_tokens_of_version_1_name_the_resource_and_its_issuer_otherwise() {
    let world = world(|app| app.access_token_version = AccessTokenVersion::V1).await;
    let (id, tenant) = (Scenario::CONTOSO_CLIENT_ID, Scenario::CONTOSO_TENANT_ID);
    let issued = world.sim.token_for(ADELE, id, &[&own_scope()]).unwrap();
    let own = claims(&issued.access_token);
    let issuer = format!("{}/{tenant}/", world.sim.url());
    let expected = json!({
        "aud": format!("api://localhost:3000/{id}"), "iss": issuer, "ver": "1.0", "appid": id, "appidacr": "1",
        "upn": ADELE, "unique_name": ADELE, "scp": "access_as_user",
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(&own[name], value, "{own}");
    }
    for absent in ["azp", "preferred_username"] {
        assert!(own.get(absent).is_none(), "{own}");
    }
    assert_eq!(claims(&issued.id_token)["ver"], "2.0");

    let url = format!(
        "{}/{tenant}/.well-known/openid-configuration",
        world.sim.url()
    );
    let document: Value = world.json_at(&url).await;
    assert_eq!(document["issuer"], issuer);
    let keys = world.json_at(document["jwks_uri"].as_str().unwrap()).await;
    let key_id = jsonwebtoken::decode_header(&issued.access_token)
        .unwrap()
        .kid;
    assert_eq!(keys["keys"][0]["kid"], json!(key_id));

    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("client_id", &id.to_string()),
        ("client_secret", Scenario::CONTOSO_SECRET),
        ("assertion", &issued.access_token),
        ("scope", "User.Read"),
        ("requested_token_use", "on_behalf_of"),
    ];
    let (status, exchanged) = world.token(&form).await;
    assert_eq!(status, 200, "{exchanged}");
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_hours(1));
    let (_, late) = world.token(&form).await;
    assert_eq!(late["error_codes"], json!([500_133]), "{late}");
}

#[tokio::test]
async fn app_roles_are_told_of_those_who_have_them() {
    let world = world(|app| {
        app.app_roles = vec![AppRole {
            value: "Rooms.Manage".to_owned(),
            people: vec![ADELE.to_owned()],
        }];
    })
    .await;
    let id = Scenario::CONTOSO_CLIENT_ID;
    let adele = world.sim.token_for(ADELE, id, &[&own_scope()]).unwrap();
    for token in [&adele.access_token, &adele.id_token] {
        assert_eq!(claims(token)["roles"], json!(["Rooms.Manage"]));
    }
    let alex = world.sim.token_for(ALEX, id, &[&own_scope()]).unwrap();
    assert!(claims(&alex.access_token).get("roles").is_none());
    // To Graph they mean nothing.
    let graph = world.sim.token_for(ADELE, id, &["User.Read"]).unwrap();
    assert!(claims(&graph.access_token).get("roles").is_none());
}

#[tokio::test]
async fn who_is_not_assigned_does_not_get_in() {
    let world = world(|app| app.assigned_people = Some(vec![ADELE.to_owned()])).await;
    let id = Scenario::CONTOSO_CLIENT_ID;
    assert!(world.sim.token_for(ADELE, id, &["User.Read"]).is_ok());
    let refused = world.sim.token_for(ALEX, id, &["User.Read"]).unwrap_err();
    assert!(refused.to_string().contains("AADSTS50105"), "{refused}");
}
