//! Which of Microsoft's clouds, and whether the addresses belong to it.

use graph::cloud::Cloud;
use url::Url;

use super::{ConfigError, Env};

/// Out of `ETAGE_CLOUD`. `None`: not set.
pub(super) fn read(env: &Env) -> Result<Option<Cloud>, ConfigError> {
    let Some(text) = env.text("ETAGE_CLOUD") else {
        return Ok(None);
    };
    let found = Cloud::ALL.into_iter().find(|cloud| cloud.name() == text);
    found.map(Some).ok_or_else(|| ConfigError::Value {
        name: "ETAGE_CLOUD",
        wrong: format!("“{text}” is no cloud of Microsoft's"),
        should: "one of global, us-gov-l4, us-gov-l5, china",
    })
}

/// Refuses addresses that do not belong together. `named`: the cloud that was named; with none, addresses that are no
/// cloud's, such as a simulator's, are taken.
pub(super) fn check(named: Option<Cloud>, graph: &Url, login: &Url) -> Result<(), ConfigError> {
    if let Some(cloud) = named.filter(|cloud| Cloud::of_graph(graph) != Some(*cloud)) {
        return Err(mismatch("ETAGE_GRAPH_URL", graph, cloud));
    }
    let is_known = Cloud::ALL.into_iter().any(|cloud| cloud.signs_in_at(login));
    match named.or_else(|| Cloud::of_graph(graph)) {
        Some(cloud) if (named.is_some() || is_known) && !cloud.signs_in_at(login) => {
            Err(mismatch("ETAGE_LOGIN_URL", login, cloud))
        }
        _ => Ok(()),
    }
}

fn mismatch(name: &'static str, url: &Url, cloud: Cloud) -> ConfigError {
    ConfigError::Value {
        name,
        wrong: format!("{url} is not in Microsoft's cloud {}", cloud.name()),
        should: "left out, with ETAGE_CLOUD naming the tenant's cloud (global, us-gov-l4, us-gov-l5, china)",
    }
}
