//! What a simulator holds when it starts: tenants, apps, people, rooms and the first events.
//!
//! The JSON form is these structs with camelCase names; unknown fields are refused. Ids may be left out: they are then
//! derived from the seed and the address, so they stay the same from run to run. See the crate's README for a sample,
//! and `scenarios/` for those that come along.

mod app;
mod check;
mod consents;
mod contoso;
mod exchange_access;
mod generate;
mod mailbox;
mod processing;
mod readings;
mod redirects;
mod secret;
mod sharing;
mod shipped;

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use app::{AccessTokenVersion, AppRegistration, AppRole, Consent};
pub use consents::{PersonalConsent, UserConsent};
pub use exchange_access::{AccessPolicy, AccessRight, ExchangeAccess, ExchangeRole};
pub use generate::{Generate, WorkingDay};
pub use mailbox::{MailboxState, WorkingHours};
pub use processing::{AutomateProcessing, BookingType, Processing};
pub use readings::{
    BareWindow, IdsTaken, MalformedIds, PolicyRefusal, QuotedBooleans, Readings, RepeatedCreate,
    RoomInvitations, SchedulesOutOfScope, SeriesEnd, UnknownMailbox, UnknownPreferredZone,
};
pub(crate) use redirects::Platform;
pub use secret::Secret;
pub use sharing::{Share, ShareLevel};

use crate::error::SimError;
use crate::faults::FaultPlan;
use crate::graph::DeltaQuirks;
use crate::stepping::NotificationMode;

/// The whole start of a simulator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scenario {
    /// What the simulator's clock shows at the start; `None` is the machine's time.
    #[serde(default)]
    pub clock: Option<Timestamp>,
    /// The tenants; addresses are unique over all of them.
    pub tenants: Vec<TenantRecord>,
    /// Faults from the start, unless the simulator is started with others.
    #[serde(default)]
    pub faults: FaultPlan,
    /// How rounds of changes behave.
    #[serde(default)]
    pub delta_quirks: DeltaQuirks,
    /// How it reads what Microsoft leaves open.
    #[serde(default)]
    pub readings: Readings,
    /// What is done with change notifications.
    #[serde(default)]
    pub notifications: NotificationMode,
}

/// One Microsoft 365 organisation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TenantRecord {
    /// The tenant id; `None` derives one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The organisation's name.
    pub display_name: String,
    /// Its verified default domain; sign-in endpoints accept it instead of the id.
    pub domain: String,
    /// What people here may consent to without an administrator.
    #[serde(default)]
    pub user_consent: UserConsent,
    /// Applications registered and consented to in this tenant.
    #[serde(default)]
    pub apps: Vec<AppRegistration>,
    /// People with mailboxes.
    #[serde(default)]
    pub people: Vec<PersonRecord>,
    /// Named groups of rooms.
    #[serde(default)]
    pub room_lists: Vec<RoomListRecord>,
    /// Room mailboxes.
    #[serde(default)]
    pub rooms: Vec<RoomRecord>,
    /// Events that exist from the start; the rooms in them have already accepted.
    #[serde(default)]
    pub events: Vec<ScenarioEvent>,
    /// What is made up besides; `None` is nothing.
    #[serde(default)]
    pub generate: Option<Generate>,
}

/// A person with a mailbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PersonRecord {
    /// The object id; `None` derives one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The name shown.
    pub display_name: String,
    /// Mail address and user principal name.
    pub address: String,
    /// Whether they may consent for the whole organisation.
    #[serde(default)]
    pub is_admin: bool,
    /// Job title.
    #[serde(default)]
    pub job_title: Option<String>,
    /// Where they sit.
    #[serde(default)]
    pub office_location: Option<String>,
    /// The mailbox's time zone, Windows or IANA name.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Where the mailbox is.
    #[serde(default)]
    pub mailbox_state: MailboxState,
    /// When the mailbox expects meetings.
    #[serde(default)]
    pub working_hours: WorkingHours,
    /// Who else may open this calendar, and how far, given a `.Shared` permission.
    #[serde(default)]
    pub calendar_shared_with: Vec<Share>,
}

/// A room list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoomListRecord {
    /// The place id; `None` derives one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The list's name.
    pub display_name: String,
    /// The list's address.
    pub address: String,
    /// Addresses of the rooms in it.
    pub rooms: Vec<String>,
}

/// A room mailbox and what Places knows of the room.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RoomRecord {
    /// The directory object and place id; `None` derives one.
    #[serde(default)]
    pub id: Option<Uuid>,
    /// The room's name.
    pub display_name: String,
    /// The room's address.
    pub address: String,
    /// The building's name.
    #[serde(default)]
    pub building: Option<String>,
    /// The floor's number.
    #[serde(default)]
    pub floor_number: Option<i32>,
    /// The floor's label.
    #[serde(default)]
    pub floor_label: Option<String>,
    /// A free label.
    #[serde(default)]
    pub label: Option<String>,
    /// Seats.
    #[serde(default)]
    pub capacity: Option<i32>,
    /// Whether a wheelchair user can use the room; `None` is not recorded.
    #[serde(default)]
    pub is_wheel_chair_accessible: Option<bool>,
    /// The audio device.
    #[serde(default)]
    pub audio_device_name: Option<String>,
    /// The video device.
    #[serde(default)]
    pub video_device_name: Option<String>,
    /// The display device.
    #[serde(default)]
    pub display_device_name: Option<String>,
    /// Free tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The mailbox's time zone, Windows or IANA name.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// How the room answers meeting requests.
    #[serde(default)]
    pub processing: Processing,
    /// Where the mailbox is.
    #[serde(default)]
    pub mailbox_state: MailboxState,
    /// When the mailbox expects meetings.
    #[serde(default)]
    pub working_hours: WorkingHours,
    /// Who may open this calendar with delegated `.Shared` permission, and how far.
    #[serde(default)]
    pub calendar_shared_with: Vec<Share>,
}

