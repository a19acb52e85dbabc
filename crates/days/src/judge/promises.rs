//! What Etage promised, held against everybody's calendars.

use std::collections::BTreeSet;

use booking::ids::{ReservationId, SeriesId};
use booking::reservation::{Origin, Reservation, ReservationState, StateNote};
use booking::time::{DAY_MS, Instant, MINUTE_MS, TimeRange};
use m365_sim::EventView;
use store::series::KeptSeries;

use super::{Judge, Seen, Taken};
use crate::outlook::rooms_of;
use crate::world::World;

/// How far the clocks of processes may differ, with some time to sweep.
const SLACK_MS: i64 = 2 * MINUTE_MS;

pub(super) async fn findings(
    judge: &Judge,
    world: &World,
    seen: &Seen,
    touched: &BTreeSet<String>,
) -> Vec<String> {
    let mut findings = Vec::new();
    let reservations = reservations(world).await;
    for reservation in &reservations {
        findings.extend(unfinished(world, reservation).await);
        let answer = match reservation.state {
            ReservationState::Submitted => {
                judge.answer(world, reservation, anywhere_near(world)).await
            }
            _ => None,
        };
        findings.extend(illegal(world.now(), reservation, answer.as_deref()));
        findings.extend(unlike_the_room(world, seen, reservation));
        findings.extend(undisturbed(world, seen, reservation, touched));
    }
    findings.extend(orphans(world, touched).await);
    findings
}

/// All the time into which anybody moves an event on these days.
fn anywhere_near(world: &World) -> TimeRange {
    let year = 365 * DAY_MS;
    TimeRange::new(world.now().plus_ms(-year), world.now().plus_ms(year)).unwrap()
}

/// Whether the room's calendar has it exactly when it is confirmed.
fn unlike_the_room(world: &World, seen: &Seen, reservation: &Reservation) -> Option<String> {
    let (window, shown) = seen.get(&reservation.room)?;
    if !reservation.range.overlaps(*window) || reservation.range.end() <= world.now() {
        return None;
    }
    let is_there = shown.iter().any(|one| is_of(reservation, one));
    (reservation.state == ReservationState::Confirmed && !is_there)
        .then(|| format!("confirmed, but not in the room's calendar: {reservation:?}"))
}

/// Whether one that nobody touched in Outlook was closed there, or still stands in the room's calendar.
fn undisturbed(
    world: &World,
    seen: &Seen,
    reservation: &Reservation,
    touched: &BTreeSet<String>,
) -> Option<String> {
    let uid = &reservation.event.as_ref()?.ical_uid;
    if reservation.state.is_open() || touched.contains(uid) {
        return None;
    }
    if reservation.note == Some(StateNote::GoneFromCalendar) {
        return Some(format!(
            "nobody took it out of the calendar: {reservation:?}"
        ));
    }
    let (_, shown) = seen.get(&reservation.room)?;
    let is_told = matches!(reservation.note, Some(StateNote::CancellationFailed { .. }));
    let stands = shown
        .iter()
        .any(|one| one.uid == *uid && one.end > world.now());
    (!is_told && stands).then(|| format!("given up, but in the room's calendar: {reservation:?}"))
}

/// Every reservation of everybody, in every state.
pub(crate) async fn reservations(world: &World) -> Vec<Reservation> {
    let mut all = Vec::new();
    for person in &world.people {
        let theirs = world.store().reservations_of(person.id, Instant(0));
        all.extend(theirs.await.unwrap());
    }
    all
}

/// Jobs that nobody does any more though they are due.
async fn unfinished(world: &World, reservation: &Reservation) -> Option<String> {
    let jobs = world.store().jobs_of(reservation.id).await.unwrap();
    let open = jobs.into_iter().find(|job| job.given_up_at.is_none())?;
    Some(format!(
        "a job is not done at {:?}: {open:?} of {reservation:?}",
        world.now()
    ))
}

/// Whether this state can be, with everything having come to rest. `answer`: how the room answered.
fn illegal(now: Instant, reservation: &Reservation, answer: Option<&str>) -> Option<String> {
    let say = |what: &str| Some(format!("{what}, at {now:?}: {reservation:?}"));
    let is_over = reservation.range.end().plus_ms(SLACK_MS) <= now;
    match (reservation.state, reservation.origin) {
        (state, _) if state.is_open() && is_over => say("open though its time is over"),
        (ReservationState::Held, Origin::Draft { expires_at, .. })
            if expires_at.plus_ms(SLACK_MS) <= now =>
        {
            say("a hold that lapsed is not closed")
        }
        (ReservationState::Held, Origin::Portal) if reservation.note.is_none() => {
            say("held, and nothing tells the calendar")
        }
        (ReservationState::Submitted, _) => match answer {
            None => say("submitted, but its event does not invite the room"),
            Some("accepted") => say("submitted, but the room has accepted"),
            Some("declined") => say("submitted, but the room has declined"),
            Some(_) => None,
        },
        _ => None,
    }
}

fn is_of(reservation: &Reservation, shown: &Taken) -> bool {
    match &reservation.event {
        Some(event) => event.ical_uid == shown.uid && reservation.range == shown.range(),
        None => {
            reservation.range == shown.range()
                && shown.organizer.as_ref() == Some(&reservation.person.address)
        }
    }
}

/// Events that Etage wrote and that no reservation stands for, or that it wrote twice.
async fn orphans(world: &World, touched: &BTreeSet<String>) -> Vec<String> {
    let mut findings = Vec::new();
    for person in &world.people {
        let events = world.sim.events(person.address.as_str()).unwrap();
        let mut seen: Vec<ReservationId> = Vec::new();
        for event in events.iter().filter(|event| !event.is_cancelled) {
            let written_for = event.transaction_id.as_ref();
            let Some(id) = written_for.and_then(|text| text.parse::<ReservationId>().ok()) else {
                continue;
            };
            if seen.contains(&id) {
                findings.push(format!("two events stand for reservation {id}"));
            }
            seen.push(id);
            if let Some(series) = world.store().series(SeriesId(id.0)).await.unwrap() {
                let is_wanted = is_wanted(&series);
                if !is_wanted && !touched.contains(&event.i_cal_u_id) {
                    findings.push(format!("the event of {series:?} still stands: {event:?}"));
                }
                continue;
            }
            match world.store().reservation(id).await.unwrap() {
                None => findings.push(format!("an event stands for no reservation: {event:?}")),
                Some(one) if is_orphan(world, &one, event, touched) => {
                    findings.push(format!("the event of {one:?} still stands: {event:?}"));
                }
                Some(_) => {}
            }
        }
    }
    findings
}

/// Whether any date of the series was not given up.
fn is_wanted(series: &KeptSeries) -> bool {
    let mut reserved = series
        .dates
        .iter()
        .filter_map(|date| date.reservation.as_ref());
    reserved.any(|one| one.state.is_open() || one.state == ReservationState::Ended)
}

/// Whether the event still asks for a room that its reservation has given up. One that somebody has changed since is theirs.
fn is_orphan(
    world: &World,
    reservation: &Reservation,
    event: &EventView,
    touched: &BTreeSet<String>,
) -> bool {
    let end = Instant(event.end.as_millisecond());
    let is_told = matches!(reservation.note, Some(StateNote::CancellationFailed { .. }));
    !reservation.state.is_open()
        && reservation.state != ReservationState::Ended
        && !is_told
        && !touched.contains(&event.i_cal_u_id)
        && !rooms_of(event).is_empty()
        && end > world.now()
}
