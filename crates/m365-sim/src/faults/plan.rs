//! Faults together, as a file holds them.

use serde::{Deserialize, Serialize};

use super::{Fault, FaultAction, FaultMatch};
use crate::error::SimError;

/// Faults, and the seed that decides about those that strike by chance.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FaultPlan {
    /// Where chance comes from.
    #[serde(default)]
    pub seed: u64,
    /// In the order in which they are tried.
    pub faults: Vec<Fault>,
}

impl FaultPlan {
    /// Reads the JSON form.
    ///
    /// # Errors
    /// [`SimError::FaultPlan`] when it is not that, [`SimError::Fault`] when one of its faults cannot be.
    pub fn from_json(text: &str) -> Result<Self, SimError> {
        let plan: Self = serde_json::from_str(text).map_err(SimError::FaultPlan)?;
        plan.check()?;
        Ok(plan)
    }

    /// Whether its faults can be.
    pub(crate) fn check(&self) -> Result<(), SimError> {
        self.faults.iter().try_for_each(Fault::check)
    }

    /// A bad day at Microsoft: of all requests to Graph, 10 % are throttled, 5 % fail in the service and 2 % lose their
    /// connection. Waits are short, so that tests stay short.
    #[must_use]
    pub fn hostile(seed: u64) -> Self {
        let status = |status, code: &str, retry_after_seconds| FaultAction::Status {
            status,
            code: code.to_owned(),
            message: None,
            retry_after_seconds,
        };
        let faults = [
            (0.10, status(429, "ApplicationThrottled", Some(0.05))),
            (0.02, status(500, "generalException", None)),
            (0.02, status(503, "serviceNotAvailable", Some(0.05))),
            (0.01, status(504, "UnknownError", None)),
            (0.02, FaultAction::DropConnection),
        ];
        Self {
            seed,
            faults: faults
                .map(|(probability, action)| Fault {
                    matches: FaultMatch {
                        path: Some("/v1.0/".to_owned()),
                        ..FaultMatch::default()
                    },
                    action,
                    count: None,
                    probability: Some(probability),
                })
                .to_vec(),
        }
    }
}
