//! Something to press.

use leptos::prelude::*;

/// How much a button asks to be pressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum ButtonKind {
    /// The one act of its surface.
    Primary,
    /// Any other act.
    #[default]
    Plain,
    /// An act that should not stand out.
    Subtle,
    /// An act inside a sentence.
    Link,
    /// An act that takes something away.
    Danger,
}

impl ButtonKind {
    const fn word(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Plain => "plain",
            Self::Subtle => "subtle",
            Self::Link => "link",
            Self::Danger => "danger",
        }
    }
}

/// A button. While it is busy it keeps its focus but does nothing.
#[component]
pub fn Button(
    /// How much it asks to be pressed.
    #[prop(optional, into)]
    kind: Signal<ButtonKind>,
    /// Its act is under way: it says so and cannot be pressed again.
    #[prop(optional, into)]
    busy: Signal<bool>,
    /// It cannot be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// What a screen reader says instead of the text. Empty: the text.
    #[prop(optional, into)]
    label: Signal<String>,
    /// Sends the form it stands in.
    #[prop(optional)]
    submits: bool,
    /// What to do.
    #[prop(optional, into)]
    on_press: Option<Callback<()>>,
    /// The text.
    children: Children,
) -> impl IntoView {
    let blocked = move || busy.get() || disabled.get();
    let press = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() || disabled.get_untracked() {
            event.prevent_default();
        } else if let Some(act) = on_press {
            act.run(());
        }
    };
    view! {
        <button
            class="button"
            type=if submits { "submit" } else { "button" }
            data-kind=move || kind.get().word()
            // `disabled` would drop the focus and, with it, the screen reader's place.
            aria-disabled=move || blocked().then_some("true")
            aria-busy=move || busy.get().then_some("true")
            aria-label=move || Some(label.get()).filter(|label| !label.is_empty())
            on:click=press
        >
            {children()}
        </button>
    }
}
