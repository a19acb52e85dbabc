//! Tenants and who is in them.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::World;
use crate::error::SimError;
use crate::scenario::{
    AppRegistration, AutomateProcessing, Consent, ExchangeAccess, Processing, UserConsent,
};

/// One organisation.
#[derive(Debug, Clone)]
pub(crate) struct Tenant {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) domain: String,
    pub(crate) user_consent: UserConsent,
    pub(crate) apps: Vec<AppRegistration>,
    pub(crate) room_lists: Vec<RoomList>,
    /// Orders about applications that Exchange has not carried out yet, at most one for each.
    pub(crate) ordered_access: Vec<OrderedAccess>,
}

/// A change of what an application may do in Exchange, which takes its time.
#[derive(Debug, Clone)]
pub(crate) struct OrderedAccess {
    pub(crate) client_id: Uuid,
    pub(crate) access: ExchangeAccess,
    pub(crate) from: Timestamp,
}

impl Tenant {
    pub(crate) fn app(&self, client_id: Uuid) -> Option<&AppRegistration> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }

    pub(crate) fn app_mut(&mut self, client_id: Uuid) -> Option<&mut AppRegistration> {
        self.apps.iter_mut().find(|app| app.client_id == client_id)
    }

    /// What Exchange's own settings say about an application now; `None` for unknown ones.
    pub(crate) fn exchange_access(
        &self,
        client_id: Uuid,
        now: Timestamp,
    ) -> Option<&ExchangeAccess> {
        let mut ordered = self.ordered_access.iter();
        let due = ordered.find(|order| order.client_id == client_id && order.from <= now);
        due.map(|order| &order.access)
            .or_else(|| self.app(client_id).map(|app| &app.exchange_access))
    }

    /// Changes what Exchange says about an application, from some time on. `None` for unknown ones.
    pub(crate) fn order_access(&mut self, order: OrderedAccess, now: Timestamp) -> Option<()> {
        let id = order.client_id;
        let until_then = self.exchange_access(id, now)?.clone();
        self.app_mut(id)?.exchange_access = until_then;
        self.ordered_access.retain(|other| other.client_id != id);
        self.ordered_access.push(order);
        Some(())
    }
}

impl World {
    /// Changes what Exchange's own settings say about an application, in every tenant that knows it, after a while.
    pub(crate) fn set_exchange_access(
        &mut self,
        client_id: Uuid,
        access: ExchangeAccess,
        after: SignedDuration,
    ) -> Result<(), SimError> {
        access.check()?;
        let now = self.clock.now();
        let order = OrderedAccess {
            client_id,
            access,
            from: now.checked_add(after).unwrap_or(Timestamp::MAX),
        };
        let known = self
            .tenants
            .iter_mut()
            .filter_map(|tenant| tenant.order_access(order.clone(), now));
        if known.count() == 0 {
            return Err(SimError::Unknown {
                what: "app",
                name: client_id.to_string(),
            });
        }
        self.access_changes.push(order.from);
        Ok(())
    }

    /// Changes what was consented to for an application, in every tenant that knows it.
    pub(crate) fn set_consent(
        &mut self,
        client_id: Uuid,
        consent: Consent,
    ) -> Result<(), SimError> {
        let apps = self.tenants.iter_mut().flat_map(|tenant| &mut tenant.apps);
        let mut is_known = false;
        for app in apps.filter(|app| app.client_id == client_id) {
            is_known = true;
            if let Some(permissions) = &consent.application_permissions {
                app.application_permissions.clone_from(permissions);
            }
            if let Some(permissions) = &consent.delegated_permissions {
                app.delegated_permissions.clone_from(permissions);
            }
        }
        if !is_known {
            return Err(SimError::Unknown {
                what: "app",
                name: client_id.to_string(),
            });
        }
        self.access_changes.push(self.clock.now());
        Ok(())
    }
}

/// A named group of rooms.
#[derive(Debug, Clone)]
pub(crate) struct RoomList {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) address: String,
    pub(crate) rooms: Vec<String>,
}

/// Who a mailbox belongs to.
#[derive(Debug, Clone)]
pub(crate) enum Holder {
    Person(Person),
    Room(Box<Room>),
}

/// What the directory knows of a person besides name and address.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) is_admin: bool,
    pub(crate) job_title: Option<String>,
    pub(crate) office_location: Option<String>,
}

/// What Places and the attendant know of a room.
#[derive(Debug, Clone)]
pub(crate) struct Room {
    pub(crate) place_id: Uuid,
    pub(crate) building: Option<String>,
    pub(crate) floor_number: Option<i32>,
    pub(crate) floor_label: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) capacity: Option<i32>,
    pub(crate) is_wheel_chair_accessible: Option<bool>,
    pub(crate) audio_device_name: Option<String>,
    pub(crate) video_device_name: Option<String>,
    pub(crate) display_device_name: Option<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) processing: Processing,
}

impl Room {
    /// Whether the attendant, and nobody else, handles what comes in.
    pub(crate) fn answers_itself(&self) -> bool {
        self.processing.automate_processing == AutomateProcessing::AutoAccept
    }
}
