//! Published drawings of floors. Every revision is kept; the latest is shown.

use booking::ids::FloorId;
use booking::plan::Plan;
use booking::time::Instant;

use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

impl Store {
    /// Publishes a drawing as the next revision of its floor and gives that number; the number
    /// within `plan` is not looked at.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such floor; [`StoreError::Json`];
    /// [`StoreError::Driver`].
    pub async fn publish_plan(&self, plan: &Plan, now: Instant) -> Result<u32, StoreError> {
        // Counting up on the floor's row makes two publications wait for each other.
        const NEXT: &str = "UPDATE floors SET plan_revision = plan_revision + 1 WHERE id = $1 \
            RETURNING id, plan_revision";
        const KEEP: &str = "INSERT INTO plans (floor_id, revision, published_at, plan) \
            VALUES ($1, $2, $3, $4)";
        let text = serde_json::to_string(plan).map_err(|source| StoreError::Json {
            table: "plans",
            column: "plan",
            source,
        })?;
        let mut tx = self.pool.begin(Durability::Promise).await?;
        let revision: u32 = match tx.fetch_optional(Sql::new(NEXT).bind(plan.floor)).await? {
            Some(row) => row.of("floors", "id").int("plan_revision")?,
            None => {
                return Err(StoreError::RowsAffected {
                    statement: NEXT,
                    expected: 1,
                    actual: 0,
                });
            }
        };
        let sql = Sql::new(KEEP)
            .bind(plan.floor)
            .bind(revision)
            .bind(now)
            .bind(text);
        tx.execute_one(sql).await?;
        tx.commit().await?;
        Ok(revision)
    }

    /// The latest drawing of a floor. `None`: none was published.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn plan(&self, floor: FloorId) -> Result<Option<Plan>, StoreError> {
        const TEXT: &str = "SELECT floor_id, revision, plan FROM plans WHERE floor_id = $1 \
            ORDER BY revision DESC LIMIT 1";
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(floor)).await?;
        row.map(|row| {
            let fields = row.of("plans", "floor_id");
            let plan: Plan = fields.json("plan")?;
            Ok(Plan {
                revision: fields.int("revision")?,
                ..plan
            })
        })
        .transpose()
    }

    /// The number of the latest drawing of a floor, without reading it. `None`: none was
    /// published.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn plan_revision(&self, floor: FloorId) -> Result<Option<u32>, StoreError> {
        const TEXT: &str =
            "SELECT id, plan_revision FROM floors WHERE id = $1 AND plan_revision > 0";
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(floor)).await?;
        row.map(|row| row.of("floors", "id").int("plan_revision"))
            .transpose()
    }
}
