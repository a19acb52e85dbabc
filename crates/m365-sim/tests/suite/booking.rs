//! Booking a room: the copies in the mailboxes and what the room makes of a request.

use m365_sim::{Scenario, SimOptions, StepReport};
use serde_json::json;

use crate::support::{ADELE, ALEX, ROOM1, ROOM2, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";
const ELEVEN: &str = "2026-11-24T11:00:00";

#[tokio::test]
async fn a_free_room_accepts_and_the_organizer_hears_of_it() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    assert_eq!(world.only_event(ROOM1).response, "notResponded");
    assert_eq!(world.only_event(ROOM1).show_as, "tentative");
    assert_eq!(world.answer_of(ADELE, ROOM1), "none");
    world.sim.drain().await;
    assert_eq!(world.only_event(ROOM1).response, "accepted");
    assert_eq!(world.only_event(ROOM1).show_as, "busy");
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
}

#[tokio::test]
async fn copies_have_own_ids_and_share_the_calendar_uid() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.book(ROOM1, NINE, TEN).await;
    let copy = world.only_event(ROOM1);
    assert_ne!(created["id"], copy.id);
    assert_eq!(created["iCalUId"], copy.i_cal_u_id);
    let id = created["id"].as_str().unwrap();
    let foreign = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/events/{id}"))
        .await;
    assert_eq!(foreign.status, 404);
    assert_eq!(foreign.json["error"]["code"], "ErrorItemNotFound");
}

#[tokio::test]
async fn an_accepting_room_shows_the_organizers_name_instead_of_the_subject() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    assert_eq!(world.only_event(ROOM1).subject, "Weekly review");
    world.sim.drain().await;
    let copy = world.only_event(ROOM1);
    assert_eq!(
        (copy.subject.as_str(), copy.body.as_str()),
        ("Adele Vance", "")
    );
    assert_eq!(world.only_event(ADELE).subject, "Weekly review");
}

#[tokio::test]
async fn a_taken_room_declines_and_its_copy_disappears() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world
        .person(ALEX)
        .book(ROOM1, "2026-11-24T09:30:00", ELEVEN)
        .await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
    assert_eq!(world.answer_of(ALEX, ROOM1), "declined");
    assert_eq!(world.only_event(ROOM1).organizer, ADELE);
}

#[tokio::test]
async fn meetings_that_touch_do_not_conflict() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world.person(ALEX).book(ROOM1, TEN, ELEVEN).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ALEX, ROOM1), "accepted");
}

#[tokio::test]
async fn of_fifty_simultaneous_requests_exactly_one_is_accepted() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let requests = (0..50).map(|number| {
        let body = meeting(&format!("Request {number}"), &[ROOM1], NINE, TEN);
        adele.post("me/events", body)
    });
    for answer in futures::future::join_all(requests).await {
        assert_eq!(answer.status, 201, "{}", answer.json);
    }
    world.sim.drain().await;
    assert_eq!(world.only_event(ROOM1).response, "accepted");
    let events = world.sim.events(ADELE).unwrap();
    let accepted = events
        .iter()
        .filter(|event| event.attendees[0].response == "accepted")
        .count();
    let declined = events
        .iter()
        .filter(|event| event.attendees[0].response == "declined")
        .count();
    assert_eq!((accepted, declined), (1, 49));
}

#[tokio::test]
async fn rooms_answer_by_themselves_in_auto_mode() {
    let world = World::start(Scenario::contoso(), SimOptions::auto()).await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    let answered = async {
        while world.answer_of(ADELE, ROOM1) != "accepted" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), answered)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_replayed_transaction_does_not_book_twice() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let mut body = meeting("Weekly review", &[ROOM1], NINE, TEN);
    body["transactionId"] = json!("7E163156-7762-4BEB-A1C6-729EA81755A7");
    let first = adele.post("me/events", body.clone()).await;
    let second = adele.post("me/events", body.clone()).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_eq!(first.json["id"], second.json["id"]);
    assert_eq!(first.json["transactionId"], body["transactionId"]);
    assert_eq!(world.sim.events(ADELE).unwrap().len(), 1);
    body["subject"] = json!("Another meeting");
    let third = adele.post("me/events", body).await;
    assert_eq!(third.json["error"]["code"], "ErrorDuplicateTransactionId");
}

#[tokio::test]
async fn a_transaction_stands_for_the_request_it_was_first_used_with() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let mut body = meeting("Weekly review", &[ROOM1], NINE, TEN);
    body["transactionId"] = json!("7E163156-7762-4BEB-A1C6-729EA81755A7");
    let first = adele.post("me/events", body.clone()).await.json;
    let path = format!("me/events/{}", first["id"].as_str().unwrap());
    adele.patch(&path, json!({ "subject": "Renamed" })).await;
    let replayed = adele.post("me/events", body.clone()).await;
    assert_eq!(replayed.status, 201, "{}", replayed.json);
    assert_eq!(replayed.json["id"], first["id"]);

    let mut elsewhere = meeting("Weekly review", &[ROOM2], NINE, TEN);
    elsewhere["transactionId"] = body["transactionId"].clone();
    assert_eq!(adele.post("me/events", elsewhere).await.status, 409);
    adele.delete(&path).await;
    assert_eq!(adele.post("me/events", body).await.status, 409);
    assert!(world.sim.events(ADELE).unwrap().is_empty());
}

