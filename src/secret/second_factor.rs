//! The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes that stand in for it.
//!
//! Owns how codes are made and compared. Never remembers which were taken: that is the database's.
//!
//! Codes are what every authenticator app can do: SHA-1, 6 digits, 30 seconds. A clock may be one step off either way.

use chrono::{DateTime, Utc};
use totp_rs::{Algorithm, Builder, Secret, Totp};

use super::{SecretError, blocking, hash, verify};

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
    blocking(move || codes.iter().map(|code| hash(code)).collect()).await
}

/// Which of some hashed recovery codes this is.
///
/// # Errors
/// [`SecretError::Hash`] if a hash can't be read.
pub async fn find_recovery_code(typed: &str, hashed: Vec<(i64, String)>) -> Result<Option<i64>, SecretError> {
    let Some(code) = typed_recovery_code(typed) else { return Ok(None) };
    blocking(move || {
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
