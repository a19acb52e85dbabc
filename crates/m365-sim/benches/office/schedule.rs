//! `getSchedule` for twenty rooms over HTTP, in turns with the reference so that whatever disturbs the machine disturbs
//! both.

use std::net::SocketAddr;
use std::time::Instant;

use m365_sim::{Scenario, Sim, SimOptions};
use serde_json::{Value, json};

use crate::http::{Connection, post};
use crate::{CAMPUS, ROOMS, Result, bare, row};

const ROOMS_ASKED: usize = 20;
/// Turns of each side, and requests a turn.
const TURNS: usize = 40;
const EACH: usize = 25;

pub(crate) fn run() -> Result<()> {
    // Servers with all cores and the client with one thread, as two processes would be.
    let servers = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let client = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (sim, reference) = servers.block_on(async {
        let scenario = Scenario::named(CAMPUS)?.with_clock(bare::FIRST.parse()?);
        let sim = Sim::start(scenario, SimOptions::explicit()).await?;
        let reference = bare::serve(bare::mailboxes()?).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>((sim, reference))
    })?;
    let ours: SocketAddr = sim.url().trim_start_matches("http://").parse()?;
    let (ours, reference) = client.block_on(latencies(ours, reference))?;
    row(
        "getSchedule for 20 rooms of 1,000 over HTTP",
        (ours, "us"),
        ("bare hyper server with the same scan", reference),
        3.0,
    );
    Ok(())
}

/// The median time of one request, in microseconds: ours and the reference's.
async fn latencies(ours: SocketAddr, reference: SocketAddr) -> Result<(f64, f64)> {
    let token = token(ours).await?;
    let authorization = format!("authorization: Bearer {token}\r\n");
    let mut sides = [
        (
            requests(ours, &authorization),
            Connection::open(ours).await?,
            Vec::new(),
        ),
        (
            requests(reference, &authorization),
            Connection::open(reference).await?,
            Vec::new(),
        ),
    ];
    // The first turn warms everything up, and does not count.
    for turn in 0..=TURNS {
        for (requests, connection, taken) in &mut sides {
            for at in 0..EACH {
                let request = &requests[(turn * EACH + at) % requests.len()];
                let start = Instant::now();
                let answer = connection.exchange(request).await?;
                if turn > 0 {
                    taken.push(start.elapsed().as_secs_f64() * 1e6);
                } else {
                    check(answer)?;
                }
            }
        }
    }
    let [ours, reference] = sides.map(|(_, _, mut taken)| {
        taken.sort_by(f64::total_cmp);
        taken[taken.len() / 2]
    });
    Ok((ours, reference))
}

/// Both have to find meetings in all rooms.
fn check(answer: &[u8]) -> Result<()> {
    let answer: Value = serde_json::from_slice(answer)?;
    let found = answer["value"].as_array().map_or(0, Vec::len);
    let items = &answer["value"][0]["scheduleItems"];
    if found != ROOMS_ASKED || items.as_array().is_none_or(Vec::is_empty) {
        return Err(format!("not what was asked for: {answer}").into());
    }
    Ok(())
}

async fn token(address: SocketAddr) -> Result<String> {
    let form = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}&scope=https%3A%2F%2Fgraph.microsoft.com%2F.default",
        Scenario::CONTOSO_CLIENT_ID,
        Scenario::CONTOSO_SECRET
    );
    let request = post(
        address,
        "/contoso.com/oauth2/v2.0/token",
        "",
        "application/x-www-form-urlencoded",
        &form,
    );
    let mut connection = Connection::open(address).await?;
    let answer: Value = serde_json::from_slice(connection.exchange(&request).await?)?;
    let token = answer["access_token"].as_str();
    Ok(token.ok_or("no token")?.to_owned())
}

/// Every twenty rooms in turn, for the first working day.
fn requests(address: SocketAddr, authorization: &str) -> Vec<Vec<u8>> {
    let rooms: Vec<String> = (0..ROOMS).map(bare::room_address).collect();
    let ask = |schedules: &[String]| {
        let body = json!({
            "schedules": schedules,
            "startTime": { "dateTime": "2026-11-23T00:00:00", "timeZone": "UTC" },
            "endTime": { "dateTime": "2026-11-24T00:00:00", "timeZone": "UTC" },
        });
        post(
            address,
            "/v1.0/users/room0001@contoso.com/calendar/getSchedule",
            authorization,
            "application/json",
            &body.to_string(),
        )
    };
    rooms.chunks(ROOMS_ASKED).map(ask).collect()
}
