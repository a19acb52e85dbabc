//! Which building is searched.

use leptos::prelude::*;

use super::Finder;
use crate::text::command;

/// The field that changes the building; nothing where there is only one.
#[component]
pub fn BuildingPicker(
    /// Unique on the page; ties the label to the field.
    id: &'static str,
    /// The search.
    finder: Finder,
) -> impl IntoView {
    let names = move || {
        finder.catalogue.with(|catalogue| {
            let buildings = catalogue.buildings.iter();
            buildings
                .map(|one| (one.id, one.name.clone()))
                .collect::<Vec<_>>()
        })
    };
    let several = Memo::new(move |_| finder.catalogue.with(|it| it.buildings.len() > 1));
    let choose = move |event: leptos::ev::Event| {
        if let Ok(building) = event_target_value(&event).parse() {
            finder.show_building(building);
        }
    };
    let options = move || {
        let shown = finder.found.with(|found| found.building);
        names()
            .into_iter()
            .map(|(building, name)| {
                view! {
                    <option value=building.to_string() selected=building == shown>
                        {name}
                    </option>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || several.get()>
            <div class="field">
                <label for=id>{command::BUILDING}</label>
                <select class="field-input" id=id on:change=choose>
                    {options}
                </select>
            </div>
        </Show>
    }
    .into_any()
}
