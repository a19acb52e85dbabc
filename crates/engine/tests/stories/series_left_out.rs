//! Dates of a series that have no room and are placed by themselves: once, at their own time, and beside no other meeting.

use booking::ids::ReservationId;
use booking::provider::RoomResponse;
use booking::reservation::{ReservationState, StateNote};
use booking::series::{BadSeries, PlacedDate};
use booking::time::HOUR_MS;
use uuid::Uuid;

use crate::declining;
use crate::office::{Office, ada};
use crate::series::{KEY, bad, daily, mine, noon, place, plan, seen, settle, take, try_to_place};

fn key(number: u128) -> ReservationId {
    ReservationId(Uuid::from_u128(number))
}

async fn date(office: &Office, number: usize) -> PlacedDate {
    mine(office, &ada()).await.unwrap().dates[number - 1].clone()
}

/// covers part of: N-02
#[tokio::test]
async fn a_date_that_was_moved_and_declined_is_offered_and_placed_where_it_was_moved_to() {
    let office = Office::open().await;
    place(&office, &daily(3, 10)).await;
    office.run().await;
    let later = noon(2).shifted_ms(3 * HOUR_MS);
    let calendars = &office.calendars;
    let number = calendars.number_at(noon(2)).unwrap();
    calendars.move_to(number, later);
    calendars.answer(number, RoomResponse::Declined);
    settle(&office).await;
    // Where it was, the room is taken by now.
    take(&office, 2, noon(2)).await;
    settle(&office).await;
    let second = date(&office, 2).await;
    assert_eq!((second.range, second.is_watched), (later, true));
    let room = office.rooms[2].id;
    assert_eq!(second.offered.map(|offered| offered.room), Some(room));

    let (engine, person) = (&office.engine, ada());
    let placed = engine.place_left_out(&person, (KEY, 2), key(9), room, "Planning");
    placed.await.unwrap();
    settle(&office).await;
    let second = date(&office, 2).await;
    let state = second.reserved.map(|one| one.state);
    assert_eq!(
        (second.range, state),
        (later, Some(ReservationState::Confirmed))
    );
}

#[tokio::test]
async fn a_date_that_two_windows_place_in_different_rooms_has_one_meeting() {
    let office = Office::open().await;
    let wish = daily(3, 1);
    let mut rooms = seen(&plan(&office, &wish).await);
    rooms[1] = None;
    try_to_place(&office, &wish, &rooms).await.unwrap();
    office.run().await;
    settle(&office).await;
    let (engine, person) = (&office.engine, ada());
    let place = |number: u128, room: usize| {
        let room = office.rooms[room].id;
        engine.place_left_out(&person, (KEY, 2), key(number), room, "Planning")
    };
    let (first, second) = tokio::join!(place(1, 0), place(2, 1));
    let refused = [first, second].into_iter().filter_map(Result::err);
    let refused: Vec<_> = refused.map(|error| bad(&error)).collect();
    assert_eq!(refused, [BadSeries::NotWaiting]);
    settle(&office).await;
    let at_noon = office.calendars.events().into_iter();
    let at_noon: Vec<_> = at_noon.filter(|one| one.range == noon(2)).collect();
    assert_eq!(at_noon.len(), 1, "{at_noon:#?}");
    let state = date(&office, 2).await.reserved.map(|one| one.state);
    assert_eq!(state, Some(ReservationState::Confirmed));
    let mine = engine.my_reservations(&person).await.unwrap();
    assert_eq!(mine.len(), 3);
}

#[tokio::test]
async fn a_date_whose_room_was_made_to_decline_keeps_its_meeting_and_waits_for_no_other() {
    let office = declining::office().await;
    let placed = place(&office, &daily(3, 1)).await;
    office.run().await;
    let first = placed.dates[0].reserved.as_ref().unwrap().id;
    let (engine, person) = (&office.engine, ada());
    engine.decline_room(&person, first).await.unwrap();
    let told = date(&office, 1).await;
    let note = told.reserved.and_then(|one| one.note);
    assert_eq!(note, Some(StateNote::DeclinedHere { by_admin: false }));
    assert!(!told.is_watched);
    let room = office.rooms[1].id;
    let placed = engine.place_left_out(&person, (KEY, 1), key(9), room, "");
    assert_eq!(bad(&placed.await.unwrap_err()), BadSeries::NotWaiting);
    settle(&office).await;
    assert_eq!(date(&office, 1).await.offered, None);
    let at_noon = office.calendars.events().into_iter();
    let at_noon = at_noon.filter(|one| one.range == noon(1));
    assert_eq!(at_noon.count(), 1);
}
