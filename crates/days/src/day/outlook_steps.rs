//! What people and rooms do in Outlook on a drawn day.

use booking::ids::MailboxAddress;
use booking::person::Person;
use booking::time::{DAY_MS, TimeRange};
use m365_sim::EventView;
use reqwest::Method;
use serde_json::{Value, json};

use super::memory::Draft;
use super::run::Day;
use super::slots;
use crate::office::{ADELE, ALEX, DIEGO, PRADEEP};
use crate::outlook::{Meeting, Refused, moved_to, rooms_of, with_rooms};

const ORGANIZERS: [&str; 4] = [ADELE, ALEX, DIEGO, PRADEEP];

impl Day {
    pub(super) async fn outlook_step(&mut self) {
        match self.draw.below(20) {
            0..=5 => self.send_single().await,
            6 | 7 => self.send_series().await,
            8..=13 => self.change_event().await,
            14..=16 => self.change_one_of_series().await,
            17 | 18 => self.act_in_room().await,
            _ => self.put_into_room().await,
        }
    }

    async fn send_single(&mut self) {
        let organizer = self.draw.one_of(&ORGANIZERS);
        let range = slots::meeting(&self.world, &self.draw);
        let mut meeting = if self.draw.percent(8) {
            let first = slots::date(&self.world, self.draw.between(0, 4));
            Meeting::all_day(first, 1)
        } else {
            Meeting::at(range)
        };
        for _ in 0..=self.draw.below(5) / 3 {
            meeting = meeting.inviting(&self.some_room());
        }
        if self.draw.percent(20) {
            let status = ["free", "tentative", "oof", "workingElsewhere"];
            meeting = meeting.shown_as(self.draw.one_of(&status));
        }
        if self.draw.percent(10) {
            meeting = meeting.private();
        }
        self.send(organizer, &meeting).await;
    }

    async fn send_series(&mut self) {
        let organizer = self.draw.one_of(&ORGANIZERS);
        let range = slots::booking(&self.world, &self.draw);
        let start = jiff::Timestamp::from_millisecond(range.start().0).unwrap();
        let there = start.in_tz(crate::office::ZONE).unwrap();
        let weekday = format!("{:?}", there.weekday()).to_lowercase();
        let pattern = match self.draw.below(5) {
            0 | 1 => json!({ "type": "daily", "interval": self.draw.between(1, 3) }),
            2 | 3 => json!({ "type": "weekly", "interval": 1, "daysOfWeek": [weekday],
                "firstDayOfWeek": "monday" }),
            _ => {
                json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": there.day() })
            }
        };
        let times = u32::try_from(self.draw.between(2, 8)).unwrap_or(2);
        let meeting = Meeting::at(range)
            .inviting(&self.some_room())
            .repeated(&pattern, times);
        self.send(organizer, &meeting).await;
    }

    /// What the pane's draft becomes: the person sends it.
    pub(super) async fn send_draft(&mut self, person: &Person, draft: Draft) {
        let room = self.world.rooms.iter().find(|room| room.id == draft.room);
        let Some(link) = room.and_then(|room| room.link.clone()) else {
            return;
        };
        let meeting = Meeting::at(draft.range).inviting(&link.mailbox);
        self.send(person.address.as_str(), &meeting).await;
    }

    async fn send(&mut self, organizer: &str, meeting: &Meeting) {
        let sent = self.world.outlook.send(organizer, meeting).await;
        let what = format!("{organizer} sends {}", meeting.json());
        self.note_outlook(&what, sent.map(drop));
    }

    async fn change_event(&mut self) {
        let organizer = self.draw.one_of(&ORGANIZERS);
        let Some(event) = self.event_of(organizer, |event| event.is_organizer) else {
            return;
        };
        let id = event.id.clone();
        let outlook = self.world.outlook.clone();
        let (what, done) = match self.draw.below(9) {
            0 | 1 => ("cancels", outlook.act(organizer, &id, "cancel").await),
            2 => ("deletes", outlook.delete(organizer, &id).await),
            3 | 4 => {
                let range = slots::meeting(&self.world, &self.draw);
                let change = moved_to(range);
                ("moves", outlook.change(organizer, &id, &change).await)
            }
            5 | 6 => {
                let rooms = self.other_rooms(&event);
                let change = with_rooms(&rooms);
                (
                    "takes other rooms for",
                    outlook.change(organizer, &id, &change).await,
                )
            }
            7 => {
                let status = ["free", "tentative", "busy", "oof"];
                let change = json!({ "showAs": self.draw.one_of(&status) });
                (
                    "shows otherwise",
                    outlook.change(organizer, &id, &change).await,
                )
            }
            _ => {
                let done = self.change_series_end(organizer, &event).await;
                ("changes the end of", done)
            }
        };
        self.memory.touched.insert(event.i_cal_u_id.clone());
        let what = format!("{organizer} {what} {}", told(&event));
        self.note_outlook(&what, done);
    }

    /// Another room beside, none, or another one.
    fn other_rooms(&self, event: &EventView) -> Vec<MailboxAddress> {
        let mut rooms = rooms_of(event);
        match self.draw.below(3) {
            0 => {
                rooms.pop();
            }
            1 => rooms.push(self.some_room()),
            _ => rooms = vec![self.some_room()],
        }
        rooms.dedup();
        rooms
    }

