//! What pages are put together from. Each component is one file here and one of the same name
//! under `style/components/`; all of them in all states stand on the review page.
//!
//! Components of more than a few elements end in `into_any`: the type of a page would otherwise
//! hold the type of every element in it, which the compiler refuses at some depth, and the browser
//! would load code for each.

pub mod button;
pub mod dialog;
pub mod empty_state;
pub mod equipment_icons;
pub mod field;
pub mod floor_switch;
pub mod freshness;
pub mod legend;
pub mod message_bar;
pub mod page_header;
pub mod plan_view;
pub mod room_card;
pub mod room_details;
pub mod select;
pub mod series_strip;
pub mod spinner;
pub mod tag;
pub mod time_rail;
pub mod time_range_picker;
pub mod zone_note;

pub use button::{Button, ButtonKind};
pub use dialog::Dialog;
pub use empty_state::EmptyState;
pub use equipment_icons::EquipmentIcons;
pub use field::{Field, FieldKind};
pub use floor_switch::FloorSwitch;
pub use freshness::Freshness;
pub use legend::Legend;
pub use message_bar::{MessageBar, MessageKind};
pub use page_header::PageHeader;
pub use plan_view::PlanView;
pub use room_card::RoomCard;
pub use room_details::RoomDetails;
pub use select::Select;
pub use series_strip::SeriesStrip;
pub use spinner::Spinner;
pub use tag::Tag;
pub use time_rail::TimeRail;
pub use time_range_picker::TimeRangePicker;
pub use zone_note::ZoneNote;
