//! Applications that Exchange limits to chosen mailboxes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::{
    AccessPolicy, AccessRight, ExchangeAccess, ExchangeRole, Scenario, SimError, SimOptions,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, Answer, Client, ROOM1, ROOM2, World, meeting, own_form};

const DENIED: &str = "Access is denied. Check credentials and try again.";
const RAOP: &str = "Access to OData is disabled: [RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.";

fn role(role: &str, mailboxes: &[&str]) -> ExchangeAccess {
    ExchangeAccess {
        roles: vec![ExchangeRole {
            role: role.to_owned(),
            mailboxes: Some(mailboxes.iter().map(ToString::to_string).collect()),
        }],
        ..ExchangeAccess::default()
    }
}

fn policy(access_right: AccessRight, mailboxes: &[&str]) -> ExchangeAccess {
    ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right,
            mailboxes: mailboxes.iter().map(ToString::to_string).collect(),
        }),
        ..ExchangeAccess::default()
    }
}

/// A world whose app has these permissions in Entra, and this in Exchange.
async fn world(consented: &[&str], access: ExchangeAccess) -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions = consented.iter().map(ToString::to_string).collect();
    app.exchange_access = access;
    World::start(scenario, SimOptions::explicit()).await
}

async fn events(app: &Client<'_>, mailbox: &str) -> Answer {
    app.get(&format!("users/{mailbox}/events")).await
}

fn refusal(answer: &Answer) -> &str {
    assert_eq!(answer.status, 403, "{}", answer.json);
    assert_eq!(answer.json["error"]["code"], "ErrorAccessDenied");
    answer.json["error"]["message"].as_str().unwrap()
}

