//! Single meetings of a series that were changed, answered or cancelled by themselves.

use m365_sim::{Processing, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::series::{WINDOW, weekly};
use crate::support::{ADELE, ALEX, Client, ROOM1, ROOM2, World, meeting};

/// Adele's weekly meeting of three with room 1 and Alex, all requests decided.
pub(crate) async fn weekly_with_alex(world: &World) -> String {
    let mut body = weekly(3);
    let alex = json!({ "type": "required", "emailAddress": { "address": ALEX } });
    body["attendees"].as_array_mut().unwrap().push(alex);
    let created = world.person(ADELE).post("me/events", body).await;
    assert_eq!(created.status, 201, "{}", created.json);
    world.sim.drain().await;
    created.json["id"].as_str().unwrap().to_owned()
}

/// What is in a person's calendar, series expanded, in order of time.
pub(crate) async fn view(client: &Client<'_>) -> Vec<Value> {
    let view = client.get(&format!("me/calendarView?{WINDOW}")).await;
    assert_eq!(view.status, 200, "{}", view.json);
    view.json["value"].as_array().unwrap().clone()
}

pub(crate) async fn room_view(world: &World, room: &str) -> Vec<Value> {
    let path = format!("users/{room}/calendarView?{WINDOW}");
    let view = world.app().await.get(&path).await;
    view.json["value"].as_array().unwrap().clone()
}

pub(crate) fn path_of(event: &Value) -> String {
    format!("me/events/{}", event["id"].as_str().unwrap())
}

pub(crate) fn times(start: &str, end: &str) -> Value {
    json!({ "start": { "dateTime": start, "timeZone": "UTC" }, "end": { "dateTime": end, "timeZone": "UTC" } })
}

/// The answers in an event as (address, answer).
pub(crate) fn answers(event: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let attendees = event["attendees"].as_array().unwrap().iter();
    attendees
        .map(|one| {
            (
                text(&one["emailAddress"]["address"]),
                text(&one["status"]["response"]),
            )
        })
        .collect()
}

pub(crate) fn pairs(answers: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(address, answer): &(&str, &str)| ((*address).to_owned(), (*answer).to_owned());
    answers.iter().map(owned).collect()
}

#[tokio::test]
async fn an_exception_carries_every_property_of_its_own_and_follows_the_series_in_the_others() {
    let world = World::contoso().await;
    let series = weekly_with_alex(&world).await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let second = path_of(&view(&adele).await[1]);
    let change = json!({
        "subject": "Review with guests",
        "body": { "contentType": "text", "content": "Bring a chair" },
        "location": { "displayName": "Roof" },
        "importance": "high",
        "sensitivity": "personal",
    });
    let changed = adele.patch(&second, change).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    assert_eq!(changed.json["type"], "exception");
    assert_eq!(changed.json["subject"], "Review with guests");
    world.sim.drain().await;
    for client in [&adele, &alex] {
        let shown = view(client).await;
        let subjects: Vec<_> = shown.iter().map(|one| one["subject"].clone()).collect();
        assert_eq!(
            subjects,
            ["Weekly review", "Review with guests", "Weekly review"]
        );
        assert_eq!(shown[1]["location"]["displayName"], "Roof");
        assert_eq!(shown[1]["importance"], "high");
        assert_eq!(shown[1]["sensitivity"], "personal");
        assert_eq!(shown[1]["bodyPreview"], "Bring a chair");
        assert_eq!(shown[1]["type"], "exception");
        assert_eq!(shown[0]["type"], "occurrence");
    }
    assert_eq!(room_view(&world, ROOM1).await[1]["subject"], "Adele Vance");
    let master = format!("me/events/{series}");
    let change = json!({ "subject": "Review", "hideAttendees": true });
    adele.patch(&master, change).await;
    let shown = view(&adele).await;
    assert_eq!(shown[0]["subject"], "Review");
    assert_eq!(shown[1]["subject"], "Review with guests");
    assert_eq!(shown[1]["hideAttendees"], true);
}

#[tokio::test]
async fn a_cancelled_occurrence_stays_with_those_invited_and_is_marked() {
    let world = World::contoso().await;
    weekly_with_alex(&world).await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let second = path_of(&view(&adele).await[1]);
    let cancelled = adele.post(&format!("{second}/cancel"), json!({})).await;
    assert_eq!(cancelled.status, 202);
    assert_eq!(view(&adele).await.len(), 2);
    let shown = view(&alex).await;
    assert_eq!(shown.len(), 3);
    assert_eq!(shown[1]["isCancelled"], true);
    assert_eq!(shown[1]["showAs"], "free");
    assert_eq!(shown[1]["subject"], "Canceled: Weekly review");
    assert_eq!(shown[2]["isCancelled"], false);
}

#[tokio::test]
async fn an_answer_to_one_occurrence_is_about_that_one() {
    let world = World::contoso().await;
    let series = weekly_with_alex(&world).await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    alex.post(
        &format!("{}/accept", path_of(&json!({ "id": own_series(&world) }))),
        json!({}),
    )
    .await;
    let mine = view(&alex).await;
    for (position, action) in [(0, "tentativelyAccept"), (1, "decline")] {
        let path = format!("{}/{action}", path_of(&mine[position]));
        assert_eq!(alex.post(&path, json!({})).await.status, 202);
    }
    let mine = view(&alex).await;
    let shown: Vec<_> = mine
        .iter()
        .map(|one| one["responseStatus"]["response"].clone())
        .collect();
    assert_eq!(shown, ["tentativelyAccepted", "accepted"]);
    let theirs = view(&adele).await;
    let room = (ROOM1, "accepted");
    assert_eq!(
        answers(&theirs[0]),
        pairs(&[room, (ALEX, "tentativelyAccepted")])
    );
    assert_eq!(answers(&theirs[1]), pairs(&[room, (ALEX, "declined")]));
    assert_eq!(answers(&theirs[2]), pairs(&[room, (ALEX, "accepted")]));
    let master = adele.get(&format!("me/events/{series}")).await;
    assert_eq!(answers(&master.json), pairs(&[room, (ALEX, "accepted")]));
}

/// The id of the only series in Alex' calendar.
pub(crate) fn own_series(world: &World) -> String {
    world.only_event(ALEX).id
}

#[tokio::test]
async fn a_room_decides_a_moved_occurrence_by_itself() {
    let world = World::contoso().await;
    world
        .person(ALEX)
        .book(ROOM1, "2026-12-01T13:00:00", "2026-12-01T14:00:00")
        .await;
    let adele = world.person(ADELE);
    let created = adele.post("me/events", weekly(3)).await;
    world.sim.drain().await;
    let second = path_of(&view(&adele).await[1]);
    let moved = adele
        .patch(&second, times("2026-12-01T13:30:00", "2026-12-01T14:30:00"))
        .await;
    assert_eq!(answers(&moved.json), pairs(&[(ROOM1, "none")]));
    world.sim.drain().await;
    let shown = view(&adele).await;
    let of_room: Vec<_> = shown.iter().map(|one| answers(one)[0].1.clone()).collect();
    assert_eq!(of_room, ["accepted", "declined", "accepted"]);
    let master = adele.get(&path_of(&created.json)).await;
    assert_eq!(answers(&master.json), pairs(&[(ROOM1, "accepted")]));
    let organizers: Vec<_> = room_view(&world, ROOM1)
        .await
        .iter()
        .map(|one| one["subject"].clone())
        .collect();
    assert_eq!(organizers, ["Adele Vance", "Alex Wilber", "Adele Vance"]);
    let free = adele
        .patch(&second, times("2026-12-01T15:00:00", "2026-12-01T16:00:00"))
        .await;
    assert_eq!(free.status, 200, "{}", free.json);
    world.sim.drain().await;
    assert_eq!(
        answers(&view(&adele).await[1]),
        pairs(&[(ROOM1, "accepted")])
    );
}

#[tokio::test]
async fn one_occurrence_can_be_held_in_another_room() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    adele.post("me/events", weekly(3)).await;
    world.sim.drain().await;
    let second = path_of(&view(&adele).await[1]);
    let attendees = meeting("", &[ROOM2], "", "")["attendees"].clone();
    let swapped = adele
        .patch(&second, json!({ "attendees": attendees }))
        .await;
    assert_eq!(swapped.status, 200, "{}", swapped.json);
    world.sim.drain().await;
    let shown = view(&adele).await;
    assert_eq!(answers(&shown[1]), pairs(&[(ROOM2, "accepted")]));
    assert_eq!(answers(&shown[2]), pairs(&[(ROOM1, "accepted")]));
    assert_eq!(room_view(&world, ROOM1).await[1]["isCancelled"], true);
    let other = room_view(&world, ROOM2).await;
    assert_eq!(other.len(), 1);
    assert_eq!(other[0]["iCalUId"], shown[1]["iCalUId"]);
    adele.delete(&second).await;
    assert_eq!(room_view(&world, ROOM2).await[0]["isCancelled"], true);
}

