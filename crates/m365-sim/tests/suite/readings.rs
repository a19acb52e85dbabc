//! What Microsoft leaves open, read in the other way: each setting does what it says.

use m365_sim::{
    AccessPolicy, AccessRight, BareWindow, ExchangeAccess, IdsTaken, MalformedIds, PolicyRefusal,
    QuotedBooleans, Readings, RepeatedCreate, RoomInvitations, Scenario, SchedulesOutOfScope,
    SeriesEnd, SimOptions, UnknownMailbox, UnknownPreferredZone,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::receiver::Receiver;
use crate::series::{WINDOW, weekly};
use crate::subscriptions::order;
use crate::support::{ADELE, ALEX, Answer, Client, GONE_ID, ROOM1, ROOM2, World, answer, meeting};

/// Contoso, read so.
async fn world(readings: Readings) -> World {
    let scenario = Scenario {
        readings,
        ..Scenario::contoso()
    };
    World::start(scenario, SimOptions::explicit()).await
}

async fn preferring(client: &Client<'_>, preference: &str, path: &str) -> Answer {
    let request = client.request(Method::GET, path);
    answer(request.header("Prefer", preference)).await
}

fn code(answer: &Answer) -> &str {
    answer.json["error"]["code"].as_str().unwrap_or_default()
}

fn block() -> Value {
    meeting("Block", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00")
}

fn schedule(rooms: &[&str]) -> Value {
    json!({
        "schedules": rooms,
        "startTime": { "dateTime": "2026-11-24T09:00:00", "timeZone": "UTC" },
        "endTime": { "dateTime": "2026-11-24T10:00:00", "timeZone": "UTC" },
    })
}

#[tokio::test]
async fn a_repeated_create_can_be_refused_and_with_either_status() {
    for (repeated_create, duplicate_transaction_status, expected) in [
        (RepeatedCreate::FirstEvent, 409, 201),
        (RepeatedCreate::Refused, 409, 409),
        (RepeatedCreate::Refused, 400, 400),
    ] {
        let world = world(Readings {
            repeated_create,
            duplicate_transaction_status,
            ..Readings::default()
        })
        .await;
        let mut body = block();
        body["transactionId"] = json!("once");
        let adele = world.person(ADELE);
        assert_eq!(adele.post("me/events", body.clone()).await.status, 201);
        let again = adele.post("me/events", body).await;
        assert_eq!(again.status, expected);
        if expected != 201 {
            assert_eq!(code(&again), "ErrorDuplicateTransactionId");
        }
        assert_eq!(world.sim.events(ADELE).unwrap().len(), 1);
    }
}

#[tokio::test]
async fn answers_to_invitations_can_be_204() {
    let world = world(Readings {
        response_status: 204,
        ..Readings::default()
    })
    .await;
    let mut body = block();
    body["attendees"] = json!([{ "emailAddress": { "address": ALEX } }]);
    world.person(ADELE).post("me/events", body).await;
    let id = world.only_event(ALEX).id;
    let accept = format!("me/events/{id}/accept");
    let accepted = world.person(ALEX).post(&accept, json!({})).await;
    assert_eq!(accepted.status, 204);
    let cancel = format!("me/events/{}/cancel", world.only_event(ADELE).id);
    let cancelled = world.person(ADELE).post(&cancel, json!({})).await;
    assert_eq!(cancelled.status, 202);
}

#[tokio::test]
async fn the_ends_of_a_window_can_be_in_the_preferred_zone() {
    // Nine in Berlin is eight in UTC.
    let path = "me/calendarView?startDateTime=2026-11-24T08:30:00&endDateTime=2026-11-24T09:30:00";
    let berlin = "outlook.timezone=\"W. Europe Standard Time\"";
    for (bare_window, found) in [(BareWindow::Utc, 0), (BareWindow::PreferredZone, 1)] {
        let world = world(Readings {
            bare_window,
            ..Readings::default()
        })
        .await;
        let early = meeting("Early", &[], "2026-11-24T07:00:00", "2026-11-24T08:00:00");
        world.person(ADELE).post("me/events", early).await;
        let view = preferring(&world.person(ADELE), berlin, path).await;
        assert_eq!(view.json["value"].as_array().unwrap().len(), found);
    }
}

#[tokio::test]
async fn an_unknown_preferred_zone_can_be_ignored() {
    let world = world(Readings {
        unknown_preferred_zone: UnknownPreferredZone::Ignored,
        ..Readings::default()
    })
    .await;
    let adele = world.person(ADELE);
    adele.post("me/events", block()).await;
    let mars = "outlook.timezone=\"Mars Standard Time\"";
    let events = preferring(&adele, mars, "me/events").await;
    assert_eq!(events.status, 200);
    assert_eq!(events.json["value"][0]["start"]["timeZone"], "UTC");
    assert!(events.headers.get("preference-applied").is_none());
}

#[tokio::test]
async fn addresses_can_take_only_the_kind_of_ids_asked_for() {
    let world = world(Readings {
        ids_taken: IdsTaken::AsPreferred,
        ..Readings::default()
    })
    .await;
    let adele = world.person(ADELE);
    adele.post("me/events", block()).await;
    let event = world.only_event(ADELE);
    let immutably = "IdType=\"ImmutableId\"";
    for (id, preference, status) in [
        (&event.id, "", 200),
        (&event.immutable_id, "", 400),
        (&event.id, immutably, 400),
        (&event.immutable_id, immutably, 200),
    ] {
        let read = preferring(&adele, preference, &format!("me/events/{id}")).await;
        assert_eq!(read.status, status, "{id} {preference}");
    }
}

#[tokio::test]
async fn malformed_ids_can_be_as_if_gone() {
    let world = world(Readings {
        malformed_ids: MalformedIds::NotFound,
        ..Readings::default()
    })
    .await;
    let refused = world.person(ADELE).get("me/events/12345").await;
    assert_eq!(
        (refused.status.as_u16(), code(&refused)),
        (404, "ErrorItemNotFound")
    );
}

#[tokio::test]
async fn a_room_that_is_an_organizer_can_invite_nobody() {
    for (room_invitations, invited) in [(RoomInvitations::Sent, 1), (RoomInvitations::Kept, 0)] {
        let world = world(Readings {
            room_invitations,
            ..Readings::default()
        })
        .await;
        let app = world.app().await;
        let events = format!("users/{ROOM1}/events");
        let created = app.post(&events, block()).await;
        let path = format!("{events}/{}", created.json["id"].as_str().unwrap());
        let attendees = json!([{ "emailAddress": { "address": ALEX } }]);
        app.patch(&path, json!({ "attendees": attendees })).await;
        assert_eq!(world.sim.events(ALEX).unwrap().len(), invited);
    }
}

#[tokio::test]
async fn a_new_end_of_a_series_can_drop_its_exceptions() {
    for (series_end, kept) in [
        (SeriesEnd::KeepsExceptions, 1),
        (SeriesEnd::DropsExceptions, 0),
    ] {
        let world = world(Readings {
            series_end,
            ..Readings::default()
        })
        .await;
        let adele = world.person(ADELE);
        let series = weekly(4);
        let created = adele.post("me/events", series.clone()).await;
        let view = adele.get(&format!("me/calendarView?{WINDOW}")).await;
        let second = format!(
            "me/events/{}",
            view.json["value"][1]["id"].as_str().unwrap()
        );
        adele.patch(&second, json!({ "subject": "Other" })).await;
        let mut longer = series["recurrence"].clone();
        longer["range"]["numberOfOccurrences"] = json!(5);
        let path = format!("me/events/{}", created.json["id"].as_str().unwrap());
        adele.patch(&path, json!({ "recurrence": longer })).await;
        let view = adele.get(&format!("me/calendarView?{WINDOW}")).await;
        let shown = view.json["value"].as_array().unwrap();
        let other = shown.iter().filter(|one| one["subject"] == "Other");
        assert_eq!((shown.len(), other.count()), (5, kept));
    }
}

#[tokio::test]
async fn working_elsewhere_can_have_a_digit_of_its_own() {
    let world = world(Readings {
        working_elsewhere_digit: 4,
        ..Readings::default()
    })
    .await;
    let adele = world.person(ADELE);
    let mut body = block();
    body["showAs"] = json!("workingElsewhere");
    adele.post("me/events", body).await;
    let asked = adele
        .post("me/calendar/getSchedule", schedule(&[ADELE]))
        .await;
    assert_eq!(asked.json["value"][0]["availabilityView"], "44");
}

#[tokio::test]
async fn schedules_can_be_asked_for_as_many_as_the_service_was_seen_to_take() {
    let twenty_one = [ROOM1; 21];
    for (schedules_max, status) in [(20, 400), (100, 200)] {
        let world = world(Readings {
            schedules_max,
            ..Readings::default()
        })
        .await;
        let adele = world.person(ADELE);
        let asked = adele
            .post("me/calendar/getSchedule", schedule(&twenty_one))
            .await;
        assert_eq!(asked.status, status, "{}", asked.json);
    }
}

/// An application that a policy keeps out of all mailboxes but room 1's.
async fn restricted(readings: Readings) -> World {
    let mut scenario = Scenario::contoso();
    scenario.readings = readings;
    scenario.tenants[0].apps[0].exchange_access = ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right: AccessRight::RestrictAccess,
            mailboxes: vec![ROOM1.to_owned()],
        }),
        ..ExchangeAccess::default()
    };
    World::start(scenario, SimOptions::explicit()).await
}

