//! A simulator for one test, and people who talk to it over HTTP.

use m365_sim::{Scenario, Sim, SimOptions};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

pub(crate) const NOW: &str = "2026-11-20T08:00:00Z";
pub(crate) const ADELE: &str = "adele.vance@contoso.com";
pub(crate) const ALEX: &str = "alex.wilber@contoso.com";
pub(crate) const ROOM1: &str = "room1@contoso.com";
pub(crate) const ROOM2: &str = "room2@contoso.com";
/// An id as Exchange gives them, of nothing that is there.
pub(crate) const GONE_ID: &str = "AAMkADIyAAAhrbPWAAA=";

/// A running simulator that is watched for breaches of Microsoft's contract.
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) http: reqwest::Client,
    observer: m365_sim::contract::ContractObserver,
}

/// Somebody with a token.
pub(crate) struct Client<'a> {
    world: &'a World,
    token: String,
}

/// Status, headers and JSON of an answer.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) json: Value,
}

impl World {
    /// The Contoso tenant, stepping by hand, on 20 November 2026 at 8:00 UTC.
    pub(crate) async fn contoso() -> Self {
        Self::start(Scenario::contoso(), SimOptions::explicit()).await
    }

    pub(crate) async fn start(scenario: Scenario, options: SimOptions) -> Self {
        Self::start_at(NOW.parse().unwrap(), scenario, options).await
    }

    /// The same, at another time.
    pub(crate) async fn start_at(
        now: jiff::Timestamp,
        scenario: Scenario,
        options: SimOptions,
    ) -> Self {
        let observer = m365_sim::contract::ContractObserver::from_reference();
        let options = options.with_observer(observer.observer());
        let sim = Sim::start(scenario.with_clock(now), options).await.unwrap();
        Self {
            sim,
            http: reqwest::Client::builder().no_proxy().build().unwrap(),
            observer,
        }
    }

    /// What stands at an address that anybody may read.
    pub(crate) async fn json_at(&self, url: &str) -> Value {
        let answer = self.http.get(url).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// The app acting as itself.
    pub(crate) async fn app(&self) -> Client<'_> {
        self.app_in("contoso.com").await
    }

    /// The app acting as itself in the tenant of this domain.
    pub(crate) async fn app_in(&self, domain: &str) -> Client<'_> {
        let client_id = Scenario::CONTOSO_CLIENT_ID.to_string();
        let form = own_form(&client_id, Scenario::CONTOSO_SECRET);
        let (status, json) = self.token_in(domain, &form).await;
        assert_eq!(status, 200, "{json}");
        self.with_token(json["access_token"].as_str().unwrap())
    }

    /// The app acting for a person.
    pub(crate) fn person(&self, address: &str) -> Client<'_> {
        let scopes = ["https://graph.microsoft.com/.default"];
        let issued = self
            .sim
            .token_for(address, Scenario::CONTOSO_CLIENT_ID, &scopes)
            .unwrap();
        self.with_token(&issued.access_token)
    }

    pub(crate) fn with_token(&self, token: &str) -> Client<'_> {
        Client {
            world: self,
            token: token.to_owned(),
        }
    }

    /// A request to the token endpoint of the Contoso tenant.
    pub(crate) async fn token(&self, form: &[(&str, &str)]) -> (StatusCode, Value) {
        self.token_in("contoso.com", form).await
    }

    /// A request to the token endpoint of the tenant of this domain.
    pub(crate) async fn token_in(
        &self,
        domain: &str,
        form: &[(&str, &str)],
    ) -> (StatusCode, Value) {
        let url = format!("{}/{domain}/oauth2/v2.0/token", self.sim.url());
        let response = self.http.post(url).form(form).send().await.unwrap();
        (response.status(), response.json().await.unwrap())
    }

    /// What a page of the Contoso tenant's sign-in answers to a form; redirects are not followed.
    pub(crate) async fn press(&self, page: &str, form: &[(&str, &str)]) -> reqwest::Response {
        let browser = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let url = format!("{}/contoso.com/{page}", self.sim.url());
        browser.post(url).form(form).send().await.unwrap()
    }

    /// A request to the remote control.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> Answer {
        let request = self
            .http
            .request(method, format!("{}/_sim/{path}", self.sim.url()));
        answer(request.json(&body)).await
    }

    /// The only event in a mailbox.
    pub(crate) fn only_event(&self, mailbox: &str) -> m365_sim::EventView {
        let mut events = self.sim.events(mailbox).unwrap();
        assert_eq!(events.len(), 1, "{events:#?}");
        events.remove(0)
    }

    /// The problems of a body against a schema of the contract.
    pub(crate) fn check(&self, schema: &str, body: &Value) -> Vec<String> {
        self.observer.check(schema, body)
    }

    /// The answer of an attendee as the organizer's only event shows it.
    pub(crate) fn answer_of(&self, organizer: &str, attendee: &str) -> String {
        let event = self.only_event(organizer);
        event
            .attendees
            .iter()
            .find(|one| one.address == attendee)
            .unwrap()
            .response
            .clone()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.observer.violations();
            assert!(
                violations.is_empty(),
                "Microsoft's contract is broken: {violations:#?}"
            );
        }
    }
}

impl Client<'_> {
    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::POST, path).json(&body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PATCH, path).json(&body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        answer(self.request(Method::DELETE, path)).await
    }

    /// A request to Graph; `path` begins after the version, or is a whole link.
    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = if path.starts_with("http") {
            path.to_owned()
        } else {
            format!("{}/v1.0/{path}", self.world.sim.url())
        };
        self.world
            .http
            .request(method, url)
            .bearer_auth(&self.token)
    }

    /// Books a room and returns the created event.
    pub(crate) async fn book(&self, room: &str, start: &str, end: &str) -> Value {
        let answer = self
            .post("me/events", meeting("Weekly review", &[room], start, end))
            .await;
        assert_eq!(answer.status, 201, "{}", answer.json);
        answer.json
    }
}

/// A field of the address an answer leads to.
pub(crate) fn led_with(answer: &reqwest::Response, name: &str) -> Option<String> {
    let location = answer.headers().get("location")?.to_str().unwrap();
    let location: reqwest::Url = location.parse().unwrap();
    let mut pairs = location.query_pairs();
    let found = pairs.find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned())
}

/// A Graph event with rooms, times in UTC.
pub(crate) fn meeting(subject: &str, rooms: &[&str], start: &str, end: &str) -> Value {
    let attendees: Vec<Value> = rooms
        .iter()
        .map(|room| json!({ "type": "resource", "emailAddress": { "address": room } }))
        .collect();
    json!({
        "subject": subject,
        "body": { "contentType": "text", "content": "Numbers of the week" },
        "start": { "dateTime": start, "timeZone": "UTC" },
        "end": { "dateTime": end, "timeZone": "UTC" },
        "attendees": attendees,
    })
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        json: serde_json::from_str(&text).unwrap_or(Value::Null),
    }
}

/// What an application asks for a token of its own for Graph with.
pub(crate) fn own_form<'a>(client_id: &'a str, secret: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("grant_type", "client_credentials"),
        ("client_id", client_id),
        ("client_secret", secret),
        ("scope", "https://graph.microsoft.com/.default"),
    ]
}
