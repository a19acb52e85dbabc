//! Subscriptions, and the notifications that come of them.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use booking::provider::{
    CalendarProvider, MailboxFault, MailboxRole, NotificationTarget, ProviderError, SubscriptionId,
};
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use graph::notification::{Notifications, validation_token};
use m365_sim::{Fault, FaultMatch};
use secrecy::{ExposeSecret, SecretString};

use crate::support::{ADELE, MONDAY, World, address, draft, hours, refusing, room};

/// Posts received, bodies only.
type Posts = Arc<Mutex<Vec<Vec<u8>>>>;

async fn receive(State(posts): State<Posts>, RawQuery(query): RawQuery, body: Bytes) -> Response {
    if let Some(token) = validation_token(query.as_deref()) {
        return token.into_response();
    }
    posts.lock().unwrap().push(body.to_vec());
    StatusCode::ACCEPTED.into_response()
}

/// A receiver on a loopback port: its address and what it received.
async fn receiver() -> (String, Posts) {
    let posts = Posts::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new()
        .route("/changes", post(receive))
        .route("/lifecycle", post(receive))
        .with_state(posts.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, posts)
}

fn target(url: &str, until_ms: i64) -> NotificationTarget {
    NotificationTarget {
        url: format!("{url}/changes"),
        lifecycle_url: format!("{url}/lifecycle"),
        client_state: SecretString::from("open sesame"),
        until: MONDAY.plus_ms(until_ms),
    }
}

#[tokio::test]
async fn a_subscribed_room_tells_of_a_booking_and_an_ended_subscription_is_silent() {
    let world = World::start().await;
    let (url, posts) = receiver().await;
    let adele = world.signed_in(ADELE).await;
    let subscription = world
        .provider
        .subscribe(&room(1), &target(&url, HOUR_MS))
        .await
        .unwrap();
    assert_eq!(subscription.until, MONDAY.plus_ms(HOUR_MS));

    world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;
    let received = std::mem::take(&mut *posts.lock().unwrap());
    assert!(!received.is_empty());
    for body in &received {
        let read = Notifications::read(body).unwrap();
        assert_eq!((read.readable.len(), read.unreadable), (1, 0));
        let notification = &read.readable[0];
        assert_eq!(notification.subscription_id, subscription.id.0);
        assert_eq!(notification.lifecycle_event, None);
        let state = notification.client_state.as_ref().unwrap();
        assert_eq!(state.expose_secret(), "open sesame");
    }

    world.provider.unsubscribe(&subscription.id).await.unwrap();
    world.provider.unsubscribe(&subscription.id).await.unwrap();
    world.booked(&adele, &draft(2, &room(1), hours(3, 1))).await;
    assert!(posts.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_subscription_asked_for_too_long_is_shortened_and_can_be_renewed() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let subscription = world
        .provider
        .subscribe(&room(1), &target(&url, 30 * DAY_MS))
        .await
        .unwrap();
    assert!(subscription.until <= MONDAY.plus_ms(4_230 * MINUTE_MS));
    assert!(subscription.until > MONDAY.plus_ms(2 * DAY_MS));

    world.advance_ms(DAY_MS);
    let renewed = world
        .provider
        .renew(&subscription.id, MONDAY.plus_ms(30 * DAY_MS))
        .await
        .unwrap();
    assert_eq!(renewed.id, subscription.id);
    assert!(renewed.until > subscription.until);
}

#[tokio::test]
async fn an_unknown_subscription_cannot_be_renewed_and_an_unknown_room_not_subscribed_to() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let unknown = SubscriptionId("7f105c7d-2dc5-4530-97cd-4e7ae6534c07".to_owned());
    let error = world
        .provider
        .renew(&unknown, MONDAY.plus_ms(HOUR_MS))
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::NotFound { .. }), "{error}");
    let nobody = address("nobody@contoso.com");
    let error = world
        .provider
        .subscribe(&nobody, &target(&url, HOUR_MS))
        .await
        .unwrap_err();
    let wrong = error.mailbox_fault();
    assert_eq!(wrong, Some((MailboxRole::Room, MailboxFault::Unknown)));
}

