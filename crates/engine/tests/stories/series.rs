//! Series placed in the portal: planned by Exchange's word, written so that no room declines all, and followed to the end.

use booking::BookingError;
use booking::ids::{ReservationId, RoomId, SeriesId};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::provider::testing::{Call, FakeEvent};
use booking::recurrence::{End, Pattern, Series};
use booking::reservation::ReservationState;
use booking::room::EquipmentSet;
use booking::rules::Refusal;
use booking::search::found::Source;
use booking::series::{
    Assigned, BadSeries, DateWish, PlacedSeries, PlannedSeries, SeriesWish, Way, WishedFor,
};
use booking::time::{DAY_MS, HOUR_MS, TimeRange};
use engine::Error;
use uuid::Uuid;

use crate::office::{MORNING, Office, ada, ben, exactly, hour};

pub const KEY: SeriesId = SeriesId(Uuid::from_u128(0x5e));
const TOMORROW: i64 = MORNING.0 / DAY_MS + 1;

/// So many days from tomorrow on, noon to one by the building's clock.
pub fn daily(dates: u32, people: u32) -> SeriesWish {
    SeriesWish {
        building: None,
        floor: None,
        near: None,
        people,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
        pattern: Series {
            pattern: Pattern::Daily,
            interval: 1,
            first_day: TOMORROW,
            end: End::After(dates),
            start_minute: 12 * 60,
            length_minutes: 60,
        },
        choices: Vec::new(),
    }
}

/// The time of a date, counted from 1: noon in Helsinki is ten in UTC.
pub fn noon(number: i64) -> TimeRange {
    hour(2).shifted_ms(number * DAY_MS)
}

pub async fn plan(office: &Office, wish: &SeriesWish) -> PlannedSeries {
    let planned = async || office.engine.plan_series(&ada(), wish).await.unwrap();
    office.through(2_000, planned).await
}

pub fn seen(plan: &PlannedSeries) -> Vec<Option<RoomId>> {
    plan.dates.iter().map(|date| date.assigned.room()).collect()
}

pub async fn try_to_place(
    office: &Office,
    wish: &SeriesWish,
    rooms: &[Option<RoomId>],
) -> Result<PlacedSeries, Error> {
    let engine = &office.engine;
    engine
        .place_series(&ada(), KEY, wish, rooms, "Planning")
        .await
}

/// Ada plans the series and places what she sees.
pub async fn place(office: &Office, wish: &SeriesWish) -> PlacedSeries {
    let plan = plan(office, wish).await;
    try_to_place(office, wish, &seen(&plan)).await.unwrap()
}

pub async fn mine(office: &Office, person: &Person) -> Option<PlacedSeries> {
    let mine = office.engine.my_series(person).await.unwrap();
    mine.into_iter().next()
}

/// How the dates stand. `None`: left out.
pub async fn states(office: &Office) -> Vec<Option<ReservationState>> {
    let series = mine(office, &ada()).await.unwrap();
    let dates = series.dates.iter();
    dates
        .map(|date| date.reserved.as_ref().map(|one| one.state))
        .collect()
}

/// Somebody in Outlook has the room then; Etage's mirror knows.
pub async fn take(office: &Office, room: usize, range: TimeRange) -> u64 {
    let number = take_unheard(office, room, range);
    office.note_all_changes().await;
    office.run().await;
    number
}

/// The same, and the mirror does not know yet.
pub fn take_unheard(office: &Office, room: usize, range: TimeRange) -> u64 {
    let mailbox = office.mailbox(room);
    let calendars = &office.calendars;
    let number = calendars.add_outside(&ben().address, mailbox, range);
    calendars.attend();
    number
}

/// Dates of ours that stand, with the rooms that are invited to them.
pub fn ours(office: &Office) -> Vec<FakeEvent> {
    let events = office.calendars.events().into_iter();
    events.filter(|one| one.series.is_some()).collect()
}

pub async fn settle(office: &Office) {
    for _ in 0..4 {
        office.settle().await;
    }
}

pub fn bad(error: &Error) -> BadSeries {
    match error {
        Error::Booking(BookingError::BadRequest(booking::error::BadRequest::Series(bad))) => *bad,
        other => panic!("{other:?}"),
    }
}

pub const ALL_CONFIRMED: Option<ReservationState> = Some(ReservationState::Confirmed);

