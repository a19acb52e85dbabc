//! Administrators: how one comes to be, and what is refused to everybody else.

use std::collections::BTreeSet;

use booking::person::{PersonId, Role};
use m365_sim::Scenario;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::app::TestApp;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

impl TestApp {
    /// What a link from `etage admin-link` carries.
    pub async fn admin_link(&self) -> String {
        let link = self.state.engine.make_admin_link().await.unwrap();
        link.secret.expose_secret().to_owned()
    }

    async fn role(&self, address: &str) -> Role {
        let object = self.sim.mailbox_id(address).unwrap();
        let tenant = Scenario::CONTOSO_TENANT_ID;
        let person = PersonId { tenant, object };
        self.state.engine.role_of(person).await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_makes_the_first_who_uses_it_an_administrator_and_nobody_after() {
    let app = TestApp::start().await;
    let secret = app.admin_link().await;
    let (adele, alex) = (app.at_portal(ADELE).await, app.at_portal(ALEX).await);
    let asked = json!({ "secret": secret });
    adele.call::<()>("admin/use_link", &asked).await.unwrap();
    assert_eq!(app.role(ADELE).await, Role::Admin);
    for person in [&alex, &adele] {
        let refused = person
            .call::<()>("admin/use_link", &asked)
            .await
            .unwrap_err();
        assert_eq!(refused.code, "link_used");
        assert!(refused.message.contains("used already"), "{refused}");
        assert_eq!(person.post("admin/use_link", &asked).await.status(), 410);
    }
    assert_eq!(app.role(ALEX).await, Role::Booker);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_was_made_up_is_told_from_one_that_was_used() {
    let app = TestApp::start().await;
    let secret = app.admin_link().await;
    let adele = app.at_portal(ADELE).await;
    for made_up in ["", "nonsense", &secret[1..], &secret.to_uppercase()] {
        let asked = json!({ "secret": made_up });
        let refused = adele
            .call::<()>("admin/use_link", &asked)
            .await
            .unwrap_err();
        assert_eq!(refused.code, "link_unknown", "{made_up}");
        assert_eq!(adele.post("admin/use_link", &asked).await.status(), 404);
    }
    assert_eq!(app.role(ADELE).await, Role::Booker);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_a_link_does_nothing_before_it_is_confirmed() {
    let app = TestApp::start().await;
    let page = format!("/admin/link?secret={}", app.admin_link().await);
    let stranger = app.stranger().get(&page).await.text().await.unwrap();
    assert!(stranger.contains("Sign in to become an administrator"));
    // Signing in leads back to the very link.
    assert!(
        stranger.contains("/sign-in?return=%2Fadmin%2Flink%3Fsecret%3D"),
        "{stranger}"
    );
    let adele = app.at_portal(ADELE).await;
    let shown = adele.get(&page).await.text().await.unwrap();
    assert!(shown.contains(ADELE), "{shown}");
    assert_eq!(app.role(ADELE).await, Role::Booker);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_cannot_be_used_by_a_page_of_another_site() {
    let app = TestApp::start().await;
    let asked = json!({ "secret": app.admin_link().await });
    let adele = app.at_portal(ADELE).await;
    let refused = adele.post_from_elsewhere("admin/use_link", &asked).await;
    assert_eq!(refused.status(), 401);
    assert_eq!(app.role(ADELE).await, Role::Booker);
    adele.call::<()>("admin/use_link", &asked).await.unwrap();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_to_the_admin_area_is_offered_to_administrators_only() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let pages = ["/", "/reservations"];
    let offering = async || {
        let mut offering = BTreeSet::new();
        for page in pages {
            let shown = adele.get(page).await.text().await.unwrap();
            if shown.contains("/admin/") {
                offering.insert(page);
            }
        }
        offering
    };
    assert_eq!(offering().await, BTreeSet::new());
    let asked = json!({ "secret": app.admin_link().await });
    adele.call::<()>("admin/use_link", &asked).await.unwrap();
    assert_eq!(offering().await, BTreeSet::from(pages));
    app.close().await;
}
