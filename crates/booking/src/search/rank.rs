//! Ordering of hits.
