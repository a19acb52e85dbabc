//! Filter, order and page in the page's address, so that a link shows what one saw.

use booking::rooms_overview::{Order, OverviewQuery};
use leptos_router::location::Url;
use leptos_router::params::ParamsMap;

/// Reads an address; what is missing or makes no sense asks for nothing in particular.
pub(super) fn read(params: &ParamsMap) -> OverviewQuery {
    OverviewQuery::read(|key| params.get_str(key))
}

/// Where all rooms of the list are to be had as a table in a file: every page of it, in its order.
pub(super) fn of_file(query: &OverviewQuery) -> String {
    let whole = OverviewQuery {
        page: 0,
        ..query.clone()
    };
    format!("/admin/sync.csv{}", write(&whole))
}

/// Writes the address, starting with `?`; nothing where nothing in particular is asked for.
pub(super) fn write(query: &OverviewQuery) -> String {
    let mut pairs = Vec::new();
    if !query.text.is_empty() {
        pairs.push(format!("q={}", Url::escape(&query.text)));
    }
    if let Some(only) = query.only {
        pairs.push(format!("only={}", only.word()));
    }
    if let Some(building) = query.building {
        pairs.push(format!("building={building}"));
    }
    if query.order != Order::default() {
        pairs.push(format!("sort={}", query.order.word()));
    }
    if query.reversed {
        pairs.push("reversed=1".to_owned());
    }
    if query.page > 0 {
        pairs.push(format!("page={}", query.page + 1));
    }
    if pairs.is_empty() {
        String::new()
    } else {
        format!("?{}", pairs.join("&"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn params(pairs: &[(&str, &str)]) -> ParamsMap {
        let mut params = ParamsMap::new();
        for (key, value) in pairs {
            params.insert((*key).to_owned(), (*value).to_owned());
        }
        params
    }

    #[test]
    fn an_address_is_read_as_it_was_written() {
        let building = "00000000-0000-0000-0000-000000000007";
        let query = read(&params(&[
            ("q", "harbour"),
            ("only", "behind"),
            ("building", building),
            ("sort", "lag"),
            ("reversed", "1"),
            ("page", "3"),
        ]));
        assert_eq!(query.page, 2);
        assert_eq!(
            write(&query),
            format!("?q=harbour&only=behind&building={building}&sort=lag&reversed=1&page=3")
        );
        assert_eq!(
            of_file(&query),
            format!(
                "/admin/sync.csv?q=harbour&only=behind&building={building}&sort=lag&reversed=1"
            )
        );
    }

    #[test]
    fn nonsense_in_an_address_does_no_harm() {
        let nonsense = params(&[
            ("only", "x"),
            ("building", "x"),
            ("sort", "x"),
            ("page", "0"),
        ]);
        assert_eq!(read(&nonsense), OverviewQuery::default());
        assert_eq!(write(&OverviewQuery::default()), "");
    }
}
