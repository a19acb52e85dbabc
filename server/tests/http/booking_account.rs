//! A booking mailbox that books by its own account's permission.

use std::sync::Arc;

use booking::ids::ReservationId;
use booking::provider::{Actor, EventDraft, ProviderError};
use booking::time::ZoneName;
use server::clock::{SystemClock, SystemRandom};
use server::wire;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};

const MEGAN: &str = "megan.bowen@contoso.com";

#[tokio::test(flavor = "multi_thread")]
async fn the_booking_account_gives_its_permission_at_the_portals_door_and_books_from_then_on() {
    let app = TestApp::start().await;
    let store = app.state.engine.store().clone();
    let mut connection = store.connections().await.unwrap().remove(0);
    connection.service_account = app.sim.mailbox_id(MEGAN);
    let kept = store.add_connection(&connection, &SystemRandom).await;
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let restarted = wire::engine(&app.state.config, store, clock, random).await;
    let restarted = restarted.unwrap();
    let provider = restarted.providers().get(kept.unwrap()).unwrap();

    let room = &app.rooms[0];
    let draft = EventDraft {
        reservation: ReservationId(Uuid::from_u128(1)),
        subject: "Planning".to_owned(),
        range: tomorrow(9),
        zone: ZoneName::utc(),
        room: room.link.as_ref().unwrap().mailbox.clone(),
        room_name: room.name.clone(),
        attendees: Vec::new(),
    };
    let actor = Actor::BookingMailbox;
    let refused = provider.create_event(&actor, &draft).await;
    assert!(
        matches!(refused, Err(ProviderError::ServiceAccountSignedOut { .. })),
        "{refused:?}"
    );
    app.at_portal(MEGAN).await;
    let event = eventually("the account books", async || {
        provider.create_event(&actor, &draft).await.ok()
    });
    assert_eq!(event.await.mailbox.as_str(), MEGAN);
    assert_eq!(app.events(MEGAN).len(), 1);
    app.close().await;
}
