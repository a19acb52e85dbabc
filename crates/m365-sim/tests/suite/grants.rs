//! What codes, refresh tokens and sign-ins are bound to.

use m365_sim::{MailboxState, Revocation, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, World, led_with, own_form};

const REDIRECT: &str = "http://localhost:3000/sign-in/callback";
const OTHER: &str = "fabrikam.com";

/// Contoso, and Fabrikam whose administrator let the same app do more.
async fn world() -> World {
    let mut scenario = Scenario::contoso();
    let mut other = scenario.tenants[0].clone();
    other.id = None;
    other.domain = OTHER.to_owned();
    other.rooms.clear();
    other.room_lists.clear();
    other.events.clear();
    other.people.truncate(1);
    other.people[0].address = "ida@fabrikam.com".to_owned();
    other.apps[0]
        .delegated_permissions
        .push("Mail.Send".to_owned());
    scenario.tenants.push(other);
    World::start(scenario, SimOptions::explicit()).await
}

/// The code of somebody who signed in on the page.
async fn code(world: &World, person: &str) -> Option<String> {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let form = [
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid offline_access User.Read"),
        ("person", person),
    ];
    let back = world.press("oauth2/v2.0/authorize", &form).await;
    led_with(&back, "code")
}

async fn token(world: &World, domain: &str, grant: &[(&str, &str)]) -> Value {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("client_id", client_id.as_str()),
        ("client_secret", Scenario::CONTOSO_SECRET),
    ];
    form.extend(grant);
    world.token_in(domain, &form).await.1
}

async fn redeem(world: &World, domain: &str, code: &str) -> Value {
    let grant = [
        ("grant_type", "authorization_code"),
        ("redirect_uri", REDIRECT),
        ("code", code),
    ];
    token(world, domain, &grant).await
}

async fn refresh(world: &World, domain: &str, tokens: &Value) -> Value {
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    let grant = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token),
    ];
    token(world, domain, &grant).await
}

async fn me_status(world: &World, tokens: &Value) -> u16 {
    let token = tokens["access_token"].as_str().unwrap();
    world.with_token(token).get("me").await.status.as_u16()
}

async fn sign_in(world: &World, person: &str) -> Value {
    let tokens = redeem(world, "contoso.com", &code(world, person).await.unwrap()).await;
    assert!(tokens["access_token"].is_string(), "{tokens}");
    tokens
}

#[tokio::test]
async fn grants_are_good_only_in_the_tenant_that_gave_them() {
    let world = world().await;
    let refused = redeem(&world, OTHER, &code(&world, ADELE).await.unwrap()).await;
    assert_eq!(refused["error"], "invalid_grant", "{refused}");
    assert_eq!(refused["error_codes"], json!([700_005]));
    let tokens = sign_in(&world, ADELE).await;
    let refused = refresh(&world, OTHER, &tokens).await;
    assert_eq!(refused["error"], "invalid_grant", "{refused}");
    let refreshed = refresh(&world, "contoso.com", &tokens).await;
    assert!(refreshed["access_token"].is_string(), "{refreshed}");
}

#[tokio::test]
async fn a_refresh_token_of_an_earlier_run_is_nobodys() {
    let before = sign_in(&World::contoso().await, ADELE).await;
    let world = World::contoso().await;
    sign_in(&world, ALEX).await;
    let refused = refresh(&world, "contoso.com", &before).await;
    assert_eq!(refused["error"], "invalid_grant", "{refused}");
}

#[tokio::test]
async fn a_milder_revocation_takes_no_stricter_one_back() {
    let world = World::contoso().await;
    let first = sign_in(&world, ADELE).await;
    let revoke = |revocation| world.sim.revoke_sign_ins(ADELE, revocation).unwrap();
    revoke(Revocation::Everything);
    let second = sign_in(&world, ADELE).await;
    revoke(Revocation::RefreshTokens);
    assert_eq!(me_status(&world, &first).await, 401);
    assert_eq!(me_status(&world, &second).await, 200);
    revoke(Revocation::Everything);
    assert_eq!(me_status(&world, &second).await, 401);
}

#[tokio::test]
async fn after_restoring_a_revocation_ends_tokens_of_the_time_in_between_too() {
    let world = World::contoso().await;
    let first = sign_in(&world, ADELE).await;
    let before = world.sim.snapshot();
    let revoke = || world.sim.revoke_sign_ins(ADELE, Revocation::Everything);
    revoke().unwrap();
    let between = sign_in(&world, ADELE).await;
    world.sim.restore(&before);
    assert_eq!(me_status(&world, &first).await, 200);
    assert_eq!(me_status(&world, &between).await, 200);
    revoke().unwrap();
    assert_eq!(me_status(&world, &first).await, 401);
    assert_eq!(me_status(&world, &between).await, 401);
}

#[tokio::test]
async fn a_deleted_person_is_out() {
    let world = World::contoso().await;
    let tokens = sign_in(&world, ADELE).await;
    let early = code(&world, ADELE).await.unwrap();
    world
        .sim
        .set_mailbox_state(ADELE, MailboxState::SoftDeleted)
        .unwrap();
    assert_eq!(me_status(&world, &tokens).await, 401);
    let refused = refresh(&world, "contoso.com", &tokens).await;
    assert_eq!(refused["error_codes"], json!([500_341]), "{refused}");
    let refused = redeem(&world, "contoso.com", &early).await;
    assert_eq!(refused["error_codes"], json!([500_341]), "{refused}");
    assert_eq!(code(&world, ADELE).await, None);
}

#[tokio::test]
async fn an_application_that_acts_as_itself_names_its_tenant() {
    let world = World::contoso().await;
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let form = own_form(&client_id, Scenario::CONTOSO_SECRET);
    for open in ["common", "organizations"] {
        let (status, refused) = world.token_in(open, &form).await;
        assert_eq!(status, 400, "{refused}");
        assert_eq!(refused["error_codes"], json!([50_059]));
    }
}
