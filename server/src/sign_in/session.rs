//! Portal sessions: a random cookie, of which only the hash is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use booking::person::Person;
use booking::random::Random;
use booking::time::{DAY_MS, Instant, MINUTE_MS};
use store::StoreError;
use store::people::TokenHash;

use super::SignIn;

/// The name of the cookie.
pub const SESSION_COOKIE: &str = "etage_session";

/// How long a session lasts.
pub const SESSION_MS: i64 = 14 * DAY_MS;

/// How long a session looked up is believed without looking again; a sign-out elsewhere takes so long.
const CACHED_MS: i64 = MINUTE_MS;
const CACHE_ENTRIES: u64 = 50_000;

/// Sessions looked up lately, by the hash of their cookie.
pub(super) type SessionCache = Cache;

/// A bounded cache from the hash of a secret to the person it stands for.
pub(super) struct Cache(moka::sync::Cache<[u8; 32], (Person, Instant)>);

impl Cache {
    pub(super) fn new() -> Self {
        Self(moka::sync::Cache::new(CACHE_ENTRIES))
    }

    /// The person, if believed until later than `now`.
    pub(super) fn get(&self, hash: &[u8; 32], now: Instant) -> Option<Person> {
        self.0
            .get(hash)
            .filter(|(_, until)| *until > now)
            .map(|(person, _)| person)
    }

    pub(super) fn put(&self, hash: [u8; 32], person: Person, until: Instant) {
        self.0.insert(hash, (person, until));
    }

    fn forget(&self, hash: &[u8; 32]) {
        self.0.invalidate(hash);
    }
}

/// The hash under which a secret is known; the secret itself is never kept.
pub(super) fn hash_of(secret: &str) -> [u8; 32] {
    TokenHash::of(secret).0
}

impl SignIn {
    /// Begins a session. The text goes into the cookie, and nowhere else.
    pub(super) async fn begin_session(&self, person: &Person) -> Result<String, StoreError> {
        let cookie = random_text(self.random.as_ref());
        let now = self.clock.now();
        self.store
            .create_session(
                TokenHash(hash_of(&cookie)),
                person.id,
                now,
                now.plus_ms(SESSION_MS),
            )
            .await?;
        Ok(cookie)
    }

    /// The person whose session this is. `None`: there is no such session, or it is over.
    pub(super) async fn session(&self, cookie: &str) -> Result<Option<Person>, StoreError> {
        let hash = hash_of(cookie);
        let now = self.clock.now();
        if let Some(person) = self.sessions.get(&hash, now) {
            return Ok(Some(person));
        }
        // In a box, because nearly every request is done without it.
        Box::pin(self.look_up(hash, now)).await
    }

    async fn look_up(&self, hash: [u8; 32], now: Instant) -> Result<Option<Person>, StoreError> {
        let session = self.store.session(TokenHash(hash), now).await?;
        let person = session.map(|session| session.person);
        if let Some(person) = &person {
            self.sessions
                .put(hash, person.clone(), now.plus_ms(CACHED_MS));
        }
        Ok(person)
    }

    /// Ends a session; there may be none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn end_session(&self, cookie: &str) -> Result<(), StoreError> {
        let hash = hash_of(cookie);
        self.sessions.forget(&hash);
        self.store.delete_session(TokenHash(hash)).await
    }
}

/// 256 random bits as text.
pub(super) fn random_text(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}
