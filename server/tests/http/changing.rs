//! Reservations that are given another time or room, or given back without the meeting, over HTTP and in both calendars.

use app::api::ApiError;
use app::api::reservations::{ChangeRequest, ReservationView};
use booking::ids::ReservationId;
use booking::reservation::{NotMoved, ReservationState, StateNote};
use booking::search::When;
use booking::time::TimeRange;
use m365_sim::Processing;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
const KEY: ReservationId = ReservationId(Uuid::from_u128(1));

/// Adele's reservation of the first room from ten to eleven, accepted.
async fn reservation(app: &TestApp, adele: &Caller) -> ReservationView {
    let request = place_request(app, 0, tomorrow(10), KEY.0.as_u128());
    let placed: ReservationView = adele.call("reservations/place", &request).await.unwrap();
    let settled = settled(adele, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    assert_eq!(settled.why_not, None);
    settled
}

fn change_request(app: &TestApp, room: usize, range: TimeRange) -> Value {
    json!({ "request": ChangeRequest {
        id: KEY,
        room: app.rooms[room].id,
        when: When::Exact { ranges: vec![range] },
    }})
}

async fn change(
    app: &TestApp,
    caller: &Caller,
    room: usize,
    range: TimeRange,
) -> Result<ReservationView, ApiError> {
    let request = change_request(app, room, range);
    caller.call("reservations/change", &request).await
}

/// Times and rooms of an only event, and the answers of those invited.
fn only_event(app: &TestApp, mailbox: &str) -> Option<(TimeRange, Vec<String>, String)> {
    let events = app.events(mailbox);
    let [event] = events.as_slice() else {
        return None;
    };
    let instant = |at: jiff::Timestamp| booking::time::Instant(at.as_millisecond());
    let range = TimeRange::new(instant(event.start), instant(event.end)).unwrap();
    let invited = event.attendees.iter().map(|one| one.address.clone());
    Some((range, invited.collect(), event.locations.join("; ")))
}

/// covers: OM-03
#[tokio::test(flavor = "multi_thread")]
async fn another_time_and_room_are_in_the_calendars_of_the_person_and_of_both_rooms() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    reservation(&app, &adele).await;
    let later = tomorrow(14);
    let changed = change(&app, &adele, 1, later).await.unwrap();
    assert_eq!(
        (changed.reservation.room, changed.reservation.range),
        (app.rooms[1].id, later)
    );
    let settled = settled(&adele, KEY).await;
    assert_eq!(
        (settled.reservation.state, settled.reservation.note),
        (ReservationState::Confirmed, None)
    );
    let (first, second) = (app.mailbox(0), app.mailbox(1));
    let name = app.rooms[1].name.clone();
    assert_eq!(
        only_event(&app, ADELE),
        Some((later, vec![second.clone()], name))
    );
    assert!(app.events(&first).is_empty());
    let taken = app.events(&second);
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].response, "accepted");
    app.close().await;
}

/// covers part of: FX-22 (placing is elsewhere)
#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_declines_a_change_is_told_and_the_meeting_is_back_in_both_calendars() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    reservation(&app, &adele).await;
    let short = Processing {
        maximum_duration_in_minutes: 60,
        ..Processing::default()
    };
    let first = app.mailbox(0);
    app.sim.set_processing(&first, short).unwrap();
    let old = tomorrow(10);
    let longer = TimeRange::new(old.start(), tomorrow(12).start()).unwrap();
    change(&app, &adele, 0, longer).await.unwrap();
    let because = NotMoved::Declined;
    let back = eventually("the reservation is back", async || {
        let mine: Vec<ReservationView> = adele.call("reservations/mine", &json!({})).await.unwrap();
        mine.into_iter()
            .map(|one| one.reservation)
            .find(|one| one.note.is_some() && one.state == ReservationState::Confirmed)
    })
    .await;
    assert_eq!(
        (back.range, back.note),
        (old, Some(StateNote::NotMoved { because }))
    );
    let own = only_event(&app, ADELE).map(|(range, invited, _)| (range, invited));
    assert_eq!(own, Some((old, vec![first.clone()])));
    let room = app.events(&first);
    assert_eq!((room.len(), room[0].response.as_str()), (1, "accepted"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_room_alone_is_given_back_and_the_meeting_stays_with_its_person() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    reservation(&app, &adele).await;
    let request = json!({ "id": KEY, "what": "room_only" });
    let cancelled: ReservationView = adele.call("reservations/cancel", &request).await.unwrap();
    assert_eq!(cancelled.reservation.state, ReservationState::Cancelled);
    let left = eventually("the room is free", async || {
        let is_free = app.events(&app.mailbox(0)).is_empty();
        only_event(&app, ADELE).filter(|_| is_free)
    })
    .await;
    assert_eq!(left, (tomorrow(10), Vec::new(), String::new()));
    let nonsense = json!({ "id": KEY, "what": "half" });
    let answer = adele.post("reservations/cancel", &nonsense).await;
    assert_eq!(answer.status(), 400);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_changes_or_reads_what_is_somebody_elses_or_over() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let alex = app.at_portal(ALEX).await;
    let placed = reservation(&app, &adele).await;
    let refused = change(&app, &alex, 0, tomorrow(14)).await.unwrap_err();
    assert_eq!(refused.code, "not_yours");
    let one = json!({ "id": KEY });
    let read = alex.call::<ReservationView>("reservations/one", &one).await;
    assert_eq!(read.unwrap_err().code, "not_yours");
    let read: ReservationView = adele.call("reservations/one", &one).await.unwrap();
    assert_eq!(read, placed);

    adele
        .call::<ReservationView>("reservations/cancel", &one)
        .await
        .unwrap();
    let over = change(&app, &adele, 0, tomorrow(14)).await.unwrap_err();
    assert_eq!(
        (over.code.as_str(), over.message.as_str()),
        (
            "cannot_change",
            "What has begun, or is over, cannot be changed any more."
        )
    );
    eventually("the event is gone", async || {
        app.events(ADELE).is_empty().then_some(())
    })
    .await;
    app.close().await;
}
