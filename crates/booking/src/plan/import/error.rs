//! Why a file was refused, and what was repaired in one that was not.

use std::fmt;

use super::text::shown;
use super::{LEVEL_ABS_MAX, SEATS_MAX};

/// Where in a file something stands.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SourceName {
    /// The place in the file, such as `features[12]`.
    pub path: String,
    /// The source's own id, such as `way/870540959`. `None`: it has none.
    pub id: Option<String>,
    /// The number at the door. `None`: it has none.
    pub number: Option<String>,
}

impl SourceName {
    /// A place that has neither id nor number.
    pub(super) fn at(path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            ..Self::default()
        }
    }
}

impl fmt::Display for SourceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        let part = |text: &Option<String>| text.as_deref().map(shown);
        match (part(&self.id), part(&self.number)) {
            (Some(id), Some(number)) => write!(f, " ({id}, ref {number})"),
            (Some(id), None) => write!(f, " ({id})"),
            (None, Some(number)) => write!(f, " (ref {number})"),
            (None, None) => Ok(()),
        }
    }
}

/// Why a file cannot be imported; each says what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The text is not JSON.
    #[error(
        "This is not JSON: {0}. Export the plan as GeoJSON (OpenStreetMap indoor tagging) or as an etage-plan-1 file."
    )]
    NotJson(#[source] serde_json::Error),
    /// JSON, but of no format we know.
    #[error(
        "This JSON is no plan we know. Expected a GeoJSON FeatureCollection, or an object with \"format\": \"etage-plan-1\"."
    )]
    UnknownFormat,
    /// More bytes than are read.
    #[error(
        "The file has at least {bytes} bytes; at most {limit} are read. Export one building at a time."
    )]
    TooLarge {
        /// How many it has at least.
        bytes: u64,
        /// How many are read at most.
        limit: u64,
    },
    /// More of something than is read.
    #[error(
        "The file has {count} {what}; at most {limit} are read. Export one building at a time."
    )]
    TooMany {
        /// Of what, such as `features`.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// How many are read at most.
        limit: usize,
    },
    /// Nothing in the file can be drawn.
    #[error(
        "The file holds no rooms or corridors with a floor. OpenStreetMap data needs indoor=room, corridor or area together with level."
    )]
    NothingIndoors,
    /// The building would be larger than any building.
    #[error(
        "The plan is {metres:.0} m across; at most {limit:.0} m are accepted. Look for a stray point far away, or for coordinates in another unit."
    )]
    Extent {
        /// Its longer side in metres.
        metres: f64,
        /// The longest side that is accepted, in metres.
        limit: f64,
    },
    /// One feature is at fault.
    #[error("{source_name}: {fault}")]
    Feature {
        /// Which one.
        source_name: SourceName,
        /// What is wrong with it.
        fault: FeatureFault,
    },
    /// A field of an etage-plan-1 file is missing, unknown or of the wrong kind.
    #[error("At {path}: {fault}. Compare the file with the description of etage-plan-1.")]
    Field {
        /// Where, such as `floors[0].shapes[3].kind`.
        path: String,
        /// What is wrong with it.
        #[source]
        fault: serde_json::Error,
    },
}

