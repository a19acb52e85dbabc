//! When the series is, and what its rooms have to be like. Every change asks at once: there is no button to press.

use booking::room::{Equipment, EquipmentSet};
use booking::time::civil::day_of_text;
use leptos::prelude::*;

use super::asked::{Asked, DATES_MAX, EVERY_MAX, Ends, Repeats};
use super::planner::Planner;
use crate::components::select::Choices;
use crate::components::{Field, FieldKind, Select, Tag, TimeRangePicker, ZoneNote};
use crate::pages::portal::address::turned;
use crate::text::series as words;
use crate::text::series::pattern::{self, repeats};
use crate::text::{command, page, room};

const WEEKDAYS: std::ops::Range<u8> = 0..7;
const AFTER: &str = "after";
const ON: &str = "on";

/// The fields.
#[component]
pub(super) fn PatternFields(planner: Planner) -> impl IntoView {
    let asked = planner.asked;
    let times = Memo::new(move |_| asked.with(|asked| asked.times.clone()));
    let zone_at = Signal::derive(move || {
        let zone = planner.building()?.zone;
        let planned = planner.planned.get();
        let first = planned.and_then(|planned| Some(planned.series.dates.first()?.range.start()));
        Some((
            first.unwrap_or_else(|| planner.catalogue.with(|it| it.now)),
            zone,
        ))
    });
    let set_people = move |people: String| {
        if let Ok(people @ 1..=999) = people.parse::<u32>() {
            asked.update(|asked| asked.people = people);
        }
    };
    view! {
        <form class="series-fields" on:submit=|event| event.prevent_default()>
            <BuildingField planner />
            <TimeRangePicker
                id="series"
                day_label=words::FIRST_DAY
                value=times
                on_change=move |next| asked.update(|asked| asked.set_times(next))
            />
            <ZoneNote at=zone_at />
            <RepeatsFields asked />
            <EndsFields asked />
            <Field
                id="series-people"
                label=command::PEOPLE
                kind=FieldKind::Count
                value=Signal::derive(move || asked.with(|asked| asked.people.to_string()))
                on_change=set_people
            />
            <Filters planner />
        </form>
    }
    .into_any()
}

/// Nothing where there is only one building.
#[component]
fn BuildingField(planner: Planner) -> impl IntoView {
    let buildings = Memo::new(move |_| {
        planner.catalogue.with(|catalogue| {
            let buildings = catalogue.buildings.iter();
            buildings
                .map(|one| (one.id.to_string(), one.name.clone()))
                .collect::<Choices>()
        })
    });
    let shown = Signal::derive(move || {
        let building = planner.catalogue.with(|catalogue| catalogue.building);
        building.map(|id| id.to_string()).unwrap_or_default()
    });
    let choose = move |building: String| {
        if let Ok(building) = building.parse() {
            planner.show_building(building);
        }
    };
    view! {
        <Show when=move || buildings.with(|buildings| buildings.len() > 1)>
            <Select
                id="series-building"
                label=command::BUILDING
                choices=buildings
                value=shown
                on_change=choose
            />
        </Show>
    }
    .into_any()
}

/// How it repeats: the pattern, every how many, and on which weekdays.
#[component]
fn RepeatsFields(asked: RwSignal<Asked>) -> impl IntoView {
    let choices = Memo::new(move |_| asked.with(ways));
    let repeats = Memo::new(move |_| asked.with(|asked| asked.repeats));
    let set_repeats = move |word: String| {
        if let Some(repeats) = Repeats::of_word(&word) {
            asked.update(|asked| asked.set_repeats(repeats));
        }
    };
    let set_every = move |every: String| {
        if let Some(every) = count(&every, EVERY_MAX) {
            asked.update(|asked| asked.every = every);
        }
    };
    let interval = move || {
        view! {
            <Field
                id="series-every"
                label=pattern::interval(repeats.get().unit())
                kind=FieldKind::Count
                value=Signal::derive(move || asked.with(|asked| asked.every.to_string()))
                on_change=set_every
            />
        }
    };
    view! {
        <div class="series-pair">
            <Select
                id="series-repeats"
                label=words::PATTERN
                choices=choices
                value=Signal::derive(move || repeats.get().word().to_owned())
                on_change=set_repeats
            />
            {interval}
        </div>
        <Show when=move || repeats.get() == Repeats::Weekly>
            <div class="field">
                <span class="field-label" id="series-weekdays">{words::ON_DAYS}</span>
                <ul class="tag-list" aria-labelledby="series-weekdays">
                    {WEEKDAYS.map(|weekday| weekday_tag(asked, weekday)).collect_view()}
                </ul>
            </div>
        </Show>
    }
    .into_any()
}

