//! The papers of a round: what a panel is given for its meeting, drawn up once and shown in three ways.
//!
//! [`pack`] is the paper as data: sections of lists, lists of rows, cells of words and ratings. [`draw_up()`] and [`addendum()`]
//! make one from a plan's record; [`word`] and [`excel`] write it as a file, and the page of the web floor shows it. None of
//! the three knows a rule: what a pack says was settled when it was drawn up, and so a pack that was stored when its round
//! was closed says for ever what it said then, whatever becomes of the record or of this program.
//!
//! Never reads a database or a clock, and never decides who may read what.

pub mod addendum;
pub mod draw_up;
pub mod excel;
mod look;
pub mod pack;
#[cfg(test)]
mod sample;
pub mod word;

pub use addendum::{addendum, published_addendum};
pub use draw_up::{draw_up, freeze};
pub use pack::Pack;
