//! Ids of events and calendars in addresses, looked at before anything is looked up by them.
//! <https://learn.microsoft.com/graph/outlook-immutable-id>

use super::Context;
use super::error::GraphError;
use crate::random::is_immutable;
use crate::scenario::{IdsTaken, MalformedIds};

/// How Exchange's ids begin: ordinary ones, those of mailboxes of personal accounts, and immutable ones.
const BEGINNINGS: [&str; 3] = ["AAMk", "AQMk", "AAkA"];

/// Refuses an id that Exchange cannot have given, or that is not of the kind asked for where only that is taken.
pub(super) fn check(context: &Context<'_>, id: &str) -> Result<(), GraphError> {
    let readings = &context.readings;
    let is_other_kind = readings.ids_taken == IdsTaken::AsPreferred
        && is_immutable(id) != context.prefer.immutable_ids;
    if is_well_formed(id) && !is_other_kind {
        return Ok(());
    }
    Err(match readings.malformed_ids {
        MalformedIds::Refused => GraphError::malformed_id(),
        MalformedIds::NotFound => GraphError::item_not_found(),
    })
}

/// Base64, of the ordinary alphabet or the one for addresses, with a known beginning.
fn is_well_formed(id: &str) -> bool {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
    BEGINNINGS.iter().any(|beginning| id.starts_with(beginning))
        && id.trim_end_matches('=').bytes().all(is_base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exchange_cannot_have_given_is_told_from_what_it_can() {
        for good in ["AAMkADIyAAAhrbPWAAA=", "AQMkADAw_x-y=", "AAkALgAAAAAAHYQD"] {
            assert!(is_well_formed(good), "{good}");
        }
        for bad in ["", "unknown", "12", "AAMk=AD", "AAMkA b", "aamkADIy"] {
            assert!(!is_well_formed(bad), "{bad}");
        }
    }
}
