//! How far the way to a PostgreSQL server is protected, from its address alone.
//!
//! Reads what sqlx will read, by sqlx itself; connects to nothing.

use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// How a database is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// Without leaving this machine.
    Local,
    /// In clear text, or with TLS only if the server likes.
    Clear,
    /// With TLS, to whoever answers.
    Unchecked,
    /// With TLS, to a server whose certificate is checked.
    Checked,
}

/// How the database at an address is spoken to. An address that is of no kind is not spoken to at all.
pub fn wire(url: &str) -> Wire {
    let Some(options) = url.starts_with("postgres").then(|| url.parse::<PgConnectOptions>().ok()).flatten()
    else {
        return Wire::Local;
    };
    let host = options.get_host();
    if options.get_socket().is_some() || host.starts_with('/') || is_loopback(host) {
        return Wire::Local;
    }
    match options.get_ssl_mode() {
        PgSslMode::Disable | PgSslMode::Allow | PgSslMode::Prefer => Wire::Clear,
        PgSslMode::Require => Wire::Unchecked,
        PgSslMode::VerifyCa | PgSslMode::VerifyFull => Wire::Checked,
    }
}

fn is_loopback(host: &str) -> bool {
    let number = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    host.eq_ignore_ascii_case("localhost") || number.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::{Wire, wire};

    #[test]
    fn a_server_elsewhere_is_spoken_to_in_clear_text_unless_its_address_asks_for_more() {
        for (url, is) in [
            ("sqlite://data/x.sqlite", Wire::Local),
            ("postgres://u:p@localhost/x", Wire::Local),
            ("postgres://u:p@127.0.0.1:5433/x", Wire::Local),
            ("postgres://u:p@[::1]/x", Wire::Local),
            ("postgres:///x?host=/var/run/postgresql&user=u", Wire::Local),
            ("postgres://u:p@db.council.gov.uk/x", Wire::Clear),
            ("postgresql://u:p@db.council.gov.uk/x?sslmode=prefer", Wire::Clear),
            ("postgres://u:p@10.0.0.7/x?sslmode=disable", Wire::Clear),
            ("postgres://u:p@10.0.0.7/x?sslmode=require", Wire::Unchecked),
            ("postgres://u:p@db.council.gov.uk/x?sslmode=verify-full", Wire::Checked),
        ] {
            assert_eq!(wire(url), is, "{url}");
        }
    }
}
