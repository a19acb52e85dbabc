//! How the mirrors of all rooms stand, for administrators; and rooms read because one of them wants it.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use booking::ids::{BuildingId, RoomId};
use booking::mirror::{MirrorState, RoomHealth, SyncRun};
use booking::person::Person;
use booking::rooms_overview::{BuildingName, Order, OverviewQuery, PAGE_ROOMS, RoomsOverview};
use booking::search::rank::natural_order;
use booking::time::Instant;

use crate::roles::Act;
use crate::{Engine, Error};

/// What a building is called where it is no longer known.
const NO_NAME: &str = "";

impl Engine {
    /// One page of how rooms stand.
    ///
    /// # Errors
    /// [`booking::BookingError::AdminNeeded`] for everybody else; when the store cannot be read.
    pub async fn rooms_overview(
        &self,
        person: &Person,
        query: &OverviewQuery,
    ) -> Result<RoomsOverview, Error> {
        self.authorize(person, Act::SeeMirror).await?;
        let health = self.rooms_health().await?;
        let names = self.building_names();
        let buildings = buildings_of(&health.rooms, &names);
        let found = asked_for(query, &health.rooms, &names);
        let matching = found.len() as u32;
        let page = query.page.min(matching.saturating_sub(1) / PAGE_ROOMS);
        Ok(RoomsOverview {
            now: health.now,
            totals: health.totals,
            run: health.run,
            buildings,
            matching,
            page,
            rooms: found
                .into_iter()
                .skip(page as usize * PAGE_ROOMS as usize)
                .take(PAGE_ROOMS as usize)
                .cloned()
                .collect(),
        })
    }

    /// Has one room read now, or all of them, because an administrator wants it; not more often than
    /// [`sync_now`](crate::sync_now) lets them be.
    ///
    /// # Errors
    /// [`booking::BookingError::AdminNeeded`] for everybody else; `NotFound` for a room that is not there or not
    /// linked; when the store fails.
    pub async fn sync_rooms(
        &self,
        person: &Person,
        room: Option<RoomId>,
    ) -> Result<SyncRun, Error> {
        self.authorize(person, Act::SyncRooms).await?;
        match room {
            Some(room) => self.sync_room_now(room).await,
            None => self.sync_all_now().await,
        }
    }

    fn building_names(&self) -> HashMap<BuildingId, String> {
        let world = self.index.read();
        let buildings = world.buildings.iter().map(|one| &one.building);
        buildings.map(|one| (one.id, one.name.clone())).collect()
    }
}

fn name_of(names: &HashMap<BuildingId, String>, building: BuildingId) -> &str {
    names.get(&building).map_or(NO_NAME, String::as_str)
}

fn buildings_of(rooms: &[RoomHealth], names: &HashMap<BuildingId, String>) -> Vec<BuildingName> {
    let there: HashSet<BuildingId> = rooms.iter().map(|room| room.building).collect();
    let mut buildings: Vec<BuildingName> = there
        .into_iter()
        .map(|id| BuildingName {
            id,
            name: name_of(names, id).to_owned(),
        })
        .collect();
    buildings.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    buildings
}

/// The rooms asked for in the order asked for.
fn asked_for<'r>(
    query: &OverviewQuery,
    rooms: &'r [RoomHealth],
    names: &HashMap<BuildingId, String>,
) -> Vec<&'r RoomHealth> {
    let text = query.text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<&RoomHealth> = rooms
        .iter()
        .filter(|room| query.only.is_none_or(|only| only.has(room)))
        .filter(|room| query.building.is_none_or(|id| id == room.building))
        .filter(|room| has_all(&words, room, name_of(names, room.building)))
        .collect();
    found.sort_by(|a, b| {
        let by_building = name_of(names, a.building).cmp(name_of(names, b.building));
        by_building.then_with(|| natural_order(&a.number, &b.number))
    });
    match query.order {
        Order::Room => {}
        Order::State => found.sort_by_key(|room| severity(room.state)),
        Order::Age => found.sort_by_key(|room| room.in_sync_as_of.unwrap_or(Instant(i64::MIN))),
        Order::Lag => found.sort_by_key(|room| Reverse(lag(room))),
        Order::Check => found.sort_by_key(|room| room.checks.at.unwrap_or(Instant(i64::MIN))),
    }
    if query.reversed {
        found.reverse();
    }
    found
}

fn has_all(words: &[&str], room: &RoomHealth, building: &str) -> bool {
    if words.is_empty() {
        return true;
    }
    let told = [&room.number, &room.name, room.mailbox.as_str(), building].join("\n");
    let told = told.to_lowercase();
    words.iter().all(|word| told.contains(word))
}