/// Subscriptions to all eight rooms.
async fn subscribed(world: &World, url: &str) -> Vec<SubscriptionId> {
    let mut ids = Vec::new();
    for number in 1..=8 {
        let target = target(url, HOUR_MS);
        let made = world.provider.subscribe(&room(number), &target).await;
        ids.push(made.unwrap().id);
    }
    ids
}

#[tokio::test]
async fn many_subscriptions_are_renewed_in_one_request_and_each_is_told_its_own_outcome() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let mut ids = subscribed(&world, &url).await;
    ids.push(SubscriptionId(
        "7f105c7d-2dc5-4530-97cd-4e7ae6534c07".to_owned(),
    ));
    let until = MONDAY.plus_ms(DAY_MS);
    let renewed = world.provider.renew_all(&ids, until).await;
    assert_eq!(renewed.len(), 9);
    for (id, renewed) in ids.iter().zip(&renewed[..8]) {
        let renewed = renewed.as_ref().unwrap();
        assert_eq!((&renewed.id, renewed.until), (id, until));
    }
    let unknown = renewed[8].as_ref().unwrap_err();
    assert!(
        matches!(unknown, ProviderError::NotFound { .. }),
        "{unknown}"
    );
    assert_eq!(world.requests_ending("/$batch"), 1);
}

#[tokio::test]
async fn only_the_steps_of_a_batch_that_were_throttled_are_sent_again() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let ids = subscribed(&world, &url).await;
    let throttled = format!("/v1.0/subscriptions/{}", ids[2].0);
    world.sim.faults().throttle(&throttled, 1, 1).unwrap();
    let until = MONDAY.plus_ms(DAY_MS);
    let renewed = world.provider.renew_all(&ids, until).await;
    assert!(renewed.iter().all(Result::is_ok), "{renewed:?}");
    assert_eq!(world.requests_ending("/$batch"), 2);
    assert_eq!(
        world.requests_ending(&throttled),
        2,
        "once refused, once done"
    );
    let another = format!("/v1.0/subscriptions/{}", ids[3].0);
    assert_eq!(world.requests_ending(&another), 1);
}

/// Graph refuses this once.
fn refusal(path: &str, status: u16) -> Fault {
    Fault::times(1, FaultMatch::path(path), refusing(status, ""))
}

#[tokio::test]
async fn steps_that_were_done_stay_done_when_the_rest_of_a_batch_fails() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let ids = subscribed(&world, &url).await;
    let throttled = format!("/v1.0/subscriptions/{}", ids[2].0);
    world.sim.faults().throttle(&throttled, 1, 1).unwrap();
    let until = MONDAY.plus_ms(DAY_MS);
    // Only the second batch is refused, that with the throttled step.
    let refuse = async {
        while world.requests_ending("/$batch") == 0 {
            tokio::task::yield_now().await;
        }
        world.inject(refusal("/v1.0/$batch", 400));
    };
    let (renewed, ()) = futures::join!(world.provider.renew_all(&ids, until), refuse);
    let failed: Vec<_> = (0..8).filter(|at| renewed[*at].is_err()).collect();
    assert_eq!(failed, [2], "{renewed:?}");
}

#[tokio::test]
async fn a_step_that_refuses_the_token_is_sent_again_with_another() {
    let world = World::start().await;
    let (url, _) = receiver().await;
    let ids = subscribed(&world, &url).await;
    let refusing = format!("/v1.0/subscriptions/{}", ids[2].0);
    world.inject(refusal(&refusing, 401));
    let until = MONDAY.plus_ms(DAY_MS);
    let renewed = world.provider.renew_all(&ids, until).await;
    assert!(renewed.iter().all(Result::is_ok), "{renewed:?}");
    assert_eq!(world.requests_ending("/$batch"), 2);
    assert_eq!(world.requests_ending("/oauth2/v2.0/token"), 2);
}
