//! Rooms that decline in their own name, by the application's permission in their calendars.

use booking::provider::{CalendarProvider, ProviderError, RoomResponse};
use m365_sim::{ExchangeAccess, ExchangeRole, Fault, FaultAction, FaultMatch, Scenario};

use crate::support::{ADELE, World, draft, hours, room};

/// covers part of: FX-72
#[tokio::test]
async fn declining_as_the_room_leaves_the_organizers_event_and_tells_them() {
    let world = World::start().await;
    let actor = world.signed_in(ADELE).await;
    let wanted = draft(1, &room(1), hours(1, 1));
    let event = world.booked(&actor, &wanted).await;
    let before = world.sim.events(ADELE).unwrap().remove(0);

    world.inject(Fault::times(
        1,
        FaultMatch::path("*/decline"),
        FaultAction::LoseAnswer,
    ));
    let mailbox = room(1);
    let decline = || {
        world
            .provider
            .decline_as_room(&mailbox, &event, hours(1, 1))
    };
    decline().await.unwrap();
    world.sim.drain().await;
    let after = world.sim.events(ADELE).unwrap().remove(0);
    assert_eq!(
        (
            &after.id,
            &after.subject,
            after.start,
            after.end,
            after.is_cancelled
        ),
        (&before.id, &before.subject, before.start, before.end, false)
    );
    assert_eq!(after.attendees.len(), before.attendees.len());
    let answer = world.provider.room_answer(&actor, &event, &room(1)).await;
    assert_eq!(answer.unwrap().response, RoomResponse::Declined);
    assert_eq!(world.sim.events(room(1).as_str()).unwrap(), []);
    let again = decline().await;
    assert!(
        matches!(again, Err(ProviderError::NotFound { .. })),
        "{again:?}"
    );
}

#[tokio::test]
async fn one_meeting_of_a_room_declines_and_its_neighbours_stay() {
    let world = World::start().await;
    let actor = world.signed_in(ADELE).await;
    let first = world.booked(&actor, &draft(1, &room(1), hours(1, 1))).await;
    let second = world.booked(&actor, &draft(2, &room(1), hours(2, 1))).await;
    assert_ne!(first.ical_uid, second.ical_uid);
    let mailbox = room(1);
    let declined = world
        .provider
        .decline_as_room(&mailbox, &first, hours(1, 1));
    declined.await.unwrap();
    world.sim.drain().await;
    let left = world.sim.events(room(1).as_str()).unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].i_cal_u_id, second.ical_uid);
}

#[tokio::test]
async fn an_application_that_only_reads_the_rooms_is_denied() {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions = vec!["Place.Read.All".to_owned()];
    app.exchange_access = ExchangeAccess {
        roles: vec![ExchangeRole {
            role: "Application Calendars.Read".to_owned(),
            mailboxes: None,
        }],
        ..ExchangeAccess::default()
    };
    let world = World::with(scenario).await;
    let actor = world.signed_in(ADELE).await;
    let event = world.booked(&actor, &draft(1, &room(1), hours(1, 1))).await;
    let mailbox = room(1);
    let denied = world
        .provider
        .decline_as_room(&mailbox, &event, hours(1, 1))
        .await;
    assert!(
        matches!(&denied, Err(error) if error.mailbox_fault().is_some_and(|(_, fault)| fault.is_denial())),
        "{denied:?}"
    );
    assert_eq!(world.sim.events(room(1).as_str()).unwrap().len(), 1);
}
