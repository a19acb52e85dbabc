//! Booking for somebody else, with the right that they gave in Outlook and no other.

use app::api::ApiError;
use app::api::reservations::{PlaceRequest, ReservationView};
use app::text::reservation::story;
use booking::ids::{MailboxAddress, ReservationId};
use booking::reservation::{CalendarFault, Cancelling, ReservationState, StateNote};
use booking::search::When;
use m365_sim::{Fault, FaultAction, FaultMatch, Share, ShareLevel};
use serde_json::json;
use store::audit::Deed;
use uuid::Uuid;

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;
use crate::placing::settled;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
const KEY: ReservationId = ReservationId(Uuid::from_u128(1));

/// Alex books the first room for somebody.
async fn place(app: &TestApp, alex: &Caller, owner: &str) -> Result<ReservationView, ApiError> {
    let request = json!({ "request": PlaceRequest {
        room: app.rooms[0].id,
        when: When::Exact { ranges: vec![tomorrow(10)] },
        subject: "Planning".to_owned(),
        key: KEY,
        swap: None,
        on_behalf: Some(MailboxAddress::parse(owner).unwrap()),
    }});
    alex.call("reservations/place", &request).await
}

/// Adele shares her calendar with Alex, so far.
fn share(app: &TestApp, level: ShareLevel) {
    let shares = [Share::with(ALEX, level)];
    app.sim.set_sharing(ADELE, &shares).unwrap();
}

/// covers: P-16
#[tokio::test(flavor = "multi_thread")]
async fn a_delegate_books_in_the_owners_calendar_and_the_audit_names_both() {
    let app = TestApp::start().await;
    let alex = app.at_portal(ALEX).await;
    share(&app, ShareLevel::Delegate);
    let placed = place(&app, &alex, ADELE).await.unwrap();
    let confirmed = settled(&alex, placed.reservation.id).await.reservation;
    assert_eq!(confirmed.state, ReservationState::Confirmed);
    assert_eq!(
        confirmed.on_behalf_of.as_ref().map(MailboxAddress::as_str),
        Some(ADELE)
    );
    let own = app.events(ADELE);
    assert_eq!(own.len(), 1);
    assert!(own[0].is_organizer);
    let room = app.events(&app.mailbox(0));
    assert_eq!((room.len(), room[0].organizer.as_str()), (1, ADELE));
    assert!(app.events(ALEX).is_empty());

    let whole = json!({ "id": KEY, "what": Cancelling::Whole });
    let cancelled = alex
        .call::<ReservationView>("reservations/cancel", &whole)
        .await;
    assert_eq!(
        cancelled.unwrap().reservation.state,
        ReservationState::Cancelled
    );
    eventually("both calendars are free", async || {
        (app.events(ADELE).is_empty() && app.events(&app.mailbox(0)).is_empty()).then_some(())
    })
    .await;
    let lines = app.state.engine.store().audit_of(KEY).await.unwrap();
    let object = app.sim.mailbox_id(ALEX);
    for (line, deed) in lines.iter().zip([Deed::Placed, Deed::Cancelled]) {
        assert_eq!((line.deed, line.who.map(|who| who.object)), (deed, object));
        let for_whom = line.for_whom.as_ref().map(MailboxAddress::as_str);
        assert_eq!(for_whom, Some(ADELE));
    }
    assert_eq!(lines.len(), 2);
    app.close().await;
}

/// covers: OM-10
#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_in_exchange_it_is_refused_and_nothing_is_promised() {
    let app = TestApp::start().await;
    let alex = app.at_portal(ALEX).await;
    let mut told = Vec::new();
    // A calendar that is not shared, one that may only be read, a room's, and addresses that nobody has.
    for level in [None, Some(ShareLevel::Read)] {
        if let Some(level) = level {
            share(&app, level);
        }
        told.push(place(&app, &alex, ADELE).await.unwrap_err());
    }
    for address in [
        "room2@contoso.com",
        "nobody@contoso.com",
        "ada@fabrikam.com",
    ] {
        told.push(place(&app, &alex, address).await.unwrap_err());
    }
    for refused in &told {
        assert_eq!(refused.code, "not_delegate");
        assert_eq!(
            refused.message,
            "You may not book in that calendar. Ask its owner to share it with you in Outlook, so that you can edit it."
        );
    }
    let request = json!({ "request": {
        "room": app.rooms[0].id, "when": When::Exact { ranges: vec![tomorrow(10)] }, "subject": "",
        "key": KEY, "on_behalf": ADELE,
    }});
    let answer = alex.post("reservations/place", &request).await;
    assert_eq!(answer.status(), 403);
    let store = app.state.engine.store();
    assert_eq!(store.reservation(KEY).await.unwrap(), None);
    assert!(app.events(ADELE).is_empty());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_taken_away_since_stops_the_retry() {
    let app = TestApp::start_on_a_good_day().await;
    let alex = app.at_portal(ALEX).await;
    share(&app, ShareLevel::Write);
    let path = format!("/v1.0/users/{ADELE}/events");
    let unavailable = Fault::times(
        1,
        FaultMatch {
            method: Some("POST".to_owned()),
            path: Some(path),
            mailbox: None,
        },
        FaultAction::Status {
            status: 503,
            code: "ServiceUnavailable".to_owned(),
            message: None,
            retry_after_seconds: Some(1.0),
        },
    );
    app.own_faults().add(unavailable).unwrap();
    let placing = place(&app, &alex, ADELE);
    let taking_away = eventually("the first attempt has failed", async || {
        let requests = app.sim.requests();
        requests.iter().any(|one| one.faulted).then(|| {
            app.sim.set_sharing(ADELE, &[]).unwrap();
        })
    });
    let (placed, ()) = tokio::join!(placing, taking_away);
    placed.unwrap();
    let settled = settled(&alex, KEY).await.reservation;
    assert_eq!(settled.state, ReservationState::Declined);
    let note = settled.note.clone();
    assert!(
        matches!(
            note,
            Some(StateNote::RefusedByCalendar {
                fault: CalendarFault::NoRight,
                ..
            })
        ),
        "{note:?}"
    );
    let told = story(settled.state, note.as_ref(), "Room 1");
    assert!(
        told.starts_with(
            "Not booked: you may not book in that calendar (any more); ask its owner to share it with you."
        ),
        "{told}"
    );
    assert!(app.events(ADELE).is_empty());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_has_not_consented_to_shared_calendars_loses_no_other_permission() {
    let app = TestApp::start_in(|scenario| {
        let app = &mut scenario.tenants[0].apps[0];
        app.delegated_permissions
            .retain(|name| !name.ends_with(".Shared"));
    })
    .await;
    let alex = app.at_portal(ALEX).await;
    share(&app, ShareLevel::Write);
    let refused = place(&app, &alex, ADELE).await.unwrap_err();
    assert_eq!(refused.code, "exchange_denied");
    assert_eq!(
        refused.message,
        "Exchange does not allow this. Ask your administrator to check the permissions Etage was given."
    );
    assert!(refused.incident.is_some());
    let own = place(&app, &alex, ALEX).await.unwrap();
    let settled = settled(&alex, own.reservation.id).await.reservation;
    assert_eq!(settled.state, ReservationState::Confirmed);
    assert_eq!(settled.on_behalf_of, None);
    assert_eq!(app.events(ALEX).len(), 1);
    app.close().await;
}