/// The worst is the least.
const fn severity(state: MirrorState) -> u8 {
    match state {
        MirrorState::Failing => 0,
        MirrorState::Late => 1,
        MirrorState::Waiting => 2,
        MirrorState::InSync => 3,
    }
}

/// Longer than can be told is the longest, and nothing told the shortest.
fn lag(room: &RoomHealth) -> i64 {
    match room.lag.p95_ms {
        Some(ms) => ms,
        None if room.lag.samples > 0 => i64::MAX,
        None => i64::MIN,
    }
}

#[cfg(test)]
mod tests {
    use booking::ids::MailboxAddress;
    use booking::mirror::{LagShown, PolledBecause, Watch};
    use booking::rooms_overview::Only;
    use uuid::Uuid;

    use super::*;

    const HARBOUR: BuildingId = BuildingId(Uuid::from_u128(1));
    const ANNEX: BuildingId = BuildingId(Uuid::from_u128(2));

    fn room(number: &str, building: BuildingId, state: MirrorState) -> RoomHealth {
        RoomHealth {
            room: RoomId(Uuid::from_u128(7)),
            building,
            number: number.to_owned(),
            name: format!("Room {number}"),
            mailbox: MailboxAddress::parse(&format!("room{number}@contoso.com")).unwrap(),
            state,
            in_sync_as_of: None,
            reading: Default::default(),
            watch: Watch::Pushed { until: Instant(0) },
            trust: Default::default(),
            notified_at: None,
            next_poll_at: Instant(0),
            lag: LagShown::default(),
            checks: Default::default(),
            last_error: None,
            failed_at: None,
        }
    }

    fn names() -> HashMap<BuildingId, String> {
        HashMap::from([
            (HARBOUR, "Harbour House".to_owned()),
            (ANNEX, "Annex".to_owned()),
        ])
    }

    fn rooms() -> Vec<RoomHealth> {
        let mut late = room("3", ANNEX, MirrorState::Late);
        late.in_sync_as_of = Some(Instant(5));
        late.watch = Watch::Polled {
            because: PolledBecause::Limit,
            said: None,
        };
        let mut slow = room("2", HARBOUR, MirrorState::InSync);
        slow.in_sync_as_of = Some(Instant(9));
        slow.lag = LagShown {
            samples: 1,
            p50_ms: Some(100),
            p95_ms: Some(9_000),
        };
        let mut quick = room("1", HARBOUR, MirrorState::InSync);
        quick.in_sync_as_of = Some(Instant(7));
        quick.lag = LagShown {
            p95_ms: Some(200),
            ..slow.lag
        };
        vec![quick, slow, room("4", HARBOUR, MirrorState::Failing), late]
    }

    fn found(query: OverviewQuery) -> Vec<String> {
        let rooms = rooms();
        let found = asked_for(&query, &rooms, &names());
        found.into_iter().map(|room| room.number.clone()).collect()
    }

    #[test]
    fn the_worst_comes_first_unless_another_order_is_asked_for() {
        let by = |order, reversed| {
            found(OverviewQuery {
                order,
                reversed,
                ..Default::default()
            })
        };
        assert_eq!(by(Order::State, false), ["4", "3", "1", "2"]);
        assert_eq!(by(Order::State, true), ["2", "1", "3", "4"]);
        assert_eq!(by(Order::Room, false), ["3", "1", "2", "4"]);
        assert_eq!(by(Order::Room, true), ["4", "2", "1", "3"]);
        assert_eq!(by(Order::Age, false), ["4", "3", "1", "2"]);
        assert_eq!(by(Order::Lag, false), ["2", "1", "3", "4"]);
    }

    #[test]
    fn rooms_are_found_by_words_in_any_of_their_names_by_building_and_by_how_they_stand() {
        let text = |text: &str| {
            found(OverviewQuery {
                text: text.to_owned(),
                order: Order::Room,
                ..Default::default()
            })
        };
        assert_eq!(text(" HARBOUR room2@ "), ["2"]);
        assert_eq!(text("annex"), ["3"]);
        assert_eq!(text("annex room2@"), [""; 0]);
        let only = |only| {
            found(OverviewQuery {
                only: Some(only),
                building: Some(ANNEX),
                ..Default::default()
            })
        };
        assert_eq!(only(Only::Polled), ["3"]);
        assert_eq!(only(Only::Late), ["3"]);
        assert_eq!(only(Only::InSync), [""; 0]);
    }
}
