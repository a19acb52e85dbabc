//! What is in a room, as small drawings with their words.

use booking::room::{Equipment, EquipmentSet};
use leptos::prelude::*;

use crate::text::room;

/// A list of equipment; draws nothing for an empty set.
#[component]
pub fn EquipmentIcons(
    /// What is in the room.
    set: EquipmentSet,
) -> impl IntoView {
    let items: Vec<_> = set
        .iter()
        .map(|one| {
            view! {
                <li>
                    <svg viewBox="0 0 16 16" aria-hidden="true">
                        <path
                            d=drawing(one)
                            fill="none"
                            stroke="currentColor"
                            stroke-width="1.4"
                            stroke-linejoin="round"
                            stroke-linecap="round"
                        />
                    </svg>
                    {room::equipment(one)}
                </li>
            }
        })
        .collect();
    (!items.is_empty()).then(|| view! { <ul class="equipment-list">{items}</ul> })
}

const fn drawing(equipment: Equipment) -> &'static str {
    match equipment {
        Equipment::Video => "M1.5 4.5h8v7h-8zM9.5 7l5-2.5v7l-5-2.5",
        Equipment::Audio => {
            "M2 6v4h2.5L8 13V3L4.5 6zM10.5 5.5q2 2.5 0 5M12.5 3.500q3.500 4.500 0 9"
        }
        Equipment::Screen => "M1.500 3h13v8h-13zM8 11v2.500M5 13.500h6",
        Equipment::Whiteboard => {
            "M1.500 2.500h13v8.500h-13zM4 8l2.500-3 2 2 2.500-2.500M4.500 11 3 14M11.500 11l1.500 3"
        }
        Equipment::HearingLoop => {
            "M5 12.500q0 1.500 1.500 1.500t2-2q.3-1.500 1.700-2.700A4 4 0 1 0 4 6.500M6 6.500a2 2 0 1 1 3 1.700"
        }
        Equipment::Daylight => {
            "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6ZM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1 1M12 12l1 1M3 13l1-1M12 4l1-1"
        }
    }
}
