//! Events that repeat and that we write: one by their id, read date by date, their rooms invited to all dates or to single
//! ones.

use booking::event::EventRef;
use booking::ids::SeriesId;
use booking::provider::{
    Actor, CalendarProvider, EventEdit, Invited, InvitedAs, LocationLine, OwnDate, OwnEvent,
    ProviderError, RoomResponse, SeriesDraft,
};
use booking::recurrence::{End, Pattern, Series, Weekdays};
use booking::time::civil::{days_from_civil, weekday};
use booking::time::{DAY_MS, HOUR_MS, Instant, TimeRange, ZoneName};
use m365_sim::{Readings, RepeatedCreate};
use uuid::Uuid;

use crate::support::{ADELE, MEGAN, World, address, room};

/// Sundays, ten to eleven in Berlin, where clocks go forward on 28 March 2027.
const FIRST: i64 = days_from_civil(2027, 3, 14);
const UTC_HOURS: [i64; 4] = [9, 9, 8, 8];

fn dates() -> Vec<TimeRange> {
    let date = |(week, hour): (i64, &i64)| {
        let start = Instant((FIRST + 7 * week) * DAY_MS + hour * HOUR_MS);
        TimeRange::new(start, start.plus_ms(HOUR_MS)).unwrap()
    };
    (0..).zip(&UTC_HOURS).map(date).collect()
}

fn window() -> TimeRange {
    let dates = dates();
    TimeRange::new(dates[0].start(), dates[3].end()).unwrap()
}

/// With this room for all dates, or none.
fn draft(number: Option<u32>) -> SeriesDraft {
    SeriesDraft {
        series: SeriesId(Uuid::from_u128(0x5e)),
        subject: "Planning".to_owned(),
        pattern: Series {
            pattern: Pattern::Weekly {
                days: Weekdays(1 << weekday(FIRST)),
                first_weekday: 0,
            },
            interval: 1,
            first_day: FIRST,
            end: End::On(FIRST + 21),
            start_minute: 600,
            length_minutes: 60,
        },
        zone: ZoneName("Europe/Berlin".to_owned()),
        dates: dates(),
        room: number.map(|number| (room(number), format!("Room {number}"))),
    }
}

async fn create(world: &World, actor: &Actor, draft: &SeriesDraft) -> EventRef {
    world.provider.create_series(actor, draft).await.unwrap()
}

/// Its dates as they are now, in order.
async fn read(world: &World, actor: &Actor, series: &EventRef) -> Vec<OwnDate> {
    let read = world.provider.series_dates(actor, series, window()).await;
    let mut read = read.unwrap().expect("the series stands");
    read.sort_by_key(|date| date.original_start);
    read
}

async fn edit(
    world: &World,
    actor: &Actor,
    event: &EventRef,
    edit: impl Fn(&OwnEvent) -> EventEdit,
) {
    let own = world
        .provider
        .own_event(actor, event)
        .await
        .unwrap()
        .unwrap();
    let edit = edit(&own);
    let provider = &world.provider;
    let edited = provider.edit_event(actor, event, &own.version, &edit).await;
    edited.unwrap();
}

fn with_room(number: u32) -> impl Fn(&OwnEvent) -> EventEdit {
    move |own| EventEdit {
        invited: Some(own.with_rooms_exchanged(&room(number), Some((&room(number), "Room")))),
        ..EventEdit::default()
    }
}

async fn answer(world: &World, actor: &Actor, date: &OwnDate, number: u32) -> RoomResponse {
    let room = room(number);
    let answer = world.provider.room_answer(actor, &date.event, &room).await;
    answer.unwrap().response
}

/// How often the room is taken, by Exchange's word.
async fn taken(world: &World, number: u32) -> usize {
    let rooms = [room(number)];
    let told = world.provider.busy_times(&rooms, window()).await.unwrap();
    told[0].schedule.as_ref().unwrap().len()
}

/// covers part of: P-08, N-02
#[tokio::test]
async fn a_series_is_written_on_its_buildings_wall_and_every_date_is_answered_by_itself() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let series = create(&world, &adele, &draft(Some(1))).await;
    let there = read(&world, &adele, &series).await;
    let ranges: Vec<_> = there.iter().map(|date| date.own.range).collect();
    assert_eq!(ranges, dates().into_iter().map(Some).collect::<Vec<_>>());
    for (date, range) in there.iter().zip(dates()) {
        assert_eq!(date.original_start, range.start());
        assert!(date.own.invites(&room(1)) && !date.own.is_series);
        assert_eq!(answer(&world, &adele, date, 1).await, RoomResponse::None);
    }
    world.sim.drain().await;
    for date in &there {
        let answer = answer(&world, &adele, date, 1).await;
        assert_eq!(answer, RoomResponse::Accepted);
    }
    let mut uids: Vec<_> = there.iter().map(|date| &date.event.ical_uid).collect();
    uids.dedup();
    assert_eq!(uids.len(), 4, "each date has a uid of its own");
    let own = world.sim.events(ADELE).unwrap();
    let subjects: Vec<_> = own.iter().map(|one| one.subject.as_str()).collect();
    assert_eq!(subjects, ["Planning"]);
    assert_eq!(own[0].locations, ["Room 1"]);
    assert_eq!(taken(&world, 1).await, 4);
}

