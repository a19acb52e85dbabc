//! Which mailbox belongs to which room of a plan, told by number and name.
//!
//! Evidence is tried from the strongest to the weakest; at each strength a pair is bound only
//! when each is the only one for the other. What is ambiguous stays unbound and is reported, for
//! an administrator to decide: a wrong link would send people to the wrong door.

mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::ids::{BuildingId, FloorId, MailboxAddress, RoomId};
use crate::place::Building;
use crate::provider::ProviderRoom;
use crate::room::Room;
use words::{key, phrases, phrases_of_address, split_key};

/// Why a mailbox was taken for a room's; strongest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The tenant's short label is the room's number.
    Label,
    /// The mailbox is called exactly like the room, or by its number.
    Name,
    /// The room's number stands in the mailbox's name.
    NumberInName,
    /// The room's name stands in the mailbox's name.
    NameInName,
    /// The room's number stands in the address, before the `@`.
    NumberInAddress,
}

impl Why {
    /// Every kind of evidence, strongest first.
    pub const ALL: [Self; 5] = [
        Self::Label,
        Self::Name,
        Self::NumberInName,
        Self::NameInName,
        Self::NumberInAddress,
    ];
}

/// A room and its mailbox.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Bound {
    /// The room.
    pub room: RoomId,
    /// Its mailbox.
    pub mailbox: MailboxAddress,
    /// How it was told.
    pub why: Why,
}

/// Rooms and mailboxes that evidence ties together, but not one to one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ambiguous {
    /// The mailbox somebody has to decide about.
    pub mailbox: MailboxAddress,
    /// The rooms it may stand for; one, where other mailboxes claim the same.
    pub rooms: Vec<RoomId>,
    /// The evidence.
    pub why: Why,
}

/// What came of binding rooms to mailboxes.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Binding {
    /// One room, one mailbox.
    pub bound: Vec<Bound>,
    /// Rooms no mailbox was found for, the ambiguous ones included.
    pub unbound_rooms: Vec<RoomId>,
    /// Mailboxes no room was found for, the ambiguous ones left out.
    pub unbound_mailboxes: Vec<MailboxAddress>,
    /// Mailboxes that fit several rooms, or a room that others fit as well.
    pub ambiguous: Vec<Ambiguous>,
}

/// Binds mailboxes to rooms. Rooms and mailboxes that are linked already should not be passed.
///
/// `buildings` are those the rooms stand in; their names and floor labels are what the tenant's
/// words about building and floor are compared with. A building the tenant names in words that
/// none of ours has excludes nothing: people name buildings freely.
pub fn bind(buildings: &[Building], rooms: &[Room], mailboxes: &[ProviderRoom]) -> Binding {
    let places = Places::new(buildings);
    let register = Register::new(rooms);
    let mut open_rooms: BTreeSet<usize> = (0..rooms.len()).collect();
    let mut open_boxes: BTreeSet<usize> = (0..mailboxes.len()).collect();
    let mut binding = Binding::default();
    for why in Why::ALL {
        let mut fitting: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        let mut claims: HashMap<usize, u32> = HashMap::new();
        for &at in &open_boxes {
            let mut fits = register.fits(why, &mailboxes[at]);
            fits.retain(|room| open_rooms.contains(room));
            let fits = places.narrow(rooms, fits, &mailboxes[at]);
            for room in &fits {
                *claims.entry(*room).or_default() += 1;
            }
            if !fits.is_empty() {
                fitting.insert(at, fits);
            }
        }
        for (at, fits) in fitting {
            open_boxes.remove(&at);
            let mailbox = mailboxes[at].mailbox.clone();
            match fits.as_slice() {
                [room] if claims.get(room) == Some(&1) => {
                    open_rooms.remove(room);
                    binding.bound.push(Bound {
                        room: rooms[*room].id,
                        mailbox,
                        why,
                    });
                }
                _ => binding.ambiguous.push(Ambiguous {
                    mailbox,
                    rooms: fits.iter().map(|room| rooms[*room].id).collect(),
                    why,
                }),
            }
        }
    }
    binding.unbound_rooms = open_rooms.iter().map(|at| rooms[*at].id).collect();
    binding.unbound_mailboxes = open_boxes
        .iter()
        .map(|at| mailboxes[*at].mailbox.clone())
        .collect();
    binding
}

