//! Tenants and who is in them.

use uuid::Uuid;

use crate::scenario::{AppRegistration, AutomateProcessing, Processing};

/// One organisation.
#[derive(Debug)]
pub(crate) struct Tenant {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) domain: String,
    pub(crate) apps: Vec<AppRegistration>,
    pub(crate) room_lists: Vec<RoomList>,
}

impl Tenant {
    pub(crate) fn app(&self, client_id: Uuid) -> Option<&AppRegistration> {
        self.apps.iter().find(|app| app.client_id == client_id)
    }
}

/// A named group of rooms.
#[derive(Debug)]
pub(crate) struct RoomList {
    pub(crate) id: Uuid,
    pub(crate) display_name: String,
    pub(crate) address: String,
    pub(crate) rooms: Vec<String>,
}

/// Who a mailbox belongs to.
#[derive(Debug)]
pub(crate) enum Holder {
    Person(Person),
    Room(Box<Room>),
}

/// What the directory knows of a person besides name and address.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) is_admin: bool,
    pub(crate) job_title: Option<String>,
    pub(crate) office_location: Option<String>,
}

/// What Places and the attendant know of a room.
#[derive(Debug)]
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