#[tokio::test]
async fn an_attendee_removes_one_occurrence_without_a_word() {
    let world = World::contoso().await;
    weekly_with_alex(&world).await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let second = path_of(&view(&alex).await[1]);
    assert_eq!(alex.delete(&second).await.status, 204);
    assert_eq!(view(&alex).await.len(), 2);
    let theirs = view(&adele).await;
    assert_eq!(theirs.len(), 3);
    assert_eq!(
        answers(&theirs[1]),
        pairs(&[(ROOM1, "accepted"), (ALEX, "none")])
    );
}

#[tokio::test]
async fn a_master_names_its_exceptions_when_asked_for_them() {
    let world = World::contoso().await;
    let series = weekly_with_alex(&world).await;
    let adele = world.person(ADELE);
    let shown = view(&adele).await;
    adele
        .patch(&path_of(&shown[1]), json!({ "subject": "Special" }))
        .await;
    adele.delete(&path_of(&shown[2])).await;
    let path = format!("me/events/{series}");
    let plain = adele.get(&path).await;
    assert!(plain.json.get("cancelledOccurrences").is_none());
    assert!(plain.json.get("exceptionOccurrences").is_none());
    let asked = adele
        .get(&format!(
            "{path}?$select=subject,exceptionOccurrences,cancelledOccurrences&$expand=exceptionOccurrences"
        ))
        .await;
    assert_eq!(
        asked.json["cancelledOccurrences"],
        json!([format!("OID.{series}.2026-12-08")])
    );
    let exceptions = asked.json["exceptionOccurrences"].as_array().unwrap();
    assert_eq!(exceptions.len(), 1);
    assert_eq!(exceptions[0]["id"], shown[1]["id"]);
    assert_eq!(exceptions[0]["subject"], "Special");
    let unexpanded = adele
        .get(&format!("{path}?$select=exceptionOccurrences"))
        .await;
    assert!(unexpanded.json.get("exceptionOccurrences").is_none());
}

