//! Published drawings of floors. Every revision is kept; the latest is shown.

use booking::ids::FloorId;
use booking::plan::Plan;
use booking::room::Room;
use booking::time::Instant;

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// A drawing together with what it tells of its rooms.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawing {
    /// The drawing.
    pub plan: Plan,
    /// The rooms as drawn: what somebody else knows better is not in here. Empty where nobody
    /// told.
    pub rooms: Vec<Room>,
}

impl Store {
    /// Publishes a drawing as the next revision of its floor and gives that number; the number
    /// within the plan is not looked at.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] when there is no such floor; [`StoreError::Json`];
    /// [`StoreError::Driver`].
    pub async fn publish_drawing(
        &self,
        Drawing { plan, rooms }: &Drawing,
        now: Instant,
    ) -> Result<u32, StoreError> {
        // Counting up on the floor's row makes two publications wait for each other.
        const NEXT: &str = "UPDATE floors SET plan_revision = plan_revision + 1 WHERE id = $1 \
            RETURNING id, plan_revision";
        const KEEP: &str = "INSERT INTO plans (floor_id, revision, published_at, plan, rooms) \
            VALUES ($1, $2, $3, $4, $5)";
        let unwritten = |column| {
            move |source| StoreError::Json {
                table: "plans",
                column,
                source,
            }
        };
        let plan_text = serde_json::to_string(plan).map_err(unwritten("plan"))?;
        let rooms_text = serde_json::to_string(rooms).map_err(unwritten("rooms"))?;
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
            .bind(plan_text)
            .bind(rooms_text);
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
        row.as_ref().map(read_plan).transpose()
    }

    /// The latest drawing of a floor with its rooms. `None`: none was published.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn drawing(&self, floor: FloorId) -> Result<Option<Drawing>, StoreError> {
        const TEXT: &str = "SELECT floor_id, revision, plan, rooms FROM plans \
            WHERE floor_id = $1 ORDER BY revision DESC LIMIT 1";
        let row = self.pool.fetch_optional(Sql::new(TEXT).bind(floor)).await?;
        row.map(|row| {
            Ok(Drawing {
                plan: read_plan(&row)?,
                rooms: (row.of("plans", "floor_id").json_optional("rooms")?).unwrap_or_default(),
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

fn read_plan(row: &Row) -> Result<Plan, StoreError> {
    let fields = row.of("plans", "floor_id");
    let plan: Plan = fields.json("plan")?;
    Ok(Plan {
        revision: fields.int("revision")?,
        ..plan
    })
}
