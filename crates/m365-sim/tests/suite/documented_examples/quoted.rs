//! Errors quoted from the service in public threads, and the handshake: each is brought about.

use m365_sim::MailboxState;
use m365_sim::contract::examples::Example;
use reqwest::Method;
use serde_json::{Value, json};

use super::scene::{Scene, subscribe};

/// The errors quoted without the request that met them.
pub(super) const NUMBERS: [&str; 5] = ["125", "127", "128", "129", "130"];

/// What differs from what was quoted; `None`: nothing.
pub(super) async fn problem(example: &Example) -> Option<String> {
    let scene = Scene::of(example).await;
    let (status, body) = match example.number.as_str() {
        "124" => return handshake_problem(example, &scene).await,
        "125" => too_many_schedules(&scene).await,
        "127" => unproven_receiver(&scene).await,
        "128" => mailbox_elsewhere(&scene).await,
        "129" => transaction_used_twice(&scene).await,
        "130" => too_many_at_once(&scene).await,
        number => return Some(format!("{number}: nobody knows how it was met")),
    };
    let quoted = example.body.as_ref()?;
    let told = |body: &Value| {
        (
            body["error"]["code"].clone(),
            body["error"]["message"].clone(),
        )
    };
    let is_same = Some(status) == example.status && told(&body) == told(quoted);
    (!is_same).then(|| format!("{}: {status} {body}, quoted is {quoted}", example.file))
}

async fn too_many_schedules(scene: &Scene) -> (u16, Value) {
    let addresses: Vec<_> = (0..101)
        .map(|number| format!("room{number}@contoso.com"))
        .collect();
    let time = |time: &str| json!({ "dateTime": time, "timeZone": "UTC" });
    let body = json!({
        "schedules": addresses,
        "startTime": time("2026-11-23T09:00:00"),
        "endTime": time("2026-11-23T10:00:00"),
    });
    let answer = scene
        .mine(Method::POST, "me/calendar/getSchedule", body)
        .await;
    (answer.status.as_u16(), answer.json)
}

async fn unproven_receiver(scene: &Scene) -> (u16, Value) {
    let app = scene.world().app().await;
    let answer = subscribe(&app, scene.receiver(), "mute", scene.now()).await;
    (answer.status.as_u16(), answer.json)
}

async fn mailbox_elsewhere(scene: &Scene) -> (u16, Value) {
    let (room, elsewhere) = ("cf100@contoso.com", MailboxState::OnPremises);
    scene
        .world()
        .sim
        .set_mailbox_state(room, elsewhere)
        .unwrap();
    let app = scene.world().app().await;
    let answer = app.get(&format!("users/{room}/events")).await;
    (answer.status.as_u16(), answer.json)
}

async fn transaction_used_twice(scene: &Scene) -> (u16, Value) {
    let event = |subject: &str| {
        json!({
            "subject": subject,
            "start": { "dateTime": "2026-11-23T09:00:00", "timeZone": "UTC" },
            "end": { "dateTime": "2026-11-23T10:00:00", "timeZone": "UTC" },
            "transactionId": "7E163156-7762-4BEB-A1C6-729EA81755A7",
        })
    };
    let first = scene.mine(Method::POST, "me/events", event("First")).await;
    assert_eq!(first.status, 201, "{}", first.json);
    let answer = scene.mine(Method::POST, "me/events", event("Second")).await;
    (answer.status.as_u16(), answer.json)
}

async fn too_many_at_once(scene: &Scene) -> (u16, Value) {
    let requests: Vec<_> = (1..=5)
        .map(|id| json!({ "id": id.to_string(), "method": "GET", "url": "me/events" }))
        .collect();
    let body = json!({ "requests": requests });
    let mut answer = scene.mine(Method::POST, "$batch", body).await;
    let last = answer.json["responses"][4].take();
    let status = last["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
    (status.unwrap_or_default(), last["body"].clone())
}

/// The receiver is asked as documented before it has a subscription.
async fn handshake_problem(example: &Example, scene: &Scene) -> Option<String> {
    let app = scene.world().app().await;
    let created = subscribe(&app, scene.receiver(), "good", scene.now()).await;
    let asked = scene.receiver().handshakes();
    let wanted = example
        .headers
        .iter()
        .find(|(name, _)| name == "Content-Type");
    let wanted = wanted.map(|(_, value)| value.clone());
    let is_same = created.status == 201
        && asked.len() == 1
        && Some(&asked[0].content_type) == wanted.as_ref()
        && asked[0].body.is_empty();
    (!is_same).then(|| format!("{}: asked was {asked:?}", example.file))
}
