//! calendarView/delta.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::DeltaQuirks;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Client, ROOM1, World, answer, meeting};

const WINDOW: &str = "startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-12-23T00:00:00Z";

/// All rows of a round and its delta link, read in pages of `size`.
async fn round(client: &Client<'_>, link: &str, size: usize) -> (Vec<Value>, String) {
    let (mut rows, mut link) = (Vec::new(), link.to_owned());
    loop {
        let request = client.request(Method::GET, &link);
        let page = answer(request.header("Prefer", format!("odata.maxpagesize={size}"))).await;
        assert_eq!(page.status, 200, "{}", page.json);
        let value = page.json["value"].as_array().unwrap();
        assert!(value.len() <= size);
        rows.extend(value.iter().cloned());
        if let Some(delta) = page.json["@odata.deltaLink"].as_str() {
            return (rows, delta.to_owned());
        }
        link = page.json["@odata.nextLink"].as_str().unwrap().to_owned();
    }
}

fn start() -> String {
    format!("users/{ROOM1}/calendarView/delta()?{WINDOW}")
}

async fn book_days(world: &World, days: std::ops::Range<u32>) {
    for day in days {
        let (start, end) = (
            format!("2026-11-{day}T09:00:00"),
            format!("2026-11-{day}T10:00:00"),
        );
        world.person(ADELE).book(ROOM1, &start, &end).await;
    }
    world.sim.drain().await;
}

#[tokio::test]
async fn a_first_round_holds_everything_in_the_window_once() {
    let world = World::contoso().await;
    book_days(&world, 24..29).await;
    let app = world.app().await;
    for size in [1, 2, 50] {
        let (rows, link) = round(&app, &start(), size).await;
        assert_eq!(rows.len(), 5);
        assert!(
            rows.iter()
                .all(|row| row["@odata.type"] == "#microsoft.graph.event")
        );
        assert!(link.starts_with(&format!(
            "{}/v1.0/users/{ROOM1}/calendarView/delta()?",
            world.sim.url()
        )));
        let (again, _) = round(&app, &link, size).await;
        assert!(again.is_empty());
    }
}

#[tokio::test]
async fn a_later_round_holds_what_changed_and_what_went() {
    let world = World::contoso().await;
    book_days(&world, 24..27).await;
    let app = world.app().await;
    let (rows, link) = round(&app, &start(), 50).await;
    let gone = rows[0]["id"].as_str().unwrap();
    app.delete(&format!("users/{ROOM1}/events/{gone}")).await;
    world
        .person(ALEX)
        .book(ROOM1, "2026-11-27T09:00:00", "2026-11-27T10:00:00")
        .await;
    let (changes, link) = round(&app, &link, 50).await;
    assert_eq!(changes.len(), 2);
    assert_eq!(
        (&changes[0]["id"], &changes[0]["@removed"]["reason"]),
        (&json!(gone), &json!("deleted"))
    );
    assert_eq!(changes[1]["responseStatus"]["response"], "notResponded");
    world.sim.drain().await;
    let (answered, _) = round(&app, &link, 50).await;
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0]["responseStatus"]["response"], "accepted");
    assert_eq!(answered[0]["subject"], "Alex Wilber");
}

#[tokio::test]
async fn a_change_during_a_round_is_not_lost() {
    let world = World::contoso().await;
    book_days(&world, 24..28).await;
    let app = world.app().await;
    let opened = app.get(&start()).await;
    let next = opened.json["@odata.nextLink"].as_str().unwrap();
    let request = app
        .request(Method::GET, next)
        .header("Prefer", "odata.maxpagesize=2");
    let first = answer(request).await;
    let shown = first.json["value"][0]["id"].as_str().unwrap();
    app.delete(&format!("users/{ROOM1}/events/{shown}")).await;
    book_days(&world, 28..29).await;
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let (rest, link) = round(&app, next, 2).await;
    let (later, _) = round(&app, &link, 2).await;
    let all: Vec<&Value> = rest.iter().chain(&later).collect();
    assert!(
        all.iter()
            .any(|row| row["id"] == shown && row.get("@removed").is_some()),
        "{all:#?}"
    );
    assert_eq!(
        all.iter()
            .filter(|row| row.get("@removed").is_none())
            .count(),
        3
    );
}

