//! Who works at Contoso.

use serde::Serialize;

use super::{BOOKING_MAILBOX, ZONE};

/// A person's mailbox, as the simulator's scenario wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) display_name: String,
    pub(crate) address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'static str>,
    time_zone: &'static str,
}

const PEOPLE: [(&str, &str); 16] = [
    ("Ada Holm", "Product lead"),
    ("Ben Okafor", "Engineer"),
    ("Carla Reyes", "Facilities"),
    ("Dmitri Sokolov", "Designer"),
    ("Elif Yildiz", "Researcher"),
    ("Farid Haddad", "Engineer"),
    ("Grace Lindqvist", "Head of people"),
    ("Hugo Martin", "Sales"),
    ("Ines Duarte", "Controller"),
    ("Jonas Weber", "Engineer"),
    ("Kaito Mori", "Data analyst"),
    ("Leila Nasser", "Marketing"),
    ("Marek Nowak", "Support"),
    ("Nora Byrne", "Managing director"),
    ("Oskar Lund", "Legal"),
    ("Priya Raman", "Engineer"),
];

/// All people, the first being who the demo signs in as, and the booking mailbox last.
pub(crate) fn everybody() -> Vec<Person> {
    let booking = Person {
        display_name: "Room booking".to_owned(),
        address: BOOKING_MAILBOX.to_owned(),
        job_title: None,
        time_zone: ZONE,
    };
    PEOPLE
        .iter()
        .map(|(name, title)| person(name, title))
        .chain([booking])
        .collect()
}

/// Those who hold meetings.
pub(crate) fn colleagues(people: &[Person]) -> &[Person] {
    &people[..PEOPLE.len().min(people.len())]
}

fn person(name: &str, title: &'static str) -> Person {
    Person {
        display_name: name.to_owned(),
        address: format!("{}@contoso.com", name.to_lowercase().replace(' ', ".")),
        job_title: Some(title),
        time_zone: ZONE,
    }
}
