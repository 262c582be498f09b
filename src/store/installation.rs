//! The installation's settings in the database: one document under one name, so that they are read in one statement.
//!
//! Fields that this version does not know are passed over, and fields that are missing have their default: an older and a
//! newer process can share a database while it is updated.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Source, Store, StoreError, Tx, setting};
use crate::domain::{
    deadline::Span,
    installation::{
        Accessibility, Compliance, Enforcement, Installation, Privacy, Retention, Section, Sessions,
        UpdatesByLink,
    },
    named_days::NamedDays,
    words::Words,
};

/// The name under which they are kept.
const NAME: &str = "installation";

/// The settings as saved; none: nobody has saved any yet.
///
/// # Errors
/// [`StoreError`] if the database does not answer or the document is not understood.
pub async fn load(from: &impl Source) -> Result<Option<Installation>, StoreError> {
    let Some(text) = setting::get(from, NAME).await? else { return Ok(None) };
    let document: Document = serde_json::from_str(&text).map_err(|error| StoreError::Row {
        table: "setting",
        id: 0,
        what: format!("{NAME}: {error}"),
    })?;
    Ok(Some(document.into()))
}

/// Saves them.
///
/// # Errors
/// [`StoreError`] if the database refuses.
pub async fn save(tx: &Tx, installation: &Installation) -> Result<(), StoreError> {
    let text = serde_json::to_string(&Document::from(installation)).map_err(std::io::Error::other)?;
    setting::set(tx, NAME, &text).await
}

/// Reads them anew, for what another process may have saved.
///
/// # Errors
/// As [`load`]; those read before then still hold.
pub async fn refresh(store: &Store) -> Result<(), StoreError> {
    if let Some(saved) = load(store).await? {
        // This process may have saved newer ones between the two.
        if saved.version >= store.installation().version {
            store.take_installation(saved);
        }
    }
    Ok(())
}

/// As stored. What may be missing is an option: it then has its default.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Document {
    version: i32,
    council: String,
    executive: Option<String>,
    panel: Option<String>,
    democratic_services: Option<String>,
    zone: Option<String>,
    closures: Vec<StoredDays>,
    terms: Vec<StoredDays>,
    idle_minutes: Option<u32>,
    absolute_days: Option<u32>,
    leavers_months: Option<u32>,
    mail_log_months: Option<u32>,
    sign_in_days: Option<u32>,
    updates_by_link: String,
    privacy: StoredPrivacy,
    accessibility: StoredAccessibility,
    saved: BTreeMap<String, i32>,
    mail_tested_on: Option<NaiveDate>,
}

#[derive(Debug, Serialize, Deserialize)]
struct StoredDays {
    from: NaiveDate,
    to: NaiveDate,
    name: Option<String>,
}

fn stored(all: &[NamedDays]) -> Vec<StoredDays> {
    all.iter()
        .map(|of| StoredDays { from: of.span.earliest, to: of.span.latest, name: of.name.clone() })
        .collect()
}

