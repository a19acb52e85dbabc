//! What the pages people see let browsers do, and where signing out leads.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use m365_sim::Scenario;
use sha2::{Digest, Sha256};

use crate::support::{ADELE, World, led_with};

const REDIRECT: &str = "http://localhost:3000/sign-in/callback";

fn fields(client_id: &str) -> Vec<(&'static str, String)> {
    let fields = [
        ("client_id", client_id),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("scope", "openid User.Read"),
    ];
    fields
        .map(|(name, value)| (name, value.to_owned()))
        .to_vec()
}

/// What stands between the first such pair of words.
fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let rest = text.split_once(start).unwrap().1;
    rest.split_once(end).unwrap().0
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

/// The policy of a page, and the page.
async fn page(answer: reqwest::Response) -> (String, String) {
    let header = |name| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("referrer-policy"), "strict-origin-when-cross-origin");
    let policy = header("content-security-policy");
    (policy, answer.text().await.unwrap())
}

#[tokio::test]
async fn pages_run_nothing_foreign_and_are_in_no_frame() {
    let world = World::contoso().await;
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    for path in [
        "oauth2/v2.0/authorize",
        "adminconsent",
        "oauth2/v2.0/logout",
        "adminconsent?client_id=unknown",
    ] {
        let url = format!("{}/contoso.com/{path}", world.sim.url());
        let request = world.http.get(url).query(&fields(&client_id));
        let (policy, text) = page(request.send().await.unwrap()).await;
        assert!(policy.starts_with("default-src 'none';"), "{policy}");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
        let style = between(&text, "<style>", "</style>");
        assert!(policy.contains(&format!("style-src {};", hash(style))));
        assert!(!text.contains("<script"), "{path}");
    }
}

#[tokio::test]
async fn the_page_that_posts_an_answer_may_do_so_to_any_client_and_in_a_frame() {
    let world = World::contoso().await;
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = fields(&client_id);
    form.extend([
        ("response_mode", "form_post".to_owned()),
        ("person", ADELE.to_owned()),
    ]);
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let answer = world.press("oauth2/v2.0/authorize", &form).await;
    let (policy, text) = page(answer).await;
    let script = between(&text, "<script>", "</script>");
    assert!(policy.contains(&format!("script-src {};", hash(script))));
    for absent in ["form-action", "frame-ancestors"] {
        assert!(!policy.contains(absent), "{policy}");
    }
}

#[tokio::test]
async fn signing_out_leads_only_to_registered_addresses() {
    let world = World::contoso().await;
    let other = uuid::Uuid::from_u128(7).to_string();
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let page = "oauth2/v2.0/logout";
    let to = |address| ("post_logout_redirect_uri", address);
    for form in [
        vec![to(REDIRECT)],
        vec![to(REDIRECT), ("client_id", &client_id)],
    ] {
        let answer = world.press(page, &form).await;
        assert_eq!(answer.headers()["location"], REDIRECT);
    }
    for form in [
        vec![to("https://fabrikam.com/")],
        vec![to(REDIRECT), ("client_id", &other)],
        vec![],
    ] {
        let answer = world.press(page, &form).await;
        assert_eq!(answer.status(), 200, "{form:?}");
        assert_eq!(led_with(&answer, "x"), None);
        assert!(answer.text().await.unwrap().contains("You signed out"));
    }
    let url = format!("{}/common/{page}", world.sim.url());
    let get = world
        .http
        .get(url)
        .query(&[to("https://fabrikam.com/")])
        .send();
    let answer = get.await.unwrap();
    assert!(answer.text().await.unwrap().contains("You signed out"));
}
