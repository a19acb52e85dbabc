//! An administrator's consent.

use m365_sim::{Scenario, SimOptions};

use crate::support::{ADELE, World, led_with};

const ADMINISTRATOR: &str = "megan.bowen@contoso.com";
const REDIRECT: &str = "http://localhost:3000/sign-in/callback";

/// A world whose app asks for more than it has.
async fn world() -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions
        .retain(|name| name != "Place.Read.All");
    app.requested_application_permissions = vec!["Place.Read.All".to_owned()];
    World::start(scenario, SimOptions::explicit()).await
}

fn url(world: &World, redirect: &str) -> reqwest::Url {
    let mut url: reqwest::Url = format!("{}/contoso.com/adminconsent", world.sim.url())
        .parse()
        .unwrap();
    url.query_pairs_mut().extend_pairs([
        (
            "client_id",
            Scenario::CONTOSO_CLIENT_ID.to_string().as_str(),
        ),
        ("redirect_uri", redirect),
        ("state", "abc"),
    ]);
    url
}

/// A press on the page, by somebody or on Cancel.
async fn press(world: &World, person: Option<&str>) -> reqwest::Response {
    let url = url(world, REDIRECT);
    let mut form: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    form.extend(person.map(|address| ("person".to_owned(), address.to_owned())));
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    world.press("adminconsent", &form).await
}

async fn places_status(world: &World) -> u16 {
    let app = world.app().await;
    let answer = app.get("places/microsoft.graph.room").await;
    answer.status.as_u16()
}

#[tokio::test]
async fn an_administrator_sees_what_is_asked_for_and_accepting_gives_it() {
    let world = world().await;
    assert_eq!(places_status(&world).await, 403);
    let page = world.http.get(url(&world, REDIRECT)).send().await.unwrap();
    let page = page.text().await.unwrap();
    for permission in ["Place.Read.All", "Calendars.Read", "Calendars.ReadWrite"] {
        assert!(page.contains(&format!("<b>{permission}</b>")), "{page}");
    }

    let answer = press(&world, Some(ADMINISTRATOR)).await;
    let tenant = Scenario::CONTOSO_TENANT_ID;
    assert_eq!(
        answer.headers()["location"],
        format!("{REDIRECT}?admin_consent=True&tenant={tenant}&state=abc")
    );
    assert_eq!(places_status(&world).await, 200);
}

#[tokio::test]
async fn who_declines_or_may_not_consent_gives_nothing() {
    let world = world().await;
    let declined = press(&world, None).await;
    let location = declined.headers()["location"].to_str().unwrap();
    assert!(location.contains("error=access_denied"), "{location}");
    assert!(location.contains("AADSTS65004") && location.contains("state=abc"));

    for (person, number) in [(ADELE, "AADSTS90094"), ("eve@fabrikam.com", "AADSTS50020")] {
        let answer = press(&world, Some(person)).await;
        assert_eq!(answer.status(), 400);
        assert!(answer.headers().get("location").is_none());
        let text = answer.text().await.unwrap();
        assert!(text.contains(number), "{text}");
    }
    assert_eq!(places_status(&world).await, 403);
}

#[tokio::test]
async fn consent_leads_to_no_address_that_is_not_registered() {
    let world = world().await;
    let elsewhere = url(&world, "https://fabrikam.com/");
    let answer = world.http.get(elsewhere).send().await.unwrap();
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("AADSTS50011"));
}

const GRAPH: &str = "https://graph.microsoft.com";

/// A press on the page of the newer endpoint.
async fn press_newer(world: &World, fields: &[(&str, &str)]) -> reqwest::Response {
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let mut form = vec![
        ("client_id", client_id.as_str()),
        ("redirect_uri", REDIRECT),
        ("state", "abc"),
    ];
    form.extend(fields);
    world.press("v2.0/adminconsent", &form).await
}

#[tokio::test]
async fn the_newer_endpoint_lists_and_grants_what_its_scope_names_and_no_more() {
    let world = world().await;
    let mut page = url(&world, REDIRECT);
    page.set_path("/contoso.com/v2.0/adminconsent");
    let scope = format!("{GRAPH}/Mail.Send {GRAPH}/Contacts.Read openid");
    page.query_pairs_mut().append_pair("scope", &scope);
    let page = world.http.get(page).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("<b>Mail.Send</b>") && page.contains("<b>Contacts.Read</b>"));
    assert!(!page.contains("Calendars") && !page.contains("Place.Read.All"));

    let person = ("person", ADMINISTRATOR);
    let answer = press_newer(&world, &[("scope", &scope), person]).await;
    assert_eq!(led_with(&answer, "admin_consent").unwrap(), "True");
    assert_eq!(led_with(&answer, "scope").unwrap(), scope);
    let id = Scenario::CONTOSO_CLIENT_ID;
    assert!(world.sim.token_for(ADELE, id, &["Mail.Send"]).is_ok());
    assert!(world.sim.token_for(ADELE, id, &["Mail.Read"]).is_err());
    assert_eq!(places_status(&world).await, 403);

    let everything = format!("{GRAPH}/.default");
    press_newer(&world, &[("scope", &everything), person]).await;
    assert_eq!(places_status(&world).await, 200);
}

#[tokio::test]
async fn the_newer_endpoint_wants_a_scope_and_says_by_whom_it_was_declined() {
    let world = world().await;
    let answer = press_newer(&world, &[("person", ADMINISTRATOR)]).await;
    assert_eq!(answer.status(), 400);
    assert!(answer.text().await.unwrap().contains("'scope'"));
    let declined = press_newer(&world, &[("scope", "Mail.Send")]).await;
    let led = |name| led_with(&declined, name).unwrap();
    assert_eq!(led("error"), "consent_required");
    assert_eq!(led("admin_consent"), "True");
    assert!(led("error_description").starts_with("AADSTS65004"));
}