#[tokio::test]
async fn a_series_created_again_is_the_first_one_however_exchange_takes_that() {
    for repeated_create in [RepeatedCreate::FirstEvent, RepeatedCreate::Refused] {
        let world = World::start().await;
        let readings = Readings {
            repeated_create,
            ..Readings::default()
        };
        world.sim.set_readings(readings).unwrap();
        let adele = world.signed_in(ADELE).await;
        let first = create(&world, &adele, &draft(None)).await;
        // Its first date is gone by now.
        let there = read(&world, &adele, &first).await;
        let deleted = world.provider.delete_event(&adele, &there[0].event).await;
        deleted.unwrap();
        let again = create(&world, &adele, &draft(None)).await;
        assert_eq!(again, first);
        assert_eq!(world.sim.events(ADELE).unwrap().len(), 1);
        let id = draft(None).series;
        let found = world.provider.find_series(&adele, id, window()).await;
        assert_eq!(found.unwrap(), Some(first));
        let other = SeriesId(Uuid::from_u128(0x5f));
        let found = world.provider.find_series(&adele, other, window()).await;
        assert_eq!(found.unwrap(), None);
    }
}

/// covers part of: P-08
#[tokio::test]
async fn no_room_hears_of_dates_that_are_deleted_before_it_is_invited() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let series = create(&world, &adele, &draft(None)).await;
    let there = read(&world, &adele, &series).await;
    for _ in 0..2 {
        // Twice is once.
        let deleted = world.provider.delete_event(&adele, &there[1].event).await;
        deleted.unwrap();
    }
    edit(&world, &adele, &series, with_room(1)).await;
    world.sim.drain().await;
    let there = read(&world, &adele, &series).await;
    let starts: Vec<_> = there.iter().map(|date| date.original_start).collect();
    let all = dates();
    assert_eq!(starts, [all[0], all[2], all[3]].map(TimeRange::start));
    for date in &there {
        let answer = answer(&world, &adele, date, 1).await;
        assert_eq!(answer, RoomResponse::Accepted);
    }
    assert_eq!(taken(&world, 1).await, 3);
}

/// covers part of: P-08, N-02
#[tokio::test]
async fn rooms_come_to_single_dates_and_people_are_told_once_at_the_end() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let series = create(&world, &adele, &draft(None)).await;
    let megan = |_: &OwnEvent| EventEdit {
        invited: Some(vec![Invited {
            address: MEGAN.to_owned(),
            name: None,
            role: InvitedAs::Required,
        }]),
        ..EventEdit::default()
    };
    edit(&world, &adele, &series, megan).await;
    world.sim.drain().await;
    let before = world.sim.events(MEGAN).unwrap();
    assert_eq!(before.len(), 1);
    let numbers = [1, 2, 1, 1];
    for (date, number) in read(&world, &adele, &series).await.iter().zip(numbers) {
        edit(&world, &adele, &date.event, with_room(number)).await;
    }
    world.sim.drain().await;
    let there = read(&world, &adele, &series).await;
    for (date, number) in there.iter().zip(numbers) {
        let answer = answer(&world, &adele, date, number).await;
        assert_eq!(answer, RoomResponse::Accepted);
        assert!(date.own.invites(&address(MEGAN)));
    }
    assert_eq!((taken(&world, 1).await, taken(&world, 2).await), (3, 1));
    // Megan's copy is untouched, until the rooms are named.
    assert_eq!(world.sim.events(MEGAN).unwrap(), before);
    let named = "Room 1; 21 Mar: Room 2";
    let line = |_: &OwnEvent| EventEdit {
        location: Some(LocationLine::Words(named.to_owned())),
        ..EventEdit::default()
    };
    edit(&world, &adele, &series, line).await;
    world.sim.drain().await;
    for person in [MEGAN, ADELE] {
        let events = world.sim.events(person).unwrap();
        assert_eq!(events[0].locations, [named], "{person}");
    }
    for (date, number) in read(&world, &adele, &series).await.iter().zip(numbers) {
        assert_eq!(date.own.location, named);
        let answer = answer(&world, &adele, date, number).await;
        assert_eq!(answer, RoomResponse::Accepted, "no room is asked again");
    }
}

#[tokio::test]
async fn a_date_of_a_series_is_moved_by_itself() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let series = create(&world, &adele, &draft(None)).await;
    let there = read(&world, &adele, &series).await;
    let moved = dates()[1].shifted_ms(DAY_MS);
    let to = |_: &OwnEvent| EventEdit {
        times: Some((moved, draft(None).zone)),
        ..EventEdit::default()
    };
    edit(&world, &adele, &there[1].event, to).await;
    let there = read(&world, &adele, &series).await;
    assert_eq!(there[1].original_start, dates()[1].start());
    assert_eq!(there[1].own.range, Some(moved));
    assert_eq!(there[2].own.range, Some(dates()[2]));
}

#[tokio::test]
async fn a_series_that_was_taken_away_is_gone_and_not_written_again() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let series = create(&world, &adele, &draft(Some(1))).await;
    world.sim.drain().await;
    let provider = &world.provider;
    provider.cancel_event(&adele, &series, "").await.unwrap();
    world.sim.drain().await;
    let there = provider.series_dates(&adele, &series, window()).await;
    assert_eq!(there.unwrap(), None);
    let again = provider.create_series(&adele, &draft(Some(1))).await;
    assert!(
        matches!(again, Err(ProviderError::Conflict { .. })),
        "{again:?}"
    );
    provider.delete_event(&adele, &series).await.unwrap();
    assert_eq!(taken(&world, 1).await, 0);
}
