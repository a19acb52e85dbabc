//! The search as the browser lives it, shared by portal and pane.
//!
//! One question ([`Finder::query`]) leads to two answers. The first comes out of the server's
//! memory and is painted at once ([`Finder::found`]); the second is Exchange's own word for the
//! rooms on screen and replaces what was painted ([`Finder::checked`]). Every question has a turn
//! number; an answer that comes back after a newer question was asked is dropped.
//!
//! When rooms move, the same question is asked again after a short pause, so that colours change
//! by themselves. A change on the stream is never data.

pub mod building;
pub mod describe;
mod fetch;
mod follow;
pub mod list;
pub mod remedy;
pub mod stage;

use std::collections::HashMap;
use std::sync::Arc;

use booking::ids::{BuildingId, FloorId, RoomId, ShapeId};
use booking::person::{Person, Role};
use booking::place::Building;
use booking::plan::Plan;
use booking::room::Room;
use booking::search::found::{CheckedRoom, CheckedRooms, FoundRooms, Source};
use booking::search::{RoomAnswer, RoomQuery, RoomState};
use booking::time::{Instant, ZoneName};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::api::ApiError;
use crate::api::live::{Liveness, Refusal};
use crate::api::rooms::Catalogue;
use crate::components::freshness::Shown;
use crate::components::plan_view::PlanLooks;

pub use fetch::first_answer;

/// All that the first paint of a search needs.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct FirstAnswer {
    /// Who is asking.
    pub person: Option<Person>,
    /// What they may do.
    pub role: Role,
    /// Buildings and rooms.
    pub catalogue: Catalogue,
    /// The question.
    pub query: RoomQuery,
    /// The answer.
    pub found: FoundRooms,
    /// The plan of the floor on screen. `None`: it has none.
    pub plan: Option<Plan>,
    /// The room that is chosen.
    pub selected: Option<RoomId>,
}

/// A search under way. Copies share the same search.
#[derive(Clone, Copy)]
pub struct Finder {
    /// Buildings and rooms.
    pub catalogue: RwSignal<Arc<Catalogue>>,
    rooms: RwSignal<Arc<HashMap<RoomId, Room>>>,
    /// What is asked.
    pub query: RwSignal<RoomQuery>,
    /// The question that [`found`](Self::found) answers.
    answered: RwSignal<RoomQuery>,
    /// The floor on screen.
    pub floor: RwSignal<FloorId>,
    /// The room that is chosen.
    pub selected: RwSignal<Option<RoomId>>,
    /// The answer out of the server's memory.
    pub found: RwSignal<Arc<FoundRooms>>,
    /// Exchange's word, for the rooms it was asked about since the question changed.
    pub checked: RwSignal<Arc<HashMap<RoomId, CheckedRoom>>>,
    /// Reasons that were asked for, for rooms that are no hits.
    explained: RwSignal<Arc<HashMap<RoomId, CheckedRoom>>>,
    /// The plan of the floor on screen. `None`: it has none, or it is on its way.
    pub plan: RwSignal<Option<Arc<Plan>>>,
    /// What went wrong with the last question.
    pub problem: RwSignal<Option<ApiError>>,
    /// Whether changes reach the page as they happen.
    pub live: RwSignal<Liveness>,
    /// A question is under way.
    pub searching: RwSignal<bool>,
    /// The server's clock, moved on every second.
    pub now: RwSignal<Instant>,
    turn: StoredValue<u32>,
}

impl Finder {
    /// A search that shows its first answer.
    pub fn new(first: FirstAnswer) -> Self {
        Self {
            rooms: RwSignal::new(Arc::new(by_id(&first.catalogue))),
            answered: RwSignal::new(first.query.clone()),
            query: RwSignal::new(first.query),
            floor: RwSignal::new(first.found.floor),
            selected: RwSignal::new(first.selected),
            checked: RwSignal::default(),
            explained: RwSignal::default(),
            plan: RwSignal::new(first.plan.map(Arc::new)),
            problem: RwSignal::new(None),
            live: RwSignal::default(),
            searching: RwSignal::new(false),
            now: RwSignal::new(first.found.now),
            found: RwSignal::new(Arc::new(first.found)),
            catalogue: RwSignal::new(Arc::new(first.catalogue)),
            turn: StoredValue::new(0),
        }
    }

