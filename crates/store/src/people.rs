//! People who signed in, their sessions, and the permissions they gave.

use std::collections::BTreeSet;

use booking::ids::MailboxAddress;
use booking::person::{Person, PersonId};
use booking::random::Random;
use booking::time::Instant;
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};

use crate::pool::Durability;
use crate::row::Row;
use crate::sql::Sql;
use crate::{Store, StoreError};

/// Addresses that one statement looks for.
const ADDRESSES_AT_ONCE: usize = 8;

/// The hash (SHA-256) of a secret that proves something by itself, such as a session's token. The secret itself is only
/// with the person.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

impl std::fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TokenHash(…)")
    }
}

impl TokenHash {
    /// Of a secret drawn at random; one made up by people would be guessed from its hash.
    pub fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    pub(crate) fn text(self) -> String {
        use std::fmt::Write as _;
        self.0
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}

/// A session that is still good.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Session {
    /// Whose it is.
    pub person: Person,
    /// When it began.
    pub created_at: Instant,
    /// When it ends.
    pub expires_at: Instant,
}

impl Store {
    /// Keeps a person's present name and address.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn upsert_person(&self, person: &Person) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO people (tenant, object, display_name, address) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, object) DO UPDATE SET \
            display_name = excluded.display_name, address = excluded.address";
        let sql = of_person(TEXT, person.id)
            .bind(&person.display_name)
            .bind(&person.address);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// A person. `None`: never signed in here.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        const TEXT: &str = "SELECT tenant, object, display_name, address FROM people \
            WHERE tenant = $1 AND object = $2";
        let row = self.pool.fetch_optional(of_person(TEXT, id)).await?;
        row.as_ref().map(read).transpose()
    }

    /// Those among addresses that are of people who signed in here.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn addresses_of_people(
        &self,
        among: &BTreeSet<MailboxAddress>,
    ) -> Result<BTreeSet<MailboxAddress>, StoreError> {
        const TEXT: &str = "SELECT object, address FROM people \
            WHERE address IN ($1, $2, $3, $4, $5, $6, $7, $8)";
        let asked: Vec<&MailboxAddress> = among.iter().collect();
        let mut known = BTreeSet::new();
        for few in asked.chunks(ADDRESSES_AT_ONCE) {
            // Asking for one several times changes nothing.
            let filled = few.iter().cycle().take(ADDRESSES_AT_ONCE);
            let sql = filled.fold(Sql::new(TEXT), |sql, address| sql.bind(*address));
            for row in self.pool.fetch_all(sql).await? {
                known.insert(row.of("people", "object").parse("address")?);
            }
        }
        Ok(known)
    }

    /// Begins a session of a person who is kept already.
    ///
    /// # Errors
    /// [`StoreError::Driver`], also when the person is not kept.
    pub async fn create_session(
        &self,
        token: TokenHash,
        person: PersonId,
        now: Instant,
        expires_at: Instant,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO sessions \
            (tenant, object, token_hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
        let sql = of_person(TEXT, person)
            .bind(token.text())
            .bind(now)
            .bind(expires_at);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// The session of a token. `None`: there is none, or it is over.
    ///
    /// # Errors
    /// [`StoreError::Driver`], [`StoreError::Inconsistent`].
    pub async fn session(
        &self,
        token: TokenHash,
        now: Instant,
    ) -> Result<Option<Session>, StoreError> {
        const TEXT: &str = "SELECT people.tenant AS tenant, people.object AS object, \
                display_name, address, created_at, expires_at \
            FROM sessions JOIN people \
                ON people.tenant = sessions.tenant AND people.object = sessions.object \
            WHERE token_hash = $1 AND expires_at > $2";
        let sql = Sql::new(TEXT).bind(token.text()).bind(now);
        let row = self.pool.fetch_optional(sql).await?;
        row.map(|row| {
            let fields = row.of("sessions", "object");
            Ok(Session {
                person: read(&row)?,
                created_at: fields.instant("created_at")?,
                expires_at: fields.instant("expires_at")?,
            })
        })
        .transpose()
    }

    /// Ends a session. One that is over already is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn delete_session(&self, token: TokenHash) -> Result<(), StoreError> {
        let sql = Sql::new("DELETE FROM sessions WHERE token_hash = $1").bind(token.text());
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// Forgets sessions that are over; how many.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn purge_sessions(&self, now: Instant) -> Result<u64, StoreError> {
        let sql = Sql::new("DELETE FROM sessions WHERE expires_at <= $1").bind(now);
        self.pool.write(Durability::Promise, sql).await
    }

    /// Keeps a person's refresh token, sealed, in the place of an earlier one.
    ///
    /// # Errors
    /// [`StoreError::Seal`], [`StoreError::Driver`].
    pub async fn put_grant(
        &self,
        person: PersonId,
        refresh_token: &SecretString,
        now: Instant,
        random: &dyn Random,
    ) -> Result<(), StoreError> {
        const TEXT: &str = "INSERT INTO grants (tenant, object, refresh_token, kept_at) \
            VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, object) DO UPDATE SET \
            refresh_token = excluded.refresh_token, kept_at = excluded.kept_at";
        let sealed = self.key.seal(refresh_token, &purpose(person), random)?;
        let sql = of_person(TEXT, person).bind(sealed).bind(now);
        self.pool.write(Durability::Promise, sql).await?;
        Ok(())
    }

    /// A person's refresh token. `None`: they never gave permission, or it was lost.
    ///
    /// # Errors
    /// [`StoreError::Seal`] when it was sealed with another key; [`StoreError::Driver`].
    pub async fn grant(&self, person: PersonId) -> Result<Option<SecretString>, StoreError> {
        const TEXT: &str =
            "SELECT object, refresh_token FROM grants WHERE tenant = $1 AND object = $2";
        let Some(row) = self.pool.fetch_optional(of_person(TEXT, person)).await? else {
            return Ok(None);
        };
        let sealed: String = row.of("grants", "object").get("refresh_token")?;
        Ok(Some(self.key.unseal(&sealed, &purpose(person))?))
    }

    /// Forgets a person's refresh token. One that is gone already is a success.
    ///
    /// # Errors
    /// [`StoreError::Driver`].
    pub async fn delete_grant(&self, person: PersonId) -> Result<(), StoreError> {
        const TEXT: &str = "DELETE FROM grants WHERE tenant = $1 AND object = $2";
        self.pool
            .write(Durability::Promise, of_person(TEXT, person))
            .await?;
        Ok(())
    }
}

/// A statement whose first two parameters are the person.
pub(crate) fn of_person(text: &'static str, person: PersonId) -> Sql {
    Sql::new(text).bind(person.tenant).bind(person.object)
}

fn purpose(person: PersonId) -> String {
    format!("grant:{}:{}", person.tenant, person.object)
}

fn read(row: &Row) -> Result<Person, StoreError> {
    let fields = row.of("people", "object");
    Ok(Person {
        id: PersonId {
            tenant: fields.parse("tenant")?,
            object: fields.parse("object")?,
        },
        display_name: fields.get("display_name")?,
        address: fields.parse("address")?,
    })
}
