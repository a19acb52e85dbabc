//! The day itself: what happens when, one thing after the other, and the clocks moved between them.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use booking::random::SeededRandom;
use booking::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use days::process::Task;
use days::{MONDAY, Plan, RoomKind, World};
use engine::sync::sweep_task;
use m365_sim::NotificationMode;

use crate::delivery::{self, Delivery};
use crate::mirror::Mirrors;
use crate::people::People;
use crate::requests::Requests;

pub(crate) const ROOMS: usize = 40;
/// Rooms that are booked; nobody wants the others.
pub(crate) const BUSY: usize = 30;
const SEED: u64 = 20_261_120;
/// From midnight on, by the clock of the office.
const MIDNIGHT_MS: i64 = -9 * HOUR_MS;
const OPENS_MS: i64 = 8 * HOUR_MS;
const CLOSES_MS: i64 = 18 * HOUR_MS;
/// How often people change what a busy room has, on a day.
const ACTS_PER_ROOM: i64 = 14;
/// A room answers after so long, up to.
const ANSWERS_WITHIN_MS: i64 = 10 * SECOND_MS;
/// How often what runs by itself has its turn: every second in truth.
const TURN_MS: i64 = 2 * SECOND_MS;
const TURN_AT_NIGHT_MS: i64 = 10 * SECOND_MS;

/// Whether Microsoft notifies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Push {
    Delivered,
    Lossy {
        lost_percent: u64,
    },
    /// Etage never asked for it.
    Never,
}

/// What a day came to, over all busy rooms.
pub(crate) struct Figures {
    /// Seconds in which a room's colour of that moment was not its calendar's.
    pub(crate) wrong_now_s: f64,
    /// Seconds in which any of its times in the next days was not.
    pub(crate) wrong_anywhere_s: f64,
    /// How often a calendar changed.
    pub(crate) changes: u64,
    pub(crate) requests: Requests,
}

/// What happens next; `u64` keeps the order of those that happen at once.
type Due = Reverse<(i64, u64, What)>;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// Somebody changes what this room has.
    Act(usize),
    /// Rooms answer requests.
    Answer,
    /// Microsoft tells of a change of this room.
    Tell(usize),
    /// What Etage does by itself every second.
    Turn,
    /// What it does every minute.
    Minute,
    /// The simulator's log is counted before it forgets.
    Count,
}

struct Day {
    world: World,
    push: Push,
    /// What people do; the same whatever is notified.
    random: SeededRandom,
    /// What becomes of notifications.
    fate: SeededRandom,
    people: People,
    mirrors: Mirrors,
    delivery: Delivery,
    requests: Requests,
    due: BinaryHeap<Due>,
    planned: u64,
    /// Rooms that have still to answer.
    asked: BTreeSet<usize>,
    changes: u64,
}

pub(crate) async fn live(push: Push) -> Figures {
    let mut day = Day::begin(push).await;
    day.plan_acts();
    for (at, what) in [(0, What::Turn), (0, What::Minute), (HOUR_MS, What::Count)] {
        day.plan(at, what);
    }
    let mut passed = 0;
    while let Some(Reverse((at, _, what))) = day.due.pop() {
        if at > DAY_MS {
            break;
        }
        day.mirrors.let_pass(day.world.now(), at - passed);
        day.world.advance_ms(at - passed);
        passed = at;
        day.happen(at, what).await;
    }
    day.mirrors.let_pass(day.world.now(), DAY_MS - passed);
    day.end().await
}