    /// The building on screen.
    pub fn building(self) -> Option<Building> {
        let building = self.found.with(|found| found.building);
        self.catalogue.with(|catalogue| {
            catalogue
                .buildings
                .iter()
                .find(|one| one.id == building)
                .cloned()
        })
    }

    /// The label of a floor of the building on screen.
    pub fn floor_label(self, floor: FloorId) -> String {
        self.building()
            .and_then(|building| building.floor(floor).map(|floor| floor.label.clone()))
            .unwrap_or_default()
    }

    /// The first time that is asked for, and the zone it is told in.
    pub fn time(self) -> Option<(Instant, ZoneName)> {
        self.found.with(|found| {
            let first = found.ranges.first()?;
            Some((first.start(), found.zone.clone()))
        })
    }

    /// A room. `None`: it is not in this building.
    pub fn room(self, id: RoomId) -> Option<Room> {
        self.rooms.with(|rooms| rooms.get(&id).cloned())
    }

    /// The room that an outline stands for.
    pub fn room_of_shape(self, shape: ShapeId) -> Option<RoomId> {
        self.rooms.with(|rooms| {
            rooms
                .values()
                .find(|room| room.shape == Some(shape))
                .map(|room| room.id)
        })
    }

    /// The outline of a room.
    pub fn shape_of_room(self, id: RoomId) -> Option<ShapeId> {
        self.rooms
            .with(|rooms| rooms.get(&id).and_then(|room| room.shape))
    }

    /// The best that is known of a room: Exchange's word before the mirror's.
    pub fn answer(self, id: RoomId) -> Option<RoomAnswer> {
        let checked = self
            .checked
            .with(|checked| checked.get(&id).map(|it| it.answer.clone()));
        checked
            .or_else(|| {
                self.explained
                    .with(|explained| explained.get(&id).map(|it| it.answer.clone()))
            })
            .or_else(|| {
                self.found.with(|found| {
                    let near = found.near_misses.iter().find(|near| near.room == id);
                    near.map(|near| near.answer.clone())
                })
            })
            .or_else(|| {
                self.found.with(|found| {
                    let hit = found.hits.iter().find(|hit| hit.room == id)?;
                    Some(RoomAnswer {
                        room: id,
                        state: RoomState::Free,
                        free_until: hit.free_until,
                        refusals: Vec::new(),
                        remedy: Vec::new(),
                    })
                })
            })
    }

    /// How a room stands. `Unknown` for a room of another floor that was not asked about.
    pub fn state(self, id: RoomId) -> RoomState {
        if let Some(answer) = self.answer(id) {
            return answer.state;
        }
        self.floor_states()
            .find(|(room, _)| room.id == id)
            .map_or(RoomState::Unknown, |(_, state)| state)
    }

    /// Whose word a room's state is. `None`: the mirror's, at the age of the whole answer.
    pub fn source(self, id: RoomId) -> Option<Source> {
        self.checked
            .with(|checked| checked.get(&id).map(|it| it.source))
    }

    /// When the mirror that answers for a room was read. `None`: some of it never was.
    pub fn mirrored_at(self, id: RoomId) -> Option<Instant> {
        let explained = self.explained.with(|it| it.get(&id).map(|it| it.source));
        match explained {
            Some(Source::Mirror { as_of }) => as_of,
            _ => self.found.with(|found| found.as_of),
        }
    }

    /// When a room's calendar was last read, where that is longer ago than it should be.
    pub fn heard_at(self, id: RoomId) -> Option<Instant> {
        self.checked
            .with(|checked| checked.get(&id).and_then(|it| it.heard_at))
    }

    /// Whose word the page as a whole shows: the oldest of Exchange's, and the mirror's only where
    /// Exchange said nothing at all. A room it could not tell about says so on its own card.
    pub fn shown(self) -> Shown {
        if let Some(since) = self.live.with(|live| live.down_since) {
            let zone = self.found.with(|found| found.zone.clone());
            return Shown::NotLive { since, zone };
        }
        if self
            .problem
            .with(|problem| problem.as_ref().is_some_and(|it| it.code == "offline"))
        {
            return Shown::Offline;
        }
        let age = |source: &Source| match source {
            Source::Exchange { at } => (0, Some(*at)),
            Source::Mirror { as_of } => (1, *as_of),
        };
        self.checked
            .with(|checked| checked.values().map(|it| it.source).min_by_key(age))
            .map_or(Shown::Checking, Shown::From)
    }

