//! What the card of a room tells of its day.

use booking::mirror::{Reading, SyncRun};
use booking::room_day::{RoomDay, Who};
use m365_sim::MailboxState;
use serde_json::json;

use crate::app::{TestApp, eventually, tomorrow};
use crate::availability::send_in_outlook;

const ADELE: &str = "adele.vance@contoso.com";
const ALEX: &str = "alex.wilber@contoso.com";

/// covers part of: FX-20 (where its calendar tells no name)
#[tokio::test(flavor = "multi_thread")]
async fn a_room_whose_events_cannot_be_read_any_more_says_so_and_is_taken_by_somebody() {
    let app = TestApp::start_on_a_good_day().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    let (room, when) = (app.rooms[0].id, tomorrow(10));
    send_in_outlook(&app, ALEX, &app.mailbox(0), when).await;
    let asked = json!({ "room": room, "at": when.start() });
    let whose = async |reading: Reading| {
        eventually("the card says what can be read", async || {
            let day: RoomDay = adele.call("rooms/meetings", &asked).await.unwrap();
            let mut meetings = day.meetings.into_iter();
            let one = meetings.find(|one| one.range == when)?;
            (day.reading == reading).then_some(one.who)
        })
        .await
    };
    assert_eq!(
        whose(Reading::Events).await,
        Who::Named("Alex Wilber".to_owned())
    );
    let moved = MailboxState::OnPremises;
    app.sim.set_mailbox_state(&app.mailbox(0), moved).unwrap();
    let _run: SyncRun = adele
        .call("admin/sync_rooms", &json!({ "room": room }))
        .await
        .unwrap();
    assert_eq!(whose(Reading::FreeBusyOnly).await, Who::Unknown);
    app.close().await;
}
