//! Answers that are whole and make no sense.

use axum::Router;
use axum::http::{Uri, header};
use booking::event::BusyKind;
use booking::provider::{
    Actor, CalendarProvider, EventChange, Next, ProviderError, ScheduleItem, Which,
};
use booking::time::{DAY_MS, HOUR_MS, Instant, MINUTE_MS, TimeRange};
use graph::{GraphConfig, GraphProvider};
use url::Url;

use crate::support::{ADELE, MONDAY, World, hours, room};

const NO_TIME: &str = r#"{"dateTime":"2026-11-23T25:00:00.0000000","timeZone":"UTC"}"#;
const NINE: &str = r#"{"dateTime":"2026-11-23T09:00:00.0000000","timeZone":"UTC"}"#;
const TEN: &str = r#"{"dateTime":"2026-11-23T10:00:00.0000000","timeZone":"UTC"}"#;
const NEVER: &str = r#"{"dateTime":"9999-12-31T00:00:00.0000000","timeZone":"UTC"}"#;

/// A provider whose Graph gives this one answer to everything, with its own address for `{graph}`, and calls each request
/// `r-9`. Tokens are the tenant's.
async fn told(world: &World, answer: &str) -> GraphProvider {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answer = answer.replace("{graph}", &url);
    let answering = async move |_: Uri| {
        let headers = [
            (header::CONTENT_TYPE.as_str(), "application/json"),
            ("request-id", "r-9"),
        ];
        (headers, answer)
    };
    let routes = Router::new().fallback(answering);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    world.with_config(GraphConfig {
        graph_url: Url::parse(&url).unwrap(),
        ..world.config()
    })
}

fn names_its_request<T: std::fmt::Debug>(asked: Result<T, ProviderError>) {
    let Err(ProviderError::Bug { context, .. }) = asked else {
        panic!("{asked:?}")
    };
    assert!(context.contains("r-9"), "{context}");
}

fn day() -> TimeRange {
    let start = Instant(MONDAY.0 - MONDAY.0.rem_euclid(DAY_MS));
    TimeRange::new(start, start.plus_ms(DAY_MS)).unwrap()
}

#[tokio::test]
async fn an_event_whose_time_cannot_be_read_hides_no_other_and_is_told_with_the_name_of_its_request()
 {
    let world = World::start().await;
    let events = format!(
        r#"{{"value":[
            {{"id":"part","start":{NO_TIME},"end":{NO_TIME}}},
            {{"id":"none","subject":"Secret","start":5,"end":{{"dateTime":null}}}},
            {{"id":"free","showAs":"free","start":5}},
            {{"id":"ever","start":{NINE},"end":{NEVER}}},
            {{"id":"good","start":{NINE},"end":{TEN}}}],
            "@odata.deltaLink":"{{graph}}/v1.0/x"}}"#
    );
    let provider = told(&world, &events).await;
    let page = provider.changes(&room(1), hours(0, 9), None).await;
    let page = page.unwrap();
    assert!(matches!(page.next, Next::Done(_)));
    let [
        EventChange::Busy(part, _),
        EventChange::Gone { event_id },
        EventChange::Busy(ever, _),
        EventChange::Busy(good, _),
    ] = page.changes.as_slice()
    else {
        panic!("{:?}", page.changes)
    };
    assert_eq!((part.event_id.as_str(), part.range), ("part", day()));
    assert_eq!(event_id, "free");
    assert!(ever.range.duration_ms() > 7_000 * 365 * DAY_MS);
    assert_eq!((good.event_id.as_str(), good.range), ("good", hours(1, 1)));
    let [words] = page.unclear.as_slice() else {
        panic!("{:?}", page.unclear)
    };
    assert!(words.contains("2 of its events") && words.contains("r-9"));
    assert!(!words.contains("Secret"), "{words}");

    world.signed_in(ADELE).await;
    let mine = Actor::Person(world.person(ADELE));
    let asked = room(1);
    let found = provider.find_event(&mine, &asked, hours(1, 1), Which::SentByPerson);
    assert_eq!(found.await.unwrap(), None);
}

#[tokio::test]
async fn a_schedule_that_cannot_be_read_is_told_of_its_room_alone_and_by_its_digits_where_it_has_some()
 {
    let world = World::start().await;
    let items = |start: &str| {
        format!(r#"[{{"status":"busy","start":{start},"end":{TEN}}},{{"status":"free"}}]"#)
    };
    let (odd, even) = (items(NO_TIME), items(NINE));
    let schedules = format!(
        r#"{{"value":[
            {{"scheduleId":"room1@contoso.com","scheduleItems":{odd}}},
            {{"scheduleId":"room2@contoso.com","scheduleItems":{odd},"availabilityView":"0022"}},
            {{"scheduleId":"room3@contoso.com","scheduleItems":{even},"availabilityView":"0022"}}]}}"#
    );
    let provider = told(&world, &schedules).await;
    let rooms = [room(1), room(2), room(3)];
    let told = provider.busy_times(&rooms, hours(0, 9)).await.unwrap();
    let error = told[0].schedule.as_ref().unwrap_err();
    assert_eq!(error.code, "unreadable");
    assert!(error.message.contains("r-9"), "{error}");
    let half = TimeRange::new(MONDAY.plus_ms(30 * MINUTE_MS), MONDAY.plus_ms(HOUR_MS)).unwrap();
    for (room, range) in [(1, half), (2, hours(1, 1))] {
        let kind = BusyKind::Busy;
        assert_eq!(told[room].schedule, Ok(vec![ScheduleItem { range, kind }]));
    }
}

#[tokio::test]
async fn a_link_to_elsewhere_is_not_followed_and_told_with_the_name_of_its_request() {
    let world = World::start().await;
    let elsewhere = r#"{"value":[],"@odata.nextLink":"https://elsewhere.example/v1.0/x"}"#;
    let provider = told(&world, elsewhere).await;
    let asked = room(1);
    names_its_request(provider.changes(&asked, hours(0, 1), None).await);

    world.signed_in(ADELE).await;
    let mine = Actor::Person(world.person(ADELE));
    let found = provider.find_event(&mine, &asked, hours(0, 1), Which::SentByPerson);
    names_its_request(found.await);
}

#[tokio::test]
async fn pages_that_lead_back_are_not_followed_again() {
    let world = World::start().await;
    let again = r#"{"value":[],"@odata.nextLink":"{graph}/v1.0/x"}"#;
    let provider = told(&world, again).await;
    world.signed_in(ADELE).await;
    let mine = Actor::Person(world.person(ADELE));
    let asked = room(1);
    let found = provider.find_event(&mine, &asked, hours(0, 1), Which::SentByPerson);
    let told = found.await;
    assert!(
        told.as_ref()
            .is_err_and(|error| error.to_string().contains("leads back"))
    );
    names_its_request(told);
}
