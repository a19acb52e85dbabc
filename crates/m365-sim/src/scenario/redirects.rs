//! Where sign-in may lead back to, by kind of platform.
//! <https://learn.microsoft.com/graph/api/resources/application>

use url::{Host, Url};

use super::{AppRegistration, unusable};
use crate::error::SimError;

/// What stands behind a redirect address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Platform {
    /// A server, which shows who it is.
    Web,
    /// A page that redeems codes itself, from its own origin.
    SinglePage,
    /// A program on somebody's device.
    PublicClient,
    /// A page or a program: the registration names an address of an application that has nothing to show, and not the
    /// kind.
    Untold,
}

impl AppRegistration {
    /// Refuses addresses of two kinds: whoever redeems what they were sent could not be told.
    pub(super) fn check_redirects(&self) -> Result<(), SimError> {
        let programs = &self.public_client_redirect_uris;
        let is_twice = |uri: &&String| {
            let is_page = self.spa_redirect_uris.contains(uri);
            let is_program = programs.contains(uri);
            is_page && is_program || self.redirect_uris.contains(uri) && (is_page || is_program)
        };
        let twice = self.spa_redirect_uris.iter().chain(programs).find(is_twice);
        twice.map_or(Ok(()), |uri| {
            let reason = "it is of two kinds: an address may stand in one list only";
            Err(unusable("redirect address", uri, reason))
        })
    }

    /// The kind of a redirect address; `None` for one that is not registered.
    pub(crate) fn platform(&self, redirect_uri: &str) -> Option<Platform> {
        let has = |known: &[String]| known.iter().any(|one| is_meant(one, redirect_uri));
        if has(&self.spa_redirect_uris) {
            Some(Platform::SinglePage)
        } else if has(&self.public_client_redirect_uris) {
            Some(Platform::PublicClient)
        } else if has(&self.redirect_uris) {
            Some(self.untold_platform())
        } else {
            None
        }
    }

    /// The kind of whatever has no kind of its own.
    pub(crate) fn untold_platform(&self) -> Platform {
        if self.is_public() {
            Platform::Untold
        } else {
            Platform::Web
        }
    }

    /// Every address sign-in may lead back to.
    pub(crate) fn all_redirect_uris(&self) -> impl Iterator<Item = &str> {
        let kinds = [
            &self.redirect_uris,
            &self.spa_redirect_uris,
            &self.public_client_redirect_uris,
        ];
        kinds.into_iter().flatten().map(String::as_str)
    }
}

/// Whether an address is a registered one. On this machine its port does not matter, since programs listen on any.
/// <https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>
fn is_meant(known: &str, asked: &str) -> bool {
    known == asked
        || without_local_port(known)
            .is_some_and(|known| without_local_port(asked).as_ref() == Some(&known))
}

/// An address on this machine without its port; `None` for any other. IPv6 is not supported by Microsoft either.
fn without_local_port(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    let is_local = match url.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(host) => host.is_loopback(),
        Host::Ipv6(_) => false,
    };
    if !is_local || url.fragment().is_some() {
        return None;
    }
    url.set_port(None).ok()?;
    Some(url)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    #[test]
    fn on_this_machine_the_port_of_an_address_does_not_matter() {
        let mut app = Scenario::contoso().tenants.remove(0).apps.remove(0);
        app.redirect_uris = vec![
            "http://localhost:3000/callback".to_owned(),
            "https://contoso.com:8443/callback".to_owned(),
        ];
        for (address, is_known) in [
            ("http://localhost:51000/callback", true),
            ("http://localhost/callback", true),
            ("http://localhost:3000/Callback", false),
            ("https://localhost:3000/callback", false),
            ("http://localhost:3000/callback#there", false),
            ("http://127.0.0.1:3000/callback", false),
            ("https://contoso.com:8443/callback", true),
            ("https://contoso.com/callback", false),
        ] {
            assert_eq!(app.platform(address).is_some(), is_known, "{address}");
        }
    }

    #[test]
    fn an_address_is_of_one_kind() {
        let mut scenario = Scenario::contoso();
        let app = &mut scenario.tenants[0].apps[0];
        app.spa_redirect_uris = app.redirect_uris.clone();
        let error = scenario.check().unwrap_err().to_string();
        assert!(
            error.contains("callback") && error.contains("two kinds"),
            "{error}"
        );
        let app = &mut scenario.tenants[0].apps[0];
        let address = app.redirect_uris.remove(0);
        assert_eq!(app.platform(&address), Some(Platform::SinglePage));
        assert!(scenario.check().is_ok());
    }
}
