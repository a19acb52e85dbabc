//! The portal's door: off to the identity provider and back.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::join_all;
use m365_sim::{Fault, FaultAction, FaultMatch};
use serde_json::json;
use url::Url;

use crate::app::TestApp;
use crate::people::cookie_of;

const ADELE: &str = "adele.vance@contoso.com";

/// How often the identity provider was asked for something at a path that ends like this.
fn asked(app: &TestApp, end: &str) -> usize {
    let requests = app.sim.requests();
    requests
        .iter()
        .filter(|one| one.path.ends_with(end))
        .count()
}

fn page_of(left: &reqwest::Response) -> Url {
    Url::parse(left.headers()["location"].to_str().unwrap()).unwrap()
}

fn state_of(page: &Url) -> String {
    let mut query = page.query_pairs();
    let (_, state) = query.find(|(key, _)| key == "state").unwrap();
    state.into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_at_the_door_asks_the_identity_provider_once() {
    let app = TestApp::start().await;
    let stranger = app.stranger();
    let left = join_all((0..20).map(|_| stranger.get("/sign-in"))).await;
    assert!(left.iter().all(|one| one.status().is_redirection()));
    app.at_portal(ADELE).await;
    assert_eq!(asked(&app, "/openid-configuration"), 1);
    assert_eq!(asked(&app, "/discovery/v2.0/keys"), 1);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_identity_provider_that_does_not_answer_is_left_in_peace_for_a_moment() {
    let app = TestApp::start().await;
    app.own_faults()
        .add(Fault::always(
            FaultMatch::path("*/openid-configuration"),
            FaultAction::Status {
                status: 503,
                code: "x".to_owned(),
                message: None,
                retry_after_seconds: None,
            },
        ))
        .unwrap();
    let stranger = app.stranger();
    let left = join_all((0..5).map(|_| stranger.get("/sign-in"))).await;
    assert!(left.iter().all(|one| one.status() == 502));
    assert_eq!(asked(&app, "/openid-configuration"), 1);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_was_not_begun_here_is_refused_before_anything_is_asked() {
    let app = TestApp::start().await;
    let made_up = json!({ "state": "s", "nonce": "n", "verifier": "v".repeat(43),
        "begun_at": 4_000_000_000_000_i64, "return_to": "/" });
    let cookie = format!(
        "etage_signing_in={}",
        URL_SAFE_NO_PAD.encode(made_up.to_string())
    );
    let tokens_before = asked(&app, "/oauth2/v2.0/token");
    let refused = app
        .stranger()
        .get_with_cookie("/sign-in/callback?code=made-up&state=s", &cookie)
        .await;
    assert_eq!(refused.status(), 400);
    let text = refused.text().await.unwrap();
    assert!(text.contains("started in another window"), "{text}");
    assert_eq!(asked(&app, "/oauth2/v2.0/token"), tokens_before);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sign_in_never_sends_people_to_strangers() {
    let app = TestApp::start().await;
    for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example"] {
        let left = app
            .stranger()
            .get(&format!("/sign-in?return={elsewhere}"))
            .await;
        let page = page_of(&left);
        assert!(page.as_str().starts_with(app.sim.url()), "{page}");
        let remembered = cookie_of(&left, "etage_signing_in");
        let back = app.stranger().choose(&page, ADELE).await;
        let back = back.strip_prefix(&app.origin).unwrap();
        let came = app.stranger().get_with_cookie(back, &remembered).await;
        assert_eq!(came.headers()["location"], "/");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sign_in_that_fails_says_under_which_number_and_keeps_where_to_go() {
    let app = TestApp::start().await;
    let left = app.stranger().get("/sign-in?return=/reservations").await;
    let remembered = cookie_of(&left, "etage_signing_in");
    let state = state_of(&page_of(&left));
    let failed = app
        .stranger()
        .get_with_cookie(
            &format!("/sign-in/callback?code=made-up&state={state}"),
            &remembered,
        )
        .await;
    assert_eq!(failed.status(), 400);
    let text = failed.text().await.unwrap();
    assert!(
        text.contains("Microsoft did not accept the sign-in"),
        "{text}"
    );
    assert!(text.contains("(Incident "), "{text}");
    assert!(text.contains("/sign-in?return=%2Freservations"), "{text}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_id_token_of_another_sign_in_is_not_blamed_on_microsofts_silence() {
    let app = TestApp::start().await;
    let left = app.stranger().get("/sign-in").await;
    let remembered = cookie_of(&left, "etage_signing_in");
    let mut page = page_of(&left);
    let asked: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    page.query_pairs_mut()
        .clear()
        .extend_pairs(asked.iter().map(|(key, value)| match key.as_str() {
            "nonce" => (key.as_str(), "of another sign-in"),
            _ => (key.as_str(), value.as_str()),
        }));
    let back = app.stranger().choose(&page, ADELE).await;
    let back = back.strip_prefix(&app.origin).unwrap();
    let failed = app.stranger().get_with_cookie(back, &remembered).await;
    assert_eq!(failed.status(), 400);
    let text = failed.text().await.unwrap();
    assert!(text.contains("came back differently"), "{text}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_with_the_applications_certificate() {
    let app = TestApp::start_with_certificate().await;
    app.at_portal(ADELE).await;
    let person = app.sim.mailbox_id(ADELE).unwrap();
    let person = booking::person::PersonId {
        tenant: m365_sim::Scenario::CONTOSO_TENANT_ID,
        object: person,
    };
    let grant = app.state.engine.store().grant(person).await.unwrap();
    assert!(grant.is_some(), "the permission lasts");
    app.close().await;
}
