//! A question that must be answered before anything else.

use leptos::html;
use leptos::prelude::*;

/// A modal dialog: the browser keeps the focus inside and gives it back afterwards.
/// Esc and the backdrop close it.
#[component]
pub fn Dialog(
    /// Unique on the page; names the dialog by its heading.
    #[prop(into)]
    id: String,
    /// The heading.
    #[prop(into)]
    title: Signal<String>,
    /// Whether it is open.
    #[prop(into)]
    open: Signal<bool>,
    /// Told when the person closes it.
    #[prop(into)]
    on_close: Callback<()>,
    /// What is inside; made afresh whenever it opens.
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // It fails only for a dialog that is open or no longer on the page.
            let _shown = dialog.show_modal();
        }
    });
    let heading = format!("{id}-heading");
    let named_by = heading.clone();
    view! {
        <dialog
            class="dialog"
            id=id
            node_ref=dialog
            aria-labelledby=named_by
            on:close=move |_| {
                if open.get_untracked() {
                    on_close.run(());
                }
            }
        >
            <div class="dialog-body">
                <h2 id=heading>{move || title.get()}</h2>
                <Show when=move || open.get()>{children()}</Show>
            </div>
        </dialog>
    }
    .into_any()
}
