//! Whether rooms may be made to decline, in words.

/// How it stands for a tenant: a fact, or what should be done about it.
pub fn stands(name: &str, is_allowed: bool, has_externals: bool) -> String {
    match (is_allowed, has_externals) {
        (true, _) => format!(
            "{name}: whoever reserved a room can have it decline, and so can administrators; the meeting then stays."
        ),
        (false, false) => format!("{name}: rooms are not made to decline from here."),
        (false, true) => format!(
            "{name}: people from outside reserve rooms and cannot give them back. Allow it with “etage declining \
             TENANT-ID --allow yes”."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_from_outside_who_cannot_give_rooms_back_are_worth_a_word() {
        let told = stands("Contoso", false, true);
        assert!(told.contains("people from outside") && told.contains("--allow yes"));
        assert_eq!(
            stands("Contoso", true, true),
            stands("Contoso", true, false)
        );
    }
}
