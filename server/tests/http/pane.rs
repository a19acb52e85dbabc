//! The Outlook pane's calls: holds that follow a draft, and what becomes of it.

use app::api::reservations::{HoldRequest, HoldView, ReservationView};
use booking::Instant;
use booking::ids::DraftKey;
use booking::reservation::{ReservationState, StateNote};
use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::send_in_outlook;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

fn hold(app: &TestApp, draft: u128, room: usize) -> serde_json::Value {
    json!({ "request": HoldRequest {
        draft: DraftKey(Uuid::from_u128(draft)),
        room: app.rooms[room].id,
        range: tomorrow(10),
    }})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hold_is_kept_moved_and_dropped_by_its_own_pane_only() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    let alex = app.in_pane(ALEX);
    let held: HoldView = adele
        .call("reservations/hold", &hold(&app, 1, 0))
        .await
        .unwrap();
    assert!(held.lapses_at > Instant(0));

    let refused = alex
        .call::<HoldView>("reservations/hold", &hold(&app, 2, 0))
        .await
        .unwrap_err();
    assert_eq!(refused.code, "refused");
    let draft = json!({ "draft": Uuid::from_u128(1) });
    let stolen = alex
        .call::<Option<Instant>>("reservations/keep_hold", &draft)
        .await
        .unwrap_err();
    assert_eq!(stolen.code, "not_yours");

    adele
        .call::<HoldView>("reservations/hold", &hold(&app, 1, 1))
        .await
        .unwrap();
    alex.call::<HoldView>("reservations/hold", &hold(&app, 2, 0))
        .await
        .unwrap();
    let mine: Vec<ReservationView> = adele.call("reservations/mine", &json!({})).await.unwrap();
    assert_eq!(mine.len(), 1, "one hold per draft");
    assert_eq!(mine[0].reservation.state, ReservationState::Held);

    adele
        .call::<()>("reservations/drop_hold", &draft)
        .await
        .unwrap();
    let kept: Option<Instant> = adele.call("reservations/keep_hold", &draft).await.unwrap();
    assert_eq!(kept, None);
    // Exchange never heard of any of it.
    assert!(app.events(&app.mailbox(0)).is_empty());
    app.close().await;
}

/// Outlook closes the pane on Send and tells nobody. The room's calendar does, long before the pane
/// counts as closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_room_that_declines_after_send_is_told_in_seconds() {
    let app = TestApp::start().await;
    let adele = app.in_pane(ADELE);
    adele
        .call::<HoldView>("reservations/hold", &hold(&app, 1, 0))
        .await
        .unwrap();
    let room = app.mailbox(0);
    // Somebody else sends first.
    send_in_outlook(&app, ALEX, &room, tomorrow(10)).await;
    send_in_outlook(&app, ADELE, &room, tomorrow(10)).await;
    let note = eventually("the room's answer is told", async || {
        let mine: Vec<ReservationView> = adele.call("reservations/mine", &json!({})).await.unwrap();
        let one = mine.into_iter().next()?.reservation;
        (one.state == ReservationState::Declined).then_some(one.note)
    })
    .await;
    assert_eq!(note, Some(StateNote::DeclinedByRoom));
    app.close().await;
}
