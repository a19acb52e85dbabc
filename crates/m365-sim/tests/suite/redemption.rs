//! Who may redeem codes and refresh tokens: servers, pages and programs, each in its own way.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::{AppRegistration, Scenario, SimOptions};
use reqwest::StatusCode;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{ADELE, World, led_with};

const SERVER: &str = "http://localhost:3000/sign-in/callback";
const PAGE: &str = "https://pane.contoso.com/";
const PROGRAM: &str = "http://localhost/program";
const ORIGIN: &str = "https://pane.contoso.com";
const VERIFIER: &str = "a-verifier-that-is-at-least-forty-three-characters-long";
const SECRET: (&str, &str) = ("client_secret", Scenario::CONTOSO_SECRET);

/// A world whose app has an address of each kind, but for what is changed.
async fn world_with(change: impl FnOnce(&mut AppRegistration)) -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.spa_redirect_uris = vec![PAGE.to_owned()];
    app.public_client_redirect_uris = vec![PROGRAM.to_owned()];
    change(app);
    World::start(scenario, SimOptions::explicit()).await
}

async fn world() -> World {
    world_with(|_| {}).await
}

fn s256() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// Where Adele is led who signs in for this address.
async fn sign_in(world: &World, address: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", address),
        ("scope", "openid offline_access User.Read"),
        ("person", ADELE),
    ];
    form.extend(fields);
    world.press("oauth2/v2.0/authorize", &form).await
}

/// The code she brings back, asked for with a challenge.
async fn code(world: &World, address: &str) -> String {
    let challenge = s256();
    let fields = [
        ("code_challenge", challenge.as_str()),
        ("code_challenge_method", "S256"),
    ];
    let back = sign_in(world, address, &fields).await;
    led_with(&back, "code").unwrap()
}

/// A token request of a page of this origin, or of no page.
async fn ask(world: &World, origin: Option<&str>, fields: &[(&str, &str)]) -> (StatusCode, Value) {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![("client_id", client_id.as_str())];
    form.extend(fields);
    let url = format!("{}/contoso.com/oauth2/v2.0/token", world.sim.url());
    let mut request = world.http.post(url).form(&form);
    if let Some(origin) = origin {
        request = request.header("origin", origin);
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

fn redemption<'a>(address: &'a str, code: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("grant_type", "authorization_code"),
        ("redirect_uri", address),
        ("code", code),
        ("code_verifier", VERIFIER),
    ]
}

/// The number of a refusal, 0 for a token.
async fn outcome(world: &World, origin: Option<&str>, fields: &[(&str, &str)]) -> u64 {
    let (_, answer) = ask(world, origin, fields).await;
    answer["error_codes"][0].as_u64().unwrap_or(0)
}

#[tokio::test]
async fn what_a_kind_of_address_was_sent_only_its_kind_of_client_redeems() {
    let world = world().await;
    let page = Some(ORIGIN);
    for (address, origin, has_secret, number) in [
        (SERVER, None, true, 0),
        (SERVER, None, false, 7_000_218),
        (SERVER, page, false, 9_002_326),
        (PAGE, page, false, 0),
        (PAGE, None, false, 9_002_327),
        (PAGE, None, true, 9_002_327),
        (PROGRAM, None, false, 0),
        (PROGRAM, None, true, 700_025),
        (PROGRAM, page, false, 9_002_326),
        (SERVER, page, true, 9_002_326),
        (PAGE, page, true, 9_002_326),
    ] {
        let code = code(&world, address).await;
        let mut fields = redemption(address, &code);
        fields.extend(has_secret.then_some(SECRET));
        let found = outcome(&world, origin, &fields).await;
        assert_eq!(found, number, "{address} {origin:?} {has_secret}");
    }
    let own = [
        ("grant_type", "client_credentials"),
        ("scope", "https://graph.microsoft.com/.default"),
        SECRET,
    ];
    assert_eq!(outcome(&world, page, &own).await, 9_002_326);
}