fn days(stored: Vec<StoredDays>) -> Vec<NamedDays> {
    stored
        .into_iter()
        .filter_map(|of| Some(NamedDays { span: Span::new(of.from, of.to)?, name: of.name }))
        .collect()
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredPrivacy {
    contact: Option<String>,
    reviewed_on: Option<NaiveDate>,
    more: Option<String>,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct StoredAccessibility {
    contact: Option<String>,
    compliance: String,
    tested: Option<String>,
    problems: Option<String>,
    prepared_on: Option<NaiveDate>,
    reviewed_on: Option<NaiveDate>,
    enforcement: String,
}

impl From<&Installation> for Document {
    fn from(from: &Installation) -> Self {
        let (privacy, accessibility) = (from.privacy.clone(), from.accessibility.clone());
        Self {
            version: from.version,
            council: from.council.clone(),
            executive: Some(from.words.executive.clone()),
            panel: Some(from.words.panel.clone()),
            democratic_services: Some(from.words.democratic_services.clone()),
            zone: Some(from.zone.clone()),
            closures: stored(&from.closures),
            terms: stored(&from.terms),
            idle_minutes: Some(from.sessions.idle_minutes),
            absolute_days: Some(from.sessions.absolute_days),
            leavers_months: Some(from.retention.leavers_months),
            mail_log_months: Some(from.retention.mail_log_months),
            sign_in_days: Some(from.retention.sign_in_days),
            updates_by_link: from.updates_by_link.code().to_owned(),
            privacy: StoredPrivacy {
                contact: privacy.contact,
                reviewed_on: privacy.reviewed_on,
                more: privacy.more,
            },
            accessibility: StoredAccessibility {
                contact: accessibility.contact,
                compliance: accessibility.compliance.code().to_owned(),
                tested: accessibility.tested,
                problems: accessibility.problems,
                prepared_on: accessibility.prepared_on,
                reviewed_on: accessibility.reviewed_on,
                enforcement: accessibility.enforcement.code().to_owned(),
            },
            saved: from
                .saved
                .iter()
                .map(|(section, version)| (section.code().to_owned(), *version))
                .collect(),
            mail_tested_on: from.mail_tested_on,
        }
    }
}

impl From<Document> for Installation {
    fn from(document: Document) -> Self {
        let new = Self::default();
        let (privacy, accessibility) = (document.privacy, document.accessibility);
        let section = |(code, version): (String, i32)| Some((Section::from_code(&code)?, version));
        Self {
            version: document.version,
            council: document.council,
            words: Words {
                executive: document.executive.unwrap_or(new.words.executive),
                panel: document.panel.unwrap_or(new.words.panel),
                democratic_services: document.democratic_services.unwrap_or(new.words.democratic_services),
            },
            zone: document.zone.unwrap_or(new.zone),
            closures: days(document.closures),
            terms: days(document.terms),
            sessions: Sessions {
                idle_minutes: document.idle_minutes.unwrap_or(new.sessions.idle_minutes),
                absolute_days: document.absolute_days.unwrap_or(new.sessions.absolute_days),
            },
            retention: Retention {
                leavers_months: document.leavers_months.unwrap_or(new.retention.leavers_months),
                mail_log_months: document.mail_log_months.unwrap_or(new.retention.mail_log_months),
                sign_in_days: document.sign_in_days.unwrap_or(new.retention.sign_in_days),
            },
            // A word that is not known is no yes.
            updates_by_link: UpdatesByLink::from_code(&document.updates_by_link).unwrap_or_default(),
            privacy: Privacy {
                contact: privacy.contact,
                reviewed_on: privacy.reviewed_on,
                more: privacy.more,
            },
            accessibility: Accessibility {
                contact: accessibility.contact,
                compliance: Compliance::from_code(&accessibility.compliance).unwrap_or_default(),
                tested: accessibility.tested,
                problems: accessibility.problems,
                prepared_on: accessibility.prepared_on,
                reviewed_on: accessibility.reviewed_on,
                enforcement: Enforcement::from_code(&accessibility.enforcement).unwrap_or_default(),
            },
            saved: document.saved.into_iter().filter_map(section).collect(),
            mail_tested_on: document.mail_tested_on,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Installation {
        serde_json::from_str::<Document>(text).unwrap().into()
    }

    #[test]
    fn what_is_missing_has_its_default_and_what_is_unknown_is_passed_over() {
        let partly =
            read(r#"{"council": "A council", "weather": "fine", "saved": {"words": 3, "weather": 4}}"#);
        assert_eq!(partly.council, "A council");
        assert_eq!(partly.saved, [(Section::Words, 3)].into());
        let same = Installation { council: String::new(), saved: BTreeMap::new(), ..partly };
        assert_eq!(same, Installation::default());
    }

    #[test]
    fn everything_comes_back_as_it_was_saved() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let saved = Installation {
            version: 7,
            council: "O’Brien & Daughters".into(),
            words: Words {
                executive: "Cabinet".into(),
                panel: "commission".into(),
                democratic_services: "Governance".into(),
            },
            zone: "Europe/Jersey".into(),
            closures: crate::domain::closure::read("24 December 2026, Christmas").unwrap(),
            terms: crate::domain::term::read("3 September 2026 to 23 October 2026, Autumn").unwrap(),
            sessions: Sessions { idle_minutes: 30, absolute_days: 1 },
            retention: Retention { leavers_months: 1, mail_log_months: 2, sign_in_days: 3 },
            updates_by_link: UpdatesByLink::On,
            privacy: Privacy {
                contact: Some("a".into()),
                reviewed_on: day("2026-01-02"),
                more: Some("b".into()),
            },
            accessibility: Accessibility {
                contact: Some("c".into()),
                compliance: Compliance::Partial,
                tested: Some("d".into()),
                problems: Some("e".into()),
                prepared_on: day("2026-01-03"),
                reviewed_on: day("2026-01-04"),
                enforcement: Enforcement::NorthernIreland,
            },
            saved: [(Section::Words, 2), (Section::Privacy, 7)].into(),
            mail_tested_on: day("2026-01-05"),
        };
        assert_eq!(read(&serde_json::to_string(&Document::from(&saved)).unwrap()), saved);
    }
}
