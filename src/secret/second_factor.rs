//! The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand in for it.
//!
//! Owns how codes are made and compared. Never remembers which were taken: that is the database's.
//!
//! Codes are what every authenticator app can do: SHA-1, 6 digits, 30 seconds. A clock may be one step off either way.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{DESKS, PATIENCE, SecretError, hash, in_turn, verify};

/// Seconds for which a code is shown.
const STEP: i64 = 30;
/// Digits of a code.
const DIGITS: usize = 6;
/// Length of a secret in bytes: that of SHA-1, as RFC 4226 recommends.
const SECRET_LENGTH: usize = 20;
/// How many recovery codes somebody gets at a time.
pub const RECOVERY_CODES: usize = 10;
/// What recovery codes are made of: no i, l, o, 0 or 1, which look like one another.
const ALPHABET: &[u8; 31] = b"23456789abcdefghjkmnpqrstuvwxyz";
/// Length of a recovery code without its dashes: some 59 bits.
const RECOVERY_LENGTH: usize = 12;

/// A new secret to share with an authenticator app, in Base32.
///
/// # Errors
/// [`SecretError::Random`] if the system gives no randomness.
pub fn new_secret() -> Result<String, SecretError> {
    let mut bytes = [0_u8; SECRET_LENGTH];
    getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
    Ok(Secret::from(bytes.to_vec()).to_base32())
}

/// The address that an authenticator app reads from the QR code: `otpauth://totp/...`.
///
/// # Errors
/// [`SecretError::Hash`] if the secret can't be read.
pub fn address(secret: &str, issuer: &str, account: &str) -> Result<String, SecretError> {
    // A colon parts issuer and account, so neither may hold one.
    let plain = |text: &str| text.replace(':', " ");
    let builder = builder(secret)?.with_issuer(Some(plain(issuer))).with_account_name(plain(account));
    builder.build().and_then(|totp| totp.to_url()).map_err(unreadable)
}

/// The code that an app shows at an instant.
///
/// # Errors
/// [`SecretError::Hash`] if the secret can't be read.
pub fn code(secret: &str, at: DateTime<Utc>) -> Result<String, SecretError> {
    Ok(totp(secret)?.generate(seconds(step(at))).to_string())
}

/// The time step whose code this is: the present one or one to either side, and later than `after`, the last that was
/// taken. None: it is no code that can be taken now.
///
/// # Errors
/// [`SecretError::Hash`] if the secret can't be read.
pub fn matching_step(
    secret: &str,
    typed: &str,
    at: DateTime<Utc>,
    after: Option<i64>,
) -> Result<Option<i64>, SecretError> {
    let Some(typed) = typed_code(typed) else { return Ok(None) };
    let (totp, now) = (totp(secret)?, step(at));
    Ok((now - 1..=now + 1)
        .filter(|step| after.is_none_or(|after| *step > after))
        .find(|step| totp.check(&typed, seconds(*step)).is_some()))
}

/// The digits of a code as somebody typed it, with spaces or without; none: it is no such code.
pub fn typed_code(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    (digits.len() == DIGITS && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

/// A new set of recovery codes, as people are shown them: "k7mp-3xqd-9trw".
///
/// # Errors
/// [`SecretError::Random`] if the system gives no randomness.
pub fn new_recovery_codes() -> Result<Vec<String>, SecretError> {
    (0..RECOVERY_CODES).map(|_| new_recovery_code()).collect()
}

fn new_recovery_code() -> Result<String, SecretError> {
    let mut code = String::with_capacity(RECOVERY_LENGTH + 2);
    let mut left = RECOVERY_LENGTH;
    while left > 0 {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
        // Five bits of a byte give 0 to 31; what is above the alphabet is thrown away, so that every letter is as likely.
        for letter in bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte >> 3))).take(left) {
            if left < RECOVERY_LENGTH && left.is_multiple_of(4) {
                code.push('-');
            }
            code.push(char::from(*letter));
            left -= 1;
        }
    }
    Ok(code)
}

/// A recovery code as somebody typed it, in the form in which it is hashed; none: it is no such code.
pub fn typed_recovery_code(text: &str) -> Option<String> {
    let is_between = |c: &char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—');
    let code: String = text.chars().filter(|c| !is_between(c)).map(|c| c.to_ascii_lowercase()).collect();
    (code.len() == RECOVERY_LENGTH && code.bytes().all(|b| ALPHABET.contains(&b))).then_some(code)
}

/// The hashes of recovery codes: Argon2id like passwords, since they are short enough for people to type.
///
/// # Errors
/// [`SecretError::Hash`] if one can't be made.
pub async fn hash_recovery_codes(codes: &[String]) -> Result<Vec<String>, SecretError> {
    let codes: Vec<String> = codes.iter().filter_map(|code| typed_recovery_code(code)).collect();
    in_turn(&DESKS, PATIENCE, move || codes.iter().map(|code| hash(code)).collect()).await
}

/// Which of some hashed recovery codes this is.
///
/// # Errors
/// [`SecretError::Hash`] if a hash can't be read.
pub async fn find_recovery_code(typed: &str, hashed: Vec<(i64, String)>) -> Result<Option<i64>, SecretError> {
    let Some(code) = typed_recovery_code(typed) else { return Ok(None) };
    in_turn(&DESKS, PATIENCE, move || {
        for (id, hash) in hashed {
            if verify(&code, &hash)? {
                return Ok(Some(id));
            }
        }
        Ok(None)
    })
    .await
}

