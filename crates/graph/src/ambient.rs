//! Time and randomness, which are passed in.

use jiff::Timestamp;
use uuid::Uuid;

/// Where “now” and random numbers come from.
pub trait Ambient: Send + Sync {
    /// The present moment; decides when tokens expire and what a `Retry-After` date means.
    fn now(&self) -> Timestamp;

    /// A random (version 4) UUID; names requests and spreads repeats.
    fn uuid(&self) -> Uuid;
}
