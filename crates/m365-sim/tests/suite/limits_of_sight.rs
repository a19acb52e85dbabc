//! What stays out of sight of those who share a calendar, an application or only a tenant with its owner.

use m365_sim::{ExchangeAccess, ExchangeRole, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::support::{ADELE, ALEX, Client, ROOM1, ROOM2, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";

/// A world in which Adele shares her calendar with Alex.
async fn shared() -> World {
    let mut scenario = Scenario::contoso();
    let mut people = scenario.tenants[0].people.iter_mut();
    let adele = people.find(|person| person.address == ADELE).unwrap();
    adele.calendar_shared_with.push(ALEX.into());
    World::start(scenario, SimOptions::explicit()).await
}

#[tokio::test]
async fn lists_tell_of_a_private_event_only_when_it_is() {
    let world = shared().await;
    let adele = world.person(ADELE);
    let mut series = crate::series::weekly(2);
    series["subject"] = json!("Choir");
    let series = adele.post("me/events", series).await.json;
    let series = series["id"].as_str().unwrap();
    let instances = format!("events/{series}/instances?{}", crate::series::WINDOW);
    let second = adele.get(&format!("me/{instances}")).await.json["value"][1]["id"].clone();
    let secret = json!({
        "subject": "Doctor", "sensitivity": "private", "location": { "displayName": "Clinic" },
    });
    let path = format!("me/events/{}", second.as_str().unwrap());
    assert_eq!(adele.patch(&path, secret).await.status, 200);
    let mut single = meeting("Doctor", &[ROOM2], NINE, TEN);
    single["sensitivity"] = json!("private");
    adele.post("me/events", single).await;

    let window = crate::series::WINDOW;
    let expanded = "$select=subject,exceptionOccurrences&$expand=exceptionOccurrences";
    let alex = world.person(ALEX);
    for path in [
        "events".to_owned(),
        format!("calendarView?{window}"),
        format!("calendarView/delta?{window}"),
        instances,
        format!("events/{series}?{expanded}"),
    ] {
        let answer = alex.get(&format!("users/{ADELE}/{path}")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.json);
        let text = answer.json.to_string();
        let mut secrets = ["Doctor", "Clinic", ROOM2].into_iter();
        let told = secrets.find(|secret| text.contains(secret));
        assert_eq!(told, None, "{path}: {text}");
        let own = adele.get(&format!("me/{path}")).await.json.to_string();
        assert!(
            own.contains("Doctor") || path.contains("delta"),
            "{path}: {own}"
        );
    }
    let view = format!("users/{ADELE}/calendarView?{window}");
    let view = alex.get(&view).await.json;
    assert_eq!(view["value"].as_array().unwrap().len(), 3);
    assert_eq!(
        view["value"][0]["start"]["dateTime"],
        "2026-11-24T09:00:00.0000000"
    );
    let sought = format!("users/{ADELE}/events?$filter=subject%20eq%20'Doctor'");
    assert_eq!(alex.get(&sought).await.json["value"], json!([]));
}

#[tokio::test]
async fn a_private_event_of_a_shared_calendar_is_not_there_for_the_delegate() {
    let world = shared().await;
    let mut body = meeting("Doctor", &[ROOM1], NINE, TEN);
    body["sensitivity"] = json!("private");
    let created = world.person(ADELE).post("me/events", body).await.json;
    let path = format!("users/{ADELE}/events/{}", created["id"].as_str().unwrap());
    let window = "startDateTime=2026-11-24&endDateTime=2026-11-25";
    let alex = world.person(ALEX);
    for answer in [
        alex.get(&path).await,
        alex.get(&format!("{path}/instances?{window}")).await,
        alex.patch(&path, json!({})).await,
        alex.post(&format!("{path}/cancel"), json!({})).await,
        alex.delete(&path).await,
    ] {
        assert_eq!(answer.status, 404, "{}", answer.json);
        assert_eq!(answer.json["error"]["code"], "ErrorItemNotFound");
    }
    let own = format!("me/events/{}", created["id"].as_str().unwrap());
    assert_eq!(world.person(ADELE).delete(&own).await.status, 204);
}

#[tokio::test]
async fn who_reads_only_the_basics_sees_no_properties_of_applications() {
    let mut scenario = Scenario::contoso();
    let world = World::start(scenario.clone(), SimOptions::explicit()).await;
    let mut body = meeting("Review", &[], NINE, TEN);
    let id = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name Colour";
    body["singleValueExtendedProperties"] = json!([{ "id": id, "value": "teal" }]);
    let seen = async |world: &World, id: &str| {
        let expand = format!("$expand=singleValueExtendedProperties($filter=id%20eq%20'{id}')");
        let answer = world
            .app()
            .await
            .get(&format!("users/{ADELE}/events?{expand}"))
            .await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        answer.json["value"][0]["singleValueExtendedProperties"][0]["value"].clone()
    };
    world.person(ADELE).post("me/events", body.clone()).await;
    assert_eq!(seen(&world, id).await, "teal");
    assert_eq!(seen(&world, "String other").await, Value::Null);
    let basics = vec!["Calendars.ReadBasic.All".to_owned()];
    scenario.tenants[0].apps[0].application_permissions = basics;
    let world = World::start(scenario, SimOptions::explicit()).await;
    let created = world.person(ADELE).post("me/events", body).await;
    assert_eq!(created.status, 201);
    assert_eq!(seen(&world, id).await, Value::Null);
}

#[tokio::test]
async fn an_application_reads_details_in_a_schedule_only_where_its_role_reaches() {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions = vec!["Place.Read.All".to_owned()];
    app.exchange_access = ExchangeAccess {
        roles: vec![ExchangeRole {
            role: "Application Calendars.Read".to_owned(),
            mailboxes: Some(vec![ROOM1.to_owned()]),
        }],
        ..ExchangeAccess::default()
    };
    let world = World::start(scenario, SimOptions::explicit()).await;
    let both = meeting("Merger", &[ROOM1, ROOM2], NINE, TEN);
    world.person(ADELE).post("me/events", both).await;
    world.sim.drain().await;
    let query = json!({
        "schedules": [ROOM1, ROOM2],
        "startTime": { "dateTime": NINE, "timeZone": "UTC" },
        "endTime": { "dateTime": TEN, "timeZone": "UTC" },
    });
    let path = format!("users/{ROOM1}/calendar/getSchedule");
    let answer = world.app().await.post(&path, query).await.json;
    let item = |position: usize| &answer["value"][position]["scheduleItems"][0];
    assert_eq!(item(0)["subject"], "Adele Vance");
    assert_eq!(item(1)["status"], "busy");
    assert!(item(1).get("subject").is_none() && item(1).get("location").is_none());
}

/// An order for notifications about the calendar of whoever gives it.
fn order(receiver: &Receiver) -> Value {
    json!({
        "changeType": "created,updated,deleted",
        "notificationUrl": format!("{}/good", receiver.url),
        "resource": "me/events",
        "expirationDateTime": "2026-11-22T00:00:00Z",
        "clientState": "a secret",
    })
}

async fn subscriptions(client: &Client<'_>) -> usize {
    let listed = client.get("subscriptions").await;
    listed.json["value"].as_array().unwrap().len()
}

#[tokio::test]
async fn a_subscription_is_there_for_its_person_and_its_application_alone() {
    let world = World::contoso().await;
    let receiver = Receiver::start().await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let created = adele.post("subscriptions", order(&receiver)).await;
    assert_eq!(created.status, 201, "{}", created.json);
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    let later = json!({ "expirationDateTime": "2026-11-23T00:00:00Z" });
    for answer in [
        alex.get(&path).await,
        alex.patch(&path, later.clone()).await,
        alex.post(&format!("{path}/reauthorize"), json!({})).await,
        alex.delete(&path).await,
    ] {
        assert_eq!(answer.status, 404, "{}", answer.json);
    }
    let seen = [
        subscriptions(&adele).await,
        subscriptions(&alex).await,
        subscriptions(&world.app().await).await,
    ];
    assert_eq!(seen, [1, 0, 1]);

    let issued = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &["User.Read"]);
    let reader = world.with_token(&issued.unwrap().access_token);
    assert_eq!(subscriptions(&reader).await, 0);
    assert_eq!(reader.patch(&path, later).await.status, 403);
}

#[tokio::test]
async fn who_may_not_read_a_mailbox_any_more_hears_nothing_of_it() {
    let world = World::contoso().await;
    let (app, receiver) = (world.app().await, Receiver::start().await);
    let mut body = order(&receiver);
    body["resource"] = json!(format!("users/{ROOM1}/events"));
    let created = app.post("subscriptions", body).await;
    let path = format!("subscriptions/{}", created.json["id"].as_str().unwrap());
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    let denying = m365_sim::AccessPolicy {
        access_right: m365_sim::AccessRight::DenyAccess,
        mailboxes: vec![ROOM1.to_owned()],
    };
    let access = ExchangeAccess {
        policy: Some(denying),
        ..ExchangeAccess::default()
    };
    world
        .sim
        .set_exchange_access(Scenario::CONTOSO_CLIENT_ID, access)
        .unwrap();
    world.sim.drain().await;
    assert!(receiver.take().is_empty());
    let later = json!({ "expirationDateTime": "2026-11-23T00:00:00Z" });
    assert_eq!(app.patch(&path, later).await.status, 403);
}

#[tokio::test]
async fn nothing_is_told_after_a_subscription_ended() {
    let world = World::contoso().await;
    let receiver = Receiver::start().await;
    let adele = world.person(ADELE);
    adele.post("subscriptions", order(&receiver)).await;
    adele.book(ROOM1, NINE, TEN).await;
    let at = "2026-11-22T01:00:00Z".parse().unwrap();
    world.sim.clock().set(at);
    world.sim.drain().await;
    assert!(receiver.take().is_empty());
}

#[tokio::test]
async fn a_subscription_in_the_past_or_with_resource_data_is_refused() {
    let world = World::contoso().await;
    let receiver = Receiver::start().await;
    let adele = world.person(ADELE);
    let mut past = order(&receiver);
    past["expirationDateTime"] = json!("2020-01-01T00:00:00Z");
    assert_eq!(adele.post("subscriptions", past).await.status, 400);
    let mut rich = order(&receiver);
    rich["includeResourceData"] = json!(true);
    assert_eq!(adele.post("subscriptions", rich).await.status, 501);
    assert_eq!(subscriptions(&adele).await, 0);
}
