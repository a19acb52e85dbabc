//! Tokens: the application's and people's.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use booking::person::PersonId;
use booking::provider::{Actor, CalendarProvider, GrantKeeper, ProviderError};
use booking::time::{HOUR_MS, MINUTE_MS};
use futures::future::join_all;
use graph::ops::organization::ListOrganization;
use graph::throttle::Limits;
use graph::{GraphError, Identity};
use m365_sim::{Fault, FaultAction, FaultMatch};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use crate::support::{ADELE, World, draft, hours, refusing, room, wait_named};

const TOKEN: &str = "/oauth2/v2.0/token";

#[tokio::test]
async fn many_requests_at_once_ask_for_one_token() {
    let world = World::start().await;
    let rooms: Vec<_> = (1..=8).map(room).collect();
    let rounds = join_all(rooms.iter().map(|room| world.round(room, None))).await;
    assert!(rounds.iter().all(Result::is_ok));
    assert_eq!(world.requests_ending(TOKEN), 1);
}

#[tokio::test]
async fn a_token_is_renewed_five_minutes_before_it_ends() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    world.advance_ms(54 * MINUTE_MS);
    world.provider.rooms(None).await.unwrap();
    assert_eq!(world.requests_ending(TOKEN), 1);
    world.advance_ms(MINUTE_MS);
    world.provider.rooms(None).await.unwrap();
    assert_eq!(world.requests_ending(TOKEN), 2);
}

#[tokio::test]
async fn a_token_that_graph_refuses_is_renewed_once() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    // Only Microsoft's clock moves, so that we take the token for good while Graph does not.
    world
        .sim
        .clock()
        .advance(jiff::SignedDuration::from_hours(2));
    world.provider.rooms(None).await.unwrap();
    assert_eq!(world.requests_ending(TOKEN), 2);
}

#[tokio::test]
async fn while_the_identity_provider_is_down_the_old_token_serves_to_its_end() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    world.advance_ms(56 * MINUTE_MS);
    world.inject(unavailable_sign_in());
    world.provider.rooms(None).await.unwrap();
    world.advance_ms(HOUR_MS);
    let error = world.provider.rooms(None).await.unwrap_err();
    assert!(matches!(error, ProviderError::Retry { .. }), "{error}");
}

#[tokio::test]
async fn a_wrong_client_secret_is_the_applications_trouble_whomever_it_acts_for() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let wrong = world.with_secret("wrong");
    let draft = draft(1, &room(1), hours(1, 1));
    let as_application = wrong.rooms(None).await.map(drop);
    let as_person = wrong.create_event(&adele, &draft).await.map(drop);
    let (person, assertion) = (world.person(ADELE), world.pane_token(ADELE));
    let adopting = wrong.adopt_assertion(&person, &assertion).await;
    for outcome in [as_application, as_person, adopting] {
        let error = outcome.unwrap_err();
        let ProviderError::ApplicationRefused { context } = error else {
            panic!("{error}")
        };
        assert!(context.contains("AADSTS7000215"), "{context}");
    }
    let grants = world.keeper.0.lock().unwrap().len();
    assert_eq!(grants, 1, "it is no reason to forget a grant");
}

#[tokio::test]
async fn a_graph_that_takes_no_token_blames_whoever_it_was_given_to() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let unauthorized = |path: &str| {
        Fault::always(
            FaultMatch::path(path),
            refusing(401, "InvalidAuthenticationToken"),
        )
    };
    world.inject(unauthorized("*/places/*"));
    world.inject(unauthorized("*/me/events"));
    let error = world.provider.rooms(None).await.unwrap_err();
    assert!(
        matches!(error, ProviderError::ApplicationRefused { .. }),
        "{error}"
    );
    let draft = draft(1, &room(1), hours(1, 1));
    let error = world
        .provider
        .create_event(&adele, &draft)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::SignInBroken { .. }),
        "{error}"
    );
}

#[tokio::test]
async fn the_panes_token_becomes_a_permission_that_survives_a_restart() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let restarted = world.restarted();
    let event = restarted
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    assert_eq!(event.mailbox.as_str(), ADELE);
}

#[tokio::test]
async fn the_refresh_token_that_comes_with_a_token_replaces_the_old_one() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let person = world.person(ADELE);
    let first = world.keeper.0.lock().unwrap()[&person].clone();
    world.advance_ms(2 * HOUR_MS);
    world
        .provider
        .create_event(&adele, &draft(1, &room(1), hours(3, 1)))
        .await
        .unwrap();
    let second = world.keeper.0.lock().unwrap()[&person].clone();
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_refused_grant_is_forgotten_and_the_person_must_sign_in_again() {
    let world = World::start().await;
    let person = world.person(ADELE);
    world
        .keeper
        .0
        .lock()
        .unwrap()
        .insert(person, "worthless".to_owned());
    let draft = draft(1, &room(1), hours(1, 1));
    let error = world
        .provider
        .create_event(&Actor::Person(person), &draft)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::SignInBroken { .. }),
        "{error}"
    );
    assert!(world.keeper.0.lock().unwrap().is_empty());

    let error = world
        .provider
        .create_event(&Actor::Person(person), &draft)
        .await
        .unwrap_err();
    let ProviderError::SignInBroken { context } = error else {
        panic!("{error}")
    };
    assert!(context.contains("no permission"), "{context}");
}

/// A keeper in which another process replaces a worthless grant between our reading it and our being refused.
struct RotatedElsewhere {
    read: AtomicU32,
    newest: String,
}

