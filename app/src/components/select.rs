//! One of several things, by name.

use leptos::prelude::*;

/// What can be chosen: the value, and what it is called.
pub type Choices = Vec<(String, String)>;

/// A labelled list that opens.
#[component]
pub fn Select(
    /// Its name, shown above it.
    #[prop(into)]
    label: String,
    /// Unique on the page; ties the label to the list.
    #[prop(into)]
    id: String,
    /// What can be chosen, in this order.
    #[prop(into)]
    choices: Signal<Choices>,
    /// The value that is chosen.
    #[prop(into)]
    value: Signal<String>,
    /// Told the value that the person chose.
    #[prop(into)]
    on_change: Callback<String>,
) -> impl IntoView {
    let options = move || {
        let chosen = value.get();
        let options = choices.get().into_iter().map(|(value, name)| {
            view! { <option selected=value == chosen value=value>{name}</option> }
        });
        options.collect_view()
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <select
                class="field-input"
                id=id
                on:change=move |event| on_change.run(event_target_value(&event))
            >
                {options}
            </select>
        </div>
    }
    .into_any()
}
