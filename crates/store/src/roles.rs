//! What people may do beyond booking for themselves, and the links that make the first of them.

use booking::person::{AdminLinkFault, PersonId, Role};
use booking::time::Instant;

use crate::people::{TokenHash, of_person};
use crate::pool::Durability;
use crate::sql::Sql;
use crate::{Store, StoreError};

impl Store {
    /// A person's role; [`Role::Booker`] for everybody who was given none.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn role(&self, person: PersonId) -> Result<Role, StoreError> {
        const TEXT: &str = "SELECT object, role FROM roles WHERE tenant = $1 AND object = $2";
        let row = self.pool.fetch_optional(of_person(TEXT, person)).await?;
        row.map_or(Ok(Role::Booker), |row| {
            row.of("roles", "object").parse("role")
        })
    }

    /// Keeps a link that makes whoever uses it first an administrator, until it expires.
    ///
    /// # Errors
    /// [`StoreError::Driver`], also when the secret was used for a link before.
    pub async fn add_admin_link(
        &self,
        secret: TokenHash,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO admin_links (secret_hash, expires_at) VALUES ($1, $2)";
        let sql = Sql::new(TEXT).bind(secret.text()).bind(expires_at);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// Makes a person an administrator by a link, and the link worth nothing more. `Ok(Err(_))`: nothing was done,
    /// because the link is worth nothing.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn use_admin_link(
        &self,
        secret: TokenHash,
        person: PersonId,
        now: Instant,
    ) -> Result<Result<(), AdminLinkFault>, StoreError> {
        const USE: &str = "UPDATE admin_links SET used_at = $2 \
            WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2";
        const GIVE: &str = "INSERT INTO roles (tenant, object, role, given_at) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, object) DO UPDATE SET \
            role = excluded.role, given_at = excluded.given_at";
        const WHY_NOT: &str = "SELECT secret_hash, used_at FROM admin_links WHERE secret_hash = $1";
        let mut tx = self.pool.begin(Durability::Promise).await?;
        let sql = Sql::new(USE).bind(secret.text()).bind(now);
        if tx.execute(sql).await? == 0 {
            let row = tx
                .fetch_optional(Sql::new(WHY_NOT).bind(secret.text()))
                .await?;
            let Some(row) = row else {
                return Ok(Err(AdminLinkFault::Unknown));
            };
            let used_at = row
                .of("admin_links", "secret_hash")
                .instant_optional("used_at")?;
            return Ok(Err(match used_at {
                Some(_) => AdminLinkFault::Used,
                None => AdminLinkFault::Expired,
            }));
        }
        let sql = of_person(GIVE, person).bind(Role::Admin.word()).bind(now);
        tx.execute_one(sql).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    /// Forgets links that expired before then; how many.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn purge_admin_links(&self, before: Instant) -> Result<u64, StoreError> {
        let sql = Sql::new("DELETE FROM admin_links WHERE expires_at < $1").bind(before);
        self.pool.write(Durability::Promise, sql).await
    }
}
