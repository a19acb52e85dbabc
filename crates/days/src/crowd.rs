//! Very many people who want the same few rooms at the same time, while rooms decline, answers are lost and processes die.
//!
//! Everybody asks at once, some of them twice, each at a process drawn for them. Who hears nothing asks again, with the same
//! key, as a browser does. Once all have an answer and all is at rest, at most one has each slot, whoever has none was told
//! so, no calendar holds what nobody reserved, and everything that was asked is asked once more and changes nothing.

mod verdict;

use std::fmt;

use booking::BookingError;
use booking::ids::ReservationId;
use booking::reservation::Reservation;
use booking::time::{SECOND_MS, TimeRange};
use futures::future::{join, join_all};
use m365_sim::{Fault, FaultAction, FaultMatch};

use crate::database::Database;
use crate::day::Draw;
use crate::etage;
use crate::office::{PRADEEP, RoomKind, room_address};
use crate::outlook::Meeting;
use crate::process::{Door, Outcome, Task};
use crate::world::{Plan, World};

/// Slots of half an hour in each room that people want.
const SLOTS: usize = 4;
/// So long things go wrong, also when everybody has an answer: then with what Microsoft is told of it.
const TROUBLED_WAVES: u32 = 12;
/// How often everybody without an answer asks at most.
const WAVES_MAX: u32 = 24;
/// Of a hundred people, so many press twice.
const PRESS_TWICE_PERCENT: u64 = 20;
/// Of a hundred slots, so many are taken in Outlook meanwhile.
const TAKEN_IN_OUTLOOK_PERCENT: u64 = 15;

/// Who wants what.
#[derive(Clone, Copy, Debug)]
pub struct Crowd {
    /// Where everything is drawn from.
    pub seed: u64,
    /// What the processes share.
    pub database: Database,
    /// How many Etage processes there are.
    pub processes: usize,
    /// How many people, each with a calendar of their own.
    pub people: usize,
    /// How many rooms.
    pub rooms: usize,
}

/// What came of it.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// How often somebody asked.
    pub asked: u64,
    /// People who were told no at once.
    pub refused: u64,
    /// Processes killed.
    pub kills: u64,
    /// Faults that fired at Microsoft.
    pub faults: u64,
    /// Slots that somebody wanted.
    pub slots: u64,
    /// Slots that one of them has.
    pub confirmed: u64,
    /// Slots that somebody in Outlook has.
    pub outlook: u64,
    /// Slots that nobody has, because the room declined whoever was let through.
    pub nobody: u64,
    /// What is not as it must be.
    pub findings: Vec<String>,
}

impl fmt::Display for Gathered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            asked,
            refused,
            kills,
            faults,
            slots,
            confirmed,
            outlook,
            nobody,
            findings,
        } = self;
        write!(
            f,
            "{asked} requests, {refused} refused, {faults} faults, {kills} kills; of {slots} slots {confirmed} confirmed, \
             {outlook} taken in Outlook, {nobody} declined to everybody; {} findings",
            findings.len()
        )
    }
}

/// Somebody who wants a room.
struct Wish {
    person: usize,
    key: ReservationId,
    room: usize,
    range: TimeRange,
    answer: Answer,
}

/// What they were told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// Nothing yet, or that it did not work.
    None,
    /// It is theirs, as far as Etage can say.
    Taken,
    /// Somebody else was quicker.
    Refused,
}

/// Has everybody ask until all have an answer, then judges.
pub async fn gather(crowd: &Crowd) -> Gathered {
    let draw = Draw::new(crowd.seed);
    let world = World::open(Plan {
        rooms: (0..crowd.rooms)
            .map(|_| draw.one_of(&[RoomKind::Accepts, RoomKind::ForgetsCancelled]))
            .collect(),
        processes: crowd.processes,
        people: crowd.people,
        database: crowd.database,
        seed: crowd.seed,
        ..Plan::default()
    })
    .await;
    let slots: Vec<TimeRange> = (0..SLOTS as i64)
        .map(|slot| world.in_minutes(180 + 40 * slot, 30))
        .collect();
    let wishes = (0..crowd.people)
        .map(|person| Wish {
            person,
            key: ReservationId(draw.uuid()),
            room: draw.below(crowd.rooms as u64) as usize,
            range: draw.one_of(&slots),
            answer: Answer::None,
        })
        .collect();
    let mut scene = Scene {
        world,
        draw,
        wishes,
        gathered: Gathered::default(),
    };
    for wave in 0..WAVES_MAX {
        let has_trouble = wave < TROUBLED_WAVES;
        if !has_trouble && scene.wishes.iter().all(|wish| wish.answer != Answer::None) {
            break;
        }
        scene.wave(has_trouble).await;
    }
    scene.judged().await;
    scene.world.end().await;
    scene.gathered
}

struct Scene {
    world: World,
    draw: Draw,
    wishes: Vec<Wish>,
    gathered: Gathered,
}

