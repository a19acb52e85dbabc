//! Answers that are whole and make no sense.

use axum::Router;
use axum::http::header;
use booking::provider::{Actor, CalendarProvider, ProviderError, Which};
use graph::{GraphConfig, GraphProvider};
use url::Url;

use crate::support::{ADELE, World, hours, room};

const NO_TIME: &str = r#"{"dateTime":"2026-11-23T25:00:00.0000000","timeZone":"UTC"}"#;

/// A provider whose Graph gives this one answer to everything, and calls each request `r-9`. Tokens are the tenant's.
async fn told(world: &World, answer: String) -> GraphProvider {
    let answering = async move || {
        let headers = [
            (header::CONTENT_TYPE.as_str(), "application/json"),
            ("request-id", "r-9"),
        ];
        (headers, answer)
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
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

#[tokio::test]
async fn a_time_that_is_none_is_told_with_the_name_of_its_request() {
    let world = World::start().await;
    let events = format!(
        r#"{{"value":[{{"id":"a","start":{NO_TIME},"end":{NO_TIME}}}],
            "@odata.deltaLink":"https://graph.microsoft.com/v1.0/x"}}"#
    );
    let schedules = format!(
        r#"{{"value":[{{"scheduleId":"room1@contoso.com",
            "scheduleItems":[{{"status":"busy","start":{NO_TIME},"end":{NO_TIME}}}]}}]}}"#
    );
    let (hour, asked) = (hours(0, 1), room(1));
    let provider = told(&world, schedules).await;
    names_its_request(
        provider
            .busy_times(std::slice::from_ref(&asked), hour)
            .await,
    );

    let provider = told(&world, events).await;
    let person = world.person(ADELE);
    world.signed_in(ADELE).await;
    let mine = Actor::Person(person);
    let found = provider.find_event(&mine, &asked, hour, Which::SentByPerson);
    names_its_request(found.await);
}

#[tokio::test]
async fn a_link_to_elsewhere_is_not_followed_and_told_with_the_name_of_its_request() {
    let world = World::start().await;
    let elsewhere = r#"{"value":[],"@odata.nextLink":"https://elsewhere.example/v1.0/x"}"#;
    let provider = told(&world, elsewhere.to_owned()).await;
    let asked = room(1);
    names_its_request(provider.changes(&asked, hours(0, 1), None).await);

    world.signed_in(ADELE).await;
    let mine = Actor::Person(world.person(ADELE));
    let found = provider.find_event(&mine, &asked, hours(0, 1), Which::SentByPerson);
    names_its_request(found.await);
}
