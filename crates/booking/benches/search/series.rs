//! A room for every date of a series: what the solver takes beside the searches that it cannot do without.

use std::hint::black_box;

use booking::room::EquipmentSet;
use booking::search::Wanted;
use booking::search::bits::RoomSet;
use booking::search::index::SearchIndex;
use booking::series::{Candidate, Choice, FreeTable, Plan, SeriesDate, candidates, solve};
use booking::time::{DAY_MS, HOUR_MS};
use booking::{Instant, TimeRange};

use crate::data::{NOW, Office, Times};
use crate::measure::paired_for;
use crate::{SEED, duration};

/// Different hours of the day at which the same series is asked for.
const HOURS: usize = 8;
const ROUNDS: usize = 25;
const WEEKS_GOAL_NS: f64 = 20e6;

pub(crate) fn rows() {
    // A year in which no room is free on every date, so that there is something to solve.
    let year = Office::booked_for(364, 1_000, Times::MostlyRound, SEED).index();
    row("52 weeks", &year, 52, 7, Some(WEEKS_GOAL_NS));
    let large = Office::new(10_000, Times::MostlyRound, SEED).index();
    row("400 days", &large, 400, 1, None);
}

/// A series of so many dates, every so many days, for rooms that all fit.
fn row(name: &str, index: &SearchIndex, dates: usize, every_days: i64, goal_ns: Option<f64>) {
    let wanted = Wanted {
        floor: None,
        ranges: Vec::new(),
        people: 1,
        equipment: EquipmentSet::EMPTY,
        step_free: false,
    };
    let asked: Vec<Vec<SeriesDate>> = (0..HOURS)
        .map(|at| series(dates, every_days, at as i64))
        .collect();
    let singles: Vec<Vec<Wanted>> = asked.iter().map(|dates| plain(dates, &wanted)).collect();
    let rooms = candidates(index, wanted.people, |_| 0);
    let changes: u32 = asked
        .iter()
        .map(|dates| planned(index, dates, &rooms, &wanted).changes)
        .sum();
    let mut out = RoomSet::default();
    let (ours, searches) = paired_for(
        ROUNDS,
        HOURS,
        |at| {
            black_box(planned(index, &asked[at], &rooms, &wanted));
        },
        |at| {
            for one in &singles[at] {
                index.free_into(black_box(one), NOW, &mut out);
                black_box(&out);
            }
        },
    );
    let goal = goal_ns.map_or("none yet".to_owned(), |goal| {
        format!("<= {}", duration(goal))
    });
    let verdict = goal_ns.map_or("-", |goal| if ours <= goal { "ok" } else { "SHORT" });
    println!(
        "bench rooms for a series of {name}, {} rooms, {:.1} changes | ours {} | reference {dates} plain searches {} | \
         ratio {:.2} | goal {goal} | {verdict}",
        rooms.len(),
        f64::from(changes) / HOURS as f64,
        duration(ours),
        duration(searches),
        ours / searches,
    );
}

/// The whole way from the dates to the plan.
fn planned(
    index: &SearchIndex,
    dates: &[SeriesDate],
    rooms: &[Candidate],
    wanted: &Wanted,
) -> Plan {
    let free = FreeTable::ask(index, black_box(dates), wanted, NOW);
    solve(dates, rooms, &free)
}

/// Dates of an hour, so many hours after eight.
fn series(dates: usize, every_days: i64, hour: i64) -> Vec<SeriesDate> {
    let date = |at: i64| {
        let start = NOW.plus_ms(at * every_days * DAY_MS + (8 + hour) * HOUR_MS);
        SeriesDate {
            number: at as u32 + 1,
            original_start: start,
            range: hour_from(start),
            choice: Choice::Auto,
        }
    };
    (0..dates as i64).map(date).collect()
}

fn hour_from(start: Instant) -> TimeRange {
    TimeRange::new(start, start.plus_ms(HOUR_MS)).expect("an hour is not empty")
}

/// A question for each date alone.
fn plain(dates: &[SeriesDate], wanted: &Wanted) -> Vec<Wanted> {
    let single = |date: &SeriesDate| Wanted {
        ranges: vec![date.range],
        ..wanted.clone()
    };
    dates.iter().map(single).collect()
}
