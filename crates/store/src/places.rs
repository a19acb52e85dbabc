//! Buildings, their floors and sections.

use std::collections::HashMap;

use booking::ids::{BuildingId, FloorId};
use booking::place::{Building, Floor, Section};
use booking::room::Room;
use booking::time::ZoneName;

use crate::pool::{Durability, Pool, Tx};
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

impl Store {
    /// Keeps a building as it is described: floors and sections that are not named are gone.
    ///
    /// # Errors
    /// [`StoreError::Driver`], also when rooms still lie on a floor that is not named.
    pub async fn upsert_building(&self, building: &Building) -> Result<(), StoreError> {
        self.upsert_places(std::slice::from_ref(building), &[])
            .await
    }

    /// Keeps buildings and rooms as they are described, all or none: floors and sections of these
    /// buildings that are not named are gone, with their drawings. A room that lies on such a
    /// floor has to be among `rooms`, on another.
    ///
    /// # Errors
    /// As [`Store::upsert_building`] and [`Store::upsert_rooms`].
    pub async fn upsert_places(
        &self,
        buildings: &[Building],
        rooms: &[Room],
    ) -> Result<(), StoreError> {
        let mut tx = self.pool.begin(Durability::Promise).await?;
        for building in buildings {
            upsert_building(&mut tx, building).await?;
        }
        self.put_rooms(&mut tx, rooms).await?;
        // Last, because rooms have to leave a floor before it goes.
        for building in buildings {
            remove_other_floors(&mut tx, building).await?;
        }
        tx.commit().await?;
        self.nudge.committed();
        Ok(())
    }

    /// Every building by name, with its floors from the lowest up.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn buildings(&self) -> Result<Vec<Building>, StoreError> {
        const TEXT: &str = "SELECT id, name, zone FROM buildings ORDER BY name, id";
        let rows = self.pool.fetch_all(Sql::new(TEXT)).await?;
        let mut floors = floors(&self.pool).await?;
        rows.iter()
            .map(|row| {
                let fields = row.of("buildings", "id");
                let id = fields.parse("id")?;
                Ok(Building {
                    id,
                    name: fields.get("name")?,
                    zone: fields.get("zone").map(ZoneName)?,
                    floors: floors.remove(&id).unwrap_or_default(),
                })
            })
            .collect()
    }
}

async fn upsert_building(tx: &mut Tx, building: &Building) -> Result<(), StoreError> {
    const TEXT: &str = "INSERT INTO buildings (id, name, zone) VALUES ($1, $2, $3) \
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, zone = excluded.zone";
    let sql = Sql::new(TEXT)
        .bind(building.id)
        .bind(&building.name)
        .bind(&building.zone.0);
    tx.execute_one(sql).await?;
    for floor in &building.floors {
        upsert_floor(tx, building.id, floor).await?;
    }
    Ok(())
}

async fn remove_other_floors(tx: &mut Tx, building: &Building) -> Result<(), StoreError> {
    const TEXT: &str = "SELECT id FROM floors WHERE building_id = $1";
    for row in tx.fetch_all(Sql::new(TEXT).bind(building.id)).await? {
        let id: FloorId = row.of("floors", "id").parse("id")?;
        if building.floor(id).is_none() {
            let sql = Sql::new("DELETE FROM floors WHERE id = $1").bind(id);
            tx.execute_one(sql).await?;
        }
    }
    Ok(())
}

async fn upsert_floor(tx: &mut Tx, building: BuildingId, floor: &Floor) -> Result<(), StoreError> {
    const FLOOR: &str = "INSERT INTO floors (id, building_id, level, label) \
        VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET \
        building_id = excluded.building_id, level = excluded.level, label = excluded.label";
    const CLEAR: &str = "DELETE FROM sections WHERE floor_id = $1";
    const SECTION: &str = "INSERT INTO sections (id, floor_id, name) VALUES ($1, $2, $3)";
    let sql = Sql::new(FLOOR)
        .bind(floor.id)
        .bind(building)
        .bind(floor.level)
        .bind(&floor.label);
    tx.execute_one(sql).await?;
    // Nothing refers to a section, so they may come and go.
    tx.execute(Sql::new(CLEAR).bind(floor.id)).await?;
    for section in &floor.sections {
        let sql = Sql::new(SECTION)
            .bind(section.id)
            .bind(floor.id)
            .bind(&section.name);
        tx.execute_one(sql).await?;
    }
    Ok(())
}

async fn floors(pool: &Pool) -> Result<HashMap<BuildingId, Vec<Floor>>, StoreError> {
    const TEXT: &str = "SELECT id, building_id, level, label FROM floors ORDER BY level, label, id";
    let mut sections = sections(pool).await?;
    let mut floors: HashMap<BuildingId, Vec<Floor>> = HashMap::new();
    for row in pool.fetch_all(Sql::new(TEXT)).await? {
        let fields = row.of("floors", "id");
        let id = fields.parse("id")?;
        let floor = Floor {
            id,
            level: fields.int("level")?,
            label: fields.get("label")?,
            sections: sections.remove(&id).unwrap_or_default(),
        };
        let building = fields.parse("building_id")?;
        floors.entry(building).or_default().push(floor);
    }
    Ok(floors)
}

async fn sections(pool: &Pool) -> Result<HashMap<FloorId, Vec<Section>>, StoreError> {
    const TEXT: &str = "SELECT id, floor_id, name FROM sections ORDER BY name, id";
    let mut sections: HashMap<FloorId, Vec<Section>> = HashMap::new();
    for row in pool.fetch_all(Sql::new(TEXT)).await? {
        let floor = row.of("sections", "id").parse("floor_id")?;
        sections.entry(floor).or_default().push(section(&row)?);
    }
    Ok(sections)
}

fn section(row: &Row) -> Result<Section, StoreError> {
    let fields = row.of("sections", "id");
    Ok(Section {
        id: fields.parse("id")?,
        name: fields.get("name")?,
    })
}