/// What is wrong with one feature.
#[derive(Clone, PartialEq, Debug, thiserror::Error)]
pub enum FeatureFault {
    /// It is not built as GeoJSON says.
    #[error("{what} is missing or of the wrong kind. See RFC 7946, section 3")]
    Malformed {
        /// Which part.
        what: &'static str,
    },
    /// A ring does not enclose anything.
    #[error("its outline has fewer than three different points or no area. Draw it again")]
    TooFewPoints,
    /// A ring has more points than are read.
    #[error("its outline has {count} points; at most {limit} are read. Simplify it")]
    TooManyPoints {
        /// How many it has.
        count: usize,
        /// How many are read at most.
        limit: usize,
    },
    /// Two edges of one ring cross.
    #[error("its outline crosses itself near {near}. Move the corner so that no two walls cross")]
    SelfCrossing {
        /// Where, in the coordinates of the file.
        near: String,
    },
    /// A number is no coordinate.
    #[error("{text} is not a usable coordinate. {expected}")]
    Coordinate {
        /// What stands there.
        text: String,
        /// What should.
        expected: &'static str,
    },
    /// The floor cannot be told.
    #[error(
        "its level “{text}” is not understood. Write a number from -{max} to {max}, a list such as 0;1 or a range such as 0-3",
        max = LEVEL_ABS_MAX
    )]
    UnknownLevel {
        /// What stands there.
        text: String,
    },
    /// A floor higher or lower than any.
    #[error(
        "level {level} is beyond any building. Write one from -{max} to {max}; 0 is the ground floor",
        max = LEVEL_ABS_MAX
    )]
    Level {
        /// What stands there.
        level: i32,
    },
    /// More seats than any room has, or none.
    #[error(
        "{count} seats are beyond reason. Write 1 to {max}, or leave the seats out to have them guessed",
        max = SEATS_MAX
    )]
    Seats {
        /// What stands there.
        count: u32,
    },
    /// The same key twice.
    #[error("{what} “{text}” is used twice. Give each its own")]
    Twice {
        /// Of what.
        what: &'static str,
        /// The key.
        text: String,
    },
    /// An IANA zone name cannot look like this.
    #[error("“{text}” is not the name of a time zone. Write it like Europe/Helsinki")]
    Zone {
        /// What stands there.
        text: String,
    },
}

/// What was repaired or left out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ImportWarning {
    /// The first and last point of a ring differed; they were joined.
    Closed(SourceName),
    /// It has no `level`, so it is on no floor and was left out.
    NoLevel(SourceName),
    /// It stands between two floors and was put on the lower one.
    BetweenFloors(SourceName),
    /// Two rooms of a floor have one number; the later one's got a suffix.
    DuplicateNumber {
        /// The later one.
        source: SourceName,
        /// What it is called now.
        renamed: String,
    },
    /// It is a line that encloses nothing, though tagged as a space; it was left out.
    NoOutline(SourceName),
    /// A hole without an area was left out.
    HoleDropped(SourceName),
    /// A text is longer than can be shown and was cut.
    Shortened {
        /// Whose.
        source: SourceName,
        /// Which, such as `name`.
        what: &'static str,
        /// How many characters are kept.
        chars_max: usize,
    },
    /// It tells more seats than any room has; they are guessed instead.
    SeatsIgnored(SourceName),
    /// Doors with no wall near them were left out.
    DoorsAwayFromWalls {
        /// On which floor.
        level: i32,
        /// How many.
        count: usize,
    },
    /// Doors or scenery on levels without a room or corridor were left out.
    OffFloors {
        /// How many.
        count: usize,
    },
}

impl fmt::Display for ImportWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed(source) => {
                write!(f, "{source}: the outline was open; its ends were joined.")
            }
            Self::NoLevel(source) => {
                write!(f, "{source}: it has no level, so it was left out.")
            }
            Self::BetweenFloors(source) => write!(
                f,
                "{source}: it stands between two floors and was put on the lower one."
            ),
            Self::DuplicateNumber { source, renamed } => write!(
                f,
                "{source}: its number is taken on this floor; it is called {renamed} for now."
            ),
            Self::NoOutline(source) => write!(
                f,
                "{source}: it is a line that encloses nothing, so it was left out."
            ),
            Self::HoleDropped(source) => {
                write!(f, "{source}: a hole without an area was left out.")
            }
            Self::Shortened {
                source,
                what,
                chars_max,
            } => write!(
                f,
                "{source}: its {what} is longer than {chars_max} characters and was cut."
            ),
            Self::SeatsIgnored(source) => write!(
                f,
                "{source}: more than {SEATS_MAX} seats are beyond reason; they are guessed instead."
            ),
            Self::DoorsAwayFromWalls { level, count } => write!(
                f,
                "Floor {level}: {count} doors stand at no wall and were left out."
            ),
            Self::OffFloors { count } => write!(
                f,
                "{count} doors or pieces of scenery are on levels without rooms and were left out."
            ),
        }
    }
}