#[tokio::test]
async fn schedules_out_of_an_applications_scope_can_be_refused() {
    let world = restricted(Readings {
        schedules_out_of_scope: SchedulesOutOfScope::Refused,
        ..Readings::default()
    })
    .await;
    let path = format!("users/{ROOM1}/calendar/getSchedule");
    let app = world.app().await;
    let asked = app.post(&path, schedule(&[ROOM1, ROOM2])).await;
    let value = &asked.json["value"];
    assert_eq!(value[0]["availabilityView"], "00");
    assert_eq!(value[1]["error"]["responseCode"], "ErrorNoFreeBusyAccess");
}

#[tokio::test]
async fn an_access_policy_can_refuse_without_naming_itself() {
    let world = restricted(Readings {
        policy_refusal: PolicyRefusal::Plain,
        ..Readings::default()
    })
    .await;
    let app = world.app().await;
    let refused = app.get(&format!("users/{ROOM2}/events")).await;
    assert_eq!(
        (refused.status.as_u16(), code(&refused)),
        (403, "ErrorAccessDenied")
    );
    let message = &refused.json["error"]["message"];
    assert_eq!(message, "Access to OData is disabled.");
}

#[tokio::test]
async fn mailboxes_that_are_not_there_can_have_other_codes() {
    for (unknown_mailbox, told) in [
        (UnknownMailbox::ResourceNotFound, "ResourceNotFound"),
        (
            UnknownMailbox::RequestResourceNotFound,
            "Request_ResourceNotFound",
        ),
    ] {
        let world = world(Readings {
            unknown_mailbox,
            ..Readings::default()
        })
        .await;
        let app = world.app().await;
        let refused = app.get("users/nobody@contoso.com/events").await;
        assert_eq!((refused.status.as_u16(), code(&refused)), (404, told));
    }
}

