//! The scenarios that come along, each used as a client would.

use m365_sim::{Scenario, SimOptions};
use serde_json::{Value, json};

use crate::support::World;

/// The domains of the tenants of each scenario, and how many rooms each has.
const SHIPPED: [(&str, &[(&str, usize)]); 5] = [
    ("small-office", &[("contoso.com", 5)]),
    ("campus", &[("contoso.com", 1_000)]),
    ("busy-monday", &[("contoso.com", 20)]),
    ("hostile-tenant", &[("contoso.com", 20)]),
    (
        "two-tenants",
        &[("contoso.com", 6), ("north.contoso.com", 4)],
    ),
];

#[tokio::test]
async fn every_shipped_scenario_can_be_signed_in_to_and_has_rooms_with_meetings() {
    let names: Vec<&str> = SHIPPED.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, Scenario::names().collect::<Vec<_>>());
    for (name, tenants) in SHIPPED {
        let scenario = Scenario::named(name).unwrap();
        let world = World::start(scenario, SimOptions::explicit()).await;
        // What a bad day does is tested elsewhere.
        world.sim.faults().clear();
        for (domain, rooms) in tenants {
            let found = rooms_of(&world, domain).await;
            assert_eq!(found.len(), *rooms, "{name}, {domain}");
            let taken = taken_in(&world, domain, &found[0]).await;
            assert!(taken > 0, "{name}, {domain}: nobody meets");
        }
    }
}

#[tokio::test]
async fn one_application_sees_each_of_two_tenants_alone() {
    let scenario = Scenario::named("two-tenants").unwrap();
    let world = World::start(scenario, SimOptions::explicit()).await;
    let north = world.app_in("north.contoso.com").await;
    let foreign = north.get("users/room0001@contoso.com/events").await;
    assert_eq!(foreign.status, 404, "{}", foreign.json);
    let own = north.get("users/room0001@north.contoso.com/events").await;
    assert_eq!(own.status, 200, "{}", own.json);
}

#[tokio::test]
async fn a_hostile_tenant_is_so_from_the_start() {
    let scenario = Scenario::named("hostile-tenant").unwrap();
    let faults = scenario.faults.faults.len();
    let world = World::start(scenario, SimOptions::explicit()).await;
    assert!(faults > 0);
    assert_eq!(world.sim.faults().all().len(), faults);
}

/// The addresses of all rooms, over as many pages as there are.
async fn rooms_of(world: &World, domain: &str) -> Vec<String> {
    let app = world.app_in(domain).await;
    let mut next = "places/microsoft.graph.room?$top=100".to_owned();
    let mut found = Vec::new();
    loop {
        let page = app.get(&next).await;
        assert_eq!(page.status, 200, "{}", page.json);
        let rooms = page.json["value"].as_array().unwrap();
        found.extend(
            rooms
                .iter()
                .map(|room| room["emailAddress"].as_str().unwrap().to_owned()),
        );
        match page.json["@odata.nextLink"].as_str() {
            Some(link) => link.clone_into(&mut next),
            None => return found,
        }
    }
}

/// How many meetings a room shows in two weeks.
async fn taken_in(world: &World, domain: &str, room: &str) -> usize {
    let at = |day: &str| json!({ "dateTime": format!("{day}T00:00:00"), "timeZone": "UTC" });
    let body =
        json!({ "schedules": [room], "startTime": at("2026-11-20"), "endTime": at("2026-12-04") });
    let app = world.app_in(domain).await;
    let path = format!("users/{room}/calendar/getSchedule");
    let schedule = app.post(&path, body).await;
    assert_eq!(schedule.status, 200, "{}", schedule.json);
    let items = &schedule.json["value"][0]["scheduleItems"];
    items.as_array().map_or(0, Vec::<Value>::len)
}

#[tokio::test]
async fn a_scenario_that_cannot_be_is_refused() {
    type Break = fn(&mut Scenario);
    let breaks: [(&str, Break); 9] = [
        ("tenant", |all| {
            let mut other = all.tenants[0].clone();
            (other.id, other.people, other.rooms) = (None, vec![], vec![]);
            all.tenants.push(other);
        }),
        ("app", |all| {
            let app = all.tenants[0].apps[0].clone();
            all.tenants[0].apps.push(app);
        }),
        ("capacity of", |all| {
            all.tenants[0].rooms[0].capacity = Some(-1);
        }),
        ("mailbox", |all| {
            all.tenants[0].people[0].address = "adele".to_owned();
        }),
        ("working hours of", |all| {
            all.tenants[0].people[0].working_hours.days_of_week = vec!["funday".to_owned()];
        }),
        ("working hours of", |all| {
            let hours = &mut all.tenants[0].rooms[0].working_hours;
            hours.end = hours.start;
        }),
        ("person", |all| {
            all.tenants[0].people[0].calendar_shared_with = vec!["nobody@contoso.com".into()];
        }),
        ("person", |all| {
            let processing = &mut all.tenants[0].rooms[0].processing;
            processing.resource_delegates = vec!["nobody@contoso.com".to_owned()];
        }),
        ("delta quirks", |all| all.delta_quirks.tokens_kept = 0),
    ];
    for (what, break_it) in breaks {
        let mut scenario = Scenario::contoso();
        break_it(&mut scenario);
        let started = m365_sim::Sim::start(scenario, SimOptions::explicit()).await;
        let told = started.err().map(|error| error.to_string());
        assert!(
            told.as_ref().is_some_and(|told| told.contains(what)),
            "{what}: {told:?}"
        );
    }
}