#[tokio::test]
async fn an_occurrence_cannot_reach_the_day_of_its_neighbour() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    adele.post("me/events", weekly(3)).await;
    let second = path_of(&view(&adele).await[1]);
    for day in ["2026-11-24", "2026-11-20", "2026-12-08", "2026-12-20"] {
        let (start, end) = (format!("{day}T15:00:00"), format!("{day}T16:00:00"));
        let refused = adele.patch(&second, times(&start, &end)).await;
        assert_eq!(refused.status, 400, "{day}");
        assert_eq!(
            refused.json["error"]["code"],
            "ErrorOccurrenceCrossingBoundary"
        );
    }
    let moved = adele
        .patch(&second, times("2026-12-07T15:00:00", "2026-12-07T16:00:00"))
        .await;
    assert_eq!(moved.status, 200, "{}", moved.json);
}

#[tokio::test]
async fn a_room_rewrites_each_exception_once() {
    let processing = Processing {
        delete_subject: false,
        ..Processing::default()
    };
    let scenario = Scenario::contoso().with_processing(ROOM1, processing);
    let world = World::start(scenario, SimOptions::explicit()).await;
    let series = weekly_with_alex(&world).await;
    let adele = world.person(ADELE);
    let second = path_of(&view(&adele).await[1]);
    let moved = json!({
        "subject": "Guests",
        "start": { "dateTime": "2026-12-01T11:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-12-01T12:00:00", "timeZone": "UTC" },
    });
    adele.patch(&second, moved).await;
    world.sim.drain().await;
    let master = format!("me/events/{series}");
    adele.patch(&master, json!({ "subject": "Review" })).await;
    world.sim.drain().await;
    let subjects: Vec<_> = room_view(&world, ROOM1)
        .await
        .iter()
        .map(|one| one["subject"].clone())
        .collect();
    assert_eq!(
        subjects,
        [
            "Adele Vance Review",
            "Adele Vance Guests",
            "Adele Vance Review"
        ]
    );
}