impl Scene {
    /// Everybody without an answer asks, all at once, while the processes do what they do by themselves.
    async fn wave(&mut self, has_trouble: bool) {
        if has_trouble {
            self.requests_fail();
            self.processes_will_die();
        }
        let doors: Vec<Door> = (self.world.processes.iter())
            .map(|process| process.door().clone())
            .collect();
        let asking = self.asking(&doors);
        let working = doors.iter().map(async |door| {
            for task in [Task::Outbox, Task::Events, Task::Answers, Task::CatchUp] {
                if matches!(door.run(task).await, Outcome::Killed) {
                    return;
                }
            }
        });
        let meetings = self.meetings(has_trouble);
        let in_outlook = meetings
            .iter()
            .map(|meeting| self.world.outlook.send(PRADEEP, meeting));
        let (told, _) = join(
            join_all(asking),
            join(join_all(working), join_all(in_outlook)),
        )
        .await;
        self.gathered.asked += told.len() as u64;
        for (wish, answer) in told {
            // Whoever pressed twice may be too late with one, and have it with the other.
            let known = &mut self.wishes[wish].answer;
            if *known != Answer::Taken && answer != Answer::None {
                *known = answer;
            }
        }
        self.the_dead_rise().await;
        if self.draw.percent(60) {
            self.world.sim.drain().await;
        }
        self.world.advance_ms(self.draw.between(0, 20 * SECOND_MS));
    }

    fn asking(&self, doors: &[Door]) -> Vec<impl Future<Output = (usize, Answer)>> {
        let waiting =
            (self.wishes.iter().enumerate()).filter(|(_, wish)| wish.answer == Answer::None);
        waiting
            .flat_map(|(at, wish)| {
                let presses = if self.draw.percent(PRESS_TWICE_PERCENT) {
                    2
                } else {
                    1
                };
                (0..presses).map(move |_| (at, wish))
            })
            .map(|(at, wish)| {
                let door = &doors[self.draw.below(doors.len() as u64) as usize];
                self.ask(door.clone(), at, wish)
            })
            .collect()
    }

    async fn ask(&self, door: Door, at: usize, wish: &Wish) -> (usize, Answer) {
        let answer = match place(&self.world, &door, wish).await {
            Outcome::Done(Ok(_)) => Answer::Taken,
            Outcome::Done(Err(engine::Error::Booking(BookingError::Refused(_)))) => Answer::Refused,
            Outcome::Done(Err(_)) | Outcome::Killed => Answer::None,
        };
        (at, answer)
    }

    /// What somebody in Outlook sends meanwhile, into slots that people here want.
    fn meetings(&self, has_trouble: bool) -> Vec<Meeting> {
        let percent = TAKEN_IN_OUTLOOK_PERCENT * u64::from(has_trouble);
        let wishes = self.wishes.iter().step_by(7);
        let taken = wishes.filter(|wish| wish.answer == Answer::None && self.draw.percent(percent));
        taken
            .map(|wish| Meeting::at(wish.range).inviting(&room_address(wish.room + 1)))
            .collect()
    }

    fn requests_fail(&self) {
        let status = |status, code: &str| FaultAction::Status {
            status,
            code: code.to_owned(),
            message: None,
            retry_after_seconds: Some(0.002),
        };
        for _ in 0..self.draw.between(2, 6) {
            let action = match self.draw.below(6) {
                0 => status(429, "ApplicationThrottled"),
                1 => status(503, "serviceNotAvailable"),
                2 => status(504, "UnknownError"),
                3 => FaultAction::LoseAnswer,
                4 => FaultAction::DropConnection,
                _ => FaultAction::TruncateBody { keep_bytes: 40 },
            };
            let matches = FaultMatch::path(self.draw.one_of(&["/v1.0/me/*", "/v1.0/"]));
            let count = self.draw.one_of(&[1, 5, 20, 60]);
            let fault = Fault::times(count, matches, action);
            self.world
                .sim
                .faults()
                .add(fault)
                .expect("the fault can be");
        }
    }

    fn processes_will_die(&self) {
        for process in &self.world.processes {
            if self.draw.percent(50) {
                let most = self.draw.one_of(&[20, 100, 500, 2_500]);
                process.gate().close_after(self.draw.below(most));
            }
        }
    }

    async fn the_dead_rise(&mut self) {
        for number in 0..self.world.processes.len() {
            self.world.processes[number].gate().stay_open();
            if self.world.processes[number].gate().is_closed() {
                self.gathered.kills += 1;
                self.world.kill(number).await;
                self.world.start(number).await;
            }
        }
    }

    /// Lets everything come to rest, and says what is not as it must be; then has everything asked once more.
    async fn judged(&mut self) {
        let faults = self.world.sim.faults().all();
        self.gathered.faults = faults.iter().map(|one| u64::from(one.fired)).sum();
        self.world.sim.faults().clear();
        let unanswered = (self.wishes.iter()).filter(|wish| wish.answer == Answer::None);
        let unanswered = unanswered.count();
        if unanswered > 0 {
            let told = format!("{unanswered} people were never told anything");
            self.gathered.findings.push(told);
        }
        let refused = (self.wishes.iter()).filter(|wish| wish.answer == Answer::Refused);
        self.gathered.refused = refused.count() as u64;
        self.come_to_rest().await;
        self.every_slot_has_one().await;
        self.asking_again_changes_nothing().await;
    }

    async fn come_to_rest(&mut self) {
        let failed = self.world.settled().await;
        self.gathered.findings.extend(failed);
    }
}

async fn place(
    world: &World,
    door: &Door,
    wish: &Wish,
) -> Outcome<Result<Reservation, engine::Error>> {
    let (person, room) = (&world.people[wish.person], world.rooms[wish.room].id);
    door.work(async |engine| etage::place(engine, person, wish.key, room, wish.range).await)
        .await
}
