//! One thing to fill in, with its name above and its hint or problem below.

use leptos::prelude::*;

/// What a field takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum FieldKind {
    /// A line of text.
    #[default]
    Text,
    /// A day; the value is `2026-11-24`.
    Date,
    /// A time of day; the value is `10:00`.
    Time,
    /// A whole number, at least one.
    Count,
}

impl FieldKind {
    const fn input_type(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Time => "time",
            Self::Count => "number",
        }
    }
}

/// A labelled input.
#[component]
pub fn Field(
    /// Its name, shown above it.
    #[prop(into)]
    label: String,
    /// Unique on the page; ties label, hint and problem to the input.
    #[prop(into)]
    id: String,
    /// What it takes.
    #[prop(optional)]
    kind: FieldKind,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Told when the person has changed it: at the end of typing, at once for pickers.
    #[prop(optional, into)]
    on_change: Option<Callback<String>>,
    /// What is good to know. Empty: nothing.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong. Empty: nothing.
    #[prop(optional, into)]
    problem: Signal<String>,
) -> impl IntoView {
    let note_id = format!("{id}-note");
    let described_by = note_id.clone();
    let has_note = !hint.is_empty();
    let change = move |event: leptos::ev::Event| {
        if let Some(act) = on_change {
            act.run(event_target_value(&event));
        }
    };
    let note = move || {
        let problem = problem.get();
        if problem.is_empty() {
            view! { <p class="field-hint">{hint.clone()}</p> }.into_any()
        } else {
            view! { <p class="field-problem">{problem}</p> }.into_any()
        }
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                class="field-input"
                id=id
                type=kind.input_type()
                min=(kind == FieldKind::Count).then_some("1")
                max=(kind == FieldKind::Count).then_some("999")
                step=(kind == FieldKind::Time).then_some("300")
                inputmode=(kind == FieldKind::Count).then_some("numeric")
                autocomplete="off"
                aria-describedby=described_by
                aria-invalid=move || (!problem.get().is_empty()).then_some("true")
                prop:value=move || value.get()
                value=value.get_untracked()
                on:change=change
            />
            <div id=note_id aria-live="polite" hidden=move || !has_note && problem.get().is_empty()>
                {note}
            </div>
        </div>
    }
    .into_any()
}
