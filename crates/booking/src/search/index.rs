//! The index over all rooms.
