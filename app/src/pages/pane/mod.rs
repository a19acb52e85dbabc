//! The Outlook task pane, 320 px first.
//!
//! The server paints only that the pane is starting: inside Outlook's frame nobody is signed in
//! yet. Then `boot` asks Outlook for the draft and a token, the search runs as in the portal,
//! and `hold` keeps the room while the person goes on writing. Everything that touches Outlook
//! exists in the browser only.

#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "the server never learns of a draft")
)]
mod draft;
#[cfg_attr(
    not(any(feature = "hydrate", test)),
    expect(dead_code, reason = "the server never learns of a draft")
)]
mod recurrence;

#[cfg(feature = "hydrate")]
mod answer;
#[cfg(feature = "hydrate")]
mod asking;
#[cfg(feature = "hydrate")]
mod boot;
#[cfg(feature = "hydrate")]
mod hold;
#[cfg(feature = "hydrate")]
mod message;
#[cfg(feature = "hydrate")]
mod office;
#[cfg(feature = "hydrate")]
mod office_call;
#[cfg(feature = "hydrate")]
mod reading;
#[cfg(feature = "hydrate")]
mod search;
#[cfg(feature = "hydrate")]
mod token;

use booking::ids::DraftKey;
use leptos::prelude::*;
use leptos_meta::Title;

use super::finder::FirstAnswer;
use super::mark_hydrated;
use crate::components::{Button, EmptyState, MessageBar, MessageKind, Spinner};
use crate::text::{command, page};

use draft::Draft;

/// How far the pane has come.
#[cfg_attr(
    not(feature = "hydrate"),
    expect(dead_code, reason = "the server paints only the start")
)]
#[derive(Clone, PartialEq, Debug)]
enum Step {
    /// Outlook is being asked.
    Starting,
    /// There are no rooms yet.
    NoRooms,
    /// The draft does not end after it starts; goes on by itself when it does.
    NoTime,
    /// It cannot go on; the sentence says why.
    Stuck(String),
    /// The search stands.
    Ready(Box<Ready>),
}

/// What the search starts from.
#[derive(Clone, PartialEq, Debug)]
struct Ready {
    first: FirstAnswer,
    draft: Draft,
    /// Under which a room is held for it already.
    key: Option<DraftKey>,
    /// The appointment is only read: nothing can be added.
    reads_only: bool,
}

/// The page.
#[component]
pub fn PanePage() -> impl IntoView {
    let step = RwSignal::new(Step::Starting);
    mark_hydrated();
    start(step);
    view! {
        <Title text=page::FIND_A_ROOM />
        <main class="pane" id="content">
            {move || content(step)}
        </main>
    }
}

#[cfg(feature = "hydrate")]
fn start(step: RwSignal<Step>) {
    Effect::new(move |_| boot::boot(step));
    token::keep_fresh();
}

#[cfg(not(feature = "hydrate"))]
const fn start(_step: RwSignal<Step>) {}

fn content(step: RwSignal<Step>) -> AnyView {
    match step.get() {
        Step::Starting => {
            view! { <div class="pane-top"><Spinner text=page::pane::READING_DRAFT /></div> }
                .into_any()
        }
        Step::NoRooms => {
            view! { <EmptyState title=page::NO_BUILDING hint=page::NO_BUILDING_HINT /> }.into_any()
        }
        // Some Outlooks do not tell of changes, so there is a button all the same.
        Step::NoTime => stuck(step, page::pane::NO_TIME.to_owned()),
        Step::Stuck(sentence) => stuck(step, sentence),
        Step::Ready(ready) => search(*ready),
    }
}

fn stuck(step: RwSignal<Step>, sentence: String) -> AnyView {
    view! {
        <div class="pane-top">
            <MessageBar kind=MessageKind::Error text=sentence>
                <Button on_press=move |()| again(step)>{command::TRY_AGAIN}</Button>
            </MessageBar>
        </div>
    }
    .into_any()
}

#[cfg(feature = "hydrate")]
fn again(step: RwSignal<Step>) {
    boot::boot(step);
}

#[cfg(not(feature = "hydrate"))]
const fn again(_step: RwSignal<Step>) {}

#[cfg(feature = "hydrate")]
fn search(ready: Ready) -> AnyView {
    if ready.reads_only {
        view! { <reading::PaneReading ready=ready /> }.into_any()
    } else {
        view! { <search::PaneSearch ready=ready /> }.into_any()
    }
}

#[cfg(not(feature = "hydrate"))]
fn search(ready: Ready) -> AnyView {
    // The server never gets here: nobody is signed in before Outlook was asked.
    let Ready {
        first: _,
        draft: _,
        key: _,
        reads_only: _,
    } = ready;
    ().into_any()
}
