//! The small tenant tests start from, and the builder functions that vary it.

use uuid::Uuid;

use super::{
    AccessPolicy, AccessRight, AccessTokenVersion, AppRegistration, ExchangeAccess, MailboxState,
    PersonRecord, Processing, Readings, RoomListRecord, RoomRecord, Scenario, TenantRecord,
    UserConsent, WorkingHours,
};
use crate::faults::FaultPlan;
use crate::graph::DeltaQuirks;
use crate::stepping::NotificationMode;

const ZONE: &str = "W. Europe Standard Time";

impl Scenario {
    /// The client id of the app registered in [`Scenario::contoso`].
    pub const CONTOSO_CLIENT_ID: Uuid = Uuid::from_u128(0x5a7e_0001_0000_4000_8000_0000_0000_0001);
    /// The tenant id of [`Scenario::contoso`].
    pub const CONTOSO_TENANT_ID: Uuid = Uuid::from_u128(0x5a7e_0001_0000_4000_8000_0000_0000_00aa);
    /// The secret of that app.
    pub const CONTOSO_SECRET: &str = "contoso-secret";

    /// One tenant, one app with every permission the simulator serves, six people and eight rooms on two floors of one
    /// building: `room1@contoso.com` to `room8@contoso.com`.
    #[must_use]
    pub fn contoso() -> Self {
        let rooms: Vec<RoomRecord> = (1..=8).map(contoso_room).collect();
        let room_list = RoomListRecord {
            id: None,
            display_name: "Harbour House".to_owned(),
            address: "harbour-house@contoso.com".to_owned(),
            rooms: rooms.iter().map(|room| room.address.clone()).collect(),
        };
        let tenant = TenantRecord {
            id: Some(Self::CONTOSO_TENANT_ID),
            display_name: "Contoso".to_owned(),
            domain: "contoso.com".to_owned(),
            user_consent: UserConsent::default(),
            apps: vec![AppRegistration::all_permissions(
                Self::CONTOSO_CLIENT_ID,
                Self::CONTOSO_SECRET,
            )],
            people: [
                ("Adele Vance", "Retail Manager", "HH/2"),
                ("Alex Wilber", "Marketing Assistant", "HH/1"),
                ("Diego Siciliani", "HR Manager", "HH/1"),
                ("Isaiah Langer", "Sales Rep", "HH/2"),
                ("Megan Bowen", "Administrator", "HH/1"),
                ("Pradeep Gupta", "Accountant", "HH/2"),
            ]
            .map(|(name, title, office)| PersonRecord::contoso(name, title, office))
            .to_vec(),
            room_lists: vec![room_list],
            rooms,
            events: Vec::new(),
            generate: None,
        };
        Self {
            clock: None,
            tenants: vec![tenant],
            faults: FaultPlan::default(),
            delta_quirks: DeltaQuirks::default(),
            readings: Readings::default(),
            notifications: NotificationMode::default(),
        }
    }

    /// The same scenario with other processing settings for one room of the first tenant.
    #[must_use]
    pub fn with_processing(mut self, address: &str, processing: Processing) -> Self {
        let rooms = self.tenants.iter_mut().flat_map(|tenant| &mut tenant.rooms);
        for room in rooms.filter(|room| room.address.eq_ignore_ascii_case(address)) {
            room.processing = processing.clone();
        }
        self
    }

    /// The same scenario where a policy of Exchange keeps the first tenant's apps out of every mailbox but its rooms'
    /// and these, when they act as themselves.
    #[must_use]
    pub fn with_apps_kept_to_rooms_and(mut self, mailboxes: &[&str]) -> Self {
        for tenant in self.tenants.iter_mut().take(1) {
            let rooms = tenant.rooms.iter().map(|room| room.address.clone());
            let others = mailboxes.iter().map(|&mailbox| mailbox.to_owned());
            let policy = AccessPolicy {
                access_right: AccessRight::RestrictAccess,
                mailboxes: rooms.chain(others).collect(),
            };
            for app in &mut tenant.apps {
                app.exchange_access.policy = Some(policy.clone());
            }
        }
        self
    }

