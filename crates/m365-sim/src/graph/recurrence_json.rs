//! Recurrence in JSON. <https://learn.microsoft.com/graph/api/resources/patternedrecurrence>

use jiff::civil::{Date, Weekday};
use serde_json::{Value, json};

use super::error::GraphError;
use crate::time_zone;
use crate::world::recurrence::{OCCURRENCES_MAX, Pattern, Range, Recurrence, WeekIndex};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("sunday", Weekday::Sunday),
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
];

const INDEXES: [(&str, WeekIndex); 5] = [
    ("first", WeekIndex::First),
    ("second", WeekIndex::Second),
    ("third", WeekIndex::Third),
    ("fourth", WeekIndex::Fourth),
    ("last", WeekIndex::Last),
];

/// Reads a recurrence. `first` is the start date of the event, used where the pattern leaves a date open.
pub(super) fn read(recurrence: &Value, first: Date) -> Result<Recurrence, GraphError> {
    let (pattern, range) = (&recurrence["pattern"], &recurrence["range"]);
    let start_date = range["startDate"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .unwrap_or(first);
    let interval = match &pattern["interval"] {
        Value::Null => 1,
        number => number
            .as_u64()
            .and_then(|number| u32::try_from(number).ok())
            .filter(|number| *number > 0)
            .ok_or_else(|| invalid("interval"))?,
    };
    let time_zone = range["recurrenceTimeZone"]
        .as_str()
        .filter(|name| !name.is_empty());
    if time_zone.is_some_and(|name| time_zone::lookup(name).is_none()) {
        return Err(invalid("recurrenceTimeZone"));
    }
    Ok(Recurrence {
        pattern: read_pattern(pattern, start_date)?,
        interval,
        start_date,
        range: read_range(range)?,
        time_zone: time_zone.map(str::to_owned),
    })
}

fn read_pattern(pattern: &Value, first: Date) -> Result<Pattern, GraphError> {
    let days = pattern["daysOfWeek"].as_array().into_iter().flatten();
    let days: Vec<Weekday> = days
        .map(|day| weekday(day).ok_or_else(|| invalid("daysOfWeek")))
        .collect::<Result<_, _>>()?;
    // Zero is how the parts that a pattern does not use are written.
    let small = |name: &'static str, max: i8, otherwise: i8| match pattern[name].as_i64() {
        None | Some(0) => Ok(otherwise),
        Some(number) => i8::try_from(number)
            .ok()
            .filter(|number| (1..=max).contains(number))
            .ok_or_else(|| invalid(name)),
    };
    let index = || {
        let text = pattern["index"].as_str().unwrap_or("first");
        INDEXES
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(text))
            .map(|(_, index)| *index)
    };
    let kind = pattern["type"].as_str().ok_or_else(|| invalid("type"))?;
    let needs_days =
        ["weekly", "relativemonthly", "relativeyearly"].contains(&kind.to_lowercase().as_str());
    if needs_days && days.is_empty() {
        return Err(invalid("daysOfWeek"));
    }
    Ok(match kind.to_lowercase().as_str() {
        "daily" => Pattern::Daily,
        "weekly" => Pattern::Weekly {
            days,
            first_day: weekday(&pattern["firstDayOfWeek"]).unwrap_or(Weekday::Sunday),
        },
        "absolutemonthly" => Pattern::AbsoluteMonthly {
            day: small("dayOfMonth", 31, first.day())?,
        },
        "relativemonthly" => Pattern::RelativeMonthly {
            days,
            index: index().ok_or_else(|| invalid("index"))?,
        },
        "absoluteyearly" => Pattern::AbsoluteYearly {
            month: small("month", 12, first.month())?,
            day: small("dayOfMonth", 31, first.day())?,
        },
        "relativeyearly" => Pattern::RelativeYearly {
            month: small("month", 12, first.month())?,
            days,
            index: index().ok_or_else(|| invalid("index"))?,
        },
        _ => return Err(invalid("type")),
    })
}

