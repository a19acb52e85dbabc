//! Searching out of memory, and Exchange's own word over it.

use crate::office::{Office, ada, asking, ben, hour};
use booking::ids::{DraftKey, RoomId};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::rules::Refusal;
use booking::search::change::Change;
use booking::search::found::{CheckedRooms, Source};
use booking::search::{RoomQuery, RoomState};
use booking::time::{Clock, DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS, TimeRange};

/// Asked as a page does whose question failed: again.
async fn check(
    office: &Office,
    person: &Person,
    query: &RoomQuery,
    rooms: &[RoomId],
) -> CheckedRooms {
    let engine = &office.engine;
    let ask = async || engine.check_availability(person, query, rooms).await;
    office.through(2 * SECOND_MS, ask).await.unwrap()
}

/// covers: FX-03, FX-11
#[tokio::test]
async fn a_meeting_made_in_outlook_turns_the_room_busy_in_the_search() {
    let office = Office::open().await;
    let query = asking(hour(2), 6);
    let before = office.engine.find_rooms(&ada(), &query, None).unwrap();
    assert_eq!(before.states, "nff");

    office
        .calendars
        .add_outside(&ben().address, office.mailbox(1), hour(2));
    office.settle().await;
    let after = office.engine.find_rooms(&ada(), &query, None).unwrap();
    assert_eq!(after.states, "nbf");
    assert!(after.revision > before.revision);
}

#[tokio::test]
async fn exchange_corrects_a_colour_the_mirror_has_wrong_and_has_the_room_read_again() {
    let office = Office::open().await;
    let query = asking(hour(2), 6);
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(1), hour(2));
    office.calendars.attend();
    let room = office.rooms[1].id;

    let checked = check(&office, &ada(), &query, &[room]).await;
    assert_eq!(checked.rooms[0].answer.state, RoomState::Busy);
    assert!(matches!(checked.rooms[0].source, Source::Exchange { .. }));

    office.run().await;
    let found = office.engine.find_rooms(&ada(), &query, None).unwrap();
    assert_eq!(found.states, "nbf");
}

#[tokio::test]
async fn one_question_serves_everybody_who_asks_within_ten_seconds() {
    let office = Office::open().await;
    let query = asking(hour(2), 6);
    let rooms: Vec<_> = office.rooms.iter().map(|room| room.id).collect();
    for person in [ada(), ben(), ada()] {
        let checked = check(&office, &person, &query, &rooms).await;
        assert_eq!(checked.rooms.len(), 3);
    }
    assert_eq!(office.calendars.calls(Call::BusyTimes), 1);
    office.clock.advance_ms(10_001);
    check(&office, &ada(), &query, &rooms).await;
    assert_eq!(office.calendars.calls(Call::BusyTimes), 2);
}

#[tokio::test]
async fn when_exchange_fails_the_mirror_answers_with_its_age() {
    let office = Office::open().await;
    office.own_faults().fail_next(
        Call::BusyTimes,
        ProviderError::Retry {
            after: None,
            context: "429".to_owned(),
        },
    );
    let room = office.rooms[1].id;
    let checked = office
        .engine
        .check_availability(&ada(), &asking(hour(2), 6), &[room])
        .await
        .unwrap();
    assert_eq!(checked.rooms[0].answer.state, RoomState::Free);
    assert!(matches!(
        checked.rooms[0].source,
        Source::Mirror { as_of: Some(_) }
    ));
}

#[tokio::test]
async fn a_room_whose_calendar_was_not_heard_from_for_long_says_so_beside_exchanges_word() {
    let office = Office::open().await;
    let (query, room) = (asking(hour(2), 6), office.rooms[1].id);
    let heard = async || {
        check(&office, &ada(), &query, &[room])
            .await
            .rooms
            .remove(0)
    };
    assert_eq!(heard().await.heard_at, None);

    let sync = office.engine.store().room_sync(room).await.unwrap();
    office.clock.advance_ms(13 * MINUTE_MS);
    let old = heard().await;
    assert!(matches!(old.source, Source::Exchange { .. }));
    assert_eq!(old.heard_at, sync.unwrap().synced_at);

    office.run().await;
    assert_eq!(heard().await.heard_at, None);
}

