//! A municipal year in which nobody writes a word.

use scrutiny_tracker::{cli, command::reminder};

use super::{assert_table, play_until, sent};
use crate::{
    steps::work,
    support::{day, each_database},
};

/// Date, to whom, about what.
const TABLE: &str = include_str!("year-nobody-writes.tsv");

/// From the demonstration's first day to the end of August. It does not begin with the agreement of 5 September 2017: the seed
/// holds two rounds that were answered, and on which day anybody wrote in them is not known, so that there is nothing to play
/// before the second has closed.
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

#[tokio::test]
async fn tmp_from_september() {
    let site = crate::support::Site::appendix_b().await;
    site.go_to(day("2017-09-05"));
    let ahead = reminder::Ahead::of_all(&site.cx).await.unwrap();
    for (d, m) in ahead.between(day("2017-09-05"), day("2017-12-31")) {
        eprintln!("{}", cli::play_line(d, &m));
    }
}
