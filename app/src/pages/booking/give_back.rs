//! Cancelling: the whole meeting, or the room alone.

use booking::reservation::{Cancelling, ReservationState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Shown;
use crate::api::reservations::cancel;
use crate::components::{Button, ButtonKind};
use crate::text::{command, reservation as words};

/// Two presses, in place: the first does nothing yet.
#[component]
pub(super) fn GiveBack(shown: Shown) -> impl IntoView {
    let asked = RwSignal::new(None::<Cancelling>);
    let can_cancel = Memo::new(move |_| shown.view.with(|view| view.can_cancel));
    // Before the event is written there is no meeting that could stay, and while it goes elsewhere it may have either room.
    let is_written = Memo::new(move |_| {
        shown.view.with(|view| {
            view.reservation.state != ReservationState::Held && view.reservation.moving.is_none()
        })
    });
    let ask = move |what: Cancelling| move |()| asked.set(Some(what));
    let choices = move || {
        view! {
            <div class="dialog-actions">
                <Show when=move || is_written.get()>
                    <Button on_press=ask(Cancelling::RoomOnly)>{words::GIVE_BACK_ROOM}</Button>
                </Show>
                <Button on_press=ask(Cancelling::Whole)>{words::CANCEL_MEETING}</Button>
            </div>
        }
        .into_any()
    };
    view! {
        <Show when=move || can_cancel.get()>
            <section class="reservation-give-back" aria-label=words::GIVE_BACK>
                <h2>{words::GIVE_BACK}</h2>
                {move || match asked.get() {
                    None => choices(),
                    Some(what) => view! { <Sure shown asked what /> }.into_any(),
                }}
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn Sure(shown: Shown, asked: RwSignal<Option<Cancelling>>, what: Cancelling) -> impl IntoView {
    let busy = RwSignal::new(false);
    let act = move |()| {
        busy.set(true);
        let id = shown.view.with_untracked(|view| view.reservation.id);
        spawn_local(async move {
            let answer = cancel(id, what).await;
            asked.try_set(None);
            shown.answered(answer);
        });
    };
    let (question, yes) = match what {
        Cancelling::RoomOnly => (words::GIVE_BACK_QUESTION, words::CONFIRM_GIVE_BACK),
        Cancelling::Whole => (words::CANCEL_QUESTION, command::CONFIRM_CANCEL),
    };
    view! {
        <p class="room-card-note">{question}</p>
        <div class="dialog-actions">
            <Button on_press=move |()| asked.set(None)>{command::KEEP}</Button>
            <Button kind=ButtonKind::Danger busy=busy on_press=act>
                {move || if busy.get() { words::CANCELLING } else { yes }}
            </Button>
        </div>
    }
    .into_any()
}
