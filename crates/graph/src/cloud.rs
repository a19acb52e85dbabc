//! Microsoft's clouds. Nothing crosses from one to another: a token of one is worth nothing in the next.
//!
//! See <https://learn.microsoft.com/graph/deployments>.

use url::Url;

/// One of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cloud {
    /// For everybody else, `GCC` included.
    Global,
    /// The government of the United States, `GCC High`.
    UsGovL4,
    /// The government of the United States, `DoD`.
    UsGovL5,
    /// China, operated by 21Vianet.
    China,
}

impl Cloud {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Global, Self::UsGovL4, Self::UsGovL5, Self::China];

    /// As settings name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::UsGovL4 => "us-gov-l4",
            Self::UsGovL5 => "us-gov-l5",
            Self::China => "china",
        }
    }

    /// Graph's origin, which also names the audience of tokens.
    pub fn graph_url(self) -> &'static str {
        match self {
            Self::Global => "https://graph.microsoft.com",
            Self::UsGovL4 => "https://graph.microsoft.us",
            Self::UsGovL5 => "https://dod-graph.microsoft.us",
            Self::China => "https://microsoftgraph.chinacloudapi.cn",
        }
    }

    /// The identity provider's origin.
    pub fn login_url(self) -> &'static str {
        match self {
            Self::Global => "https://login.microsoftonline.com",
            Self::UsGovL4 | Self::UsGovL5 => "https://login.microsoftonline.us",
            Self::China => "https://login.chinacloudapi.cn",
        }
    }

    /// The cloud whose Graph is there. `None`: nobody's, such as a simulator's.
    pub fn of_graph(url: &Url) -> Option<Self> {
        let found = Self::ALL.into_iter();
        let mut found = found.filter(|cloud| is_at(url, cloud.graph_url()));
        found.next()
    }

    /// Whether its people sign in there.
    pub fn signs_in_at(self, url: &Url) -> bool {
        let also = match self {
            Self::China => "https://login.partner.microsoftonline.cn",
            _ => self.login_url(),
        };
        is_at(url, self.login_url()) || is_at(url, also)
    }
}

fn is_at(url: &Url, origin: &str) -> bool {
    url.origin().ascii_serialization() == origin
}