/// Rooms by what they are called, so that ten thousand of them need no comparing of all with all.
struct Register {
    by_number: HashMap<String, Vec<usize>>,
    by_split_number: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Register {
    fn new(rooms: &[Room]) -> Self {
        let mut register = Self {
            by_number: HashMap::new(),
            by_split_number: HashMap::new(),
            by_name: HashMap::new(),
        };
        for (at, room) in rooms.iter().enumerate() {
            let number = key(&room.number);
            let entry = |map: &mut HashMap<String, Vec<usize>>, key: String| {
                if !key.is_empty() {
                    map.entry(key).or_default().push(at);
                }
            };
            entry(&mut register.by_split_number, split_key(&room.number));
            if room.name != room.number {
                entry(&mut register.by_name, key(&room.name));
            }
            entry(&mut register.by_number, number);
        }
        register
    }

    /// The rooms a mailbox fits by one kind of evidence, each once.
    fn fits(&self, why: Why, mailbox: &ProviderRoom) -> Vec<usize> {
        let look_up = |map: &HashMap<String, Vec<usize>>, phrase: &str| {
            map.get(phrase).cloned().unwrap_or_default()
        };
        // One character says too little inside a longer text: it may count a floor or a wing.
        let telling = |phrase: &String| phrase.chars().count() > 1;
        let mut found: Vec<usize> = match why {
            Why::Label => mailbox
                .label
                .iter()
                .flat_map(|label| look_up(&self.by_number, &key(label)))
                .collect(),
            Why::Name => {
                let name = key(&mailbox.display_name);
                let mut both = look_up(&self.by_name, &name);
                both.extend(look_up(&self.by_number, &name));
                both
            }
            Why::NumberInName => phrases(&mailbox.display_name)
                .filter(telling)
                .flat_map(|phrase| look_up(&self.by_number, &phrase))
                .collect(),
            Why::NameInName => phrases(&mailbox.display_name)
                .filter(telling)
                .flat_map(|phrase| look_up(&self.by_name, &phrase))
                .collect(),
            Why::NumberInAddress => phrases_of_address(mailbox.mailbox.as_str())
                .filter(telling)
                .flat_map(|phrase| look_up(&self.by_split_number, &phrase))
                .collect(),
        };
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// What our buildings and floors are called.
struct Places {
    buildings: HashMap<BuildingId, String>,
    floors: HashMap<FloorId, (i32, String)>,
    labels: HashMap<BuildingId, BTreeSet<String>>,
}

impl Places {
    fn new(buildings: &[Building]) -> Self {
        let mut places = Self {
            buildings: HashMap::new(),
            floors: HashMap::new(),
            labels: HashMap::new(),
        };
        for building in buildings {
            places.buildings.insert(building.id, key(&building.name));
            for floor in &building.floors {
                let label = key(&floor.label);
                places
                    .labels
                    .entry(building.id)
                    .or_default()
                    .insert(label.clone());
                places.floors.insert(floor.id, (floor.level, label));
            }
        }
        places
    }

    /// Leaves out rooms in a building or on a floor other than the mailbox names, then breaks
    /// ties by what agrees in building and floor.
    fn narrow(&self, rooms: &[Room], fits: Vec<usize>, mailbox: &ProviderRoom) -> Vec<usize> {
        let building = mailbox.building.as_deref().map(key);
        let label = mailbox.floor_label.as_deref().map(key);
        let known = building
            .as_deref()
            .filter(|named| self.buildings.values().any(|ours| ours == named));
        let possible: Vec<usize> = fits
            .into_iter()
            .filter(|&at| {
                known.is_none_or(|named| self.is_building(&rooms[at], named))
                    && label
                        .as_deref()
                        .is_none_or(|named| self.may_be_floor(&rooms[at], named))
            })
            .collect();
        if possible.len() < 2 {
            return possible;
        }
        let agreement = |at: usize| {
            let room = &rooms[at];
            let floor = self.floors.get(&room.floor);
            let in_name = self
                .buildings
                .get(&room.building)
                .is_some_and(|ours| phrases(&mailbox.display_name).any(|phrase| phrase == *ours));
            u8::from(floor.is_some_and(|(level, _)| mailbox.floor_number == Some(*level)))
                + u8::from(floor.is_some_and(|(_, ours)| label.as_deref() == Some(ours)))
                + u8::from(in_name)
        };
        let best = possible.iter().map(|at| agreement(*at)).max().unwrap_or(0);
        possible
            .into_iter()
            .filter(|at| agreement(*at) == best)
            .collect()
    }

    fn is_building(&self, room: &Room, named: &str) -> bool {
        self.buildings
            .get(&room.building)
            .is_some_and(|ours| ours == named)
    }

    /// False only where the label is that of another floor of the same building.
    fn may_be_floor(&self, room: &Room, named: &str) -> bool {
        let own = self
            .floors
            .get(&room.floor)
            .map(|(_, label)| label.as_str());
        let of_building = self.labels.get(&room.building);
        own == Some(named) || !of_building.is_some_and(|labels| labels.contains(named))
    }
}
