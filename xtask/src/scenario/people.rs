//! Who works at Contoso: as many as the rooms are busy with.

use serde::Serialize;

use super::BOOKING_MAILBOX;

/// A person's mailbox, as the simulator's scenario wants it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Person {
    pub(crate) display_name: String,
    pub(crate) address: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_title: Option<&'static str>,
    time_zone: String,
}

const FIRST_NAMES: [&str; 24] = [
    "Ada", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kaito",
    "Leila", "Marek", "Nora", "Oskar", "Priya", "Quentin", "Rosa", "Samir", "Tove", "Ugo", "Vera",
    "Wanda", "Yusuf",
];

const LAST_NAMES: [&str; 24] = [
    "Holm",
    "Okafor",
    "Reyes",
    "Sokolov",
    "Yildiz",
    "Haddad",
    "Lindqvist",
    "Martin",
    "Duarte",
    "Weber",
    "Mori",
    "Nasser",
    "Nowak",
    "Byrne",
    "Lund",
    "Raman",
    "Dubois",
    "Costa",
    "Khan",
    "Berg",
    "Rossi",
    "Ivanova",
    "Kowalska",
    "Demir",
];

const TITLES: [&str; 10] = [
    "Product lead",
    "Engineer",
    "Facilities",
    "Designer",
    "Researcher",
    "Head of people",
    "Sales",
    "Controller",
    "Data analyst",
    "Support",
];

/// Every room has this many people who meet in it.
const PEOPLE_PER_ROOM: usize = 2;
const PEOPLE_MIN: usize = 24;

/// Everybody, Ada Holm first; enough for so many rooms.
pub(crate) fn everybody(rooms: usize, zone: &str) -> Vec<Person> {
    let most = FIRST_NAMES.len() * LAST_NAMES.len();
    let count = (rooms * PEOPLE_PER_ROOM).clamp(PEOPLE_MIN, most);
    (0..count).map(|index| colleague(index, zone)).collect()
}

/// The mailbox that books for those without one.
pub(crate) fn booking_mailbox(zone: &str) -> Person {
    Person {
        display_name: "Room booking".to_owned(),
        address: BOOKING_MAILBOX.to_owned(),
        job_title: None,
        time_zone: zone.to_owned(),
    }
}

/// The first two dozen are first and last names side by side; after that the last names move on by one.
fn colleague(index: usize, zone: &str) -> Person {
    let first = FIRST_NAMES[index % FIRST_NAMES.len()];
    let last = LAST_NAMES[(index + index / FIRST_NAMES.len()) % LAST_NAMES.len()];
    Person {
        display_name: format!("{first} {last}"),
        address: format!("{first}.{last}@contoso.com").to_lowercase(),
        job_title: Some(TITLES[index % TITLES.len()]),
        time_zone: zone.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_people_share_an_address() {
        let people = everybody(10_000, "Europe/Helsinki");
        let addresses: BTreeSet<&str> = people
            .iter()
            .map(|person| person.address.as_str())
            .collect();
        assert_eq!(addresses.len(), people.len());
    }
}
