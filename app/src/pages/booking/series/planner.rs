//! What the parts of the page share, and when the server is asked for a plan.

use std::sync::Arc;

use booking::ids::{BuildingId, FloorId};
use booking::place::Building;
use booking::room::Room;
use booking::series::{RefusedDate, SeriesWish};
use booking::time::Instant;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::asked::{Asked, DateChoice};
use super::planned::{Numbers, Planned};
use crate::api::ApiError;
use crate::api::rooms::{Catalogue, load_catalogue};
use crate::api::series::plan;

/// So old a plan becomes at most while somebody looks at it.
const PLAN_AGE_MS_MAX: i64 = 60_000;
/// How often the server is asked by itself where it was not reached.
#[cfg(feature = "hydrate")]
const RETRY_MS: i64 = 5_000;
/// So often a plan is made anew by itself; then somebody has to touch the page. Each asks Exchange.
const AGAIN_MAX: u32 = 15;

/// A series being planned. Copies share the same one.
#[derive(Clone, Copy)]
pub(super) struct Planner {
    /// Buildings, and the rooms of the one that is asked about.
    pub(super) catalogue: RwSignal<Arc<Catalogue>>,
    /// What is asked for.
    pub(super) asked: RwSignal<Asked>,
    /// The last answer.
    pub(super) planned: RwSignal<Option<Arc<Planned>>>,
    /// The question that it answers.
    answered: RwSignal<Option<SeriesWish>>,
    /// An answer is on its way.
    pub(super) is_asking: RwSignal<bool>,
    /// What went wrong with the last question.
    pub(super) problem: RwSignal<Option<ApiError>>,
    /// The server's clock, moved on every second.
    pub(super) now: RwSignal<Instant>,
    /// The day of the date whose choices are open.
    pub(super) open: RwSignal<Option<String>>,
    /// How often the plan was made anew since the person last did something.
    again: RwSignal<u32>,
    turn: StoredValue<u32>,
    /// How long ago the server was asked last.
    waited_ms: StoredValue<i64>,
}

impl Planner {
    pub(super) fn new(catalogue: Catalogue, asked: Asked) -> Self {
        Self {
            now: RwSignal::new(catalogue.now),
            catalogue: RwSignal::new(Arc::new(catalogue)),
            asked: RwSignal::new(asked),
            planned: RwSignal::new(None),
            answered: RwSignal::new(None),
            is_asking: RwSignal::new(false),
            problem: RwSignal::new(None),
            open: RwSignal::new(None),
            again: RwSignal::new(0),
            turn: StoredValue::new(0),
            waited_ms: StoredValue::new(0),
        }
    }

    /// Asks whenever the question changes, and anew when the answer has grown old. In the browser.
    pub(super) fn start(self) {
        let wish = self.wish();
        Effect::new(move |_| {
            let wish = wish.get();
            if self.answered.with_untracked(|answered| *answered != wish) {
                self.again.set(0);
                self.ask();
            }
        });
        tick(self);
    }

    /// The question. `None`: a field holds what makes no sense.
    pub(super) fn wish(self) -> Memo<Option<SeriesWish>> {
        Memo::new(move |_| {
            self.catalogue
                .with(|catalogue| self.asked.with(|asked| asked.wish(catalogue)))
        })
    }

    /// Whether the plan on screen is the answer to what is asked, and young enough to be believed.
    pub(super) fn is_current(self) -> bool {
        let answers = self.answered.with(|answered| {
            let wish = self
                .catalogue
                .with(|catalogue| self.asked.with(|asked| asked.wish(catalogue)));
            answered.is_some() && *answered == wish
        });
        answers && !self.is_asking.get() && !self.is_old()
    }

    /// The question that the plan on screen answers.
    pub(super) fn answered(self) -> Option<SeriesWish> {
        self.answered.get_untracked()
    }

    /// Whether the plan on screen is too old to be believed.
    pub(super) fn is_old(self) -> bool {
        let made = self.planned.with(|planned| {
            let planned = planned.as_ref()?;
            Some(planned.series.now)
        });
        made.is_some_and(|made| self.now.get().since_ms(made) >= PLAN_AGE_MS_MAX)
    }

    /// Whether it is not made anew by itself any more.
    pub(super) fn is_left(self) -> bool {
        self.again.get() >= AGAIN_MAX
    }

    /// The person wants it anew.
    pub(super) fn ask_again(self) {
        self.again.set(0);
        self.ask();
    }

    /// Asks now; an answer to an earlier question is none.
    fn ask(self) {
        self.ask_knowing(Vec::new());
    }

    /// As a press on “Book” was refused for these dates: what is shown is not free any more.
    pub(super) fn ask_after_refusal(self, refused: Vec<RefusedDate>) {
        self.again.set(0);
        self.ask_knowing(refused);
    }

