//! The schema's history, compiled in. Either database has a file of the same name for each step.
//!
//! Listed here and not gathered by `sqlx::migrate!`: that macro makes every build compile both drivers, and SQLite
//! itself, a second time for the compiler's use.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// One step of either database's schema.
struct Step {
    version: i64,
    /// What it brings, as in the file's name.
    name: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

macro_rules! step {
    ($version:literal, $number:literal, $name:literal) => {
        Step {
            version: $version,
            name: $name,
            sqlite: include_str!(concat!(
                "../migrations/sqlite/",
                $number,
                "_",
                $name,
                ".sql"
            )),
            postgres: include_str!(concat!(
                "../migrations/postgres/",
                $number,
                "_",
                $name,
                ".sql"
            )),
        }
    };
}

/// All steps in order. They only ever move forward: what has landed is never edited.
const STEPS: [Step; 13] = [
    step!(1, "0001", "start"),
    step!(2, "0002", "drawn_rooms"),
    step!(3, "0003", "unknown_events"),
    step!(4, "0004", "service_accounts"),
    step!(5, "0005", "mirror_health"),
    step!(6, "0006", "roles"),
    step!(7, "0007", "subscribing"),
    step!(8, "0008", "sharing"),
    step!(9, "0009", "moving"),
    step!(10, "0010", "swaps"),
    step!(11, "0011", "series"),
    step!(12, "0012", "steps"),
    step!(13, "0013", "letters_and_declining"),
];

/// The steps for SQLite.
pub(crate) fn sqlite() -> Migrator {
    migrator(|step| step.sqlite)
}

/// The steps for PostgreSQL.
pub(crate) fn postgres() -> Migrator {
    migrator(|step| step.postgres)
}

fn migrator(sql: impl Fn(&Step) -> &'static str) -> Migrator {
    let migrations = STEPS.iter().map(|step| {
        Migration::new(
            step.version,
            step.name.replace('_', " ").into(),
            MigrationType::Simple,
            sql(step).into_sql_str(),
            false,
        )
    });
    Migrator::with_migrations(migrations.collect())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_a_migration_is_listed_under_its_number() {
        let listed: BTreeSet<String> = STEPS
            .iter()
            .map(|step| format!("{:04}_{}.sql", step.version, step.name))
            .collect();
        for database in ["sqlite", "postgres"] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("migrations")
                .join(database);
            let there: BTreeSet<String> = fs::read_dir(&folder)
                .expect("the folder of migrations")
                .map(|entry| {
                    entry
                        .expect("an entry")
                        .file_name()
                        .into_string()
                        .expect("a name")
                })
                .collect();
            assert_eq!(there, listed, "in {}", folder.display());
        }
        assert!(STEPS.is_sorted_by_key(|step| step.version));
    }
}