#[tokio::test]
async fn cancelling_and_deleting_free_the_room() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for act in ["cancel", "delete"] {
        let created = adele.book(ROOM1, NINE, TEN).await;
        world.sim.drain().await;
        assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
        let path = format!("me/events/{}", created["id"].as_str().unwrap());
        let answer = match act {
            "cancel" => {
                adele
                    .post(&format!("{path}/cancel"), json!({ "comment": "Not today" }))
                    .await
            }
            _ => adele.delete(&path).await,
        };
        assert!(answer.status.is_success(), "{}", answer.json);
        assert!(world.sim.events(ADELE).unwrap().is_empty());
        let copies = world.sim.events(ROOM1).unwrap();
        assert!(
            copies
                .iter()
                .all(|copy| copy.is_cancelled && copy.show_as == "free"),
            "{copies:#?}"
        );
    }
}

#[tokio::test]
async fn a_cancelled_meeting_can_not_be_answered() {
    let world = World::contoso().await;
    let (adele, app) = (world.person(ADELE), world.app().await);
    let event = adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    world.sim.drain().await;
    let path = format!("me/events/{}/cancel", event["id"].as_str().unwrap());
    adele.post(&path, json!({})).await;
    let copy = world.only_event(ROOM1).id;
    for (answer, code) in [
        ("accept", "ErrorCalendarIsCancelledForAccept"),
        ("decline", "ErrorCalendarIsCancelledForDecline"),
        ("tentativelyAccept", "ErrorCalendarIsCancelledForTentative"),
    ] {
        let path = format!("users/{ROOM1}/events/{copy}/{answer}");
        let refused = app.post(&path, json!({})).await;
        assert_eq!(refused.status, 400, "{answer}");
        assert_eq!(refused.json["error"]["code"], code);
    }
    assert_eq!(world.only_event(ROOM1).show_as, "free");
}

#[tokio::test]
async fn only_the_organizer_can_cancel() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    let copy = world.only_event(ROOM1).id;
    let answer = world
        .app()
        .await
        .post(&format!("users/{ROOM1}/events/{copy}/cancel"), json!({}))
        .await;
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_rescheduled_meeting_is_decided_again() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    world.person(ALEX).book(ROOM1, TEN, ELEVEN).await;
    let created = adele.book(ROOM1, NINE, TEN).await;
    world.sim.drain().await;
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    let end = json!({ "end": { "dateTime": "2026-11-24T10:30:00", "timeZone": "UTC" } });
    let moved = adele.patch(&path, end).await;
    assert_eq!(moved.status, 200, "{}", moved.json);
    assert_eq!(moved.json["attendees"][0]["status"]["response"], "none");
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "declined");
    assert_eq!(world.only_event(ROOM1).organizer, ALEX);
}

#[tokio::test]
async fn exchanging_the_room_frees_the_old_one_and_asks_the_new_one() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let created = adele.book(ROOM1, NINE, TEN).await;
    world.sim.drain().await;
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    let attendees = meeting("", &[ROOM2], NINE, TEN)["attendees"].clone();
    let changed = adele.patch(&path, json!({ "attendees": attendees })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    world.sim.drain().await;
    assert!(world.only_event(ROOM1).is_cancelled);
    assert_eq!(world.answer_of(ADELE, ROOM2), "accepted");
}

#[tokio::test]
async fn swapping_one_of_three_rooms_concerns_those_two_only() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let rooms = [ROOM1, ROOM2, "room3@contoso.com", "room4@contoso.com"];
    let body = meeting("Offsite", &rooms[..3], NINE, TEN);
    let created = adele.post("me/events", body).await.json;
    world.sim.drain().await;
    let app = world.app().await;
    let change_key = async |room: &str| {
        let events = app.get(&format!("users/{room}/events")).await;
        events.json["value"][0]["changeKey"].clone()
    };
    let before = [change_key(ROOM1).await, change_key(ROOM2).await];
    let attendees = meeting("", &[ROOM1, ROOM2, rooms[3]], NINE, TEN)["attendees"].clone();
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    let changed = adele.patch(&path, json!({ "attendees": attendees })).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    let asked: Vec<_> = world
        .sim
        .drain()
        .await
        .into_iter()
        .filter_map(|report| match report {
            StepReport::Decision { room, .. } => Some(room),
            _ => None,
        })
        .collect();
    assert_eq!(asked, [rooms[3]]);
    assert_eq!([change_key(ROOM1).await, change_key(ROOM2).await], before);
    assert!(world.only_event(rooms[2]).is_cancelled);
    for room in [ROOM1, ROOM2, rooms[3]] {
        assert_eq!(world.answer_of(ADELE, room), "accepted");
    }
}

