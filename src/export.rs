//! Exports: to be merged.
#![allow(missing_docs)]
use crate::domain::plan::Record;
#[derive(Default)]
pub struct Options {
    pub with_ratings: bool,
    pub suggested: bool,
    pub as_at: Option<chrono::NaiveDate>,
}
pub fn csv(_: &Record, _: &Options, _: chrono::NaiveDate) -> anyhow::Result<String> {
    Ok(String::new())
}
pub fn json(_: &Record, _: &Options, _: chrono::NaiveDate) -> anyhow::Result<String> {
    Ok(String::new())
}
