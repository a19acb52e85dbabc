//! What is asked of a planner: the dates of a series as exact times, and what its rooms have to be like.

use std::collections::HashMap;

use booking::BookingError;
use booking::error::BadRequest;
use booking::ids::{BuildingId, FloorId};
use booking::recurrence::{End, Series};
use booking::rules::HORIZON_DAYS;
use booking::search::Wanted;
use booking::series::{BadSeries, Choice, SeriesDate, SeriesWish, WishedFor};
use booking::time::{DAY_MS, MINUTE_MS, TimeRange, ZoneName};

use crate::live_index::BuildingIndex;
use crate::{Engine, Error, when};

/// A wish with everything in it resolved.
pub(crate) struct SeriesQuestion {
    /// The building.
    pub(crate) building: BuildingId,
    /// Its zone.
    pub(crate) zone: ZoneName,
    /// Every date, numbered from 1 without gaps.
    pub(crate) dates: Vec<SeriesDate>,
    /// What a room has to be like; without times.
    pub(crate) wanted: Wanted,
    /// The floor that people come from.
    pub(crate) near: Option<FloorId>,
    /// The pattern as it can be booked: it ends with its last date, however far it was to go.
    pub(crate) pattern: Series,
    /// Whether it was to go on after that.
    pub(crate) ends_early: bool,
}

impl Engine {
    /// Resolves a wish.
    ///
    /// # Errors
    /// As [`Engine::plan_series`].
    pub(crate) fn series_question(&self, wish: &SeriesWish) -> Result<SeriesQuestion, Error> {
        wish.pattern.check().map_err(|bad| refused(bad.into()))?;
        let world = self.index.read();
        let building = world
            .building(wish.building)
            .ok_or(BookingError::NotFound { what: "building" })?;
        let zone = building.building.zone.clone();
        for floor in [wish.floor, wish.near].into_iter().flatten() {
            if building.building.floor(floor).is_none() {
                return Err(BookingError::NotFound { what: "floor" }.into());
            }
        }
        let now = self.clock.now();
        let found = when::series_dates(&wish.pattern, &zone, now);
        let first = found.ranges.first().map(|first| local_day(*first, &zone));
        if first.is_none() || first != wish.pattern.first_date() {
            let days_max = u32::try_from(HORIZON_DAYS).unwrap_or(u32::MAX);
            let last_day = now.0.div_euclid(DAY_MS) + HORIZON_DAYS;
            let is_far = wish.pattern.first_date().is_some_and(|day| day >= last_day);
            return Err(refused(if is_far {
                BadSeries::TooFarAhead { days_max }
            } else {
                BadSeries::Begun
            }));
        }
        if found
            .ranges
            .windows(2)
            .any(|pair| pair[0].end() > pair[1].start())
        {
            return Err(refused(BadSeries::Overlaps));
        }
        let last = found.ranges.last().map(|last| local_day(*last, &zone));
        let pattern = Series {
            end: last.map_or(wish.pattern.end, End::On),
            ..wish.pattern
        };
        let dates = dates(wish, &found.ranges, building)?;
        Ok(SeriesQuestion {
            building: building.building.id,
            zone,
            dates,
            wanted: Wanted {
                floor: wish.floor,
                ranges: Vec::new(),
                people: wish.people.max(1),
                equipment: wish.equipment,
                step_free: wish.step_free,
            },
            near: wish.near,
            pattern,
            ends_early: found.are_more,
        })
    }
}

/// The dates with what is wanted for each.
fn dates(
    wish: &SeriesWish,
    ranges: &[TimeRange],
    building: &BuildingIndex,
) -> Result<Vec<SeriesDate>, Error> {
    let zone = &building.building.zone;
    let mut choices: HashMap<u32, Choice> = HashMap::new();
    for one in &wish.choices {
        let number = one.number;
        if number == 0 || number as usize > ranges.len() {
            return Err(refused(BadSeries::NoSuchDate { number }));
        }
        choices.insert(number, choice(number, &one.wanted, zone)?);
    }
    let mut dates = Vec::with_capacity(ranges.len());
    for (number, range) in (1..).zip(ranges) {
        let date = SeriesDate {
            number,
            original_start: range.start(),
            range: *range,
            choice: choices.get(&number).copied().unwrap_or_default(),
        };
        if let Some(room) = date.chosen_room()
            && building.rooms.room(room).is_none()
        {
            return Err(BookingError::NotFound { what: "room" }.into());
        }
        dates.push(date);
    }
    stay_in_order(&dates, zone)?;
    Ok(dates)
}

fn choice(number: u32, wanted: &WishedFor, zone: &ZoneName) -> Result<Choice, Error> {
    Ok(match wanted {
        WishedFor::Auto => Choice::Auto,
        WishedFor::Skip => Choice::Skip,
        WishedFor::Room(room) => Choice::Room(*room),
        WishedFor::Moved { when, room } => match when::resolve(when, zone)?[..] {
            // Calendars keep whole minutes, so a date would never be where it was moved to.
            [range] if !is_whole_minutes(range) => {
                return Err(refused(BadSeries::BrokenMinute { number }));
            }
            [range] => Choice::Moved { range, room: *room },
            _ => {
                return Err(BookingError::BadRequest(BadRequest::SeveralTimes).into());
            }
        },
    })
}

fn is_whole_minutes(range: TimeRange) -> bool {
    let ends = [range.start(), range.end()];
    ends.iter().all(|at| at.0.rem_euclid(MINUTE_MS) == 0)
}

/// Exchange refuses a date that reaches the day of the one before or after it. These are looked at where they are and
/// where they were, because it is told of them one by one.
///
/// See <https://learn.microsoft.com/graph/api/event-update>, `ErrorOccurrenceCrossingBoundary`.
fn stay_in_order(dates: &[SeriesDate], zone: &ZoneName) -> Result<(), Error> {
    let kept: Vec<&SeriesDate> = dates
        .iter()
        .filter(|one| one.choice != Choice::Skip)
        .collect();
    let days = |range: TimeRange| {
        let last = TimeRange::new(range.start(), range.end().plus_ms(-1)).unwrap_or(range);
        (local_day(range, zone), wall_day(last.end(), zone))
    };
    for (at, date) in kept.iter().enumerate() {
        let Choice::Moved { range, .. } = date.choice else {
            continue;
        };
        let (first, last) = days(range);
        let before = at.checked_sub(1).and_then(|before| kept.get(before));
        let follows = before.is_none_or(|before| {
            let ends = [before.range, before.takes_place()].map(|range| days(range).1);
            ends.iter().all(|end| first > *end)
        });
        let precedes = kept.get(at + 1).is_none_or(|after| {
            let starts = [after.range, after.takes_place()].map(|range| days(range).0);
            starts.iter().all(|start| last < *start)
        });
        if !(follows && precedes) {
            let number = date.number;
            return Err(refused(BadSeries::CrossesNeighbour { number }));
        }
    }
    Ok(())
}

/// The day on the wall on which it starts, counted from 1970-01-01.
pub(super) fn local_day(range: TimeRange, zone: &ZoneName) -> i64 {
    wall_day(range.start(), zone)
}

fn wall_day(at: booking::Instant, zone: &ZoneName) -> i64 {
    let ahead = i64::from(when::utc_offset_minutes(zone, at)) * MINUTE_MS;
    at.plus_ms(ahead).0.div_euclid(DAY_MS)
}

pub(crate) fn refused(bad: BadSeries) -> Error {
    BookingError::BadRequest(BadRequest::Series(bad)).into()
}
