//! The command `check`: what it prints of an installation that is whole, unsafe or wrong, and how it ends.

use std::process::{Command, Output};

use crate::support::Site;

const SAFE: [(&str, &str); 5] = [
    ("SCRUTINY_BASE_URL", "https://tracker.council.gov.uk"),
    ("SCRUTINY_COUNCIL", "A council"),
    ("SCRUTINY_MAIL_FROM", "tracker@council.gov.uk"),
    ("SCRUTINY_SMTP_HOST", "relay.council.gov.uk"),
    ("SCRUTINY_TRUSTED_PROXIES", "127.0.0.1"),
];

/// Runs the program with these settings beside safe ones, the last of a name winning.
fn run(command: &[&str], url: &str, settings: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scrutiny-tracker"))
        .args(["--database", url])
        .args(command)
        .env_clear()
        .envs(SAFE.iter().chain(settings).copied())
        .output()
        .unwrap()
}

/// An installation whose database nobody else can read, as the program itself would have made it.
async fn private() -> Site {
    let site = Site::empty().await;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(site.file("test.sqlite"), mode).unwrap();
    }
    site
}

fn warnings(output: &Output) -> Vec<String> {
    let printed = String::from_utf8_lossy(&output.stdout);
    printed.lines().filter(|line| line.starts_with("WARNING ")).map(str::to_owned).collect()
}

#[tokio::test]
async fn check_of_a_safe_installation_warns_of_nothing() {
    let site = private().await;
    let output = run(&["check"], &site.url, &[]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(warnings(&output), [""; 0]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("settings     complete"));
}

#[tokio::test]
async fn check_warns_of_every_unsafe_setting_and_does_not_fail_for_it() {
    let site = private().await;
    let output = run(
        &["check"],
        &site.url,
        &[
            ("SCRUTINY_BASE_URL", "http://tracker.council.gov.uk"),
            ("SCRUTINY_LISTEN", "0.0.0.0:8080"),
            ("SCRUTINY_TRUSTED_PROXIES", ""),
            ("SCRUTINY_SMTP_TLS", "none"),
            ("SCRUTINY_SMTP_ALLOW_CLEAR_TEXT", "yes"),
            ("SCRUTINY_LISTN", "127.0.0.1:80"),
        ],
    );
    assert!(output.status.success(), "{output:?}");
    let warnings = warnings(&output);
    for what in ["SCRUTINY_BASE_URL", "SCRUTINY_LISTEN", "SCRUTINY_SMTP_TLS", "SCRUTINY_LISTN is no setting"]
    {
        assert!(warnings.iter().any(|line| line.contains(what)), "{what}: {warnings:?}");
    }
    assert_eq!(warnings.len(), 4, "{warnings:?}");
}

#[tokio::test]
async fn check_fails_for_what_is_wrong() {
    let site = Site::empty().await;
    for wrong in [
        ("SCRUTINY_TRUSTED_PROXIES", "the web server"),
        // One of the two is not enough.
        ("SCRUTINY_SMTP_USER", "tracker"),
    ] {
        let output = run(&["check"], &site.url, &[wrong]);
        assert_eq!(output.status.code(), Some(1), "{wrong:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("WRONG: "), "{output:?}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_new_database_and_its_backup_are_nobody_elses() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let (file, backup) = (folder.path().join("data/new.sqlite"), folder.path().join("backup"));
    let url = format!("sqlite://{}", file.display());
    assert!(run(&["migrate"], &url, &[]).status.success());
    assert!(run(&["backup", backup.to_str().unwrap()], &url, &[]).status.success());
    for made in [&file, &backup, &folder.path().join("data")] {
        let mode = made.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", made.display());
    }
}

#[test]
fn a_settings_file_that_can_not_be_read_is_named_and_nothing_of_it_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("settings");
    std::fs::write(&file, "SCRUTINY_COUNCIL=Hush\n\nSCRUTINY_SMTP_PASSWORD=my secret pass\n").unwrap();
    let said = |file: &std::path::Path| {
        let output = run(&["--settings", file.to_str().unwrap(), "check"], "sqlite://nowhere.sqlite", &[]);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    };
    let wrong = said(&file);
    assert!(
        wrong.contains("settings, line 3: this is no NAME=value") && !wrong.contains("secret"),
        "{wrong}"
    );
    let missing = said(&folder.path().join("missing"));
    assert!(missing.contains("missing can’t be read"), "{missing}");
}
