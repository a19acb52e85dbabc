//! Reservations that are given another time, length or room, or given back.

use crate::office::{Office, ada, ben, exactly, hour};
use crate::placing::{key, place, state};
use booking::BookingError;
use booking::ids::{DraftKey, ReservationId};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{
    Cancelling, MovingStep, NotMoved, Reservation, ReservationState, StateNote, WhyNot,
};
use booking::rules::Refusal;
use booking::time::{HOUR_MS, MINUTE_MS, TimeRange};
use engine::Error;
use engine::sync::{answers_task, events_task};
use uuid::Uuid;

/// An office in which Ada has the first room from ten to eleven, and it has accepted.
pub(crate) async fn with_reservation() -> Office {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    office.run().await;
    office.settle().await;
    assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
    office
}

pub(crate) async fn change(
    office: &Office,
    room: usize,
    range: TimeRange,
) -> Result<Reservation, Error> {
    let room = office.rooms[room].id;
    let engine = &office.engine;
    engine
        .change_reservation(&ada(), key(1), room, &exactly(range))
        .await
}

/// The same of any reservation, as anybody.
async fn change_as(
    office: &Office,
    person: Person,
    id: ReservationId,
    range: TimeRange,
) -> Result<Reservation, Error> {
    let (engine, room) = (&office.engine, office.rooms[0].id);
    engine
        .change_reservation(&person, id, room, &exactly(range))
        .await
}

pub(crate) async fn cancel(office: &Office, what: Cancelling) -> Reservation {
    let cancelled = office.engine.cancel_reservation(&ada(), key(1), what).await;
    cancelled.unwrap()
}

pub(crate) async fn kept(office: &Office) -> Reservation {
    let found = office.engine.store().reservation(key(1)).await;
    found.unwrap().unwrap()
}

/// Room and time of the only event that stands.
pub(crate) fn event(office: &Office) -> (String, TimeRange) {
    let events = office.calendars.events();
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    (event.room.to_string(), event.range)
}

pub(crate) fn at(office: &Office, room: usize, range: TimeRange) -> (String, TimeRange) {
    (office.mailbox(room).to_string(), range)
}

pub(crate) fn not_moved(because: NotMoved) -> Option<StateNote> {
    Some(StateNote::NotMoved { because })
}

fn shifted(range: TimeRange, ms: i64) -> TimeRange {
    TimeRange::new(range.start().plus_ms(ms), range.end().plus_ms(ms)).unwrap()
}

/// covers part of: OM-03 (what the room does is in `server/tests/http/changing.rs`)
#[tokio::test]
async fn a_moved_reservation_is_confirmed_only_for_its_new_time() {
    let office = with_reservation().await;
    let moved = change(&office, 0, hour(4)).await.unwrap();
    assert_eq!(
        (moved.state, moved.range),
        (ReservationState::Submitted, hour(4))
    );
    // Its room's calendar still shows the old time, and what that says is about the old time.
    office.note_all_changes().await;
    events_task::run(&office.engine).await.unwrap();
    answers_task::run(&office.engine).await.unwrap();
    assert_eq!(kept(&office).await, moved);

    office.run().await;
    assert_eq!(event(&office), at(&office, 0, hour(4)));
    let written = kept(&office).await;
    assert_eq!(
        (written.state, written.moving.map(|moving| moving.step)),
        (ReservationState::Submitted, Some(MovingStep::Written))
    );
    office.settle().await;
    let confirmed = kept(&office).await;
    assert_eq!(
        (confirmed.state, confirmed.range, confirmed.moving),
        (ReservationState::Confirmed, hour(4), None)
    );
    assert_eq!(event(&office), at(&office, 0, hour(4)));
}

#[tokio::test]
async fn a_reservation_is_no_obstacle_to_itself_and_others_are() {
    let office = with_reservation().await;
    office.own_faults().add_outside(
        &ben().address,
        office.mailbox(0),
        shifted(hour(3), 30 * MINUTE_MS),
    );
    office.settle().await;
    let too_late = change(&office, 0, shifted(hour(2), 45 * MINUTE_MS)).await;
    let Err(Error::Booking(BookingError::Refused(refusals))) = too_late else {
        panic!("{too_late:?}")
    };
    assert!(
        matches!(refusals[..], [Refusal::Taken { range, .. }] if range.start() > hour(3).start()),
        "{refusals:?}"
    );
    assert_eq!(kept(&office).await.range, hour(2));

    let longer = TimeRange::new(hour(2).start(), hour(3).start().plus_ms(30 * MINUTE_MS));
    change(&office, 0, longer.unwrap()).await.unwrap();
    office.settle().await;
    office.settle().await;
    let confirmed = kept(&office).await;
    assert_eq!(
        (confirmed.state, confirmed.range.duration_ms()),
        (ReservationState::Confirmed, 90 * MINUTE_MS)
    );
}

