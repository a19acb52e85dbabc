//! A provider in memory, for tests of the engine.
