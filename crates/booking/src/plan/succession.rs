//! A new drawing of a floor that is already known.
//!
//! Rooms, mailboxes and bookmarks hang on shape ids, so a shape that is evidently the same must
//! keep its id though its walls moved or its source numbered everything anew.

use std::collections::{HashMap, HashSet};

use super::{Plan, PlanShape, ShapeKind};
use crate::ids::ShapeId;

/// A shape of the new drawing that took over the id of one in the old.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Succeeded {
    /// The id it came with.
    pub fresh: ShapeId,
    /// The id it has now.
    pub kept: ShapeId,
}

/// Gives the shapes of `new` the ids of their predecessors in `old`, and says which.
///
/// A shape whose id is in `old` already keeps it. Of the rest, those with a number that is unique
/// on both sides are matched by number; then those of the same kind that hold each other's label
/// centre. Nothing is guessed beyond that: what finds no predecessor is new.
pub fn keep_ids(old: &Plan, new: &mut Plan) -> Vec<Succeeded> {
    let known: HashSet<ShapeId> = old.shapes.iter().map(|shape| shape.id).collect();
    let present: HashSet<ShapeId> = new.shapes.iter().map(|shape| shape.id).collect();
    let mut left: Vec<&PlanShape> = old
        .shapes
        .iter()
        .filter(|shape| !present.contains(&shape.id))
        .collect();
    let mut succeeded = Vec::new();
    for pass in [by_number as Pass, by_place] {
        let fresh: Vec<usize> = (0..new.shapes.len())
            .filter(|&at| !known.contains(&new.shapes[at].id))
            .collect();
        for (at, kept) in pass(&left, &new.shapes, &fresh) {
            if left.iter().any(|shape| shape.id == kept) {
                left.retain(|shape| shape.id != kept);
                succeeded.push(Succeeded {
                    fresh: new.shapes[at].id,
                    kept,
                });
                new.shapes[at].id = kept;
            }
        }
    }
    succeeded
}

/// Finds predecessors: (place in the new drawing, id in the old).
type Pass = fn(&[&PlanShape], &[PlanShape], &[usize]) -> Vec<(usize, ShapeId)>;

fn by_number(left: &[&PlanShape], shapes: &[PlanShape], fresh: &[usize]) -> Vec<(usize, ShapeId)> {
    let old = unique(left.iter().map(|shape| (number_key(shape), shape.id)));
    let new = unique(fresh.iter().map(|&at| (number_key(&shapes[at]), at)));
    let mut matched: Vec<(usize, ShapeId)> = new
        .into_iter()
        .filter_map(|(key, at)| Some((at, *old.get(&key)?)))
        .collect();
    matched.sort_unstable();
    matched
}

fn by_place(left: &[&PlanShape], shapes: &[PlanShape], fresh: &[usize]) -> Vec<(usize, ShapeId)> {
    let is_same = |old: &PlanShape, new: &PlanShape| {
        family(old.kind) == family(new.kind)
            && new.polygon.contains(old.label.center)
            && old.polygon.contains(new.label.center)
    };
    fresh
        .iter()
        .filter_map(|&at| {
            let old = left.iter().find(|old| is_same(old, &shapes[at]))?;
            Some((at, old.id))
        })
        .collect()
}

/// The number with the kind, since stairs and a room may share one. `None`: no number.
fn number_key(shape: &PlanShape) -> Option<(ShapeKind, String)> {
    let number = shape.number.as_ref()?;
    Some((family(shape.kind), number.to_lowercase()))
}

/// A room may have become a store or the other way round; it stays the same place.
const fn family(kind: ShapeKind) -> ShapeKind {
    match kind {
        ShapeKind::Utility => ShapeKind::Room,
        other => other,
    }
}

/// What each key stands for, where it stands for one thing only.
pub(super) fn unique<K: Eq + std::hash::Hash, V>(
    pairs: impl Iterator<Item = (Option<K>, V)>,
) -> HashMap<K, V> {
    let mut found: HashMap<K, Option<V>> = HashMap::new();
    for (key, value) in pairs {
        let Some(key) = key else { continue };
        found
            .entry(key)
            .and_modify(|known| *known = None)
            .or_insert(Some(value));
    }
    found
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect()
}
