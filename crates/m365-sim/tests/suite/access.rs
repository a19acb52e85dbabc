//! What a token allows and what it does not.

use m365_sim::{AppRegistration, Scenario, SimOptions};
use uuid::Uuid;

use crate::support::{ADELE, ALEX, ROOM1, World, meeting, own_form};

#[tokio::test]
async fn missing_broken_and_expired_tokens_are_refused() {
    let world = World::contoso().await;
    let valid = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["User.Read"])
        .unwrap()
        .access_token;
    let (head, _) = valid.rsplit_once('.').unwrap();
    for token in ["", "abc", &format!("{head}.AAAA")] {
        let refused = world.with_token(token).get("me").await;
        assert_eq!(refused.status, 401);
        assert_eq!(refused.json["error"]["code"], "InvalidAuthenticationToken");
    }
    assert_eq!(world.with_token(&valid).get("me").await.status, 200);
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_hours(1));
    assert_eq!(world.with_token(&valid).get("me").await.status, 401);
}

#[tokio::test]
async fn people_reach_only_their_own_calendar() {
    let world = World::contoso().await;
    let alex = world.person(ALEX);
    let body = meeting(
        "Borrowed",
        &[],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    for answer in [
        alex.get(&format!("users/{ADELE}/events")).await,
        alex.post(&format!("users/{ADELE}/events"), body).await,
        alex.get(&format!(
            "users/{ROOM1}/calendarView?startDateTime=2026-11-24&endDateTime=2026-11-25"
        ))
        .await,
    ] {
        assert_eq!(answer.status, 403);
        assert_eq!(answer.json["error"]["code"], "ErrorAccessDenied");
    }
    assert_eq!(alex.get(&format!("users/{ALEX}/events")).await.status, 200);
}

#[tokio::test]
async fn a_shared_calendar_opens_to_those_it_is_shared_with() {
    let mut scenario = Scenario::contoso();
    scenario.tenants[0].rooms[0].calendar_shared_with = vec![ALEX.into()];
    let world = World::start(scenario, SimOptions::explicit()).await;
    assert_eq!(
        world
            .person(ALEX)
            .get(&format!("users/{ROOM1}/events"))
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .person(ADELE)
            .get(&format!("users/{ROOM1}/events"))
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn each_operation_needs_its_own_permission() {
    let id = Uuid::from_u128(7);
    let mut reader = AppRegistration::all_permissions(id, "reader");
    reader.application_permissions = vec!["Calendars.ReadBasic.All".to_owned()];
    let world = World::start(Scenario::contoso().with_app(reader), SimOptions::explicit()).await;
    world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    let client_id = id.to_string();
    let (_, token) = world.token(&own_form(&client_id, "reader")).await;
    let reader = world.with_token(token["access_token"].as_str().unwrap());
    let events = reader.get(&format!("users/{ADELE}/events")).await;
    assert_eq!(events.status, 200);
    assert!(events.json["value"][0].get("body").is_none());
    let window = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    let body = meeting(
        "Not mine",
        &[],
        "2026-11-24T09:00:00",
        "2026-11-24T10:00:00",
    );
    for refused in [
        reader.post(&format!("users/{ADELE}/events"), body).await,
        reader
            .get(&format!("users/{ROOM1}/calendarView/delta?{window}"))
            .await,
        reader.get("places/graph.room").await,
        reader.get("users").await,
        reader.get("organization").await,
    ] {
        assert_eq!(refused.status, 403, "{}", refused.json);
    }
}

#[tokio::test]
async fn an_app_has_no_me() {
    let world = World::contoso().await;
    assert_eq!(world.app().await.get("me").await.status, 400);
}

#[tokio::test]
async fn unknown_paths_and_methods_are_refused() {
    let world = World::contoso().await;
    let app = world.app().await;
    assert_eq!(app.get("rooms").await.status, 400);
    assert_eq!(app.delete("places/graph.room").await.status, 405);
    assert_eq!(app.get("users/cellar@contoso.com/events").await.status, 404);
}
