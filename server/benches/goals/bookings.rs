//! The whole way of a booking: placed over HTTP, written to the person's calendar, accepted by the
//! room, read back, confirmed. The simulated rooms answer at once.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use app::api::reservations::{PlaceRequest, ReservationView};
use booking::ids::ReservationId;
use booking::reservation::ReservationState;
use booking::search::When;
use booking::time::{HOUR_MS, TimeRange};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde_json::json;
use server::clock::{SystemClock, SystemRandom};
use server::lifecycle::Lifecycle;
use server::{router, wire};
use url::Url;
use uuid::Uuid;

use crate::http::{self, Connection};
use crate::measure::Runtimes;
use crate::office::{Bookings, adele, furnish, settings};
use crate::report::{self, duration};
use crate::served::Place;
use crate::tenant;

const ROOMS: usize = 40;
const PLACED: usize = 120;

pub(crate) fn run() -> Result<()> {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let runtimes = Runtimes::new()?;
    let bookings = Bookings::new(ROOMS);
    let lifecycle = Lifecycle::default();
    let (ours, cookie, _sim) = runtimes.servers.block_on(async {
        let place = Place::take()?;
        let rooms = &bookings.office.rooms;
        let sim = tenant::start(rooms, None, &place.origin()).await?;
        let origin = place.origin();
        let further = [("ETAGE_NOTIFICATION_URL", origin.as_str())];
        let config = settings(folder.path(), &origin, sim.url(), &further)?;
        furnish(&config, rooms).await?;
        let state = wire::app_state(
            config,
            Arc::new(SystemClock),
            Arc::new(SystemRandom),
            lifecycle.stop.clone(),
        )
        .await?;
        engine::sync::driver::start(&state.engine, &lifecycle.stop, &lifecycle.tasks);
        let ours = place.serve(router::router(state.clone()))?;
        let subscribed = async || {
            let rooms = state.engine.store().room_syncs().await?;
            anyhow::Ok(rooms.iter().all(|room| room.synced_at.is_some()))
        };
        while !subscribed().await? {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        anyhow::Ok((ours, sign_in(&origin).await?, sim))
    })?;
    let mut taken = runtimes
        .client
        .block_on(place_all(ours, &cookie, &bookings))?;
    taken.sort_unstable();
    report::own(
        format!("booking placed to confirmed, p50 of {PLACED}"),
        duration(taken[taken.len() / 2]),
    );
    report::own(
        format!("booking placed to confirmed, p95 of {PLACED}"),
        duration(taken[taken.len() * 95 / 100]),
    );
    runtimes.servers.block_on(lifecycle.finish());
    Ok(())
}

async fn place_all(ours: SocketAddr, cookie: &str, bookings: &Bookings) -> Result<Vec<Duration>> {
    let headers = [
        format!("origin: http://{ours}"),
        format!("cookie: {cookie}"),
    ];
    let mut connection = Connection::open(ours).await?;
    let mut taken = Vec::with_capacity(PLACED);
    for number in 0..PLACED {
        let later = (number / ROOMS) as i64;
        let start = bookings.start().plus_ms((8 + later) * HOUR_MS);
        let body = json!({ "request": PlaceRequest {
            room: bookings.office.rooms[number % ROOMS].id,
            when: When::Exact { ranges: vec![TimeRange::new(start, start.plus_ms(HOUR_MS))?] },
            subject: "Planning".to_owned(),
            key: ReservationId(Uuid::from_u128(0xb00c_0000 + number as u128)),
            swap: None,
            on_behalf: None,
        }});
        let request = http::post(ours, "/api/reservations/place", &headers, &body);
        let start = Instant::now();
        let answer = connection.exchange(&request).await?;
        taken.push(start.elapsed());
        // The answer comes when the room has answered, or after two seconds without.
        let placed: ReservationView = serde_json::from_slice(answer)?;
        ensure!(
            placed.reservation.state == ReservationState::Confirmed,
            "a booking was not confirmed in time but is {:?}",
            placed.reservation.state
        );
    }
    Ok(taken)
}

/// Signs Adele in through the simulated sign-in page; gives the session cookie.
async fn sign_in(origin: &str) -> Result<String> {
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let left = http
        .get(format!("{origin}/sign-in?return=/"))
        .send()
        .await?;
    let remembered = cookie_of(&left, "etage_signing_in")?;
    let mut page = Url::parse(&location(&left)?)?;
    let mut form: Vec<(String, String)> = page.query_pairs().into_owned().collect();
    form.push(("person".to_owned(), adele().address.to_string()));
    page.set_query(None);
    let chosen = http.post(page).form(&form).send().await?;
    let back = http.get(location(&chosen)?).header(COOKIE, remembered);
    cookie_of(&back.send().await?, "etage_session")
}

fn location(answer: &reqwest::Response) -> Result<String> {
    let value = answer.headers().get(LOCATION).context("it leads nowhere")?;
    Ok(value.to_str()?.to_owned())
}

fn cookie_of(answer: &reqwest::Response, name: &str) -> Result<String> {
    let cookies = answer.headers().get_all(SET_COOKIE).iter();
    cookies
        .filter_map(|value| value.to_str().ok()?.split(';').next())
        .find(|pair| pair.starts_with(name) && !pair.ends_with('='))
        .map(str::to_owned)
        .with_context(|| format!("no cookie {name}"))
}
