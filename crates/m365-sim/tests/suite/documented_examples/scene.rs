//! A tenant in which one documented request makes sense: its people, rooms and ids, on a day before its dates.

use jiff::{SignedDuration, Timestamp};
use m365_sim::contract::examples::Example;
use m365_sim::{PersonRecord, RoomListRecord, RoomRecord, Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use super::{BODIES, whole};
use crate::receiver::Receiver;
use crate::support::{Answer, Client, World, answer};

/// Who the examples call `me`.
const ME: &str = "adelev@contoso.onmicrosoft.com";
const OTHER: &str = "alexw@contoso.onmicrosoft.com";
const USER_ID: &str = "12345678-73a6-4952-a53a-e9916737ff7f";
const ROOM_ID: &str = "3162f1e1-c4c0-604b-51d8-91da78989eb1";
/// Headers that belong to the documented transport, not to the request.
const NOT_SENT: [&str; 3] = ["authorization", "content-length", "host"];

/// The tenant of one example.
pub(super) struct Scene {
    world: World,
    receiver: Receiver,
    now: Timestamp,
}

impl Scene {
    pub(super) async fn of(example: &Example) -> Self {
        let text = format!("{} {:?}", example.url, example.body);
        let day = first_date(&text).unwrap_or("2026-11-21T00:00:00Z".parse().unwrap());
        let now = day - SignedDuration::from_hours(24);
        Self {
            world: World::start_at(now, scenario(), SimOptions::explicit()).await,
            receiver: Receiver::start().await,
            now,
        }
    }

    pub(super) fn world(&self) -> &World {
        &self.world
    }

    pub(super) fn receiver(&self) -> &Receiver {
        &self.receiver
    }

    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// A request of mine, made by hand.
    pub(super) async fn mine(&self, method: Method, path: &str, body: Value) -> Answer {
        answer(self.world.person(ME).request(method, path).json(&body)).await
    }

    /// Sends the request as documented, with ids that exist.
    pub(super) async fn send(&self, example: &Example) -> Answer {
        let shown = BODIES.iter().find(|(number, _)| *number == example.number);
        let (method, path) = match shown {
            Some((_, path)) => ("POST", (*path).to_owned()),
            None => (example.method.as_str(), self.existing(&example.url).await),
        };
        let client = if path.starts_with("me") || path.starts_with('$') {
            self.world.person(ME)
        } else {
            self.world.app().await
        };
        let mut request = client.request(method.parse().unwrap(), &path);
        let (more, body) = sent(example);
        for (name, value) in example.headers.iter().cloned().chain(more) {
            if !NOT_SENT.contains(&name.to_lowercase().as_str()) {
                request = request.header(name, value);
            }
        }
        if let Some(body) = body {
            request = request.json(&whole(&body));
        }
        answer(request).await
    }

    /// The path after the version, its placeholders and ids replaced.
    async fn existing(&self, url: &str) -> String {
        let path = url.trim_start_matches("https://graph.microsoft.com");
        let path = path.trim_start_matches("/v1.0").trim_start_matches("/beta");
        let path = path
            .trim_start_matches('/')
            .replace("{start_datetime}", "2026-11-20T00:00:00Z")
            .replace("{end_datetime}", "2026-11-27T00:00:00Z");
        let (path, query) = path.split_once('?').unwrap_or((&path, ""));
        let segments: Vec<&str> = path.split('/').collect();
        let mut existing: Vec<String> = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            let before = index.checked_sub(1).map_or("", |before| segments[before]);
            let next = segments.get(index + 1).copied().unwrap_or_default();
            let owner = segments[1.min(segments.len() - 1)];
            existing.push(match before {
                "events" => self.event(next).await,
                "calendars" => self.calendar(segments[0], owner).await,
                "subscriptions" => self.subscription().await,
                "users" if segment.starts_with('{') => USER_ID.to_owned(),
                _ => (*segment).to_owned(),
            });
        }
        match query {
            "" => existing.join("/"),
            query => format!("{}?{query}", existing.join("/")),
        }
    }

    /// An event of mine on which this can be done.
    async fn event(&self, action: &str) -> String {
        let at = (self.now + SignedDuration::from_hours(24)).strftime("%Y-%m-%dT%H:%M:%S");
        let end = (self.now + SignedDuration::from_hours(25)).strftime("%Y-%m-%dT%H:%M:%S");
        let mut body = json!({
            "subject": "Documented",
            "start": { "dateTime": at.to_string(), "timeZone": "UTC" },
            "end": { "dateTime": end.to_string(), "timeZone": "UTC" },
        });
        let is_answer = !["", "instances"].contains(&action);
        if action == "instances" {
            let date = &at.to_string()[..10];
            body["recurrence"] = json!({
                "pattern": { "type": "daily", "interval": 7 },
                "range": { "type": "numbered", "startDate": date, "numberOfOccurrences": 3 },
            });
        }
        if is_answer {
            body["attendees"] = json!([{ "emailAddress": { "address": ME } }]);
        }
        let organizer = self.world.person(if is_answer { OTHER } else { ME });
        let created = organizer.post("me/events", body).await;
        assert_eq!(created.status, 201, "{}", created.json);
        self.world.sim.drain().await;
        self.world.only_event(ME).id
    }

    /// The calendar of a person, or mine.
    async fn calendar(&self, collection: &str, owner: &str) -> String {
        let calendar = if collection == "users" {
            let path = format!("users/{owner}/calendar");
            self.world.app().await.get(&path).await
        } else {
            self.world.person(ME).get("me/calendar").await
        };
        calendar.json["id"].as_str().unwrap().to_owned()
    }

    async fn subscription(&self) -> String {
        let app = self.world.app().await;
        let created = subscribe(&app, &self.receiver, "good", self.now).await;
        assert_eq!(created.status, 201, "{}", created.json);
        created.json["id"].as_str().unwrap().to_owned()
    }
}

