//! A local time and its zone, as clients write them.
//! <https://learn.microsoft.com/graph/api/resources/datetimetimezone>

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde::Deserialize;

use super::error::GraphError;
use crate::time_zone::{self, Moment};

/// Exchange reckons time from the beginning of this year.
/// <https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/2c57429b-fdd4-488f-b5fc-9e4cf020fcdf>
const YEAR_MIN: i16 = 1601;

/// A local time with its zone, as in requests.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DateTimeTimeZone {
    #[serde(alias = "DateTime")]
    pub(super) date_time: String,
    #[serde(alias = "TimeZone")]
    pub(super) time_zone: Option<String>,
}

impl DateTimeTimeZone {
    /// The moment meant. An offset in the text wins over the zone, which then only names the zone to show.
    pub(super) fn moment(&self) -> Result<Moment, GraphError> {
        let zone = self
            .time_zone
            .clone()
            .filter(|zone| !zone.is_empty())
            .unwrap_or_else(|| "UTC".to_owned());
        if time_zone::lookup(&zone).is_none() {
            return Err(GraphError::unknown_zone(&zone));
        }
        let absolute = self.date_time.parse::<Timestamp>().ok();
        let local = || self.date_time.parse::<DateTime>().ok();
        absolute
            .and_then(|at| Moment::at(at, &zone))
            .or_else(|| Moment::local(local()?, &zone))
            .filter(|moment| moment.date().year() >= YEAR_MIN)
            .ok_or_else(|| {
                let message = format!(
                    "Cannot convert the literal '{}' to the expected type 'Edm.DateTime'.",
                    self.date_time
                );
                GraphError::bad_request("RequestBodyRead", message)
            })
    }
}
