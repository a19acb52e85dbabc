//! A room that says no, and the next best one that takes its place because the person asked for that, over HTTP.

use app::api::reservations::{PlaceRequest, ReservationView};
use booking::ids::ReservationId;
use booking::reservation::{ReservationState, StateNote, Swap};
use booking::room::EquipmentSet;
use booking::search::When;
use m365_sim::Processing;
use serde_json::json;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::placing::settled;

const ADELE: &str = "adele.vance@contoso.com";
const KEY: ReservationId = ReservationId(Uuid::from_u128(1));

/// covers part of: P-03
#[tokio::test(flavor = "multi_thread")]
async fn the_next_best_room_is_in_the_same_event_and_named_in_it() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let short = Processing {
        maximum_duration_in_minutes: 30,
        ..Processing::default()
    };
    app.sim.set_processing(&app.mailbox(0), short).unwrap();
    let request = json!({ "request": PlaceRequest {
        room: app.rooms[0].id,
        when: When::Exact { ranges: vec![tomorrow(10)] },
        subject: "Planning".to_owned(),
        key: KEY,
        swap: Some(Swap {
            people: 1,
            equipment: EquipmentSet::EMPTY,
            step_free: false,
            asked: Vec::new(),
        }),
            on_behalf: None,
    }});
    adele
        .call::<ReservationView>("reservations/place", &request)
        .await
        .unwrap();
    let settled = settled(&adele, KEY).await;
    let note = StateNote::Swapped {
        instead_of: app.rooms[0].number.clone(),
    };
    assert_eq!(
        (settled.reservation.state, settled.reservation.note),
        (ReservationState::Confirmed, Some(note))
    );
    let taken = settled.room.expect("the room is there");
    assert_ne!(taken.id, app.rooms[0].id);
    let mailbox = taken.link.expect("it is linked").mailbox.to_string();
    let own = eventually("the event names the room", async || {
        let own = app.events(ADELE);
        let is_named = own.len() == 1 && own[0].locations == [taken.name.clone()];
        is_named.then(|| own[0].clone())
    })
    .await;
    let invited: Vec<_> = own.attendees.iter().map(|one| &one.address).collect();
    assert_eq!(invited, [&mailbox]);
    let in_room = app.events(&mailbox);
    assert_eq!(
        (in_room.len(), in_room[0].response.as_str()),
        (1, "accepted")
    );
    assert!(app.events(&app.mailbox(0)).is_empty());
    app.close().await;
}
