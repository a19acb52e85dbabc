//! A random office and random questions, each way of asking compared with the judge.

use uuid::Uuid;

use crate::event::BusyKind;
use crate::ids::{BuildingId, ConnectionId, FloorId, MailboxAddress, RoomId};
use crate::random::SeededRandom;
use crate::room::{Equipment, EquipmentSet, Room, RoomLink, Seats};
use crate::search::index::{SearchIndex, slots};
use crate::search::judge::judge;
use crate::search::near_miss::near_misses;
use crate::search::{Occupancy, OccupancyKind, RoomAnswer, RoomState, Wanted};
use crate::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange, ZoneName};

/// How many days around `now` the random intervals lie in.
const DAYS: i64 = 5;

/// A random world: the index, and beside it the plain lists that the judge reads.
pub(super) struct World {
    random: SeededRandom,
    pub(super) index: SearchIndex,
    pub(super) truth: Vec<Vec<Occupancy>>,
    pub(super) now: Instant,
}

impl World {
    pub(super) fn new(seed: u64, rooms: usize, now: Instant) -> Self {
        let random = SeededRandom::new(seed);
        let rooms: Vec<Room> = (0..rooms).map(|at| random_room(&random, at)).collect();
        Self {
            truth: vec![Vec::new(); rooms.len()],
            index: SearchIndex::new(rooms),
            random,
            now,
        }
    }

    pub(super) fn below(&self, bound: u64) -> i64 {
        below(&self.random, bound)
    }

    /// A moment near now: on a slot, on a day border, a millisecond beside one, or anywhere.
    fn moment(&self) -> Instant {
        let slots = Instant(self.now.0.div_euclid(DAY_MS) * DAY_MS)
            .plus_ms(self.below((DAYS * 288) as u64) * slots::SLOT_MS);
        match self.below(8) {
            0 => Instant(slots.0.div_euclid(DAY_MS) * DAY_MS),
            1 => slots.plus_ms(self.below(3) - 1),
            2 | 3 => slots.plus_ms(self.below(slots::SLOT_MS as u64)),
            _ => slots,
        }
    }

    pub(super) fn range(&self) -> TimeRange {
        let start = self.moment();
        let length = match self.below(12) {
            0 => 1,
            1 => self.below(HOUR_MS as u64) + 1,
            2 => DAY_MS,
            3 => self.below(3 * DAY_MS as u64) + 1,
            4 => 10 * MINUTE_MS + 14_000,
            _ => (self.below(24) + 1) * slots::SLOT_MS,
        };
        TimeRange::new(start, start.plus_ms(length)).unwrap()
    }

    pub(super) fn occupancy(&self) -> Occupancy {
        let kind = match self.below(4) {
            0 => OccupancyKind::Held,
            1 => OccupancyKind::Calendar(BusyKind::Tentative),
            _ => OccupancyKind::Calendar(BusyKind::Busy),
        };
        Occupancy {
            range: self.range(),
            kind,
        }
    }

    pub(super) fn wanted(&self) -> Wanted {
        let first = self.range();
        let series = if self.below(4) == 0 { 12 } else { 1 };
        let apart = if self.below(2) == 0 { 7 } else { 1 } * DAY_MS;
        let some = |one: Equipment| self.below(5) == 0 && one != Equipment::Daylight;
        Wanted {
            floor: (self.below(3) == 0).then(|| floor(self.below(4))),
            ranges: (0..series)
                .map(|week| first.shifted_ms(week * apart))
                .collect(),
            people: self.below(12) as u32,
            equipment: Equipment::ALL
                .into_iter()
                .filter(|one| some(*one))
                .collect(),
            step_free: self.below(4) == 0,
        }
    }

    /// Changes one room: in place, or by giving all its intervals anew.
    pub(super) fn change(&mut self) {
        let at = self.below(self.truth.len() as u64) as usize;
        let id = self.index.rooms()[at].id;
        if self.below(3) == 0 {
            let count = self.below(12);
            self.truth[at] = (0..count).map(|_| self.occupancy()).collect();
            self.index.set_room_occupancies(id, self.truth[at].clone());
            return;
        }
        let mut removed = Vec::new();
        while !self.truth[at].is_empty() && self.below(2) == 0 {
            let which = self.below(self.truth[at].len() as u64) as usize;
            removed.push(self.truth[at].swap_remove(which));
        }
        let added: Vec<Occupancy> = (0..self.below(3)).map(|_| self.occupancy()).collect();
        self.truth[at].extend(&added);
        self.index.apply(id, &removed, &added);
    }

