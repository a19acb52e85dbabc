//! What keeps Etage from a calendar is told in words: whose mailbox it is, what to do, and a number that the log has.

use std::sync::Arc;

use app::api::ApiError;
use app::api::reservations::{HoldView, ReservationView};
use app::text::reservation::story;
use booking::ids::{DraftKey, MailboxAddress};
use booking::person::{Person, PersonId};
use booking::reservation::ReservationState;
use m365_sim::{
    AccessPolicy, AccessRight, AccessTokenVersion, ExchangeAccess, Fault, FaultAction, FaultMatch,
    MailboxState, PolicyRefusal, Readings, Scenario,
};
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::wire;
use uuid::Uuid;

use crate::app::{TestApp, tomorrow};
use crate::log::Log;
use crate::people::Caller;
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";
const MEGAN: &str = "megan.bowen@contoso.com";

/// Lets the application into these rooms alone, and not into the booking mailbox either.
fn let_into(app: &TestApp, rooms: std::ops::Range<usize>) {
    let access = ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right: AccessRight::RestrictAccess,
            mailboxes: rooms.map(|room| app.mailbox(room)).collect(),
        }),
        ..ExchangeAccess::default()
    };
    let client = Scenario::CONTOSO_CLIENT_ID;
    app.sim.set_exchange_access(client, access).unwrap();
}

/// Adds the first room to a draft, and is refused.
async fn refused_hold(app: &TestApp, caller: &Caller) -> ApiError {
    let request = json!({ "request": {
        "draft": Uuid::from_u128(1), "room": app.rooms[0].id, "range": tomorrow(9),
    }});
    let held = caller.call::<HoldView>("reservations/hold", &request);
    held.await.unwrap_err()
}

/// covers: FX-78
#[tokio::test(flavor = "multi_thread")]
async fn a_room_behind_a_policy_is_named_and_administrators_alone_are_told_what_to_run() {
    let log = Log::start();
    let app = TestApp::start().await;
    let (adele, alex) = (app.in_pane(ADELE), app.in_pane(ALEX));
    let link = json!({ "secret": app.admin_link().await });
    adele.call::<()>("admin/use_link", &link).await.unwrap();
    let_into(&app, 1..8);
    for policy_refusal in [PolicyRefusal::NamesPolicy, PolicyRefusal::Plain] {
        let readings = Readings {
            policy_refusal,
            ..Readings::default()
        };
        app.sim.set_readings(readings).unwrap();
        let told = refused_hold(&app, &alex).await;
        assert_eq!(told.code, "mailbox_blocked");
        assert_eq!(
            told.message,
            "A policy of your organisation keeps Etage out of this room's mailbox. Choose another room, or invite this \
             one in Outlook; and give your administrator the incident number."
        );
        let line = log.line_of_incident(&told.sentence());
        assert!(line.contains("the room's mailbox"), "{line}");
    }
    let told = refused_hold(&app, &adele).await;
    let client = Scenario::CONTOSO_CLIENT_ID;
    assert_eq!(
        told.message,
        format!(
            "A policy of your organisation keeps Etage out of this room's mailbox. In Exchange Online PowerShell, run: \
             New-ManagementScope -Name 'Etage room1@contoso.com' -RecipientRestrictionFilter \"PrimarySmtpAddress -eq \
             'room1@contoso.com'\"; New-ManagementRoleAssignment -App {client} -Role 'Application Calendars.Read' \
             -CustomResourceScope 'Etage room1@contoso.com' Where that policy is to stay, run this instead, which adds \
             the mailbox to its group: Get-ApplicationAccessPolicy | Where-Object {{ $_.AppId -eq '{client}' -and \
             $_.AccessRight -eq 'RestrictAccess' }} | ForEach-Object {{ Add-DistributionGroupMember -Identity \
             $_.ScopeIdentity -Member 'room1@contoso.com' }} Either takes up to two hours to work."
        )
    );
    log.line_of_incident(&told.sentence());
    let text = log.text();
    for address in ["room1@contoso.com", ADELE, ALEX, MEGAN] {
        assert!(!text.contains(address), "{address} is in the log");
    }
    let_into(&app, 0..8);
    let request = json!({ "request": {
        "draft": Uuid::from_u128(1), "room": app.rooms[0].id, "range": tomorrow(9),
    }});
    let held = alex.call::<HoldView>("reservations/hold", &request).await;
    held.unwrap();
    app.close().await;
}

/// A refusal of the next attempt to write into somebody's own calendar.
fn refusal(status: u16, code: &str, message: &str) -> Fault {
    Fault::times(
        1,
        FaultMatch {
            method: Some("POST".to_owned()),
            path: Some("/v1.0/me/events".to_owned()),
            mailbox: None,
        },
        FaultAction::Status {
            status,
            code: code.to_owned(),
            message: Some(message.to_owned()),
            retry_after_seconds: None,
        },
    )
}

/// Books the first room and is told in the list why that came to nothing.
async fn refused_booking(app: &TestApp, caller: &Caller, key: u128) -> String {
    let request = place_request(app, 0, tomorrow(9), key);
    let placed: ReservationView = caller.call("reservations/place", &request).await.unwrap();
    let settled = settled(caller, placed.reservation.id).await.reservation;
    assert_eq!(settled.state, ReservationState::Declined);
    story(settled.state, settled.note.as_ref(), "Room 1")
}