#[tokio::test]
async fn writing_into_the_room_calendar_asks_nobody() {
    let world = World::contoso().await;
    let app = world.app().await;
    for subject in ["Maintenance", "Painting"] {
        let answer = app
            .post(
                &format!("users/{ROOM1}/events"),
                meeting(subject, &[], NINE, TEN),
            )
            .await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        assert_eq!(answer.json["isOrganizer"], true);
    }
    world.sim.drain().await;
    assert_eq!(world.sim.events(ROOM1).unwrap().len(), 2);
}

#[tokio::test]
async fn a_declined_invitation_of_the_room_by_hand_reaches_the_organizer() {
    let world = World::contoso().await;
    world.person(ADELE).book(ROOM1, NINE, TEN).await;
    world.sim.drain().await;
    let copy = world.only_event(ROOM1).id;
    let path = format!("users/{ROOM1}/events/{copy}/decline");
    let answer = world
        .app()
        .await
        .post(&path, json!({ "comment": "Closed", "sendResponse": true }))
        .await;
    assert_eq!(answer.status, 202);
    assert_eq!(world.answer_of(ADELE, ROOM1), "declined");
    assert!(world.sim.events(ROOM1).unwrap().is_empty());
}

#[tokio::test]
async fn rooms_of_one_meeting_answer_each_for_themselves() {
    let world = World::contoso().await;
    world.person(ALEX).book(ROOM2, NINE, TEN).await;
    let body = meeting("Offsite", &[ROOM1, ROOM2], NINE, TEN);
    world.person(ADELE).post("me/events", body).await;
    world.sim.drain().await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
    assert_eq!(world.answer_of(ADELE, ROOM2), "declined");
    assert_eq!(world.only_event(ROOM2).organizer, ALEX);
}

#[tokio::test]
async fn a_room_that_organizes_invites_and_cancels_like_anybody() {
    let world = World::contoso().await;
    let app = world.app().await;
    let path = format!("users/{ROOM1}/events");
    let block = app.post(&path, meeting("Fair", &[], NINE, TEN)).await;
    let path = format!("{path}/{}", block.json["id"].as_str().unwrap());
    let attendees = meeting("", &[ROOM2], NINE, TEN)["attendees"].clone();
    let invited = app.patch(&path, json!({ "attendees": attendees })).await;
    assert_eq!(invited.status, 200, "{}", invited.json);
    world.sim.drain().await;
    assert_eq!(world.answer_of(ROOM1, ROOM2), "accepted");
    assert_eq!(world.only_event(ROOM2).subject, "Room 1");
    let cancelled = app.post(&format!("{path}/cancel"), json!({})).await;
    assert_eq!(cancelled.status, 202);
    assert!(world.only_event(ROOM2).is_cancelled);
}

#[tokio::test]
async fn a_new_time_cannot_be_proposed_where_the_organizer_takes_none() {
    let world = World::contoso().await;
    let mut body = meeting("Fixed", &[ALEX], NINE, TEN);
    body["allowNewTimeProposals"] = json!(false);
    let created = world.person(ADELE).post("me/events", body).await.json;
    assert!(created.get("transactionId").is_none());
    let path = format!("me/events/{}/tentativelyAccept", world.only_event(ALEX).id);
    let proposal = json!({ "proposedNewTime": {
        "start": { "dateTime": TEN, "timeZone": "UTC" },
        "end": { "dateTime": ELEVEN, "timeZone": "UTC" },
    } });
    let alex = world.person(ALEX);
    assert_eq!(alex.post(&path, proposal).await.status, 400);
    assert_eq!(alex.post(&path, json!({})).await.status, 202);
}

#[tokio::test]
async fn hidden_attendees_see_themselves_alone() {
    let world = World::contoso().await;
    let mut body = meeting("Surprise", &[ALEX, ROOM1], NINE, TEN);
    body["hideAttendees"] = json!(true);
    world.person(ADELE).post("me/events", body).await;
    world.sim.drain().await;
    let seen = |mailbox: &str| {
        let attendees = world.only_event(mailbox).attendees;
        let addresses = attendees.into_iter().map(|one| one.address);
        addresses.collect::<Vec<_>>()
    };
    assert_eq!(seen(ALEX), [ALEX]);
    assert_eq!(seen(ROOM1), [ROOM1]);
    assert_eq!(seen(ADELE), [ALEX, ROOM1]);
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
}

#[tokio::test]
async fn a_room_invited_twice_answers_for_both() {
    let world = World::contoso().await;
    let body = meeting("Double", &[ROOM1, ROOM1], NINE, TEN);
    world.person(ADELE).post("me/events", body).await;
    world.sim.drain().await;
    let attendees = world.only_event(ADELE).attendees;
    let responses: Vec<_> = attendees.iter().map(|one| &*one.response).collect();
    assert_eq!(responses, ["accepted", "accepted"]);
}