    /// What is to be said above everything else: what went wrong with the last question, or that nobody is signed in
    /// any more, which the stream of changes hears first.
    pub fn trouble(self) -> Option<ApiError> {
        let is_out = self
            .live
            .with(|live| live.refusal == Some(Refusal::SignedOut));
        self.problem
            .get()
            .or_else(|| is_out.then(ApiError::sign_in_needed))
    }

    /// The floor's rooms with their states, in the catalogue's order.
    fn floor_states(self) -> impl Iterator<Item = (Room, RoomState)> {
        let found = self.found.get();
        let catalogue = self.catalogue.get();
        let floor = found.floor;
        let states: Vec<u8> = found.states.bytes().collect();
        let rooms: Vec<Room> = catalogue
            .rooms
            .iter()
            .filter(|room| room.floor == floor)
            .cloned()
            .collect();
        rooms
            .into_iter()
            .zip(states.into_iter().map(RoomState::from_byte))
    }

    /// How the rooms of the floor on screen look.
    pub fn looks(self) -> PlanLooks {
        let found = self.found.get();
        let checked = self.checked.get();
        self.floor_states()
            .filter_map(|(room, painted)| {
                let shape = room.shape?;
                let asked = checked.get(&room.id).map(|it| &it.answer);
                let hit = || {
                    found
                        .hits
                        .iter()
                        .find(|hit| hit.room == room.id)?
                        .free_until
                };
                let free_until = asked.map_or_else(hit, |answer| answer.free_until);
                let state = asked.map_or(painted, |answer| answer.state);
                Some((shape, describe::look(&room, state, free_until, &found)))
            })
            .collect()
    }

    /// Chooses a room and shows its floor; `None` takes the choice back.
    pub fn choose(self, id: Option<RoomId>) {
        if self.selected.get_untracked() != id {
            self.selected.set(id);
        }
        let floor = id
            .and_then(|id| untrack(|| self.room(id)))
            .map(|room| room.floor);
        if let Some(floor) = floor
            && floor != self.floor.get_untracked()
        {
            self.floor.set(floor);
        }
    }

    /// Starts the browser's part: asks again when the question changes, when rooms move, and for
    /// Exchange's word. Does nothing on the server.
    pub fn start(self) {
        fetch::ask_when_changed(self);
        fetch::load_plan_when_changed(self);
        fetch::explain_chosen(self);
        follow::follow_moves(self);
        follow::tick(self);
    }

    /// Takes Exchange's word for rooms that were asked about apart.
    pub fn take_checked(self, checked: CheckedRooms) {
        fetch::take_checked(self, checked);
    }

    /// What Exchange said of these rooms before they moved is worth nothing any more; of no room
    /// in particular: of any.
    pub fn forget(self, moved: &[RoomId]) {
        let mut known = self.checked.with_untracked(|known| (**known).clone());
        known.retain(|room, _| !moved.is_empty() && !moved.contains(room));
        self.checked.set(Arc::new(known));
    }

    /// Asks the same in another building.
    pub fn show_building(self, building: BuildingId) {
        fetch::show_building(self, building);
    }

    /// Goes on from another first answer.
    fn take(self, first: FirstAnswer) {
        self.rooms.set(Arc::new(by_id(&first.catalogue)));
        self.catalogue.set(Arc::new(first.catalogue));
        self.selected.set(first.selected);
        self.checked.set(Arc::default());
        self.explained.set(Arc::default());
        self.plan.set(first.plan.map(Arc::new));
        self.problem.set(None);
        self.now.set(first.found.now);
        self.floor.set(first.found.floor);
        self.found.set(Arc::new(first.found));
        self.answered.set(first.query.clone());
        self.query.set(first.query);
    }

    /// Whether what is shown answers what is asked; not while a new answer is out, or if none came.
    pub fn is_current(self) -> bool {
        let asked = self.query.get();
        self.answered.with(|answered| *answered == asked)
    }

    /// Asks the same again.
    pub fn ask_again(self) {
        fetch::ask(self);
    }
}

fn by_id(catalogue: &Catalogue) -> HashMap<RoomId, Room> {
    let rooms = catalogue.rooms.iter();
    rooms.map(|room| (room.id, room.clone())).collect()
}
