//! Whether the parts of a scenario can be; that its names lead somewhere is checked beside them.

use std::collections::HashSet;

use super::{Scenario, TenantRecord, WorkingHours, unusable};
use crate::error::SimError;

const DAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];

/// Checks tenants, addresses, hours, sizes and who has a say in calendars.
pub(super) fn check(scenario: &Scenario) -> Result<(), SimError> {
    scenario
        .delta_quirks
        .check()
        .map_err(|reason| unusable("delta quirks", "deltaQuirks", reason))?;
    let (mut ids, mut domains) = (HashSet::new(), HashSet::new());
    for tenant in &scenario.tenants {
        if let Some(id) = tenant.id.filter(|id| !ids.insert(*id)) {
            return Err(unusable("tenant", &id.to_string(), "the id is used twice"));
        }
        if !domains.insert(tenant.domain.to_lowercase()) {
            return Err(unusable(
                "tenant",
                &tenant.domain,
                "the domain is used twice",
            ));
        }
        check_apps(tenant)?;
        check_mailboxes(tenant)?;
    }
    check_named(scenario)
}

fn check_apps(tenant: &TenantRecord) -> Result<(), SimError> {
    let mut apps = HashSet::new();
    for app in &tenant.apps {
        if !apps.insert(app.client_id) {
            let id = app.client_id.to_string();
            return Err(unusable("app", &id, "the tenant has it twice"));
        }
    }
    Ok(())
}

fn check_mailboxes(tenant: &TenantRecord) -> Result<(), SimError> {
    let people = tenant.people.iter();
    let people = people.map(|person| (&person.address, &person.working_hours));
    let rooms = tenant.rooms.iter();
    let rooms = rooms.map(|room| (&room.address, &room.working_hours));
    for (address, hours) in people.chain(rooms) {
        let parts = address.split_once('@');
        if parts.is_none_or(|(name, domain)| name.is_empty() || domain.is_empty()) {
            return Err(unusable(
                "mailbox",
                address,
                "the address wants name@domain",
            ));
        }
        check_hours(address, hours)?;
    }
    let mut rooms = tenant.rooms.iter();
    let negative = rooms.find(|room| room.capacity.is_some_and(|seats| seats < 0));
    negative.map_or(Ok(()), |room| {
        Err(unusable(
            "capacity of",
            &room.address,
            "it has to be 0 or more",
        ))
    })
}

fn check_hours(address: &str, hours: &WorkingHours) -> Result<(), SimError> {
    let mut days = hours.days_of_week.iter();
    if days.any(|day| !DAYS.contains(&day.as_str())) {
        return Err(unusable(
            "working hours of",
            address,
            "daysOfWeek takes sunday to saturday",
        ));
    }
    if hours.end <= hours.start {
        return Err(unusable(
            "working hours of",
            address,
            "end has to be after start",
        ));
    }
    Ok(())
}

/// Whom a calendar is shared with, and who has a say in a room, are mailboxes of some tenant.
fn check_named(scenario: &Scenario) -> Result<(), SimError> {
    let tenants = || scenario.tenants.iter();
    let people = || tenants().flat_map(|tenant| &tenant.people);
    let rooms = || tenants().flat_map(|tenant| &tenant.rooms);
    let addresses = people().map(|person| &person.address);
    let addresses = addresses.chain(rooms().map(|room| &room.address));
    let known: HashSet<String> = addresses.map(|address| address.to_lowercase()).collect();
    let sharees = people().flat_map(|person| &person.calendar_shared_with);
    let sharees = sharees.chain(rooms().flat_map(|room| &room.calendar_shared_with));
    let deciding = rooms().flat_map(|room| room.processing.addresses());
    let sharees = sharees.map(|share| share.address.as_str());
    let mut named = sharees.chain(deciding);
    let unknown = named.find(|address| !known.contains(&address.to_lowercase()));
    unknown.map_or(Ok(()), |address| {
        Err(unusable("person", address, "no such mailbox"))
    })
}
