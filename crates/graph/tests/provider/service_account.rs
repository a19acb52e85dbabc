//! A booking mailbox that acts as itself, because the application may only read calendars.

use booking::event::EventRef;
use booking::provider::{
    Actor, CalendarProvider, MailboxFault, MailboxRole, ProviderError, RoomResponse, Which,
};
use booking::time::{HOUR_MS, MINUTE_MS};
use futures::future::join_all;
use graph::provider::{BookingAccess, BookingMailbox};
use graph::{GraphConfig, GraphProvider, Identity, PersonKey};
use http::Method;
use m365_sim::{Fault, FaultMatch, Revocation, Scenario};
use serde_json::json;

use crate::support::{ADELE, MEGAN, World, address, draft, hours, refusing, room};

const TOKEN: &str = "/oauth2/v2.0/token";

/// A tenant whose application reads calendars, and writes only its booking mailbox's own, which has signed in.
async fn world() -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions = ["Calendars.Read", "Place.Read.All"]
        .map(str::to_owned)
        .to_vec();
    app.delegated_permissions = ["Calendars.ReadWrite", "offline_access"]
        .map(str::to_owned)
        .to_vec();
    let mut world = World::with(scenario).await;
    world.signed_in(MEGAN).await;
    world.provider = acting_as(&world, MEGAN);
    world
}

/// A provider whose booking mailbox acts as this account.
fn acting_as(world: &World, account: &str) -> GraphProvider {
    world.with_config(GraphConfig {
        booking_mailbox: Some(BookingMailbox {
            address: address(MEGAN),
            access: BookingAccess::ServiceAccount(world.person(account)),
        }),
        ..world.config()
    })
}

async fn book(world: &World, reservation: u128) -> Result<EventRef, ProviderError> {
    let wanted = draft(reservation, &room(1), hours(1, 1));
    let booking = world.provider.create_event(&Actor::BookingMailbox, &wanted);
    booking.await
}

fn must_sign_in<T: std::fmt::Debug>(asked: Result<T, ProviderError>, why: &str) {
    let Err(error @ ProviderError::ServiceAccountSignedOut { .. }) = asked else {
        panic!("{asked:?}")
    };
    let told = error.to_string();
    assert!(
        told.contains("service account must be signed in again") && told.contains(why),
        "{told}"
    );
}

#[tokio::test]
async fn the_booking_mailbox_books_changes_and_cancels_as_its_own_account() {
    let world = world().await;
    let actor = Actor::BookingMailbox;
    let wanted = draft(1, &room(1), hours(1, 1));
    let as_application = world.restarted().create_event(&actor, &wanted).await;
    let wrong = as_application.unwrap_err().mailbox_fault();
    assert_eq!(
        wrong,
        Some((MailboxRole::Booking, MailboxFault::NotGranted))
    );

    let event = world.booked(&actor, &wanted).await;
    assert_eq!(event.mailbox, address(MEGAN));
    let answer = world.provider.room_answer(&actor, &event, &room(1)).await;
    assert_eq!(answer.unwrap().response, RoomResponse::Accepted);

    let account = world.person(MEGAN);
    let who = Identity::ServiceAccount(PersonKey {
        tenant: account.tenant,
        object: account.object,
    });
    let path = format!("users/{MEGAN}/events/{}", event.event_id);
    let at = |hour: i64| json!({"dateTime": format!("2026-11-23T{hour}:00:00"), "timeZone": "UTC"});
    let later = json!({"start": at(11), "end": at(12)});
    let changed = world.outside_as(&who, Method::PATCH, &path, later).await;
    changed.unwrap();
    world.sim.drain().await;
    let ours = Which::WrittenFor(wanted.reservation);
    let found = world
        .provider
        .find_event(&actor, &room(1), hours(3, 1), ours)
        .await;
    let (moved, answer) = found.unwrap().unwrap();
    assert_eq!((&moved, answer), (&event, RoomResponse::Accepted));

    let cancelled = world.provider.cancel_event(&actor, &event, "").await;
    cancelled.unwrap();
    world.sim.drain().await;
    assert_eq!(world.sim.events(MEGAN).unwrap().len(), 0);
    let busy = world.provider.busy_times(&[room(1)], hours(0, 5)).await;
    assert_eq!(busy.unwrap()[0].schedule, Ok(Vec::new()));
}