/// covers part of: FX-01 (there is no connector for Exchange servers yet)
/// covers: FX-78
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_with_a_persons_own_mailbox_is_told_in_a_sentence_each() {
    const KEPT_OUT: &str =
        "Not booked: a policy keeps Etage out of your mailbox; ask your administrator.";
    let log = Log::start();
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await;
    let refusals = [
        (
            refusal(
                403,
                "ErrorAccessDenied",
                "[RAOP] : Blocked by tenant configured AppOnly AccessPolicy settings.",
            ),
            KEPT_OUT,
        ),
        (
            refusal(
                403,
                "ErrorAccessDenied",
                "access to odata is disabled: [rapo] : blocked",
            ),
            KEPT_OUT,
        ),
        (
            refusal(
                404,
                "ErrorNonExistentMailbox",
                "The SMTP address has no mailbox.",
            ),
            "Not booked: you have no mailbox in Exchange Online; ask your administrator for a licence.",
        ),
        (
            refusal(404, "ErrorInvalidUser", "The requested user is invalid."),
            "Not booked: it does not know your address; ask your administrator.",
        ),
    ];
    for (key, (fault, words)) in refusals.into_iter().enumerate() {
        app.own_faults().add(fault).unwrap();
        let told = refused_booking(&app, &adele, key as u128).await;
        assert_eq!(told.split(" (Incident ").next(), Some(words));
        let line = log.line_of_incident(&told);
        assert!(line.contains("the person's mailbox"), "{line}");
        assert!(!line.contains(ADELE), "{line}");
    }
    let on_premises = MailboxState::OnPremises;
    app.sim.set_mailbox_state(ADELE, on_premises).unwrap();
    let told = refused_booking(&app, &adele, 9).await;
    assert_eq!(
        told.split(" (Incident ").next(),
        Some(
            "Not booked: your mailbox is not in Exchange Online; invite the room in Outlook instead."
        )
    );
    log.line_of_incident(&told);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_whose_address_is_gone_is_told_as_one_that_nobody_knows() {
    let log = Log::start();
    let app = TestApp::start_on_a_good_day().await;
    let deleted = MailboxState::SoftDeleted;
    app.sim.set_mailbox_state(&app.mailbox(0), deleted).unwrap();
    let told = refused_hold(&app, &app.in_pane(ADELE)).await;
    assert_eq!(told.code, "unknown_address");
    assert_eq!(
        told.message,
        "Exchange does not know the address of this room's mailbox. Choose another room, or invite this one in \
         Outlook; and give your administrator the incident number."
    );
    log.line_of_incident(&told.sentence());
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_meets_a_throttled_exchange_is_told_until_when() {
    let log = Log::start();
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.in_pane(ADELE);
    app.own_faults()
        .throttle("/v1.0/users/*/calendar/getSchedule", 50, 600)
        .unwrap();
    let told = refused_hold(&app, &adele).await;
    assert_eq!(told.code, "throttled");
    assert_eq!(
        told.message,
        "Microsoft takes no more requests from Etage for now. Try again in 10 minutes; nothing was lost."
    );
    log.line_of_incident(&told.sentence());
    app.own_faults().clear();
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_application_that_was_taken_out_of_its_tenant_is_told_so() {
    let app = TestApp::start().await;
    let store = app.state.engine.store().clone();
    let mut connection = store.connections().await.unwrap().remove(0);
    connection.client_id = Uuid::from_u128(0x90e).to_string();
    connection.id = booking::ids::ConnectionId(Uuid::from_u128(0x90e));
    let gone = store.add_connection(&connection, &SystemRandom).await;
    let mut room = app.rooms[0].clone();
    room.link.as_mut().unwrap().connection = gone.unwrap();
    store.upsert_rooms(&[room.clone()]).await.unwrap();
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    let restarted = wire::engine(&app.state.config, store, clock, random).await;
    let adele = Person {
        id: PersonId {
            tenant: Scenario::CONTOSO_TENANT_ID,
            object: app.sim.mailbox_id(ADELE).unwrap(),
        },
        display_name: "Adele Vance".to_owned(),
        address: MailboxAddress::parse(ADELE).unwrap(),
    };
    let draft = DraftKey(Uuid::from_u128(1));
    let restarted = restarted.unwrap();
    let held = restarted.hold(&adele, draft, room.id, tomorrow(9));
    let error = held.await.unwrap_err();
    assert_eq!(error.code(), "tenant_gone");
    assert_eq!(
        error.sentence(),
        "Microsoft knows Etage no more in your organisation: it was taken out, or the organisation was closed. Give \
         your administrator the incident number: Etage has to be connected again (etage connect)."
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_1_token_says_what_to_set() {
    let log = Log::start();
    let app = TestApp::start_in(|scenario| {
        scenario.tenants[0].apps[0].access_token_version = AccessTokenVersion::V1;
    })
    .await;
    let scope = format!("api://{}/access_as_user", Scenario::CONTOSO_CLIENT_ID);
    let client = Scenario::CONTOSO_CLIENT_ID;
    let issued = app.sim.token_for(ADELE, client, &[&scope]).unwrap();
    let adele = app.with_token(&issued.access_token);
    let told = adele
        .call::<serde_json::Value>("reservations/mine", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(told.code, "token_version");
    assert_eq!(
        told.message,
        "Your organisation gives Etage tokens of an older kind. Your administrator mends that in the Entra admin \
         centre: App registrations, Etage, Manifest, set requestedAccessTokenVersion (accessTokenAcceptedVersion in \
         older manifests) to 2."
    );
    log.line_of_incident(&told.sentence());
    let answer = adele.post("reservations/mine", &json!({})).await;
    assert_eq!(answer.status(), 401);
    // One that only says so is a stranger's.
    let mut forged = issued.access_token;
    forged.truncate(forged.len() - 6);
    forged.push_str("AAAAAA");
    let told = app
        .with_token(&forged)
        .call::<serde_json::Value>("reservations/mine", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(told.code, "sign_in_needed");
    app.close().await;
}
