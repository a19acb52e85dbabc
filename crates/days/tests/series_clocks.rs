//! Series over clock changes: what the product expands against what the simulated Microsoft 365 makes of the same series.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops there")]

use booking::recurrence::{End, Nth, Pattern, Series, Weekdays};
use booking::rules::HORIZON_DAYS;
use booking::search::OCCURRENCES_MAX;
use booking::time::civil::day_of_text;
use booking::time::{DAY_MS, Instant, TimeRange, ZoneName};
use days::office::ADELE;
use engine::when::series_dates;
use graph::provider::recurrence::{read, write};
use graph::types::{DateTimeTimeZone, Repeating};
use jiff::Timestamp;
use m365_sim::{Scenario, Sim, SimOptions};
use serde_json::{Value, json};

/// Thursday, 1 October 2026: before the clocks of any zone change.
const NOW: &str = "2026-10-01T00:00:00Z";

fn now() -> Instant {
    instant(NOW.parse().unwrap())
}

fn instant(at: Timestamp) -> Instant {
    Instant(at.as_millisecond())
}

/// A tenant and somebody's calendar in it, as that person's program sees it.
struct Calendar {
    sim: Sim,
    http: reqwest::Client,
    token: String,
}

impl Calendar {
    async fn open() -> Self {
        let scenario = Scenario::contoso().with_clock(NOW.parse().unwrap());
        let sim = Sim::start(scenario, SimOptions::explicit()).await.unwrap();
        let scopes = ["Calendars.ReadWrite"];
        let token = sim.token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &scopes);
        Self {
            token: token.unwrap().access_token,
            http: reqwest::Client::new(),
            sim,
        }
    }

    async fn answer(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.bearer_auth(&self.token).send().await.unwrap();
        let status = answer.status();
        let body: Value = answer.json().await.unwrap();
        assert!(status.is_success(), "{status}: {body}");
        body
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1.0/me/events{path}", self.sim.url())
    }

    /// Writes an event; its id.
    async fn create(&self, event: &Value) -> String {
        let request = self.http.post(self.url("")).json(event);
        self.answer(request).await["id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    async fn event(&self, id: &str) -> Value {
        self.answer(self.http.get(self.url(&format!("/{id}"))))
            .await
    }

    /// The dates of a series from now on, as far ahead as rooms can be booked, in order.
    async fn instances(&self, id: &str) -> Vec<TimeRange> {
        let end = Timestamp::from_millisecond(now().plus_ms(HORIZON_DAYS * DAY_MS).0).unwrap();
        let window = format!("startDateTime={NOW}&endDateTime={end}&$top=500");
        let mut next = Some(self.url(&format!("/{id}/instances?{window}")));
        let mut dates = Vec::new();
        while let Some(url) = next {
            let page = self.answer(self.http.get(url)).await;
            dates.extend(page["value"].as_array().unwrap().iter().map(range));
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        dates.retain(|date: &TimeRange| date.start() >= now() && date.end() <= instant(end));
        dates.sort();
        dates.truncate(OCCURRENCES_MAX);
        dates
    }
}

fn range(event: &Value) -> TimeRange {
    let at = |side: &str| {
        let told: DateTimeTimeZone = serde_json::from_value(event[side].clone()).unwrap();
        instant(told.instant().unwrap())
    };
    TimeRange::new(at("start"), at("end")).unwrap()
}

/// Series whose dates lie on and around every change of the clocks.
fn series() -> Vec<Series> {
    let day = |text: &str| day_of_text(text).unwrap();
    let one = |pattern, interval, first: &str, end, hour: i64, minute, length_minutes| Series {
        pattern,
        interval,
        first_day: day(first),
        end,
        start_minute: hour * 60 + minute,
        length_minutes,
    };
    let weekly = |days, first_weekday| Pattern::Weekly {
        days: Weekdays(days),
        first_weekday,
    };
    let last_sunday = Pattern::MonthlyWeekday {
        days: Weekdays(0b100_0000),
        nth: Nth::Last,
    };
    let second_weekend_day = Pattern::MonthlyWeekday {
        days: Weekdays::WEEKEND,
        nth: Nth::Number(2),
    };
    let spring = End::On(day("2027-05-31"));
    vec![
        one(Pattern::Daily, 1, "2026-10-02", End::After(400), 2, 30, 30),
        one(Pattern::Daily, 1, "2026-10-02", End::Never, 1, 45, 30),
        one(Pattern::Daily, 3, "2026-10-02", End::Never, 2, 0, 60),
        one(weekly(0b110_0000, 0), 1, "2026-10-03", spring, 22, 0, 480),
        one(
            weekly(0b100_0001, 6),
            2,
            "2026-10-11",
            End::After(30),
            2,
            15,
            30,
        ),
        one(last_sunday, 1, "2026-10-25", End::Never, 2, 30, 60),
        one(second_weekend_day, 1, "2026-10-04", End::After(9), 3, 0, 15),
        one(Pattern::MonthlyDay(31), 1, "2026-10-31", spring, 2, 15, 45),
        one(
            Pattern::MonthlyDay(29),
            12,
            "2027-02-28",
            End::Never,
            9,
            0,
            60,
        ),
    ]
}

/// Writes every series in that zone, under both its names, and compares every date.
async fn simulator_agrees_in(iana: &str, windows: &str) {
    let calendar = Calendar::open().await;
    let zone = ZoneName(iana.to_owned());
    let mut changes = 0;
    for series in series() {
        let expected = series_dates(&series, &zone, now()).ranges;
        assert!(!expected.is_empty(), "{series:?}");
        changes += off_the_first_time(&expected);
        for name in [iana, windows] {
            let written = write(&series, &ZoneName(name.to_owned())).unwrap();
            let mut event = serde_json::to_value(&written).unwrap();
            event["subject"] = json!("Planning");
            let id = calendar.create(&event).await;
            let dates = calendar.instances(&id).await;
            assert_eq!(dates, expected, "{name}: {series:?}");
            let kept: Repeating = serde_json::from_value(calendar.event(&id).await).unwrap();
            assert_eq!(read(&kept), Ok((series, zone.clone())), "{name}");
        }
    }
    assert_eq!(changes > 0, iana != "Asia/Kolkata", "the clocks changed");
}

/// How many dates begin at another time of day in UTC than the first one.
fn off_the_first_time(dates: &[TimeRange]) -> usize {
    let time = |date: &TimeRange| date.start().0.rem_euclid(DAY_MS);
    let other = |date: &&TimeRange| time(date) != time(&dates[0]);
    dates.iter().filter(other).count()
}

/// covers part of: N-02 (four zones over clock changes: Europe/Berlin)
#[tokio::test]
async fn the_simulator_agrees_on_every_date_of_a_series_in_berlin() {
    simulator_agrees_in("Europe/Berlin", "W. Europe Standard Time").await;
}

/// covers part of: N-02 (four zones over clock changes: America/New_York)
#[tokio::test]
async fn the_simulator_agrees_on_every_date_of_a_series_in_new_york() {
    simulator_agrees_in("America/New_York", "Eastern Standard Time").await;
}

/// covers part of: N-02 (four zones over clock changes: Australia/Lord_Howe)
#[tokio::test]
async fn the_simulator_agrees_on_every_date_of_a_series_in_lord_howe() {
    simulator_agrees_in("Australia/Lord_Howe", "Lord Howe Standard Time").await;
}

/// covers part of: N-02 (four zones over clock changes: Asia/Kolkata)
#[tokio::test]
async fn the_simulator_agrees_on_every_date_of_a_series_in_kolkata() {
    simulator_agrees_in("Asia/Kolkata", "India Standard Time").await;
}
