//! The scenarios that come with the program, by name.

use super::Scenario;
use crate::error::SimError;

const SHIPPED: [(&str, &str); 5] = [
    (
        "small-office",
        include_str!("../../scenarios/small-office.json"),
    ),
    ("campus", include_str!("../../scenarios/campus.json")),
    (
        "busy-monday",
        include_str!("../../scenarios/busy-monday.json"),
    ),
    (
        "hostile-tenant",
        include_str!("../../scenarios/hostile-tenant.json"),
    ),
    (
        "two-tenants",
        include_str!("../../scenarios/two-tenants.json"),
    ),
];

impl Scenario {
    /// The names [`Scenario::named`] knows; the first is what the program starts with when it is told nothing.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A scenario that comes with the program.
    ///
    /// # Errors
    /// [`SimError::Unknown`] when there is none of this name.
    pub fn named(name: &str) -> Result<Self, SimError> {
        let shipped = SHIPPED.iter().find(|(known, _)| *known == name);
        let (_, text) = shipped.ok_or_else(|| SimError::Unknown {
            what: "shipped scenario",
            name: name.to_owned(),
        })?;
        Self::from_json(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_among_the_scenarios_is_shipped_and_usable() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let scenario =
                Scenario::named(name).unwrap_or_else(|error| panic!("{path:?}: {error:?}"));
            scenario
                .filled("2026-11-20T08:00:00Z".parse().unwrap())
                .and_then(|filled| filled.check())
                .unwrap_or_else(|error| panic!("{path:?}: {error}"));
        }
    }
}