/// An event that exists from the start.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScenarioEvent {
    /// The organizer's address.
    pub organizer: String,
    /// The subject.
    pub subject: String,
    /// Local start in `time_zone`.
    pub start: DateTime,
    /// Local end in `time_zone`.
    pub end: DateTime,
    /// Windows or IANA zone name.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// People invited.
    #[serde(default)]
    pub attendees: Vec<String>,
    /// Rooms invited.
    #[serde(default)]
    pub rooms: Vec<String>,
    /// The organizer's free/busy status.
    #[serde(default = "busy")]
    pub show_as: String,
}

impl Scenario {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`SimError::ScenarioFormat`] when it is not the documented JSON.
    pub fn from_json(text: &str) -> Result<Self, SimError> {
        serde_json::from_str(text).map_err(SimError::ScenarioFormat)
    }

    /// The scenario with everything written out that its generators make up, for a clock that shows `now`.
    pub(crate) fn filled(&self, now: Timestamp) -> Result<Self, SimError> {
        let tenants = self.tenants.iter().map(|tenant| tenant.filled(now));
        Ok(Self {
            tenants: tenants.collect::<Result<_, _>>()?,
            ..self.clone()
        })
    }

    /// Checks what the types cannot: unique addresses, and names that lead somewhere.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        self.faults.check()?;
        self.readings.check()?;
        check::check(self)?;
        let mut seen = HashSet::new();
        for tenant in &self.tenants {
            let mailboxes = tenant
                .people
                .iter()
                .map(|person| (&person.address, &person.time_zone))
                .chain(
                    tenant
                        .rooms
                        .iter()
                        .map(|room| (&room.address, &room.time_zone)),
                );
            for (address, zone) in mailboxes {
                if !seen.insert(address.to_lowercase()) {
                    return Err(unusable("mailbox", address, "the address is used twice"));
                }
                if crate::time_zone::lookup(zone).is_none() {
                    return Err(unusable(
                        "time zone",
                        zone,
                        "it is neither a known Windows nor an IANA name",
                    ));
                }
            }
            for app in &tenant.apps {
                app.check()?;
                for consent in &app.personal_consents {
                    if !seen.contains(&consent.person.to_lowercase()) {
                        return Err(unusable("person", &consent.person, "no such mailbox"));
                    }
                }
            }
            for room in &tenant.rooms {
                let checked = room.processing.check();
                checked.map_err(|reason| unusable("settings of room", &room.address, reason))?;
            }
            let rooms = tenant.rooms.iter().map(|room| room.address.to_lowercase());
            let rooms: HashSet<String> = rooms.collect();
            for list in &tenant.room_lists {
                check_rooms(&rooms, &list.rooms)?;
            }
            for event in &tenant.events {
                check_rooms(&rooms, &event.rooms)?;
                if !seen.contains(&event.organizer.to_lowercase()) {
                    return Err(unusable("organizer", &event.organizer, "no such mailbox"));
                }
            }
        }
        Ok(())
    }
}

fn check_rooms(rooms: &HashSet<String>, addresses: &[String]) -> Result<(), SimError> {
    for address in addresses {
        if !rooms.contains(&address.to_lowercase()) {
            return Err(unusable("room", address, "the tenant has no such room"));
        }
    }
    Ok(())
}

fn unusable(what: &'static str, name: &str, reason: &'static str) -> SimError {
    SimError::ScenarioContent {
        what,
        name: name.to_owned(),
        reason,
    }
}

fn utc() -> String {
    "UTC".to_owned()
}

fn busy() -> String {
    "busy".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_field_is_refused_by_name() {
        let error = Scenario::from_json(r#"{"tenants": [], "tennants": []}"#).unwrap_err();
        let SimError::ScenarioFormat(source) = error else {
            panic!("{error:?}")
        };
        assert!(source.to_string().contains("tennants"), "{source}");
    }

    #[test]
    fn the_default_scenario_is_usable_and_survives_json() {
        let scenario = Scenario::contoso();
        scenario.check().unwrap();
        let text = serde_json::to_string(&scenario).unwrap();
        assert_eq!(Scenario::from_json(&text).unwrap(), scenario);
    }

    #[test]
    fn a_room_list_with_a_foreign_room_is_refused() {
        let mut scenario = Scenario::contoso();
        scenario.tenants[0].room_lists[0]
            .rooms
            .push("cellar@contoso.com".to_owned());
        assert!(matches!(
            scenario.check(),
            Err(SimError::ScenarioContent { what: "room", .. })
        ));
    }
}