    async fn change_series_end(&self, organizer: &str, event: &EventView) -> Result<(), Refused> {
        if !event.is_series {
            return Ok(());
        }
        let first = event
            .start
            .in_tz(crate::office::ZONE)
            .map(|zoned| zoned.date().to_string())
            .unwrap_or_default();
        let change = json!({ "recurrence": {
            "pattern": { "type": "daily", "interval": 1 },
            "range": { "type": "numbered", "startDate": first,
                "numberOfOccurrences": self.draw.between(1, 9) },
        } });
        self.world
            .outlook
            .change(organizer, &event.id, &change)
            .await
    }

    /// One meeting of a series is moved, cancelled, deleted or given up by its room.
    async fn change_one_of_series(&mut self) {
        let organizer = self.draw.one_of(&ORGANIZERS);
        let from = slots::date(&self.world, -1);
        let shown = self.world.outlook.calendar(organizer, from, 40).await;
        let of_series: Vec<_> = shown.into_iter().filter(|one| one.is_of_series).collect();
        let Some(one) = self.draw.pick(&of_series).cloned() else {
            return;
        };
        let outlook = self.world.outlook.clone();
        let (what, done) = match self.draw.below(5) {
            0 => ("cancels", outlook.act(organizer, &one.id, "cancel").await),
            1 => ("deletes", outlook.delete(organizer, &one.id).await),
            2 => {
                let change = with_rooms(&[self.some_room()]);
                (
                    "takes another room for",
                    outlook.change(organizer, &one.id, &change).await,
                )
            }
            _ => {
                let by_ms = self.draw.between(-12, 12) * 30 * 60_000;
                let start = one.start.plus_ms(by_ms);
                let range = TimeRange::new(start, start.plus_ms(DAY_MS / 48)).unwrap();
                let done = outlook.change(organizer, &one.id, &moved_to(range)).await;
                ("moves", done)
            }
        };
        let what = format!("{organizer} {what} one of a series, {one:?}");
        self.note_outlook(&what, done);
    }

    /// A delegate decides, or somebody with the room's calendar open declines or deletes.
    async fn act_in_room(&mut self) {
        let room = self.some_room();
        let Some(event) = self.event_of(room.as_str(), |_| true) else {
            return;
        };
        let outlook = self.world.outlook.clone();
        let (what, done) = match self.draw.below(6) {
            0..=2 => (
                "accepts",
                outlook.act(room.as_str(), &event.id, "accept").await,
            ),
            3 => {
                let done = outlook
                    .act(room.as_str(), &event.id, "tentativelyAccept")
                    .await;
                ("tentatively accepts", done)
            }
            4 => (
                "declines",
                outlook.act(room.as_str(), &event.id, "decline").await,
            ),
            _ => ("deletes", outlook.delete(room.as_str(), &event.id).await),
        };
        self.memory.touched.insert(event.i_cal_u_id.clone());
        let what = format!("{room} {what} {}", told(&event));
        self.note_outlook(&what, done);
    }

    async fn put_into_room(&mut self) {
        let room = self.some_room();
        let range = slots::meeting(&self.world, &self.draw);
        self.send(room.as_str(), &Meeting::at(range)).await;
    }

    fn some_room(&self) -> MailboxAddress {
        let room = self.draw.pick(&self.world.rooms);
        let link = room.and_then(|room| room.link.clone());
        link.expect("every room has a mailbox").mailbox
    }

    fn event_of(&self, mailbox: &str, wanted: impl Fn(&EventView) -> bool) -> Option<EventView> {
        let mut events = self.world.sim.events(mailbox)?;
        events.retain(|event| !event.is_cancelled && wanted(event));
        self.draw.pick(&events).cloned()
    }

    fn note_outlook(&mut self, what: &str, done: Result<(), Refused>) {
        match done {
            Ok(()) => self.note(what),
            Err(refused) => self.note(&format!("{what}: {refused}")),
        }
    }

    /// Something is done to a random subscription.
    pub(super) async fn lifecycle(&mut self) {
        let outlook = self.world.outlook.clone();
        let shown = outlook
            .ask(Method::GET, "subscriptions", None)
            .await
            .unwrap();
        let active: Vec<Value> = shown["value"].as_array().cloned().unwrap_or_default();
        let active: Vec<Value> = active
            .into_iter()
            .filter(|one| one["isActive"] == true)
            .collect();
        let Some(one) = self.draw.pick(&active) else {
            return;
        };
        let events = ["missed", "subscriptionRemoved", "reauthorizationRequired"];
        let event = self.draw.one_of(&events);
        let order = json!({ "subscriptionId": one["id"], "event": event });
        let done = outlook.ask(Method::POST, "lifecycle", Some(&order)).await;
        let what = format!("Microsoft says {event} of {}", one["mailbox"]);
        self.note_outlook(&what, done.map(drop));
    }
}

fn told(event: &EventView) -> String {
    format!(
        "{} ({} to {}, {})",
        event.id, event.start, event.end, event.subject
    )
}
