//! Discovery, the sign-in page and every way to a token.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::Scenario;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::{ADELE, World};

const REDIRECT: &str = "http://localhost:3000/sign-in/callback";
const VERIFIER: &str = "a-verifier-that-is-at-least-forty-three-characters-long";
const SCOPE: &str = "openid profile offline_access User.Read Calendars.ReadWrite";

fn client_id() -> String {
    Scenario::CONTOSO_CLIENT_ID.to_string()
}

fn own_scope() -> String {
    format!("api://localhost:3000/{}/access_as_user", client_id())
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

fn authorize_url(world: &World, redirect: &str) -> reqwest::Url {
    let mut url: reqwest::Url = format!("{}/contoso.com/oauth2/v2.0/authorize", world.sim.url())
        .parse()
        .unwrap();
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    url.query_pairs_mut().extend_pairs([
        ("client_id", client_id().as_str()),
        ("response_type", "code"),
        ("redirect_uri", redirect),
        ("scope", SCOPE),
        ("state", "abc"),
        ("nonce", "n-1"),
        ("code_challenge", &challenge),
        ("code_challenge_method", "S256"),
    ]);
    url
}

/// A browser that shows redirects instead of following them.
fn browser() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}

/// Signs Adele in on the page and returns the code.
async fn code(world: &World) -> String {
    let url = authorize_url(world, REDIRECT);
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("person".to_owned(), ADELE.to_owned()));
    let response = browser().post(url).form(&form).send().await.unwrap();
    let location: reqwest::Url = response.headers()["location"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(location.as_str().starts_with(REDIRECT));
    let field = |name: &str| {
        location
            .query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    assert_eq!(field("state"), "abc");
    field("code")
}

async fn redeem(world: &World, code: &str, verifier: &str) -> (reqwest::StatusCode, Value) {
    world
        .token(&[
            ("grant_type", "authorization_code"),
            ("client_id", &client_id()),
            ("client_secret", Scenario::CONTOSO_SECRET),
            ("code", code),
            ("redirect_uri", REDIRECT),
            ("code_verifier", verifier),
        ])
        .await
}

#[tokio::test]
async fn discovery_leads_to_endpoints_and_keys() {
    let world = World::contoso().await;
    let url = format!(
        "{}/contoso.com/v2.0/.well-known/openid-configuration",
        world.sim.url()
    );
    let document: Value = world.json_at(&url).await;
    let tenant = Scenario::CONTOSO_TENANT_ID;
    assert_eq!(
        document["issuer"],
        format!("{}/{tenant}/v2.0", world.sim.url())
    );
    let keys: Value = world.json_at(document["jwks_uri"].as_str().unwrap()).await;
    assert_eq!(keys["keys"][0]["kty"], "RSA");
}

#[tokio::test]
async fn the_page_offers_everybody_in_the_tenant() {
    let world = World::contoso().await;
    let page = browser()
        .get(authorize_url(&world, REDIRECT))
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert_eq!(page.matches("<button name=\"person\"").count(), 6);
    assert!(page.contains("Adele Vance") && !page.contains("room1@contoso.com"));
}

#[tokio::test]
async fn a_code_becomes_tokens_for_the_person_who_signed_in() {
    let world = World::contoso().await;
    let (status, tokens) = redeem(&world, &code(&world).await, VERIFIER).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(tokens["expires_in"], 3599);
    let identity = claims(&tokens["id_token"]);
    assert_eq!(
        (&identity["nonce"], &identity["aud"]),
        (&"n-1".into(), &client_id().into())
    );
    assert_eq!(identity["preferred_username"], ADELE);
    let access = claims(&tokens["access_token"]);
    assert_eq!(access["scp"], "User.Read Calendars.ReadWrite");
    let me = world
        .with_token(tokens["access_token"].as_str().unwrap())
        .get("me")
        .await;
    assert_eq!(me.json["mail"], ADELE);
    let refreshed = world
        .token(&[
            ("grant_type", "refresh_token"),
            ("client_id", &client_id()),
            ("client_secret", Scenario::CONTOSO_SECRET),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
        ])
        .await;
    assert_eq!(refreshed.0, 200, "{}", refreshed.1);
}

#[tokio::test]
async fn a_code_is_good_once_and_only_with_its_verifier() {
    let world = World::contoso().await;
    let (status, refused) = redeem(&world, &code(&world).await, "another-verifier").await;
    assert_eq!(
        (
            status.as_u16(),
            &refused["error"],
            &refused["error_codes"][0]
        ),
        (400, &"invalid_grant".into(), &501_481.into())
    );
    let good = code(&world).await;
    assert_eq!(redeem(&world, &good, VERIFIER).await.0, 200);
    let (_, again) = redeem(&world, &good, VERIFIER).await;
    assert_eq!(again["error_codes"][0], 54005);
    let (_, unknown) = redeem(&world, "no-code", VERIFIER).await;
    assert_eq!(unknown["error_codes"][0], 9_002_313);
    let late = code(&world).await;
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_mins(11));
    assert_eq!(
        redeem(&world, &late, VERIFIER).await.1["error_codes"][0],
        70008
    );
}

#[tokio::test]
async fn a_foreign_redirect_address_is_refused_on_the_page() {
    let world = World::contoso().await;
    let url = authorize_url(&world, "http://localhost:3000/elsewhere");
    let response = browser().get(url).send().await.unwrap();
    assert_eq!(response.status(), 400);
    assert!(response.text().await.unwrap().contains("AADSTS50011"));
}

