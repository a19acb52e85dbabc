//! Rooms whose calendars promise to notify us, and those that do not.

use crate::office::Office;
use booking::ids::RoomId;
use booking::provider::testing::Call;
use booking::provider::{ProviderError, SubscriptionId};
use booking::random::SeededRandom;
use booking::time::{Clock, DAY_MS, MINUTE_MS};
use engine::Settings;
use engine::sync::subscriptions_task;
use secrecy::SecretString;
use store::sync_state::KeptSubscription;
use uuid::Uuid;

/// An office that calendars can reach.
async fn reachable() -> Office {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    office.calendars.set_push();
    office
}

/// What is due is subscribed and renewed.
async fn subscribe(office: &Office) {
    let due = async || subscriptions_task::run(&office.engine).await.unwrap();
    office.through(MINUTE_MS, due).await;
}

#[tokio::test]
async fn calendars_that_will_not_notify_us_are_asked_ever_more_rarely_until_they_do() {
    let office = reachable().await;
    let calendars = office.own_faults();
    // Each of the three rooms fails seven times: at once, and after 1, 3, 7, 15, 31 and 63 minutes.
    for _ in 0..21 {
        let refused = ProviderError::Bug {
            context: "the notification endpoint cannot be validated".to_owned(),
            source: None,
        };
        calendars.fail_next(Call::Subscribe, refused);
    }
    let asked = async |minutes: i64| {
        for _ in 0..minutes {
            subscriptions_task::run(&office.engine).await.unwrap();
            office.clock.advance_ms(MINUTE_MS);
        }
        calendars.calls(Call::Subscribe)
    };
    assert_eq!(asked(8).await, 12);
    assert_eq!(asked(115).await, 21);
    assert_eq!(calendars.subscribed().len(), 0);
    assert_eq!(asked(60).await, 24);
    assert_eq!(calendars.subscribed().len(), 3);
}

#[tokio::test]
async fn the_promise_to_notify_goes_with_the_mailbox_that_another_room_is_given() {
    let office = reachable().await;
    let (engine, store) = (&office.engine, office.engine.store());
    let mut heir = office.rooms[0].clone();
    heir.id = RoomId(Uuid::from_u128(0x999));
    heir.number = "0.9".to_owned();
    heir.link = None;
    store.upsert_rooms(&[heir.clone()]).await.unwrap();
    engine.reload_index().await.unwrap();
    subscribe(&office).await;
    assert_eq!(office.calendars.subscribed().len(), 3);

    store.hand_over(office.rooms[0].id, heir.id).await.unwrap();
    engine.reload_index().await.unwrap();
    // Within the last hours of what was promised.
    office.clock.advance_ms(5 * DAY_MS / 2);
    subscribe(&office).await;
    let (made, renewed) = (Call::Subscribe, Call::Renew);
    let calls = |call| office.calendars.calls(call);
    assert_eq!((calls(made), calls(renewed)), (3, 3));
    let now = office.clock.now();
    let bare = store.rooms_without_subscription(now, 9).await.unwrap();
    assert_eq!(bare, []);
}

#[tokio::test]
async fn a_subscription_of_a_room_without_a_mailbox_is_dropped_and_keeps_no_other_from_its_own() {
    let office = reachable().await;
    let (engine, store) = (&office.engine, office.engine.store());
    let mut bare = office.rooms[0].clone();
    bare.id = RoomId(Uuid::from_u128(0x999));
    bare.number = "0.9".to_owned();
    bare.link = None;
    store.upsert_rooms(&[bare.clone()]).await.unwrap();
    let left_over = KeptSubscription {
        id: SubscriptionId("left over".to_owned()),
        room: bare.id,
        expires_at: office.clock.now().plus_ms(MINUTE_MS),
        client_state: SecretString::from("state"),
    };
    let random = SeededRandom::new(1);
    store.keep_subscription(&left_over, &random).await.unwrap();
    engine.reload_index().await.unwrap();

    subscribe(&office).await;
    assert_eq!(office.calendars.subscribed().len(), 3);
    let kept = store.subscription(&left_over.id).await.unwrap();
    assert!(kept.is_none());
}