    /// The same scenario starting at this moment.
    #[must_use]
    pub fn with_clock(mut self, clock: jiff::Timestamp) -> Self {
        self.clock = Some(clock);
        self
    }

    /// The same scenario with one more app in the first tenant.
    #[must_use]
    pub fn with_app(mut self, app: AppRegistration) -> Self {
        if let Some(tenant) = self.tenants.first_mut() {
            tenant.apps.push(app);
        }
        self
    }
}

impl AppRegistration {
    /// An app consented to everything the simulator serves, exposing `access_as_user`.
    #[must_use]
    pub fn all_permissions(client_id: Uuid, secret: &str) -> Self {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
        Self {
            client_id,
            display_name: "Room booking".to_owned(),
            secrets: vec![secret.into()],
            certificates: Vec::new(),
            requested_application_permissions: Vec::new(),
            requested_delegated_permissions: Vec::new(),
            redirect_uris: owned(&["http://localhost:3000/sign-in/callback"]),
            spa_redirect_uris: Vec::new(),
            public_client_redirect_uris: Vec::new(),
            personal_consents: Vec::new(),
            application_permissions: owned(&[
                "Calendars.Read",
                "Calendars.ReadWrite",
                "MailboxSettings.Read",
                "Place.Read.All",
                "User.ReadBasic.All",
                "Organization.Read.All",
            ]),
            delegated_permissions: owned(&[
                "Calendars.ReadWrite",
                "Calendars.ReadWrite.Shared",
                "MailboxSettings.Read",
                "Place.Read.All",
                "User.Read",
                "User.ReadBasic.All",
                "offline_access",
                "openid",
                "profile",
                "email",
            ]),
            scopes: owned(&["access_as_user"]),
            application_id_uri: Some(format!("api://localhost:3000/{client_id}")),
            access_token_version: AccessTokenVersion::default(),
            app_roles: Vec::new(),
            assigned_people: None,
            exchange_access: ExchangeAccess::default(),
        }
    }
}

impl PersonRecord {
    /// A person at contoso.com whose address is made from the name, such as `adele.vance@contoso.com`.
    #[must_use]
    pub fn contoso(display_name: &str, job_title: &str, office_location: &str) -> Self {
        Self {
            id: None,
            display_name: display_name.to_owned(),
            address: format!(
                "{}@contoso.com",
                display_name.to_lowercase().replace(' ', ".")
            ),
            is_admin: job_title == "Administrator",
            job_title: Some(job_title.to_owned()),
            office_location: Some(office_location.to_owned()),
            time_zone: ZONE.to_owned(),
            mailbox_state: MailboxState::default(),
            working_hours: WorkingHours::default(),
            calendar_shared_with: Vec::new(),
        }
    }
}

impl RoomRecord {
    /// A room at contoso.com with everything else unknown.
    #[must_use]
    pub fn contoso(display_name: &str, address: &str) -> Self {
        Self {
            id: None,
            display_name: display_name.to_owned(),
            address: address.to_owned(),
            building: None,
            floor_number: None,
            floor_label: None,
            label: None,
            capacity: None,
            is_wheel_chair_accessible: None,
            audio_device_name: None,
            video_device_name: None,
            display_device_name: None,
            tags: Vec::new(),
            time_zone: ZONE.to_owned(),
            processing: Processing::default(),
            mailbox_state: MailboxState::default(),
            working_hours: WorkingHours::default(),
            calendar_shared_with: Vec::new(),
        }
    }
}

fn contoso_room(number: i32) -> RoomRecord {
    let floor = if number <= 4 { 1 } else { 2 };
    let has_video = number % 2 == 0;
    RoomRecord {
        building: Some("Harbour House".to_owned()),
        floor_number: Some(floor),
        floor_label: Some(floor.to_string()),
        label: Some(format!("{floor}.{number:02}")),
        capacity: Some(2 + number * 2),
        is_wheel_chair_accessible: Some(number != 3),
        video_device_name: has_video.then(|| "Surface Hub".to_owned()),
        tags: if has_video {
            vec!["Whiteboard".to_owned()]
        } else {
            Vec::new()
        },
        ..RoomRecord::contoso(
            &format!("Room {number}"),
            &format!("room{number}@contoso.com"),
        )
    }
}
