//! A filter that is on or off, with how many rooms it would leave.

use leptos::prelude::*;

use crate::text::command;

/// A filter chip. Stands in a `ul.tag-list`.
#[component]
pub fn Tag(
    /// What it filters by.
    #[prop(into)]
    text: Signal<String>,
    /// Whether it is on.
    #[prop(into)]
    pressed: Signal<bool>,
    /// Free rooms it would leave. `None`: not counted.
    #[prop(optional, into)]
    count: Signal<Option<u32>>,
    /// Turns it over.
    #[prop(into)]
    on_press: Callback<()>,
) -> impl IntoView {
    let spoken = move || match count.get() {
        Some(rooms) => command::filter_leaves(&text.get(), rooms),
        None => text.get(),
    };
    view! {
        <li>
            <button
                class="tag"
                type="button"
                aria-pressed=move || if pressed.get() { "true" } else { "false" }
                aria-label=spoken
                data-leaves=move || (count.get() == Some(0)).then_some("nothing")
                on:click=move |_| on_press.run(())
            >
                {move || text.get()}
                <span class="tag-count">{move || count.get()}</span>
            </button>
        </li>
    }
    .into_any()
}
