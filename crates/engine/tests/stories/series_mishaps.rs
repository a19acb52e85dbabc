//! Series that are declined, refused, cancelled half way, or were none to begin with.

use booking::BookingError;
use booking::provider::testing::Call;
use booking::provider::{ProviderError, RoomResponse};
use booking::recurrence::{BadPattern, Series};
use booking::reservation::{Cancelling, ReservationState, StateNote, WhyNot};
use booking::series::{BadSeries, DateWish, PlacedDate, SeriesWish, WishedFor};
use booking::time::HOUR_MS;
use engine::Error;
use engine::sync::driver::run_all_once;

use crate::office::{Office, ada, ben, exactly};
use crate::series::{
    ALL_CONFIRMED, KEY, bad, daily, mine, noon, ours, place, settle, states, take, try_to_place,
};

#[tokio::test]
async fn a_series_that_its_room_declines_ends_in_nobodys_calendar_and_says_so() {
    let office = Office::open().await;
    place(&office, &daily(3, 10)).await;
    office.run().await;
    // Quicker than the room's answer to us, and for one date alone.
    let mailbox = office.mailbox(2).clone();
    let calendars = &office.calendars;
    let theirs = calendars.add_outside(&ben().address, &mailbox, noon(2));
    calendars.answer(theirs, RoomResponse::Accepted);
    settle(&office).await;
    settle(&office).await;
    assert_eq!(states(&office).await, [Some(ReservationState::Declined); 3]);
    let series = mine(&office, &ada()).await.unwrap();
    let told = |date: &PlacedDate| {
        let note = date.reserved.as_ref().and_then(|one| one.note.clone());
        (note, date.is_watched)
    };
    let declined = (Some(StateNote::DeclinedByRoom), true);
    assert!(series.dates.iter().all(|date| told(date) == declined));
    assert!(series.is_written);
    assert_eq!(ours(&office).len(), 0);
}

#[tokio::test]
async fn a_date_that_is_cancelled_before_the_series_is_written_is_left_out() {
    let office = Office::open().await;
    let placed = place(&office, &daily(3, 1)).await;
    let second = placed.dates[1].reserved.as_ref().unwrap().id;
    let engine = &office.engine;
    let cancelled = engine
        .cancel_reservation(&ada(), second, Cancelling::Whole)
        .await;
    cancelled.unwrap();
    office.run().await;
    settle(&office).await;
    let cancelled = Some(ReservationState::Cancelled);
    assert_eq!(
        states(&office).await,
        [ALL_CONFIRMED, cancelled, ALL_CONFIRMED]
    );
    let mut ranges: Vec<_> = ours(&office).into_iter().map(|one| one.range).collect();
    ranges.sort();
    assert_eq!(ranges, [noon(1), noon(3)]);
    // And one that is cancelled afterwards goes by itself.
    let third = placed.dates[2].reserved.as_ref().unwrap().id;
    let cancelling = engine
        .cancel_reservation(&ada(), third, Cancelling::Whole)
        .await;
    cancelling.unwrap();
    settle(&office).await;
    assert_eq!(ours(&office).len(), 1);
}

#[tokio::test]
async fn a_series_cancelled_before_it_is_written_is_never_written() {
    let office = Office::open().await;
    let placed = place(&office, &daily(2, 1)).await;
    for date in &placed.dates {
        let id = date.reserved.as_ref().unwrap().id;
        let cancelling = office
            .engine
            .cancel_reservation(&ada(), id, Cancelling::Whole)
            .await;
        cancelling.unwrap();
    }
    office.run().await;
    settle(&office).await;
    assert_eq!(ours(&office).len(), 0);
    assert!(mine(&office, &ada()).await.unwrap().is_written);
}

#[tokio::test]
async fn a_series_waits_for_its_person_to_sign_in_and_then_goes_on_by_itself() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let lost = ProviderError::SignInBroken {
        context: "the grant is gone".to_owned(),
    };
    place(&office, &daily(3, 1)).await;
    calendars.fail_next(Call::CreateSeries, lost);
    office.run().await;
    let series = mine(&office, &ada()).await.unwrap();
    for date in &series.dates {
        let reserved = date.reserved.as_ref().unwrap();
        assert_eq!(reserved.state, ReservationState::Held);
        assert_eq!(reserved.note, Some(StateNote::SignInAgain));
    }
    office.engine.permission_given(ada().id).await.unwrap();
    office.run().await;
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 3]);
}

#[tokio::test]
async fn a_series_that_exchange_refuses_is_declined_date_by_date_with_an_incident() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let denied = ProviderError::Denied {
        context: "no".to_owned(),
    };
    place(&office, &daily(2, 1)).await;
    calendars.fail_next(Call::CreateSeries, denied);
    office.run().await;
    let series = mine(&office, &ada()).await.unwrap();
    for date in &series.dates {
        let reserved = date.reserved.as_ref().unwrap();
        assert_eq!(reserved.state, ReservationState::Declined);
        let note = reserved.note.as_ref();
        assert!(matches!(
            note,
            Some(StateNote::RefusedByCalendar {
                incident: Some(_),
                ..
            })
        ));
    }
    settle(&office).await;
    assert_eq!(ours(&office).len(), 0);
    assert!(mine(&office, &ada()).await.unwrap().is_written);
}

