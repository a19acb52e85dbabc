//! An administrator's consent.

use m365_sim::{Scenario, SimOptions};

use crate::support::{ADELE, World};

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
    let browser = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    browser.post(url).form(&form).send().await.unwrap()
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
