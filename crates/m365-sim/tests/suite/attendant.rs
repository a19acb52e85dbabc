//! What a room makes of requests that take more than one answer: series, delegates, people from elsewhere, nobody coming.

use m365_sim::{Processing, Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::room_settings::world_with;
use crate::series::{WINDOW, weekly};
use crate::support::{ADELE, ALEX, ROOM1, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";

/// What is in the room's calendar, series expanded, in order of time.
async fn room_view(world: &World) -> Vec<Value> {
    let path = format!("users/{ROOM1}/calendarView?{WINDOW}&$top=50");
    let view = world.app().await.get(&path).await;
    view.json["value"].as_array().unwrap().clone()
}

/// Room 1's answer as each occurrence in the organizer's calendar shows it.
async fn answers_seen(world: &World, organizer: &str) -> Vec<String> {
    let path = format!("me/calendarView?{WINDOW}&$top=50");
    let view = world.person(organizer).get(&path).await;
    let events = view.json["value"].as_array().unwrap().iter();
    events
        .map(|one| {
            one["attendees"][0]["status"]["response"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

#[tokio::test]
async fn the_answer_comes_first_and_the_rewriting_a_step_later() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world.sim.step().await;
    let copy = world.only_event(ROOM1);
    assert_eq!(
        (copy.response.as_str(), copy.subject.as_str()),
        ("accepted", "Weekly review")
    );
    world.sim.step().await;
    assert_eq!(world.only_event(ROOM1).subject, "Adele Vance");
}

#[tokio::test]
async fn a_series_within_the_limits_of_conflicts_is_accepted_without_those() {
    for (instances, percentage, answers) in [
        (0, 0, ["declined"; 4]),
        (1, 25, ["accepted", "declined", "accepted", "accepted"]),
        (3, 20, ["declined"; 4]),
        (0, 50, ["declined"; 4]),
    ] {
        let world = world_with(Processing {
            maximum_conflict_instances: instances,
            conflict_percentage_allowed: percentage,
            ..Processing::default()
        })
        .await;
        world
            .person(ALEX)
            .book(ROOM1, "2026-12-01T09:30:00", "2026-12-01T10:30:00")
            .await;
        world.person(ADELE).post("me/events", weekly(4)).await;
        world.sim.drain().await;
        assert_eq!(
            answers_seen(&world, ADELE).await,
            answers,
            "{instances} {percentage}"
        );
        let held = room_view(&world).await.len();
        assert_eq!(held, if answers[0] == "accepted" { 4 } else { 1 });
    }
}

#[tokio::test]
async fn conflicts_are_accepted_where_they_are_allowed() {
    let world = world_with(Processing {
        allow_conflicts: true,
        ..Processing::default()
    })
    .await;
    world.person(ALEX).book(ROOM1, NINE, TEN).await;
    world.person(ADELE).post("me/events", weekly(4)).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ALEX, ROOM1), "accepted");
    assert_eq!(answers_seen(&world, ADELE).await, ["accepted"; 4]);
    assert_eq!(room_view(&world).await.len(), 5);
}

#[tokio::test]
async fn a_series_beyond_the_window_is_cut_where_it_is_not_refused() {
    let world = world_with(Processing {
        booking_window_in_days: 20,
        enforce_scheduling_horizon: false,
        ..Processing::default()
    })
    .await;
    let mut endless = weekly(1);
    endless["recurrence"]["range"] = json!({ "type": "noEnd", "startDate": "2026-11-24" });
    let created = world.person(ADELE).post("me/events", endless).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
    let starts: Vec<Value> = room_view(&world)
        .await
        .iter()
        .map(|one| one["start"]["dateTime"].clone())
        .collect();
    let kept = ["2026-11-24", "2026-12-01", "2026-12-08"];
    assert_eq!(starts, kept.map(|day| format!("{day}T09:00:00.0000000")));
    let path = format!("me/events/{}", created.json["id"].as_str().unwrap());
    let change = json!({ "importance": "high" });
    world.person(ADELE).patch(&path, change).await;
    assert_eq!(room_view(&world).await.len(), 3);
}

#[tokio::test]
async fn a_delegate_decides_what_is_put_before_one() {
    let delegated = Processing {
        all_book_in_policy: false,
        all_request_in_policy: true,
        resource_delegates: vec![ALEX.to_owned()],
        ..Processing::default()
    };
    for (action, answer, copies) in [("accept", "accepted", 1), ("decline", "declined", 0)] {
        let world = world_with(delegated.clone()).await;
        world.person(ADELE).book(ROOM1, NINE, TEN).await;
        world.sim.drain().await;
        let pending = world.only_event(ROOM1);
        assert_eq!(pending.subject, "Weekly review");
        let path = format!("users/{ROOM1}/events/{}/{action}", pending.id);
        let answered = world.person(ALEX).post(&path, json!({})).await;
        assert_eq!(answered.status, 202, "{}", answered.json);
        world.sim.drain().await;
        assert_eq!(world.answer_of(ADELE, ROOM1), answer);
        let room = world.sim.events(ROOM1).unwrap();
        assert_eq!(room.len(), copies);
        assert!(
            room.iter()
                .all(|copy| copy.subject == "Adele Vance" && copy.show_as == "busy")
        );
    }
}

#[tokio::test]
async fn organizers_of_other_organisations_are_heard_only_where_set() {
    let mut scenario = Scenario::contoso();
    let mut other = scenario.tenants[0].clone();
    other.id = None;
    other.domain = "fabrikam.com".to_owned();
    other.rooms.clear();
    other.room_lists.clear();
    other.apps.clear();
    other.events.clear();
    other.people.truncate(1);
    other.people[0].address = "ida@fabrikam.com".to_owned();
    scenario.tenants.push(other);
    for (heard, answer) in [(false, "declined"), (true, "accepted")] {
        let scenario = scenario.clone().with_processing(
            ROOM1,
            Processing {
                process_external_meeting_messages: heard,
                ..Processing::default()
            },
        );
        let world = World::start(scenario, SimOptions::explicit()).await;
        let path = "mailboxes/ida@fabrikam.com/events";
        let sent = meeting("Visit", &[ROOM1], NINE, TEN);
        let created = world.control(Method::POST, path, sent).await;
        assert_eq!(created.status, 201, "{}", created.json);
        world.sim.drain().await;
        assert_eq!(world.answer_of("ida@fabrikam.com", ROOM1), answer);
    }
}

#[tokio::test]
async fn work_hours_are_those_of_the_room_and_of_its_zone() {
    let mut scenario = Scenario::contoso().with_processing(
        ROOM1,
        Processing {
            schedule_only_during_work_hours: true,
            ..Processing::default()
        },
    );
    let rooms = &mut scenario.tenants[0].rooms;
    let room = rooms.iter_mut().find(|room| room.address == ROOM1).unwrap();
    room.working_hours.days_of_week = vec!["sunday".to_owned()];
    room.working_hours.time_zone = Some("Asia/Tokyo".to_owned());
    let world = World::start(scenario, SimOptions::explicit()).await;
    let adele = world.person(ADELE);
    // Ten o'clock on Sunday in Tokyo, and on Monday.
    for (start, end, status) in [
        ("2026-11-29T01:00:00", "2026-11-29T02:00:00", "accepted"),
        ("2026-11-30T01:00:00", "2026-11-30T02:00:00", "declined"),
    ] {
        let created = adele.book(ROOM1, start, end).await;
        world.sim.drain().await;
        let path = format!("me/events/{}", created["id"].as_str().unwrap());
        let seen = adele.get(&path).await;
        assert_eq!(seen.json["attendees"][0]["status"]["response"], status);
    }
    let body = json!({
        "schedules": [ROOM1],
        "startTime": { "dateTime": "2026-11-29T00:00:00", "timeZone": "UTC" },
        "endTime": { "dateTime": "2026-11-30T00:00:00", "timeZone": "UTC" },
    });
    let schedule = adele.post("me/calendar/getSchedule", body).await;
    let hours = &schedule.json["value"][0]["workingHours"];
    assert_eq!(hours["daysOfWeek"], json!(["sunday"]));
    assert_eq!(hours["timeZone"]["name"], "Asia/Tokyo");
}

/// What the organizer sees room 1 answer to each meeting of the day.
async fn answers_of_the_day(world: &World) -> Vec<String> {
    let day = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    let view = world
        .person(ADELE)
        .get(&format!("me/calendarView?{day}"))
        .await;
    let events = view.json["value"].as_array().unwrap().iter();
    events
        .map(|one| {
            let status = &one["attendees"][0]["status"];
            status["response"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_room_nobody_checks_in_to_is_given_back() {
    let world = world_with(Processing {
        enable_auto_release: true,
        post_reservation_max_claim_time_in_minutes: 15,
        ..Processing::default()
    })
    .await;
    let series = world.person(ADELE).post("me/events", weekly(2)).await;
    assert_eq!(series.status, 201, "{}", series.json);
    world
        .person(ADELE)
        .book(ROOM1, "2026-11-24T11:00:00", "2026-11-24T12:00:00")
        .await;
    world.sim.drain().await;
    let at = |time: &str| world.sim.clock().set(time.parse().unwrap());
    at("2026-11-24T09:10:00Z");
    world.sim.drain().await;
    assert_eq!(answers_of_the_day(&world).await, ["accepted", "accepted"]);
    at("2026-11-24T09:15:00Z");
    world.sim.drain().await;
    assert_eq!(answers_of_the_day(&world).await, ["declined", "accepted"]);
    at("2026-11-24T11:05:00Z");
    let adele = world.person(ADELE);
    let day = "startDateTime=2026-11-24T10:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    let view = adele.get(&format!("me/calendarView?{day}")).await;
    let uid = view.json["value"][0]["iCalUId"].clone();
    let claim = json!({ "calendarEventId": uid, "checkInMethod": "Manual" });
    let path = format!("places/{ROOM1}/checkIns");
    let refused = world.app().await.post(&path, claim.clone()).await;
    assert_eq!(refused.status, 403);
    let other = json!({ "calendarEventId": "another", "checkInMethod": "manual" });
    assert_eq!(adele.post(&path, other).await.status, 404);
    let claimed = adele.post(&path, claim).await;
    assert_eq!(claimed.status, 201, "{}", claimed.json);
    assert_eq!(claimed.json["checkInMethod"], "manual");
    let listed = adele.get(&path).await;
    assert_eq!(listed.json["value"][0]["calendarEventId"], uid);
    at("2026-11-24T11:30:00Z");
    world.sim.drain().await;
    assert_eq!(answers_of_the_day(&world).await, ["declined", "accepted"]);
    let next = room_view(&world).await;
    let starts: Vec<_> = next
        .iter()
        .map(|one| one["start"]["dateTime"].clone())
        .collect();
    assert_eq!(
        starts,
        ["2026-11-24T11:00:00.0000000", "2026-12-01T09:00:00.0000000"]
    );
}
