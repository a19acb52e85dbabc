//! Throttling, outages and concurrency.

use std::time::Duration;

use booking::provider::{CalendarProvider, NotificationTarget, ProviderError};
use booking::time::HOUR_MS;
use futures::future::join_all;
use graph::budget::Allowance;
use graph::error::Throttle;
use graph::operation::{Mailbox, PREFER_UTC};
use graph::ops::calendar_view::CalendarView;
use graph::ops::places::ListRooms;
use graph::retry::RetryPolicy;
use graph::throttle::Limits;
use graph::{GraphError, Identity};
use m365_sim::{Fault, FaultAction, FaultMatch};
use secrecy::SecretString;
use tokio::time::Instant;

use crate::support::{ADELE, MEGAN, MONDAY, World, draft, hours, room, wait_named};

fn fault(path: &str, status: u16, count: u32, retry_after_seconds: Option<u32>) -> Fault {
    Fault::times(
        count,
        FaultMatch::path(path),
        FaultAction::Status {
            status,
            code: "TooManyRequests".to_owned(),
            message: None,
            retry_after_seconds: retry_after_seconds.map(f64::from),
        },
    )
}

#[tokio::test]
async fn a_throttled_request_is_sent_again_after_the_wait_that_was_asked_for() {
    let world = World::start().await;
    world.sim.faults().throttle("/v1.0/places", 1, 1).unwrap();
    let started = Instant::now();
    let page = world.provider.rooms(None).await.unwrap();
    assert_eq!(page.rooms.len(), 8);
    assert!(started.elapsed() >= Duration::from_secs(1));
    assert_eq!(world.requests_ending("microsoft.graph.room"), 2);
}

#[tokio::test]
async fn the_wait_is_shared_by_all_requests_to_the_same_mailbox_and_by_no_others() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    let before = world.sim.requests().len();
    // Longer than any call may take: the throttled call gives up at once, and so does the next one, unsent.
    world
        .sim
        .faults()
        .throttle("/v1.0/users/room1@contoso.com/", 1, 60)
        .unwrap();
    let after = wait_named(world.round(&room(1), None).await);
    assert_eq!(after, Duration::from_secs(60));
    let left = wait_named(world.round(&room(1), None).await);
    assert!(left <= after && left > Duration::from_secs(50));
    assert_eq!(world.sim.requests().len(), before + 1);
    world.round(&room(2), None).await.unwrap();
}

#[tokio::test]
async fn a_wait_that_is_no_mailboxs_own_is_kept_by_all_requests_of_the_connection() {
    for (status, code) in [
        (429, "TooManyRequests"),
        (429, "ApplicationThrottled"),
        (503, ""),
    ] {
        let world = World::start().await;
        world.provider.rooms(None).await.unwrap();
        let before = world.sim.requests().len();
        world.inject(Fault::times(
            1,
            FaultMatch::path("/v1.0/users/room1@contoso.com/"),
            FaultAction::Status {
                status,
                code: code.to_owned(),
                message: Some("Application is over its limit of requests.".to_owned()),
                retry_after_seconds: Some(60.0),
            },
        ));
        let first = world.round(&room(1), None).await.map(drop);
        let another = world.round(&room(2), None).await.map(drop);
        let places = world.provider.rooms(None).await.map(drop);
        for outcome in [first, another, places] {
            let after = wait_named(outcome);
            assert!(after > Duration::from_secs(50), "{status}: {after:?}");
        }
        assert_eq!(world.sim.requests().len(), before + 1, "{status}");
    }
}

#[tokio::test]
async fn an_unavailable_service_that_names_no_wait_holds_nobody_else_up() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    let down = fault("/v1.0/users/room1@contoso.com/", 503, 100, None);
    world.inject(down);
    let (first, second) = (room(1), room(2));
    let both = futures::join!(world.round(&first, None), world.round(&second, None));
    assert!(both.0.is_err() && both.1.is_ok());
}

#[tokio::test]
async fn a_mailboxs_budget_is_kept_without_asking_and_another_mailbox_has_its_own() {
    let world = World::start().await;
    let limits = Limits {
        per_mailbox: allowance(3, 600),
        ..Limits::default()
    };
    let client = world.client(limits);
    for _ in 0..3 {
        client.send(&APPLICATION, &calendar(1)).await.unwrap();
    }
    let before = world.sim.requests().len();
    let error = client.send(&APPLICATION, &calendar(1)).await.unwrap_err();
    let GraphError::Throttled { after, by } = error else {
        panic!("{error}")
    };
    assert_eq!(by, Throttle::OwnBudget);
    assert_eq!(after, Duration::from_secs(610));
    assert_eq!(world.sim.requests().len(), before, "nothing was sent");
    client.send(&APPLICATION, &calendar(2)).await.unwrap();
    world.advance_ms(610_000);
    client.send(&APPLICATION, &calendar(1)).await.unwrap();
}

