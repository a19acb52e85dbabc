//! Changing events of the organizer's own: read whole, written as long as nobody else has changed them.

use booking::event::EventRef;
use booking::provider::{
    Actor, CalendarProvider, EventEdit, InvitedAs, LocationLine, OwnEvent, ProviderError,
    RoomResponse,
};
use booking::time::{TimeRange, ZoneName};
use m365_sim::{Fault, FaultMatch};

use crate::support::{ADELE, MEGAN, World, address, draft, hours, refusing, room};

/// Adele's meeting in room 1 with Megan, which everybody has accepted.
async fn meeting(world: &World) -> (Actor, EventRef) {
    let adele = world.signed_in(ADELE).await;
    let mut wanted = draft(1, &room(1), hours(1, 1));
    wanted.attendees.push(address(MEGAN));
    let event = world.booked(&adele, &wanted).await;
    (adele, event)
}

async fn read(world: &World, actor: &Actor, event: &EventRef) -> OwnEvent {
    let own = world.provider.own_event(actor, event).await.unwrap();
    own.expect("the event stands")
}

/// Reads the event, then changes it so.
async fn change(
    world: &World,
    actor: &Actor,
    event: &EventRef,
    edit: impl FnOnce(&OwnEvent) -> EventEdit,
) -> Result<(), ProviderError> {
    let own = read(world, actor, event).await;
    let edit = edit(&own);
    let provider = &world.provider;
    provider.edit_event(actor, event, &own.version, &edit).await
}

fn to_room_2(own: &OwnEvent) -> EventEdit {
    EventEdit {
        invited: Some(own.with_rooms_exchanged(&room(1), Some((&room(2), "Room 2")))),
        ..EventEdit::default()
    }
}

fn to(range: TimeRange) -> EventEdit {
    EventEdit {
        times: Some((range, ZoneName("Europe/Helsinki".to_owned()))),
        ..EventEdit::default()
    }
}

async fn answer(world: &World, actor: &Actor, event: &EventRef, number: u32) -> RoomResponse {
    let room = room(number);
    let answer = world.provider.room_answer(actor, event, &room).await;
    answer.unwrap().response
}

#[tokio::test]
async fn an_own_event_is_read_with_everybody_invited_and_as_what() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    let own = read(&world, &adele, &event).await;
    assert_eq!(
        (own.range, own.is_series, own.location.as_str()),
        (Some(hours(1, 1)), false, "Room")
    );
    let invited: Vec<_> = own
        .invited
        .iter()
        .map(|one| (one.address.as_str(), one.role))
        .collect();
    let wanted = [
        ("room1@contoso.com", InvitedAs::Resource),
        (MEGAN, InvitedAs::Required),
    ];
    assert_eq!(invited, wanted);
    world
        .provider
        .cancel_event(&adele, &event, "")
        .await
        .unwrap();
    let gone = world.provider.own_event(&adele, &event).await.unwrap();
    assert_eq!(gone, None);
}

/// covers part of: OM-03 (nobody asks for it yet)
#[tokio::test]
async fn a_room_is_exchanged_without_a_word_to_people() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    let before = world.sim.events(MEGAN).unwrap();
    change(&world, &adele, &event, to_room_2).await.unwrap();
    world.sim.drain().await;

    assert_eq!(
        answer(&world, &adele, &event, 2).await,
        RoomResponse::Accepted
    );
    let left = world.provider.room_answer(&adele, &event, &room(1)).await;
    assert!(matches!(left, Err(ProviderError::NotFound { .. })));
    // Megan's copy is untouched, down to the room it named.
    assert_eq!(world.sim.events(MEGAN).unwrap(), before);
    let rooms = [room(1), room(2)];
    let told = world.provider.busy_times(&rooms, hours(0, 5)).await;
    let busy: Vec<usize> = (told.unwrap().into_iter())
        .map(|one| one.schedule.unwrap().len())
        .collect();
    assert_eq!(busy, [0, 1]);
}

