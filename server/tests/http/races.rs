//! Many people at one door: exactly one wins, and no calendar keeps what nobody holds.

use std::collections::HashSet;

use app::api::reservations::ReservationView;
use booking::reservation::ReservationState;
use booking::time::{DAY_MS, HOUR_MS};
use futures::future::join_all;
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;
use crate::placing::place_request;
use crate::second_server::SecondServer;

const PEOPLE: [&str; 6] = [
    "adele.vance@contoso.com",
    "alex.wilber@contoso.com",
    "diego.siciliani@contoso.com",
    "isaiah.langer@contoso.com",
    "megan.bowen@contoso.com",
    "pradeep.gupta@contoso.com",
];
const AT_ONCE: usize = 50;

/// How many rounds; the full number unless `RACE_ROUNDS` asks for fewer or more.
fn rounds() -> usize {
    std::env::var("RACE_ROUNDS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(200)
}

/// covers: FX-24
/// covers part of: N-01 (one winner; no crash on the way, nothing at Send)
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_one_room_and_time_exactly_one_wins() {
    race(TestApp::start().await, None).await;
}

/// covers: FX-24
/// covers part of: N-01 (one winner; no crash on the way, nothing at Send)
#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_at_two_servers_on_postgresql_exactly_one_wins() {
    if let Some(app) = TestApp::start_on_postgres().await {
        let second = app.second_server().await;
        race(app, Some(second)).await;
    }
}

/// Where there is a second server, everybody is at both.
async fn race(app: TestApp, second: Option<SecondServer>) {
    let mut people = Vec::new();
    for address in PEOPLE {
        people.push(app.at_portal(address).await);
    }
    let mut doors = people.clone();
    if let Some(second) = &second {
        doors.extend(people.iter().map(|person| person.at(&second.origin)));
    }
    let mut won = 0;
    for round in 0..rounds() {
        won += one_round(&app, &doors, round).await;
    }
    assert_eq!(won, rounds());
    until_calm(&people).await;
    every_event_has_its_reservation(&app, &people).await;
    if let Some(second) = second {
        second.close().await;
    }
    app.close().await;
}

/// Fifty at once; how many were let through.
async fn one_round(app: &TestApp, doors: &[Caller], round: usize) -> usize {
    let (room, slot) = (round % app.rooms.len(), round / app.rooms.len());
    let range = tomorrow(0).shifted_ms((slot / 20) as i64 * DAY_MS + (slot % 20) as i64 * HOUR_MS);
    let attempts = (0..AT_ONCE).map(|attempt| {
        let person = &doors[attempt % doors.len()];
        let key = (round * AT_ONCE + attempt + 1) as u128;
        let request = place_request(app, room, range, key);
        async move {
            person
                .call::<ReservationView>("reservations/place", &request)
                .await
        }
    });
    let answers = join_all(attempts).await;
    for refused in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(refused.code, "refused", "round {round}: {refused:?}");
    }
    answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .filter(|view| view.reservation.state.is_open())
        .count()
}

/// Waits until every room has answered and nothing is on its way.
async fn until_calm(people: &[Caller]) {
    for person in people {
        eventually("every reservation is answered", async || {
            let mine = mine(person).await;
            mine.iter()
                .all(|view| {
                    !matches!(
                        view.reservation.state,
                        ReservationState::Held | ReservationState::Submitted
                    )
                })
                .then_some(())
        })
        .await;
    }
}

async fn mine(person: &Caller) -> Vec<ReservationView> {
    person.call("reservations/mine", &json!({})).await.unwrap()
}

async fn every_event_has_its_reservation(app: &TestApp, people: &[Caller]) {
    let mut promised = HashSet::new();
    for person in people {
        for view in mine(person).await {
            if view.reservation.state == ReservationState::Confirmed {
                let event = view.reservation.event.unwrap();
                assert!(
                    promised.insert(event.ical_uid),
                    "one event, two reservations"
                );
            }
        }
    }
    assert_eq!(promised.len(), rounds());
    let rooms = (0..app.rooms.len()).map(|room| app.mailbox(room));
    let mailboxes = PEOPLE.map(str::to_owned).into_iter().chain(rooms);
    for mailbox in mailboxes {
        for event in app.events(&mailbox) {
            assert!(
                promised.contains(&event.i_cal_u_id),
                "{mailbox} holds an event nobody reserved: {event:?}"
            );
        }
    }
}