    fn ask_knowing(self, refused: Vec<RefusedDate>) {
        let wish = self
            .catalogue
            .with_untracked(|catalogue| self.asked.with_untracked(|asked| asked.wish(catalogue)));
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        self.waited_ms.set_value(0);
        let Some(wish) = wish else {
            self.is_asking.set(false);
            return;
        };
        self.is_asking.set(true);
        spawn_local(async move {
            let answer = plan(wish.clone()).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.is_asking.set(false);
            match answer {
                Ok(series) => {
                    let is_same = self.answered.get_untracked().as_ref() == Some(&wish);
                    let before = self.planned.get_untracked().filter(|_| is_same);
                    let planned = match before {
                        Some(before) => Planned::again(series, &before, &refused),
                        None => Planned::new(series),
                    };
                    self.problem.set(None);
                    self.now.set(planned.series.now);
                    self.answered.set(Some(wish));
                    self.planned.set(Some(Arc::new(planned)));
                }
                Err(problem) => self.problem.set(Some(problem)),
            }
        });
    }

    /// Chooses for a date; `None` undoes what was chosen.
    pub(super) fn choose(self, day: &str, choice: Option<DateChoice>) {
        self.asked.update(|asked| {
            match choice {
                Some(choice) => asked.choices.insert(day.to_owned(), choice),
                None => asked.choices.remove(day),
            };
        });
    }

    /// What was chosen for a date.
    pub(super) fn choice(self, day: &str) -> Option<DateChoice> {
        self.asked.with(|asked| asked.choices.get(day).cloned())
    }

    /// Asks the same in another building; what is on screen stays until its rooms are known.
    pub(super) fn show_building(self, building: BuildingId) {
        spawn_local(async move {
            match load_catalogue(Some(building)).await {
                Ok(catalogue) => {
                    self.asked
                        .try_update(|asked| asked.building = catalogue.building);
                    self.catalogue.try_set(Arc::new(catalogue));
                }
                Err(problem) => {
                    self.problem.try_set(Some(problem));
                }
            }
        });
    }

    /// The building that is asked about.
    pub(super) fn building(self) -> Option<Building> {
        self.catalogue.with(|catalogue| {
            let mut buildings = catalogue.buildings.iter();
            buildings
                .find(|one| Some(one.id) == catalogue.building)
                .cloned()
        })
    }

    /// The label of a floor of it.
    pub(super) fn floor_label(self, floor: FloorId) -> String {
        let building = self.building();
        let floor = building.as_ref().and_then(|building| building.floor(floor));
        floor.map(|floor| floor.label.clone()).unwrap_or_default()
    }

    /// A room of it.
    pub(super) fn room(self, id: booking::RoomId) -> Option<Room> {
        self.catalogue
            .with(|catalogue| catalogue.rooms.iter().find(|room| room.id == id).cloned())
    }

    /// What stands at its doors.
    pub(super) fn numbers(self) -> Memo<Numbers> {
        Memo::new(move |_| {
            self.catalogue.with(|catalogue| {
                let rooms = catalogue.rooms.iter();
                rooms.map(|room| (room.id, room.number.clone())).collect()
            })
        })
    }
}

/// Has the plan age, and made anew when it is old: only while somebody looks, and not for ever.
#[cfg(feature = "hydrate")]
fn tick(planner: Planner) {
    use std::time::Duration;

    use crate::pages::elapsed::Elapsed;

    const SECOND: Duration = Duration::from_secs(1);

    Effect::new(move |_| {
        let elapsed = Elapsed::begin();
        let timer = set_interval_with_handle(
            move || {
                let ms = elapsed.since_last_ms();
                planner.now.try_update(|now| *now = now.plus_ms(ms));
                planner.waited_ms.try_update_value(|waited| *waited += ms);
                if !document().hidden() && untrack(|| planner.wants_again()) {
                    planner.again.try_update(|again| *again += 1);
                    planner.ask();
                }
            },
            SECOND,
        );
        // Without a timer the plan stands still, and says when it was made.
        if let Ok(timer) = timer {
            on_cleanup(move || timer.clear());
        }
    });
}

#[cfg(not(feature = "hydrate"))]
const fn tick(_planner: Planner) {}

#[cfg(feature = "hydrate")]
impl Planner {
    /// Whether it is time to ask by itself.
    fn wants_again(self) -> bool {
        let is_offline = self.problem.with(|problem| {
            problem
                .as_ref()
                .is_some_and(|problem| problem.code == "offline")
        });
        let waited = self.waited_ms.try_get_value().unwrap_or(0);
        if self.is_asking.get() || self.is_left() || waited < RETRY_MS {
            return false;
        }
        is_offline || (self.problem.with(Option::is_none) && self.is_old())
    }
}
