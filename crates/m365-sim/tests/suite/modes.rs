//! Steps by hand and steps by themselves, changed while it runs.

use jiff::SignedDuration;
use m365_sim::{Mode, Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ROOM1, World};

/// Waits for the room's answer to Adele's only meeting.
async fn answered(world: &World) {
    let waiting = async {
        while world.answer_of(ADELE, ROOM1) != "accepted" {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, waiting).await.unwrap();
}

async fn mode(world: &World) -> Value {
    let status = world.control(Method::GET, "status", Value::Null).await;
    status.json["mode"].clone()
}

#[tokio::test]
async fn what_waits_happens_by_itself_once_steps_are_not_taken_by_hand() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    assert_eq!(world.answer_of(ADELE, ROOM1), "none");
    let order = json!({ "mode": "auto", "attendantDelayMs": 0, "notificationDelayMs": 0 });
    let changed = world.control(Method::POST, "mode", order).await;
    assert_eq!(changed.status, 204, "{}", changed.json);
    assert_eq!(mode(&world).await, "auto");
    answered(&world).await;
    let now = world.sim.clock().now();
    while world.sim.clock().now() == now {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn nothing_happens_by_itself_once_steps_are_taken_by_hand() {
    let world = World::start(Scenario::contoso(), SimOptions::auto()).await;
    let order = json!({ "mode": "explicit" });
    assert_eq!(world.control(Method::POST, "mode", order).await.status, 204);
    assert_eq!(mode(&world).await, "explicit");
    let now = world.sim.clock().now();
    let adele = world.person(ADELE);
    adele
        .book(ROOM1, "2026-11-24T09:00:00", "2026-11-24T10:00:00")
        .await;
    assert_eq!(world.sim.clock().now(), now);
    // The worker was woken by the booking; what it could have done, it has not.
    assert_eq!(world.sim.drain().await.len(), 2);
    assert_eq!(world.answer_of(ADELE, ROOM1), "accepted");
    world.sim.set_mode(Mode::auto());
    assert_eq!(mode(&world).await, "auto");
    let slow = json!({ "mode": "explicit", "attendantDelayMs": 5 });
    let refused = world.control(Method::POST, "mode", slow).await;
    assert_eq!(refused.status, 400);
    assert!(
        refused.json["error"]
            .as_str()
            .unwrap()
            .contains("attendantDelayMs")
    );
}

#[tokio::test]
async fn a_snapshot_brings_the_mode_back() {
    let world = World::contoso().await;
    let before = world.sim.snapshot();
    world.sim.set_mode(Mode::auto());
    world.sim.restore(&before);
    assert_eq!(mode(&world).await, "explicit");
    let now = world.sim.clock().now();
    world.sim.clock().advance(SignedDuration::from_secs(1));
    assert_eq!(world.sim.clock().now(), now + SignedDuration::from_secs(1));
}