/// covers part of: P-08, N-02
#[tokio::test]
async fn a_series_without_conflicts_is_one_request() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let placed = place(&office, &daily(5, 1)).await;
    assert_eq!((placed.way, placed.is_written), (Way::Plain, false));
    assert_eq!(states(&office).await, [Some(ReservationState::Held); 5]);
    office.run().await;
    assert_eq!(
        states(&office).await,
        [Some(ReservationState::Submitted); 5]
    );
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 5]);
    assert!(mine(&office, &ada()).await.unwrap().is_written);
    let writes = [
        Call::CreateSeries,
        Call::EditEvent,
        Call::DeleteEvent,
        Call::CreateEvent,
    ];
    assert_eq!(writes.map(|call| calendars.calls(call)), [1, 0, 0, 0]);
    let rooms: Vec<_> = ours(&office).into_iter().map(|one| one.room).collect();
    assert_eq!(rooms, vec![office.mailbox(0).clone(); 5]);
    assert_eq!(mine(&office, &ben()).await, None);
}

/// covers part of: P-08, N-02
#[tokio::test]
async fn with_assumed_thresholds_every_date_asks_by_itself_and_none_declines() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    take(&office, 1, noon(1)).await;
    take(&office, 2, noon(4)).await;
    let wish = daily(5, 5);
    let planned = plan(&office, &wish).await;
    let (second, third) = (office.rooms[1].id, office.rooms[2].id);
    let expected = [third, second, second, second, second].map(Some);
    assert_eq!(seen(&planned), expected);
    assert_eq!(
        (planned.changes, planned.elsewhere, planned.majority),
        (1, 1, Some(second))
    );
    let placed = place(&office, &wish).await;
    assert_eq!(placed.way, Way::EachByItself);
    office.run().await;
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 5]);
    // One event, a room for each date, and one word at the end.
    let writes = [Call::CreateSeries, Call::EditEvent, Call::DeleteEvent];
    assert_eq!(writes.map(|call| calendars.calls(call)), [1, 5 + 1, 0]);
    let ours = ours(&office);
    let at = |room| {
        let mailbox = office.mailbox(room);
        ours.iter().filter(|one| one.room == *mailbox).count()
    };
    assert_eq!((at(1), at(2)), (4, 1));
    assert!(
        ours.iter()
            .all(|one| one.location == "Room 0.1; 25 Nov: Room 0.2")
    );
}

/// covers part of: N-02
#[tokio::test]
async fn a_skipped_date_is_offered_again_when_a_room_is_free() {
    let office = Office::open().await;
    let theirs = take(&office, 2, noon(3)).await;
    let wish = daily(4, 10);
    let planned = plan(&office, &wish).await;
    assert_eq!(planned.dates[2].assigned, Assigned::NoneFree);
    place(&office, &wish).await;
    office.run().await;
    settle(&office).await;
    let without_third = [ALL_CONFIRMED, ALL_CONFIRMED, None, ALL_CONFIRMED];
    assert_eq!(states(&office).await, without_third);
    // The date is in nobody's calendar, and its room was never asked.
    assert_eq!(ours(&office).len(), 3);
    let third = mine(&office, &ada()).await.unwrap().dates[2].clone();
    assert_eq!((third.is_watched, third.offered), (true, None));

    office.calendars.remove(theirs);
    settle(&office).await;
    let third = mine(&office, &ada()).await.unwrap().dates[2].clone();
    let offered = third.offered.unwrap();
    assert_eq!(
        (offered.room, offered.number.as_str()),
        (office.rooms[2].id, "0.2")
    );

    let key = ReservationId(Uuid::from_u128(0x3));
    let again = async || {
        let engine = &office.engine;
        engine
            .place_left_out(&ada(), (KEY, 3), key, offered.room, "Planning")
            .await
    };
    again().await.unwrap();
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 4]);
    let third = mine(&office, &ada()).await.unwrap().dates[2].clone();
    assert_eq!((third.is_watched, third.offered), (false, None));
    // A second click changes nothing; another key is told that nothing waits.
    again().await.unwrap();
    let other = ReservationId(Uuid::from_u128(0x4));
    let engine = &office.engine;
    let refused = engine
        .place_left_out(&ada(), (KEY, 3), other, offered.room, "")
        .await;
    assert_eq!(bad(&refused.unwrap_err()), BadSeries::NotWaiting);
    let strangers = engine
        .place_left_out(&ben(), (KEY, 3), other, offered.room, "")
        .await;
    let refused = strangers.unwrap_err();
    assert!(matches!(refused, Error::Booking(BookingError::NotYours)));
}

