//! A reservation as a file for any calendar.

use app::api::reservations::ReservationView;
use serde_json::json;

use crate::app::{TestApp, tomorrow};
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

/// covers part of: FX-06, FX-23 (what is booked without an account has none yet)
#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_file_is_only_for_its_owner_and_only_while_it_stands() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let request = place_request(&app, 0, tomorrow(10), 1);
    let placed: ReservationView = adele.call("reservations/place", &request).await.unwrap();
    let id = placed.reservation.id;
    settled(&adele, id).await;
    let path = format!("/reservation/{id}/calendar.ics");

    let answer = adele.get(&path).await;
    assert_eq!(answer.status(), 200);
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert_eq!(kind, "text/calendar; charset=utf-8");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let file = answer.text().await.unwrap();
    let uid = &app.events(ADELE)[0].i_cal_u_id;
    let unfolded = file.replace("\r\n ", "");
    for line in [
        &format!("UID:{uid}"),
        "SUMMARY:Room 1",
        "LOCATION:Room 1\\, Harbour House",
        "STATUS:CONFIRMED",
        &format!("URL:{}/reservation/{id}", app.origin),
    ] {
        let mut lines = unfolded.split("\r\n");
        assert!(lines.any(|known| known == line), "no {line} in {file}");
    }
    let page = adele.get(&format!("/reservation/{id}")).await;
    let page = page.text().await.unwrap();
    for told in [&path, "Details to copy", "Harbour House, floor 0"] {
        assert!(page.contains(told), "no {told} in {page}");
    }
    // What the meeting is about is in its organizer's calendar alone.
    assert!(!file.contains("Planning"), "{file}");

    let alex = app.at_portal(ALEX).await;
    assert_eq!(alex.get(&path).await.status(), 403);
    assert_eq!(app.stranger().get(&path).await.status(), 401);
    let unknown = adele.get("/reservation/nonsense/calendar.ics").await;
    assert_eq!(unknown.status(), 404);
    let asked = json!({ "id": id });
    adele
        .call::<ReservationView>("reservations/cancel", &asked)
        .await
        .unwrap();
    assert_eq!(adele.get(&path).await.status(), 404);
    app.close().await;
}
