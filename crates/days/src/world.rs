//! Everything together.

mod settling;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use booking::person::Person;
use booking::provider::SubscriptionId;
use booking::random::SeededRandom;
use booking::room::Room;
use booking::time::{Clock as _, Instant, MINUTE_MS, MockClock, TimeRange};
use engine::Settings;
use graph::GraphProvider;
use graph::retry::RetryPolicy;
use m365_sim::{Scenario, Sim, SimOptions};
use reqwest::Method;
use secrecy::SecretString;
use store::Store;
use url::Url;

use crate::database::{Database, Fresh};
use crate::judge::{Judge, readable};
use crate::keeper::MemoryKeeper;
use crate::office::{self, MONDAY, RoomKind};
use crate::outlook::Outlook;
use crate::process::{Outcome, Process, Site, Task};
use crate::receiver::{self, Doors, Listening};

/// How far the mirror of a world looks ahead, in days; nobody books further in one.
pub const WINDOW_DAYS: i64 = 20;

/// How a world begins.
#[derive(Clone, Debug)]
pub struct Plan {
    /// What time it is.
    pub start: Instant,
    /// The rooms: `room1@contoso.com` is of the first kind.
    pub rooms: Vec<RoomKind>,
    /// How many Etage processes there are.
    pub processes: usize,
    /// How many people use Etage, the first three by name.
    pub people: usize,
    /// What they share.
    pub database: Database,
    /// Where ids come from.
    pub seed: u64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            start: MONDAY,
            rooms: RoomKind::READABLE.to_vec(),
            processes: 1,
            people: office::NAMED.len(),
            database: Database::Sqlite,
            seed: 1,
        }
    }
}

/// A world. Drop it after [`World::end`].
pub struct World {
    /// Microsoft 365.
    pub sim: Sim,
    /// Everybody's Outlook.
    pub outlook: Outlook,
    /// The rooms, in the order of the plan.
    pub rooms: Vec<Room>,
    /// How each answers.
    pub kinds: Vec<RoomKind>,
    /// Those who use Etage, all signed in.
    pub people: Vec<Person>,
    /// The Etage processes.
    pub processes: Vec<Process>,
    site: Site,
    /// A way into the database that no process has, and no kill reaches.
    store: Store,
    judge: Judge,
    clock: Arc<MockClock>,
    began: Instant,
    _receiver: Listening,
}

impl World {
    /// Opens the office: everybody is signed in, every process is up and has subscribed to and read every room.
    pub async fn open(plan: Plan) -> Self {
        let mut world = Self::build(plan, SimOptions::explicit()).await;
        for process in &mut world.processes {
            process.start(&world.site).await;
        }
        world.settle().await;
        world
    }

    /// The same, but the processes have only just begun: each has run every task once.
    pub(crate) async fn open_quickly(plan: Plan) -> Self {
        let mut world = Self::build(plan, SimOptions::explicit()).await;
        for process in &mut world.processes {
            process.start(&world.site).await;
        }
        let failed = world.turn_over().await;
        assert!(failed.is_empty(), "{failed:?}");
        world
    }

    /// The office with nobody at work yet: every process is down.
    pub(crate) async fn build(plan: Plan, options: SimOptions) -> Self {
        let scenario = office::scenario(&plan);
        let options = SimOptions {
            seed: plan.seed,
            ..options
        };
        let sim = Sim::start(scenario, options).await.unwrap();
        let clock = Arc::new(MockClock::at(plan.start));
        let http = http();
        let doors = Arc::new(Doors::default());
        let receiver = receiver::listen(Arc::clone(&doors)).await;
        let site = Site {
            database: Fresh::make(plan.database).await,
            microsoft: Url::parse(sim.url()).unwrap(),
            http: http.clone(),
            keeper: Arc::new(MemoryKeeper::default()),
            doors,
            settings: settings(&receiver.origin),
            policy: hasty(),
            seed: plan.seed,
        };
        let store = site.database.open().await;
        let people = office::people(&sim, plan.people);
        let random = SeededRandom::new(plan.seed);
        let rooms = office::furnish(&store, &plan.rooms, &people, &random, plan.start).await;
        let processes = (0..plan.processes)
            .map(|number| Process::new(number, &clock))
            .collect();
        let world = Self {
            outlook: Outlook::new(&sim, http.clone()),
            judge: Judge::new(&sim, http),
            sim,
            rooms,
            kinds: plan.rooms,
            people,
            processes,
            site,
            store,
            clock,
            began: plan.start,
            _receiver: receiver,
        };
        for person in &world.people {
            world.sign_in(person).await;
        }
        world
    }

    /// The person gives Etage their permission, as the pane does.
    pub async fn sign_in(&self, person: &Person) {
        use booking::provider::CalendarProvider as _;
        let scope = format!(
            "api://localhost:3000/{0}/access_as_user",
            Scenario::CONTOSO_CLIENT_ID
        );
        let shown = self.sim.token_for(
            person.address.as_str(),
            Scenario::CONTOSO_CLIENT_ID,
            &[&scope],
        );
        let shown = SecretString::from(shown.unwrap().access_token);
        let provider = self.lone_provider();
        provider.adopt_assertion(&person.id, &shown).await.unwrap();
    }

