//! The browser that asks: where it comes from and what it calls itself.
//!
//! Believes `X-Forwarded-For` only as far as proxies that the settings name wrote it.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, header::USER_AGENT, request::Parts},
};
use axum_extra::extract::CookieJar;
use ipnet::IpNet;

use super::cookie;
use crate::command::session::Client;

/// The proxies whose word counts: none unless the settings name them.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Arc<[IpNet]>);

impl FromIterator<IpNet> for Proxies {
    fn from_iter<I: IntoIterator<Item = IpNet>>(networks: I) -> Self {
        Self(networks.into_iter().collect())
    }
}

impl Proxies {
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The address of the person's own machine: the peer's, or, where that is a proxy of ours, the last one in
    /// `X-Forwarded-For` that is not. Each proxy adds at the end whom it heard from; what stands further left was said by
    /// somebody whom nobody knows.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer.to_canonical();
        let said: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .iter()
            .flat_map(|value| value.to_str().unwrap_or("?").split(','))
            .collect();
        for word in said.into_iter().rev() {
            if !self.trust(client) {
                break;
            }
            let Some(before) = address(word.trim()) else { break };
            client = before;
        }
        client
    }
}

/// An address, with or without a port: proxies write both.
fn address(word: &str) -> Option<IpAddr> {
    let plain = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(word);
    let address = plain.parse().ok().or_else(|| word.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address| address.to_canonical())
}

/// The browser that asks, as commands want to know it. Its address is none only where there is no network (in tests).
///
/// An IPv6 address is whole here; whoever counts by address counts the first 64 bits of it, as one household has them all.
#[derive(Clone, Debug)]
pub struct Caller(pub Client);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let none = Proxies::default();
        let proxies = parts.extensions.get::<Proxies>().unwrap_or(&none);
        let user_agent = parts.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok());
        Ok(Self(Client {
            address: peer.map(|ConnectInfo(peer)| proxies.client(peer.ip(), &parts.headers)),
            user_agent: user_agent.map(str::to_owned),
            known: cookie::known(&CookieJar::from_headers(&parts.headers)),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, said: &[&str]) -> String {
        let proxies: Proxies =
            ["127.0.0.1/32", "10.0.0.0/8", "2001:db8::/32"].iter().map(|n| n.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for line in said {
            headers.append("x-forwarded-for", line.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn nobody_is_believed_who_is_no_proxy_of_ours() {
        assert_eq!(client("203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("::ffff:203.0.113.7", &["198.51.100.1"]), "203.0.113.7");
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn the_last_address_that_is_no_proxy_of_ours_is_the_clients() {
        for (said, is) in [
            (&["198.51.100.1"][..], "198.51.100.1"),
            // The first was made up by the client: ours added the last.
            (&["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
            (&["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
            (&["192.0.2.66, 198.51.100.1, 10.1.2.3"], "198.51.100.1"),
            (&["198.51.100.1:49152"], "198.51.100.1"),
            (&["[2a00:23c5::1]:443, 2001:db8::5"], "2a00:23c5::1"),
            (&["[2a00:23c5::1]"], "2a00:23c5::1"),
            (&["::ffff:198.51.100.1"], "198.51.100.1"),
            // All of them are ours: the first is somebody in our own network.
            (&["10.9.9.9, 10.1.2.3"], "10.9.9.9"),
        ] {
            assert_eq!(client("127.0.0.1", said), is, "{said:?}");
        }
    }

    #[test]
    fn what_is_no_address_ends_the_search_at_whom_we_know() {
        for said in ["unknown", "", "198.51.100.1, _hidden", "198.51.100.1,", "1.2.3.4.5", "é"] {
            assert_eq!(client("127.0.0.1", &[said]), "127.0.0.1", "{said:?}");
        }
        assert_eq!(client("127.0.0.1", &["unknown, 10.1.2.3"]), "10.1.2.3");
    }
}