#[tokio::test]
async fn a_role_opens_the_mailboxes_of_its_scope_and_no_token_shows_it() {
    let world = world(
        &["Place.Read.All"],
        role("Application Calendars.ReadWrite", &[ROOM1]),
    )
    .await;
    let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
    let form = own_form(&client_id, Scenario::CONTOSO_SECRET);
    let (_, issued) = world.token(&form).await;
    let token = issued["access_token"].as_str().unwrap();
    let payload = token.split('.').nth(1).unwrap();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!(claims["roles"], json!(["Place.Read.All"]));

    let app = world.with_token(token);
    assert_eq!(app.get("places/graph.room").await.status, 200);
    assert_eq!(events(&app, ROOM1).await.status, 200);
    let body = meeting("Ours", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    let path = format!("users/{ROOM1}/events");
    let created = app.post(&path, body.clone()).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let whole = events(&app, ROOM1).await;
    assert_eq!(whole.json["value"][0]["body"]["contentType"], "html");

    assert_eq!(refusal(&events(&app, ROOM2).await), DENIED);
    let elsewhere = app.post(&format!("users/{ADELE}/events"), body).await;
    assert_eq!(refusal(&elsewhere), DENIED);
    assert_eq!(app.get("users").await.status, 403);
}

#[tokio::test]
async fn without_any_permission_a_token_has_no_roles_and_the_role_still_counts() {
    let world = world(&[], role("Application Calendars.Read", &[ROOM1])).await;
    let app = world.app().await;
    assert_eq!(events(&app, ROOM1).await.status, 200);
    let body = meeting("No", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    let written = app.post(&format!("users/{ROOM1}/events"), body).await;
    assert_eq!(refusal(&written), DENIED);
    assert_eq!(app.get("places/graph.room").await.status, 403);
}

#[tokio::test]
async fn what_is_consented_to_in_entra_defeats_the_scope_of_a_role() {
    let access = role("Application Calendars.ReadWrite", &[ROOM1]);
    let world = world(&["Calendars.Read"], access).await;
    assert_eq!(events(&world.app().await, ROOM2).await.status, 200);
}

#[tokio::test]
async fn a_policy_takes_mailboxes_away_from_applications_and_not_from_people() {
    let restricting = policy(AccessRight::RestrictAccess, &[ROOM1]);
    let world = world(&["Calendars.ReadWrite", "Place.Read.All"], restricting).await;
    let app = world.app().await;
    assert_eq!(events(&app, ROOM1).await.status, 200);
    for mailbox in [ROOM2, ADELE] {
        assert_eq!(refusal(&events(&app, mailbox).await), RAOP);
    }
    assert_eq!(app.get("places/graph.room").await.status, 200);
    assert_eq!(world.person(ADELE).get("me/events").await.status, 200);

    let denying = policy(AccessRight::DenyAccess, &[ROOM1]);
    world
        .sim
        .set_exchange_access(Scenario::CONTOSO_CLIENT_ID, denying)
        .unwrap();
    assert_eq!(refusal(&events(&app, ROOM1).await), RAOP);
    assert_eq!(events(&app, ROOM2).await.status, 200);
}

#[tokio::test]
async fn a_policy_does_not_touch_what_a_role_gives() {
    let both = ExchangeAccess {
        roles: role("Application Calendars.Read", &[ROOM1]).roles,
        ..policy(AccessRight::DenyAccess, &[ROOM1])
    };
    let world = world(&["Calendars.ReadWrite"], both).await;
    let app = world.app().await;
    assert_eq!(events(&app, ROOM1).await.status, 200);
    let body = meeting("No", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    let written = app.post(&format!("users/{ROOM1}/events"), body).await;
    assert_eq!(refusal(&written), RAOP);
}

#[tokio::test]
async fn what_an_administrator_orders_comes_into_force_when_told() {
    let world = world(&["Place.Read.All"], ExchangeAccess::default()).await;
    let app = world.app().await;
    let path = format!("apps/{}/exchange-access", Scenario::CONTOSO_CLIENT_ID);
    let order = json!({
        "access": { "roles": [{ "role": "Application Exchange Full Access" }] },
        "applyAfterMinutes": 30,
    });
    assert_eq!(world.control(Method::POST, &path, order).await.status, 204);
    assert_eq!(refusal(&events(&app, ROOM1).await), DENIED);
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_mins(30));
    assert_eq!(events(&app, ROOM1).await.status, 200);
    // A later order waits for its own time, and until then the one before holds.
    let order = json!({ "access": {}, "applyAfterMinutes": 5 });
    world.control(Method::POST, &path, order).await;
    assert_eq!(events(&app, ROOM1).await.status, 200);
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_mins(5));
    assert_eq!(refusal(&events(&app, ROOM1).await), DENIED);
    let unknown = world.control(
        Method::POST,
        "apps/nobody/exchange-access",
        json!({ "access": {} }),
    );
    assert_eq!(unknown.await.status, 404);
}

#[tokio::test]
async fn a_role_is_enough_to_subscribe_only_where_that_is_set() {
    let world = world(&[], role("Application Calendars.Read", &[ROOM1])).await;
    let app = world.app().await;
    let expires = world.sim.clock().now() + jiff::SignedDuration::from_hours(1);
    let subscription = json!({
        "changeType": "created", "notificationUrl": "http://127.0.0.1:1/nobody", "resource":
        format!("users/{ROOM1}/events"), "expirationDateTime": expires.to_string(),
    });
    let refused = app.post("subscriptions", subscription.clone()).await;
    assert_eq!(refusal(&refused), DENIED);
    let mut access = role("Application Calendars.Read", &[ROOM1]);
    access.roles_cover_subscriptions = true;
    world
        .sim
        .set_exchange_access(Scenario::CONTOSO_CLIENT_ID, access)
        .unwrap();
    // Nobody listens there: it gets as far as the handshake.
    let unheard = app.post("subscriptions", subscription).await;
    assert_eq!(unheard.json["error"]["code"], "ValidationError");
}

#[tokio::test]
async fn a_role_that_exchange_does_not_have_is_refused_by_name() {
    let mut scenario = Scenario::contoso();
    scenario.tenants[0].apps[0].exchange_access = role("Application Calendars.Write", &[]);
    let Err(SimError::ScenarioContent { what, name, .. }) =
        m365_sim::Sim::start(scenario, SimOptions::explicit()).await
    else {
        panic!("it started")
    };
    assert_eq!(
        (what, name.as_str()),
        ("role", "Application Calendars.Write")
    );
}
