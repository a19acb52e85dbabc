//! A sentence about the page as a whole, and what can be done about it.

use leptos::prelude::*;

/// What a message is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum MessageKind {
    /// Good to know.
    #[default]
    Info,
    /// Something was done.
    Success,
    /// Something will go wrong unless it is looked at.
    Warning,
    /// Something did not work.
    Error,
}

impl MessageKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Success => "success",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    /// The drawing beside the sentence: the colour is not alone.
    const fn icon(self) -> &'static str {
        match self {
            Self::Info => {
                "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm-.7 6v4.5h1.4V7ZM8 4.3a.9.9 0 1 0 0 1.8.9.9 0 0 0 0-1.8Z"
            }
            Self::Success => {
                "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.2 4.6L7 9.8 4.9 7.7l-.9 1L7 11.6l5.1-5.1Z"
            }
            Self::Warning => {
                "M8 1.5 15.3 14.5H.7ZM7.3 6v4.5h1.4V6ZM8 11.6a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6Z"
            }
            Self::Error => {
                "M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM5.7 4.8l-.9.9L7.1 8l-2.3 2.3.9.9L8 8.9l2.3 2.3.9-.9L8.9 8l2.3-2.3-.9-.9L8 7.1Z"
            }
        }
    }
}

/// A bar with a sentence. Children are its actions.
#[component]
pub fn MessageBar(
    /// What it is about.
    #[prop(optional)]
    kind: MessageKind,
    /// Says what is, then what to do.
    #[prop(into)]
    text: Signal<String>,
    /// Buttons, if anything can be done.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    // What went wrong is said at once; the rest waits for a pause.
    let role = if kind == MessageKind::Error {
        "alert"
    } else {
        "status"
    };
    view! {
        <div class="message-bar" data-kind=kind.word() role=role>
            <svg class="message-icon" viewBox="0 0 16 16" aria-hidden="true">
                <path d=kind.icon() fill="currentColor" fill-rule="evenodd" />
            </svg>
            <span class="message-text">{move || text.get()}</span>
            {children.map(|children| children())}
        </div>
    }
    .into_any()
}
