//! Secrets: random tokens and their hashes, and passwords with Argon2id.
//!
//! The database never holds a token, only its SHA-256; and never a password, only its Argon2id hash (19 MiB, two passes,
//! the crate's recommended parameters). Hashing takes a while on purpose, so it runs on a blocking thread.

use std::fmt::Write as _;

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use sha2::{Digest, Sha256};

pub mod second_factor;

/// What can go wrong with a secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// The system has no randomness to give.
    #[error("no randomness from the system: {0}")]
    Random(getrandom::Error),
    /// The hash could not be made or read.
    #[error("password hash: {0}")]
    Hash(String),
}

/// 32 random bytes in hexadecimal: for sessions, one-time links and forms.
///
/// # Errors
/// [`SecretError::Random`] if the system gives none.
pub fn token() -> Result<String, SecretError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(SecretError::Random)?;
    Ok(hex(&bytes))
}

/// What the database keeps of a token: its SHA-256 in hexadecimal.
pub fn fingerprint(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of a password, in PHC form.
///
/// # Errors
/// [`SecretError::Hash`] if it can't be made.
pub async fn hash_password(password: String) -> Result<String, SecretError> {
    blocking(move || hash(&password)).await
}

fn hash(password: &str) -> Result<String, SecretError> {
    let hash = Argon2::default().hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|e| SecretError::Hash(e.to_string()))
}

/// Whether a password fits a hash. Without a hash the same time is spent and the answer is no, so that nobody can tell
/// from the time whether an address has an account.
///
/// # Errors
/// [`SecretError::Hash`] if the stored hash can't be read.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool, SecretError> {
    blocking(move || match hash {
        Some(hash) => verify(&password, &hash),
        None => {
            let _ = Argon2::default().hash_password(password.as_bytes());
            Ok(false)
        }
    })
    .await
}

fn verify(password: &str, hash: &str) -> Result<bool, SecretError> {
    let parsed = PasswordHash::new(hash).map_err(|e| SecretError::Hash(e.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| SecretError::Hash(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("three random words".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify_password("three random words".to_owned(), Some(hash.clone())).await.unwrap());
        assert!(!verify_password("Three random words".to_owned(), Some(hash)).await.unwrap());
        assert!(!verify_password("three random words".to_owned(), None).await.unwrap());
    }

    #[test]
    fn tokens_differ_and_are_kept_as_fingerprints() {
        let (a, b) = (token().unwrap(), token().unwrap());
        assert_ne!(a, b);
        assert_eq!(a.len(), 64);
        assert_ne!(fingerprint(&a), a);
        assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