fn read_range(range: &Value) -> Result<Range, GraphError> {
    match range["type"]
        .as_str()
        .unwrap_or_default()
        .to_lowercase()
        .as_str()
    {
        "noend" => Ok(Range::NoEnd),
        "enddate" => {
            let date = range["endDate"].as_str().and_then(|text| text.parse().ok());
            date.map(Range::EndDate).ok_or_else(|| invalid("endDate"))
        }
        "numbered" => {
            let number = range["numberOfOccurrences"]
                .as_u64()
                .and_then(|number| u32::try_from(number).ok());
            number
                .filter(|number| (1..=OCCURRENCES_MAX).contains(number))
                .map(Range::Numbered)
                .ok_or_else(|| invalid("numberOfOccurrences"))
        }
        _ => Err(invalid("range")),
    }
}

/// Writes a recurrence with every property, as Graph does.
pub(super) fn write(recurrence: &Recurrence) -> Value {
    let mut pattern = json!({
        "type": "daily", "interval": recurrence.interval, "month": 0, "dayOfMonth": 0, "firstDayOfWeek": "sunday",
        "index": "first",
    });
    let names = |days: &[Weekday]| {
        days.iter()
            .map(|day| json!(weekday_name(*day)))
            .collect::<Value>()
    };
    match &recurrence.pattern {
        Pattern::Daily => {}
        Pattern::Weekly { days, first_day } => {
            pattern["type"] = json!("weekly");
            pattern["daysOfWeek"] = names(days);
            pattern["firstDayOfWeek"] = json!(weekday_name(*first_day));
        }
        Pattern::AbsoluteMonthly { day } => {
            pattern["type"] = json!("absoluteMonthly");
            pattern["dayOfMonth"] = json!(day);
        }
        Pattern::RelativeMonthly { days, index } => {
            pattern["type"] = json!("relativeMonthly");
            pattern["daysOfWeek"] = names(days);
            pattern["index"] = json!(index_name(*index));
        }
        Pattern::AbsoluteYearly { month, day } => {
            pattern["type"] = json!("absoluteYearly");
            pattern["month"] = json!(month);
            pattern["dayOfMonth"] = json!(day);
        }
        Pattern::RelativeYearly { month, days, index } => {
            pattern["type"] = json!("relativeYearly");
            pattern["month"] = json!(month);
            pattern["daysOfWeek"] = names(days);
            pattern["index"] = json!(index_name(*index));
        }
    }
    json!({ "pattern": pattern, "range": write_range(recurrence) })
}

fn write_range(recurrence: &Recurrence) -> Value {
    let (kind, end_date, count) = match recurrence.range {
        Range::NoEnd => ("noEnd", "0001-01-01".to_owned(), 0),
        Range::EndDate(date) => ("endDate", date.to_string(), 0),
        Range::Numbered(count) => ("numbered", "0001-01-01".to_owned(), count),
    };
    json!({
        "type": kind,
        "startDate": recurrence.start_date.to_string(),
        "endDate": end_date,
        "numberOfOccurrences": count,
        "recurrenceTimeZone": recurrence.time_zone.as_deref().unwrap_or_default(),
    })
}

fn weekday(name: &Value) -> Option<Weekday> {
    let name = name.as_str()?;
    WEEKDAYS
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, day)| *day)
}

fn weekday_name(day: Weekday) -> &'static str {
    WEEKDAYS
        .iter()
        .find(|(_, known)| *known == day)
        .map_or("sunday", |(name, _)| name)
}

fn index_name(index: WeekIndex) -> &'static str {
    INDEXES
        .iter()
        .find(|(_, known)| *known == index)
        .map_or("first", |(name, _)| name)
}

fn invalid(property: &str) -> GraphError {
    GraphError::bad_request(
        "ErrorInvalidRequest",
        format!("The recurrence is invalid: check its '{property}'."),
    )
}
