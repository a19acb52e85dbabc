//! Ids of single occurrences of a series. <https://learn.microsoft.com/graph/outlook-schedule-recurring-events>

use jiff::civil::Date;

/// How an id ends, as Exchange's do.
const END: &str = "AAA=";
/// Stands between the master's id and the date.
const OCCURRENCE_MARK: &str = "OCC";

/// The id of an occurrence: opaque to clients, and made so that the master is found again.
pub(crate) fn occurrence_id(master: &str, date: Date) -> String {
    let stem = master.strip_suffix(END).unwrap_or(master);
    format!("{stem}{OCCURRENCE_MARK}{}{END}", date.strftime("%Y%m%d"))
}

/// The master's id and the date, when `id` is one of an occurrence.
pub(crate) fn parse_occurrence_id(id: &str) -> Option<(String, Date)> {
    let stem = id.strip_suffix(END)?;
    let digits = stem.get(stem.len().checked_sub(8)?..)?;
    let date = Date::strptime("%Y%m%d", digits).ok()?;
    let master = stem.strip_suffix(digits)?.strip_suffix(OCCURRENCE_MARK)?;
    Some((format!("{master}{END}"), date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_occurrence_id_leads_back_to_master_and_date() {
        let date: Date = "2026-11-24".parse().unwrap();
        let id = occurrence_id("AAMkAxyzAAA=", date);
        assert_eq!(
            parse_occurrence_id(&id),
            Some(("AAMkAxyzAAA=".to_owned(), date))
        );
        assert_eq!(parse_occurrence_id("AAMkAxyzAAA="), None);
    }
}
