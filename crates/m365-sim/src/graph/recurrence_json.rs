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

/// The properties of the two parts of a recurrence.
const OF_PATTERN: [&str; 7] = [
    "dayOfMonth",
    "daysOfWeek",
    "firstDayOfWeek",
    "index",
    "interval",
    "month",
    "type",
];
const OF_RANGE: [&str; 5] = [
    "endDate",
    "numberOfOccurrences",
    "recurrenceTimeZone",
    "startDate",
    "type",
];

/// Reads a recurrence; what it has to have is required, and nothing else is taken.
pub(super) fn read(recurrence: &Value) -> Result<Recurrence, GraphError> {
    check_names("recurrence", recurrence, &["pattern", "range"])?;
    let (pattern, range) = (&recurrence["pattern"], &recurrence["range"]);
    check_names("pattern", pattern, &OF_PATTERN)?;
    check_names("range", range, &OF_RANGE)?;
    let start_date = range["startDate"]
        .as_str()
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| invalid("startDate"))?;
    let interval = pattern["interval"]
        .as_u64()
        .and_then(|number| i32::try_from(number).ok())
        .filter(|number| *number > 0)
        .ok_or_else(|| invalid("interval"))?;
    let time_zone = match &range["recurrenceTimeZone"] {
        Value::Null => None,
        Value::String(name) => Some(name.as_str()).filter(|name| !name.is_empty()),
        _ => return Err(invalid("recurrenceTimeZone")),
    };
    if time_zone.is_some_and(|name| time_zone::lookup(name).is_none()) {
        return Err(invalid("recurrenceTimeZone"));
    }
    Ok(Recurrence {
        pattern: read_pattern(pattern, start_date)?,
        interval: interval.unsigned_abs(),
        start_date,
        range: read_range(range)?,
        time_zone: time_zone.map(str::to_owned),
    })
}

/// Refuses what is no object, and properties that it has not.
fn check_names(name: &str, part: &Value, known: &[&str]) -> Result<(), GraphError> {
    let properties = part.as_object().ok_or_else(|| invalid(name))?;
    let mut names = properties.keys().filter(|name| !name.contains('@'));
    let unknown = names.find(|name| !known.contains(&name.as_str()));
    unknown.map_or(Ok(()), |name| Err(invalid(name)))
}

fn read_pattern(pattern: &Value, first: Date) -> Result<Pattern, GraphError> {
    let days = match &pattern["daysOfWeek"] {
        Value::Null => &[],
        Value::Array(days) => days.as_slice(),
        _ => return Err(invalid("daysOfWeek")),
    };
    let days: Vec<Weekday> = days
        .iter()
        .map(|day| weekday(day).ok_or_else(|| invalid("daysOfWeek")))
        .collect::<Result<_, _>>()?;
    // Zero is how the parts that a pattern does not use are written.
    let small = |name: &'static str, max: i8| match &pattern[name] {
        Value::Null => Ok(None),
        number => number
            .as_i64()
            .and_then(|number| i8::try_from(number).ok())
            .filter(|number| (0..=max).contains(number))
            .map(|number| Some(number).filter(|number| *number > 0))
            .ok_or_else(|| invalid(name)),
    };
    let (day, month) = (small("dayOfMonth", 31)?, small("month", 12)?);
    let day = || day.ok_or_else(|| invalid("dayOfMonth"));
    let month = month.unwrap_or(first.month());
    let index = index(&pattern["index"])?;
    let first_day = match &pattern["firstDayOfWeek"] {
        Value::Null => Weekday::Sunday,
        name => weekday(name).ok_or_else(|| invalid("firstDayOfWeek"))?,
    };
    let kind = pattern["type"].as_str().ok_or_else(|| invalid("type"))?;
    let needs_days =
        ["weekly", "relativemonthly", "relativeyearly"].contains(&kind.to_lowercase().as_str());
    if needs_days && days.is_empty() {
        return Err(invalid("daysOfWeek"));
    }
    Ok(match kind.to_lowercase().as_str() {
        "daily" => Pattern::Daily,
        "weekly" => Pattern::Weekly { days, first_day },
        "absolutemonthly" => Pattern::AbsoluteMonthly { day: day()? },
        "relativemonthly" => Pattern::RelativeMonthly { days, index },
        "absoluteyearly" => Pattern::AbsoluteYearly { month, day: day()? },
        "relativeyearly" => Pattern::RelativeYearly { month, days, index },
        _ => return Err(invalid("type")),
    })
}

fn index(name: &Value) -> Result<WeekIndex, GraphError> {
    if name.is_null() {
        return Ok(WeekIndex::First);
    }
    let mut known = INDEXES.iter();
    name.as_str()
        .and_then(|name| known.find(|(known, _)| known.eq_ignore_ascii_case(name)))
        .map(|(_, index)| *index)
        .ok_or_else(|| invalid("index"))
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