#[tokio::test]
async fn an_address_of_no_told_kind_is_a_pages_or_a_programs_where_the_client_is_public() {
    let world = world_with(|app| app.secrets.clear()).await;
    for origin in [None, Some(ORIGIN)] {
        let code = code(&world, SERVER).await;
        let fields = redemption(SERVER, &code);
        assert_eq!(outcome(&world, origin, &fields).await, 0, "{origin:?}");
    }
    let back = sign_in(&world, SERVER, &[]).await;
    let code = led_with(&back, "code").unwrap();
    let mut fields = redemption(SERVER, &code);
    fields.pop();
    assert_eq!(outcome(&world, Some(ORIGIN), &fields).await, 9_002_325);
    let back = sign_in(&world, SERVER, &[]).await;
    let code = led_with(&back, "code").unwrap();
    let mut fields = redemption(SERVER, &code);
    fields.pop();
    assert_eq!(outcome(&world, None, &fields).await, 0);
}

#[tokio::test]
async fn a_page_needs_a_challenge() {
    let world = world().await;
    let back = sign_in(&world, PAGE, &[]).await;
    assert_eq!(led_with(&back, "error").unwrap(), "invalid_request");
    let told = led_with(&back, "error_description").unwrap();
    assert!(told.starts_with("AADSTS9002325"), "{told}");
}

#[tokio::test]
async fn a_verifier_answers_the_challenge_or_the_code_is_lost() {
    let world = world().await;
    let (s256, plain) = (s256(), VERIFIER);
    let other = "another-verifier-that-is-long-enough-for-a-challenge";
    for (challenge, verifier, number) in [
        (vec![("code_challenge", plain)], Some(VERIFIER), 0),
        (vec![("code_challenge", plain)], Some(other), 501_481),
        (
            vec![
                ("code_challenge", plain),
                ("code_challenge_method", "plain"),
            ],
            Some(VERIFIER),
            0,
        ),
        (
            vec![
                ("code_challenge", s256.as_str()),
                ("code_challenge_method", "S256"),
            ],
            None,
            501_481,
        ),
        (vec![], Some(VERIFIER), 501_481),
        (vec![], None, 0),
    ] {
        let back = sign_in(&world, SERVER, &challenge).await;
        let code = led_with(&back, "code").unwrap();
        let mut fields = redemption(SERVER, &code);
        fields.pop();
        fields.extend(verifier.map(|verifier| ("code_verifier", verifier)));
        fields.push(SECRET);
        let found = outcome(&world, None, &fields).await;
        assert_eq!(found, number, "{challenge:?} {verifier:?}");
    }
}

#[tokio::test]
async fn the_refresh_tokens_of_a_page_end_a_day_after_the_sign_in() {
    let world = world().await;
    let code = code(&world, PAGE).await;
    let (_, first) = ask(&world, Some(ORIGIN), &redemption(PAGE, &code)).await;
    let refresh = |tokens: &Value| tokens["refresh_token"].as_str().unwrap().to_owned();
    let first = refresh(&first);
    let with = |token| [("grant_type", "refresh_token"), ("refresh_token", token)];
    assert_eq!(outcome(&world, None, &with(&first)).await, 9_002_327);
    let hours = |hours| jiff::SignedDuration::from_hours(hours);
    world.sim.clock().advance(hours(23));
    let (status, second) = ask(&world, Some(ORIGIN), &with(&first)).await;
    assert_eq!(status, 200, "{second}");
    let second = refresh(&second);
    world.sim.clock().advance(hours(1));
    for token in [&first, &second] {
        let (_, refused) = ask(&world, Some(ORIGIN), &with(token)).await;
        assert_eq!(refused["error"], "invalid_grant");
        assert_eq!(refused["error_codes"], json!([700_084]));
    }
}

#[tokio::test]
async fn a_public_client_acts_on_behalf_of_nobody() {
    let world = world_with(|app| app.secrets.clear()).await;
    let id = Scenario::CONTOSO_CLIENT_ID;
    let scope = format!("api://localhost:3000/{id}/access_as_user");
    let own = world.sim.token_for(ADELE, id, &[&scope]).unwrap();
    let fields = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("requested_token_use", "on_behalf_of"),
        ("assertion", &own.access_token),
        ("scope", "https://graph.microsoft.com/Calendars.ReadWrite"),
    ];
    let (status, refused) = ask(&world, None, &fields).await;
    assert_eq!(status, 401);
    assert_eq!(refused["error"], "invalid_client");
    assert_eq!(refused["error_codes"], json!([7_000_218]));
}
