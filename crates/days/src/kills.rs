//! Rounds of SIGKILL on a real server process, with real time passing: what the gates of [`process`](crate::process) cannot
//! show, since there the database's connections are closed in good order.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use booking::ids::ReservationId;
use booking::provider::GrantKeeper as _;
use booking::random::SeededRandom;
use booking::time::Instant;
use m365_sim::SimOptions;

use crate::day::Draw;
use crate::etage;
use crate::judge::all_reservations;
use crate::office::{ADELE, ALEX, PRADEEP};
use crate::outlook::{Meeting, moved_to};
use crate::process::Task;
use crate::world::{Plan, World};

/// How long a server may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
/// How long everything may take to be right after the last kill: leases last two minutes.
const RIGHT_WITHIN: Duration = Duration::from_secs(300);
const LOOK_EVERY: Duration = Duration::from_millis(50);
const JUDGE_EVERY: Duration = Duration::from_secs(2);
/// A server lives for so many milliseconds after the last action of a round.
const LIVES_MS: (i64, i64) = (10, 900);

/// Which rounds.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// The server's program.
    pub server: PathBuf,
    /// How many servers are killed.
    pub rounds: u32,
    /// Where everything is drawn from.
    pub seed: u64,
}

/// Kills so many servers over what people do, and waits until the last one has put everything right. What was not right
/// then.
pub async fn run(rounds: &Rounds) -> Vec<String> {
    let draw = Draw::new(rounds.seed);
    let plan = Plan {
        start: machine_time(),
        processes: 1,
        seed: rounds.seed,
        ..Plan::default()
    };
    let mut world = World::build(plan, SimOptions::auto()).await;
    world.start(0).await;
    keep_permissions(&world).await;
    let server = Server::new(rounds, &world);
    let mut touched = BTreeSet::new();
    for round in 1..=rounds.rounds {
        let running = server.start(&world).await;
        for _ in 0..draw.between(2, 6) {
            act(&world, &draw, &mut touched).await;
        }
        let lives_ms = draw.between(LIVES_MS.0, LIVES_MS.1);
        tokio::time::sleep(Duration::from_millis(lives_ms.unsigned_abs())).await;
        drop(running);
        println!("round {round}: killed {lives_ms} ms after the last action");
    }
    let last = server.start(&world).await;
    let findings = right_within(&mut world, &touched).await;
    drop(last);
    world.end().await;
    findings
}

/// What is still not right when the patience is over.
async fn right_within(world: &mut World, touched: &BTreeSet<String>) -> Vec<String> {
    let began = tokio::time::Instant::now();
    loop {
        world.set_time(machine_time());
        world.run(0, Task::CatchUp).await.done().unwrap();
        let findings = world.judge().findings(world, touched).await;
        if findings.is_empty() || began.elapsed() > RIGHT_WITHIN {
            let kept = all_reservations(world).await.len();
            let seconds = began.elapsed().as_secs();
            println!("{kept} reservations; the judge was content after {seconds} s");
            return findings;
        }
        tokio::time::sleep(JUDGE_EVERY).await;
    }
}

/// Somebody does something, in Outlook or in Etage.
async fn act(world: &World, draw: &Draw, touched: &mut BTreeSet<String>) {
    world.set_time(machine_time());
    let organizer = draw.one_of(&[ADELE, ALEX, PRADEEP]);
    let range = world.in_minutes(draw.between(1, 40) * 30, 30);
    let room = draw.pick(&world.rooms).expect("there are rooms");
    let mailbox = &room.link.as_ref().expect("it has a mailbox").mailbox;
    let events = world.sim.events(organizer).unwrap_or_default();
    let event = draw.pick(&events);
    match (draw.below(6), event) {
        (0 | 1, Some(event)) => {
            touched.insert(event.i_cal_u_id.clone());
            let change = moved_to(range);
            let done = if draw.percent(50) {
                world.outlook.delete(organizer, &event.id).await
            } else {
                world.outlook.change(organizer, &event.id, &change).await
            };
            // What Exchange refuses has changed nothing.
            drop(done);
        }
        (2, _) => {
            let meeting = Meeting::at(range).inviting(mailbox);
            world.outlook.send(organizer, &meeting).await.unwrap();
        }
        (3, _) => {
            let open = all_reservations(world).await;
            if let Some(one) = draw.pick(&open) {
                let engine = world.processes[0].engine();
                drop(etage::cancel(engine, &one.person, one.id).await);
            }
        }
        _ => {
            let person = draw.pick(&world.people).expect("there are people");
            let key = ReservationId(draw.uuid());
            let engine = world.processes[0].engine();
            // A room that is taken is refused, which is as good.
            drop(etage::place(engine, person, key, room.id, range).await);
        }
    }
}

/// The server looks for people's permissions in the database.
async fn keep_permissions(world: &World) {
    let random = SeededRandom::new(1);
    for person in &world.people {
        let grant = world.keeper().grant(&person.id).await.unwrap();
        let grant = grant.expect("everybody is signed in");
        let kept = world
            .store()
            .put_grant(person.id, &grant, world.now(), &random);
        kept.await.unwrap();
    }
}

/// How the server is started.
struct Server {
    program: PathBuf,
    origin: String,
    settings: Vec<(&'static str, String)>,
    _folder: tempfile::TempDir,
}

impl Server {
    fn new(rounds: &Rounds, world: &World) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let listen = listener.local_addr().unwrap().to_string();
        let origin = format!("http://{listen}");
        let settings = vec![
            ("ETAGE_DATABASE_URL", world.database_url().to_owned()),
            ("ETAGE_SEALING_KEY", crate::database::SEALING_KEY.to_owned()),
            ("ETAGE_DATA_DIR", folder.path().display().to_string()),
            ("ETAGE_LISTEN", listen),
            ("ETAGE_ORIGIN", origin.clone()),
            ("ETAGE_NOTIFICATION_URL", origin.clone()),
            ("ETAGE_GRAPH_URL", world.sim.url().to_owned()),
            ("ETAGE_LOGIN_URL", world.sim.url().to_owned()),
            ("ETAGE_LOG", "error".to_owned()),
        ];
        Self {
            program: rounds.server.clone(),
            origin,
            settings,
            _folder: folder,
        }
    }

    /// Starts one, and returns when it is ready.
    async fn start(&self, world: &World) -> Running {
        let mut command = Command::new(&self.program);
        command
            .arg("serve")
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let mut running = Running(command.spawn().unwrap());
        let began = tokio::time::Instant::now();
        let health = format!("{}/health", self.origin);
        while began.elapsed() < READY_WITHIN {
            let answer = world.http().get(&health).send().await;
            if answer.is_ok_and(|answer| answer.status().is_success()) {
                return running;
            }
            let ended = running.0.try_wait().unwrap();
            assert!(ended.is_none(), "the server ended by itself: {ended:?}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
        panic!("the server was not ready within {READY_WITHIN:?}");
    }
}

/// A server; dropping it is SIGKILL.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended already is as dead as can be.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a server that runs by itself lives by the machine's clock"
)]
fn machine_time() -> Instant {
    Instant(jiff::Timestamp::now().as_millisecond())
}
