//! The appointment as somebody reads it who was invited: which room it is in, and where that is.

use booking::provider::RoomResponse;
use leptos::prelude::*;

use super::Ready;
use super::hold::Holder;
use super::search::{answer_words, narrow_plan};
use crate::components::{EmptyState, EquipmentIcons, ZoneNote};
use crate::pages::finder::{Finder, describe};
use crate::text::page;

/// The pane beside an appointment that is only read.
#[component]
pub(super) fn PaneReading(ready: Ready) -> impl IntoView {
    let Ready {
        first,
        draft,
        key,
        reads_only: _,
    } = ready;
    let finder = Finder::new(first);
    let in_draft = Holder::new(finder, &draft, key).in_draft.get_untracked();
    finder.choose(in_draft.map(|it| it.room));
    finder.start();
    let known = in_draft.and_then(|it| untrack(|| finder.room(it.room)));
    let place = match known {
        None => view! { <EmptyState title=page::pane::NO_ROOM hint=page::pane::NO_ROOM_HINT /> }
            .into_any(),
        Some(known) => {
            let building = untrack(|| finder.building()).map(|it| it.name);
            let answer = in_draft
                .filter(|it| it.response != RoomResponse::None)
                .map(answer_words);
            view! {
                <div class="room-card" data-room-number=known.number.clone()>
                    <span class="room-badge" data-state="yours">{known.number.clone()}</span>
                    <div>
                        <p class="room-card-title">{untrack(|| describe::title(finder, &known))}</p>
                        <p class="room-card-note">{building}</p>
                        <EquipmentIcons set=known.equipment />
                    </div>
                    {answer.map(|answer| view! { <p class="room-card-note room-card-answer">{answer}</p> })}
                </div>
            }
            .into_any()
        }
    };
    view! {
        <header class="pane-top">
            <h1>{page::pane::YOUR_ROOM}</h1>
            <p>{move || describe::asked_time(finder)}</p>
            <ZoneNote at=Signal::derive(move || finder.time()) />
        </header>
        <section class="pane-best">{place}</section>
        {narrow_plan(finder)}
    }
    .into_any()
}
