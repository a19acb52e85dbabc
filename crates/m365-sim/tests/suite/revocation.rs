//! Sign-ins that an administrator ends.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use m365_sim::{AccessEvaluation, Revocation, Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Answer, World};

const TAKES_CHALLENGES: &str = r#"{"access_token":{"xms_cc":{"values":["CP1"]}}}"#;

/// Tokens of somebody who signed in on the page.
async fn sign_in(world: &World, person: &str, claims: Option<&str>) -> Value {
    let redirect = "http://localhost:3000/sign-in/callback";
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let scope = "openid offline_access User.Read";
    let authorize = format!("{}/contoso.com/oauth2/v2.0/authorize", world.sim.url());
    let form = [
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", redirect),
        ("scope", scope),
        ("person", person),
    ];
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let back = browser.post(authorize).form(&form).send().await.unwrap();
    let location: reqwest::Url = back.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    let (_, code) = location
        .query_pairs()
        .find(|(name, _)| name == "code")
        .unwrap();
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("client_id", &client_id),
        ("client_secret", Scenario::CONTOSO_SECRET),
        ("code", &code),
        ("redirect_uri", redirect),
    ];
    form.extend(claims.map(|claims| ("claims", claims)));
    let (status, tokens) = world.token(&form).await;
    assert_eq!(status, 200, "{tokens}");
    tokens
}

async fn refresh(world: &World, tokens: &Value) -> Value {
    let form = [
        ("grant_type", "refresh_token"),
        ("client_id", &Scenario::CONTOSO_CLIENT_ID.to_string()),
        ("client_secret", Scenario::CONTOSO_SECRET),
        ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
    ];
    world.token(&form).await.1
}

async fn me(world: &World, tokens: &Value) -> Answer {
    let token = tokens["access_token"].as_str().unwrap();
    world.with_token(token).get("me").await
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn a_revoked_person_has_to_sign_in_again_and_nobody_else() {
    let world = World::contoso().await;
    let adele = sign_in(&world, ADELE, None).await;
    let alex = sign_in(&world, ALEX, None).await;
    let path = format!("people/{ADELE}/revoke");
    let done = world.control(Method::POST, &path, json!({})).await;
    assert_eq!(done.status, 204);

    let refused = refresh(&world, &adele).await;
    assert_eq!(refused["error"], "invalid_grant", "{refused}");
    assert_eq!(refused["error_codes"], json!([50173]));
    let refused = me(&world, &adele).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json["error"]["code"], "InvalidAuthenticationToken");
    let header = refused.headers["www-authenticate"].to_str().unwrap();
    assert!(header.contains("invalid_token"), "{header}");
    assert_eq!(me(&world, &alex).await.status, 200);
    assert!(refresh(&world, &alex).await["access_token"].is_string());

    // The clock stands: what was issued in the same second as the revocation but after it is good.
    let again = sign_in(&world, ADELE, None).await;
    assert_eq!(me(&world, &again).await.status, 200);
    assert!(refresh(&world, &again).await["access_token"].is_string());
    assert_eq!(me(&world, &adele).await.status, 401);
    let nobody = world.control(Method::POST, "people/nobody@contoso.com/revoke", json!({}));
    assert_eq!(nobody.await.status, 404);
}

#[tokio::test]
async fn tokens_exchanged_on_behalf_of_a_revoked_person_are_refused() {
    let world = World::contoso().await;
    let client_id = Scenario::CONTOSO_CLIENT_ID;
    let scope = format!("api://localhost:3000/{client_id}/access_as_user");
    let own = world.sim.token_for(ADELE, client_id, &[&scope]).unwrap();
    world
        .sim
        .revoke_sign_ins(ADELE, Revocation::Everything)
        .unwrap();
    let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("client_id", &client_id.to_string()),
        ("client_secret", Scenario::CONTOSO_SECRET),
        ("assertion", &own.access_token),
        ("scope", "User.Read"),
        ("requested_token_use", "on_behalf_of"),
    ];
    let (_, refused) = world.token(&form).await;
    assert_eq!(refused["error_codes"], json!([50173]), "{refused}");
}

#[tokio::test]
async fn access_tokens_can_be_left_to_expire_as_the_service_does() {
    let world = World::contoso().await;
    let adele = sign_in(&world, ADELE, None).await;
    let path = format!("people/{ADELE}/revoke");
    let order = json!({ "revocation": "refreshTokens" });
    world.control(Method::POST, &path, order).await;
    assert_eq!(me(&world, &adele).await.status, 200);
    assert_eq!(refresh(&world, &adele).await["error_codes"], json!([50173]));
}

#[tokio::test]
async fn only_clients_that_take_challenges_are_challenged() {
    let options = SimOptions {
        access_evaluation: AccessEvaluation::Continuous,
        ..SimOptions::explicit()
    };
    let world = World::start(Scenario::contoso(), options).await;
    let plain = sign_in(&world, ADELE, None).await;
    let capable = sign_in(&world, ADELE, Some(TAKES_CHALLENGES)).await;
    assert_eq!(
        (&plain["expires_in"], &capable["expires_in"]),
        (&3_599.into(), &86_399.into())
    );
    assert_eq!(claims(&capable["access_token"])["xms_cc"], json!(["CP1"]));
    assert!(claims(&plain["access_token"]).get("xms_cc").is_none());
    world
        .sim
        .revoke_sign_ins(ADELE, Revocation::RefreshTokens)
        .unwrap();

    assert_eq!(me(&world, &plain).await.status, 200);
    let challenged = me(&world, &capable).await;
    assert_eq!(challenged.status, 401);
    let header = challenged.headers["www-authenticate"].to_str().unwrap();
    assert!(header.contains("error=\"insufficient_claims\""), "{header}");
    let wanted = header.split("claims=\"").nth(1).unwrap();
    let wanted = STANDARD.decode(wanted.split('"').next().unwrap()).unwrap();
    let wanted: Value = serde_json::from_slice(&wanted).unwrap();
    let now = world.sim.clock().now().as_second().to_string();
    let not_before = json!({ "essential": true, "value": now });
    assert_eq!(wanted, json!({ "access_token": { "nbf": not_before } }));
    let message = challenged.json["error"]["message"].as_str().unwrap();
    assert!(message.contains("TokenIssuedBeforeRevocationTimestamp"));

    let again = sign_in(&world, ADELE, Some(TAKES_CHALLENGES)).await;
    assert_eq!(me(&world, &again).await.status, 200);
}

#[tokio::test]
async fn where_access_is_judged_at_expiry_what_a_client_takes_changes_nothing() {
    let world = World::contoso().await;
    let tokens = sign_in(&world, ADELE, Some(TAKES_CHALLENGES)).await;
    assert_eq!(tokens["expires_in"], 3_599);
    assert!(claims(&tokens["access_token"]).get("xms_cc").is_none());
}

#[tokio::test]
async fn a_refresh_token_that_lay_for_ninety_days_is_dead() {
    let world = World::contoso().await;
    let tokens = sign_in(&world, ADELE, None).await;
    let days = |days: i64| jiff::SignedDuration::from_hours(24 * days);
    world.sim.clock().advance(days(89));
    let newer = refresh(&world, &tokens).await;
    world.sim.clock().advance(days(1));
    assert_eq!(
        refresh(&world, &tokens).await["error_codes"],
        json!([700_082])
    );
    assert!(refresh(&world, &newer).await["access_token"].is_string());
}