impl Day {
    async fn begin(push: Push) -> Self {
        let random = SeededRandom::new(SEED);
        let plan = Plan {
            start: MONDAY.plus_ms(MIDNIGHT_MS),
            rooms: vec![RoomKind::Accepts; ROOMS],
            seed: SEED,
            ..Plan::default()
        };
        let mut world = World::open(plan).await;
        let mut people = People::default();
        for room in 0..BUSY {
            people.book_ahead(&world, room, &random).await;
        }
        world.settle().await;
        let delivery = Delivery::of(&world).await;
        world.sim.set_notifications(NotificationMode::Drop);
        if push == Push::Never {
            delivery::end_subscriptions(&world, &delivery).await;
        }
        Requests::forget(&world).await;
        Self {
            mirrors: Mirrors::of(&world).await,
            world,
            push,
            random,
            fate: SeededRandom::new(SEED + 1),
            people,
            delivery,
            requests: Requests::default(),
            due: BinaryHeap::new(),
            planned: 0,
            asked: BTreeSet::new(),
            changes: 0,
        }
    }

    fn plan(&mut self, at: i64, what: What) {
        self.planned += 1;
        self.due.push(Reverse((at, self.planned, what)));
    }

    /// From nought to just below.
    fn below(&self, bound: i64) -> i64 {
        i64::try_from(self.random.next_u64() % bound.unsigned_abs()).unwrap()
    }

    fn plan_acts(&mut self) {
        for room in 0..BUSY {
            for _ in 0..ACTS_PER_ROOM {
                let at = OPENS_MS + self.below(CLOSES_MS - OPENS_MS);
                self.plan(at, What::Act(room));
            }
        }
    }

    async fn happen(&mut self, at: i64, what: What) {
        match what {
            What::Act(room) => {
                let asked = self.people.act(&self.world, room, &self.random).await;
                self.calendars_changed(at, &asked).await;
                self.asked.extend(asked);
                let answered = at + SECOND_MS + self.below(ANSWERS_WITHIN_MS - SECOND_MS);
                self.plan(answered, What::Answer);
            }
            What::Answer => {
                self.world.sim.drain().await;
                let asked: Vec<usize> = std::mem::take(&mut self.asked).into_iter().collect();
                self.calendars_changed(at, &asked).await;
            }
            What::Tell(room) => {
                self.delivery.tell(room).await;
                self.turn().await;
            }
            What::Turn => {
                self.turn().await;
                let is_open = (OPENS_MS..CLOSES_MS + HOUR_MS).contains(&at);
                let pause = if is_open { TURN_MS } else { TURN_AT_NIGHT_MS };
                self.plan(at + pause, What::Turn);
            }
            What::Minute => {
                if self.push != Push::Never {
                    self.run(Task::Subscriptions).await;
                }
                let compared = self.world.processes[0]
                    .work(async |engine| sweep_task::run(engine).await)
                    .await;
                compared.done().unwrap();
                self.plan(at + MINUTE_MS, What::Minute);
            }
            What::Count => {
                self.requests.count(&self.world).await;
                self.plan(at + HOUR_MS, What::Count);
            }
        }
    }

    /// Looks which of these calendars have changed, and has Microsoft tell of them.
    async fn calendars_changed(&mut self, at: i64, rooms: &[usize]) {
        let changed = self.mirrors.look_at_calendars(&self.world, rooms).await;
        self.changes += changed.len() as u64;
        for room in changed {
            let is_told = match self.push {
                Push::Delivered => true,
                Push::Lossy { lost_percent } => self.fate.next_u64() % 100 >= lost_percent,
                Push::Never => false,
            };
            let late = delivery::latency_ms(&self.fate);
            if is_told {
                self.plan(at + late, What::Tell(room));
            }
        }
    }

    async fn turn(&mut self) {
        self.run(Task::Events).await;
        self.run(Task::CatchUp).await;
        self.mirrors.look_at_mirror(&self.world).await;
    }

    async fn run(&mut self, task: Task) {
        self.world.run(0, task).await.done().unwrap();
    }

    async fn end(mut self) -> Figures {
        self.requests.count(&self.world).await;
        self.world.end().await;
        Figures {
            wrong_now_s: self.mirrors.wrong_now_ms as f64 / 1_000.0,
            wrong_anywhere_s: self.mirrors.wrong_anywhere_ms as f64 / 1_000.0,
            changes: self.changes,
            requests: self.requests,
        }
    }
}
