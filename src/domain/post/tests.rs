//! Post tests.
