//! Which of the rooms an administrator asks for, and in which order.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use booking::ids::BuildingId;
use booking::mirror::{MirrorState, RoomHealth};
use booking::rooms_overview::{Order, OverviewQuery};
use booking::search::rank::natural_order;
use booking::time::Instant;

use super::name_of;

/// A room, and what it is found by.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) health: RoomHealth,
    /// What its building is called.
    pub(super) building: Arc<str>,
    /// All its names in small letters.
    told: String,
}

/// Rooms by building and number.
pub(super) fn in_order(
    rooms: Vec<RoomHealth>,
    names: &HashMap<BuildingId, Arc<str>>,
) -> Vec<Listed> {
    let listed = rooms.into_iter().map(|health| {
        let building = name_of(names, health.building);
        let mailbox = health.mailbox.as_str();
        let told = [&health.number, &health.name, mailbox, &building].join("\n");
        Listed {
            told: told.to_lowercase(),
            building,
            health,
        }
    });
    let mut listed: Vec<Listed> = listed.collect();
    listed.sort_by(|a, b| {
        let by_building = a.building.cmp(&b.building);
        by_building.then_with(|| natural_order(&a.health.number, &b.health.number))
    });
    listed
}

/// Where the rooms asked for stand, in the order asked for.
pub(super) fn asked_for(query: &OverviewQuery, rooms: &[Listed]) -> Vec<u32> {
    let text = query.text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut found: Vec<(u32, &RoomHealth)> = rooms
        .iter()
        .zip(0_u32..)
        .filter(|(one, _)| query.only.is_none_or(|only| only.has(&one.health)))
        .filter(|(one, _)| query.building.is_none_or(|id| id == one.health.building))
        .filter(|(one, _)| words.iter().all(|word| one.told.contains(word)))
        .map(|(one, at)| (at, &one.health))
        .collect();
    let longest_ago = Instant(i64::MIN);
    match query.order {
        Order::Room => {}
        Order::State => found.sort_by_key(|(_, room)| severity(room.state)),
        Order::Age => found.sort_by_key(|(_, room)| room.in_sync_as_of.unwrap_or(longest_ago)),
        Order::Lag => found.sort_by_key(|(_, room)| Reverse(lag(room))),
        Order::Check => found.sort_by_key(|(_, room)| room.checks.at.unwrap_or(longest_ago)),
    }
    if query.reversed {
        found.reverse();
    }
    found.into_iter().map(|(at, _)| at).collect()
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
    use booking::ids::{MailboxAddress, RoomId};
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
            what_to_run: None,
            failed_at: None,
            asked: None,
            held_until: None,
        }
    }

    fn names() -> HashMap<BuildingId, Arc<str>> {
        HashMap::from([
            (HARBOUR, Arc::from("Harbour House")),
            (ANNEX, Arc::from("Annex")),
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
        let rooms = in_order(rooms(), &names());
        let found = asked_for(&query, &rooms);
        let number = |at: u32| rooms[at as usize].health.number.clone();
        found.into_iter().map(number).collect()
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
