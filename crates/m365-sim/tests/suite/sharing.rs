//! Calendars that are shared: how far each level goes. <https://learn.microsoft.com/graph/outlook-share-or-delegate-calendar>

use m365_sim::{Scenario, Share, ShareLevel, SimOptions};
use serde_json::json;

use crate::support::{ADELE, ALEX, ROOM1, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";

/// A world in which Adele shares her calendar with Alex.
async fn shared(level: ShareLevel) -> World {
    let mut scenario = Scenario::contoso();
    let mut people = scenario.tenants[0].people.iter_mut();
    let adele = people.find(|person| person.address == ADELE).unwrap();
    adele.calendar_shared_with.push(Share::with(ALEX, level));
    World::start(scenario, SimOptions::explicit()).await
}

#[tokio::test]
async fn who_may_only_read_cannot_write_and_is_told_so() {
    let world = shared(ShareLevel::Read).await;
    let alex = world.person(ALEX);
    let calendar = alex.get(&format!("users/{ADELE}/calendar")).await;
    assert_eq!(calendar.status, 200);
    assert_eq!(calendar.json["canEdit"], false);
    let listed = alex.get(&format!("users/{ADELE}/events")).await;
    assert_eq!(listed.status, 200);
    let body = meeting("Planning", &[ROOM1], NINE, TEN);
    let written = alex.post(&format!("users/{ADELE}/events"), body).await;
    assert_eq!(written.status, 403);
    assert_eq!(written.json["error"]["code"], "ErrorAccessDenied");
    assert!(world.sim.events(ADELE).unwrap().is_empty());
}

#[tokio::test]
async fn a_delegate_writes_and_the_owner_is_organizer() {
    for level in [ShareLevel::Write, ShareLevel::Delegate] {
        let world = shared(level).await;
        let alex = world.person(ALEX);
        let calendar = alex.get(&format!("users/{ADELE}/calendar")).await;
        assert_eq!(calendar.json["canEdit"], true, "{level:?}");
        assert_eq!(calendar.json["owner"]["address"], ADELE);
        let body = meeting("Planning", &[ROOM1], NINE, TEN);
        let written = alex.post(&format!("users/{ADELE}/events"), body).await;
        assert_eq!(written.status, 201);
        assert_eq!(written.json["organizer"]["emailAddress"]["address"], ADELE);
        assert_eq!(world.sim.events(ADELE).unwrap().len(), 1);
        assert!(world.sim.events(ALEX).unwrap().is_empty());
        world.sim.set_sharing(ADELE, &[]).unwrap();
        let closed = alex.get(&format!("users/{ADELE}/calendar")).await;
        assert_eq!(closed.status, 403);
    }
}

#[tokio::test]
async fn the_owner_and_an_address_alone_may_write() {
    let share: Share = serde_json::from_value(json!("alex.wilber@contoso.com")).unwrap();
    assert_eq!(share.level, ShareLevel::Write);
    let unknown = json!({ "address": ALEX, "level": "own" });
    assert!(serde_json::from_value::<Share>(unknown).is_err());
    let world = shared(ShareLevel::Read).await;
    let own = world.person(ADELE).get("me/calendar").await;
    assert_eq!(own.json["canEdit"], true);
}
