//! Reads the form of an action into a draft, with everything that is wrong with it.

use super::{Offer, POSTS};
use crate::{
    domain::{
        action::{ActionDraft, ResourceKind},
        id::{PersonId, PostId},
        post::Lead,
        text,
    },
    web::{
        form::{Fields, LINE, LONG_TEXT, Reader},
        view::form::FieldError,
    },
};

/// The draft, or all errors, the deadline's among them in its place.
pub(super) fn draft(
    fields: &Fields,
    offer: &Offer,
    by_when: Option<&FieldError>,
) -> Result<ActionDraft, Vec<FieldError>> {
    let mut read = Reader::new(fields);
    let recommendation = read.choice("recommendation", |id| {
        offer.record.recommendations.iter().map(|r| r.id).find(|r| r.to_string() == id)
    });
    let short_title = read.optional("short_title", 100);
    let text = read.required("text", LONG_TEXT, "Enter what will be done");
    if let Some(error) = by_when {
        read.wrong(error.field.clone(), &error.message);
    }
    let typed = read.optional("lead_wording", LINE);
    let leads = leads(&mut read, offer);
    let contributors = contributors(fields, offer);
    let resource = read.optional("resource", LINE).unwrap_or_default();
    let resource_kind = read.choice("resource_kind", ResourceKind::from_code);
    let resource_pence = read.optional("resource_amount", 40).and_then(|typed| {
        let pence = pence(&typed);
        if pence.is_none() {
            read.wrong("resource_amount", "Enter an amount in pounds, for example 1,200 or 1,200.50");
        }
        pence
    });
    let themes = themes(&read.optional("themes", LINE).unwrap_or_default());
    let lead_wording = typed.unwrap_or_else(|| worded(&leads, offer));
    read.finish(ActionDraft {
        recommendation,
        short_title,
        text,
        lead_wording,
        leads,
        contributors,
        resource,
        resource_kind,
        resource_pence,
        themes,
    })
}

fn leads(read: &mut Reader<'_>, offer: &Offer) -> Vec<Lead> {
    let mut posts: Vec<PostId> = Vec::new();
    for name in POSTS {
        let chosen =
            read.choice(name, |id| offer.record.posts.iter().map(|p| p.id).find(|p| p.to_string() == id));
        match chosen {
            Some(post) if posts.contains(&post) => read.wrong(name, "This post is chosen already"),
            Some(post) => posts.push(post),
            None => {}
        }
    }
    let named = read.optional("named", LINE);
    if named.is_some() && posts.is_empty() {
        read.wrong("named", "Choose the post that this person is named beside");
    }
    let person = read.choice("person", |id| {
        offer.people.iter().map(|a| &a.person).find(|p| p.id.to_string() == id).cloned()
    });
    let outside = read.optional("outside", LINE);
    // The name stands beside the first post: the plan's wording holds one name, or two posts, but not both.
    let posts = posts
        .into_iter()
        .enumerate()
        .map(|(place, post)| Lead::Post { post, named: named.clone().filter(|_| place == 0) });
    posts.chain(person.map(Lead::Person)).chain(outside.map(Lead::OutsideBody)).collect()
}

/// What the plan says where nobody wrote it: the leads' names.
fn worded(leads: &[Lead], offer: &Offer) -> String {
    let names: Vec<String> = leads
        .iter()
        .map(|lead| match lead {
            Lead::Post { post, named } => {
                let post = offer.record.post(*post).map_or("", |p| &p.name);
                named.as_ref().map_or_else(|| post.to_owned(), |named| format!("{post} ({named})"))
            }
            Lead::Person(person) => person.name.clone(),
            Lead::OutsideBody(body) => body.clone(),
        })
        .collect();
    names.join(" / ")
}

fn contributors(fields: &Fields, offer: &Offer) -> Vec<PersonId> {
    let ticked: Vec<&str> = fields.all("contributor").collect();
    let is_ticked = |id: &PersonId| ticked.contains(&id.to_string().as_str());
    offer.people.iter().map(|a| a.person.id).filter(is_ticked).collect()
}

fn themes(typed: &str) -> Vec<String> {
    let mut themes: Vec<String> = Vec::new();
    for theme in typed.split(',').map(text::fold).filter(|t| !t.is_empty()) {
        if !themes.iter().any(|t| t.to_lowercase() == theme.to_lowercase()) {
            themes.push(theme);
        }
    }
    themes
}

/// Pence from pounds as people type them: `£1,200`, `1200.5`, `1,200.50`.
fn pence(typed: &str) -> Option<i64> {
    let plain: String =
        typed.trim().trim_start_matches('£').chars().filter(|c| !matches!(c, ',' | ' ')).collect();
    let (pounds, pence) = plain.split_once('.').unwrap_or((&plain, ""));
    let figures = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if pounds.is_empty() || pounds.len() > 12 || pence.len() > 2 || !figures(pounds) || !figures(pence) {
        return None;
    }
    let pence: i64 = format!("{pence:0<2}").parse().ok()?;
    Some(pounds.parse::<i64>().ok()? * 100 + pence)
}

/// Pounds as the field shows them: `1200`, `1200.50`.
pub(super) fn amount(pence: i64) -> String {
    match pence % 100 {
        0 => (pence / 100).to_string(),
        rest => format!("{}.{rest:02}", pence / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_are_read_as_people_type_them() {
        for (typed, expected) in [
            ("1200", Some(120_000)),
            ("£1,200", Some(120_000)),
            ("1,200.5", Some(120_050)),
            (" £ 1,200.50 ", Some(120_050)),
            ("0.99", Some(99)),
            ("", None),
            ("£", None),
            ("about 5k", None),
            ("1.999", None),
            ("-5", None),
            ("99999999999999", None),
        ] {
            assert_eq!(pence(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn an_amount_is_shown_so_that_it_reads_back_the_same() {
        for pence_before in [0, 99, 120_000, 120_050] {
            assert_eq!(pence(&amount(pence_before)), Some(pence_before));
        }
    }

    #[test]
    fn themes_are_parted_by_commas_and_stand_once() {
        assert_eq!(themes(" schools, , Head  teachers,Schools"), ["schools", "Head teachers"]);
    }
}