#[tokio::test]
async fn a_room_whose_schedule_cannot_be_read_does_not_spoil_the_others() {
    let office = Office::open().await;
    office.calendars.set_unreadable(office.mailbox(0), true);
    let rooms: Vec<_> = office.rooms.iter().map(|room| room.id).collect();
    let checked = check(&office, &ada(), &asking(hour(2), 2), &rooms).await;
    assert!(matches!(checked.rooms[0].source, Source::Mirror { .. }));
    assert!(matches!(checked.rooms[1].source, Source::Exchange { .. }));
}

#[tokio::test]
async fn every_grey_room_says_why() {
    let office = Office::open().await;
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.settle().await;
    let rooms: Vec<_> = office.rooms.iter().map(|room| room.id).collect();
    let answers = office
        .engine
        .explain(&ada(), &asking(hour(2), 6), &rooms)
        .unwrap()
        .rooms;
    assert!(matches!(
        answers[0].answer.refusals[..],
        [
            Refusal::Taken { .. },
            Refusal::TooSmall {
                seats: 4,
                people: 6
            }
        ]
    ));
    assert!(answers[1].answer.refusals.is_empty());
}

/// What a person holds for a draft goes where the draft goes; beyond the hours that Exchange was asked about the mirror
/// knows what is on.
#[tokio::test]
async fn what_would_have_a_room_looks_past_ones_own_hold_and_past_what_exchange_was_asked() {
    let office = Office::open().await;
    let mailbox = office.mailbox(1);
    let whole_day = TimeRange::new(hour(2).start(), hour(2).start().plus_ms(12 * HOUR_MS)).unwrap();
    let before = TimeRange::new(office.clock.now(), hour(2).start()).unwrap();
    for range in [before, whole_day, hour(2).shifted_ms(DAY_MS)] {
        office.calendars.add_outside(&ben().address, mailbox, range);
    }
    office.settle().await;
    let (query, room) = (asking(hour(2), 6), office.rooms[1].id);
    let same_time = hour(2).start().plus_ms(2 * DAY_MS);
    let expected = [Change::FreeAt { start: same_time }];
    let explained = office.engine.explain(&ada(), &query, &[room]).unwrap();
    assert_eq!(explained.rooms[0].answer.remedy, expected);
    assert!(matches!(
        explained.rooms[0].source,
        Source::Mirror { as_of: Some(_) }
    ));
    let checked = check(&office, &ada(), &query, &[room]).await;
    assert!(matches!(checked.rooms[0].source, Source::Exchange { .. }));
    assert_eq!(checked.rooms[0].answer.remedy, expected);

    let other = office.rooms[2].id;
    let later = hour(3);
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(2), hour(2));
    office.settle().await;
    let draft = DraftKey(uuid::Uuid::from_u128(7));
    let held = async || office.engine.hold(&ada(), draft, other, later).await;
    office.through(2 * SECOND_MS, held).await.unwrap();
    office.engine.catch_up().await.unwrap();
    let remedy = |person: &Person| {
        let explained = office.engine.explain(person, &query, &[other]).unwrap();
        explained.rooms[0].answer.remedy.clone()
    };
    let free_at = |start| vec![Change::FreeAt { start }];
    assert_eq!(remedy(&ada()), free_at(later.start()));
    assert_eq!(remedy(&ben()), free_at(hour(1).start()));
}

#[tokio::test]
async fn without_any_mirror_a_search_still_works_from_exchange_alone() {
    let office = Office::open().await;
    // Nothing was ever read of a room added just now.
    let mut fresh = office.rooms[0].clone();
    fresh.id = booking::RoomId(uuid::Uuid::from_u128(0x999));
    fresh.number = "0.9".to_owned();
    fresh.link.as_mut().unwrap().mailbox =
        booking::MailboxAddress::parse("room9@contoso.com").unwrap();
    office
        .engine
        .store()
        .upsert_rooms(std::slice::from_ref(&fresh))
        .await
        .unwrap();
    office.engine.reload_index().await.unwrap();

    let query = asking(hour(2), 2);
    let found = office.engine.find_rooms(&ada(), &query, None).unwrap();
    assert!(found.states.contains('u'), "{}", found.states);
    let checked = check(&office, &ada(), &query, &[fresh.id]).await;
    assert_eq!(checked.rooms[0].answer.state, RoomState::Free);
    assert!(matches!(checked.rooms[0].source, Source::Exchange { .. }));
}
