//! The addendum: one page with what was received after the papers closed.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{
    draw_up::{named, rating_of, said},
    pack::{Cell, Kind, List, Pack, Part, Section, Stands},
};
use crate::domain::{
    id::UpdateId, paper, plan::Record, rating::Rating, round::Round, standing::stand_one, text,
};

/// The addendum to a closed round's pack as those read it who may read what is not published, from the whole record, as at a
/// day. None: nothing was received late.
pub fn addendum(record: Record, round: &Round, council: &str, day: NaiveDate) -> Option<Pack> {
    draw(&record.without_names(), round, council, day)
}

/// The addendum as it was published last. None: it has not been.
pub fn published_addendum(mut record: Record, round: &Round, council: &str) -> Option<Pack> {
    let updates = record.actions.iter().flat_map(|action| &action.updates);
    let late = updates.filter(|update| paper::late_for(&record, update).is_some_and(|of| of.id == round.id));
    let late: HashMap<UpdateId, Option<NaiveDate>> =
        late.map(|update| (update.id, update.released_on)).collect();
    let day = late.values().copied().flatten().max()?;
    for action in &mut record.actions {
        action.updates.retain(|update| late.get(&update.id).is_none_or(Option::is_some));
    }
    draw(&record.without_names(), round, council, day)
}

fn draw(record: &Record, round: &Round, council: &str, day: NaiveDate) -> Option<Pack> {
    let mut late = paper::late(record, round, day);
    // The panel reads nothing that no manager has accepted.
    late.retain(|(_, update)| update.is_accepted());
    if late.is_empty() {
        return None;
    }
    let heads = [("Action", 4), ("Lead", 3), ("Received", 2), ("Update", 10)];
    let rows = late.into_iter().map(|(action, update)| {
        let standing = stand_one(record, action, day);
        let mut what = vec![rating_of(record, update.reported)];
        if update.supersedes.is_some() {
            what.push(Part::Flag("Correction".to_owned()));
        }
        if !record.is_published(update, day) {
            what.push(Part::Flag("Not yet published".to_owned()));
        }
        what.push(said(action, update));
        vec![
            named(&standing),
            Cell::text(action.lead_wording.clone()),
            Cell::text(update.written_on.map(text::day).unwrap_or_default()),
            Cell(what),
        ]
    });
    let title = "Received after the papers closed".to_owned();
    let list = List::new(title.clone(), heads).rows(rows);
    let key = &record.plan.key;
    let entries = key.entries().map(|entry| entry.rating).chain([Rating::NotRecorded]);
    let meaning =
        entries.map(|one| vec![Cell::of(rating_of(record, one)), Cell::text(key.entry(one).meaning)]);
    let mut pack = Pack::new(Kind::Addendum, Stands::DrawnUp(day), council, &record.plan.title, &round.label);
    pack.facts = [
        (record.words.say("{Panel}"), record.plan.panel.clone()),
        ("Meeting".to_owned(), round.meeting_on.map(text::day)),
        ("Papers closed".to_owned(), round.closed_on.map(text::day)),
    ]
    .into_iter()
    .filter_map(|(name, words)| Some((name, words?)))
    .collect();
    pack.sections = vec![
        Section { title, words: Vec::new(), lists: vec![list] },
        Section {
            title: "What the ratings mean".to_owned(),
            words: Vec::new(),
            lists: vec![
                List::new("What the ratings mean", [("Rating", 1), ("Meaning in this plan", 3)])
                    .rows(meaning),
            ],
        },
    ];
    pack.notes = vec!["The papers themselves stay as they were when the round was closed.".to_owned()];
    Some(pack)
}
