//! The letter about a room that declines after it had accepted, over HTTP and through the simulated tenant.

use app::api::reservations::ReservationView;
use booking::reservation::{ReservationState, StateNote};
use m365_sim::{AccessPolicy, AccessRight, ExchangeAccess, ExchangeRole, Scenario};
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const MEGAN: &str = "megan.bowen@contoso.com";

/// The application may send from the booking mailbox, and else no more than before.
fn let_it_send(app: &TestApp) {
    let rooms = (0..app.rooms.len()).map(|at| app.mailbox(at));
    let access = ExchangeAccess {
        roles: vec![ExchangeRole {
            role: "Application Mail.Send".to_owned(),
            mailboxes: Some(vec![MEGAN.to_owned()]),
        }],
        policy: Some(AccessPolicy {
            access_right: AccessRight::RestrictAccess,
            mailboxes: rooms.chain([MEGAN.to_owned()]).collect(),
        }),
        ..ExchangeAccess::default()
    };
    let set = app
        .sim
        .set_exchange_access(Scenario::CONTOSO_CLIENT_ID, access);
    set.unwrap();
}

/// The room's owner declines in Outlook what it had accepted.
async fn decline(app: &TestApp, room: &str) {
    let id = app.events(room)[0].id.clone();
    let url = format!(
        "{}/_sim/mailboxes/{room}/events/{id}/decline",
        app.sim.url()
    );
    let answer = reqwest::Client::new().post(url).send().await.unwrap();
    assert_eq!(answer.status(), 204);
}

/// covers part of: N-01, P-03
#[tokio::test(flavor = "multi_thread")]
async fn whoever_had_a_room_is_told_by_one_letter_and_by_the_page_that_it_declined() {
    let app = TestApp::start_with(&[("ETAGE_NOTICES", "mail")]).await;
    let_it_send(&app);
    let adele = app.at_portal(ADELE).await;
    let request = place_request(&app, 0, tomorrow(10), 1);
    let placed: ReservationView = adele.call("reservations/place", &request).await.unwrap();
    let id = placed.reservation.id;
    let confirmed = settled(&adele, id).await;
    assert_eq!(confirmed.reservation.state, ReservationState::Confirmed);
    assert_eq!(confirmed.instead, []);
    decline(&app, &app.mailbox(0)).await;

    let view = eventually("the page says so", async || {
        let one: ReservationView = adele
            .call("reservations/one", &json!({ "id": id }))
            .await
            .unwrap();
        (one.reservation.state == ReservationState::Declined).then_some(one)
    })
    .await;
    assert_eq!(view.reservation.note, Some(StateNote::DeclinedLate));
    let numbers: Vec<_> = view
        .instead
        .iter()
        .map(|(number, _)| number.as_str())
        .collect();
    assert_eq!(numbers.len(), 3);
    assert!(!numbers.contains(&app.rooms[0].number.as_str()));

    let page = adele.get("/reservations").await.text().await.unwrap();
    for told in ["after it had accepted", &format!("Book {}", numbers[0])] {
        assert!(page.contains(told), "no {told} in {page}");
    }

    let person = view.reservation.person.id;
    let letter = eventually("a letter comes", async || {
        // Letters wait for others; nobody here does.
        app.state.engine.permission_given(person).await.unwrap();
        app.sim.mail().into_iter().next()
    })
    .await;
    assert_eq!(
        (letter.from.as_str(), letter.to.as_slice()),
        (MEGAN, &[ADELE.to_owned()][..])
    );
    assert!(
        letter.subject.starts_with("Room 1 declined: "),
        "{letter:?}"
    );
    let (_, path) = &view.instead[0];
    assert!(
        letter.content.contains(&format!("{}{path}", app.origin)),
        "{letter:?}"
    );
    assert!(!letter.content.contains("Planning"), "{letter:?}");
    eventually("nothing more is owed", async || {
        let jobs = app.state.engine.store().jobs_of(id).await.unwrap();
        jobs.is_empty().then_some(())
    })
    .await;
    assert_eq!(app.sim.mail().len(), 1);
    // The meeting is its organizer's to decide on.
    assert_eq!(app.events(ADELE).len(), 1);
    app.close().await;
}
