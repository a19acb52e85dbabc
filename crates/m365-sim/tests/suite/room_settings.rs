//! What a room makes of one request, setting by setting.

use m365_sim::{AutomateProcessing, BookingType, Processing, Scenario, SimOptions};
use serde_json::{Value, json};

use crate::series::weekly;
use crate::support::{ADELE, ROOM1, World, meeting};

const NINE: &str = "2026-11-24T09:00:00";
const TEN: &str = "2026-11-24T10:00:00";

/// A tenant whose room 1 has these settings.
pub(crate) async fn world_with(processing: Processing) -> World {
    let scenario = Scenario::contoso().with_processing(ROOM1, processing);
    World::start(scenario, SimOptions::explicit()).await
}

/// One row: the settings, the request, what the organizer sees, and how the room shows it (`None` is not at all).
struct Row {
    name: &'static str,
    processing: Processing,
    body: Value,
    answer: &'static str,
    show_as: Option<&'static str>,
}

fn row(
    name: &'static str,
    processing: Processing,
    body: Value,
    answer: &'static str,
    show_as: Option<&'static str>,
) -> Row {
    Row {
        name,
        processing,
        body,
        answer,
        show_as,
    }
}

fn in_february() -> Value {
    meeting(
        "Later",
        &[ROOM1],
        "2027-02-09T09:00:00",
        "2027-02-09T10:00:00",
    )
}

fn rows() -> Vec<Row> {
    let plain = || meeting("Review", &[ROOM1], NINE, TEN);
    let long = || meeting("Long", &[ROOM1], NINE, "2026-11-24T12:00:00");
    let evening = || {
        meeting(
            "Late",
            &[ROOM1],
            "2026-11-24T18:00:00",
            "2026-11-24T19:00:00",
        )
    };
    let closed = || Processing {
        all_book_in_policy: false,
        ..Processing::default()
    };
    let short = |processing: Processing| Processing {
        maximum_duration_in_minutes: 120,
        ..processing
    };
    let adele = || vec![ADELE.to_owned()];
    vec![
        row(
            "defaults",
            Processing::default(),
            plain(),
            "accepted",
            Some("busy"),
        ),
        row(
            "reserved",
            Processing {
                booking_type: BookingType::Reserved,
                ..Processing::default()
            },
            plain(),
            "declined",
            None,
        ),
        row(
            "by hand",
            Processing {
                automate_processing: AutomateProcessing::AutoUpdate,
                ..Processing::default()
            },
            plain(),
            "none",
            Some("tentative"),
        ),
        row(
            "nobody",
            Processing {
                automate_processing: AutomateProcessing::None,
                ..Processing::default()
            },
            plain(),
            "none",
            None,
        ),
        row(
            "too long",
            short(Processing::default()),
            long(),
            "declined",
            None,
        ),
        row(
            "unlimited",
            Processing {
                maximum_duration_in_minutes: 0,
                ..Processing::default()
            },
            long(),
            "accepted",
            Some("busy"),
        ),
        row(
            "minimum is for workspaces",
            Processing {
                minimum_duration_in_minutes: 240,
                enforce_capacity: true,
                ..Processing::default()
            },
            plain(),
            "accepted",
            Some("busy"),
        ),
        row(
            "beyond the window",
            Processing {
                booking_window_in_days: 30,
                ..Processing::default()
            },
            in_february(),
            "declined",
            None,
        ),
        row(
            "no series",
            Processing {
                allow_recurring_meetings: false,
                ..Processing::default()
            },
            weekly(2),
            "declined",
            None,
        ),
        row(
            "after work",
            Processing {
                schedule_only_during_work_hours: true,
                ..Processing::default()
            },
            evening(),
            "declined",
            None,
        ),
        row(
            "at work",
            Processing {
                schedule_only_during_work_hours: true,
                ..Processing::default()
            },
            plain(),
            "accepted",
            Some("busy"),
        ),
        row("nobody may book", closed(), plain(), "declined", None),
        row(
            "may book",
            Processing {
                book_in_policy: adele(),
                ..closed()
            },
            plain(),
            "accepted",
            Some("busy"),
        ),
        row(
            "may book, but not that long",
            short(Processing {
                book_in_policy: adele(),
                ..closed()
            }),
            long(),
            "declined",
            None,
        ),
        row(
            "everybody may ask",
            Processing {
                all_request_in_policy: true,
                ..closed()
            },
            plain(),
            "tentativelyAccepted",
            Some("tentative"),
        ),
        row(
            "may ask",
            Processing {
                request_in_policy: adele(),
                ..closed()
            },
            plain(),
            "tentativelyAccepted",
            Some("tentative"),
        ),
        row(
            "asking takes no time",
            Processing {
                request_in_policy: adele(),
                tentative_pending_approval: false,
                ..closed()
            },
            plain(),
            "none",
            Some("free"),
        ),
        row(
            "may not ask for that long",
            short(Processing {
                all_request_in_policy: true,
                ..closed()
            }),
            long(),
            "declined",
            None,
        ),
        row(
            "everybody may ask for more",
            short(Processing {
                all_request_out_of_policy: true,
                ..Processing::default()
            }),
            long(),
            "tentativelyAccepted",
            Some("tentative"),
        ),
        row(
            "may ask for more",
            short(Processing {
                request_out_of_policy: adele(),
                ..Processing::default()
            }),
            long(),
            "tentativelyAccepted",
            Some("tentative"),
        ),
    ]
}

#[tokio::test]
async fn every_setting_decides_as_documented() {
    for row in rows() {
        let world = world_with(row.processing).await;
        let created = world.person(ADELE).post("me/events", row.body).await;
        assert_eq!(created.status, 201, "{}: {}", row.name, created.json);
        world.sim.drain().await;
        assert_eq!(world.answer_of(ADELE, ROOM1), row.answer, "{}", row.name);
        let shown: Vec<String> = world
            .sim
            .events(ROOM1)
            .unwrap()
            .into_iter()
            .map(|copy| copy.show_as)
            .collect();
        assert_eq!(shown, row.show_as.as_slice(), "{}", row.name);
    }
}

#[tokio::test]
async fn what_the_room_shows_is_rewritten_as_set() {
    let keep = Processing {
        delete_subject: false,
        add_organizer_to_subject: false,
        delete_comments: false,
        remove_private_property: false,
        ..Processing::default()
    };
    let both = Processing {
        delete_subject: false,
        ..Processing::default()
    };
    let empty = Processing {
        add_organizer_to_subject: false,
        ..Processing::default()
    };
    for (processing, subject, body, sensitivity) in [
        (Processing::default(), "Adele Vance", "", "normal"),
        (keep, "Review", "Numbers of the week", "private"),
        (both, "Adele Vance Review", "", "normal"),
        (empty, "", "", "normal"),
    ] {
        let world = world_with(processing).await;
        let mut body_sent = meeting("Review", &[ROOM1], NINE, TEN);
        body_sent["sensitivity"] = json!("private");
        world.person(ADELE).post("me/events", body_sent).await;
        world.sim.drain().await;
        let copy = world.only_event(ROOM1);
        assert_eq!(
            (
                copy.subject.as_str(),
                copy.body.as_str(),
                copy.sensitivity.as_str()
            ),
            (subject, body, sensitivity)
        );
    }
}