#[tokio::test]
async fn a_touched_event_outside_the_window_is_reported_as_removed() {
    let world = World::contoso().await;
    let app = world.app().await;
    let (_, link) = round(&app, &start(), 50).await;
    world
        .person(ADELE)
        .book(ROOM1, "2027-02-01T09:00:00", "2027-02-01T10:00:00")
        .await;
    let (rows, _) = round(&app, &link, 50).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["@removed"]["reason"], "deleted");
}

#[tokio::test]
async fn unknown_and_expired_tokens_are_gone() {
    let world = World::contoso().await;
    let app = world.app().await;
    let (_, link) = round(&app, &start(), 50).await;
    let unknown = app
        .get(&format!("users/{ROOM1}/calendarView/delta?$deltatoken=abc"))
        .await;
    assert_eq!(unknown.status, 410);
    assert_eq!(unknown.json["error"]["code"], "SyncStateNotFound");
    world.sim.expire_delta_tokens();
    assert_eq!(app.get(&link).await.status, 410);
    assert!(round(&app, &start(), 50).await.0.is_empty());
}

#[tokio::test]
async fn query_options_are_refused() {
    let world = World::contoso().await;
    let refused = world
        .app()
        .await
        .get(&format!("{}&$select=subject", start()))
        .await;
    assert_eq!(refused.status, 400);
    let events = world
        .app()
        .await
        .get(&format!("users/{ROOM1}/events/delta?{WINDOW}"))
        .await;
    assert_eq!(events.status, 400);
}

