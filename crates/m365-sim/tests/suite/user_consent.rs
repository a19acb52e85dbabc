//! What people themselves consent to.

use m365_sim::{PersonalConsent, Scenario, SimOptions, UserConsent};

use crate::support::{ADELE, ALEX, World, led_with};

const ADMINISTRATOR: &str = "megan.bowen@contoso.com";
const REDIRECT: &str = "http://localhost:3000/sign-in/callback";

/// A world whose app has no consent yet but to sign people in.
async fn world(policy: UserConsent) -> World {
    let mut scenario = Scenario::contoso();
    let tenant = &mut scenario.tenants[0];
    tenant.user_consent = policy;
    let app = &mut tenant.apps[0];
    app.delegated_permissions = vec!["openid".to_owned(), "offline_access".to_owned()];
    app.requested_delegated_permissions = vec!["User.Read".to_owned(), "Mail.Send".to_owned()];
    app.personal_consents = vec![PersonalConsent {
        person: ALEX.to_owned(),
        permissions: vec!["User.Read".to_owned()],
    }];
    World::start(scenario, SimOptions::explicit()).await
}

/// What the sign-in answers to somebody's press.
async fn press(world: &World, person: &str, fields: &[(&str, &str)]) -> reqwest::Response {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("state", "abc"),
        ("person", person),
    ];
    form.extend(fields);
    world.press("oauth2/v2.0/authorize", &form).await
}

fn can(world: &World, person: &str, scope: &str) -> bool {
    let id = Scenario::CONTOSO_CLIENT_ID;
    world.sim.token_for(person, id, &[scope]).is_ok()
}

const SCOPE: (&str, &str) = ("scope", "openid User.Read");
const ACCEPT: (&str, &str) = ("consent", "accept");

#[tokio::test]
async fn a_person_is_asked_once_and_consents_for_nobody_else() {
    let world = world(UserConsent::default()).await;
    assert!(!can(&world, ADELE, "User.Read") && can(&world, ALEX, "User.Read"));
    let asked = press(&world, ADELE, &[SCOPE]).await;
    assert_eq!(asked.status(), 200);
    let page = asked.text().await.unwrap();
    assert!(page.contains("<b>User.Read</b>"), "{page}");
    assert!(page.contains(&format!("name=\"person\" value=\"{ADELE}\"")));
    assert!(!page.contains("Mail.Send"), "{page}");

    let accepted = press(&world, ADELE, &[SCOPE, ACCEPT]).await;
    assert!(led_with(&accepted, "code").is_some());
    assert!(can(&world, ADELE, "User.Read") && !can(&world, ADELE, "Mail.Send"));
    for person in [ADELE, ALEX] {
        let again = press(&world, person, &[SCOPE]).await;
        assert!(led_with(&again, "code").is_some(), "{person}");
    }
    let other = "diego.siciliani@contoso.com";
    assert!(!can(&world, other, "User.Read"));
}

#[tokio::test]
async fn who_does_not_consent_is_led_back_without_a_code() {
    let world = world(UserConsent::default()).await;
    let refused = press(&world, ADELE, &[SCOPE, ("consent", "refuse")]).await;
    assert_eq!(led_with(&refused, "error").unwrap(), "access_denied");
    let told = led_with(&refused, "error_description").unwrap();
    assert!(told.starts_with("AADSTS65004"), "{told}");
    assert!(!can(&world, ADELE, "User.Read"));
}

#[tokio::test]
async fn without_a_page_missing_consent_is_told_to_the_client() {
    let world = world(UserConsent::default()).await;
    for (person, code) in [(ADELE, false), (ALEX, true)] {
        let mut url: reqwest::Url =
            format!("{}/contoso.com/oauth2/v2.0/authorize", world.sim.url())
                .parse()
                .unwrap();
        let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
        url.query_pairs_mut().extend_pairs([
            ("client_id", client_id.as_str()),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT),
            SCOPE,
            ("prompt", "none"),
            ("login_hint", person),
            ACCEPT,
        ]);
        let browser = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let answer = browser.get(url).send().await.unwrap();
        assert_eq!(led_with(&answer, "code").is_some(), code, "{person}");
        if !code {
            assert_eq!(led_with(&answer, "error").unwrap(), "interaction_required");
            let told = led_with(&answer, "error_description").unwrap();
            assert!(told.starts_with("AADSTS65001"), "{told}");
        }
    }
}

#[tokio::test]
async fn what_needs_an_administrator_only_one_consents_to() {
    for (policy, scope, is_for_people) in [
        (UserConsent::MicrosoftManaged, "User.ReadBasic.All", true),
        (UserConsent::MicrosoftManaged, "Calendars.ReadWrite", false),
        (UserConsent::Allowed, "Calendars.ReadWrite", true),
        (UserConsent::Allowed, "Place.Read.All", false),
        (UserConsent::Refused, "User.Read", false),
    ] {
        let world = world(policy).await;
        let fields = [("scope", scope), ACCEPT];
        let answer = press(&world, ADELE, &fields).await;
        assert_eq!(
            can(&world, ADELE, scope),
            is_for_people,
            "{policy:?} {scope}"
        );
        if !is_for_people {
            assert_eq!(answer.status(), 400);
            let page = answer.text().await.unwrap();
            assert!(page.contains("AADSTS90094"), "{page}");
        }
        let answer = press(&world, ADMINISTRATOR, &fields).await;
        assert!(led_with(&answer, "code").is_some(), "{policy:?} {scope}");
        assert!(can(&world, ADMINISTRATOR, scope));
    }
}

#[tokio::test]
async fn default_asks_for_the_registration_where_nobody_consented_to_anything() {
    let world = world(UserConsent::default()).await;
    let scope = ("scope", "https://graph.microsoft.com/.default");
    let asked = press(&world, ADELE, &[scope]).await.text().await.unwrap();
    assert!(asked.contains("<b>User.Read</b>") && asked.contains("<b>Mail.Send</b>"));
    let has_some = press(&world, ALEX, &[scope]).await;
    assert!(led_with(&has_some, "code").is_some());
    let wished = [scope, ("prompt", "consent")];
    let asked = press(&world, ALEX, &wished).await.text().await.unwrap();
    assert!(asked.contains("<b>Mail.Send</b>"), "{asked}");
}

#[tokio::test]
async fn an_application_accepts_for_nobody() {
    let world = world(UserConsent::default()).await;
    let url = format!("{}/contoso.com/oauth2/v2.0/authorize", world.sim.url());
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let request = world.http.get(url).query(&[
        ("client_id", client_id.as_str()),
        ("response_type", "code"),
        ("redirect_uri", REDIRECT),
        ("person", ADELE),
        SCOPE,
        ACCEPT,
    ]);
    let page = request.send().await.unwrap().text().await.unwrap();
    assert!(page.contains("<input type=\"hidden\" name=\"scope\""));
    for name in ["person", "consent"] {
        let carried = format!("<input type=\"hidden\" name=\"{name}\"");
        assert!(!page.contains(&carried), "{page}");
    }
}
