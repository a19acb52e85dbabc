//! From a scenario to a world.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};
use uuid::Uuid;

use super::directory::{Holder, Person, Room, RoomList, Tenant};
use super::item::{Attendee, Contact, Content, Item, Response};
use super::items::Items;
use super::mail::Letters;
use super::mailbox::{Mailbox, Removed, Transactions};
use super::{ItemRef, SyncState, World};
use crate::clock::SimClock;
use crate::entra::grants::Grants;
use crate::error::SimError;
use crate::random::{Random, derived_id};
use crate::room_attendant;
use crate::scenario::{PersonRecord, RoomRecord, Scenario, ScenarioEvent, TenantRecord};
use crate::stepping::StepQueue;
use crate::time_zone::Moment;
use crate::world::ItemChange;

/// The locations of meetings by their rooms, which many meetings share.
type Places = HashMap<Vec<String>, Arc<[Value]>>;

impl World {
    /// The world at the start of a scenario.
    pub(crate) fn load(
        scenario: &Scenario,
        seed: u64,
        clock: Arc<SimClock>,
        steps: StepQueue,
    ) -> Result<Self, SimError> {
        let scenario = scenario.filled(clock.now())?;
        scenario.check()?;
        let mut random = Random::new(seed);
        let sync = SyncState::new(random.uuid());
        let mut world = Self {
            clock,
            random,
            tenants: Vec::new(),
            mailboxes: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            letters: Letters::default(),
            grants: Grants::default(),
            steps,
            change: 0,
            sync,
            delta: scenario.delta_quirks,
            readings: scenario.readings,
            endpoints: BTreeMap::new(),
            access_changes: Vec::new(),
        };
        for tenant in &scenario.tenants {
            world.add_tenant(tenant, seed);
        }
        let mut places = Places::new();
        let tenants = scenario.tenants.into_iter();
        for event in tenants.flat_map(|tenant| tenant.events) {
            world.add_event(&event, &mut places)?;
        }
        world.steps.clear();
        world.steps.notifications = scenario.notifications;
        Ok(world)
    }

    fn add_tenant(&mut self, record: &TenantRecord, seed: u64) {
        let id = record
            .id
            .unwrap_or_else(|| derived_id(seed, "tenant", &record.domain));
        let mailboxes = record
            .people
            .iter()
            .map(|person| person_mailbox(person, id, seed))
            .chain(record.rooms.iter().map(|room| room_mailbox(room, id, seed)));
        self.mailboxes
            .extend(mailboxes.map(|mailbox| (mailbox.address.to_lowercase(), mailbox)));
        self.tenants.push(Tenant {
            id,
            display_name: record.display_name.clone(),
            domain: record.domain.clone(),
            user_consent: record.user_consent,
            apps: record.apps.clone(),
            ordered_access: Vec::new(),
            room_lists: record
                .room_lists
                .iter()
                .map(|list| RoomList {
                    id: list
                        .id
                        .unwrap_or_else(|| derived_id(seed, "roomList", &list.address)),
                    display_name: list.display_name.clone(),
                    address: list.address.clone(),
                    rooms: list.rooms.clone(),
                })
                .collect(),
        });
    }

    /// An event of the scenario; its rooms have accepted it, whatever their settings.
    fn add_event(&mut self, event: &ScenarioEvent, places: &mut Places) -> Result<(), SimError> {
        let unusable = |reason| SimError::ScenarioContent {
            what: "event",
            name: event.subject.clone(),
            reason,
        };
        let item = self
            .scenario_item(event, places)
            .ok_or_else(|| unusable("its times, zone or showAs are not usable"))?;
        let created = self
            .create_item(&event.organizer, item)
            .map_err(|_| unusable("no such organizer"))?;
        let ical_uid = self
            .item(&created)
            .map(|item| item.ical_uid.clone())
            .unwrap_or_default();
        for room in &event.rooms {
            if let Some(at) = self.copy_at(room, &ical_uid) {
                self.accept_for_room(&at);
            }
        }
        Ok(())
    }

    fn accept_for_room(&mut self, at: &ItemRef) {
        let processing = self
            .mailbox(&at.mailbox)
            .and_then(Mailbox::room)
            .map(|room| room.processing.clone());
        let (Some(processing), Some(mut copy)) = (processing, self.item(at).cloned()) else {
            return;
        };
        room_attendant::rewrite(&mut copy, &processing);
        copy.response = Response::Accepted;
        copy.answered = Some(self.clock.now());
        copy.show_as = copy.content.show_as;
        self.record(&at.mailbox, copy.clone(), ItemChange::Updated);
        self.note_answer(&copy, &at.mailbox, Response::Accepted);
    }