#[tokio::test]
async fn the_applications_budget_is_kept_over_all_mailboxes() {
    let world = World::start().await;
    let limits = Limits {
        per_application: allowance(3, 600),
        ..Limits::default()
    };
    let client = world.client(limits);
    for number in 1..=3 {
        client.send(&APPLICATION, &calendar(number)).await.unwrap();
    }
    let error = client.send(&APPLICATION, &calendar(4)).await.unwrap_err();
    assert!(
        matches!(
            error,
            GraphError::Throttled {
                by: Throttle::OwnBudget,
                ..
            }
        ),
        "{error}"
    );
}

const APPLICATION: Identity = Identity::Application;

fn allowance(requests_max: u32, window_s: u64) -> Allowance {
    Allowance {
        requests_max,
        window: Duration::from_secs(window_s),
    }
}

/// A room's calendar for an hour.
fn calendar(number: u32) -> CalendarView {
    let start = jiff::Timestamp::from_millisecond(MONDAY.0).unwrap();
    CalendarView {
        mailbox: Mailbox::Address(room(number).to_string()),
        start,
        end: start + jiff::SignedDuration::from_hours(1),
        select: "id,start,end",
        per_page: 10,
    }
}

#[tokio::test]
async fn attempts_are_bounded_and_the_last_wait_is_handed_on() {
    let world = World::start().await;
    world.sim.faults().throttle("/v1.0/places", 4, 0).unwrap();
    world.sim.faults().throttle("/v1.0/places", 1, 7).unwrap();
    let hasty = RetryPolicy {
        backoff_first: Duration::from_millis(200),
        ..RetryPolicy::default()
    };
    let client = world.client(Limits::default()).with_policy(hasty);
    let started = Instant::now();
    let asked = client.send(&APPLICATION, &ListRooms { per_page: 1 }).await;
    let Err(GraphError::Answer(answer)) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(answer.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(world.requests_ending("microsoft.graph.room"), 5);
    // A wait of no time is none: at least 100, 200, 400 and 800 ms are ours.
    assert!(started.elapsed() >= Duration::from_millis(1_500));
}

#[tokio::test]
async fn a_wait_longer_than_any_call_is_told_in_full_to_those_that_come_later() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    let busy = fault("/v1.0/users/room1@contoso.com/", 429, 1, Some(3_600));
    world.inject(busy);
    world.round(&room(1), None).await.unwrap_err();
    let after = wait_named(world.round(&room(2), None).await);
    assert!(after > Duration::from_secs(3_500), "{after:?}");
}

#[tokio::test]
async fn an_unavailable_service_that_names_no_wait_is_not_asked_twice_for_a_subscription() {
    let world = World::start().await;
    let down = fault("/v1.0/subscriptions", 503, 1, None);
    world.inject(down);
    let target = NotificationTarget {
        url: "https://contoso.com/changes".to_owned(),
        lifecycle_url: "https://contoso.com/news".to_owned(),
        client_state: SecretString::from("state"),
        until: MONDAY.plus_ms(HOUR_MS),
    };
    let error = world.provider.subscribe(&room(1), &target).await;
    let error = error.unwrap_err();
    assert!(matches!(error, ProviderError::Retry { .. }), "{error}");
    assert_eq!(world.requests_ending("/subscriptions"), 1);
}

#[tokio::test]
async fn pages_that_come_too_slowly_are_given_up_for_now() {
    let world = World::start().await;
    let megan = world.signed_in(MEGAN).await;
    for number in 1..=2 {
        let wanted = draft(number, &room(number as u32), hours(0, 1));
        world.booked(&megan, &wanted).await;
    }
    let view = CalendarView {
        mailbox: Mailbox::Address(MEGAN.to_owned()),
        per_page: 1,
        ..calendar(1)
    };
    let impatient = RetryPolicy {
        pages_max: Duration::ZERO,
        ..RetryPolicy::default()
    };
    let client = world.client(Limits::default());
    let read = client.all_pages(&APPLICATION, &view, PREFER_UTC).await;
    assert_eq!(read.unwrap().len(), 2);
    let client = world.client(Limits::default()).with_policy(impatient);
    let read = client.all_pages(&APPLICATION, &view, PREFER_UTC).await;
    let error = read.unwrap_err();
    assert!(
        matches!(error, GraphError::PagesSlow { pages: 1, .. }),
        "{error}"
    );
}

