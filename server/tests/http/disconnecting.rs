//! `etage disconnect`, run as a program beside a server that goes on.

use booking::reservation::ReservationState;
use booking::rooms_overview::RoomsOverview;
use m365_sim::{Fault, FaultAction, FaultMatch, Scenario};
use serde_json::{Value, json};

use app::api::reservations::ReservationView;

use crate::admin::overview_of;
use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;
use crate::placing::{place_request, settled};

const ADELE: &str = "adele.vance@contoso.com";

impl TestApp {
    /// Runs `etage` with these words on the same data. What it printed, and whether it was content.
    pub async fn etage(&self, words: &[&str]) -> (String, bool) {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_etage"));
        command
            .args(words)
            .env_clear()
            .env("ETAGE_DATA_DIR", self.data_dir())
            .env("ETAGE_ORIGIN", &self.origin)
            .env("ETAGE_GRAPH_URL", self.sim.url())
            .env("ETAGE_LOGIN_URL", self.sim.url());
        let ran = tokio::task::spawn_blocking(move || command.output());
        let output = ran.await.unwrap().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8(said).unwrap(), output.status.success())
    }

    /// The subscriptions that the tenant keeps.
    async fn subscriptions(&self) -> usize {
        let url = format!("{}/_sim/subscriptions", self.sim.url());
        let told: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        told["value"].as_array().unwrap().len()
    }

    async fn until_all_notify(&self) {
        eventually("every room notifies", async || {
            (self.subscriptions().await == self.rooms.len()).then_some(())
        })
        .await;
    }
}

async fn linked(admin: &Caller) -> u32 {
    let asked = overview_of(json!({}));
    let shown: RoomsOverview = admin.call("admin/rooms_overview", &asked).await.unwrap();
    shown.totals.rooms
}

/// What stands in the first room's calendar, by id.
fn ids(app: &TestApp) -> Vec<String> {
    let meetings = app.events(&app.mailbox(0));
    let standing = meetings.into_iter().filter(|one| !one.is_cancelled);
    standing.map(|one| one.id).collect()
}

/// covers part of: FX-74, FX-75, FX-76, FX-77, N-08 (a command and no button; nothing is exported, and there is no record to undo it by)
#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_disconnected_by_a_command_that_says_before_what_that_takes_away() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    app.until_all_notify().await;
    let request = place_request(&app, 0, tomorrow(10), 1);
    let placed: ReservationView = adele.call("reservations/place", &request).await.unwrap();
    let before = settled(&adele, placed.reservation.id).await;
    assert_eq!(before.reservation.state, ReservationState::Confirmed);
    let meetings = ids(&app);
    assert_eq!(meetings.len(), 1);
    eventually("the mirror shows it", async || {
        let (store, room) = (app.state.engine.store(), app.rooms[0].id);
        let busy = store.busy_times_of(room, tomorrow(10)).await.unwrap();
        (!busy.is_empty()).then_some(())
    })
    .await;
    let tenant = Scenario::CONTOSO_TENANT_ID.to_string();

    for words in [
        &["disconnect", &tenant][..],
        &["disconnect", &tenant, "--dry-run"],
    ] {
        let (said, content) = app.etage(words).await;
        assert!(content, "{said}");
        for line in [
            "unlinks      8 linked rooms: 0.1, 0.2, 0.3, 0.4, 1.5, 1.6, 1.7, 1.8",
            "ends         8 subscriptions at Microsoft",
            "forgets      1 mirrored busy time; the meetings stay in Exchange",
            "lets go of   1 reservation made here",
            "Nothing was changed.",
        ] {
            assert!(said.contains(line), "no “{line}” in {said}");
        }
        assert_eq!((linked(&adele).await, app.subscriptions().await), (8, 8));
    }

    let (said, content) = app.etage(&["disconnect", &tenant, "--yes"]).await;
    assert!(content, "{said}");
    let line = "8 rooms are unlinked, and Microsoft notifies of none any more.";
    assert!(said.contains(line), "{said}");
    assert_eq!(app.subscriptions().await, 0);
    eventually("the running server knows", async || {
        (linked(&adele).await == 0).then_some(())
    })
    .await;
    // Nothing was taken out of any calendar, and nothing out of the person's list.
    assert_eq!(ids(&app), meetings);
    assert_eq!(app.events(ADELE).len(), 1);
    let after = settled(&adele, placed.reservation.id).await;
    assert_eq!(after.reservation.state, ReservationState::Confirmed);

    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_microsoft_would_not_end_is_said_and_ended_when_the_command_runs_again() {
    let app = TestApp::start_on_a_good_day().await;
    app.until_all_notify().await;
    app.own_faults()
        .add(Fault::always(
            FaultMatch {
                method: Some("DELETE".to_owned()),
                path: Some("*/subscriptions/*".to_owned()),
                mailbox: None,
            },
            FaultAction::Status {
                status: 403,
                code: "ErrorAccessDenied".to_owned(),
                message: None,
                retry_after_seconds: None,
            },
        ))
        .unwrap();
    let tenant = Scenario::CONTOSO_TENANT_ID.to_string();
    let (said, content) = app.etage(&["disconnect", &tenant, "--yes"]).await;
    assert!(content, "{said}");
    assert!(
        said.contains("8 subscriptions could not be ended at Microsoft now"),
        "{said}"
    );
    assert_eq!(app.subscriptions().await, 8);
    let (said, _) = app.etage(&["disconnect", &tenant]).await;
    assert!(said.contains("unlinks      0 linked rooms\n"), "{said}");
    assert!(said.contains("ends         8 subscriptions"), "{said}");
    app.own_faults().clear();
    let (said, content) = app.etage(&["disconnect", &tenant, "--yes"]).await;
    assert!(
        content && said.contains("notifies of none any more"),
        "{said}"
    );
    assert_eq!(app.subscriptions().await, 0);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_that_is_not_connected_is_named_with_those_that_are() {
    let app = TestApp::start().await;
    let other = uuid::Uuid::from_u128(9).to_string();
    let (said, content) = app.etage(&["disconnect", &other, "--yes"]).await;
    assert!(!content);
    assert!(
        said.contains(&format!("tenant {other} is not connected")),
        "{said}"
    );
    assert!(
        said.contains(&format!("{} (Contoso)", Scenario::CONTOSO_TENANT_ID)),
        "{said}"
    );
    let (said, content) = app
        .etage(&["disconnect", &other, "--yes", "--dry-run"])
        .await;
    assert!(!content && said.contains("cannot be used with"), "{said}");
    app.close().await;
}