    fn scenario_item(&self, event: &ScenarioEvent, places: &mut Places) -> Option<Item> {
        let start = Moment::local(event.start, &event.time_zone)?;
        let end = Moment::local(event.end, &event.time_zone).filter(|end| end.at >= start.at)?;
        let mut content = Content::blank(start, end);
        content.subject.clone_from(&event.subject);
        content.show_as = crate::graph::words::SHOW_AS
            .iter()
            .find(|word| **word == event.show_as)?;
        let people = event.attendees.iter().map(|address| (address, "required"));
        let rooms = event.rooms.iter().map(|address| (address, "resource"));
        content.attendees = people
            .chain(rooms)
            .map(|(address, kind)| self.attendee(address, kind))
            .collect();
        let known = places.get(&event.rooms).cloned();
        content.locations = known.unwrap_or_else(|| {
            let made = self.locations_of(&event.rooms);
            places.insert(event.rooms.clone(), Arc::clone(&made));
            made
        });
        Some(Item::blank(content))
    }

    /// Rooms as Outlook writes them into the location of a meeting.
    fn locations_of(&self, rooms: &[String]) -> Arc<[Value]> {
        let rooms = rooms.iter().filter_map(|address| self.mailbox(address));
        rooms
            .map(|room| json!({
                "displayName": room.display_name, "locationUri": room.address, "locationType": "conferenceRoom",
                "uniqueId": room.address, "uniqueIdType": "directory",
            }))
            .collect()
    }

    /// An attendee who has not answered, named as the directory names them.
    pub(crate) fn attendee(&self, address: &str, kind: &'static str) -> Attendee {
        let contact = self.mailbox(address).map_or_else(
            || Contact {
                name: address.into(),
                address: address.into(),
            },
            Mailbox::contact,
        );
        Attendee {
            contact,
            kind,
            response: Response::None,
            answered: None,
        }
    }
}

impl Content {
    /// An event at this time with nothing else in it.
    pub(crate) fn blank(start: Moment, end: Moment) -> Self {
        Self {
            subject: String::new(),
            body_type: "html",
            body: String::new(),
            start,
            end,
            is_all_day: false,
            show_as: "busy",
            sensitivity: "normal",
            importance: "normal",
            locations: [].into(),
            attendees: Vec::new(),
            recurrence: None,
            response_requested: true,
            hide_attendees: false,
            allow_new_time_proposals: true,
            online_meeting_provider: None,
        }
    }
}

impl Item {
    /// An item not yet in any mailbox.
    pub(crate) fn blank(content: Content) -> Self {
        Self {
            id: String::new(),
            ical_uid: String::new(),
            change: 0,
            created: jiff::Timestamp::UNIX_EPOCH,
            modified: jiff::Timestamp::UNIX_EPOCH,
            organizer: Contact {
                name: Arc::default(),
                address: Arc::default(),
            },
            show_as: content.show_as,
            content,
            response: Response::Organizer,
            answered: None,
            is_cancelled: false,
            transaction_id: None,
            categories: Vec::new(),
            reminder_minutes: 15,
            is_reminder_on: true,
            extended: Vec::new(),
            overrides: BTreeMap::new(),
            occurrence_of: None,
        }
    }
}

fn person_mailbox(record: &PersonRecord, tenant: Uuid, seed: u64) -> Mailbox {
    Mailbox {
        id: record
            .id
            .unwrap_or_else(|| derived_id(seed, "mailbox", &record.address)),
        tenant,
        display_name: record.display_name.clone(),
        address: record.address.clone(),
        contact: Contact {
            name: record.display_name.as_str().into(),
            address: record.address.as_str().into(),
        },
        time_zone: record.time_zone.clone(),
        shared_with: record.calendar_shared_with.clone(),
        holder: Holder::Person(Person {
            is_admin: record.is_admin,
            job_title: record.job_title.clone(),
            office_location: record.office_location.clone(),
        }),
        state: record.mailbox_state,
        working_hours: record.working_hours.clone(),
        items: Items::default(),
        removed: Removed::default(),
        check_ins: Vec::new(),
        transactions: Transactions::default(),
        delta_serials: VecDeque::new(),
    }
}

fn room_mailbox(record: &RoomRecord, tenant: Uuid, seed: u64) -> Mailbox {
    let id = record
        .id
        .unwrap_or_else(|| derived_id(seed, "mailbox", &record.address));
    Mailbox {
        id,
        tenant,
        display_name: record.display_name.clone(),
        address: record.address.clone(),
        contact: Contact {
            name: record.display_name.as_str().into(),
            address: record.address.as_str().into(),
        },
        time_zone: record.time_zone.clone(),
        shared_with: record.calendar_shared_with.clone(),
        holder: Holder::Room(Box::new(Room {
            place_id: derived_id(seed, "place", &record.address),
            building: record.building.clone(),
            floor_number: record.floor_number,
            floor_label: record.floor_label.clone(),
            label: record.label.clone(),
            capacity: record.capacity,
            is_wheel_chair_accessible: record.is_wheel_chair_accessible,
            audio_device_name: record.audio_device_name.clone(),
            video_device_name: record.video_device_name.clone(),
            display_device_name: record.display_device_name.clone(),
            tags: record.tags.clone(),
            processing: record.processing.clone(),
        })),
        state: record.mailbox_state,
        working_hours: record.working_hours.clone(),
        items: Items::default(),
        removed: Removed::default(),
        check_ins: Vec::new(),
        transactions: Transactions::default(),
        delta_serials: VecDeque::new(),
    }
}
