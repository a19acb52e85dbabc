//! Having a room decline, over HTTP and through the simulated tenant.

use std::sync::Arc;

use app::api::admin::DecliningView;
use app::api::reservations::ReservationView;
use booking::ids::ReservationId;
use booking::reservation::{ReservationState, StateNote};
use m365_sim::{Consent, Scenario};
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::wire;
use store::audit::Deed;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
const MEGAN: &str = "megan.bowen@contoso.com";

/// A room of the person's own, which has accepted.
async fn confirmed(app: &TestApp, person: &Caller, key: u128) -> ReservationId {
    let range = tomorrow(9 + i64::try_from(key).unwrap());
    let request = place_request(app, 0, range, key);
    let placed: ReservationView = person.call("reservations/place", &request).await.unwrap();
    let settled = settled(person, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    settled.reservation.id
}

async fn allow(app: &TestApp) -> String {
    let tenant = Scenario::CONTOSO_TENANT_ID.to_string();
    let (said, content) = app.etage(&["declining", &tenant, "--allow", "yes"]).await;
    assert!(content, "{said}");
    said
}

const BUTTON: &str = "Have the room decline";

async fn page_of(person: &Caller, id: ReservationId) -> String {
    let page = person.get(&format!("/reservation/{id}")).await;
    page.text().await.unwrap()
}

async fn refused(person: &Caller, id: ReservationId) -> (String, String) {
    let asked = json!({ "id": id });
    let answer = person.call::<ReservationView>("reservations/decline", &asked);
    let problem = answer.await.unwrap_err();
    (problem.code.clone(), problem.sentence())
}

/// covers part of: FX-70
#[tokio::test(flavor = "multi_thread")]
async fn off_by_default_and_refused() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let id = confirmed(&app, &adele, 1).await;
    let shown: ReservationView = adele
        .call("reservations/one", &json!({ "id": id }))
        .await
        .unwrap();
    assert!(!shown.can_decline);
    assert!(!page_of(&adele, id).await.contains(BUTTON));
    let (code, sentence) = refused(&adele, id).await;
    assert_eq!(code, "cannot_decline");
    assert!(sentence.contains("etage declining"), "{sentence}");
    assert_eq!(app.events(&app.mailbox(0)).len(), 1);
    app.close().await;
}

/// covers: FX-72
#[tokio::test(flavor = "multi_thread")]
async fn the_organizers_event_stays_and_the_room_has_declined() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let id = confirmed(&app, &adele, 1).await;
    let before = app.events(ADELE).remove(0);
    let said = allow(&app).await;
    assert!(said.contains("Application Calendars.ReadWrite"), "{said}");
    let shown: ReservationView = adele
        .call("reservations/one", &json!({ "id": id }))
        .await
        .unwrap();
    assert!(shown.can_decline);
    assert!(page_of(&adele, id).await.contains(BUTTON));

    let asked = json!({ "id": id });
    let declined: ReservationView = adele.call("reservations/decline", &asked).await.unwrap();
    let note = StateNote::DeclinedHere { by_admin: false };
    let kept = &declined.reservation;
    assert_eq!(
        (kept.state, kept.note.as_ref()),
        (ReservationState::Declined, Some(&note))
    );
    assert!(app.events(&app.mailbox(0)).is_empty());
    let after = app.events(ADELE).remove(0);
    assert_eq!(
        (
            &after.id,
            &after.subject,
            after.start,
            after.end,
            after.is_cancelled
        ),
        (&before.id, &before.subject, before.start, before.end, false)
    );
    let answers: Vec<_> = after
        .attendees
        .iter()
        .map(|one| one.response.as_str())
        .collect();
    assert_eq!(answers, ["declined"]);
    // Nothing of ours comes after it: the meeting is its organizer's.
    let store = app.state.engine.store();
    assert_eq!(store.jobs_of(id).await.unwrap(), []);
    eventually("the slot is free again", async || {
        let room = app.rooms[0].id;
        let busy = store.busy_times_of(room, tomorrow(10)).await.unwrap();
        busy.is_empty().then_some(())
    })
    .await;
    // A second time there is nothing to decline.
    assert_eq!(refused(&adele, id).await.0, "cannot_decline");
    app.close().await;
}