#[tokio::test]
async fn types_of_the_invited_survive_a_change() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    // Megan need not come.
    let optional = |own: &OwnEvent| {
        let mut invited = own.invited.clone();
        for one in invited.iter_mut().filter(|one| one.address == MEGAN) {
            one.role = InvitedAs::Optional;
        }
        EventEdit {
            invited: Some(invited),
            ..EventEdit::default()
        }
    };
    change(&world, &adele, &event, optional).await.unwrap();
    change(&world, &adele, &event, to_room_2).await.unwrap();
    let own = &world.sim.events(ADELE).unwrap()[0];
    let kinds: Vec<_> = (own.attendees.iter())
        .map(|one| (one.address.as_str(), one.kind.as_str()))
        .collect();
    assert_eq!(
        kinds,
        [("room2@contoso.com", "resource"), (MEGAN, "optional")]
    );
}

#[tokio::test]
async fn a_room_answers_anew_for_another_time_and_not_for_another_location_line() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    change(&world, &adele, &event, |_| to(hours(3, 2)))
        .await
        .unwrap();
    assert_eq!(answer(&world, &adele, &event, 1).await, RoomResponse::None);
    world.sim.drain().await;
    assert_eq!(
        answer(&world, &adele, &event, 1).await,
        RoomResponse::Accepted
    );
    let line = |location: LocationLine| {
        move |_: &OwnEvent| EventEdit {
            location: Some(location),
            ..EventEdit::default()
        }
    };
    let named = LocationLine::Room {
        name: "Harbour 1".to_owned(),
        mailbox: room(1),
    };
    for (location, shown) in [(named, "Harbour 1"), (LocationLine::Empty, "")] {
        change(&world, &adele, &event, line(location))
            .await
            .unwrap();
        world.sim.drain().await;
        let own = read(&world, &adele, &event).await;
        assert_eq!(
            (own.range, own.location.as_str()),
            (Some(hours(3, 2)), shown)
        );
        assert_eq!(
            answer(&world, &adele, &event, 1).await,
            RoomResponse::Accepted
        );
    }
}

#[tokio::test]
async fn a_room_that_declines_another_time_is_told_by_the_organizers_copy() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    world
        .booked(&Actor::BookingMailbox, &draft(2, &room(1), hours(3, 1)))
        .await;
    change(&world, &adele, &event, |_| to(hours(3, 2)))
        .await
        .unwrap();
    world.sim.drain().await;
    assert_eq!(
        answer(&world, &adele, &event, 1).await,
        RoomResponse::Declined
    );
}

#[tokio::test]
async fn a_change_meanwhile_is_a_conflict() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    let stale = read(&world, &adele, &event).await;
    change(&world, &adele, &event, |_| to(hours(3, 1)))
        .await
        .unwrap();
    let provider = &world.provider;
    let edit = to(hours(5, 1));
    let late = provider.edit_event(&adele, &event, &stale.version, &edit);
    let error = late.await.unwrap_err();
    assert!(matches!(error, ProviderError::Conflict { .. }), "{error}");
    assert_eq!(read(&world, &adele, &event).await.range, Some(hours(3, 1)));
}

/// What was carried out may be answered with a failure; asked again, it is refused, and who reads again sees it done.
#[tokio::test]
async fn a_change_that_is_gone_or_fails_says_so() {
    let world = World::start().await;
    let (adele, event) = meeting(&world).await;
    world.inject(Fault::times(
        1,
        FaultMatch {
            method: Some("PATCH".to_owned()),
            path: Some("/v1.0/me/events/*".to_owned()),
            mailbox: None,
        },
        refusing(403, "ErrorAccessDenied"),
    ));
    let denied = change(&world, &adele, &event, |_| to(hours(3, 1))).await;
    assert!(
        matches!(denied, Err(ProviderError::Denied { .. })),
        "{denied:?}"
    );
    let own = read(&world, &adele, &event).await;
    let provider = &world.provider;
    provider.cancel_event(&adele, &event, "").await.unwrap();
    let edit = to(hours(3, 1));
    let late = provider.edit_event(&adele, &event, &own.version, &edit);
    let error = late.await.unwrap_err();
    assert!(matches!(error, ProviderError::NotFound { .. }), "{error}");
}
