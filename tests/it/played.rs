//! Months and years played day by day by the real worker, and what it sent read from the mails themselves: whole years as
//! tables that a person can read, the edges of the calendar, and what stops a mail on its way.

mod days;
mod leads;
mod letter;
mod nobody;
mod stops;

use scrutiny_tracker::{
    command::{demonstration, update},
    domain::{id::UpdateId, message::MessageState, rating::Rating, update::UpdateDraft},
    store::{
        self,
        outbox::{Message, Readable},
    },
};

use crate::{
    steps::work,
    support::{Site, day},
};

/// Every message in a state, oldest first.
async fn in_state(site: &Site, state: MessageState) -> Vec<Message> {
    let mut all = store::outbox::list(&site.cx.store, &Readable::All, 0, 10_000).await.expect("the outbox");
    all.retain(|message| message.state == state);
    all.reverse();
    all
}

/// What went out, a line each: day, to whom, about what.
async fn sent(site: &Site) -> Vec<String> {
    let sent = in_state(site, MessageState::Handed).await;
    sent.iter().map(|m| format!("{}\t{}\t{}", m.office_day, m.to_name, letter::about(m))).collect()
}

/// The same to one address on the office day: only about what.
async fn sent_today(site: &Site, to: &str) -> Vec<String> {
    let sent = in_state(site, MessageState::Handed).await;
    sent.iter().filter(|m| m.to_address == to && m.office_day == site.today()).map(letter::about).collect()
}

/// Lets the worker run every morning and every afternoon, up to and with the morning of a day.
async fn play_until(site: &Site, until: &str) {
    while site.today() < day(until) {
        let afternoon = site.today().and_hms_opt(15, 0, 0).expect("three o’clock");
        site.cx.clock.move_office_to(afternoon);
        work(site).await;
        demonstration::next_day(&site.cx).await.expect("the next day");
        work(site).await;
    }
}

/// Goes to a day and lets the worker run.
async fn go_and_work(site: &Site, on: &str) {
    site.go_to(day(on));
    work(site).await;
}

/// Somebody writes an update.
async fn write(site: &Site, label: &str, by: &str, reported: Rating) -> UpdateId {
    let mut draft = UpdateDraft::of("Work has gone on.");
    draft.reported = reported;
    draft.outcome_not_known = reported == Rating::Complete;
    let actor = site.actor(by).await;
    let added = update::add(&site.cx, &actor, site.action(label).await, &draft, None).await;
    match added.expect("the update is added") {
        update::Added::New(id) => id,
        before => panic!("{before:?}"),
    }
}

/// Compares what was sent with a table that is checked in. Where they differ, what was sent is kept for reading.
fn assert_table(name: &str, sent: &[String], table: &str) {
    let sent = sent.join("\n") + "\n";
    if sent != table {
        let kept = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&kept, &sent).expect("it is kept");
        let line = sent.lines().zip(table.lines()).position(|(a, b)| a != b);
        let line = line.unwrap_or(sent.lines().count().min(table.lines().count()));
        panic!(
            "{name} differs from line {} on\nsent:     {:?}\nexpected: {:?}\nall that was sent: {}",
            line + 1,
            sent.lines().nth(line),
            table.lines().nth(line),
            kept.display()
        );
    }
}
