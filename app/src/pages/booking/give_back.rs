//! Cancelling: the whole meeting, or the room alone, or having the room decline where that is allowed.

use booking::reservation::{Cancelling, ReservationState};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Shown;
use crate::api::reservations::{cancel, decline};
use crate::components::{Button, ButtonKind};
use crate::text::{command, reservation as words};

/// What is given back, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Cancel(Cancelling),
    /// The room declines; the meeting is left alone.
    Decline,
}

/// Two presses, in place: the first does nothing yet.
#[component]
pub(super) fn GiveBack(shown: Shown) -> impl IntoView {
    let asked = RwSignal::new(None::<Way>);
    let can_cancel = Memo::new(move |_| shown.view.with(|view| view.can_cancel));
    // Before the event is written there is no meeting that could stay, and while it goes elsewhere it may have either room.
    let is_written = Memo::new(move |_| {
        shown.view.with(|view| {
            view.reservation.state != ReservationState::Held && view.reservation.moving.is_none()
        })
    });
    let can_decline = Memo::new(move |_| shown.view.with(|view| view.can_decline));
    let ask = move |way: Way| move |()| asked.set(Some(way));
    let choices = move || {
        view! {
            <div class="dialog-actions">
                <Show when=move || is_written.get()>
                    <Button on_press=ask(Way::Cancel(Cancelling::RoomOnly))>{words::GIVE_BACK_ROOM}</Button>
                </Show>
                <Show when=move || can_decline.get()>
                    <Button on_press=ask(Way::Decline)>{words::DECLINE_ROOM}</Button>
                </Show>
                <Button on_press=ask(Way::Cancel(Cancelling::Whole))>{words::CANCEL_MEETING}</Button>
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
                    Some(way) => view! { <Sure shown asked way /> }.into_any(),
                }}
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn Sure(shown: Shown, asked: RwSignal<Option<Way>>, way: Way) -> impl IntoView {
    let busy = RwSignal::new(false);
    let act = move |()| {
        busy.set(true);
        let id = shown.view.with_untracked(|view| view.reservation.id);
        spawn_local(async move {
            let answer = match way {
                Way::Cancel(what) => cancel(id, what).await,
                Way::Decline => decline(id).await,
            };
            asked.try_set(None);
            shown.answered(answer);
        });
    };
    let (question, yes) = match way {
        Way::Cancel(Cancelling::RoomOnly) => (words::GIVE_BACK_QUESTION, words::CONFIRM_GIVE_BACK),
        Way::Cancel(Cancelling::Whole) => (words::CANCEL_QUESTION, command::CONFIRM_CANCEL),
        Way::Decline => (words::DECLINE_QUESTION, words::CONFIRM_DECLINE),
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
