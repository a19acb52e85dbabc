//! Which building it is: its name, its address, and what its id is derived from.

use super::super::draft::{Area, DraftShape, Position};
use super::super::geojson::{Feature, Geometry, Lines};

/// Sites looked at; a file of a whole town is not searched for the building's name.
const SITES_MAX: usize = 500;

/// Outlines a name or address may be taken from.
pub(super) struct Site {
    key: Option<String>,
    is_building: bool,
    name: Option<String>,
    address: Option<String>,
    areas: Vec<Area>,
}

pub(super) struct Identity {
    pub(super) key: String,
    /// `None`: neither a name nor an address is told.
    pub(super) name: Option<String>,
    pub(super) address: Option<String>,
}

/// A building, or grounds with a name. One with a broken outline is passed over: it only names.
pub(super) fn site(feature: &Feature<'_>) -> Option<Site> {
    let Ok(Geometry::Areas(areas)) = feature.geometry(Lines::StayLines, &mut Vec::new()) else {
        return None;
    };
    Some(Site {
        key: feature.source.id.clone(),
        is_building: feature.tag("building").is_some(),
        name: feature.tag("name").map(str::to_owned),
        address: address(feature),
        areas,
    })
}

/// The building around most of the spaces; where it has no name, the named grounds around them.
pub(super) fn identify<'a>(
    sites: &[Site],
    shapes: impl Iterator<Item = &'a DraftShape> + Clone,
) -> Identity {
    let around = |wanted: &dyn Fn(&Site) -> bool| {
        sites
            .iter()
            .filter(|site| wanted(site))
            .take(SITES_MAX)
            .map(|site| (holds(site, shapes.clone()), site))
            .filter(|(count, _)| *count > 0)
            // The first of equals, so that the answer does not hang on the order of a map.
            .fold(None, |best: Option<(usize, &Site)>, one| match best {
                Some(known) if known.0 >= one.0 => Some(known),
                _ => Some(one),
            })
            .map(|(_, site)| site)
    };
    let building = around(&|site| site.is_building);
    let named = building
        .filter(|site| site.name.is_some())
        .or_else(|| around(&|site| site.name.is_some()));
    let address = building.and_then(|site| site.address.clone());
    let name = named
        .and_then(|site| site.name.clone())
        .or_else(|| address.clone());
    let key = building
        .or(named)
        .and_then(|site| site.key.clone())
        .or_else(|| shapes.map(|shape| shape.key.clone()).min())
        .unwrap_or_default();
    Identity { key, name, address }
}

/// How many of the spaces have their first corner within the site.
fn holds<'a>(site: &Site, shapes: impl Iterator<Item = &'a DraftShape>) -> usize {
    shapes
        .filter_map(|shape| centre(&shape.area))
        .filter(|centre| site.areas.iter().any(|area| is_within(area, *centre)))
        .count()
}

/// The mean of the corners; inside is near enough for telling buildings apart.
pub(super) fn centre(area: &Area) -> Option<Position> {
    let count = area.outer.len();
    let [x, y] = area.outer.iter().fold([0.0, 0.0], |[x, y], position| {
        [x + position[0], y + position[1]]
    });
    (count > 0).then(|| [x / count as f64, y / count as f64])
}

fn is_within(area: &Area, [x, y]: Position) -> bool {
    let ring = &area.outer;
    ring.iter()
        .zip(ring.iter().cycle().skip(1))
        .filter(|(a, b)| {
            (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0]
        })
        .count()
        % 2
        == 1
}

/// Street with house number, then code with town. `None`: neither is told.
fn address(feature: &Feature<'_>) -> Option<String> {
    let line = |keys: [&str; 2]| {
        let words: Vec<&str> = keys
            .into_iter()
            .filter_map(|key| feature.tag(key))
            .collect();
        (!words.is_empty()).then(|| words.join(" "))
    };
    let lines: Vec<String> = [
        line(["addr:street", "addr:housenumber"]),
        line(["addr:postcode", "addr:city"]),
    ]
    .into_iter()
    .flatten()
    .collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}