/// covers part of: P-08
#[tokio::test]
async fn what_was_taken_meanwhile_is_named_and_nothing_is_held() {
    let office = Office::open().await;
    let wish = daily(4, 10);
    let planned = plan(&office, &wish).await;
    // One date by Etage, where only the guard knows, and one in Outlook, where only Exchange does.
    let room = office.rooms[2].id;
    let key = ReservationId(Uuid::from_u128(0xbe));
    let engine = &office.engine;
    let bens = engine
        .place_reservation(&ben(), key, room, &exactly(noon(2)), "Mine")
        .await;
    bens.unwrap();
    let refused = try_to_place(&office, &wish, &seen(&planned)).await;
    let named = |refused: Result<PlacedSeries, Error>| match refused {
        Err(Error::Booking(BookingError::SeriesRefused(dates))) => dates,
        other => panic!("{other:?}"),
    };
    let dates = named(refused);
    let range = noon(2);
    assert_eq!(dates.len(), 1);
    assert_eq!((dates[0].number, dates[0].room), (2, room));
    assert_eq!(dates[0].refusals, [Refusal::Held { range }]);

    take_unheard(&office, 2, noon(4));
    let asked = async || {
        office.clock.advance_ms(20_000);
        try_to_place(&office, &wish, &seen(&planned)).await
    };
    let dates = named(office.through(2_000, asked).await);
    let numbers: Vec<u32> = dates.iter().map(|date| date.number).collect();
    assert_eq!(numbers, [4]);
    assert!(matches!(dates[0].refusals[..], [Refusal::Taken { .. }]));

    assert_eq!(mine(&office, &ada()).await, None);
    assert!(engine.my_reservations(&ada()).await.unwrap().is_empty());
    engine.catch_up().await.unwrap();
    let fresh = plan(&office, &wish).await;
    assert_eq!(fresh.dates[1].assigned, Assigned::NoneFree);
    assert_eq!(fresh.dates[3].assigned, Assigned::NoneFree);
}

#[tokio::test]
async fn a_plan_is_made_anew_where_exchange_knows_of_more_than_the_mirror() {
    let office = Office::open().await;
    office.own_faults();
    take_unheard(&office, 0, noon(2));
    let planned = plan(&office, &daily(3, 1)).await;
    // Room 0.0 is smallest, but one change of room more than staying in 0.1 for all.
    assert_eq!(seen(&planned), [Some(office.rooms[1].id); 3]);
    let by_exchange = |source| matches!(source, Some(Source::Exchange { .. }));
    assert!(planned.dates.iter().all(|date| by_exchange(date.source)));
    assert_eq!(planned.dates[1].free, 2);
    assert_eq!(
        planned.dates[0].others,
        [office.rooms[0].id, office.rooms[2].id]
    );
}

#[tokio::test]
async fn a_plan_says_so_where_exchange_does_not_answer() {
    let office = Office::open().await;
    let silent = ProviderError::Retry {
        after: None,
        context: "no answer".to_owned(),
    };
    for _ in 0..4 {
        let calendars = office.own_faults();
        calendars.fail_next(Call::BusyTimes, silent.clone());
    }
    let planned = plan(&office, &daily(3, 1)).await;
    let by_mirror = |source| matches!(source, Some(Source::Mirror { as_of: Some(_) }));
    assert!(planned.dates.iter().all(|date| by_mirror(date.source)));
    let told = [booking::series::SeriesWarning::NotAsked];
    assert_eq!(planned.warnings, told);
}

#[tokio::test]
async fn a_date_may_be_skipped_moved_or_given_a_room_of_its_own() {
    let office = Office::open().await;
    let moved = noon(3).shifted_ms(2 * HOUR_MS);
    let (first, last) = (office.rooms[0].id, office.rooms[2].id);
    let date = |number, wanted| DateWish { number, wanted };
    let wish = SeriesWish {
        choices: vec![
            date(1, WishedFor::Skip),
            date(2, WishedFor::Room(last)),
            date(
                3,
                WishedFor::Moved {
                    when: exactly(moved),
                    room: None,
                },
            ),
        ],
        ..daily(4, 1)
    };
    let planned = plan(&office, &wish).await;
    assert_eq!(planned.dates[0].assigned, Assigned::Skipped);
    assert_eq!(planned.dates[2].range, moved);
    assert_eq!(seen(&planned)[1], Some(last));
    let placed = place(&office, &wish).await;
    assert_eq!(placed.way, Way::EachByItself);
    // Left out on purpose, with rooms free: not looked for again.
    assert!(!placed.dates[0].is_watched);
    office.run().await;
    settle(&office).await;
    let states = states(&office).await;
    assert_eq!(states, [None, ALL_CONFIRMED, ALL_CONFIRMED, ALL_CONFIRMED]);
    let mut dates: Vec<_> = ours(&office)
        .into_iter()
        .map(|one| (one.range, one.room))
        .collect();
    dates.sort();
    let at = |room: Option<RoomId>| {
        let at = office.rooms.iter().position(|one| Some(one.id) == room);
        office.mailbox(at.unwrap()).clone()
    };
    let rooms = seen(&planned);
    let expected = [
        (noon(2), at(rooms[1])),
        (moved, at(rooms[2])),
        (noon(4), at(rooms[3])),
    ];
    assert_eq!(dates, expected);
    assert_ne!(rooms[1], Some(first));
}