#[tokio::test]
async fn another_room_takes_the_place_of_the_first_and_is_named_once_it_has_accepted() {
    let office = with_reservation().await;
    let location = || office.calendars.events()[0].location.clone();
    change(&office, 1, hour(2)).await.unwrap();
    office.run().await;
    assert_eq!(event(&office), at(&office, 1, hour(2)));
    // Everybody would be told of another place that is not sure yet.
    assert_eq!(location(), "Room 0.0");
    office.settle().await;
    office.settle().await;
    let confirmed = kept(&office).await;
    assert_eq!(
        (confirmed.state, confirmed.room),
        (ReservationState::Confirmed, office.rooms[1].id)
    );
    assert_eq!(location(), "Room 0.1");
    assert!(
        place(&office, 2, 0).await.is_ok(),
        "the first is free again"
    );
}

#[tokio::test]
async fn room_and_time_are_changed_in_one_and_told_in_one() {
    let office = with_reservation().await;
    let calendars = office.own_faults();
    change(&office, 2, hour(5)).await.unwrap();
    office.run().await;
    office.settle().await;
    office.settle().await;
    assert_eq!(event(&office), at(&office, 2, hour(5)));
    assert_eq!(calendars.events()[0].location, "Room 0.2");
    assert_eq!(calendars.calls(Call::EditEvent), 1);
    assert_eq!(kept(&office).await.state, ReservationState::Confirmed);
}

/// covers: FX-24
#[tokio::test]
async fn a_slot_that_is_promised_to_somebody_is_moved_into_by_nobody() {
    let office = with_reservation().await;
    let room = office.rooms[1].id;
    let (theirs, when) = (ben(), exactly(hour(2)));
    let engine = &office.engine;
    let placed = engine.place_reservation(&theirs, key(2), room, &when, "");
    placed.await.unwrap();
    let refused = change(&office, 1, hour(2)).await;
    let Err(Error::Booking(BookingError::Refused(refusals))) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(refusals, [Refusal::Held { range: hour(2) }]);
    assert_eq!(kept(&office).await.state, ReservationState::Confirmed);
}

#[tokio::test]
async fn a_room_that_declines_the_new_time_keeps_the_old_one() {
    let office = with_reservation().await;
    change(&office, 0, hour(4)).await.unwrap();
    // Somebody in Outlook is quicker than our outbox.
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(4));
    office.calendars.attend();
    office.run().await;
    for _ in 0..4 {
        office.settle().await;
    }
    let back = kept(&office).await;
    assert_eq!(
        (back.state, back.range, back.moving, back.note),
        (
            ReservationState::Confirmed,
            hour(2),
            None,
            not_moved(NotMoved::Declined)
        )
    );
    let own = office.calendars.events().into_iter();
    let own: Vec<_> = own.filter(|one| one.reservation.is_some()).collect();
    assert_eq!((own.len(), own[0].range), (1, hour(2)));
    // What is asked for next begins anew.
    change(&office, 0, hour(6)).await.unwrap();
    office.run().await;
    office.settle().await;
    let moved = kept(&office).await;
    assert_eq!(
        (moved.state, moved.range, moved.note),
        (ReservationState::Confirmed, hour(6), None)
    );
}

#[tokio::test]
async fn a_room_that_declines_in_the_place_of_another_gives_the_first_back() {
    let office = with_reservation().await;
    change(&office, 1, hour(2)).await.unwrap();
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(1), hour(2));
    office.calendars.attend();
    office.run().await;
    for _ in 0..4 {
        office.settle().await;
    }
    let back = kept(&office).await;
    assert_eq!(
        (back.state, back.room, back.note),
        (
            ReservationState::Confirmed,
            office.rooms[0].id,
            not_moved(NotMoved::Declined)
        )
    );
    let own = office.calendars.events().into_iter();
    let own: Vec<_> = own.filter(|one| one.reservation.is_some()).collect();
    assert_eq!(&own[0].room, office.mailbox(0));
    assert_eq!(own[0].location, "Room 0.0");
}

#[tokio::test]
async fn a_change_that_exchange_refuses_leaves_the_reservation_where_it_was() {
    let office = with_reservation().await;
    let denied = ProviderError::Denied {
        context: "changing".to_owned(),
    };
    office.own_faults().fail_next(Call::EditEvent, denied);
    change(&office, 0, hour(4)).await.unwrap();
    office.run().await;
    office.settle().await;
    let back = kept(&office).await;
    assert_eq!(
        (back.state, back.range, back.note),
        (
            ReservationState::Confirmed,
            hour(2),
            not_moved(NotMoved::Refused)
        )
    );
    assert_eq!(event(&office), at(&office, 0, hour(2)));
}

