//! Secrets: random tokens and their hashes, and passwords with Argon2id.
//!
//! The database never holds a token, only its SHA-256; and never a password, only its Argon2id hash. Hashing takes a while on
//! purpose, so it runs on a blocking thread, and only so many at once: a flood of sign-ins must not take the machine away
//! from those who are signed in. Those who would wait too long are told to come back.

use std::{
    fmt::Write as _,
    sync::{Arc, LazyLock},
    time::Duration,
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

mod strength;

pub use strength::{Weakness, weakness};

/// 19 MiB, two passes, one lane: the least that OWASP recommends.
const MEMORY: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// A hash that no password fits, checked where there is no account. Its parameters are those above.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm8gc2FsdCBhdCBhbGwh$bm8gcGFzc3dvcmQgaGFzaGVzIHRvIHRoaXMsIGV2ZXI";

/// How many passwords are hashed at once: one for each core, each with its 19 MiB.
static DESKS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores))
});

/// The longest that somebody waits for their turn.
const PATIENCE: Duration = Duration::from_secs(10);

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
    /// So many passwords are being checked that this one’s turn did not come.
    #[error("too many passwords at once")]
    Busy,
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

/// A signature under a key of ours, in hexadecimal: HMAC with SHA-256. The key is text of any length.
///
/// # Errors
/// [`SecretError::Hash`], which no key brings about.
pub fn signature(key: &str, text: &str) -> Result<String, SecretError> {
    let mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(|e| SecretError::Hash(e.to_string()))?;
    Ok(hex(&mac.chain_update(text.as_bytes()).finalize().into_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A password as it is hashed: composed (NFC), as RFC 8265 asks, so that an é is the same from every keyboard.
fn composed(password: &str) -> String {
    password.nfc().collect()
}

fn argon2id() -> Result<Argon2<'static>, SecretError> {
    let params = Params::new(MEMORY, PASSES, LANES, None).map_err(|e| SecretError::Hash(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, in PHC form.
///
/// # Errors
/// [`SecretError::Busy`] if too many are being hashed, [`SecretError::Hash`] if it can't be made.
pub async fn hash_password(password: String) -> Result<String, SecretError> {
    in_turn(&DESKS, PATIENCE, move || hash(&password)).await
}

fn hash(password: &str) -> Result<String, SecretError> {
    let hash = argon2id()?.hash_password(composed(password).as_bytes());
    hash.map(|hash| hash.to_string()).map_err(|e| SecretError::Hash(e.to_string()))
}

/// Whether a password fits a hash. Without a hash the same work is done and the answer is no, so that nobody can tell from
/// the time whether an address has an account.
///
/// # Errors
/// [`SecretError::Busy`] if too many are being checked, [`SecretError::Hash`] if the stored hash can't be read.
pub async fn verify_password(password: String, hash: Option<String>) -> Result<bool, SecretError> {
    in_turn(&DESKS, PATIENCE, move || {
        let fits = verify(&password, hash.as_deref().unwrap_or(NOBODY))?;
        Ok(fits && hash.is_some())
    })
    .await
}

fn verify(password: &str, hash: &str) -> Result<bool, SecretError> {
    let parsed = PasswordHash::new(hash).map_err(|e| SecretError::Hash(e.to_string()))?;
    Ok(argon2id()?.verify_password(composed(password).as_bytes(), &parsed).is_ok())
}

/// Whether a hash was made with less work than is asked for today: it is made anew at the next sign-in.
pub fn is_outdated(hash: &str) -> bool {
    let Ok(parsed) = PasswordHash::new(hash) else { return true };
    let Ok(params) = Params::try_from(&parsed) else { return true };
    parsed.algorithm != Algorithm::Argon2id.ident()
        || parsed.version != Some(Version::V0x13.into())
        || params.m_cost() < MEMORY
        || params.t_cost() < PASSES
        || params.p_cost() < LANES
}

/// Does slow work on a blocking thread when its turn comes. Who hangs up meanwhile does not free the turn before the work is
/// done: that is how many there really are.
async fn in_turn<T: Send + 'static>(
    desks: &Arc<Semaphore>,
    patience: Duration,
    work: impl FnOnce() -> Result<T, SecretError> + Send + 'static,
) -> Result<T, SecretError> {
    let turn = tokio::time::timeout(patience, desks.clone().acquire_owned()).await;
    let Ok(Ok(turn)) = turn else { return Err(SecretError::Busy) };
    tokio::task::spawn_blocking(move || {
        let done = work();
        drop(turn);
        done
    })
    .await
    .map_err(|e| SecretError::Hash(e.to_string()))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let hash = hash_password("three random words".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
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

    #[test]
    fn a_hash_made_with_less_work_is_outdated() {
        let of = |params: &str| NOBODY.replacen("m=19456,t=2,p=1", params, 1);
        assert!(!is_outdated(NOBODY));
        assert!(!is_outdated(&of("m=65536,t=3,p=4")));
        for params in ["m=4096,t=3,p=1", "m=19456,t=1,p=1"] {
            assert!(is_outdated(&of(params)), "{params}");
        }
        assert!(is_outdated(&NOBODY.replacen("argon2id", "argon2i", 1)));
        assert!(is_outdated(&NOBODY.replacen("v=19", "v=16", 1)));
        assert!(is_outdated("no hash"));
    }

    #[tokio::test]
    async fn a_letter_is_the_same_from_every_keyboard() {
        let hash = hash_password("caf\u{e9} lampe brouette".to_owned()).await.unwrap();
        assert!(verify_password("cafe\u{301} lampe brouette".to_owned(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn a_long_password_is_not_cut() {
        let long = "\u{1f980}".repeat(128);
        let hash = hash_password(long.clone()).await.unwrap();
        assert!(verify_password(long.clone(), Some(hash.clone())).await.unwrap());
        let shorter: String = long.chars().take(127).collect();
        assert!(!verify_password(shorter, Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn only_so_many_are_hashed_at_once_and_the_others_are_told() {
        let desks = Arc::new(Semaphore::new(1));
        let (finish, told) = std::sync::mpsc::channel::<()>();
        let (begun, has_begun) = tokio::sync::oneshot::channel::<()>();
        let first = tokio::spawn({
            let desks = desks.clone();
            async move {
                in_turn(&desks, PATIENCE, move || {
                    let _ = begun.send(());
                    let _ = told.recv();
                    Ok(())
                })
                .await
            }
        });
        has_begun.await.unwrap();
        let second = in_turn(&desks, Duration::from_millis(20), || Ok(())).await;
        assert!(matches!(second, Err(SecretError::Busy)), "{second:?}");
        // Hanging up does not free the turn while the work goes on.
        first.abort();
        let third = in_turn(&desks, Duration::from_millis(20), || Ok(())).await;
        assert!(matches!(third, Err(SecretError::Busy)), "{third:?}");
        finish.send(()).unwrap();
        in_turn(&desks, PATIENCE, || Ok(())).await.unwrap();
    }

    #[tokio::test]
    async fn nobody_costs_as_much_time_as_somebody() {
        let hash = hash_password("three random words".to_owned()).await.unwrap();
        let fastest = async |hash: Option<&String>| {
            let mut fastest = Duration::MAX;
            for _ in 0..7 {
                let begun = std::time::Instant::now();
                verify_password("a wrong guess".to_owned(), hash.cloned()).await.unwrap();
                fastest = fastest.min(begun.elapsed());
            }
            fastest
        };
        let (somebody, nobody) = (fastest(Some(&hash)).await, fastest(None).await);
        assert!(nobody * 2 > somebody && somebody * 2 > nobody, "{somebody:?} and {nobody:?}");
    }
}
