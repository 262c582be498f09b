//! Reads the form of a plan into a draft, with everything that is wrong with it.

use super::{CALENDAR, FINANCIAL, key};
use crate::{
    domain::{
        deadline::YearBasis,
        id::PostId,
        plan::{PlanDraft, PlanKind},
        post::Post,
    },
    web::{
        form::{Fields, LINE, Reader},
        view::form::FieldError,
    },
};

/// The draft, or everything that is wrong with it.
pub(super) fn draft(fields: &Fields, posts: &[Post]) -> Result<PlanDraft, Vec<FieldError>> {
    let mut read = Reader::new(fields);
    let title = read.required("title", LINE, "Enter the plan’s title");
    let typed = read.optional("slug", 60);
    let slug = typed.clone().unwrap_or_else(|| proposed_slug(&title));
    if typed.is_some() && !is_slug(&slug) {
        read.wrong("slug", "Use small letters, figures and hyphens, for example digital-safeguarding");
    } else if !is_slug(&slug) && !title.is_empty() {
        read.wrong("slug", "Enter a name for the address: the title has no letters to make one from");
    }
    let kind = read.required_choice("kind", PlanKind::from_code, "Choose what kind of plan it is");
    let panel = read.optional("panel", LINE);
    let origin_report = read.optional("origin_report", LINE);
    let origin_on = read.day("origin_on");
    let agreed_by = read.optional("agreed_by", LINE);
    let agreed_on = read.day("agreed_on");
    let sent_on = read.day("sent_on");
    let director = read.optional("director", LINE);
    let executive_member = read.optional("executive_member", LINE);
    let post = |id: &str| posts.iter().map(|p| p.id).find(|p| p.to_string() == id);
    let manager = read.required_choice("manager", post, "Choose the post that manages the plan");
    let year = |code: &str| match code {
        FINANCIAL => Some(YearBasis::Financial),
        CALENDAR => Some(YearBasis::Calendar),
        _ => None,
    };
    let years = read.choice("years", year).unwrap_or_default();
    let source = read.optional("source", 2_000);
    let key = key::read(&mut read);
    read.finish(PlanDraft {
        slug,
        title,
        kind: kind.unwrap_or(PlanKind::ScrutinyReview),
        panel,
        origin_report,
        origin_on,
        agreed_by,
        agreed_on,
        sent_on,
        director,
        executive_member,
        manager: manager.unwrap_or(PostId(0)),
        panel_grants_dates: fields.ticked("panel_grants_dates"),
        panel_confirms_completion: fields.ticked("panel_confirms_completion"),
        live_to_panel: fields.ticked("live_to_panel"),
        manager_looks_first: fields.ticked("manager_looks_first"),
        public: fields.ticked("public"),
        years,
        key,
        source,
    })
}

/// "Children's homes: a review" becomes "childrens-homes-a-review"; cut at a hyphen where it is long.
fn proposed_slug(title: &str) -> String {
    const LONGEST: usize = 50;
    let letters = title.to_lowercase().replace(['\'', '’'], "");
    let words: Vec<&str> =
        letters.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let mut slug = String::new();
    for word in words {
        if !slug.is_empty() && slug.len() + word.len() >= LONGEST {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.push_str(word);
    }
    slug.truncate(LONGEST);
    slug
}

/// Whether a name can stand in an address; "new" is the address of the form itself.
fn is_slug(slug: &str) -> bool {
    let letters = slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    letters && !slug.is_empty() && !slug.starts_with('-') && !slug.ends_with('-') && slug != "new"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_for_the_address_is_proposed_from_the_title() {
        for (title, slug) in [
            ("Digital Safeguarding - Sexting", "digital-safeguarding-sexting"),
            ("Children’s homes: a review", "childrens-homes-a-review"),
            ("  2025/26  ", "2025-26"),
            ("😀", ""),
            (
                "A very long title of a review that goes on and on and never comes to an end",
                "a-very-long-title-of-a-review-that-goes-on-and-on",
            ),
        ] {
            assert_eq!(proposed_slug(title), slug, "{title}");
        }
    }

    #[test]
    fn a_name_for_the_address_is_small_letters_figures_and_hyphens() {
        for good in ["appendix-b", "2025-26", "a"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a-", "Appendix", "a b", "a/b", "é", "new"] {
            assert!(!is_slug(bad), "{bad}");
        }
    }
}
