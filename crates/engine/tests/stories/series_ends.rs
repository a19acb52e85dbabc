//! Series of which not everything is there, or not everything goes on.

use booking::ids::ReservationId;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{CalendarFault, Cancelling, ReservationState, StateNote};
use booking::series::{DateWish, PlacedSeries, SeriesWish, WishedFor};
use booking::time::MINUTE_MS;

use crate::office::{Office, ada};
use crate::series::{ALL_CONFIRMED, daily, mine, noon, ours, place, settle, states};

const HELD: Option<ReservationState> = Some(ReservationState::Held);
const SUBMITTED: Option<ReservationState> = Some(ReservationState::Submitted);
const DECLINED: Option<ReservationState> = Some(ReservationState::Declined);
const CANCELLED: Option<ReservationState> = Some(ReservationState::Cancelled);

fn ids(series: &PlacedSeries) -> Vec<ReservationId> {
    let dates = series.dates.iter();
    let reserved = dates.filter_map(|date| date.reserved.as_ref());
    reserved.map(|one| one.id).collect()
}

async fn cancel_all(office: &Office, series: &PlacedSeries, what: Cancelling) {
    let person = ada();
    for id in ids(series) {
        let cancelling = office.engine.cancel_reservation(&person, id, what);
        cancelling.await.unwrap();
    }
}

fn silent() -> ProviderError {
    ProviderError::Retry {
        after: None,
        context: "no answer".to_owned(),
    }
}

/// Three dates in two rooms: the second is in the third room, the others in the first.
fn in_two_rooms(office: &Office) -> SeriesWish {
    let date = |(number, room): (u32, usize)| DateWish {
        number,
        wanted: WishedFor::Room(office.rooms[room].id),
    };
    SeriesWish {
        choices: [(1, 0), (2, 2), (3, 0)].map(date).to_vec(),
        ..daily(3, 1)
    }
}

#[tokio::test]
async fn a_series_that_was_written_late_and_does_not_show_at_once_is_waited_for() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let lost = ProviderError::SignInBroken {
        context: "the grant is gone".to_owned(),
    };
    place(&office, &daily(3, 1)).await;
    calendars.fail_next(Call::CreateSeries, lost);
    office.run().await;
    office.clock.advance_ms(10 * MINUTE_MS);
    calendars.set_slow_to_show(true);
    office.engine.permission_given(ada().id).await.unwrap();
    office.run().await;
    assert_eq!(calendars.calls(Call::CreateSeries), 2);
    assert_eq!(states(&office).await, [HELD; 3]);
    calendars.set_slow_to_show(false);
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 3]);
}

#[tokio::test]
async fn a_series_whose_id_is_known_and_that_is_not_found_yet_is_waited_for() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    place(&office, &daily(2, 1)).await;
    calendars.fail_next(Call::CreateSeries, silent());
    office.run().await;
    office.clock.advance_ms(10 * MINUTE_MS);
    let known = ProviderError::Conflict {
        context: "the id was used before".to_owned(),
    };
    calendars.fail_next(Call::CreateSeries, known);
    office.run().await;
    assert_eq!(states(&office).await, [HELD; 2]);
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED; 2]);
}

#[tokio::test]
async fn a_series_that_never_shows_is_given_up_and_does_not_come_to_light_afterwards() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    place(&office, &daily(2, 1)).await;
    calendars.set_slow_to_show(true);
    office.run().await;
    assert_eq!(states(&office).await, [HELD; 2]);
    office.clock.advance_ms(MINUTE_MS);
    office.run().await;
    assert_eq!(states(&office).await, [CANCELLED; 2]);
    calendars.set_slow_to_show(false);
    assert_eq!(ours(&office).len(), 0);
    assert!(mine(&office, &ada()).await.unwrap().is_written);
}

#[tokio::test]
async fn a_series_cancelled_while_its_writing_is_unheard_is_looked_for_until_it_would_show() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let placed = place(&office, &daily(2, 1)).await;
    calendars.fail_next(Call::CreateSeries, silent());
    office.run().await;
    cancel_all(&office, &placed, Cancelling::Whole).await;
    office.run().await;
    assert!(!mine(&office, &ada()).await.unwrap().is_written);
    office.clock.advance_ms(MINUTE_MS);
    office.run().await;
    assert_eq!(calendars.calls(Call::FindSeries), 2);
    assert!(mine(&office, &ada()).await.unwrap().is_written);
}

