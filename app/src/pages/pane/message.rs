//! What the pane has to say above its cards, and what can be done about it.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::hold::Holder;
use super::search::number_of;
use super::token;
use crate::api::live::Liveness;
use crate::components::{Button, MessageBar, MessageKind};
use crate::pages::finder::Finder;
use crate::pages::live_notice::{LiveNotice, is_signed_out};
use crate::text::{command, page};

/// What there is to say.
#[component]
pub(super) fn Message(holder: Holder, finder: Finder) -> impl IntoView {
    let signing_in = RwSignal::new(false);
    let problem = move || {
        finder.trouble().map(|problem| {
            let needs_sign_in = problem.needs_sign_in();
            let again = move |()| {
                if needs_sign_in {
                    spawn_local(sign_in_and_ask(finder, holder, signing_in));
                } else {
                    finder.ask_again();
                }
            };
            view! {
                <MessageBar kind=MessageKind::Error text=problem.sentence()>
                    <Button busy=signing_in on_press=again>{command::TRY_AGAIN}</Button>
                </MessageBar>
            }
        })
    };
    let has_no_time = move || {
        (!holder.has_time.get()).then(|| {
            view! {
                <MessageBar kind=MessageKind::Warning text=page::pane::NO_TIME.to_owned() />
            }
        })
    };
    view! {
        <div aria-live="polite">
            {problem}
            <LiveNotice live=finder.live />
            {has_no_time}
            {move || holder.message.get().map(|(kind, text)| view! {
                <MessageBar kind=kind text=text>{offer(finder, holder)}</MessageBar>
            })}
        </div>
    }
    .into_any()
}

/// The server no longer takes the token: asking again with the same one would not help.
async fn sign_in_and_ask(finder: Finder, holder: Holder, signing_in: RwSignal<bool>) {
    signing_in.try_set(true);
    let signed_in = token::sign_in(token::Prompt::Allowed).await;
    signing_in.try_set(false);
    let failed = (MessageKind::Warning, page::pane::SIGN_IN_FAILED.to_owned());
    if signed_in.is_err() {
        holder.message.try_set(Some(failed));
        return;
    }
    holder.message.try_update(|message| {
        message.take_if(|message| *message == failed);
    });
    // The stream tries again by itself, and says so should it be refused once more.
    finder.live.try_set(Liveness::default());
    finder.ask_again();
}

/// After sleep the token has ended: one that Outlook gives without a word is taken before anybody has to press anything,
/// and the stream goes on with it.
pub(super) fn renew_when_refused(finder: Finder) {
    let is_out = is_signed_out(finder.live);
    Effect::new(move |_| {
        if is_out.get() {
            spawn_local(async {
                // Where there is none, the notice stays.
                let _renewed = token::sign_in(token::Prompt::Never).await;
            });
        }
    });
}

/// Takes the next best room in the place of the one that said no.
fn offer(finder: Finder, holder: Holder) -> AnyView {
    (move || {
        let offered = holder.offer.get().filter(|_| holder.has_time.get());
        offered.map(|id| {
            let text = command::swap_to(&number_of(finder, id));
            let busy = Signal::derive(move || holder.adding.get() == Some(id));
            let swap = move |()| holder.add(id);
            view! { <Button busy=busy on_press=swap>{text}</Button> }
        })
    })
    .into_any()
}
