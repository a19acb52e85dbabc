//! Who is invited to a series, and who to single occurrences of it.

use serde_json::{Value, json};

use crate::exceptions::{
    answers, own_series, pairs, path_of, room_view, times, view, weekly_with_alex,
};
use crate::series::weekly;
use crate::support::{ADELE, ALEX, ROOM1, ROOM2, World};

fn invited(rooms: &[&str], people: &[&str]) -> Value {
    let rooms = rooms.iter().map(|address| ("resource", address));
    let people = people.iter().map(|address| ("required", address));
    let one = |(kind, address): (&str, &&str)| json!({ "type": kind, "emailAddress": { "address": address } });
    json!({ "attendees": rooms.chain(people).map(one).collect::<Value>() })
}

#[tokio::test]
async fn somebody_invited_later_gets_the_series_as_it_is_by_then() {
    let world = World::contoso().await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let series = adele.post("me/events", weekly(3)).await.json;
    world.sim.drain().await;
    let shown = view(&adele).await;
    let second = path_of(&shown[1]);
    adele.patch(&second, invited(&[ROOM2], &[])).await;
    adele.delete(&path_of(&shown[2])).await;
    let both = invited(&[ROOM1], &[ALEX]);
    let changed = adele.patch(&path_of(&series), both).await;
    assert_eq!(changed.status, 200, "{}", changed.json);
    world.sim.drain().await;
    assert_eq!(view(&alex).await.len(), 2);
    let shown = view(&adele).await;
    let seen = pairs(&[(ROOM2, "accepted"), (ALEX, "none")]);
    assert_eq!(answers(&shown[1]), seen);
    let removed = adele.patch(&path_of(&series), invited(&[ROOM1], &[])).await;
    assert_eq!(removed.status, 200, "{}", removed.json);
    let theirs = view(&alex).await;
    assert!(theirs.iter().all(|one| one["isCancelled"] == true));
    let seen = pairs(&[(ROOM2, "accepted")]);
    assert_eq!(answers(&view(&adele).await[1]), seen);
}

#[tokio::test]
async fn an_answer_to_the_series_is_one_to_its_exceptions_too() {
    let world = World::contoso().await;
    weekly_with_alex(&world).await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let second = path_of(&view(&adele).await[1]);
    adele
        .patch(&second, invited(&[ROOM1, ROOM2], &[ALEX]))
        .await;
    world.sim.drain().await;
    let path = format!("me/events/{}/accept", own_series(&world));
    assert_eq!(alex.post(&path, json!({})).await.status, 202);
    let of_all = view(&adele).await;
    let alexs: Vec<_> = of_all
        .iter()
        .map(|one| answers(one).pop().unwrap().1)
        .collect();
    assert_eq!(alexs, ["accepted"; 3]);
}

#[tokio::test]
async fn whoever_is_invited_to_one_occurrence_hears_of_the_end_of_the_series() {
    for act in ["delete", "move"] {
        let world = World::contoso().await;
        let adele = world.person(ADELE);
        let series = adele.post("me/events", weekly(3)).await.json;
        world.sim.drain().await;
        let second = path_of(&view(&adele).await[1]);
        adele.patch(&second, invited(&[ROOM2], &[])).await;
        world.sim.drain().await;
        assert_eq!(room_view(&world, ROOM2).await[0]["isCancelled"], false);
        let path = path_of(&series);
        let answer = match act {
            "delete" => adele.delete(&path).await,
            _ => {
                let later = times("2026-11-24T15:00:00", "2026-11-24T16:00:00");
                adele.patch(&path, later).await
            }
        };
        assert!(answer.status.is_success(), "{}", answer.json);
        let left = room_view(&world, ROOM2).await;
        assert_eq!(left[0]["isCancelled"], true, "{act}");
    }
}

#[tokio::test]
async fn whoever_is_invited_to_the_series_after_one_occurrence_has_each_once() {
    let world = World::contoso().await;
    let (adele, alex) = (world.person(ADELE), world.person(ALEX));
    let series = adele.post("me/events", weekly(3)).await.json;
    let second = path_of(&view(&adele).await[1]);
    adele.patch(&second, invited(&[ROOM1], &[ALEX])).await;
    assert_eq!(view(&alex).await.len(), 1);
    assert_eq!(world.only_event(ALEX).response, "notResponded");
    adele
        .patch(&path_of(&series), invited(&[ROOM1], &[ALEX]))
        .await;
    assert_eq!(view(&alex).await.len(), 3);
}