fn builder(secret: &str) -> Result<Builder, SecretError> {
    let secret = Secret::try_from_base32(secret).map_err(unreadable)?;
    Ok(Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        // Neighbouring steps are tried one by one in `matching_step`, which has to know which of them it was.
        .with_skew(0)
        .with_step_duration(30)
        .with_secret(secret))
}

fn totp(secret: &str) -> Result<Totp, SecretError> {
    builder(secret)?.with_account_name("account").build().map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> SecretError {
    SecretError::Hash(error.to_string())
}

fn step(at: DateTime<Utc>) -> i64 {
    at.timestamp().div_euclid(STEP)
}

fn seconds(step: i64) -> u64 {
    u64::try_from(step.saturating_mul(STEP)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238's examples, "12345678901234567890", in Base32.
    const RFC_6238: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn codes_are_those_of_the_examples_in_rfc_6238() {
        // Its table has 8 digits; the last 6 of them are the code with 6.
        for (seconds, eight) in [
            (59, "94287082"),
            (1_111_111_109, "07081804"),
            (1_111_111_111, "14050471"),
            (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"),
            (20_000_000_000, "65353130"),
        ] {
            assert_eq!(code(RFC_6238, at(seconds)).unwrap(), &eight[2..], "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let now = 1_234_567_890;
        let typed = |offset| code(RFC_6238, at(now + offset)).unwrap();
        let step = |offset| matching_step(RFC_6238, &typed(offset), at(now), None).unwrap();
        let present = now / 30;
        assert_eq!(
            [-60, -30, 0, 30, 60].map(step),
            [None, Some(present - 1), Some(present), Some(present + 1), None]
        );
    }

    #[test]
    fn no_code_is_taken_that_is_not_later_than_the_last() {
        let now = at(1_234_567_890);
        let present = 1_234_567_890 / 30;
        let typed = code(RFC_6238, now).unwrap();
        let step = |after| matching_step(RFC_6238, &typed, now, Some(after)).unwrap();
        assert_eq!(step(present - 1), Some(present));
        assert_eq!(step(present), None);
        assert_eq!(step(present + 1), None);
    }

    #[test]
    fn a_code_may_have_spaces_and_nothing_else() {
        let now = at(59);
        for typed in ["287082", " 287 082 ", "2 8 7 0 8 2"] {
            assert_eq!(matching_step(RFC_6238, typed, now, None).unwrap(), Some(1), "{typed}");
        }
        for typed in ["", "28708", "2870821", "28708a", "２８７０８２", "+28708", "🙂", "287\x0082"] {
            assert_eq!(matching_step(RFC_6238, typed, now, None).unwrap(), None, "{typed}");
        }
    }

    #[test]
    fn a_new_secret_has_160_bits_and_is_never_the_same() {
        let (a, b) = (new_secret().unwrap(), new_secret().unwrap());
        assert_eq!(a.len(), 32);
        assert_ne!(a, b);
        assert_eq!(code(&a, at(0)).unwrap().len(), 6);
    }

    #[test]
    fn an_app_reads_issuer_account_and_secret_from_the_address() {
        assert_eq!(
            address(RFC_6238, "Scrutiny Tracker (St: Bees)", "o'brien+x@example.org").unwrap(),
            "otpauth://totp/Scrutiny%20Tracker%20%28St%20%20Bees%29:o%27brien%2Bx%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Scrutiny%20Tracker%20%28St%20%20Bees%29"
        );
    }

    #[test]
    fn recovery_codes_are_ten_different_ones_without_letters_that_look_alike() {
        let mut codes = new_recovery_codes().unwrap();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in &codes {
            let groups: Vec<&str> = code.split('-').collect();
            assert_eq!(groups.iter().map(|g| g.len()).collect::<Vec<_>>(), [4, 4, 4], "{code}");
            assert!(!code.contains(['0', '1', 'i', 'l', 'o']), "{code}");
            assert!(typed_recovery_code(code).is_some());
        }
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), RECOVERY_CODES);
    }

    #[test]
    fn a_recovery_code_is_read_in_any_case_with_dashes_or_without() {
        for typed in ["k7mp-3xqd-9trw", "K7MP3XQD9TRW", " k7mp 3xqd 9trw ", "k7mp–3xqd‑9TRW"] {
            assert_eq!(typed_recovery_code(typed).as_deref(), Some("k7mp3xqd9trw"), "{typed}");
        }
        for typed in ["", "k7mp-3xqd-9tr", "k7mp-3xqd-9trww", "k7mp-3xqd-9tr0", "k7mp-3xqd-9tré", "287082"] {
            assert_eq!(typed_recovery_code(typed), None, "{typed}");
        }
    }

    #[tokio::test]
    async fn a_recovery_code_is_found_by_its_hash_alone() {
        let codes = ["k7mp-3xqd-9trw".to_owned(), "2222-3333-4444".to_owned()];
        let hashes = hash_recovery_codes(&codes).await.unwrap();
        assert!(hashes.iter().all(|h| h.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")), "{hashes:?}");
        let hashed: Vec<(i64, String)> = (7..).zip(hashes).collect();
        let find = |typed: &'static str| find_recovery_code(typed, hashed.clone());
        assert_eq!(find("222233334444").await.unwrap(), Some(8));
        assert_eq!(find("K7MP-3XQD-9TRW").await.unwrap(), Some(7));
        assert_eq!(find("k7mp-3xqd-9trx").await.unwrap(), None);
        assert_eq!(find("").await.unwrap(), None);
    }
}
