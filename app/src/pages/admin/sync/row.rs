//! One room of the table.

use booking::ids::RoomId;
use booking::mirror::RoomHealth;
use booking::time::Instant;
use leptos::prelude::*;

use super::overview::{Outcome, Overview};
use crate::components::Button;
use crate::text;
use crate::text::admin::sync as words;

/// A room's row. What it shows changes in place, so that its button keeps the focus.
#[component]
pub(super) fn Row(overview: Overview, id: RoomId) -> impl IntoView {
    // A row whose room has just left the page is about to go.
    let health = Memo::new(move |before: Option<&Option<RoomHealth>>| {
        overview.room(id).or_else(|| before.cloned().flatten())
    });
    let first = health.get_untracked()?;
    let now = overview.now;
    let told = Told { health, now };
    let state = Memo::new(move |_| {
        health.with(|health| {
            health
                .as_ref()
                .map_or("waiting", |health| words::state_key(health.state))
        })
    });
    let number = first.number.clone();
    Some(view! {
        <tr role="row" data-room-number=number data-state=move || state.get()>
            {names(overview, &first)}
            {told.state_cell()}
            {told.cell(words::AGE, words::as_of, |_, _| String::new())}
            {told.cell(words::LAG, |health, _| words::lag(&health.lag), |_, _| String::new())}
            {told.cell(words::WATCH, |health, now| words::watch(&health.watch, now), words::heard)}
            {told.cell(
                words::CHECK,
                words::check,
                |health, now| words::found(&health.checks, now),
            )}
            {told.fingerprint_cell()}
            <td role="cell"><SyncButton overview health /></td>
        </tr>
    })
}

/// What does not change while the row is there: number, name with building, mailbox.
fn names(overview: Overview, room: &RoomHealth) -> AnyView {
    let building = overview.shown.with_untracked(|shown| {
        let mut all = shown.buildings.iter();
        all.find(|one| one.id == room.building)
            .map(|one| one.name.clone())
            .unwrap_or_default()
    });
    let name = if room.name == room.number {
        building
    } else {
        format!("{} · {building}", room.name)
    };
    view! {
        <th role="rowheader" scope="row">
            <p>{text::room::name(&room.number)}</p>
            <p class="sync-note">{name}</p>
            <p class="sync-note">{room.mailbox.to_string()}</p>
        </th>
    }
    .into_any()
}

/// Says something of a room.
type Tell = fn(&RoomHealth, Instant) -> String;

/// What a row's cells are filled from.
#[derive(Clone, Copy)]
struct Told {
    health: Memo<Option<RoomHealth>>,
    now: RwSignal<Instant>,
}

impl Told {
    fn text(self, tell: Tell) -> Memo<String> {
        Memo::new(move |_| {
            let now = self.now.get();
            self.health.with(|health| {
                health
                    .as_ref()
                    .map(|health| tell(health, now))
                    .unwrap_or_default()
            })
        })
    }

    fn state_cell(self) -> AnyView {
        let state = self.text(|health, _| words::state(health.state).to_owned());
        let why = self.text(|health, _| words::why(health));
        view! {
            <td role="cell" data-label=words::STATE>
                <p><span class="sync-state">{move || state.get()}</span></p>
                {note(why)}
            </td>
        }
        .into_any()
    }

    fn fingerprint_cell(self) -> AnyView {
        let fingerprint = self.text(|health, _| words::fingerprint(health));
        view! {
            <td role="cell" class="sync-fingerprint" data-label=words::FINGERPRINT>
                <p><code>{move || fingerprint.get()}</code></p>
            </td>
        }
        .into_any()
    }

    /// A cell with a line, and below it a smaller one where there is more to say.
    fn cell(self, label: &'static str, main: Tell, more: Tell) -> AnyView {
        let main = self.text(main);
        view! {
            <td role="cell" data-label=label>
                <p>{move || main.get()}</p>
                {note(self.text(more))}
            </td>
        }
        .into_any()
    }
}

fn note(text: Memo<String>) -> AnyView {
    view! { <p class="sync-note" hidden=move || text.with(String::is_empty)>{move || text.get()}</p> }
        .into_any()
}

#[component]
fn SyncButton(overview: Overview, health: Memo<Option<RoomHealth>>) -> impl IntoView {
    let outcome = Memo::new(move |_| {
        health.with(|health| {
            health
                .as_ref()
                .map_or(Outcome::NotAsked, |health| overview.outcome(health))
        })
    });
    let busy = Signal::derive(move || outcome.get() == Outcome::UnderWay);
    let label = Signal::derive(move || {
        health.with(|health| {
            health
                .as_ref()
                .map(|it| words::sync_room(&it.number))
                .unwrap_or_default()
        })
    });
    let press = move |()| {
        if let Some(room) = health.with_untracked(|health| health.as_ref().map(|it| it.room)) {
            overview.sync(room);
        }
    };
    let result = move || match outcome.get() {
        Outcome::NotAsked => String::new(),
        Outcome::UnderWay => words::READING.to_owned(),
        Outcome::Read => words::READ.to_owned(),
        Outcome::Failed => words::NOT_READ.to_owned(),
        Outcome::Held => {
            let now = overview.now.get();
            health.with(|health| {
                health
                    .as_ref()
                    .map(|health| words::held(health, now))
                    .unwrap_or_default()
            })
        }
    };
    view! {
        <Button busy=busy label=label on_press=press>{words::SYNC}</Button>
        // Counting down is not read out: the button's outcome is, once.
        <p class="sync-note" role=move || (outcome.get() != Outcome::Held).then_some("status")>{result}</p>
    }
    .into_any()
}
