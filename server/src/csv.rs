//! Lines of comma-separated values (RFC 4180) that a spreadsheet can open without harm.

/// Before everything else, because Excel takes a file without it for one in its own country's letters.
pub const BYTE_ORDER_MARK: &str = "\u{feff}";

/// What a spreadsheet takes for the beginning of a formula, in Western and in full-width letters.
const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// Adds a line of these values to a text.
pub fn push_line<'v>(text: &mut String, values: impl IntoIterator<Item = &'v str>) {
    for (at, value) in values.into_iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        push_value(text, value);
    }
    text.push_str("\r\n");
}

fn push_value(text: &mut String, value: &str) {
    let is_formula = could_be_formula(value);
    if !is_formula && !value.contains(['"', ',', '\r', '\n']) {
        text.push_str(value);
        return;
    }
    text.push('"');
    if is_formula {
        // Spreadsheets show what follows as it stands.
        text.push('\'');
    }
    text.push_str(&value.replace('"', "\"\""));
    text.push('"');
}

/// Whoever names a room or a mailbox could have the spreadsheet of an administrator run something. A number is none,
/// though it begins like one: rooms below the ground are called `-1.04`.
fn could_be_formula(value: &str) -> bool {
    let seen = value.trim_start_matches(is_unseen);
    let digits = seen.strip_prefix(['+', '-']).unwrap_or_default();
    let is_number = digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.chars().all(|one| one.is_ascii_digit() || one == '.');
    (value.starts_with(FORMULA_STARTS) || seen.starts_with(FORMULA_STARTS)) && !is_number
}

/// Whether nothing is seen of it: spaces of all widths, also of none.
fn is_unseen(one: char) -> bool {
    one.is_whitespace() || matches!(one, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[&str]) -> String {
        let mut text = String::new();
        push_line(&mut text, values.iter().copied());
        text
    }

    #[test]
    fn values_with_commas_quotes_and_line_ends_stay_one_value() {
        assert_eq!(line(&["plain", "", "ä"]), "plain,,ä\r\n");
        assert_eq!(
            line(&["Lake, north", "the \"big\" one", "two\r\nlines"]),
            "\"Lake, north\",\"the \"\"big\"\" one\",\"two\r\nlines\"\r\n"
        );
    }

    #[test]
    fn nothing_is_run_by_a_spreadsheet_and_numbers_stay_numbers() {
        for formula in [
            "=1+1",
            "+cmd|' /C calc'!A0",
            "-2+3",
            "@SUM(A1)",
            "\t=1",
            " =1",
            "＝1+1",
            "-",
            "-.",
            "\n=1",
            "\u{a0}=1",
            "\u{200b}=1",
        ] {
            assert_eq!(line(&[formula]), format!("\"'{formula}\"\r\n"));
        }
        assert_eq!(
            line(&["=HYPERLINK(\"https://contoso.com\")"]),
            "\"'=HYPERLINK(\"\"https://contoso.com\"\")\"\r\n"
        );
        assert_eq!(
            line(&["-1.04", "+358", "1-2", "a=b"]),
            "-1.04,+358,1-2,a=b\r\n"
        );
    }
}
