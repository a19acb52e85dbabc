//! Administrators: how one comes to be, and what is refused to everybody else.

use std::collections::BTreeSet;

use booking::mirror::SyncRun;
use booking::person::{PersonId, Role};
use booking::rooms_overview::RoomsOverview;
use m365_sim::Scenario;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::app::{TestApp, eventually};
use crate::people::Caller;

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

impl Caller {
    /// The same person, an administrator from now on.
    pub async fn made_admin(self, app: &TestApp) -> Self {
        let asked = json!({ "secret": app.admin_link().await });
        self.call::<()>("admin/use_link", &asked).await.unwrap();
        self
    }
}

/// What asks for rooms as a page of the table does.
pub fn overview_of(query: serde_json::Value) -> serde_json::Value {
    let mut asked = json!({ "text": "", "only": null, "building": null, "order": "state",
        "reversed": false, "page": 0 });
    for (key, value) in query.as_object().unwrap() {
        asked[key] = value.clone();
    }
    json!({ "query": asked })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_administrator_is_refused_in_words_wherever_they_try() {
    let app = TestApp::start().await;
    let (at_portal, in_pane) = (app.at_portal(ADELE).await, app.in_pane(ADELE));
    let doors = [
        ("admin/rooms_overview", overview_of(json!({}))),
        ("admin/sync_rooms", json!({ "room": null })),
        ("admin/sync_rooms", json!({ "room": app.rooms[0].id })),
    ];
    for person in [&at_portal, &in_pane] {
        for (door, arguments) in &doors {
            let refused = person.call::<()>(door, arguments).await.unwrap_err();
            assert_eq!(refused.code, "admin_needed", "{door}");
            assert!(refused.message.contains("Only administrators"), "{refused}");
            assert_eq!(person.post(door, arguments).await.status(), 403, "{door}");
        }
    }
    let page = at_portal.get("/admin/sync").await;
    assert_eq!(page.status(), 403);
    let shown = page.text().await.unwrap();
    assert!(shown.contains("This page is for administrators"), "{shown}");
    assert!(!shown.contains("room1@contoso.com"), "{shown}");
    let stranger = app
        .stranger()
        .get("/admin/sync")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        stranger.contains("Sign in as an administrator"),
        "{stranger}"
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_sees_every_linked_room_and_finds_some_of_them() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    let ask = async |query| {
        let asked = overview_of(query);
        let shown: RoomsOverview = adele.call("admin/rooms_overview", &asked).await.unwrap();
        shown
    };
    let all = ask(json!({ "order": "room" })).await;
    assert_eq!((all.totals.rooms, all.matching, all.pages()), (8, 8, 1));
    let numbers: Vec<&str> = all.rooms.iter().map(|room| room.number.as_str()).collect();
    assert_eq!(
        numbers,
        ["0.1", "0.2", "0.3", "0.4", "1.5", "1.6", "1.7", "1.8"]
    );
    assert_eq!(all.buildings[0].name, "Harbour House");
    let found = ask(json!({ "text": "ROOM3@" })).await;
    assert_eq!((found.totals.rooms, found.matching), (8, 1));
    assert_eq!(found.rooms[0].number, "0.3");
    let beyond = ask(json!({ "page": 9, "text": "harbour" })).await;
    assert_eq!((beyond.page, beyond.rooms.len()), (0, 8));
    let page = adele.get("/admin/sync?q=room3@").await;
    assert_eq!(page.status(), 200);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("room3@contoso.com") && !page.contains("room4@contoso.com"),
        "{page}"
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rooms_are_read_at_once_when_an_administrator_wants_it_and_not_for_another_site() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    let room = app.rooms[2].id;
    let asked = json!({ "room": room });
    let elsewhere = adele.post_from_elsewhere("admin/sync_rooms", &asked).await;
    assert_eq!(elsewhere.status(), 401);
    for room in [Some(room), None] {
        let begun: SyncRun = adele
            .call("admin/sync_rooms", &json!({ "room": room }))
            .await
            .unwrap();
        assert_eq!(
            (begun.room, begun.total),
            (room, if room.is_some() { 1 } else { 8 })
        );
        eventually("they are read", async || {
            let shown: RoomsOverview = adele
                .call("admin/rooms_overview", &overview_of(json!({})))
                .await
                .unwrap();
            let asked = shown
                .rooms
                .iter()
                .filter(|one| room.is_none_or(|room| room == one.room));
            let mut asked = asked.map(|one| one.in_sync_as_of);
            asked
                .all(|at| at.is_some_and(|at| at >= begun.started_at))
                .then_some(())
        })
        .await;
    }
    let nowhere = json!({ "room": uuid::Uuid::from_u128(1) });
    let refused = adele
        .call::<SyncRun>("admin/sync_rooms", &nowhere)
        .await
        .unwrap_err();
    assert_eq!(refused.code, "not_found");
    app.close().await;
}
