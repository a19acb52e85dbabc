//! Who may redeem what was sent to which kind of address: servers by showing who they are, pages only from another
//! origin, programs without either.
//! <https://learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow#redirect-uris-for-single-page-apps-spas>

use super::client_proof::Shown;
use super::error::EntraError;
use crate::scenario::Platform;

/// What a token request shows of its sender.
pub(super) struct Sender<'a> {
    /// What the client shows of itself.
    pub(super) shown: Shown,
    /// The page a browser says it comes from; `None` for what is no page.
    pub(super) origin: Option<&'a str>,
}

impl Sender<'_> {
    /// Secrets and signatures are for no page, whatever it asks for.
    pub(super) fn check_secrecy(&self) -> Result<(), EntraError> {
        match (self.shown, self.origin) {
            (Shown::Itself, Some(origin)) => Err(EntraError::FromPage(origin.to_owned())),
            _ => Ok(()),
        }
    }

    /// Refuses a client that did not show who it is.
    pub(super) fn check_shown(&self) -> Result<(), EntraError> {
        match self.shown {
            Shown::Itself => Ok(()),
            Shown::Nothing => Err(EntraError::MissingSecret),
        }
    }

    /// Refuses to redeem what an address of this kind was sent.
    pub(super) fn check_platform(&self, platform: Platform) -> Result<(), EntraError> {
        match (platform, self.origin) {
            (Platform::Web, None) => self.check_shown(),
            (Platform::SinglePage, None) => Err(EntraError::FromNoPage),
            (Platform::Web | Platform::PublicClient, Some(origin)) => {
                Err(EntraError::FromPage(origin.to_owned()))
            }
            (Platform::SinglePage, Some(_)) | (Platform::PublicClient, None) => {
                self.check_not_shown()
            }
            (Platform::Untold, _) => Ok(()),
        }
    }

    /// The kind of an address, told by its sender where the registration does not tell.
    pub(super) fn narrowed(&self, platform: Platform) -> Platform {
        match (platform, self.origin) {
            (Platform::Untold, Some(_)) => Platform::SinglePage,
            (Platform::Untold, None) => Platform::PublicClient,
            (told, _) => told,
        }
    }

    fn check_not_shown(&self) -> Result<(), EntraError> {
        match self.shown {
            Shown::Itself => Err(EntraError::CredentialOfPublicClient),
            Shown::Nothing => Ok(()),
        }
    }
}