#[tokio::test]
async fn a_first_round_begins_with_an_empty_page_unless_set_otherwise() {
    let world = World::contoso().await;
    book_days(&world, 24..26).await;
    let app = world.app().await;
    let first = app.get(&start()).await;
    assert_eq!(first.json["value"], json!([]));
    assert!(first.json.get("@odata.deltaLink").is_none());
    let next = first.json["@odata.nextLink"].as_str().unwrap();
    let second = app.get(next).await;
    assert_eq!(second.json["value"].as_array().unwrap().len(), 2);
    let quirks = json!({ "emptyFirstPage": false });
    let set = world.control(Method::POST, "delta-quirks", quirks).await;
    assert_eq!(set.status, 204, "{}", set.json);
    let whole = app.get(&start()).await;
    assert_eq!(whole.json["value"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn rows_may_come_again_on_the_next_page_and_in_the_next_round() {
    let world = World::contoso().await;
    book_days(&world, 24..28).await;
    world.sim.set_delta_quirks(DeltaQuirks {
        replay_percent: 100,
        ..DeltaQuirks::default()
    });
    let app = world.app().await;
    let (rows, link) = round(&app, &start(), 2).await;
    let ids: Vec<_> = rows.iter().map(|row| row["id"].clone()).collect();
    let mut distinct = ids.clone();
    distinct.dedup();
    assert_eq!((ids.len(), distinct.len()), (6, 4));
    let (again, _) = round(&app, &link, 2).await;
    assert_eq!(again.len(), 1);
    assert_eq!(again[0]["id"], ids[5]);
    let (single, _) = round(&app, &start(), 1).await;
    assert_eq!(single.len(), 4);
}

#[tokio::test]
async fn newer_delta_links_push_out_older_ones_and_the_refusal_says_where_to_begin_anew() {
    let world = World::contoso().await;
    book_days(&world, 24..26).await;
    world.sim.set_delta_quirks(DeltaQuirks {
        tokens_kept: 2,
        ..DeltaQuirks::default()
    });
    let app = world.app().await;
    let (_, first) = round(&app, &start(), 50).await;
    let (_, second) = round(&app, &first, 50).await;
    let (_, third) = round(&app, &second, 50).await;
    let gone = app.get(&first).await;
    assert_eq!(gone.status, 410);
    assert_eq!(gone.json["error"]["code"], "SyncStateNotFound");
    for link in [&second, &third] {
        assert_eq!(app.get(link).await.status, 200);
    }
    let anew = gone.headers["location"].to_str().unwrap();
    assert_eq!(round(&app, anew, 50).await.0.len(), 2);
}

#[tokio::test]
async fn masters_may_be_left_out() {
    let world = World::contoso().await;
    let series = crate::series::weekly(3);
    world.person(ADELE).post("me/events", series).await;
    world.sim.drain().await;
    world.sim.set_delta_quirks(DeltaQuirks {
        shows_masters: false,
        ..DeltaQuirks::default()
    });
    let (rows, _) = round(&world.app().await, &start(), 50).await;
    assert_eq!(rows.len(), 3);
    assert!(rows.iter().all(|row| row["type"] == "occurrence"));
}

#[tokio::test]
async fn a_series_whose_first_meeting_is_over_may_be_told_as_removed_though_it_goes_on() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let master = adele.post("me/events", crate::series::weekly(3)).await.json;
    let path = format!("me/events/{}", master["id"].as_str().unwrap());
    // From the day after its first meeting on.
    let from = "startDateTime=2026-11-25T00:00:00Z&endDateTime=2026-12-23T00:00:00Z";
    let start = format!("me/calendarView/delta?{from}");
    let quirks = |removes_old_masters| DeltaQuirks {
        removes_old_masters,
        ..DeltaQuirks::default()
    };
    world.sim.set_delta_quirks(quirks(true));
    let (rows, link) = round(&adele, &start, 50).await;
    assert_eq!(rows.len(), 3, "the master and two meetings: {rows:?}");
    adele.patch(&path, json!({ "subject": "Touched" })).await;
    let (changes, _) = round(&adele, &link, 50).await;
    let told: Vec<_> = (changes.iter())
        .map(|row| (&row["id"], &row["@removed"]["reason"]))
        .collect();
    assert_eq!(told, [(&master["id"], &json!("deleted"))]);
    world.sim.set_delta_quirks(quirks(false));
    let (changes, _) = round(&adele, &link, 50).await;
    assert_eq!(changes.len(), 3);
}

#[tokio::test]
async fn a_deleted_occurrence_shows_in_its_master_only() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let master = adele.post("me/events", crate::series::weekly(3)).await.json;
    let start = format!("me/calendarView/delta?{WINDOW}");
    let (rows, link) = round(&adele, &start, 50).await;
    let second = format!("me/events/{}", rows[2]["id"].as_str().unwrap());
    adele.delete(&second).await;
    let (changes, _) = round(&adele, &link, 50).await;
    let ids: Vec<_> = changes.iter().map(|row| &row["id"]).collect();
    assert_eq!(ids, [&master["id"], &rows[1]["id"], &rows[3]["id"]]);
    assert!(changes.iter().all(|row| row.get("@removed").is_none()));
}

/// Numbers that look random and are the same for the same seed.
struct Dice(u64);

impl Dice {
    fn throw(&mut self, sides: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// What a client knows: start by id, and to which series it belongs.
type Known = BTreeMap<String, (String, Option<String>)>;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Takes rows in as a client has to: a series' row replaces all its occurrences.
fn fold(known: &mut Known, rows: &[Value]) {
    for row in rows {
        let id = text(&row["id"]);
        let master = row["seriesMasterId"].as_str().map(str::to_owned);
        if row.get("@removed").is_some() || row["type"] == "seriesMaster" {
            known.retain(|other, (_, of)| *other != id && of.as_ref() != Some(&id));
        } else {
            known.insert(id, (text(&row["start"]["dateTime"]), master));
        }
    }
}

/// One thing that Adele does to her calendar.
async fn act(adele: &Client<'_>, dice: &mut Dice) {
    let at = match dice.throw(38) {
        day @ 0..8 => format!("2026-11-{}T", 23 + day),
        day => format!("2026-12-{:02}T", day - 7),
    };
    let (start, end) = (format!("{at}09:00:00"), format!("{at}10:00:00"));
    let events = adele.get("me/events?$top=100").await.json["value"].clone();
    let events = events.as_array().unwrap();
    let any = (!events.is_empty()).then(|| {
        let number = dice.throw(events.len() as u64) as usize;
        format!("me/events/{}", text(&events[number]["id"]))
    });
    let answer = match (dice.throw(6), any) {
        (0, Some(event)) => adele.delete(&event).await,
        (1, Some(event)) => {
            let start = json!({ "dateTime": start, "timeZone": "UTC" });
            let end = json!({ "dateTime": end, "timeZone": "UTC" });
            let times = json!({ "start": start, "end": end });
            adele.patch(&event, times).await
        }
        (2, Some(_)) => {
            let view = adele
                .get(&format!("me/calendarView?{WINDOW}&$top=100"))
                .await;
            let view = view.json["value"].as_array().unwrap().clone();
            let occurrence = view.iter().rfind(|one| one["type"] != "singleInstance");
            match occurrence {
                Some(one) => {
                    adele
                        .delete(&format!("me/events/{}", text(&one["id"])))
                        .await
                }
                None => return,
            }
        }
        (3, _) => {
            let mut series = meeting("Series", &[], &start, &end);
            series["recurrence"] = json!({
                "pattern": { "type": "daily", "interval": 2 },
                "range": { "type": "numbered", "startDate": &start[..10], "numberOfOccurrences": 3 },
            });
            adele.post("me/events", series).await
        }
        _ => {
            adele
                .post("me/events", meeting("One", &[], &start, &end))
                .await
        }
    };
    assert!(answer.status.is_success(), "{}", answer.json);
}

#[tokio::test]
async fn whatever_happens_the_rounds_add_up_to_the_view() {
    for seed in 0..12 {
        let world = World::contoso().await;
        let mut dice = Dice(seed);
        world.sim.set_delta_quirks(DeltaQuirks {
            empty_first_page: seed % 2 == 0,
            replay_percent: (dice.throw(3) * 40) as u8,
            ..DeltaQuirks::default()
        });
        let adele = world.person(ADELE);
        let mut known = Known::new();
        let mut link = format!("me/calendarView/delta?{WINDOW}");
        for _ in 0..6 {
            for _ in 0..dice.throw(5) {
                act(&adele, &mut dice).await;
            }
            let size = 1 + dice.throw(4) as usize;
            let (rows, next) = round(&adele, &link, size).await;
            fold(&mut known, &rows);
            link = next;
            let view = adele
                .get(&format!("me/calendarView?{WINDOW}&$top=100"))
                .await;
            let seen: BTreeMap<String, String> = view.json["value"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| (text(&one["id"]), text(&one["start"]["dateTime"])))
                .collect();
            let folded: BTreeMap<String, String> = known
                .iter()
                .map(|(id, (start, _))| (id.clone(), start.clone()))
                .collect();
            assert_eq!(folded, seen, "seed {seed}");
        }
    }
}

#[tokio::test]
async fn a_token_with_a_window_that_no_round_is_given_is_forgotten() {
    let world = World::contoso().await;
    let app = world.app().await;
    let (_, link) = round(&app, &start(), 50).await;
    let (path, token) = link.split_once("$deltatoken=").unwrap();
    let written = URL_SAFE_NO_PAD.decode(token).unwrap();
    let mut token: Value = serde_json::from_slice(&written).unwrap();
    token["to"] = json!("9999-01-01T00:00:00Z");
    let edited = URL_SAFE_NO_PAD.encode(token.to_string());
    let answer = app.get(&format!("{path}$deltatoken={edited}")).await;
    assert_eq!(answer.status, 410, "{}", answer.json);
}
