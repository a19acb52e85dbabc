//! Who may do what: the one place where that is decided.

use booking::BookingError;
use booking::person::{Person, PersonId, Role};
use booking::time::{HOUR_MS, Instant};
use secrecy::{ExposeSecret, SecretString};
use store::people::TokenHash;

use crate::{Engine, Error};

/// How long a link that makes an administrator is good.
pub const ADMIN_LINK_MS: i64 = HOUR_MS;

/// Something that not everybody may do. What everybody may do with what is theirs needs no word here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// Sees how the mirror of every room stands.
    SeeMirror,
    /// Has rooms read now.
    SyncRooms,
    /// Is told what to run where a mailbox cannot be worked with.
    MendMailboxes,
    /// Makes rooms decline what others reserved.
    DeclineForOthers,
    /// Sees what is allowed where.
    SeeSettings,
}

/// A further role is a column here, a further act a row.
const fn allows(role: Role, act: Act) -> bool {
    match (role, act) {
        (
            Role::Admin,
            Act::SeeMirror
            | Act::SyncRooms
            | Act::MendMailboxes
            | Act::DeclineForOthers
            | Act::SeeSettings,
        ) => true,
        (
            Role::Booker,
            Act::SeeMirror
            | Act::SyncRooms
            | Act::MendMailboxes
            | Act::DeclineForOthers
            | Act::SeeSettings,
        ) => false,
    }
}

/// A link that makes whoever uses it first an administrator.
#[derive(Debug)]
pub struct AdminLink {
    /// What the link carries; kept nowhere.
    pub secret: SecretString,
    /// Until when it can be used.
    pub expires_at: Instant,
}

impl Engine {
    /// A person's role; looked up anew each time, so that one that is taken away is gone at once.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn role_of(&self, person: PersonId) -> Result<Role, Error> {
        Ok(self.store.role(person).await?)
    }

    /// Makes sure that a person may do something.
    ///
    /// # Errors
    /// [`BookingError::AdminNeeded`] when not; when the store cannot be read.
    pub async fn authorize(&self, person: &Person, act: Act) -> Result<(), Error> {
        if self.may(person, act).await? {
            Ok(())
        } else {
            Err(BookingError::AdminNeeded.into())
        }
    }

    /// Whether a person may do something.
    pub(crate) async fn may(&self, person: &Person, act: Act) -> Result<bool, Error> {
        Ok(allows(self.role_of(person.id).await?, act))
    }

    /// Makes a link for an administrator to be; for whoever runs the server, who may do anything.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub async fn make_admin_link(&self) -> Result<AdminLink, Error> {
        let secret = self.random.uuid().simple().to_string();
        let expires_at = self.clock.now().plus_ms(ADMIN_LINK_MS);
        let hash = TokenHash::of(&secret);
        self.store.add_admin_link(hash, expires_at).await?;
        Ok(AdminLink {
            secret: secret.into(),
            expires_at,
        })
    }

    /// Makes the person an administrator by the secret of a link.
    ///
    /// # Errors
    /// [`BookingError::AdminLink`] when the link is worth nothing; when the store fails.
    pub async fn use_admin_link(
        &self,
        person: &Person,
        secret: &SecretString,
    ) -> Result<(), Error> {
        let hash = TokenHash::of(secret.expose_secret());
        let now = self.clock.now();
        let used = self.store.use_admin_link(hash, person.id, now).await?;
        used.map_err(|fault| Error::from(BookingError::from(fault)))?;
        tracing::info!("a person became an administrator by a link");
        Ok(())
    }
}
