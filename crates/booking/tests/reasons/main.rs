//! Every room that is not to be had says why, and what would have it: held against the facts of random offices, which
//! `facts` reads in its own way and not in the judge's, and against trying every time there is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

mod facts;
mod office;
mod times;

use booking::rules::Refusal;
use booking::search::RoomState;
use booking::search::index::SearchIndex;
use booking::search::judge::judge;
use booking::search::remedy::remedy;

use self::office::Case;

/// How many rooms of random offices are looked at.
const CASES: u64 = 20_000;

fn stated(case: &Case) -> Vec<Refusal> {
    judge(&case.room, &case.occupancies, &case.wanted, case.now).refusals
}

fn all_cases(look: impl Fn(&Case)) {
    for seed in 0..CASES {
        // A test that fails shows the last one.
        println!("seed {seed}");
        look(&Case::random(seed));
    }
}

#[test]
fn every_stated_reason_is_true_by_the_facts() {
    all_cases(|case| {
        for reason in stated(case) {
            assert!(facts::holds(&reason, case), "{reason:?} of {case:?}");
        }
    });
}

#[test]
fn no_reason_that_is_true_by_the_facts_is_left_out_and_none_is_told_twice() {
    all_cases(|case| {
        let stated = stated(case);
        for reason in facts::thinkable(case) {
            let told = stated.iter().filter(|one| **one == reason).count();
            let expected = usize::from(facts::holds(&reason, case));
            assert_eq!(told, expected, "{reason:?} of {case:?}");
        }
    });
}

/// covers part of: N-05 (the rooms of one office; what only a whole server knows is in the engine's stories)
#[test]
fn taking_a_reason_away_leaves_the_others_and_nothing_else() {
    all_cases(|case| {
        let stated = stated(case);
        for (at, reason) in stated.iter().enumerate() {
            let changed = facts::without(reason, case);
            let mut others = stated.clone();
            others.remove(at);
            // A shorter time meets less; everything else stays as it was.
            if matches!(reason, Refusal::TooLong { .. }) {
                others.retain(|other| facts::holds(other, &changed));
            }
            let left = judge(
                &changed.room,
                &changed.occupancies,
                &changed.wanted,
                changed.now,
            );
            assert_eq!(left.refusals, others, "without {reason:?} of {case:?}");
            assert_eq!(left.state == RoomState::Free, others.is_empty());
        }
    });
}

/// covers part of: N-05 (the rooms of one office)
#[test]
fn no_room_is_left_out_without_a_reason() {
    for seed in 0..CASES / 5 {
        println!("seed {seed}");
        let cases = Case::office(seed, 5);
        let rooms = cases.iter().map(|case| case.room.clone()).collect();
        let mut index = SearchIndex::new(rooms);
        for case in &cases {
            index.set_room_occupancies(case.room.id, case.occupancies.clone());
        }
        let (wanted, now) = (&cases[0].wanted, cases[0].now);
        let free = index.free(wanted, now);
        for (at, case) in cases.iter().enumerate() {
            let answer = index.answer(case.room.id, wanted, now).unwrap();
            assert_eq!(answer.refusals, stated(case), "{case:?}");
            assert_eq!(free.contains(at), answer.refusals.is_empty(), "{case:?}");
        }
    }
}

/// covers part of: N-05 (the rooms of one office)
#[test]
fn the_smallest_change_makes_it_bookable_and_each_part_of_it_is_needed() {
    all_cases(|case| {
        let stated = stated(case);
        let changes = remedy(&stated, &case.wanted, case.now, &|window| {
            case.taken(window)
        });
        assert!(
            stated.is_empty() == changes.is_empty() || facts::is_hopeless(case),
            "{case:?}"
        );
        if changes.is_empty() {
            return;
        }
        let left = |left_out: Option<usize>| {
            let mut changed = case.clone();
            for (at, change) in changes.iter().enumerate() {
                if Some(at) != left_out {
                    changed.make(*change);
                }
            }
            judge(
                &changed.room,
                &changed.occupancies,
                &changed.wanted,
                changed.now,
            )
        };
        assert_eq!(left(None).refusals, [], "{changes:?} for {case:?}");
        for (at, change) in changes.iter().enumerate() {
            assert_ne!(
                left(Some(at)).refusals,
                [],
                "{change:?} is idle for {case:?}"
            );
        }
    });
}

#[test]
fn no_smaller_change_of_the_time_would_do() {
    let mut compared = 0;
    for seed in 0..CASES {
        println!("seed {seed}");
        let case = Case::random(seed);
        let stated = stated(&case);
        let changes = remedy(&stated, &case.wanted, case.now, &|window| {
            case.taken(window)
        });
        let Some(expected) = times::smallest(&case, &stated) else {
            continue;
        };
        compared += 1;
        assert_eq!(changes.first(), Some(&expected), "{case:?}");
    }
    assert!(compared > CASES / 5, "only {compared} compared");
}