/// covers part of: FX-71 (what was booked in Outlook alone is declined by nobody)
#[tokio::test(flavor = "multi_thread")]
async fn owner_and_administrator_may_others_not() {
    let app = TestApp::start().await;
    allow(&app).await;
    let adele = app.at_portal(ADELE).await;
    let id = confirmed(&app, &adele, 1).await;
    let alex = app.at_portal(ALEX).await;
    assert_eq!(refused(&alex, id).await.0, "not_yours");
    assert_eq!(app.events(&app.mailbox(0)).len(), 1);
    let megan = app.at_portal(MEGAN).await.made_admin(&app).await;
    let asked = json!({ "id": id });
    let declined: ReservationView = megan.call("reservations/decline", &asked).await.unwrap();
    let note = StateNote::DeclinedHere { by_admin: true };
    assert_eq!(declined.reservation.note, Some(note));
    assert!(app.events(&app.mailbox(0)).is_empty());
    assert_eq!(app.events(ADELE).len(), 1);
    let audit = app.state.engine.store().audit_of(id).await.unwrap();
    let last = audit.last().unwrap();
    let who = last.who.map(|who| who.object);
    assert_eq!(
        (last.deed, who),
        (Deed::Declined, app.sim.mailbox_id(MEGAN))
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_permission_it_says_what_to_run() {
    let app = TestApp::start().await;
    allow(&app).await;
    let adele = app.at_portal(ADELE).await;
    let id = confirmed(&app, &adele, 1).await;
    let reading_only = Consent {
        application_permissions: Some(vec![
            "Calendars.Read".to_owned(),
            "Place.Read.All".to_owned(),
        ]),
        ..Consent::default()
    };
    let set = app
        .sim
        .set_consent(Scenario::CONTOSO_CLIENT_ID, reading_only);
    set.unwrap();
    // The token of before is good to its end; a process that starts now has another.
    let store = app.state.engine.store().clone();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let restarted = wire::engine(&app.state.config, store, clock, random).await;
    let restarted = restarted.unwrap();
    let person = app
        .state
        .engine
        .store()
        .reservation(id)
        .await
        .unwrap()
        .unwrap()
        .person;
    let refused = restarted.decline_room(&person, id).await.unwrap_err();
    assert_eq!(refused.code(), "cannot_decline");
    let sentence = refused.sentence();
    assert!(
        sentence.contains("Application Calendars.ReadWrite"),
        "{sentence}"
    );
    let kept = app
        .state
        .engine
        .store()
        .reservation(id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(kept.state, ReservationState::Confirmed);
    assert_eq!(app.events(&app.mailbox(0)).len(), 1);
    app.close().await;
}

/// covers: FX-73
#[tokio::test(flavor = "multi_thread")]
async fn with_externals_and_the_option_off_administrators_are_told() {
    let app = TestApp::start().await;
    let tenant = Scenario::CONTOSO_TENANT_ID.to_string();
    let megan = app.at_portal(MEGAN).await.made_admin(&app).await;
    const HINT: &str = "people from outside reserve rooms and cannot give them back";
    let page = async || megan.get("/admin/sync").await.text().await.unwrap();
    assert!(!page().await.contains(HINT));

    let (said, content) = app
        .etage(&["declining", &tenant, "--externals", "yes"])
        .await;
    assert!(content && said.contains("--allow yes"), "{said}");
    let all: Vec<DecliningView> = megan.call("admin/declining", &json!({})).await.unwrap();
    assert_eq!((all[0].is_allowed, all[0].has_externals), (false, true));
    assert!(page().await.contains(HINT));
    allow(&app).await;
    assert!(!page().await.contains(HINT));

    let alex = app.at_portal(ALEX).await;
    let problem = alex
        .call::<Vec<DecliningView>>("admin/declining", &json!({}))
        .await;
    assert_eq!(problem.unwrap_err().code, "admin_needed");
    let (said, content) = app
        .etage(&["declining", "00000000-0000-0000-0000-000000000001"])
        .await;
    assert!(!content && said.contains("Contoso"), "{said}");
    app.close().await;
}
