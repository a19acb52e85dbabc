//! How fast the search core is, each figure beside a reference of the same run.
//!
//! `cargo bench -p booking --bench search`. One line a row:
//! `bench <name> | ours <value> | reference <what> <value> | ratio <r> | goal <…> | ok`, or
//! `SHORT` where the goal is missed, or `-` where there is none. With `large` as an argument,
//! 100,000 rooms too.

mod data;
mod measure;
mod reference;
mod series;

use std::hint::black_box;

use booking::search::bits::RoomSet;
use booking::search::index::SearchIndex;
use booking::search::near_miss::near_misses;
use booking::search::rank::{Preference, top};
use booking::search::{Occupancy, Wanted};
use booking::time::MINUTE_MS;

use crate::data::{NOW, Office, Times, questions};
use crate::measure::{alone, paired};
use crate::reference::Masks;

const QUESTIONS: usize = 64;
const SEED: u64 = 20_261_120;
/// Three and a quarter minutes after a slot's border.
const OFF_MS: i64 = 3 * MINUTE_MS + 15_000;

fn main() {
    println!(
        "seed {SEED}; questions of one hour for {} people with video and screen",
        data::PEOPLE
    );
    // First, while nothing else has been given back to the allocator.
    memory(1_000, 50);
    memory(10_000, 120);
    for rooms in [1_000, 10_000] {
        core(rooms);
    }
    if std::env::args().any(|argument| argument == "large") {
        core(100_000);
    }
    exact_edges(10_000);
    around_the_core(1_000);
    around_the_core(10_000);
    changes(10_000);
    series::rows();
}

/// The measured core: from a question to the set of free rooms.
fn core(rooms: usize) {
    let office = Office::new(rooms, Times::MostlyRound, SEED);
    let (index, masks) = (office.index(), Masks::new(&office));
    // With fewer rooms the fixed cost of a question weighs too much, with more the memory's speed.
    let goal = (rooms == 10_000).then_some(1.5);
    for (name, off_ms) in [("aligned", 0), ("unaligned", OFF_MS)] {
        let asked = questions(QUESTIONS, off_ms, 1, SEED + 1);
        let (ours, loops) = against_masks(&index, &masks, &asked);
        let name = format!("search core {name} {rooms} rooms");
        row(&name, ours, "bare AND loop", loops, goal);
    }
    let single = questions(QUESTIONS, 0, 1, SEED + 1);
    let series = questions(QUESTIONS, 0, 12, SEED + 1);
    let (mut out, mut other) = (RoomSet::default(), RoomSet::default());
    let (twelve, one) = paired(
        QUESTIONS,
        |at| ask(&index, &series[at], &mut out),
        |at| ask(&index, &single[at], &mut other),
    );
    row(
        &format!("search core weekly x 12 {rooms} rooms"),
        twelve,
        "12 single searches",
        12.0 * one,
        Some(1.5),
    );
}

/// Every booking and every question at odd minutes: how dear the checks at the edges can get.
fn exact_edges(rooms: usize) {
    let office = Office::new(rooms, Times::AllOdd, SEED);
    let (index, masks) = (office.index(), Masks::new(&office));
    let asked = questions(QUESTIONS, OFF_MS, 1, SEED + 1);
    let (ours, loops) = against_masks(&index, &masks, &asked);
    let name = format!("exact edges, all bookings at odd minutes, {rooms} rooms");
    row(&name, ours, "bare AND loop", loops, None);
}

fn against_masks(index: &SearchIndex, masks: &Masks, asked: &[Wanted]) -> (f64, f64) {
    let (mut out, mut buffer) = (RoomSet::default(), masks.buffer());
    for wanted in asked {
        index.free_into(wanted, NOW, &mut out);
        masks.and_into(wanted, &mut buffer);
        let loose: u32 = buffer.iter().map(|word| word.count_ones()).sum();
        // The loop knows no edges, so it can only find too few.
        assert!(out.count() >= loose as usize, "the same masks were read");
    }
    paired(
        asked.len(),
        |at| ask(index, &asked[at], &mut out),
        |at| {
            masks.and_into(black_box(&asked[at]), &mut buffer);
            black_box(&buffer);
        },
    )
}

fn ask(index: &SearchIndex, wanted: &Wanted, out: &mut RoomSet) {
    index.free_into(black_box(wanted), NOW, out);
    black_box(out);
}

