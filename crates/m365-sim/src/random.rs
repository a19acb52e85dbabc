//! Seeded randomness: ids repeat from run to run with the same seed. What proves who somebody is never repeats.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// A stream of random values of one simulator.
#[derive(Debug, Clone)]
pub(crate) struct Random(ChaCha8Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Another stream of the same seed, for what only passes: request ids.
    pub(crate) fn for_requests(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        random.set_stream(1);
        Self(random)
    }

    pub(crate) fn uuid(&mut self) -> Uuid {
        let mut bytes = [0; 16];
        self.0.fill_bytes(&mut bytes);
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A stream that no other has begun as, in this process or another: it comes from the system's randomness.
    pub(crate) fn unrepeatable() -> Self {
        let state = RandomState::new();
        let mut seed = [0; 32];
        for (index, bytes) in seed.chunks_exact_mut(8).enumerate() {
            bytes.copy_from_slice(&state.hash_one(index).to_be_bytes());
        }
        Self(ChaCha8Rng::from_seed(seed))
    }

    /// An opaque string for codes and refresh tokens, 32 random bytes long.
    pub(crate) fn secret(&mut self) -> String {
        let mut bytes = [0; 32];
        self.0.fill_bytes(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// An item id in the shape Exchange gives: long, base64, case sensitive, padded with `=`.
    pub(crate) fn item_id(&mut self) -> String {
        let mut bytes = [0; 45];
        self.0.fill_bytes(&mut bytes);
        format!("{ORDINARY_ID}{}AAA=", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// A calendar UID in the shape Outlook gives: hexadecimal after a fixed prefix.
    pub(crate) fn ical_uid(&mut self) -> String {
        let mut bytes = [0; 24];
        self.0.fill_bytes(&mut bytes);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        format!("040000008200E00074C5B7101A82E008{hex}")
    }
}

const ORDINARY_ID: &str = "AAMkA";
const IMMUTABLE_ID: &str = "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A";

/// The immutable id of the item, or the occurrence, with this ordinary id.
pub(crate) fn immutable_id(ordinary: &str) -> String {
    let rest = ordinary.strip_prefix(ORDINARY_ID).unwrap_or(ordinary);
    format!("{IMMUTABLE_ID}{rest}")
}

/// Whether an id is an immutable one.
pub(crate) fn is_immutable(id: &str) -> bool {
    id.starts_with(IMMUTABLE_ID)
}

/// The ordinary id of whatever kind of id this is.
pub(crate) fn ordinary_id(id: &str) -> Cow<'_, str> {
    match id.strip_prefix(IMMUTABLE_ID) {
        Some(rest) => Cow::Owned(format!("{ORDINARY_ID}{rest}")),
        None => Cow::Borrowed(id),
    }
}

/// The id of something the scenario left unnamed: the same for the same seed, kind and name.
pub(crate) fn derived_id(seed: u64, kind: &str, name: &str) -> Uuid {
    let digest = Sha256::new()
        .chain_update(seed.to_be_bytes())
        .chain_update(kind)
        .chain_update([0])
        .chain_update(name.to_lowercase())
        .finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// The change key of the `change`-th change of a simulator, base64 as Exchange writes it.
pub(crate) fn change_key(change: u64) -> String {
    let mut bytes = [0_u8; 16];
    bytes[..8].copy_from_slice(b"m365-sim");
    bytes[8..].copy_from_slice(&change.to_be_bytes());
    STANDARD.encode(bytes)
}
