use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use serde_json::json;

use super::*;

const PROPERTIES: [&str; 6] = [
    "subject",
    "start",
    "attendees",
    "capacity",
    "isAllDay",
    "label",
];

fn entity() -> Value {
    json!({
        "subject": "Ada's Review", "capacity": 8, "isAllDay": false, "label": null,
        "start": { "dateTime": "2026-11-24T09:00:00.0000000", "timeZone": "UTC" },
        "attendees": [
            { "type": "required", "emailAddress": { "address": "alex.wilber@contoso.com" } },
            { "type": "resource", "emailAddress": { "address": "Room1@contoso.com" } },
        ],
    })
}

fn accepts(text: &str) -> bool {
    let expression = parser::parse(text, &PROPERTIES).unwrap_or_else(|why| panic!("{text}: {why}"));
    Filter(expression).accepts(&entity())
}

#[test]
fn every_form_that_is_served_means_what_it_says() {
    for text in [
        "subject eq 'ada''s review'",
        "startswith(subject,'ADA') and endswith(subject, 'view')",
        "contains(subject,'s r') or capacity gt 100",
        "start/dateTime ge '2026-11-24T10:00:00+01:00' and start/dateTime lt 2026-11-24T09:00:01Z",
        "start/dateTime ge '2026-11-24'",
        "capacity ge 8 and capacity le 8 and not (capacity ne 8)",
        "capacity in (4, 8)",
        "isAllDay eq false and label eq null",
        "attendees/any(a:a/emailAddress/address eq 'room1@contoso.com' and a/type eq 'resource')",
        "isAllDay eq true or (subject ne 'x' and Capacity eq 8)",
    ] {
        assert!(accepts(text), "{text}");
    }
    for text in [
        "capacity lt 8",
        "label ge 'a'",
        "subject eq 8",
        "attendees/any(a:a/type eq 'optional')",
        "isAllDay eq true or subject eq 'x' and capacity eq 8",
    ] {
        assert!(!accepts(text), "{text}");
    }
}

#[test]
fn what_is_not_understood_is_refused_and_named() {
    for (text, named) in [
        ("colour eq 'red'", "colour"),
        ("subject is 'x'", "is"),
        ("subject eq 'x", "unterminated"),
        ("subject eq", "ends"),
        ("(subject eq 'x'", "ends"),
        ("subject eq 'x' capacity eq 8", "capacity"),
        ("length(subject) eq 3", "length"),
        ("attendees/any(x eq 1)", "range variable"),
        ("capacity eq many", "many"),
        ("", "ends"),
    ] {
        let problem = parser::parse(text, &PROPERTIES).unwrap_err();
        assert!(problem.contains(named), "{text}: {problem}");
    }
    let deep = format!("{}subject eq 'x'{}", "(".repeat(500), ")".repeat(500));
    assert!(
        parser::parse(&deep, &PROPERTIES)
            .unwrap_err()
            .contains("deep")
    );
}

#[test]
fn no_text_brings_it_down() {
    const PIECES: [&str; 18] = [
        "subject",
        "start/dateTime",
        "attendees/any",
        "(",
        ")",
        ",",
        "'x'",
        "'",
        "eq",
        "and",
        "or",
        "not",
        "in",
        "a:a/type",
        "2026-11-24T",
        "é",
        "/",
        "8",
    ];
    for seed in 0..2_000 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let words: Vec<&str> = (0..random.next_u32() % 12)
            .map(|_| PIECES[random.next_u32() as usize % PIECES.len()])
            .collect();
        let text = words.join(if seed % 2 == 0 { " " } else { "" });
        if let Ok(expression) = parser::parse(&text, &PROPERTIES) {
            let _decided = Filter(expression).accepts(&entity());
        }
    }
}
