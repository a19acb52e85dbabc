//! Days of the Gregorian calendar, counted from 1970-01-01, which was a Thursday.

/// Year, month, day of the Gregorian calendar as days since 1970-01-01.
pub const fn days_from_civil(year: i64, month: u8, day: u8) -> i64 {
    // The reverse of `civil_from_days`.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Days since 1970-01-01 as year, month, day of the Gregorian calendar.
pub const fn civil_from_days(days: i64) -> (i64, u8, u8) {
    // Howard Hinnant's algorithm: years start in March, so the leap day comes last.
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = year_of_era + era * 400;
    let year = if month <= 2 { year + 1 } else { year };
    (year, month as u8, day as u8)
}

/// 0 is Monday, 6 is Sunday.
pub const fn weekday(day: i64) -> u8 {
    (day + 3).rem_euclid(7) as u8
}

/// Months since January of the year 0.
pub const fn month_number(day: i64) -> i64 {
    let (year, month, _) = civil_from_days(day);
    year * 12 + month as i64 - 1
}

/// How many days the month of that day has.
pub const fn month_length(day: i64) -> u8 {
    let (year, month, _) = civil_from_days(day);
    let next = if month == 12 {
        days_from_civil(year + 1, 1, 1)
    } else {
        days_from_civil(year, month + 1, 1)
    };
    civil_from_days(next - 1).2
}

/// `2026-11-24`.
pub fn date_text(day: i64) -> String {
    let (year, month, of_month) = civil_from_days(day);
    format!("{year:04}-{month:02}-{of_month:02}")
}

/// The day that `2026-11-24` names. `None`: it names none, or one outside the years 1 to 9999.
pub fn day_of_text(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: u8 = parts.next()?.parse().ok()?;
    let of_month: u8 = parts.next()?.parse().ok()?;
    let can_be = (1..=9999).contains(&year) && (1..=12).contains(&month) && parts.next().is_none();
    let day = can_be.then(|| days_from_civil(year, month, of_month))?;
    // The thirtieth of February would be a day of March.
    (civil_from_days(day) == (year, month, of_month)).then_some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leap_days_and_the_days_before_1970_are_right() {
        assert_eq!(civil_from_days(0), (1970, 1, 1));
        assert_eq!(civil_from_days(-1), (1969, 12, 31));
        assert_eq!(civil_from_days(19_782), (2024, 2, 29));
        assert_eq!(civil_from_days(19_783), (2024, 3, 1));
        for days in [-800_000, -1, 0, 59, 19_782, 19_783, 20_089, 500_000] {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
        }
    }

    #[test]
    fn months_and_weekdays_are_those_of_the_calendar() {
        let leap = days_from_civil(2028, 2, 29);
        assert_eq!((month_length(leap), weekday(leap)), (29, 1));
        assert_eq!(month_length(days_from_civil(2027, 2, 1)), 28);
        assert_eq!(month_length(days_from_civil(2026, 12, 31)), 31);
        assert_eq!(month_number(days_from_civil(2027, 1, 1)), 2027 * 12);
        assert_eq!((weekday(0), weekday(-1)), (3, 2));
    }

    #[test]
    fn a_date_is_read_as_it_is_written_and_what_is_none_is_not() {
        let day = days_from_civil(2026, 11, 24);
        assert_eq!(date_text(day), "2026-11-24");
        assert_eq!(day_of_text("2026-11-24"), Some(day));
        for none in [
            "",
            "2027-02-29",
            "2026-13-01",
            "2026-11",
            "2026-11-24-1",
            "24.11.2026",
            "0000-01-01",
        ] {
            assert_eq!(day_of_text(none), None, "{none}");
        }
    }
}