    /// Asks one question in every way and compares with the judge.
    pub(super) fn compare(&self, wanted: &Wanted) {
        let expected: Vec<RoomAnswer> = std::iter::zip(self.index.rooms(), &self.truth)
            .map(|(room, truth)| judge(room, truth, wanted, self.now))
            .collect();
        let free = self.index.free(wanted, self.now);
        let mut counted = 0;
        for (at, answer) in expected.iter().enumerate() {
            let room = &self.index.rooms()[at];
            let on_floor = wanted.floor.is_none_or(|floor| floor == room.floor);
            let is_free = on_floor && answer.state == RoomState::Free;
            counted += usize::from(is_free);
            assert_eq!(free.contains(at), is_free, "{answer:?} for {wanted:?}");
        }
        assert_eq!(free.count(), counted);
        let answers: Vec<RoomAnswer> = self.index.answers(None, wanted, self.now).collect();
        assert_eq!(answers, expected, "for {wanted:?}");
        for level in 0..4 {
            self.compare_floor(floor(level), wanted, &expected);
        }
    }

    fn compare_floor(&self, floor: FloorId, wanted: &Wanted, expected: &[RoomAnswer]) {
        let rooms = self.index.rooms();
        let (rooms, states): (Vec<&Room>, Vec<RoomState>) = std::iter::zip(rooms, expected)
            .filter(|(room, _)| room.floor == floor)
            .map(|(room, answer)| (room, answer.state))
            .unzip();
        assert_eq!(self.index.states(floor, wanted, self.now), states);
        assert_eq!(self.index.floor_rooms(floor).collect::<Vec<_>>(), rooms);
    }

    /// Each count is what asking with that filter gives.
    pub(super) fn compare_facets(&self, wanted: &Wanted) {
        let facets = self.index.facets(wanted, self.now);
        let count = |change: &dyn Fn(&mut Wanted)| {
            let mut changed = wanted.clone();
            change(&mut changed);
            self.index.free(&changed, self.now).count() as u32
        };
        assert_eq!(facets.free, count(&|_| ()));
        for (kind, told) in facets.equipment {
            let with_it = count(&|wanted| wanted.equipment = wanted.equipment.with(kind));
            assert_eq!(told, with_it, "{kind:?}");
        }
        assert_eq!(facets.step_free, count(&|wanted| wanted.step_free = true));
        for (floor, told) in facets.floors {
            assert_eq!(told, count(&|wanted| wanted.floor = Some(floor)));
        }
    }

    /// Each change makes its room free, which it was not before.
    pub(super) fn compare_near_misses(&self, wanted: &Wanted) {
        let misses = near_misses(&self.index, wanted, self.now, 5);
        for miss in &misses {
            let ask = |wanted: &Wanted| self.index.answer(miss.room, wanted, self.now).unwrap();
            let changed = miss.change.applied(wanted);
            assert_eq!(ask(&changed).state, RoomState::Free, "{miss:?}");
            let mut answer = ask(wanted);
            answer.remedy = vec![miss.change];
            assert_eq!(answer, miss.answer);
            assert_eq!(changed.ranges.len(), wanted.ranges.len());
        }
        let mut rooms: Vec<RoomId> = misses.iter().map(|miss| miss.room).collect();
        rooms.sort_unstable();
        rooms.dedup();
        assert_eq!(rooms.len(), misses.len(), "each room once");
    }
}

fn below(random: &SeededRandom, bound: u64) -> i64 {
    (random.next_u64() % bound) as i64
}

fn floor(level: i64) -> FloorId {
    FloorId(Uuid::from_u128(level as u128 + 1))
}

pub(super) fn random_room(random: &SeededRandom, at: usize) -> Room {
    let chance = |of: u64| below(random, of) == 0;
    let link = RoomLink {
        connection: ConnectionId(Uuid::nil()),
        mailbox: MailboxAddress::parse(&format!("room{at}@contoso.com")).unwrap(),
    };
    Room {
        id: RoomId::random(random),
        building: BuildingId(Uuid::nil()),
        floor: floor(below(random, 3)),
        number: at.to_string(),
        name: at.to_string(),
        seats: (!chance(6)).then(|| Seats {
            count: below(random, 14) as u32,
            guessed: chance(3),
        }),
        equipment: EquipmentSet(below(random, 32) as u32),
        step_free: (!chance(3)).then(|| chance(2)),
        link: (!chance(9)).then_some(link),
        shape: None,
        zone: ZoneName::utc(),
    }
}
