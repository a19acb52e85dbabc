//! How soon Graph is answered when it notifies us while a whole tenant is being taken in, beside an
//! axum server that only says hello on the same, busy runtime.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use booking::provider::SubscriptionId;
use booking::room::Room;
use booking::time::{Clock as _, DAY_MS};
use m365_sim::Scenario;
use secrecy::SecretString;
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::router;
use store::Store;
use store::subscriptions::KeptSubscription;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::calendars::calendars;
use super::told::Told;
use crate::database::Database;
use crate::http::{self, Connection};
use crate::measure::{Runtimes, percentile};
use crate::office::{Bookings, furnish, settings};
use crate::reading::Reading;
use crate::report::{self, Line, Verdict, duration};
use crate::served::{Place, hello};

const ROOMS: usize = 1_000;
/// A notification so often: far more than a thousand rooms bring forth.
const NOTIFIED_EVERY: Duration = Duration::from_millis(5);
const TURNS: usize = 2;
const P99_MAX: Duration = Duration::from_millis(10);
/// What genuine notifications carry.
const CLIENT_STATE: &str = "bench-client-state";

pub(super) fn run(database: &Database) -> Result<()> {
    let runtimes = Runtimes::new()?;
    let bookings = Bookings::new(ROOMS);
    let graph = Told::start(&calendars(&bookings))?;
    let (mut ours, mut other) = (Vec::new(), Vec::new());
    for turn in 0..TURNS {
        let name = format!("webhook{turn}");
        let prepared = prepare(database, &name, &bookings.office.rooms, &graph);
        let (reading, address, hello) = runtimes.servers.block_on(prepared)?;
        let (done, is_done) = tokio::sync::oneshot::channel();
        let whole = runtimes.servers.spawn(async move {
            reading.start();
            let read = reading.until_all_is_read().await;
            // Whoever waited has given up if nobody hears this.
            let _heard = done.send(());
            reading.finish().await;
            read
        });
        let notify = notify(address, hello, &bookings.office.rooms, is_done);
        let (one, two) = runtimes.client.block_on(notify)?;
        ours.extend(one);
        other.extend(two);
        runtimes.servers.block_on(whole)??;
    }
    ensure!(
        ours.len() >= 100,
        "only {} notifications were posted",
        ours.len()
    );
    print(database, &mut ours, &mut other);
    Ok(())
}

fn print(database: &Database, ours: &mut [Duration], other: &mut [Duration]) {
    let what = |percent| {
        format!(
            "webhook answer while {ROOMS} rooms are read, p{percent} of {}, {}",
            ours.len(),
            database.name
        )
    };
    let (p50, p99) = (what(50), what(99));
    let (half, half_hello) = (percentile(ours, 50), percentile(other, 50));
    report::own(
        p50,
        format!("{} (axum hello {})", duration(half), duration(half_hello)),
    );
    let (slow, slow_hello) = (percentile(ours, 99), percentile(other, 99));
    Line {
        name: p99,
        ours: duration(slow),
        reference: format!("axum hello {}", duration(slow_hello)),
        ratio: Some(slow.as_secs_f64() / slow_hello.as_secs_f64()),
        goal: format!("<= {}", duration(P99_MAX)),
        verdict: Verdict::of(slow <= P99_MAX),
    }
    .print();
}

/// A server whose every room has a subscription, and one that says hello.
async fn prepare(
    database: &Database,
    name: &str,
    rooms: &[Room],
    graph: &Told,
) -> Result<(Reading, SocketAddr, SocketAddr)> {
    let place = Place::take()?;
    let origin = place.origin();
    let url = database.fresh(name).await?;
    let further = [
        ("ETAGE_DATABASE_URL", url.as_str()),
        ("ETAGE_NOTIFICATION_URL", origin.as_str()),
    ];
    let config = settings(database.folder.path(), &origin, &graph.origin(), &further)?;
    subscribe(&furnish(&config, rooms).await?, rooms).await?;
    let reading = Reading::prepare(config).await?;
    let address = place.serve(router::router(reading.state.clone()))?;
    Ok((reading, address, hello()?))
}

async fn subscribe(store: &Store, rooms: &[Room]) -> Result<()> {
    for room in rooms {
        let kept = KeptSubscription {
            id: SubscriptionId(id_of(room).to_string()),
            room: room.id,
            connection: room.link.as_ref().map(|link| link.connection),
            expires_at: SystemClock.now().plus_ms(2 * DAY_MS),
            renew_at: SystemClock.now().plus_ms(DAY_MS),
            client_state: SecretString::from(CLIENT_STATE),
        };
        store.keep_subscription(&kept, &SystemRandom).await?;
    }
    Ok(())
}

fn id_of(room: &Room) -> Uuid {
    Uuid::from_u128(0x5b5c_0000_0000 + room.id.0.as_u128())
}

/// Notifies and says hello in turn until all is read; what each answer took.
async fn notify(
    ours: SocketAddr,
    hello: SocketAddr,
    rooms: &[Room],
    mut is_done: tokio::sync::oneshot::Receiver<()>,
) -> Result<(Vec<Duration>, Vec<Duration>)> {
    let requests: Vec<Vec<u8>> = rooms.iter().map(|room| notification(ours, room)).collect();
    let greeting = http::get(hello);
    let (mut connection, mut other) = (
        Connection::open(ours).await?,
        Connection::open(hello).await?,
    );
    let (mut taken, mut other_taken) = (Vec::new(), Vec::new());
    let mut pace = tokio::time::interval(NOTIFIED_EVERY);
    pace.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // Steps through the rooms so that neighbours do not follow each other.
    for number in (0..).map(|turn: usize| turn * 389 % requests.len()) {
        tokio::select! {
            biased;
            _ = &mut is_done => break,
            _ = pace.tick() => {}
        }
        let start = Instant::now();
        connection.exchange(&requests[number]).await?;
        taken.push(start.elapsed());
        let start = Instant::now();
        other.exchange(&greeting).await?;
        other_taken.push(start.elapsed());
    }
    Ok((taken, other_taken))
}

/// See <https://learn.microsoft.com/graph/change-notifications-delivery-webhooks>.
fn notification(address: SocketAddr, room: &Room) -> Vec<u8> {
    let resource = format!("Users/{}/Events/AAMkAGI1", room.id);
    let body = json!({ "value": [{
        "subscriptionId": id_of(room),
        "subscriptionExpirationDateTime": "2026-11-23T08:00:00.0000000Z",
        "clientState": CLIENT_STATE,
        "changeType": "updated",
        "tenantId": Scenario::CONTOSO_TENANT_ID,
        "resource": resource,
        "resourceData": {
            "@odata.type": "#Microsoft.Graph.Event", "@odata.id": resource,
            "@odata.etag": "W/\"YWwR1v0zMkW1s9hCAjpcQAAF5MQ2xw==\"", "id": "AAMkAGI1",
        },
    }]});
    http::post(address, "/notifications/graph", &[], &body)
}
