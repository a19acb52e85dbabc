//! Every request that Microsoft documents for a served operation is sent, and answered as documented; errors quoted from
//! the service are provoked, and told in the same words.

mod quoted;
mod scene;

use m365_sim::Scope;
use m365_sim::contract::examples::{Example, Kind, load};
use serde_json::{Value, json};

use crate::support::Answer;
use scene::Scene;

/// Documented requests that cannot be served as they stand, and the error of the documentation behind it. Each is tried,
/// and has to be refused still.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "072",
        "the query option '$orderbydisplayName' lacks its '='",
    ),
    ("082", "the batch was cut off: it has no body"),
    (
        "084",
        "two chains in one batch, where the same page says fully sequential or fully parallel",
    ),
];

/// What stands under an operation that is served and is about something else; why it is not served.
const FOREIGN: &[(&str, &str)] = &[
    ("038", "a subscription to mail"),
    ("104", "a subscription to mail"),
    ("110", "a subscription to chats"),
];

/// Bodies that are shown without a request and belong to one: what they are sent as.
const BODIES: &[(&str, &str)] = &[
    ("084", "$batch"),
    ("093", "me/events"),
    ("094", "me/events"),
    ("095", "me/events"),
    ("096", "me/events"),
    ("097", "me/events"),
    ("098", "me/events"),
    ("099", "me/events"),
    ("100", "me/events"),
    ("131", "me/events"),
    ("133", "me/events"),
];

/// The numbers of examples by what became of them.
#[derive(Debug, Default)]
struct Counts {
    passed: Vec<String>,
    excepted: Vec<String>,
    out_of_scope: Vec<String>,
}

/// What to do with an example.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Send,
    Provoke,
    OutOfScope,
    /// An answer or a notification, which clients have to understand.
    ForClients,
}

fn part_of(example: &Example) -> Part {
    let number = example.number.as_str();
    let is_foreign = FOREIGN.iter().any(|(known, _)| *known == number);
    let is_sent = BODIES.iter().any(|(known, _)| *known == number);
    if quoted::NUMBERS.contains(&number) && example.kind == Kind::Response {
        return Part::Provoke;
    }
    match (example.kind, example.scope()) {
        (Kind::Body, None) if is_sent => Part::Send,
        (Kind::Request, None) if example.endpoint.starts_with("https:") => Part::Provoke,
        (Kind::Request, _) if is_foreign => Part::OutOfScope,
        (Kind::Request, Some(Scope::Served)) => Part::Send,
        (Kind::Request, Some(_)) => Part::OutOfScope,
        (Kind::Request, None) => panic!("{}: its operation is not in the table", example.file),
        _ => Part::ForClients,
    }
}

/// What is wrong with the answer to an example; `None`: it is as documented.
fn problem(example: &Example, documented: Option<&Example>, answer: &Answer) -> Option<String> {
    let status = answer.status.as_u16();
    let wanted = documented.and_then(|documented| documented.status);
    let is_right = wanted.map_or((200..300).contains(&status), |wanted| wanted == status);
    if !is_right {
        return Some(format!(
            "{}: {status}, documented is {wanted:?}: {}",
            example.file, answer.json
        ));
    }
    let error = |json: &Value| {
        (
            json["error"]["code"].clone(),
            json["error"]["message"].clone(),
        )
    };
    let body = documented.and_then(|documented| documented.body.as_ref());
    let (wanted, told) = (body.map(error), error(&answer.json));
    let is_same = status < 400 || wanted.as_ref().is_none_or(|wanted| *wanted == told);
    (!is_same).then(|| format!("{}: {told:?}, documented is {wanted:?}", example.file))
}

#[tokio::test]
async fn documented_requests_are_accepted_and_quoted_errors_are_met() {
    let Some(examples) = load() else {
        return;
    };
    let mut counts = Counts::default();
    let mut wrong = Vec::new();
    for example in &examples {
        let documented = examples
            .iter()
            .find(|one| one.kind == Kind::Response && one.number == example.number);
        let found = match part_of(example) {
            Part::ForClients => continue,
            Part::OutOfScope => {
                counts.out_of_scope.push(example.number.clone());
                continue;
            }
            Part::Provoke => quoted::problem(example).await,
            Part::Send => {
                let scene = Scene::of(example).await;
                problem(example, documented, &scene.send(example).await)
            }
        };
        let exception = EXCEPTIONS
            .iter()
            .find(|(known, _)| *known == example.number);
        match (found, exception) {
            (None, None) => counts.passed.push(example.number.clone()),
            (Some(_), Some((number, error))) => {
                println!("excepted: {number}: {error}");
                counts.excepted.push(example.number.clone());
            }
            (Some(problem), None) => wrong.push(problem),
            (None, Some((number, _))) => wrong.push(format!("{number} is excepted for nothing")),
        }
    }
    for (number, reason) in FOREIGN {
        println!("out of scope: {number}: {reason}");
    }
    println!(
        "examples: {} passed, {} excepted, {} out of scope",
        counts.passed.len(),
        counts.excepted.len(),
        counts.out_of_scope.len()
    );
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(counts.excepted.len(), EXCEPTIONS.len());
    assert!(counts.passed.len() > 60, "{counts:#?}");
}

/// A body shown by itself, made whole with what the page says about it in words.
fn whole(body: &Value) -> Value {
    let recurrence = body.get("recurrence").unwrap_or(body);
    let (pattern, range) = (&recurrence["pattern"], &recurrence["range"]);
    if pattern.is_null() && range.is_null() {
        return body.clone();
    }
    let start = range["startDate"].as_str().unwrap_or("2017-09-04");
    let daily = json!({ "type": "daily", "interval": 1 });
    let endless = json!({ "type": "noEnd", "startDate": start });
    let or = |value: &Value, other: Value| {
        if value.is_null() {
            other
        } else {
            value.clone()
        }
    };
    json!({
        "subject": "Repeated",
        "start": { "dateTime": format!("{start}T10:00:00"), "timeZone": "Pacific Standard Time" },
        "end": { "dateTime": format!("{start}T11:00:00"), "timeZone": "Pacific Standard Time" },
        "recurrence": { "pattern": or(pattern, daily), "range": or(range, endless) },
    })
}
