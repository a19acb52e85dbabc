//! Damaged files: whatever comes of them, the importer answers and does not panic.
#![cfg(feature = "import")]

#[path = "plan_support/smallest.rs"]
mod smallest;

use booking::plan::import::import;
use booking::random::SeededRandom;
use serde_json::{Value, json};
use smallest::{drawing, survey};

/// Changes, adds and cuts bytes.
#[test]
fn no_damage_to_a_file_makes_the_importer_panic() {
    let seed = 20_261_120;
    println!("seed {seed}");
    let random = SeededRandom::new(seed);
    let sources = [drawing(), survey()].map(|file| serde_json::to_vec(&file).unwrap());
    let (mut read, mut refused) = (0, 0);
    for round in 0..6_000_u32 {
        let mut bytes = sources[(round % 2) as usize].clone();
        for _ in 0..=random.next_u64() % 4 {
            damage(&mut bytes, &random);
        }
        match import(&bytes) {
            Ok(_) => read += 1,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                refused += 1;
            }
        }
    }
    println!("{read} read, {refused} refused");
    assert!(read > 100 && refused > 100);
}

/// Replaces whole values, which damage to bytes rarely survives as JSON.
#[test]
fn no_value_in_the_wrong_place_makes_the_importer_panic() {
    let seed = 7_031;
    println!("seed {seed}");
    let random = SeededRandom::new(seed);
    for round in 0..6_000_u32 {
        let mut file = if round % 2 == 0 { drawing() } else { survey() };
        for _ in 0..=random.next_u64() % 3 {
            let depth = random.next_u64() % 9;
            replace(&mut file, depth, &random);
        }
        if let Err(error) = import(&serde_json::to_vec(&file).unwrap()) {
            assert!(!error.to_string().is_empty());
        }
    }
}

fn damage(bytes: &mut Vec<u8>, random: &SeededRandom) {
    let at = (random.next_u64() as usize) % bytes.len().max(1);
    match random.next_u64() % 5 {
        0 => bytes[at] = b"0123456789.-e\"[]{},:null"[(random.next_u64() % 24) as usize],
        1 => bytes[at] = random.next_u64() as u8,
        2 => bytes.insert(at, b"9e-.\"0"[(random.next_u64() % 6) as usize]),
        3 => drop(bytes.remove(at)),
        _ => {
            // Digits stay digits, so that more of the files are read to the end.
            for byte in bytes
                .iter_mut()
                .skip(at)
                .take(8)
                .filter(|byte| byte.is_ascii_digit())
            {
                *byte = b'0' + (random.next_u64() % 10) as u8;
            }
        }
    }
}

fn replace(value: &mut Value, depth: u64, random: &SeededRandom) {
    let pick = random.next_u64() as usize;
    match value {
        Value::Array(list) if depth > 0 && !list.is_empty() => {
            let at = pick % list.len();
            replace(&mut list[at], depth - 1, random);
        }
        Value::Object(map) if depth > 0 && !map.is_empty() => {
            let at = pick % map.len();
            if let Some(inner) = map.values_mut().nth(at) {
                replace(inner, depth - 1, random);
            }
        }
        other => {
            *other = match pick % 9 {
                0 => Value::Null,
                1 => json!([]),
                2 => json!({}),
                3 => json!(1e308),
                4 => json!(-0.000_01),
                5 => json!("0-9;;-"),
                6 => json!([[0, 0], [1, 1], [1, 0]]),
                7 => json!(u64::MAX),
                _ => json!("Ä\u{0}\u{202e}"),
            }
        }
    }
}