#[tokio::test]
async fn a_meeting_stays_when_the_rooms_of_all_its_dates_are_given_back() {
    let office = Office::open().await;
    let placed = place(&office, &in_two_rooms(&office)).await;
    office.run().await;
    assert_eq!(states(&office).await, [SUBMITTED; 3]);
    cancel_all(&office, &placed, Cancelling::RoomOnly).await;
    office.run().await;
    settle(&office).await;
    assert_eq!(states(&office).await, [CANCELLED; 3]);
    let ours = ours(&office);
    assert_eq!(ours.len(), 3);
    assert!(ours.iter().all(|one| one.released));
    assert!(mine(&office, &ada()).await.unwrap().is_written);
}

#[tokio::test]
async fn a_date_whose_room_is_unlinked_is_declined_and_the_others_go_on() {
    let office = Office::open().await;
    place(&office, &in_two_rooms(&office)).await;
    office.engine.unlink_room(office.rooms[2].id).await.unwrap();
    office.run().await;
    // Another process may have linked it a moment ago.
    assert_eq!(states(&office).await, [SUBMITTED, HELD, SUBMITTED]);
    settle(&office).await;
    let expected = [ALL_CONFIRMED, DECLINED, ALL_CONFIRMED];
    assert_eq!(states(&office).await, expected);
    let series = mine(&office, &ada()).await.unwrap();
    let note = series.dates[1].reserved.as_ref().unwrap().note.clone();
    let fault = CalendarFault::NoMailbox;
    assert!(
        matches!(note, Some(StateNote::RefusedByCalendar { fault: told, .. }) if told == fault)
    );
    assert_eq!(ours(&office).len(), 2);
    assert!(series.is_written);
}

#[tokio::test]
async fn a_date_that_exchange_makes_no_sense_of_is_declined_by_itself() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    place(&office, &in_two_rooms(&office)).await;
    let senseless = ProviderError::Bug {
        context: "an attendee without an address".to_owned(),
        source: None,
    };
    calendars.fail_next(Call::EditEvent, senseless);
    office.run().await;
    settle(&office).await;
    let expected = [DECLINED, ALL_CONFIRMED, ALL_CONFIRMED];
    assert_eq!(states(&office).await, expected);
    assert_eq!(ours(&office).len(), 2);
}

#[tokio::test]
async fn a_date_that_was_left_out_and_comes_back_in_outlook_is_not_deleted_again() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let skipped = SeriesWish {
        choices: vec![DateWish {
            number: 2,
            wanted: WishedFor::Skip,
        }],
        ..daily(3, 1)
    };
    place(&office, &skipped).await;
    office.run().await;
    assert_eq!(states(&office).await, [SUBMITTED, None, SUBMITTED]);
    assert_eq!(ours(&office).len(), 2);
    calendars.bring_back(noon(2));
    settle(&office).await;
    assert_eq!(states(&office).await, [ALL_CONFIRMED, None, ALL_CONFIRMED]);
    assert_eq!(ours(&office).len(), 3);
    assert_eq!(calendars.calls(Call::DeleteEvent), 1);
}

#[tokio::test]
async fn the_subject_of_a_series_that_is_only_taken_back_is_kept_no_longer() {
    let office = Office::open().await;
    let calendars = office.own_faults();
    let placed = place(&office, &daily(2, 1)).await;
    let first = ids(&placed)[0];
    let subjects = async || {
        let jobs = office.engine.store().jobs_of(first).await.unwrap();
        let payloads = jobs.into_iter().map(|job| job.payload["subject"].clone());
        payloads.collect::<Vec<_>>()
    };
    calendars.fail_next(Call::CreateSeries, silent());
    office.run().await;
    assert_eq!(subjects().await, ["Planning"]);
    let denied = ProviderError::Denied {
        context: "no".to_owned(),
    };
    calendars.fail_next(Call::CreateSeries, denied);
    office.clock.advance_ms(MINUTE_MS);
    office.run().await;
    assert_eq!(states(&office).await, [DECLINED; 2]);
    // It is looked for, in case the first attempt wrote it.
    assert_eq!(subjects().await, [""]);
}
