//! A municipal year in which nobody writes a word.

use scrutiny_tracker::{cli, command::reminder};

use super::{assert_table, play_until, sent};
use crate::{
    steps::work,
    support::{day, each_database},
};

/// Date, to whom, about what.
const TABLE: &str = include_str!("year-nobody-writes.tsv");

/// From the day on which the plan was agreed to the end of August. Nobody writes here; what the seed holds of the round of
/// 7 December counts from that day, so that eleven actions are complete and two are merged from then on.
#[tokio::test]
async fn a_year_in_which_nobody_writes_ends_in_silence_and_was_foreseen_on_its_first_day() {
    each_database(async |site| {
        site.go_to(day("2017-09-05"));
        let ahead = reminder::Ahead::of_all(&site.cx).await.unwrap();
        let foreseen = ahead.between(day("2017-09-05"), day("2018-08-31"));
        work(&site).await;
        play_until(&site, "2018-08-31").await;
        let sent = sent(&site).await;
        assert_table("year-nobody-writes.tsv", &sent, TABLE);
        let foreseen: Vec<String> = foreseen.iter().map(|(day, mail)| cli::play_line(*day, mail)).collect();
        assert_eq!(sent, foreseen);
    })
    .await;
}
