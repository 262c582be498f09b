//! Reads back a message that [`super::message`] built: for the demonstration's mail viewer and for tests.
//!
//! It never reads mail from outside: of MIME it knows what `build` writes and nothing else.

/// A message as a person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Name and decoded value, in the order in which they stand.
    pub headers: Vec<(String, String)>,
    /// The plain text, lines ending in `\n`.
    pub plain: String,
    /// The HTML document, lines ending in `\n`.
    pub html: String,
}

impl Letter {
    /// The value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut named = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        named.next().map(|(_, value)| value.as_str())
    }
}

/// Takes a message apart; `None` when it is not one of ours.
pub fn read(message: &[u8]) -> Option<Letter> {
    let text = std::str::from_utf8(message).ok()?;
    let (head, body) = text.split_once("\r\n\r\n")?;
    let headers: Vec<_> = headers(head).collect();
    let kind = headers.iter().find(|(name, _)| name == "Content-Type")?.1.as_str();
    let (_, boundary) = kind.split_once("boundary=\"")?;
    let fence = format!("--{}", boundary.strip_suffix('"')?);
    // Before the first fence: nothing. After the last: the closing `--`.
    let mut parts = body.split(&fence).skip(1).map(|part| {
        let (_, encoded) = part.split_once("\r\n\r\n")?;
        decode_quoted_printable(encoded.strip_suffix("\r\n")?)
    });
    Some(Letter { plain: parts.next()??, html: parts.next()??, headers })
}

fn headers(head: &str) -> impl Iterator<Item = (String, String)> {
    let unfolded = head.replace("\r\n ", " ");
    let lines: Vec<_> = unfolded.split("\r\n").map(str::to_owned).collect();
    lines.into_iter().filter_map(|line| {
        let (name, value) = line.split_once(": ")?;
        Some((name.to_owned(), decode_words(value)))
    })
}

/// Decodes RFC 2047 words (UTF-8, base64: the only kind that is written). White space between two of them belongs to
/// the folding, not to the text.
fn decode_words(value: &str) -> String {
    let mut decoded = String::new();
    let mut after_word = false;
    for token in value.split(' ') {
        let (before, word) = token.split_once("=?utf-8?b?").unwrap_or((token, ""));
        let bytes = word.split_once("?=").and_then(|(word, rest)| Some((base64(word)?, rest)));
        let text = bytes.and_then(|(bytes, rest)| Some((String::from_utf8(bytes).ok()?, rest)));
        if !(decoded.is_empty() || after_word && text.is_some() && before.is_empty()) {
            decoded.push(' ');
        }
        after_word = text.is_some();
        match text {
            Some((text, rest)) => decoded.extend([before, &text, rest]),
            None => decoded.push_str(token),
        }
    }
    decoded
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for symbol in text.trim_end_matches('=').bytes() {
        let value = match symbol {
            b'A'..=b'Z' => symbol - b'A',
            b'a'..=b'z' => symbol - b'a' + 26,
            b'0'..=b'9' => symbol - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xff) as u8);
        }
    }
    Some(bytes)
}

fn decode_quoted_printable(encoded: &str) -> Option<String> {
    let joined = encoded.replace("=\r\n", "").replace("\r\n", "\n");
    let mut pieces = joined.split('=');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        bytes.push(u8::from_str_radix(piece.get(..2)?, 16).ok()?);
        bytes.extend(piece.get(2..)?.bytes());
    }
    String::from_utf8(bytes).ok()
}
