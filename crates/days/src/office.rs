//! The people and rooms of a world, on both sides: as Microsoft knows them and as Etage keeps them.

use booking::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use booking::person::{Person, PersonId};
use booking::place::{Building, Floor};
use booking::random::Random;
use booking::room::{EquipmentSet, Room, RoomLink, Seats};
use booking::time::{Instant, ZoneName};
use m365_sim::{
    AppRegistration, AutomateProcessing, MailboxState, PersonRecord, Processing, RoomRecord,
    Scenario, Sim,
};
use secrecy::SecretString;
use store::Store;
use store::tenants::Connection;
use uuid::Uuid;

use crate::world::Plan;

/// Monday, 23 November 2026, 08:00 UTC.
pub const MONDAY: Instant = Instant(1_795_420_800_000);
/// Somebody who books in Outlook and in Etage.
pub const ADELE: &str = "adele.vance@contoso.com";
/// Somebody else who does.
pub const ALEX: &str = "alex.wilber@contoso.com";
/// A third one.
pub const DIEGO: &str = "diego.siciliani@contoso.com";
/// Decides for rooms with a delegate; an administrator.
pub const MEGAN: &str = "megan.bowen@contoso.com";
/// The program whose eyes the judge has: nothing keeps it out of any mailbox, as Exchange keeps Etage.
pub(crate) const AUDITOR: Uuid = Uuid::from_u128(0xa0d1);
/// Has never been to Etage: an organizer it does not know.
pub const PRADEEP: &str = "pradeep.gupta@contoso.com";

/// The zone of every room and person, as Windows and as the rest of the world call it.
pub(crate) const WINDOWS_ZONE: &str = "W. Europe Standard Time";
pub(crate) const ZONE: &str = "Europe/Berlin";

pub(crate) const CONNECTION: ConnectionId = ConnectionId(Uuid::from_u128(0xc0));

/// How a room answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RoomKind {
    /// By itself, and it declines what conflicts.
    Accepts,
    /// By itself; meetings that are cancelled leave its calendar at once.
    ForgetsCancelled,
    /// By itself, also what overlaps.
    AllowsConflicts,
    /// By itself, and a series without those of its meetings that conflict.
    AcceptsPartOfSeries,
    /// A delegate decides; until then the request stands as tentative.
    HasDelegate,
    /// Never.
    NeverAnswers,
    /// Its mailbox is in the organisation's own Exchange: Graph tells free and busy only.
    OnPremises,
}

impl RoomKind {
    /// The kinds whose calendars Graph shows.
    pub const READABLE: [Self; 6] = [
        Self::Accepts,
        Self::ForgetsCancelled,
        Self::AllowsConflicts,
        Self::AcceptsPartOfSeries,
        Self::HasDelegate,
        Self::NeverAnswers,
    ];

    fn processing(self) -> Processing {
        let by_itself = Processing::default();
        match self {
            Self::Accepts | Self::OnPremises => by_itself,
            Self::ForgetsCancelled => Processing {
                remove_canceled_meetings: true,
                ..by_itself
            },
            Self::AllowsConflicts => Processing {
                allow_conflicts: true,
                ..by_itself
            },
            Self::AcceptsPartOfSeries => Processing {
                conflict_percentage_allowed: 60,
                maximum_conflict_instances: 3,
                ..by_itself
            },
            Self::HasDelegate => Processing {
                all_book_in_policy: false,
                all_request_in_policy: true,
                resource_delegates: vec![MEGAN.to_owned()],
                ..by_itself
            },
            Self::NeverAnswers => Processing {
                automate_processing: AutomateProcessing::None,
                ..by_itself
            },
        }
    }
}