#[tokio::test]
async fn its_token_is_asked_for_once_and_renewed_before_it_ends_and_what_renews_it_is_kept() {
    let world = world().await;
    let kept = || world.keeper.0.lock().unwrap()[&world.person(MEGAN)].clone();
    let asked = || world.requests_ending(TOKEN);
    let (before, first) = (asked(), kept());
    let (actor, which, asked_room) = (&Actor::BookingMailbox, Which::SentByPerson, &room(1));
    let provider = &world.provider;
    let looking = (0..8).map(|hour| provider.find_event(actor, asked_room, hours(hour, 1), which));
    assert!(join_all(looking).await.iter().all(Result::is_ok));
    assert_eq!(asked(), before + 1);
    let second = kept();
    assert_ne!(first, second);

    world.advance_ms(54 * MINUTE_MS);
    book(&world, 1).await.unwrap();
    assert_eq!(asked(), before + 1);
    world.advance_ms(MINUTE_MS);
    book(&world, 2).await.unwrap();
    assert_eq!(asked(), before + 2);
    assert_ne!(second, kept());
}

#[tokio::test]
async fn an_account_whose_sign_in_was_revoked_must_sign_in_again_while_reading_goes_on() {
    let world = world().await;
    book(&world, 1).await.unwrap();
    let revoked = Revocation::Everything;
    world.sim.revoke_sign_ins(MEGAN, revoked).unwrap();
    must_sign_in(book(&world, 2).await, "AADSTS50173");
    assert!(world.keeper.0.lock().unwrap().is_empty());
    must_sign_in(book(&world, 2).await, "no permission");
    world.round(&room(1), None).await.unwrap();

    world.signed_in(MEGAN).await;
    book(&world, 2).await.unwrap();
}

#[tokio::test]
async fn an_account_that_never_signed_in_must_do_so() {
    let world = world().await;
    let stranger = acting_as(&world, ADELE);
    let wanted = draft(1, &room(1), hours(1, 1));
    let booked = stranger.create_event(&Actor::BookingMailbox, &wanted).await;
    must_sign_in(booked, "no permission");
}

#[tokio::test]
async fn an_account_with_another_mailbox_is_denied_and_books_nowhere() {
    let world = world().await;
    world.signed_in(ADELE).await;
    let other = acting_as(&world, ADELE);
    let wanted = draft(1, &room(1), hours(1, 1));
    let booked = other.create_event(&Actor::BookingMailbox, &wanted).await;
    let wrong = booked.unwrap_err().mailbox_fault();
    assert_eq!(
        wrong,
        Some((MailboxRole::Booking, MailboxFault::NotGranted))
    );
    assert_eq!(world.sim.events(ADELE).unwrap().len(), 0);
}

#[tokio::test]
async fn a_fresh_token_that_graph_does_not_take_is_the_accounts_trouble_and_an_outage_nobodys() {
    let world = world().await;
    let failing = |path: &str, status| {
        let action = refusing(status, "x");
        Fault::times(2, FaultMatch::path(path), action)
    };
    world.inject(failing("*/events", 401));
    must_sign_in(book(&world, 1).await, "401");
    book(&world, 1).await.unwrap();

    world.advance_ms(2 * HOUR_MS);
    world.inject(failing("*/oauth2/v2.0/token", 503));
    let error = book(&world, 2).await.unwrap_err();
    assert!(matches!(error, ProviderError::Retry { .. }), "{error}");
    assert_eq!(world.keeper.0.lock().unwrap().len(), 1);
    drop(book(&world, 2).await);
    book(&world, 2).await.unwrap();
}
