//! What a pack holds, as it is stored and in its editions.

use super::*;
use crate::papers::sample::sample;

#[test]
fn a_stored_pack_is_read_back_as_it_was() {
    let pack = Pack { record_check: Some("3f9a 12c4".to_owned()), ..sample() };
    assert_eq!(Pack::read(&pack.stored().unwrap(), "3f9a 12c4").unwrap(), pack);
}

#[test]
fn papers_of_another_form_are_refused_in_words() {
    let later = sample().stored().unwrap().replace("\"format\":1", "\"format\":2");
    let error = Pack::read(&later, "").unwrap_err().to_string();
    assert!(error.contains("papers of form 2 are kept here, and this program reads form 1"), "{error}");
}

#[test]
fn public_edition_says_that_a_text_is_exempt_and_the_other_holds_it_and_is_marked() {
    let words = |edition| {
        let pack = sample().edition(edition);
        (serde_json::to_string(&pack).unwrap(), pack.mark().unwrap_or_default())
    };
    let (public, mark) = words(Edition::Public);
    assert!(!public.contains("Only for those"), "{public}");
    assert!(public.contains("exempt information under paragraph 3 of Schedule 12A"), "{public}");
    assert!(!mark.contains(EXEMPT_MARK));
    let (whole, mark) = words(Edition::NotForPublication);
    assert!(whole.contains("Only for those"));
    assert!(mark.starts_with(EXEMPT_MARK), "{mark}");
}

#[test]
fn marks_that_were_set_later_are_taken_over_and_marks_that_were_taken_back_go() {
    let mut pack = sample();
    let exempt = |pack: &Pack| pack.updates().collect::<BTreeMap<_, _>>();
    let before = exempt(&pack);
    assert!(!pack.remark(&before), "nothing to change");
    let turned: BTreeMap<i64, Option<i32>> =
        before.iter().map(|(id, was)| (*id, if was.is_some() { None } else { Some(1) })).collect();
    assert!(pack.remark(&turned));
    assert_eq!(exempt(&pack), turned);
}

#[test]
fn of_the_update_columns_the_latest_are_kept_and_never_none() {
    for (wanted, left) in [(0, 1), (1, 1), (2, 2), (9, 2)] {
        let pack = sample().columns(wanted);
        assert_eq!(pack.rounds(), left);
        let table = pack.table.unwrap();
        assert_eq!(table.heads.last().unwrap().words, "UPDATE / RAG 7 Dec 2017");
        assert!(table.rows.iter().all(|row| row.len() == table.heads.len()));
    }
}
