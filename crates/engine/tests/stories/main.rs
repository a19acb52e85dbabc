//! Days in a small office, told with a fake calendar system and a clock moved by hand.

mod holding;
mod office;
mod placing;
mod searching;
