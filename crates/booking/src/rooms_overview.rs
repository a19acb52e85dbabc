//! How the mirrors of all rooms stand, as an administrator asks for it: some of them, in some order, a page at a time.

use serde::{Deserialize, Serialize};

use crate::ids::BuildingId;
use crate::mirror::{MirrorState, MirrorTotals, Reading, RoomHealth, SyncRun, Watch};
use crate::time::Instant;

/// Rooms on one page.
pub const PAGE_ROOMS: u32 = 50;

/// Which rooms, and in which order.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct OverviewQuery {
    /// Words each of which number, name, mailbox or building has to contain, in whatever case. Empty: all rooms.
    pub text: String,
    /// Only rooms that stand so. `None`: all.
    pub only: Option<Only>,
    /// Only rooms of that building. `None`: of all.
    pub building: Option<BuildingId>,
    /// What the list is ordered by.
    pub order: Order,
    /// The other way round.
    pub reversed: bool,
    /// Which page, from 0. Beyond the last: the last.
    pub page: u32,
}

impl OverviewQuery {
    /// Reads a query out of the words of an address: `word` gives what stands under a key, nothing where nothing does.
    /// What makes no sense asks for nothing in particular.
    pub fn read<'w>(word: impl Fn(&str) -> Option<&'w str>) -> Self {
        let word = |key| word(key).unwrap_or_default();
        let (only, order) = (word("only"), word("sort"));
        Self {
            text: word("q").to_owned(),
            only: Only::ALL.into_iter().find(|one| one.word() == only),
            building: word("building").parse().ok(),
            order: Order::ALL
                .into_iter()
                .find(|one| one.word() == order)
                .unwrap_or_default(),
            reversed: !word("reversed").is_empty(),
            page: word("page")
                .parse::<u32>()
                .map_or(0, |page| page.saturating_sub(1)),
        }
    }
}

/// Rooms that stand in one way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// Could not be read.
    Failing,
    /// Should have been read by now.
    Late,
    /// Never read yet.
    Waiting,
    /// Read when they were due.
    InSync,
    /// Do not notify us.
    Polled,
    /// Show only free and busy.
    FreeBusyOnly,
}

impl Only {
    /// Every kind, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::Failing,
        Self::Late,
        Self::Waiting,
        Self::InSync,
        Self::Polled,
        Self::FreeBusyOnly,
    ];

    /// The word in addresses; never translated.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Failing => "failing",
            Self::Late => "behind",
            Self::Waiting => "waiting",
            Self::InSync => "in_sync",
            Self::Polled => "polled",
            Self::FreeBusyOnly => "free_busy_only",
        }
    }

    /// Whether a room stands so.
    pub const fn has(self, room: &RoomHealth) -> bool {
        match self {
            Self::Failing => matches!(room.state, MirrorState::Failing),
            Self::Late => matches!(room.state, MirrorState::Late),
            Self::Waiting => matches!(room.state, MirrorState::Waiting),
            Self::InSync => matches!(room.state, MirrorState::InSync),
            Self::Polled => matches!(room.watch, Watch::Polled { .. }),
            Self::FreeBusyOnly => matches!(room.reading, Reading::FreeBusyOnly),
        }
    }

    /// How many rooms stand so.
    pub const fn count(self, totals: &MirrorTotals) -> u32 {
        match self {
            Self::Failing => totals.failing,
            Self::Late => totals.late,
            Self::Waiting => totals.waiting,
            Self::InSync => totals.in_sync,
            Self::Polled => totals.polled,
            Self::FreeBusyOnly => totals.free_busy_only,
        }
    }
}

/// What a list of rooms is ordered by; what is alike stays in the order of buildings and numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// How they stand, the worst first.
    #[default]
    State,
    /// Buildings, then numbers.
    Room,
    /// How old their mirror is, the oldest first.
    Age,
    /// How long changes take, the longest first.
    Lag,
    /// How long ago their last full check was, the longest first.
    Check,
}

impl Order {
    /// Every order, in that of the table's columns.
    pub const ALL: [Self; 5] = [Self::Room, Self::State, Self::Age, Self::Lag, Self::Check];

    /// The word in addresses; never translated.
    pub const fn word(self) -> &'static str {
        match self {
            Self::State => "state",
            Self::Room => "room",
            Self::Age => "age",
            Self::Lag => "lag",
            Self::Check => "check",
        }
    }
}

/// A building by its name.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct BuildingName {
    /// The building.
    pub id: BuildingId,
    /// What people call it.
    pub name: String,
}

/// One page of the list, with what holds for all rooms.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct RoomsOverview {
    /// The server's clock, so that ages do not depend on the browser's.
    pub now: Instant,
    /// When this was read: how rooms stand is shown as it was then, also where it has changed since.
    pub read_at: Instant,
    /// All linked rooms together.
    pub totals: MirrorTotals,
    /// The last time somebody asked for all rooms to be read. `None`: nobody ever did.
    pub run: Option<SyncRun>,
    /// Buildings that have linked rooms, by name.
    pub buildings: Vec<BuildingName>,
    /// How many rooms were asked for.
    pub matching: u32,
    /// Which page this is, from 0.
    pub page: u32,
    /// The rooms on it; at most [`PAGE_ROOMS`].
    pub rooms: Vec<RoomHealth>,
}

impl RoomsOverview {
    /// How many pages there are; at least one.
    pub const fn pages(&self) -> u32 {
        let pages = self.matching.div_ceil(PAGE_ROOMS);
        if pages == 0 { 1 } else { pages }
    }
}