    fn lone_provider(&self) -> GraphProvider {
        let random = Arc::new(SeededRandom::new(self.site.seed ^ 0x51));
        GraphProvider::new(
            crate::process::config(&self.site.microsoft),
            self.site.http.clone(),
            self.clock.clone(),
            random,
            self.site.keeper.clone(),
        )
        .unwrap()
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        self.clock.now()
    }

    /// What time it was when the world began.
    pub const fn began(&self) -> Instant {
        self.began
    }

    /// Sets our clocks, for a world in which Microsoft's runs by itself.
    pub(crate) fn set_time(&self, now: Instant) {
        self.clock.set(now);
    }

    pub(crate) const fn http(&self) -> &reqwest::Client {
        &self.site.http
    }

    pub(crate) fn keeper(&self) -> &MemoryKeeper {
        &self.site.keeper
    }

    pub(crate) fn database_url(&self) -> &str {
        self.site.database.url()
    }

    /// Moves every clock, ours and Microsoft's.
    pub fn advance_ms(&self, ms: i64) {
        self.clock.advance_ms(ms);
        self.sim
            .clock()
            .advance(jiff::SignedDuration::from_millis(ms));
    }

    /// So many minutes from now, for so many minutes.
    pub fn in_minutes(&self, from: i64, length: i64) -> TimeRange {
        let start = self.now().plus_ms(from * MINUTE_MS);
        TimeRange::new(start, start.plus_ms(length * MINUTE_MS)).unwrap()
    }

    /// The database, past all gates.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// What can judge Etage: it asks Microsoft by itself.
    pub const fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Kills a process where it stands.
    pub async fn kill(&mut self, process: usize) {
        self.processes[process].kill(&self.site).await;
    }

    /// Starts a process that is down.
    pub async fn start(&mut self, process: usize) {
        self.processes[process].start(&self.site).await;
    }

    /// Runs a task of a process. A process whose gate closes over it is down afterwards.
    ///
    /// # Errors
    /// What the task says.
    pub async fn run(&mut self, process: usize, task: Task) -> Outcome<Result<(), engine::Error>> {
        let outcome = self.processes[process].run(task).await;
        if matches!(outcome, Outcome::Killed) {
            self.kill(process).await;
        }
        outcome
    }

    /// Whether Microsoft still tells of every room, under a subscription that Etage knows.
    pub(crate) async fn every_room_is_told_of(&self) -> bool {
        let shown = self.outlook.ask(Method::GET, "subscriptions", None).await;
        let shown = shown.unwrap();
        let mut told_of = BTreeSet::new();
        for one in shown["value"].as_array().into_iter().flatten() {
            let (Some(id), Some(mailbox)) = (one["id"].as_str(), one["mailbox"].as_str()) else {
                continue;
            };
            let id = SubscriptionId(id.to_owned());
            let known = self.store.subscription(&id).await.unwrap();
            if one["isActive"] == true && known.is_some() {
                told_of.insert(mailbox.to_owned());
            }
        }
        readable(self).all(|room| {
            let link = room.link.as_ref();
            link.is_some_and(|link| told_of.contains(link.mailbox.as_str()))
        })
    }

    /// Panics unless what Etage keeps of every room is what its calendar shows, and everything else that
    /// [`Judge::findings`] looks at is as it must be; for worlds in which nobody touches in Outlook what Etage wrote.
    pub async fn assert_all_is_well(&self) {
        let findings = self.judge.findings(self, &BTreeSet::new()).await;
        assert!(findings.is_empty(), "{findings:#?}");
    }

    /// Panics unless what Etage keeps of every room is what its calendar shows.
    pub async fn assert_mirror_equals_calendars(&self) {
        let differences = self.judge.differences(self).await;
        assert!(differences.is_empty(), "{differences:#?}");
    }

    /// Ends every process and clears up in the database.
    pub async fn end(mut self) {
        for process in 0..self.processes.len() {
            self.kill(process).await;
        }
        drop(self.store);
        self.site.database.end().await;
    }
}

fn settings(origin: &str) -> Settings {
    Settings {
        notification_url: Some(origin.to_owned()),
        window_days: WINDOW_DAYS,
        // Nothing answers here before a step is taken, so waiting for it is in vain.
        answer_wait_ms: 0,
        ..Settings::default()
    }
}

/// Waits are real, whatever the clock of the world shows, so they are short.
fn hasty() -> RetryPolicy {
    RetryPolicy {
        backoff_first: Duration::from_millis(1),
        ..RetryPolicy::default()
    }
}

fn http() -> reqwest::Client {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        // Nothing here is https, and reading the machine's certificates takes longer than many a step.
        .tls_certs_only([])
        .build()
        .unwrap()
}