#[tokio::test]
async fn what_is_changed_in_outlook_at_the_same_time_is_not_written_over() {
    let office = with_reservation().await;
    change(&office, 0, hour(4)).await.unwrap();
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.move_to(number, hour(6));
    office.run().await;
    office.settle().await;
    office.settle().await;
    let kept = kept(&office).await;
    assert_eq!(
        (kept.state, kept.range, kept.note),
        (
            ReservationState::Confirmed,
            hour(6),
            not_moved(NotMoved::ChangedInOutlook)
        )
    );
    assert_eq!(event(&office), at(&office, 0, hour(6)));
}

#[tokio::test]
async fn a_room_that_is_exchanged_in_outlook_at_the_same_time_is_not_invited_besides() {
    let office = with_reservation().await;
    change(&office, 1, hour(2)).await.unwrap();
    let number = office.calendars.number_at(hour(2)).unwrap();
    office.calendars.move_to_room(number, office.mailbox(2));
    office.run().await;
    office.settle().await;
    assert_eq!(event(&office), at(&office, 2, hour(2)));
    let kept = kept(&office).await;
    assert_eq!((kept.room, kept.moving), (office.rooms[0].id, None));
}

#[tokio::test]
async fn an_event_that_is_gone_when_it_is_to_be_changed_ends_its_reservation() {
    let office = with_reservation().await;
    change(&office, 0, hour(4)).await.unwrap();
    office.calendars.remove_between(hour(2));
    office.run().await;
    let gone = (
        ReservationState::Cancelled,
        Some(StateNote::GoneFromCalendar),
    );
    assert_eq!(state(&office, 1).await, gone);
}

#[tokio::test]
async fn what_is_being_changed_can_be_cancelled() {
    let office = with_reservation().await;
    change(&office, 0, hour(4)).await.unwrap();
    let cancelled = cancel(&office, Cancelling::Whole).await;
    assert_eq!(cancelled.state, ReservationState::Cancelled);
    office.run().await;
    office.settle().await;
    assert!(office.calendars.events().is_empty());
    assert_eq!(state(&office, 1).await.0, ReservationState::Cancelled);
}

async fn refusal(office: &Office, range: TimeRange) -> WhyNot {
    match change(office, 0, range).await {
        Err(Error::Booking(BookingError::CannotChange(why))) => why,
        other => panic!("{other:?}"),
    }
}

/// covers part of: FX-29 (the control is in the portal)
#[tokio::test]
async fn what_was_made_in_outlook_is_not_changed_here_and_says_where() {
    let office = Office::open().await;
    let draft = DraftKey(Uuid::from_u128(0xd7));
    let hold = async || {
        let (engine, room) = (&office.engine, office.rooms[0].id);
        engine.hold(&ada(), draft, room, hour(2)).await
    };
    office.through(MINUTE_MS / 60, hold).await.unwrap();
    let calendars = &office.calendars;
    calendars.add_outside(&ada().address, office.mailbox(0), hour(2));
    office.settle().await;
    office.settle().await;
    let mine = office.engine.my_reservations(&ada()).await.unwrap();
    let [mine] = mine.as_slice() else {
        panic!("{mine:?}")
    };
    assert_eq!(mine.state, ReservationState::Confirmed);
    let told = office.engine.describe(mine.clone()).why_not;
    let refused = change_as(&office, ada(), mine.id, hour(4)).await;
    let Err(Error::Booking(BookingError::CannotChange(why))) = refused else {
        panic!("changed what was made in Outlook")
    };
    assert_eq!(told.as_ref(), Some(&why));
    let event = mine.event.as_ref().unwrap();
    let link = format!(
        "https://outlook.office.com/calendar/item/{}",
        event.event_id
    );
    assert_eq!(why, WhyNot::MadeInOutlook { link });
}

#[tokio::test]
async fn what_is_on_its_way_or_has_begun_or_is_somebody_elses_is_not_changed() {
    let office = Office::open().await;
    place(&office, 1, 0).await.unwrap();
    assert_eq!(refusal(&office, hour(4)).await, WhyNot::OnItsWay);
    office.run().await;
    office.settle().await;
    assert!(matches!(
        change_as(&office, ben(), key(1), hour(4)).await,
        Err(Error::Booking(BookingError::NotYours))
    ));
    assert!(matches!(
        change_as(&office, ada(), key(9), hour(4)).await,
        Err(Error::Booking(BookingError::NotFound { .. }))
    ));
    change(&office, 0, hour(4)).await.unwrap();
    assert_eq!(refusal(&office, hour(5)).await, WhyNot::OnItsWay);
    // The same request once more is done already.
    let same = change(&office, 0, hour(4)).await.unwrap();
    assert_eq!(same, kept(&office).await);
    office.run().await;
    office.settle().await;
    office.clock.advance_ms(4 * HOUR_MS);
    assert_eq!(refusal(&office, hour(9)).await, WhyNot::Begun);
}