#[tokio::test]
async fn silent_sign_in_needs_a_hint() {
    let world = World::contoso().await;
    for (hint, wanted) in [(None, "error=login_required"), (Some(ADELE), "code=")] {
        let mut url = authorize_url(&world, REDIRECT);
        url.query_pairs_mut().append_pair("prompt", "none");
        if let Some(hint) = hint {
            url.query_pairs_mut().append_pair("login_hint", hint);
        }
        let response = browser().get(url).send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap();
        assert!(location.contains(wanted), "{location}");
        assert_eq!(location.contains("AADSTS50058"), hint.is_none());
    }
}

#[tokio::test]
async fn the_pane_acts_for_its_person() {
    let world = World::contoso().await;
    let issued = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &[&own_scope()])
        .unwrap();
    let own = claims(&issued.access_token.clone().into());
    assert_eq!(
        (&own["aud"], &own["scp"]),
        (&client_id().into(), &"access_as_user".into())
    );
    assert_eq!(
        world
            .with_token(&issued.access_token)
            .get("me")
            .await
            .status,
        401
    );
    let obo = |assertion: String| {
        [
            (
                "grant_type".to_owned(),
                "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned(),
            ),
            ("client_id".to_owned(), client_id()),
            (
                "client_secret".to_owned(),
                Scenario::CONTOSO_SECRET.to_owned(),
            ),
            ("assertion".to_owned(), assertion),
            (
                "scope".to_owned(),
                "https://graph.microsoft.com/Calendars.ReadWrite offline_access".to_owned(),
            ),
            ("requested_token_use".to_owned(), "on_behalf_of".to_owned()),
        ]
    };
    let form = obo(issued.access_token);
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let (status, tokens) = world.token(&fields).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["refresh_token"].is_string());
    let events = world
        .with_token(tokens["access_token"].as_str().unwrap())
        .get("me/events")
        .await;
    assert_eq!(events.status, 200);
    let form = obo(world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["User.Read"])
        .unwrap()
        .access_token);
    let fields: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(world.token(&fields).await.1["error_codes"][0], 50013);
}

#[tokio::test]
async fn refusals_carry_their_numbers() {
    let world = World::contoso().await;
    let app = client_id();
    let secret = Scenario::CONTOSO_SECRET;
    let graph = "https://graph.microsoft.com/.default";
    let other = "00000000-0000-4000-8000-000000000000";
    for (client, secret, scope, number) in [
        (app.as_str(), "wrong", graph, 7_000_215),
        (other, secret, graph, 700_016),
        (
            app.as_str(),
            secret,
            "https://vault.example/.default",
            500_011,
        ),
    ] {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", client),
            ("client_secret", secret),
            ("scope", scope),
        ];
        let (status, refused) = world.token(&form).await;
        assert!(status.is_client_error());
        assert_eq!(refused["error_codes"][0], number, "{refused}");
        assert!(
            refused["error_description"]
                .as_str()
                .unwrap()
                .starts_with(&format!("AADSTS{number}"))
        );
    }
    let url = format!("{}/fabrikam.com/oauth2/v2.0/token", world.sim.url());
    let refused: Value = world
        .http
        .post(url)
        .form(&[("client_id", &app)])
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert_eq!(refused["error_codes"][0], 90002);
    let no_consent = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["Mail.Send"])
        .unwrap_err();
    assert!(
        no_consent.to_string().contains("AADSTS65001"),
        "{no_consent}"
    );
}

#[tokio::test]
async fn an_answer_can_be_posted_to_the_client_by_the_page_itself() {
    let world = World::contoso().await;
    let mut url = authorize_url(&world, REDIRECT);
    url.query_pairs_mut()
        .append_pair("response_mode", "form_post");
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.push(("person".to_owned(), ADELE.to_owned()));
    let response = browser().post(url).form(&form).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let page = response.text().await.unwrap();
    assert!(page.contains(&format!("<form method=\"post\" action=\"{REDIRECT}\">")));
    assert!(page.contains("name=\"state\" value=\"abc\""), "{page}");
    let code = page.split("name=\"code\" value=\"").nth(1).unwrap();
    let code = code.split('"').next().unwrap();
    assert_eq!(redeem(&world, code, VERIFIER).await.0, 200);
}

#[tokio::test]
async fn what_authorization_does_not_serve_is_told_to_the_client_by_number() {
    let world = World::contoso().await;
    for (name, value, number) in [
        ("response_type", "token", 70005),
        ("response_mode", "okay", 70007),
        ("code_challenge_method", "S512", 50149),
        ("code_challenge", "too-short", 501_491),
        ("scope", "User.Read .default", 70011),
    ] {
        let mut url = authorize_url(&world, REDIRECT);
        let others: Vec<(String, String)> = url
            .query_pairs()
            .into_owned()
            .filter(|(key, _)| key != name)
            .collect();
        url.query_pairs_mut()
            .clear()
            .extend_pairs(others)
            .append_pair(name, value);
        let response = browser().get(url).send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap();
        assert!(
            location.contains(&format!("AADSTS{number}%3A")),
            "{location}"
        );
        assert!(location.contains("state=abc"), "{location}");
    }
}