/// What a whole answer needs beside the set of free rooms.
fn around_the_core(rooms: usize) {
    let index = Office::new(rooms, Times::MostlyRound, SEED).index();
    let asked = questions(QUESTIONS, 0, 1, SEED + 1);
    let floor = index.rooms()[0].floor;
    let preference = Preference { floor: Some(floor) };
    let free: Vec<RoomSet> = asked.iter().map(|one| index.free(one, NOW)).collect();
    let shown: Vec<_> = index.rooms().iter().take(20).map(|room| room.id).collect();
    let mut out = RoomSet::default();
    let mut beside = |name: &str, call: &mut dyn FnMut(usize)| {
        let (ours, core) = paired(QUESTIONS, call, |at| ask(&index, &asked[at], &mut out));
        row(
            &format!("{name} {rooms} rooms"),
            ours,
            "search core",
            core,
            None,
        );
    };
    beside("ranking, top 20,", &mut |at| {
        black_box(top(&index, &free[at], &asked[at], &preference, 20));
    });
    beside("reasons of 20 rooms,", &mut |at| {
        for id in &shown {
            black_box(index.answer(*id, &asked[at], NOW));
        }
    });
    beside("states of one floor of 100,", &mut |at| {
        black_box(index.states(floor, &asked[at], NOW));
    });
    beside("facets,", &mut |at| {
        black_box(index.facets(&asked[at], NOW));
    });
    beside("near misses, 5,", &mut |at| {
        black_box(near_misses(&index, &asked[at], NOW, 5));
    });
}

/// What keeping the index true costs.
fn changes(rooms: usize) {
    let office = Office::new(rooms, Times::MostlyRound, SEED);
    let mut index = office.index();
    let asked = questions(QUESTIONS, 0, 12, SEED + 1);
    let ask_all = |index: &SearchIndex| {
        for wanted in &asked {
            black_box(index.free(wanted, NOW));
        }
    };
    ask_all(&index);
    let days = index.days_kept();
    let one: Vec<Occupancy> = office.occupancies[7][..1].to_vec();
    let id = office.rooms[7].id;
    let change = alone(QUESTIONS, |_| {
        index.apply(id, &one, &[]);
        index.apply(id, &[], &one);
    });
    own_row(
        &format!("one booking out and in again, {days} days drawn, {rooms} rooms"),
        change,
    );
    let fresh = std::time::Instant::now();
    let index = office.index();
    own_row(
        &format!("index made from intervals, {rooms} rooms"),
        fresh.elapsed().as_nanos() as f64,
    );
    let fresh = std::time::Instant::now();
    ask_all(&index);
    own_row(
        &format!("a day drawn when first asked for, {rooms} rooms"),
        fresh.elapsed().as_nanos() as f64 / index.days_kept() as f64,
    );
}

/// The index with every day of the data asked for, against what the whole process may take.
fn memory(rooms: usize, goal_mib: usize) {
    let office = Office::new(rooms, Times::MostlyRound, SEED);
    let index = office.index();
    for wanted in questions(400, OFF_MS, 12, SEED + 1) {
        black_box(index.free(&wanted, NOW));
    }
    let mib = |bytes: usize| bytes as f64 / f64::from(1 << 20);
    let ours = mib(index.memory_bytes());
    println!(
        "bench index memory {rooms} rooms, {} days drawn | ours {ours:.1} MiB | \
         reference process limit {goal_mib} MiB | ratio {:.2} | goal <= 1 | {}",
        index.days_kept(),
        ours / goal_mib as f64,
        verdict(ours / goal_mib as f64, Some(1.0)),
    );
}

fn row(name: &str, ours: f64, what: &str, reference: f64, goal: Option<f64>) {
    let ratio = ours / reference;
    let goal_text = goal.map_or("none yet".to_owned(), |goal| format!("<= {goal}"));
    println!(
        "bench {name} | ours {} | reference {what} {} | ratio {ratio:.2} | goal {goal_text} | {}",
        duration(ours),
        duration(reference),
        verdict(ratio, goal),
    );
}

fn own_row(name: &str, ours: f64) {
    println!(
        "bench {name} | ours {} | reference none - | ratio - | goal none yet | -",
        duration(ours)
    );
}

fn verdict(ratio: f64, goal: Option<f64>) -> &'static str {
    match goal {
        None => "-",
        Some(goal) if ratio <= goal => "ok",
        Some(_) => "SHORT",
    }
}

pub(crate) fn duration(ns: f64) -> String {
    match ns {
        _ if ns >= 1e6 => format!("{:.2} ms", ns / 1e6),
        _ if ns >= 1e4 => format!("{:.1} us", ns / 1e3),
        _ => format!("{ns:.0} ns"),
    }
}
