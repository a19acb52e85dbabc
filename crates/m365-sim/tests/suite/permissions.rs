//! What each permission opens, operation by operation.

use m365_sim::{AppRegistration, Scenario, SimOptions};
use uuid::Uuid;

use crate::support::{ADELE, Client, ROOM1, World, own_form};

const READER: Uuid = Uuid::from_u128(7);

/// Operations, and which of these permissions open them: for an application, then for a person.
fn operations() -> Vec<(String, &'static [&'static str], &'static [&'static str])> {
    const CALENDAR: &[&str] = &[
        "Calendars.ReadBasic",
        "Calendars.Read",
        "Calendars.ReadWrite",
    ];
    const BASIC: &[&str] = &[
        "Calendars.ReadBasic",
        "Calendars.ReadBasic.All",
        "Calendars.Read",
        "Calendars.ReadWrite",
    ];
    const WHOLE: &[&str] = &["Calendars.Read", "Calendars.ReadWrite"];
    const PLACES: &[&str] = &["Place.Read.All"];
    const PEOPLE: &[&str] = &["User.ReadBasic.All", "User.Read.All"];
    let window = "startDateTime=2026-11-24T00:00:00Z&endDateTime=2026-11-25T00:00:00Z";
    vec![
        (format!("users/{ADELE}/events"), BASIC, CALENDAR),
        (format!("users/{ADELE}/calendar"), BASIC, CALENDAR),
        (
            format!("users/{ADELE}/calendarView?{window}"),
            BASIC,
            CALENDAR,
        ),
        (
            format!("users/{ADELE}/calendarView/delta?{window}"),
            WHOLE,
            WHOLE,
        ),
        (format!("users/{ADELE}/events/none"), BASIC, CALENDAR),
        (
            format!("users/{ADELE}/events/none/instances?{window}"),
            BASIC,
            CALENDAR,
        ),
        ("places/graph.room".to_owned(), PLACES, PLACES),
        ("places/graph.building".to_owned(), PLACES, PLACES),
        (format!("places/{ROOM1}"), PLACES, PLACES),
        (
            format!("places/{ROOM1}/checkIns"),
            &[],
            &["Calendars.ReadWrite"],
        ),
        ("users".to_owned(), PEOPLE, PEOPLE),
        (format!("users/{ROOM1}"), PEOPLE, PEOPLE),
        (
            format!("users/{ADELE}"),
            PEOPLE,
            &["User.Read", "User.ReadBasic.All", "User.Read.All"],
        ),
        (
            "organization".to_owned(),
            &["Organization.Read.All", "User.Read.All"],
            &["Organization.Read.All", "User.Read", "User.Read.All"],
        ),
    ]
}

const PERMISSIONS: [&str; 9] = [
    "Calendars.ReadBasic",
    "Calendars.ReadBasic.All",
    "Calendars.Read",
    "Calendars.ReadWrite",
    "Place.Read.All",
    "User.Read",
    "User.ReadBasic.All",
    "User.Read.All",
    "Organization.Read.All",
];

async fn is_open(client: &Client<'_>, path: &str) -> bool {
    client.get(path).await.status != 403
}

#[tokio::test]
async fn each_permission_opens_what_microsoft_says_and_nothing_else() {
    for permission in PERMISSIONS {
        let mut reader = AppRegistration::all_permissions(READER, "reader");
        reader.application_permissions = vec![permission.to_owned()];
        reader.delegated_permissions = vec![permission.to_owned()];
        let world =
            World::start(Scenario::contoso().with_app(reader), SimOptions::explicit()).await;
        let client_id = READER.to_string();
        let (_, issued) = world.token(&own_form(&client_id, "reader")).await;
        let app = world.with_token(issued["access_token"].as_str().unwrap());
        let issued = world.sim.token_for(ADELE, READER, &[permission]).unwrap();
        let person = world.with_token(&issued.access_token);
        for (path, for_apps, for_people) in operations() {
            let expected = (
                for_apps.contains(&permission),
                for_people.contains(&permission),
            );
            let found = (is_open(&app, &path).await, is_open(&person, &path).await);
            assert_eq!(found, expected, "{permission}: {path}");
        }
    }
}
