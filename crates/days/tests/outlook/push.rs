//! What happens to notifications on their way, and how Etage learns of a change in spite of it.

use booking::mirror::Watch;
use booking::time::{HOUR_MS, MINUTE_MS};
use days::office::{ADELE, room_address};
use days::outlook::moved_to;
use days::{Meeting, RoomKind, World};
use m365_sim::{MailboxState, NotificationMode};
use reqwest::Method;
use serde_json::{Value, json};

use crate::scene::{at, at_once, by_mirror, finish, office, plan, plans};

const TWO: [RoomKind; 2] = [RoomKind::Accepts, RoomKind::Accepts];

/// A meeting in the first room, sent and accepted.
async fn meet(world: &World, hour: i64) -> String {
    let meeting = Meeting::at(at(0, hour, 60)).inviting(&room_address(1));
    world.outlook.send(ADELE, &meeting).await.unwrap()
}

/// The first room's subscription that stands, as Microsoft has it.
async fn subscription(world: &World) -> Value {
    let all = world.outlook.ask(Method::GET, "subscriptions", None);
    let all = all.await.unwrap();
    let room = room_address(1);
    let mut standing = all["value"].as_array().unwrap().iter().filter(|one| {
        let is_here = one["mailbox"].as_str() == Some(room.as_str());
        is_here && one["isActive"] == true
    });
    let only = standing.next().expect("a subscription");
    assert_eq!(standing.next(), None, "one subscription for a room");
    only.clone()
}

async fn tell_of_life(world: &World, event: &str) {
    let order = json!({ "subscriptionId": subscription(world).await["id"], "event": event });
    let told = world.outlook.ask(Method::POST, "lifecycle", Some(&order));
    told.await.unwrap();
}

#[tokio::test]
async fn a_change_whose_notification_is_lost_is_found_by_looking() {
    let mut world = office(&TWO).await;
    world.sim.set_notifications(NotificationMode::Drop);
    meet(&world, 13).await;
    at_once(&mut world).await;
    assert_eq!(by_mirror(&world, 0, at(0, 13, 60)), "ff");
    world.advance_ms(10 * MINUTE_MS);
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(0, 13, 60)).await, "bf");
    world.sim.set_notifications(NotificationMode::Deliver);
    finish(world).await;
}

#[tokio::test]
async fn notifications_that_come_twice_or_in_another_order_change_nothing() {
    let mut world = office(&TWO).await;
    for (mode, hour) in [
        (NotificationMode::Duplicate, 12),
        (NotificationMode::Reorder, 15),
    ] {
        world.sim.set_notifications(mode);
        let id = meet(&world, hour).await;
        let moved = moved_to(at(0, hour + 1, 60));
        world.outlook.change(ADELE, &id, &moved).await.unwrap();
        at_once(&mut world).await;
        let shown = plans(&world, [at(0, hour, 60), at(0, hour + 1, 60)]).await;
        assert_eq!(shown, ["ff", "bf"], "{mode:?}");
    }
    finish(world).await;
}

#[tokio::test]
async fn a_room_whose_notifications_were_missed_is_read_at_once() {
    let mut world = office(&TWO).await;
    world.sim.set_notifications(NotificationMode::Drop);
    meet(&world, 13).await;
    at_once(&mut world).await;
    world.sim.set_notifications(NotificationMode::Deliver);
    assert_eq!(by_mirror(&world, 0, at(0, 13, 60)), "ff");
    tell_of_life(&world, "missed").await;
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(0, 13, 60)).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_subscription_that_has_to_be_authorized_again_is_renewed_at_once() {
    let mut world = office(&TWO).await;
    let before = subscription(&world).await;
    world.advance_ms(HOUR_MS);
    world.settle().await;
    assert_eq!(subscription(&world).await, before);
    tell_of_life(&world, "reauthorizationRequired").await;
    at_once(&mut world).await;
    let after = subscription(&world).await;
    assert_eq!(after["id"], before["id"]);
    let until = |one: &Value| one["expirationDateTime"].as_str().unwrap().to_owned();
    assert!(until(&after) > until(&before), "{before} {after}");
    meet(&world, 13).await;
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(0, 13, 60)).await, "bf");
    finish(world).await;
}

#[tokio::test]
async fn a_subscription_that_is_removed_is_made_anew_and_nothing_falls_between() {
    let mut world = office(&TWO).await;
    let before = subscription(&world).await;
    let room = room_address(1);
    let moved = MailboxState::OnPremises;
    world.sim.set_mailbox_state(room.as_str(), moved).unwrap();
    meet(&world, 13).await;
    let back = MailboxState::Active;
    world.sim.set_mailbox_state(room.as_str(), back).unwrap();
    at_once(&mut world).await;
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(0, 13, 60)).await, "bf");
    let after = subscription(&world).await;
    assert_ne!(after["id"], before["id"]);
    meet(&world, 15).await;
    at_once(&mut world).await;
    assert_eq!(plan(&world, at(0, 15, 60)).await, "bf");
    let engine = world.processes[1].engine();
    let health = engine.room_health(world.rooms[0].id).await.unwrap();
    assert!(matches!(health.watch, Watch::Pushed { .. }), "{health:?}");
    finish(world).await;
}

#[tokio::test]
async fn a_cursor_that_expired_costs_no_change() {
    let mut world = office(&TWO).await;
    let id = meet(&world, 13).await;
    at_once(&mut world).await;
    world.sim.expire_delta_tokens();
    world.outlook.act(ADELE, &id, "cancel").await.unwrap();
    meet(&world, 15).await;
    at_once(&mut world).await;
    assert_eq!(
        plans(&world, [at(0, 13, 60), at(0, 15, 60)]).await,
        ["ff", "bf"]
    );
    finish(world).await;
}
