//! Two processes of one installation, and Microsoft's limits, which hold for both together.

use booking::search::RoomQuery;
use booking::search::found::{CheckedRooms, Source};
use booking::time::{DAY_MS, TimeRange};
use futures::future::join_all;
use m365_sim::{Fault, FaultAction, FaultMatch, LoggedRequest};
use serde_json::{Value, json};

use crate::app::{TestApp, eventually, tomorrow};
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";
/// Microsoft serves so many requests of one application to one mailbox at a time.
const AT_ONCE: usize = 4;

fn schedules(action: FaultAction, times: u32) -> Fault {
    let asked = FaultMatch {
        method: None,
        path: Some("/v1.0/users/*/calendar/getSchedule".to_owned()),
        mailbox: None,
    };
    Fault::times(times, asked, action)
}

/// The room's first hour of the day after so many, which nobody has asked about yet.
fn day(after: usize) -> TimeRange {
    tomorrow(9).shifted_ms(after as i64 * DAY_MS)
}

fn question(app: &TestApp, range: TimeRange) -> Value {
    json!({ "query": RoomQuery::any_room(range), "rooms": [app.rooms[0].id] })
}

async fn check(caller: &Caller, app: &TestApp, range: TimeRange) -> Source {
    let asked = question(app, range);
    let mut checked: CheckedRooms = caller.call("rooms/check", &asked).await.unwrap();
    checked.rooms.remove(0).source
}

fn asked_of_exchange(app: &TestApp) -> Vec<LoggedRequest> {
    let mut requests = app.sim.requests();
    requests.retain(|one| one.path.ends_with("/getSchedule"));
    requests
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_together_ask_one_mailbox_no_more_at_once_than_microsoft_serves() {
    let app = TestApp::start_on_a_good_day().await;
    let second = app.second_server().await;
    assert_eq!(
        (app.state.share.processes(), second.state.share.processes()),
        (2, 2)
    );
    let slow = FaultAction::Delay {
        delay_ms: 1_500,
        jitter_ms: 0,
    };
    app.own_faults().add(schedules(slow, 100)).unwrap();
    let adele = app.in_pane(ADELE);
    let (first, second_door) = (adele.clone(), adele.at(&second.origin));
    let asked = (0..2 * AT_ONCE).flat_map(|at| [(&first, 2 * at), (&second_door, 2 * at + 1)]);
    let asked = asked.map(async |(caller, at)| {
        let answer = caller.post("rooms/check", &question(&app, day(at))).await;
        answer.status().as_u16()
    });
    assert_eq!(join_all(asked).await, [200; 4 * AT_ONCE]);
    // Whoever asked was answered by the mirror meanwhile; Exchange is asked all the same.
    let told = eventually("Exchange was asked about every day", async || {
        let told = asked_of_exchange(&app);
        (told.len() >= 4 * AT_ONCE).then_some(told)
    })
    .await;
    let statuses: Vec<u16> = told.iter().map(|one| one.status).collect();
    assert_eq!(statuses, [200; 4 * AT_ONCE]);
    app.own_faults().clear();

    // The one that is left has everything again.
    second.close().await;
    eventually("the first knows that it is alone", async || {
        (app.state.share.processes() == 1).then_some(())
    })
    .await;
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_microsoft_asks_one_server_to_wait_the_other_waits_too() {
    let app = TestApp::start_on_a_good_day().await;
    let second = app.second_server().await;
    let throttled = FaultAction::Status {
        status: 429,
        code: "TooManyRequests".to_owned(),
        message: None,
        retry_after_seconds: Some(120.0),
    };
    app.own_faults().add(schedules(throttled, 1)).unwrap();
    let first = app.in_pane(ADELE);
    let other = first.at(&second.origin);
    let exchange = |source: &Source| matches!(source, Source::Exchange { .. });
    assert!(!exchange(&check(&first, &app, day(0)).await));
    let mut at = 0;
    eventually("the other asks Exchange nothing more", async || {
        at += 1;
        let before = asked_of_exchange(&app).len();
        let source = check(&other, &app, day(at)).await;
        let is_asked = asked_of_exchange(&app).len() > before;
        (!exchange(&source) && !is_asked).then_some(())
    })
    .await;
    second.close().await;
    app.close().await;
}
