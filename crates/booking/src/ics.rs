//! A calendar entry as a file, for calendars that are not Exchange's. RFC 5545: <https://www.rfc-editor.org/rfc/rfc5545>

use std::fmt::Write as _;

use crate::time::civil::civil_from_days;
use crate::time::{DAY_MS, Instant, SECOND_MS, TimeRange};

/// Bytes that a line may have, its end not counted (§3.1).
const LINE_BYTES_MAX: usize = 75;

/// One entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CalendarEntry<'a> {
    /// What the same entry has in every calendar.
    pub uid: &'a str,
    /// When this was written.
    pub stamp: Instant,
    /// When it takes place.
    pub range: TimeRange,
    /// Whether it stands for sure; otherwise it may yet be refused.
    pub is_certain: bool,
    /// What it is called.
    pub summary: &'a str,
    /// Where it is.
    pub location: &'a str,
    /// What else there is to know; lines end with `\n`.
    pub description: &'a str,
    /// Where it can be looked up.
    pub url: &'a str,
}

impl CalendarEntry<'_> {
    /// The whole file. It is published, and asks nobody to answer.
    pub fn file(&self) -> String {
        let status = if self.is_certain {
            "CONFIRMED"
        } else {
            "TENTATIVE"
        };
        let mut file = String::new();
        for (name, value) in [
            ("BEGIN", "VCALENDAR".to_owned()),
            ("VERSION", "2.0".to_owned()),
            ("PRODID", "-//Etage//Etage//EN".to_owned()),
            ("CALSCALE", "GREGORIAN".to_owned()),
            ("METHOD", "PUBLISH".to_owned()),
            ("BEGIN", "VEVENT".to_owned()),
            ("UID", escaped(self.uid)),
            ("DTSTAMP", utc(self.stamp)),
            ("DTSTART", utc(self.range.start())),
            ("DTEND", utc(self.range.end())),
            ("SUMMARY", escaped(self.summary)),
            ("LOCATION", escaped(self.location)),
            ("DESCRIPTION", escaped(self.description)),
            ("URL", without_controls(self.url)),
            ("STATUS", status.to_owned()),
            ("TRANSP", "OPAQUE".to_owned()),
            ("END", "VEVENT".to_owned()),
            ("END", "VCALENDAR".to_owned()),
        ] {
            push_line(&mut file, &format!("{name}:{value}"));
        }
        file
    }
}

/// Adds a line, folded where it is too long: what goes on begins with a space, and no character is cut in two.
fn push_line(file: &mut String, line: &str) {
    let mut bytes = 0;
    for character in line.chars() {
        if bytes + character.len_utf8() > LINE_BYTES_MAX {
            file.push_str("\r\n ");
            bytes = 1;
        }
        file.push(character);
        bytes += character.len_utf8();
    }
    file.push_str("\r\n");
}

/// Text as a value (§3.3.11).
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.trim_end().chars() {
        match character {
            '\\' | ';' | ',' => escaped.extend(['\\', character]),
            '\n' => escaped.push_str("\\n"),
            other if other.is_control() => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn without_controls(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).collect()
}

/// A moment in UTC (§3.3.5), `20261124T080000Z`.
fn utc(at: Instant) -> String {
    let (year, month, day) = civil_from_days(at.0.div_euclid(DAY_MS));
    let seconds = at.0.rem_euclid(DAY_MS) / SECOND_MS;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let mut text = String::new();
    let _infallible = write!(
        text,
        "{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}Z"
    );
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::HOUR_MS;

    /// Tuesday 24 November 2026, 08:00 UTC.
    const MORNING: Instant = Instant(1_795_507_200_000);

    fn entry<'a>(summary: &'a str, description: &'a str) -> CalendarEntry<'a> {
        CalendarEntry {
            uid: "040000008200E000",
            stamp: Instant(MORNING.0 - 1_500),
            range: TimeRange::new(MORNING, MORNING.plus_ms(HOUR_MS)).unwrap(),
            is_certain: true,
            summary,
            location: "Harbour House, floor 2",
            description,
            url: "https://rooms.contoso.com/reservation/1",
        }
    }

    /// Reads a file as another program would: lines unfolded, names and values apart, text with its escapes undone.
    fn read(file: &str) -> Vec<(String, String)> {
        assert!(file.ends_with("\r\n") && !file.replace("\r\n", "").contains(['\r', '\n']));
        for line in file.split_terminator("\r\n") {
            assert!(line.len() <= 75, "{} bytes: {line}", line.len());
        }
        let unfolded = file.replace("\r\n ", "");
        let lines = unfolded.split_terminator("\r\n").map(|line| {
            let (name, value) = line.split_once(':').unwrap();
            (name.to_owned(), unescaped(value))
        });
        lines.collect()
    }

    fn unescaped(value: &str) -> String {
        let mut text = String::new();
        let mut characters = value.chars();
        while let Some(one) = characters.next() {
            match one {
                '\\' => match characters.next().unwrap() {
                    'n' | 'N' => text.push('\n'),
                    other => text.push(other),
                },
                other => text.push(other),
            }
        }
        text
    }

    fn value<'a>(lines: &'a [(String, String)], name: &str) -> &'a str {
        let mut of_name = lines.iter().filter(|(known, _)| known == name);
        let found = of_name.next().map(|(_, value)| value.as_str()).unwrap();
        assert!(of_name.next().is_none(), "{name} is there twice");
        found
    }

    #[test]
    fn a_file_has_what_the_standard_wants_with_times_in_utc() {
        assert_eq!(
            entry("Room 1066", "8 seats\n").file(),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Etage//Etage//EN\r\nCALSCALE:GREGORIAN\r\n\
             METHOD:PUBLISH\r\nBEGIN:VEVENT\r\nUID:040000008200E000\r\nDTSTAMP:20261124T075958Z\r\n\
             DTSTART:20261124T080000Z\r\nDTEND:20261124T090000Z\r\nSUMMARY:Room 1066\r\n\
             LOCATION:Harbour House\\, floor 2\r\nDESCRIPTION:8 seats\r\n\
             URL:https://rooms.contoso.com/reservation/1\r\nSTATUS:CONFIRMED\r\nTRANSP:OPAQUE\r\n\
             END:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let waiting = CalendarEntry {
            is_certain: false,
            ..entry("", "")
        };
        assert_eq!(value(&read(&waiting.file()), "STATUS"), "TENTATIVE");
    }

    #[test]
    fn text_comes_back_as_it_was_whatever_is_in_it() {
        for text in [
            "Back\\slash, comma; semicolon: colon",
            "two\nlines",
            "BEGIN:VEVENT\nUID:forged",
            &"Besprechungszimmer für Jürgen, 会議室 ".repeat(9),
            &"🏢".repeat(60),
            "",
        ] {
            let lines = read(&entry(text, text).file());
            assert_eq!(value(&lines, "SUMMARY"), text.trim_end());
            assert_eq!(value(&lines, "DESCRIPTION"), text.trim_end());
            assert_eq!(value(&lines, "UID"), "040000008200E000");
        }
        let rung = entry("a\u{7}b\rc\td", "");
        assert_eq!(value(&read(&rung.file()), "SUMMARY"), "abcd");
    }
}