/// Asks to be told at this path of the receiver of what happens in a room.
pub(super) async fn subscribe(
    client: &Client<'_>,
    receiver: &Receiver,
    path: &str,
    now: Timestamp,
) -> Answer {
    let order = json!({
        "changeType": "updated",
        "notificationUrl": format!("{}/{path}", receiver.url),
        "resource": "users/cf100@contoso.com/events",
        "expirationDateTime": (now + SignedDuration::from_hours(1)).to_string(),
    });
    client.post("subscriptions", order).await
}

/// The headers slipped into the body by mistake, and the body. A second request in it is another way to say the same.
fn sent(example: &Example) -> (Vec<(String, String)>, Option<Value>) {
    let Some(text) = &example.body_text else {
        return (Vec::new(), example.body.clone());
    };
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let headers = head
        .lines()
        .filter(|line| !line.starts_with("GET "))
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    (headers.collect(), serde_json::from_str(body).ok())
}

/// The first day named in a text.
fn first_date(text: &str) -> Option<Timestamp> {
    let numbers = text.split(|letter: char| !letter.is_ascii_digit() && letter != '-');
    let dates = numbers.filter(|number| number.len() == 10);
    dates
        .map(|date| format!("{date}T00:00:00Z"))
        .find_map(|date| date.parse().ok())
}

/// Contoso with the people and rooms of the examples.
pub(super) fn scenario() -> Scenario {
    let mut scenario = Scenario::contoso();
    // The observed refusal is that of the service, which takes more than are documented.
    scenario.readings.schedules_max = 100;
    let tenant = &mut scenario.tenants[0];
    let people = [
        "adelev",
        "alexw",
        "christiec",
        "danas",
        "meganb",
        "samanthab",
    ];
    let person = |name: &str| PersonRecord {
        address: format!("{name}@contoso.onmicrosoft.com"),
        ..PersonRecord::contoso(name, "", "")
    };
    tenant.people.extend(people.map(person));
    tenant.people.push(PersonRecord {
        id: Some(USER_ID.parse().unwrap()),
        ..person("chrisg")
    });
    tenant.rooms.extend([
        RoomRecord {
            id: Some(ROOM_ID.parse().unwrap()),
            ..RoomRecord::contoso("Conf Room 100", "cf100@contoso.com")
        },
        RoomRecord::contoso("Conf Room 200", "cf200@contoso.com"),
        RoomRecord::contoso("Room_ZL_5.01", "Room_ZL_5.01@4wrvkx.onmicrosoft.com"),
    ]);
    tenant.room_lists.push(RoomListRecord {
        id: None,
        display_name: "Building 2".to_owned(),
        address: "bldg2@contoso.com".to_owned(),
        rooms: vec!["cf200@contoso.com".to_owned()],
    });
    scenario
}