#[tokio::test]
async fn who_finds_all_places_taken_gives_up_in_time() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    world.inject(Fault::always(
        FaultMatch::path("/v1.0/users"),
        FaultAction::Delay {
            delay_ms: 1_000,
            jitter_ms: 0,
        },
    ));
    let brief = RetryPolicy {
        total_max: Duration::from_millis(300),
        ..RetryPolicy::default()
    };
    let client = world.client(Limits::default()).with_policy(brief);
    let asked = calendar(1);
    let answers = join_all((0..5).map(|_| client.send(&APPLICATION, &asked))).await;
    let (served, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
    assert_eq!(served.len(), 4);
    let refused = &refused[0];
    assert!(
        matches!(refused, Err(GraphError::NoPlace { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn who_is_held_by_a_mailboxs_budget_spends_nothing_of_the_applications() {
    let world = World::start().await;
    let limits = Limits {
        per_mailbox: allowance(1, 600),
        per_application: allowance(2, 600),
    };
    let client = world.client(limits);
    client.send(&APPLICATION, &calendar(1)).await.unwrap();
    for _ in 0..3 {
        client.send(&APPLICATION, &calendar(1)).await.unwrap_err();
    }
    client.send(&APPLICATION, &calendar(2)).await.unwrap();
}

#[tokio::test]
async fn an_unavailable_service_is_asked_again() {
    let world = World::start().await;
    world.inject(fault("/v1.0/places", 503, 1, Some(0)));
    world.inject(fault("/v1.0/places", 504, 1, Some(0)));
    world.provider.rooms(None).await.unwrap();
    assert_eq!(world.requests_ending("microsoft.graph.room"), 3);
}

#[tokio::test]
async fn a_mailbox_that_is_denied_or_throttled_does_not_decide_for_the_other_rooms() {
    let world = World::start().await;
    world.inject(fault("/v1.0/users/room1@contoso.com/", 403, 1, None));
    world
        .sim
        .faults()
        .throttle("/v1.0/users/room2@contoso.com/", 1, 60)
        .unwrap();
    let asked = [room(1), room(2), room(3)];
    let answers = world.provider.busy_times(&asked, hours(0, 1)).await;
    assert!(answers.unwrap().iter().all(|one| one.schedule.is_ok()));
}

#[tokio::test]
async fn no_more_than_a_few_mailboxes_are_tried_for_one_question() {
    let world = World::start().await;
    world.inject(fault("/v1.0/users/", 403, 100, None));
    let asked: Vec<_> = (1..=8).map(room).collect();
    let error = world.provider.busy_times(&asked, hours(0, 1)).await;
    assert!(matches!(error, Err(ProviderError::Denied { .. })));
    assert_eq!(world.requests_ending("getSchedule"), 4);
}

/// A fault of the connection, not of the service.
fn broken(path: &str, action: FaultAction, count: u32) -> Fault {
    Fault {
        action,
        ..fault(path, 0, count, None)
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_or_breaks_off_while_creating_leads_to_one_event() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    for (hour, action) in [
        FaultAction::DropConnection,
        FaultAction::LoseAnswer,
        FaultAction::TruncateBody { keep_bytes: 40 },
    ]
    .into_iter()
    .enumerate()
    {
        let wanted = draft(hour as u128 + 1, &room(1), hours(hour as i64 * 2, 1));
        world.inject(broken("/v1.0/me/events", action, 2));
        world.provider.create_event(&adele, &wanted).await.unwrap();
        assert_eq!(world.sim.events(ADELE).unwrap().len(), hour + 1);
    }
}

#[tokio::test]
async fn a_service_that_never_answers_is_given_up_and_may_be_tried_again_later() {
    let world = World::start().await;
    world.inject(broken("/v1.0/places", FaultAction::DropConnection, 100));
    let error = world.provider.rooms(None).await.unwrap_err();
    assert!(
        matches!(error, ProviderError::Retry { after: None, .. }),
        "{error}"
    );
    assert_eq!(world.requests_ending("microsoft.graph.room"), 3);
}

#[tokio::test]
async fn a_failing_service_is_asked_again_where_that_is_harmless() {
    let world = World::start().await;
    for status in [500, 502, 504] {
        world.inject(fault("/v1.0/places", status, 1, None));
    }
    world.provider.rooms(None).await.unwrap();
    assert_eq!(world.requests_ending("microsoft.graph.room"), 4);
}

#[tokio::test]
async fn ten_requests_to_one_mailbox_go_four_at_a_time() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    let delay_ms = 150;
    world.inject(Fault::always(
        FaultMatch::path("/v1.0/users"),
        FaultAction::Delay {
            delay_ms,
            jitter_ms: 0,
        },
    ));
    let started = Instant::now();
    let asked = [room(1)];
    let answers = join_all((0..10).map(|_| world.provider.busy_times(&asked, hours(0, 1)))).await;
    assert!(answers.iter().all(Result::is_ok));
    // Ten through a lane of four take three turns; side by side they would take one.
    assert!(started.elapsed() >= Duration::from_millis(3 * delay_ms));
}
