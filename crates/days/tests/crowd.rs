//! Many people who want the same rooms at the same time. `cargo xtask soak --crowd` has a thousand of them.

#![recursion_limit = "256"]

use days::Database;
use days::crowd::{Crowd, gather};

async fn everybody_is_told_the_truth(database: Database, processes: usize, seed: u64) {
    let crowd = Crowd {
        seed,
        database,
        processes,
        people: 120,
        rooms: 8,
    };
    let gathered = gather(&crowd).await;
    println!("{crowd:?}: {gathered}");
    assert!(
        gathered.findings.is_empty(),
        "{crowd:?}: {gathered}\n{}",
        gathered.findings.join("\n")
    );
    assert!(gathered.confirmed > 0 && gathered.refused > 0);
}

/// covers part of: N-01 (what the pane and Send do is shown elsewhere)
#[tokio::test]
async fn of_many_who_want_the_same_one_has_each_slot_and_asking_again_changes_nothing() {
    everybody_is_told_the_truth(Database::Sqlite, 2, 1).await;
}

/// covers part of: N-01 (what the pane and Send do is shown elsewhere)
#[tokio::test]
async fn of_many_who_want_the_same_at_three_processes_one_has_each_slot() {
    if !Database::at_hand().contains(&Database::Postgres) {
        println!("PostgreSQL was not run: TEST_POSTGRES_URL is not set.");
        return;
    }
    everybody_is_told_the_truth(Database::Postgres, 3, 2).await;
}
