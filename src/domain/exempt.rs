//! Updates that are not for publication: the descriptions of exempt information in Schedule 12A to the Local Government
//! Act 1972, as they hold in England.
//!
//! Owns the law's words in short, and what the public reads in an update's place. Who may mark one, and until when, is
//! [`crate::command::update`]'s.

/// The paragraphs of Part 1, each with what it describes.
pub const PARAGRAPHS: [(i32, &str); 7] = [
    (1, "Information relating to any individual"),
    (2, "Information which is likely to reveal the identity of an individual"),
    (
        3,
        "Information relating to the financial or business affairs of any particular person (including the authority holding that information)",
    ),
    (
        4,
        "Information relating to any consultations or negotiations, or contemplated consultations or negotiations, in connection with any labour relations matter arising between the authority or a Minister of the Crown and employees of, or office holders under, the authority",
    ),
    (
        5,
        "Information in respect of which a claim to legal professional privilege could be maintained in legal proceedings",
    ),
    (
        6,
        "Information which reveals that the authority proposes to give under any enactment a notice under or by virtue of which requirements are imposed on a person, or to make an order or direction under any enactment",
    ),
    (
        7,
        "Information relating to any action taken or to be taken in connection with the prevention, investigation or prosecution of crime",
    ),
];

/// A paragraph by the number that somebody chose; none: there is no such paragraph.
pub fn paragraph(code: &str) -> Option<i32> {
    PARAGRAPHS.iter().map(|(number, _)| *number).find(|number| number.to_string() == code)
}

/// What stands in an update's place for those who may not read it.
pub fn instead(paragraph: i32) -> String {
    format!(
        "Not for publication: exempt information under paragraph {paragraph} of Schedule 12A to the Local Government Act 1972"
    )
}

/// What stands in the place of its smaller parts, where the whole says why.
pub const NOT_FOR_PUBLICATION: &str = "Not for publication";

/// The words on a tag beside it, for those who may.
pub fn tag(paragraph: i32) -> String {
    format!("{NOT_FOR_PUBLICATION}: paragraph {paragraph}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_one_of_the_seven_and_nothing_else() {
        for number in 1..=7 {
            assert_eq!(paragraph(&number.to_string()), Some(number));
        }
        for wrong in ["", "0", "8", "01", "-1", "one", " 1"] {
            assert_eq!(paragraph(wrong), None, "{wrong:?}");
        }
    }
}