#[async_trait]
impl GrantKeeper for RotatedElsewhere {
    async fn grant(&self, _: &PersonId) -> Result<Option<SecretString>, ProviderError> {
        let first = self.read.fetch_add(1, Ordering::SeqCst) == 0;
        let text = if first {
            "worthless"
        } else {
            self.newest.as_str()
        };
        Ok(Some(SecretString::from(text)))
    }

    async fn keep(&self, _: &PersonId, _: &SecretString) -> Result<(), ProviderError> {
        Ok(())
    }

    async fn forget(&self, _: &PersonId) -> Result<(), ProviderError> {
        panic!("the newer grant must not be forgotten");
    }
}

#[tokio::test]
async fn a_grant_that_another_process_renewed_meanwhile_is_used_and_not_forgotten() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let newest = world.keeper.0.lock().unwrap()[&world.person(ADELE)].clone();
    let keeper = RotatedElsewhere {
        read: AtomicU32::new(0),
        newest,
    };
    let provider = world.with_keeper(Arc::new(keeper));
    let event = provider
        .create_event(&adele, &draft(1, &room(1), hours(1, 1)))
        .await
        .unwrap();
    assert_eq!(event.mailbox.as_str(), ADELE);
}

#[tokio::test]
async fn an_outage_of_the_identity_provider_forgets_no_grant() {
    let world = World::start().await;
    world.signed_in(ADELE).await;
    let person = world.person(ADELE);
    world.inject(unavailable_sign_in());
    let restarted = world.restarted();
    let draft = draft(1, &room(1), hours(1, 1));
    let error = restarted
        .create_event(&Actor::Person(person), &draft)
        .await
        .unwrap_err();
    assert!(matches!(error, ProviderError::Retry { .. }), "{error}");
    assert!(world.keeper.0.lock().unwrap().contains_key(&person));
}

#[tokio::test]
async fn a_token_that_is_not_for_us_is_not_adopted() {
    let world = World::start().await;
    let person = world.person(ADELE);
    let foreign = SecretString::from("eyJhbGciOiJub25lIn0.e30.");
    let error = world
        .provider
        .adopt_assertion(&person, &foreign)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::SignInBroken { .. }),
        "{error}"
    );
    assert!(world.keeper.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn no_error_ever_shows_a_secret() {
    let world = World::start().await;
    let secret = "an-obvious-secret";
    let error = world.with_secret(secret).rooms(None).await.unwrap_err();
    let pane = world
        .provider
        .adopt_assertion(&world.person(ADELE), &SecretString::from(secret))
        .await
        .unwrap_err();
    for error in [error, pane] {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains(secret), "{shown}");
    }
}

fn unavailable_sign_in() -> Fault {
    Fault::always(FaultMatch::path("*/oauth2/v2.0/token"), refusing(503, "x"))
}

#[tokio::test]
async fn a_token_answer_that_breaks_off_is_told_as_such_and_names_its_request() {
    let world = World::start().await;
    let client = world.client_of(&answering_in_part().await, Limits::default());
    let asked = client.send(&Identity::Application, &ListOrganization).await;
    let Err(GraphError::Truncated {
        request_id,
        read_bytes,
        ..
    }) = asked
    else {
        panic!("{asked:?}")
    };
    assert_eq!((request_id.as_deref(), read_bytes), (Some("r-7"), 8));
}

/// An identity provider that announces a whole answer and sends eight bytes of it.
async fn answering_in_part() -> Url {
    const PART: &[u8] =
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nx-ms-request-id: r-7\r\n\r\n{\"access";
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut request = Vec::new();
            // To its last field: what is left unread would make the answer vanish with the connection.
            while !String::from_utf8_lossy(&request).contains("client_secret=") {
                socket.read_buf(&mut request).await.unwrap();
            }
            socket.write_all(PART).await.unwrap();
        }
    });
    Url::parse(&url).unwrap()
}

#[tokio::test]
async fn those_who_wait_for_one_token_share_the_failure_and_the_pause_it_asks_for() {
    let world = World::start().await;
    let mut fault = unavailable_sign_in();
    if let FaultAction::Status {
        retry_after_seconds,
        ..
    } = &mut fault.action
    {
        *retry_after_seconds = Some(60.0);
    }
    world.inject(fault);
    let outcomes = join_all((0..5).map(|_| world.provider.rooms(None))).await;
    let later = world.provider.rooms(None).await;
    for outcome in outcomes.into_iter().chain([later]) {
        let after = wait_named(outcome);
        assert!(after > std::time::Duration::from_secs(50), "{after:?}");
    }
    assert_eq!(world.requests_ending(TOKEN), 1);
}

#[tokio::test]
async fn an_application_that_is_refused_is_refused_by_one_request_for_all_who_wait() {
    let world = World::start().await;
    let mut refused = unavailable_sign_in();
    refused.action = refusing(401, "invalid_client");
    refused.count = Some(1);
    world.inject(refused);
    let outcomes = join_all((0..5).map(|_| world.provider.rooms(None))).await;
    for outcome in outcomes {
        let error = outcome.unwrap_err();
        assert!(
            matches!(error, ProviderError::ApplicationRefused { .. }),
            "{error}"
        );
    }
    assert_eq!(world.requests_ending(TOKEN), 1);
    world.provider.rooms(None).await.unwrap();
}

#[tokio::test]
async fn a_token_that_still_works_holds_nobody_up_while_it_cannot_be_renewed() {
    let world = World::start().await;
    world.provider.rooms(None).await.unwrap();
    world.advance_ms(56 * MINUTE_MS);
    world.inject(unavailable_sign_in());
    for _ in 0..2 {
        let outcomes = join_all((0..5).map(|_| world.provider.rooms(None))).await;
        assert!(outcomes.iter().all(Result::is_ok));
    }
    assert_eq!(world.requests_ending(TOKEN), 2);
}
