//! The location line of a series, written once at the end: it is the one update that people get.

use std::collections::HashMap;

use booking::ids::RoomId;
use booking::provider::{EventEdit, LocationLine};
use booking::reservation::ReservationState;
use booking::room::Room;
use booking::time::civil::civil_from_days;
use booking::time::{DAY_MS, Instant, MINUTE_MS, ZoneName};
use store::series::KeptSeries;

use super::{Progress, Writing, in_event};
use crate::{Engine, Error, when};

/// Exchange cuts a location at 255 characters.
const LINE_CHARS_MAX: usize = 250;
const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const NAMING: &str = "naming the rooms of a series";

impl Engine {
    /// Names the rooms that have accepted, where the line says nothing else by now.
    pub(super) async fn name_rooms(&self, writing: &Writing<'_>) -> Result<Progress, Error> {
        let Some(line) = self.line(writing.series) else {
            return Ok(Progress::Done);
        };
        let own = writing
            .provider
            .own_event(&writing.actor, &writing.event)
            .await;
        let own = own.map_err(Error::while_doing(NAMING))?;
        // What somebody wrote in Outlook is never written over; what we wrote with the event is a room's name.
        let is_ours = |location: &str| {
            let mut dates = in_event(writing.series);
            location.is_empty()
                || dates.any(|(_, one)| {
                    let room = self.room(one.room);
                    room.is_ok_and(|room| room.name == location)
                })
        };
        let Some(own) = own.filter(|own| own.location != words(&line) && is_ours(&own.location))
        else {
            return Ok(Progress::Done);
        };
        let edit = |_: &_| EventEdit {
            location: Some(line.clone()),
            ..EventEdit::default()
        };
        writing
            .edit(&writing.event, own, edit)
            .await
            .map_err(Error::while_doing(NAMING))?;
        Ok(Progress::Done)
    }

    /// What the line is to say. `None`: no room has accepted.
    fn line(&self, series: &KeptSeries) -> Option<LocationLine> {
        let mut dates: HashMap<RoomId, Vec<Instant>> = HashMap::new();
        for (_, one) in in_event(series) {
            if matches!(
                one.state,
                ReservationState::Confirmed | ReservationState::CheckedIn
            ) {
                dates.entry(one.room).or_default().push(one.range.start());
            }
        }
        let mut rooms: Vec<(Room, Vec<Instant>)> = dates
            .into_iter()
            .filter_map(|(room, starts)| Some((self.room(room).ok()?, starts)))
            .collect();
        // The room of most dates first, without naming these.
        rooms.sort_by_key(|(room, starts)| (std::cmp::Reverse(starts.len()), starts[0], room.id));
        let ((most, _), others) = rooms.split_first()?;
        let link = most.link.as_ref()?;
        if others.is_empty() {
            return Some(LocationLine::Room {
                name: most.name.clone(),
                mailbox: link.mailbox.clone(),
            });
        }
        let mut text = most.name.clone();
        for (room, starts) in others {
            text.push_str(&format!("; {}: {}", days(starts, &series.zone), room.name));
        }
        if text.chars().count() > LINE_CHARS_MAX {
            let count: usize = others.iter().map(|(_, starts)| starts.len()).sum();
            text = format!("{}; other rooms on {count} dates", most.name);
        }
        Some(LocationLine::Words(text))
    }
}

fn words(line: &LocationLine) -> &str {
    match line {
        LocationLine::Empty => "",
        LocationLine::Room { name, .. } => name,
        LocationLine::Words(words) => words,
    }
}

/// `2 Dec, 9 Dec and 16 Dec`.
fn days(starts: &[Instant], zone: &ZoneName) -> String {
    let mut starts = starts.to_vec();
    starts.sort();
    let day = |start: &Instant| {
        let ahead_ms = i64::from(when::utc_offset_minutes(zone, *start)) * MINUTE_MS;
        let (_, month, day) = civil_from_days(start.plus_ms(ahead_ms).0.div_euclid(DAY_MS));
        format!("{day} {}", MONTHS[usize::from(month) - 1])
    };
    let days: Vec<String> = starts.iter().map(day).collect();
    match days.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => days.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_told_as_the_building_counts_them() {
        let berlin = ZoneName("Europe/Berlin".to_owned());
        // 2026-12-01T23:30Z is the second in Berlin.
        let second = Instant(1_796_167_800_000);
        let week = 7 * DAY_MS;
        assert_eq!(days(&[second], &berlin), "2 Dec");
        let three = [second.plus_ms(2 * week), second, second.plus_ms(week)];
        assert_eq!(days(&three, &berlin), "2 Dec, 9 Dec and 16 Dec");
    }
}
