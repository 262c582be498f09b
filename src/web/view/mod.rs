//! Views: synchronous functions from plain data to markup, and the kit that they share.
//!
//! Never asks the clock, the store or the network, and holds no rule: what a page
//! says was decided below, the view only says it. There is no script and no inline
//! style anywhere (the content security policy refuses both), and no unescaped text.
//!
//! The kit, by what you are looking for:
//!
//! | you need | it is in |
//! |---|---|
//! | the page round your content: title, navigation, banner, flash | [`layout`] |
//! | a form and everything in it; **start there, it has a full example** | [`form`] |
//! | buttons, a button that posts, the filter panel, "are you sure?" | [`button`] |
//! | ratings, suggestions, the RAG key | [`rating`] |
//! | counts in words with a bar | [`count`] |
//! | the strip of ratings by round, a direction of travel | [`heat_strip`] |
//! | deadlines, first agreed and now | [`slippage`] |
//! | tables that become cards in a narrow window | [`table`] |
//! | what happened, newest first | [`timeline`] |
//! | the papers of a round | [`pack`] |
//! | inset, details, banner, summary list, empty state, dates | [`kit`] |

pub mod button;
pub mod count;
pub mod form;
pub mod heat_strip;
pub mod kit;
pub mod layout;
pub mod pack;
pub mod qr;
pub mod rating;
pub mod slippage;
pub mod table;
pub mod timeline;

mod control;
mod field;

#[cfg(test)]
mod palette;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;
