//! The types of the protocol with the claims that we read, and its errors as ours.
//!
//! Never passes on what the directory wrote about an error beside its code: it can name people.

use chrono::{DateTime, Utc};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthType, ClaimsVerificationError, ConfigurationError, DiscoveryError,
    EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpClientError, IdTokenFields,
    RedirectUrl, RequestTokenError, StandardErrorResponse, StandardTokenResponse, SubjectIdentifier,
    UserInfoClaims,
    core::{
        CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim,
        CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
    },
    reqwest,
};
use serde::{Deserialize, Serialize};

use super::{Failure, Settings};

/// The claims that are not everybody's.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Extra {
    /// Entra ID says so that the owner of an address's domain has verified it: as true, 1, or either in quotes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    xms_edov: Option<serde_json::Value>,
}

impl AdditionalClaims for Extra {}

impl Extra {
    pub(super) fn is_verified(&self) -> bool {
        self.xms_edov.as_ref().is_some_and(|said| {
            said.as_bool() == Some(true)
                || said.as_i64() == Some(1)
                || matches!(said.as_str(), Some("true" | "1"))
        })
    }
}

type TokenError = StandardErrorResponse<CoreErrorResponseType>;
type Fields = IdTokenFields<
    Extra,
    EmptyExtraTokenFields,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// A token that says who somebody is.
pub(super) type IdToken = openidconnect::IdToken<
    Extra,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;

/// The directory as it describes itself, with what we are there.
pub(super) type Client = openidconnect::Client<
    Extra,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    TokenError,
    StandardTokenResponse<Fields, CoreTokenType>,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// What was learnt of the directory, and when.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) client: Client,
    pub(super) at: DateTime<Utc>,
}

/// Asks the directory for its description and its keys.
pub(super) async fn discover(
    settings: &Settings,
    return_to: &RedirectUrl,
    http: &reqwest::Client,
) -> Result<Client, Failure> {
    let described =
        CoreProviderMetadata::discover_async(settings.issuer.clone(), http).await.map_err(discovery)?;
    let token = described.token_endpoint().map(|url| url.url());
    let addresses = [Some(described.authorization_endpoint().url()), token, Some(described.jwks_uri().url())];
    let userinfo = described.userinfo_endpoint().map(|url| url.url());
    if let Some(url) =
        addresses.into_iter().chain([userinfo]).flatten().find(|url| !settings.may_speak_to(url))
    {
        return Err(Failure::Refused(format!("it names an address without TLS: {url}")));
    }
    // As the standard has it: `client_secret_basic` unless the directory says that it does not take it.
    let ways = described.token_endpoint_auth_methods_supported();
    let way = match ways {
        Some(ways) if !ways.contains(&CoreClientAuthMethod::ClientSecretBasic) => AuthType::RequestBody,
        _ => AuthType::BasicAuth,
    };
    let (id, secret) = (settings.client_id.clone(), settings.client_secret.clone());
    let client = Client::from_provider_metadata(described, id, Some(secret));
    Ok(client.set_auth_type(way).set_redirect_uri(return_to.clone()))
}

/// The address that the directory gives when it is asked for it, with whether it is verified: many put it here and not in
/// the token. Whoever is known already gets in without, so an error is no address.
pub(super) async fn asked_for(
    client: &Client,
    http: &reqwest::Client,
    with: &AccessToken,
    subject: &SubjectIdentifier,
) -> Option<(String, bool)> {
    let request = client.user_info(with.clone(), Some(subject.clone())).ok()?;
    let answer: Result<UserInfoClaims<Extra, CoreGenderClaim>, _> = request.request_async(http).await;
    let claims =
        answer.inspect_err(|_| tracing::warn!("the directory gives no answer about an address")).ok()?;
    let verified = claims.email_verified() == Some(true) || claims.additional_claims().is_verified();
    claims.email().map(|email| (email.to_string(), verified))
}

type HttpError = HttpClientError<reqwest::Error>;

fn discovery(error: DiscoveryError<HttpError>) -> Failure {
    match error {
        DiscoveryError::Validation(why) => Failure::Refused(why),
        DiscoveryError::Response(status, ..) => Failure::Unreachable(format!("it answers {status}")),
        DiscoveryError::Request(why) => Failure::Unreachable(http(&why)),
        other => Failure::Unreachable(other.to_string()),
    }
}

pub(super) fn exchange(error: RequestTokenError<HttpError, TokenError>) -> Failure {
    match error {
        RequestTokenError::ServerResponse(answer) => Failure::Refused(answer.error().to_string()),
        RequestTokenError::Request(why) => Failure::Unreachable(http(&why)),
        other => Failure::Unreachable(other.to_string()),
    }
}

pub(super) fn token(error: ClaimsVerificationError) -> Failure {
    // Its own words repeat what is in the token.
    Failure::Refused(
        match error {
            ClaimsVerificationError::Expired(_) => "the token has expired",
            ClaimsVerificationError::InvalidAudience(_) => "the token is for another program",
            ClaimsVerificationError::InvalidIssuer(_) => "the token is from another directory",
            ClaimsVerificationError::InvalidNonce(_) => "the token was made for another sign-in",
            ClaimsVerificationError::SignatureVerification(_) => "the token’s signature is not right",
            _ => "the token can’t be read",
        }
        .to_owned(),
    )
}

pub(super) fn not_set(error: ConfigurationError) -> Failure {
    Failure::Refused(error.to_string())
}

/// An error with what lies under it: its own words say only that something went wrong.
fn http(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[cfg(test)]
mod tests {
    use super::Extra;

    #[test]
    fn entras_word_for_a_verified_domain_is_read_in_each_of_its_forms() {
        let says = |said: &str| serde_json::from_str::<Extra>(said).unwrap().is_verified();
        for yes in ["true", "1", "\"1\"", "\"true\""] {
            assert!(says(&format!("{{\"xms_edov\":{yes}}}")), "{yes}");
        }
        for no in
            ["{}", "{\"xms_edov\":false}", "{\"xms_edov\":0}", "{\"xms_edov\":\"no\"}", "{\"xms_edov\":null}"]
        {
            assert!(!says(no), "{no}");
        }
    }
}