#[tokio::test]
async fn twenty_dates_in_two_rooms_are_written_a_few_at_a_time() {
    let office = Office::open().await;
    take(&office, 2, noon(7)).await;
    let third = office.rooms[2].id;
    let date = |number| DateWish {
        number,
        wanted: WishedFor::Room(third),
    };
    let wish = SeriesWish {
        choices: (8..=12).map(date).collect(),
        ..daily(20, 5)
    };
    place(&office, &wish).await;
    office.run().await;
    settle(&office).await;
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 20]);
    assert_eq!(ours(&office).len(), 20);
}

#[tokio::test]
async fn what_is_no_series_is_refused_in_words_that_say_what_to_do() {
    let office = Office::open().await;
    office.own_faults();
    let today = daily(3, 1);
    let with = |change: &dyn Fn(&mut Series)| {
        let mut wish = today.clone();
        change(&mut wish.pattern);
        wish
    };
    let choosing = |number, wanted| SeriesWish {
        choices: vec![DateWish { number, wanted }],
        ..today.clone()
    };
    let moved_to = |range| WishedFor::Moved {
        when: exactly(range),
        room: None,
    };
    let table = [
        (
            with(&|one| one.interval = 0),
            BadSeries::Pattern(BadPattern::Interval),
        ),
        (with(&|one| one.first_day -= 3), BadSeries::Begun),
        (
            with(&|one| one.first_day += 500),
            BadSeries::TooFarAhead { days_max: 400 },
        ),
        (
            with(&|one| one.length_minutes = 25 * 60),
            BadSeries::Overlaps,
        ),
        (
            choosing(4, WishedFor::Skip),
            BadSeries::NoSuchDate { number: 4 },
        ),
        (
            choosing(2, moved_to(noon(3).shifted_ms(-3 * HOUR_MS))),
            BadSeries::CrossesNeighbour { number: 2 },
        ),
        (
            choosing(3, moved_to(noon(3).shifted_ms(500))),
            BadSeries::BrokenMinute { number: 3 },
        ),
    ];
    for (wish, expected) in table {
        let refused = office.engine.plan_series(&ada(), &wish).await.unwrap_err();
        assert_eq!(bad(&refused), expected);
        let sentence = refused.sentence();
        assert!(sentence.ends_with('.'), "{sentence}");
    }
    let room = Some(office.rooms[0].id);
    let table = [
        (vec![room; 2], BadSeries::OtherPlan { seen: 2, dates: 3 }),
        (vec![None; 3], BadSeries::NoRooms),
    ];
    for (rooms, expected) in table {
        let refused = try_to_place(&office, &today, &rooms).await.unwrap_err();
        assert_eq!(bad(&refused), expected);
    }
    let other = choosing(1, WishedFor::Room(office.rooms[1].id));
    let refused = try_to_place(&office, &other, &[room; 3]).await.unwrap_err();
    assert_eq!(bad(&refused), BadSeries::OtherRoom { number: 1 });
    run_all_once(&office.engine).await.unwrap();
    assert_eq!(ours(&office).len(), 0);
}

#[tokio::test]
async fn the_key_of_somebody_elses_series_gives_nothing_away() {
    let office = Office::open().await;
    let wish = daily(2, 1);
    place(&office, &wish).await;
    let rooms = vec![Some(office.rooms[1].id); 2];
    let engine = &office.engine;
    let refused = engine
        .place_series(&ben(), KEY, &wish, &rooms, "Mine")
        .await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, Error::Booking(BookingError::NotYours)));
    let again = place(&office, &wish).await;
    assert_eq!(again.dates.len(), 2);
    assert_eq!(states(&office).await.len(), 2);
}

#[tokio::test]
async fn what_is_written_of_a_series_and_does_not_show_is_written_again_only_after_a_pause() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let other = |(number, room): (u32, usize)| DateWish {
        number,
        wanted: WishedFor::Room(office.rooms[room].id),
    };
    let wish = SeriesWish {
        choices: [(1, 0), (2, 1)].map(other).to_vec(),
        ..daily(3, 1)
    };
    place(&office, &wish).await;
    calendars.set_forgetful(true);
    office.run().await;
    let written = calendars.calls(Call::EditEvent);
    // Three dates for each of a few runs more than there are dates.
    assert!((3..=3 * (3 + 9)).contains(&written), "{written}");
    office.run().await;
    assert_eq!(calendars.calls(Call::EditEvent), written);
    assert_eq!(states(&office).await, [Some(ReservationState::Held); 3]);
    calendars.set_forgetful(false);
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 3]);
}

#[tokio::test]
async fn the_room_alone_of_a_date_that_is_not_written_yet_cannot_be_given_back() {
    let office = Office::open().await;
    let placed = place(&office, &daily(2, 1)).await;
    let first = placed.dates[0].reserved.as_ref().unwrap().id;
    let engine = &office.engine;
    let person = ada();
    let giving_back = engine.cancel_reservation(&person, first, Cancelling::RoomOnly);
    let refused = giving_back.await.unwrap_err();
    let is_told = matches!(
        refused,
        Error::Booking(BookingError::CannotChange(WhyNot::OnItsWay))
    );
    assert!(is_told, "{refused:?}");
    office.run().await;
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 2]);
}
