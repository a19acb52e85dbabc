//! The parts of GeoJSON that indoor data uses.
//!
//! See <https://www.rfc-editor.org/rfc/rfc7946>.

use std::collections::BTreeMap;

use serde_json::Value;

use super::FEATURES_MAX;
use super::draft::{Area, Position};
use super::error::{FeatureFault, ImportError, ImportWarning, SourceName};
use super::rings;

/// A feature whose geometry is read only when it is wanted.
pub(super) struct Feature<'a> {
    pub(super) source: SourceName,
    /// Its properties as text.
    tags: BTreeMap<&'a str, String>,
    geometry: &'a Value,
}

pub(super) enum Geometry {
    Point(Position),
    Areas(Vec<Area>),
    /// Lines that enclose nothing, and kinds nobody tags indoors.
    Other,
}

/// Whether a line is to be understood as the outline of an area.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    AreOutlines,
    StayLines,
}

/// The features of a collection.
///
/// # Errors
/// Too many of them, or a collection without any list.
pub(super) fn features(collection: &Value) -> Result<Vec<Feature<'_>>, ImportError> {
    let Some(features) = collection.get("features").and_then(Value::as_array) else {
        return Err(ImportError::UnknownFormat);
    };
    if features.len() > FEATURES_MAX {
        return Err(ImportError::TooMany {
            what: "features",
            count: features.len(),
            limit: FEATURES_MAX,
        });
    }
    Ok(features
        .iter()
        .enumerate()
        .map(|(at, feature)| Feature::new(at, feature))
        .collect())
}

impl<'a> Feature<'a> {
    fn new(at: usize, feature: &'a Value) -> Self {
        let properties = &feature["properties"];
        let mut tags = BTreeMap::new();
        // Some exporters keep the tags in an object of their own.
        for object in [properties, &properties["tags"]] {
            for (key, value) in object.as_object().into_iter().flatten() {
                if let Some(text) = text(value) {
                    tags.insert(key.as_str(), text);
                }
            }
        }
        let id = text(&feature["id"])
            .or_else(|| tags.get("@id").cloned())
            .or_else(|| tags.get("id").cloned());
        Self {
            source: SourceName {
                path: format!("features[{at}]"),
                id,
                number: tags.get("ref").cloned(),
            },
            tags,
            geometry: &feature["geometry"],
        }
    }

    /// The value of a tag; `None` where it is missing or empty.
    pub(super) fn tag(&self, key: &str) -> Option<&str> {
        self.tags
            .get(key)
            .map(|value| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// Whether a tag has one of the values.
    pub(super) fn is(&self, key: &str, values: &[&str]) -> bool {
        self.tag(key).is_some_and(|value| values.contains(&value))
    }

    /// Whether it is a point.
    pub(super) fn is_point(&self) -> bool {
        self.geometry.get("type").and_then(Value::as_str) == Some("Point")
    }

    /// This feature is at fault.
    pub(super) fn refuse(&self, fault: FeatureFault) -> ImportError {
        ImportError::Feature {
            source_name: self.source.clone(),
            fault,
        }
    }

    /// Reads the geometry.
    ///
    /// # Errors
    /// [`ImportError::Feature`] when it is not built as GeoJSON says or a ring is no outline.
    pub(super) fn geometry(
        &self,
        lines: Lines,
        warnings: &mut Vec<ImportWarning>,
    ) -> Result<Geometry, ImportError> {
        self.read(lines, warnings)
            .map_err(|fault| self.refuse(fault))
    }

    fn read(
        &self,
        lines: Lines,
        warnings: &mut Vec<ImportWarning>,
    ) -> Result<Geometry, FeatureFault> {
        let kind = self.geometry.get("type").and_then(Value::as_str);
        let coordinates = &self.geometry["coordinates"];
        match kind {
            Some("Point") => Ok(Geometry::Point(position(coordinates)?)),
            Some("Polygon") => Ok(Geometry::Areas(vec![self.area(coordinates, warnings)?])),
            Some("MultiPolygon") => list(coordinates)?
                .iter()
                .map(|polygon| self.area(polygon, warnings))
                .collect::<Result<_, _>>()
                .map(Geometry::Areas),
            Some("LineString") if lines == Lines::AreOutlines => {
                match self.ring(coordinates, warnings) {
                    Ok(outer) => {
                        let holes = Vec::new();
                        Ok(Geometry::Areas(vec![Area { outer, holes }]))
                    }
                    // Extracts cut ways at their rim; what is left of a room may be one wall.
                    Err(FeatureFault::TooFewPoints) => {
                        warnings.push(ImportWarning::NoOutline(self.source.clone()));
                        Ok(Geometry::Other)
                    }
                    Err(fault) => Err(fault),
                }
            }
            Some(_) => Ok(Geometry::Other),
            None => Err(FeatureFault::Malformed {
                what: "its geometry",
            }),
        }
    }

    fn area(
        &self,
        polygon: &Value,
        warnings: &mut Vec<ImportWarning>,
    ) -> Result<Area, FeatureFault> {
        let mut rings = list(polygon)?.iter();
        let outer = rings.next().ok_or(FeatureFault::TooFewPoints)?;
        let outer = self.ring(outer, warnings)?;
        let mut holes = Vec::new();
        for hole in rings {
            match self.ring(hole, warnings) {
                Ok(ring) => holes.push(ring),
                Err(FeatureFault::TooFewPoints) => {
                    warnings.push(ImportWarning::HoleDropped(self.source.clone()));
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(Area { outer, holes })
    }

    fn ring(
        &self,
        ring: &Value,
        warnings: &mut Vec<ImportWarning>,
    ) -> Result<Vec<Position>, FeatureFault> {
        let positions = list(ring)?.iter().map(position).collect::<Result<_, _>>()?;
        let checked = rings::check(positions)?;
        if checked.was_open {
            warnings.push(ImportWarning::Closed(self.source.clone()));
        }
        Ok(checked.ring)
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(true) => Some("yes".to_owned()),
        Value::Bool(false) => Some("no".to_owned()),
        _ => None,
    }
}

fn list(value: &Value) -> Result<&Vec<Value>, FeatureFault> {
    value.as_array().ok_or(FeatureFault::Malformed {
        what: "its list of coordinates",
    })
}

/// Longitude and latitude; a height that may follow is not read.
fn position(value: &Value) -> Result<Position, FeatureFault> {
    let refuse = || FeatureFault::Coordinate {
        text: value.to_string().chars().take(60).collect(),
        expected: "Expected longitude (-180 to 180), then latitude (-85 to 85), in degrees",
    };
    let pair = value.as_array().filter(|pair| pair.len() >= 2);
    let [longitude, latitude] = pair
        .and_then(|pair| Some([pair[0].as_f64()?, pair[1].as_f64()?]))
        .ok_or_else(refuse)?;
    let usable = longitude.abs() <= 180.0 && latitude.abs() <= 85.0;
    if usable {
        Ok([longitude, latitude])
    } else {
        Err(refuse())
    }
}
