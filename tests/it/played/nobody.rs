//! A municipal year in which nobody writes a word.

use scrutiny_tracker::{cli, command::reminder};

use super::{assert_table, play_until, sent};
use crate::{
    steps::work,
    support::{day, each_database},
};

/// Date, to whom, about what.
const TABLE: &str = include_str!("year-nobody-writes.tsv");

/// From the demonstration's first day to the end of August. It can't begin with the agreement of 5 September 2017: the worker
/// looks only at what is open, and the seed knows since its loading what was complete and merged on 7 December.
#[tokio::test]
async fn a_year_in_which_nobody_writes_ends_in_silence_and_was_foreseen_on_its_first_day() {
    each_database(async |site| {
        let ahead = reminder::Ahead::of_all(&site.cx).await.unwrap();
        let foreseen = ahead.between(day("2017-12-07"), day("2018-08-31"));
        work(&site).await;
        play_until(&site, "2018-08-31").await;
        let sent = sent(&site).await;
        assert_table("year-nobody-writes.tsv", &sent, TABLE);
        let foreseen: Vec<String> = foreseen.iter().map(|(day, mail)| cli::play_line(*day, mail)).collect();
        assert_eq!(sent, foreseen);
    })
    .await;
}