#[tokio::test]
async fn owners_of_subscriptions_can_be_warned_earlier_or_never() {
    for (renewal_warning_minutes, warnings) in [(60, 1), (0, 0)] {
        let world = world(Readings {
            renewal_warning_minutes,
            ..Readings::default()
        })
        .await;
        let (app, receiver) = (world.app().await, Receiver::start().await);
        let created = app.post("subscriptions", order(&receiver, "good")).await;
        assert_eq!(created.status, 201, "{}", created.json);
        let hour_before = "2026-11-21T23:00:00Z".parse().unwrap();
        world.sim.clock().set(hour_before);
        world.sim.drain().await;
        assert_eq!(receiver.take().len(), warnings);
        world
            .sim
            .clock()
            .set("2026-11-21T23:59:59Z".parse().unwrap());
        world.sim.drain().await;
        assert_eq!(receiver.take().len(), 0);
    }
}

#[tokio::test]
async fn booleans_in_quotes_can_be_refused_by_name() {
    let world = world(Readings {
        quoted_booleans: QuotedBooleans::Refused,
        ..Readings::default()
    })
    .await;
    let mut body = block();
    body["isReminderOn"] = json!("false");
    let refused = world.person(ADELE).post("me/events", body).await;
    assert_eq!(
        (refused.status.as_u16(), code(&refused)),
        (400, "RequestBodyRead")
    );
    let message = refused.json["error"]["message"].as_str().unwrap();
    assert!(message.contains("isReminderOn"), "{message}");
}

#[tokio::test]
async fn readings_change_while_it_runs_and_impossible_ones_are_refused_by_name() {
    let world = World::contoso().await;
    let set = |body| world.control(Method::POST, "readings", body);
    assert_eq!(set(json!({ "malformedIds": "notFound" })).await.status, 204);
    let shown = world.control(Method::GET, "readings", Value::Null).await;
    assert_eq!(shown.json["malformedIds"], "notFound");
    assert_eq!(shown.json["unknownMailbox"], "ErrorInvalidUser");
    let path = "me/events/12345";
    assert_eq!(world.person(ADELE).get(path).await.status, 404);
    for (field, value) in [
        ("duplicateTransactionStatus", json!(200)),
        ("responseStatus", json!(200)),
        ("workingElsewhereDigit", json!(1)),
        ("schedulesMax", json!(101)),
        ("renewalWarningMinutes", json!(1_441)),
        ("malformedId", json!("notFound")),
    ] {
        let refused = set(json!({ field: value })).await;
        assert_eq!(refused.status, 400, "{field}");
        let message = refused.json["error"].as_str().unwrap();
        assert!(message.contains(field), "{message}");
    }
    assert_eq!(set(json!({})).await.status, 204);
    let malformed = world.person(ADELE).get(path).await;
    assert_eq!(
        (malformed.status.as_u16(), code(&malformed)),
        (400, "ErrorInvalidIdMalformed")
    );
    let gone = world
        .person(ADELE)
        .get(&format!("me/events/{GONE_ID}"))
        .await;
    assert_eq!(
        (gone.status.as_u16(), code(&gone)),
        (404, "ErrorItemNotFound")
    );
}
