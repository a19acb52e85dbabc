//! What is served of one application in one mailbox.

use futures::future::join_all;
use m365_sim::{Fault, FaultAction, FaultMatch, Scenario, SimOptions, Throttle};
use reqwest::Method;
use serde_json::json;

use crate::support::{ADELE, ROOM1, ROOM2, World};

#[tokio::test]
async fn a_fifth_request_at_once_to_one_mailbox_is_refused_and_other_mailboxes_are_not() {
    let world = World::contoso().await;
    let app = world.app().await;
    world
        .sim
        .faults()
        .add(Fault::always(
            FaultMatch::default(),
            FaultAction::Delay {
                delay_ms: 200,
                jitter_ms: 0,
            },
        ))
        .unwrap();
    let events = |room: &str| format!("users/{room}/events");
    let (first, second) = (events(ROOM1), events(ROOM2));
    let paths = [&first; 6].into_iter().chain([&second; 4]);
    let answers = join_all(paths.map(|path| app.get(path))).await;
    let refused: Vec<_> = answers
        .iter()
        .filter(|answer| answer.status == 429)
        .collect();
    assert_eq!(refused.len(), 2);
    for answer in refused {
        assert_eq!(answer.headers["retry-after"], "1");
        assert_eq!(answer.json["error"]["code"], "ApplicationThrottled");
    }
    assert!(answers[6..].iter().all(|answer| answer.status == 200));
    assert_eq!(app.get(&first).await.status, 200);
}

#[tokio::test]
async fn requests_in_ten_minutes_are_counted_and_the_wait_is_as_long_as_they_take_to_be_forgotten()
{
    let options = SimOptions {
        throttle: Throttle {
            in_window: 3,
            ..Throttle::default()
        },
        ..SimOptions::explicit()
    };
    let world = World::start(Scenario::contoso(), options).await;
    let (app, path) = (world.app().await, format!("users/{ROOM1}/events"));
    for _ in 0..3 {
        assert_eq!(app.get(&path).await.status, 200);
    }
    let refused = app.get(&path).await;
    assert_eq!(refused.status, 429);
    let wait: i64 = refused.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((600..=610).contains(&wait), "{wait}");
    // A person's requests to their own mailbox are counted apart.
    assert_eq!(world.person(ADELE).get("me/events").await.status, 200);

    let advance = json!({ "advanceMs": wait * 1_000 });
    world.control(Method::POST, "clock", advance).await;
    assert_eq!(app.get(&path).await.status, 200);
}

#[tokio::test]
async fn what_began_after_a_clock_that_was_set_back_is_not_waited_for() {
    let options = SimOptions {
        throttle: Throttle {
            in_window: 1,
            ..Throttle::default()
        },
        ..SimOptions::explicit()
    };
    let world = World::start(Scenario::contoso(), options).await;
    let (app, path) = (world.app().await, format!("users/{ROOM1}/events"));
    assert_eq!(app.get(&path).await.status, 200);
    let back = json!({ "advanceMs": -600_000 });
    world.control(Method::POST, "clock", back).await;
    assert_eq!(world.app().await.get(&path).await.status, 200);
}