fn weekday_tag(asked: RwSignal<Asked>, weekday: u8) -> impl IntoView {
    view! {
        <Tag
            text=pattern::weekday_short(weekday)
            pressed=Signal::derive(move || asked.with(|asked| asked.days.0 & (1 << weekday) != 0))
            on_press=move |()| asked.update(|asked| asked.turn_weekday(weekday))
        />
    }
}

/// The ways of repeating that suit the first day.
fn ways(asked: &Asked) -> Choices {
    let first_day = asked.first_day().unwrap_or_default();
    let name = |way: Repeats| match way {
        Repeats::Daily => repeats::DAILY.to_owned(),
        Repeats::Weekly => repeats::WEEKLY.to_owned(),
        Repeats::MonthlyDay => format!("{} {}", repeats::MONTHLY, repeats::on_day(first_day)),
        Repeats::MonthlyNth => format!("{} {}", repeats::MONTHLY, repeats::on_nth(first_day)),
        Repeats::MonthlyLast => format!("{} {}", repeats::MONTHLY, repeats::on_last(first_day)),
        Repeats::Yearly => format!("{} {}", repeats::YEARLY, repeats::on_date(first_day)),
    };
    Repeats::ALL
        .into_iter()
        .filter(|way| way.suits(first_day))
        .map(|way| (way.word().to_owned(), name(way)))
        .collect()
}

/// Where it ends: after so many dates, or on a day.
#[component]
fn EndsFields(asked: RwSignal<Asked>) -> impl IntoView {
    let is_on_day = Memo::new(move |_| asked.with(|asked| matches!(asked.ends, Ends::On(_))));
    let choices = Signal::stored(
        [(AFTER, words::AFTER_DATES), (ON, words::ON_A_DAY)]
            .map(|(value, name)| (value.to_owned(), name.to_owned()))
            .to_vec(),
    );
    let set_count = move |dates: String| {
        if let Some(dates) = count(&dates, DATES_MAX) {
            asked.update(|asked| asked.ends = Ends::After(dates));
        }
    };
    let set_day = move |day: String| {
        if day_of_text(&day).is_some() {
            asked.update(|asked| asked.ends = Ends::On(day));
        }
    };
    let dates = Signal::derive(move || {
        asked.with(|asked| match &asked.ends {
            Ends::After(count) => count.to_string(),
            Ends::On(_) => String::new(),
        })
    });
    let last_day = Signal::derive(move || {
        asked.with(|asked| match &asked.ends {
            Ends::On(day) => day.clone(),
            Ends::After(_) => String::new(),
        })
    });
    view! {
        <div class="series-pair">
            <Select
                id="series-ends"
                label=words::ENDS
                choices=choices
                value=Signal::derive(move || if is_on_day.get() { ON } else { AFTER }.to_owned())
                on_change=move |word: String| asked.update(|asked| asked.set_ends_on_day(word == ON))
            />
            <Show
                when=move || is_on_day.get()
                fallback=move || view! {
                    <Field
                        id="series-dates"
                        label=words::DATES
                        kind=FieldKind::Count
                        value=dates
                        on_change=set_count
                    />
                }
            >
                <Field
                    id="series-until"
                    label=words::LAST_DAY
                    kind=FieldKind::Date
                    value=last_day
                    on_change=set_day
                />
            </Show>
        </div>
    }
    .into_any()
}

/// What has to be in the room. Kinds that no room of the building has are not offered.
#[component]
fn Filters(planner: Planner) -> impl IntoView {
    let asked = planner.asked;
    let kinds = move || {
        let anywhere: EquipmentSet = planner.catalogue.with(|it| {
            let rooms = it.rooms.iter();
            rooms.flat_map(|room| room.equipment.iter()).collect()
        });
        anywhere.iter().collect::<Vec<Equipment>>()
    };
    let tag = move |kind: Equipment| {
        view! {
            <Tag
                text=room::equipment(kind)
                pressed=Signal::derive(move || asked.with(|asked| asked.equipment.has(kind)))
                on_press=move |()| {
                    asked.update(|asked| asked.equipment = turned(asked.equipment, kind));
                }
            />
        }
    };
    view! {
        <ul class="tag-list" aria-label=page::FILTERS>
            <For each=kinds key=|kind| *kind children=tag />
            <Tag
                text=command::STEP_FREE
                pressed=Signal::derive(move || asked.with(|asked| asked.step_free))
                on_press=move |()| asked.update(|asked| asked.step_free = !asked.step_free)
            />
        </ul>
    }
    .into_any()
}

/// A number as a field holds it. `None`: it is none, or too large.
fn count(text: &str, max: u32) -> Option<u32> {
    let count = text.parse().ok()?;
    (1..=max).contains(&count).then_some(count)
}
