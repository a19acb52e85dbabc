//! What one scope parameter may name.

use m365_sim::Scenario;
use serde_json::{Value, json};

use crate::support::{ADELE, World, led_with};

const REDIRECT: &str = "http://localhost:3000/sign-in/callback";
const GRAPH: &str = "https://graph.microsoft.com";

fn own_scope() -> String {
    let id = Scenario::CONTOSO_CLIENT_ID;
    format!("api://localhost:3000/{id}/access_as_user")
}

async fn token(world: &World, fields: &[(&str, &str)]) -> Value {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("client_id", client_id.as_str()),
        ("client_secret", Scenario::CONTOSO_SECRET),
    ];
    form.extend(fields);
    world.token(&form).await.1
}

/// The answer to a code asked for with one scope and redeemed for another, or for none.
async fn redeemed(world: &World, asked: &str, redeemed_for: Option<&str>) -> Value {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let form = [
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", asked),
        ("person", ADELE),
    ];
    let back = world.press("oauth2/v2.0/authorize", &form).await;
    let code = led_with(&back, "code").unwrap();
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", &code),
    ];
    fields.extend(redeemed_for.map(|scope| ("scope", scope)));
    token(world, &fields).await
}

#[tokio::test]
async fn people_sign_in_for_several_resources_but_a_token_is_for_one() {
    let world = World::contoso().await;
    let both = format!("{} {GRAPH}/User.Read", own_scope());
    let one = redeemed(&world, &both, Some("User.Read")).await;
    assert_eq!(one["scope"], "User.Read", "{one}");
    let own = redeemed(&world, &both, Some(&own_scope())).await;
    assert_eq!(own["scope"], own_scope(), "{own}");
    for (scope, number) in [(Some(both.as_str()), 28000), (None, 28003)] {
        let refused = redeemed(&world, &both, scope).await;
        assert_eq!(refused["error"], "invalid_request", "{refused}");
        assert_eq!(refused["error_codes"], json!([number]));
    }
}

#[tokio::test]
async fn default_stands_alone() {
    let world = World::contoso().await;
    let mixed = format!("{GRAPH}/.default Mail.Read");
    let refused = redeemed(&world, "User.Read", Some(&mixed)).await;
    assert_eq!(refused["error"], "invalid_scope", "{refused}");
    assert_eq!(refused["error_codes"], json!([70011]));
    let alone = format!("{GRAPH}/.default openid offline_access");
    let tokens = redeemed(&world, "User.Read", Some(&alone)).await;
    assert!(tokens["refresh_token"].is_string(), "{tokens}");

    let two = format!("{GRAPH}/.default https://vault.example/.default");
    let fields = [("grant_type", "client_credentials"), ("scope", &two)];
    let refused = token(&world, &fields).await;
    assert_eq!(refused["error"], "invalid_scope", "{refused}");
    assert_eq!(refused["error_codes"], json!([70011]));
}
