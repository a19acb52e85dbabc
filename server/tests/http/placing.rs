//! Reservations placed in the portal: in both calendars, told truly, taken back cleanly.

use app::api::reservations::{PlaceRequest, ReservationView};
use booking::ids::ReservationId;
use booking::reservation::ReservationState;
use booking::rules::Refusal;
use booking::search::When;
use booking::time::TimeRange;
use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

pub fn place_request(app: &TestApp, room: usize, range: TimeRange, key: u128) -> serde_json::Value {
    json!({ "request": PlaceRequest {
        room: app.rooms[room].id,
        when: When::Exact { ranges: vec![range] },
        subject: "Planning".to_owned(),
        key: ReservationId(Uuid::from_u128(key)),
        swap: None,
            on_behalf: None,
    }})
}

/// A reservation of the person's own once its room has answered.
pub async fn settled(caller: &Caller, id: ReservationId) -> ReservationView {
    eventually("the room answers", async || {
        let mine: Vec<ReservationView> =
            caller.call("reservations/mine", &json!({})).await.unwrap();
        mine.into_iter().find(|one| {
            one.reservation.id == id
                && !matches!(
                    one.reservation.state,
                    ReservationState::Held | ReservationState::Submitted
                )
        })
    })
    .await
}

/// covers: FX-04, FX-22, FX-24, FX-25, WX-02, WX-05, OM-02
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_reservation_stands_in_the_persons_and_the_rooms_calendars() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let range = tomorrow(10);
    let placed: ReservationView = adele
        .call("reservations/place", &place_request(&app, 0, range, 1))
        .await
        .unwrap();
    let settled = settled(&adele, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);

    let own = app.events(ADELE);
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].subject, "Planning");
    assert!(own[0].is_organizer);
    let rooms = app.events(&app.mailbox(0));
    assert_eq!(rooms.len(), 1);
    assert_eq!(rooms[0].i_cal_u_id, own[0].i_cal_u_id);
    assert_eq!(rooms[0].response, "accepted");
    assert_eq!(rooms[0].start.as_millisecond(), range.start().0);
    app.close().await;
}

/// covers: FX-30
#[tokio::test(flavor = "multi_thread")]
async fn cancelling_frees_both_calendars() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let placed: ReservationView = adele
        .call(
            "reservations/place",
            &place_request(&app, 0, tomorrow(10), 1),
        )
        .await
        .unwrap();
    settled(&adele, placed.reservation.id).await;
    let cancelled: ReservationView = adele
        .call(
            "reservations/cancel",
            &json!({ "id": placed.reservation.id }),
        )
        .await
        .unwrap();
    assert_eq!(cancelled.reservation.state, ReservationState::Cancelled);
    eventually("both calendars are free", async || {
        (app.events(ADELE).is_empty() && app.events(&app.mailbox(0)).is_empty()).then_some(())
    })
    .await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_taken_in_outlook_a_moment_ago_is_refused_with_the_time() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let alex = app.at_portal(ALEX).await;
    let range = tomorrow(11);
    let first: ReservationView = alex
        .call("reservations/place", &place_request(&app, 2, range, 1))
        .await
        .unwrap();
    settled(&alex, first.reservation.id).await;
    let refused = adele
        .call::<ReservationView>("reservations/place", &place_request(&app, 2, range, 2))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "refused");
    assert!(
        matches!(refused.refusals[..], [Refusal::Taken { range: busy, .. }] if busy == range),
        "{refused:?}"
    );
    assert!(app.events(ADELE).is_empty());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nonsense_is_refused_in_words_and_changes_nothing() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let yesterday = tomorrow(10).shifted_ms(-2 * booking::time::DAY_MS);
    let past = adele
        .call::<ReservationView>("reservations/place", &place_request(&app, 0, yesterday, 1))
        .await
        .unwrap_err();
    assert_eq!(past.refusals, [Refusal::InThePast]);

    let reversed = json!({ "request": {
        "room": app.rooms[0].id, "subject": "", "key": Uuid::from_u128(2),
        "when": { "as": "local", "date": "2027-01-11", "from": "11:00", "to": "10:00" },
    }});
    let reversed = adele
        .call::<ReservationView>("reservations/place", &reversed)
        .await
        .unwrap_err();
    assert_eq!(reversed.message, "The end must be after the start.");

    let unknown = json!({ "request": {
        "room": Uuid::from_u128(0xdead), "subject": "", "key": Uuid::from_u128(3),
        "when": When::Exact { ranges: vec![tomorrow(10)] },
    }});
    let unknown = adele
        .call::<ReservationView>("reservations/place", &unknown)
        .await
        .unwrap_err();
    assert_eq!(unknown.code, "not_found");

    let unreadable = json!({ "request": "nonsense" });
    let answer = adele.post("reservations/place", &unreadable).await;
    assert_eq!(answer.status(), 400);
    assert!(app.events(ADELE).is_empty());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_cancels_or_reads_what_is_somebody_elses() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let alex = app.at_portal(ALEX).await;
    let placed: ReservationView = adele
        .call(
            "reservations/place",
            &place_request(&app, 0, tomorrow(10), 1),
        )
        .await
        .unwrap();
    let refused = alex
        .call::<ReservationView>(
            "reservations/cancel",
            &json!({ "id": placed.reservation.id }),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, "not_yours");
    let theirs: Vec<ReservationView> = alex.call("reservations/mine", &json!({})).await.unwrap();
    assert!(theirs.is_empty());
    settled(&adele, placed.reservation.id).await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_placement_survives_a_calendar_system_that_fails_at_first() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    app.own_faults().throttle("/v1.0/me/events", 2, 1).unwrap();
    let placed: ReservationView = adele
        .call(
            "reservations/place",
            &place_request(&app, 0, tomorrow(10), 1),
        )
        .await
        .unwrap();
    let settled = settled(&adele, placed.reservation.id).await;
    assert_eq!(settled.reservation.state, ReservationState::Confirmed);
    assert_eq!(app.events(ADELE).len(), 1);
    app.close().await;
}