/// What the simulator starts with: the contoso tenant, with as many rooms and people as asked for.
pub(crate) fn scenario(plan: &Plan) -> Scenario {
    let start = jiff::Timestamp::from_millisecond(plan.start.0).unwrap();
    let mut scenario = Scenario::contoso().with_clock(start);
    let tenant = &mut scenario.tenants[0];
    let further = NAMED.len()..plan.people;
    let further = further.map(|number| PersonRecord::contoso(&name(number), "Booker", "HH/1"));
    tenant.people.extend(further);
    let kinds = &plan.rooms;
    tenant.rooms.truncate(kinds.len());
    for number in tenant.rooms.len() + 1..=kinds.len() {
        let mailbox = room_address(number).to_string();
        let further = RoomRecord::contoso(&format!("Room {number}"), &mailbox);
        tenant.rooms.push(further);
    }
    let rooms = tenant.rooms.iter();
    tenant.room_lists[0].rooms = rooms.map(|room| room.address.clone()).collect();
    for (room, kind) in tenant.rooms.iter_mut().zip(kinds) {
        room.processing = kind.processing();
        if *kind == RoomKind::OnPremises {
            room.mailbox_state = MailboxState::OnPremises;
        }
    }
    let auditor = AppRegistration::all_permissions(AUDITOR, Scenario::CONTOSO_SECRET);
    scenario
        .with_apps_kept_to_rooms_and(&[MEGAN])
        .with_app(auditor)
}

/// The address of the room with this number, counted from 1.
pub fn room_address(number: usize) -> MailboxAddress {
    address(&format!("room{number}@contoso.com"))
}

/// An address; panics on what is none.
pub fn address(text: &str) -> MailboxAddress {
    MailboxAddress::parse(text).unwrap()
}

/// The first of those who use Etage.
pub(crate) const NAMED: [&str; 3] = ["Adele Vance", "Alex Wilber", "Diego Siciliani"];

/// What somebody who uses Etage is called, counted from 0.
fn name(number: usize) -> String {
    let named = NAMED.get(number).map(|&name| name.to_owned());
    named.unwrap_or_else(|| format!("Person {}", number + 1))
}

/// Those who use Etage, as the directory knows them.
pub(crate) fn people(sim: &Sim, count: usize) -> Vec<Person> {
    let person = |number| {
        let record = PersonRecord::contoso(&name(number), "", "");
        Person {
            id: PersonId {
                tenant: Scenario::CONTOSO_TENANT_ID,
                object: sim.mailbox_id(&record.address).unwrap(),
            },
            display_name: record.display_name,
            address: address(&record.address),
        }
    };
    (0..count).map(person).collect()
}

/// Keeps the connection, the building, its rooms and the people who use Etage.
pub(crate) async fn furnish(
    store: &Store,
    kinds: &[RoomKind],
    people: &[Person],
    random: &dyn Random,
    start: Instant,
) -> Vec<Room> {
    let connection = Connection {
        id: CONNECTION,
        tenant: Scenario::CONTOSO_TENANT_ID,
        name: "Contoso".to_owned(),
        client_id: Scenario::CONTOSO_CLIENT_ID.to_string(),
        credential: SecretString::from(Scenario::CONTOSO_SECRET),
        booking_mailbox: address(MEGAN),
        service_account: None,
        created_at: start,
    };
    store.add_connection(&connection, random).await.unwrap();
    let building = Building {
        id: BuildingId(Uuid::from_u128(1)),
        name: "Harbour House".to_owned(),
        zone: ZoneName(ZONE.to_owned()),
        floors: vec![Floor {
            id: FloorId(Uuid::from_u128(2)),
            level: 1,
            label: "1".to_owned(),
            sections: Vec::new(),
        }],
    };
    store.upsert_building(&building).await.unwrap();
    let rooms: Vec<Room> = (1..=kinds.len())
        .map(|number| room(&building, number))
        .collect();
    store.upsert_rooms(&rooms).await.unwrap();
    for person in people {
        store.upsert_person(person).await.unwrap();
    }
    rooms
}

fn room(building: &Building, number: usize) -> Room {
    Room {
        id: RoomId(Uuid::from_u128(0x100 + number as u128)),
        building: building.id,
        floor: building.floors[0].id,
        number: format!("1.{number:02}"),
        name: format!("Room {number}"),
        seats: Some(Seats {
            count: 4,
            guessed: false,
        }),
        equipment: EquipmentSet::EMPTY,
        step_free: Some(true),
        link: Some(RoomLink {
            connection: CONNECTION,
            mailbox: room_address(number),
        }),
        shape: None,
        zone: building.zone.clone(),
    }
}
