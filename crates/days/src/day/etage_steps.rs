//! What people do in Etage on a drawn day.

use booking::ids::{DraftKey, ReservationId};
use booking::person::Person;
use engine::Error;

use super::memory::Draft;
use super::run::Day;
use super::slots;
use crate::etage;
use crate::judge::all_reservations;
use crate::process::Outcome;

/// A process may be killed within so many passings of its gate.
const PASSINGS: u64 = 24;

impl Day {
    pub(super) async fn etage_step(&mut self) {
        match self.draw.below(12) {
            0..=4 => self.place().await,
            5 | 6 => self.open_draft().await,
            7 => self.tend_draft().await,
            8 | 9 => self.change().await,
            _ => self.cancel().await,
        }
    }

    async fn place(&mut self) {
        let (_, person) = self.somebody();
        let Some(room) = self.draw.pick(&self.world.rooms).map(|room| room.id) else {
            return;
        };
        let range = slots::booking(&self.world, &self.draw);
        let key = ReservationId(self.draw.uuid());
        self.memory.asked(key);
        // A click that seems lost is repeated with the same key.
        let clicks = if self.draw.percent(15) { 2 } else { 1 };
        for _ in 0..clicks {
            let what = format!(
                "{} places {key} in {room} for {range:?}",
                person.display_name
            );
            let placed = self
                .in_etage(&what, async |engine| {
                    etage::place(engine, &person, key, room, range).await
                })
                .await;
            if placed.is_some_and(|placed| placed.is_ok()) {
                self.memory.promised(key);
            }
        }
    }

    async fn open_draft(&mut self) {
        let (number, person) = self.somebody();
        let Some(room) = self.draw.pick(&self.world.rooms).map(|room| room.id) else {
            return;
        };
        let range = slots::booking(&self.world, &self.draw);
        let key = DraftKey(self.draw.uuid());
        self.memory.drafts.push(Draft {
            key,
            person: number,
            room,
            range,
        });
        let what = format!(
            "{} holds {room} for {range:?}, draft {key}",
            person.display_name
        );
        self.in_etage(&what, async |engine| {
            etage::hold(engine, &person, key, room, range).await
        })
        .await;
    }

    /// The draft's pane stays open, is closed, or the draft is sent.
    async fn tend_draft(&mut self) {
        let Some(draft) = self.draw.pick(&self.memory.drafts).copied() else {
            return;
        };
        let person = self.world.people[draft.person].clone();
        let (name, key) = (&person.display_name, draft.key);
        match self.draw.below(4) {
            0 => {
                let what = format!("{name} keeps draft {key} open");
                self.in_etage(&what, async |engine| engine.keep_hold(&person, key).await)
                    .await;
            }
            1 => {
                let what = format!("{name} closes draft {key}");
                self.in_etage(&what, async |engine| engine.drop_hold(&person, key).await)
                    .await;
            }
            _ => self.send_draft(&person, draft).await,
        }
    }

    /// Another time, another room, or both; now and then a moment after the last change, which may still be out.
    async fn change(&mut self) {
        let open: Vec<_> = all_reservations(&self.world)
            .await
            .into_iter()
            .filter(|one| one.state.may_be_moved())
            .collect();
        let Some(one) = self.draw.pick(&open) else {
            return;
        };
        let (person, id) = (one.person.clone(), one.id);
        let other = self.draw.pick(&self.world.rooms).map(|room| room.id);
        let room = other.filter(|_| self.draw.percent(60)).unwrap_or(one.room);
        let range = if self.draw.percent(60) {
            slots::booking(&self.world, &self.draw)
        } else {
            one.range
        };
        let what = format!(
            "{} changes {id} to {room} for {range:?}",
            person.display_name
        );
        self.in_etage(&what, async |engine| {
            etage::change(engine, &person, id, room, range).await
        })
        .await;
    }

    async fn cancel(&mut self) {
        let open: Vec<_> = all_reservations(&self.world)
            .await
            .into_iter()
            .filter(|one| one.state.is_open())
            .collect();
        let Some(one) = self.draw.pick(&open) else {
            return;
        };
        let what = format!("{} cancels {}", one.person.display_name, one.id);
        let (person, id) = (one.person.clone(), one.id);
        self.in_etage(&what, async |engine| {
            etage::cancel(engine, &person, id).await
        })
        .await;
    }

    /// Asks a process that is up, which may die over it. `None`: none is up, or it died.
    async fn in_etage<T>(
        &mut self,
        what: &str,
        work: impl AsyncFnOnce(&std::sync::Arc<engine::Engine>) -> Result<T, Error>,
    ) -> Option<Result<T, Error>> {
        let number = self.some_process()?;
        let dies_after = self.dies_after(12, PASSINGS);
        let process = &self.world.processes[number];
        if let Some(passings) = dies_after {
            process.gate().close_after(passings);
        }
        match process.work(work).await {
            Outcome::Done(done) => {
                process.gate().stay_open();
                let told = match &done {
                    Ok(_) => "done".to_owned(),
                    Err(error) => format!("{error:?}"),
                };
                self.note(&format!("{what} in process {number}: {told}"));
                if let Err(error @ Error::Store(_)) = &done {
                    self.failed(format!("{what} in process {number}: {error:?}"));
                }
                Some(done)
            }
            Outcome::Killed => {
                self.note(&format!(
                    "{what} in process {number}, which dies over it after {dies_after:?} passings"
                ));
                self.killed(number).await;
                None
            }
        }
    }

    fn somebody(&self) -> (usize, Person) {
        let at = usize::try_from(self.draw.below(self.world.people.len() as u64)).unwrap_or(0);
        (at, self.world.people[at].clone())
    }
}
