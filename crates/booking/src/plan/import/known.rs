//! A new file of a building that is known: what is evidently the same keeps its id.
//!
//! Shapes are compared floor by floor with the published plans first ([`succession`]); rooms that
//! this does not find are then looked for by their number among all known ones.
//!
//! [`succession`]: crate::plan::succession

use std::collections::{HashMap, HashSet};

use super::{ImportedBuilding, ImportedFloor};
use crate::ids::ShapeId;
use crate::plan::succession::{Succeeded, keep_ids, unique};
use crate::plan::{Plan, PlanShape};

/// A room of the building, in use or retired.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KnownRoom {
    /// The level of its floor.
    pub level: i32,
    /// The number at its door.
    pub number: String,
    /// Its outline.
    pub shape: ShapeId,
}

/// What a room is looked for by: its number, and its level unless that may have changed.
type Key = (Option<i32>, String);

impl ImportedBuilding {
    /// Lets shapes keep the ids they are known by. `published`: the latest plans of the building's
    /// floors; `rooms`: all its rooms, so that one that was retired, or whose floor has another
    /// level now, is the same room again. A number must belong to one room only on both sides.
    pub fn keep_ids(&mut self, published: &[Plan], rooms: &[KnownRoom]) {
        for plan in published {
            self.keep_ids_of_floor(plan);
        }
        self.keep_rooms(rooms, |level, number| Some((Some(level), number)));
        // Across floors one character says too little: many floors have a room 1.
        self.keep_rooms(rooms, |_, number| {
            (number.chars().count() > 1).then_some((None, number))
        });
    }

    fn keep_ids_of_floor(&mut self, published: &Plan) {
        let Some(at) = (self.floors.iter()).position(|one| one.plan.floor == published.floor)
        else {
            return;
        };
        // A shape that moved to another floor leaves no id behind for its successor here.
        let elsewhere: HashSet<ShapeId> = (self.floors.iter().enumerate())
            .filter(|(other, _)| *other != at)
            .flat_map(|(_, floor)| floor.plan.shapes.iter().map(|shape| shape.id))
            .collect();
        let mut published = published.clone();
        (published.shapes).retain(|shape| !elsewhere.contains(&shape.id));
        self.floors[at].keep_ids(&published);
    }

    fn keep_rooms(&mut self, known: &[KnownRoom], key: impl Fn(i32, String) -> Option<Key>) {
        let known_ids: HashSet<ShapeId> = known.iter().map(|room| room.shape).collect();
        let drawn: HashSet<ShapeId> = self.shapes().map(|(_, shape)| shape.id).collect();
        let missing: HashMap<Key, ShapeId> = unique(
            (known.iter().filter(|room| !drawn.contains(&room.shape)))
                .map(|room| (key(room.level, room.number.to_lowercase()), room.shape)),
        );
        let fresh: HashMap<Key, ShapeId> = unique(
            self.shapes()
                .filter(|(_, shape)| shape.kind.is_bookable() && !known_ids.contains(&shape.id))
                .map(|(level, shape)| {
                    let number = shape.number.as_ref().map(|number| number.to_lowercase());
                    (number.and_then(|number| key(level, number)), shape.id)
                }),
        );
        for (key, fresh) in fresh {
            if let Some(&kept) = missing.get(&key) {
                for floor in &mut self.floors {
                    floor.rename(Succeeded { fresh, kept });
                }
            }
        }
    }

    fn shapes(&self) -> impl Iterator<Item = (i32, &PlanShape)> {
        (self.floors.iter())
            .flat_map(|floor| floor.plan.shapes.iter().map(|shape| (floor.level, shape)))
    }
}

impl ImportedFloor {
    /// Lets shapes keep the ids they have in the floor's published plan; see [`keep_ids`].
    pub fn keep_ids(&mut self, published: &Plan) -> Vec<Succeeded> {
        let succeeded = keep_ids(published, &mut self.plan);
        for one in &succeeded {
            self.rename_details(*one);
        }
        succeeded
    }

    fn rename(&mut self, one: Succeeded) {
        if let Some(shape) = (self.plan.shapes.iter_mut()).find(|shape| shape.id == one.fresh) {
            shape.id = one.kept;
            self.rename_details(one);
        }
    }

    fn rename_details(&mut self, one: Succeeded) {
        if let Some(details) = self.details.remove(&one.fresh) {
            self.details.insert(one.kept, details);
        }
    }
}
